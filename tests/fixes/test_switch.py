"""Settings switched off or on, in the words that they use."""

from __future__ import annotations

import ast

import pytest

from checks.fixes.apply import apply_edits
from checks.fixes.switch import switched
from tests.files import file_of

OS = "import os\n"


def off(text: str, on: bool = False) -> str | None:
    """The text with its first assignment switched."""
    file = file_of(text, "shop/settings.py")
    assignment = next(node for node in file.nodes if isinstance(node, ast.Assign))
    edit = switched(assignment.value, on, file)
    return None if edit is None else apply_edits(text, [edit])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("DEBUG = True\n", "DEBUG = False\n"),
        ("DEBUG = 1  # for now\n", "DEBUG = False  # for now\n"),
        (f"{OS}D = os.getenv('D', True)\n", f"{OS}D = os.getenv('D', False)\n"),
        (f"{OS}D = os.getenv('D', 'True') == 'True'\n", f"{OS}D = os.getenv('D', 'False') == 'True'\n"),
        (f"{OS}D = os.getenv('D', 'yes') in Y\n", f"{OS}D = os.getenv('D', 'no') in Y\n"),
        (f"{OS}D = os.getenv('D', 'ON') == 'ON'\n", f"{OS}D = os.getenv('D', 'OFF') == 'ON'\n"),
        (f"{OS}D = strtobool(os.getenv('D', \"1\"))\n", f"{OS}D = strtobool(os.getenv('D', \"0\"))\n"),
        (f"{OS}D = bool(int(os.getenv('D', 1)))\n", f"{OS}D = bool(int(os.getenv('D', 0)))\n"),
        (
            "from decouple import config\nD = config('D', default='true', cast=bool)\n",
            "from decouple import config\nD = config('D', default='false', cast=bool)\n",
        ),
    ],
)
def test_a_setting_is_switched_off_where_it_says_so(before: str, after: str) -> None:
    assert off(before) == after


def test_a_setting_is_switched_on_as_well() -> None:
    assert off("SECURE = False\n", on=True) == "SECURE = True\n"
    assert (
        off(f"{OS}S = os.getenv('S', 'off') == 'on'\n", on=True) == f"{OS}S = os.getenv('S', 'on') == 'on'\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "D = enabled()\n",
        "D = not x\n",
        f"{OS}D = os.getenv('D')\n",
        f"{OS}D = os.environ['D'] == 'True'\n",
        f"{OS}D = os.getenv('D', 'True')\n",
        f"{OS}D = bool(os.getenv('D', 'True'))\n",
        f"{OS}D = os.getenv('D', default()) == 'True'\n",
        f"{OS}D = os.getenv('D', 'maybe') == 'maybe'\n",
        f"{OS}D = os.getenv('A', 'True') == os.getenv('B', 'True')\n",
        f"{OS}D = os.getenv('D', False)\n",
    ],
)
def test_where_another_word_would_not_do_nothing_is_offered(text: str) -> None:
    assert off(text) is None
