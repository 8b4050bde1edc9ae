"""Texts read from the environment instead."""

from __future__ import annotations

import ast

import pytest

from checks.fixes.apply import apply_edits
from checks.fixes.environment import environment_fix
from checks.frameworks.credentials import label_of
from tests.files import file_of

OS = "import os\n\n"


def mended(text: str) -> str | None:
    """The file after the fix for the text 'x', which is never safe."""
    file = file_of(text, "shop/settings.py")
    node = next(node for node in file.nodes if isinstance(node, ast.Constant) and node.value in ("x", b"x"))
    label = label_of(node, file)
    assert label is not None
    fix = environment_fix(node, label, file)
    if fix is None:
        return None
    assert not fix.safe
    after = apply_edits(text, fix.edits)
    ast.parse(after)
    return after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{OS}KEY = 'x'\n", f'{OS}KEY = os.environ["KEY"]\n'),
        ("KEY = 'x'\n", 'import os\n\nKEY = os.environ["KEY"]\n'),
        ("from os import environ\nKEY = 'x'\n", 'from os import environ\nKEY = environ["KEY"]\n'),
        (f"{OS}connect(password='x')\n", f'{OS}connect(password=os.environ["PASSWORD"])\n'),
        (f"{OS}D = {{'KEY': 'x'}}  # ours\n", f"{OS}D = {{'KEY': os.environ[\"KEY\"]}}  # ours\n"),
        (
            "from decouple import config\nKEY = 'x'\n",
            'from decouple import config\nKEY = config("KEY")\n',
        ),
        (
            "import environ\nenv = environ.Env()\nKEY = 'x'\n",
            'import environ\nenv = environ.Env()\nKEY = env("KEY")\n',
        ),
    ],
)
def test_a_text_becomes_a_read_in_the_words_of_the_file(before: str, after: str) -> None:
    assert mended(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{OS}KEY = os.environ.get('NAME', 'x')\n", f"{OS}KEY = os.environ['NAME']\n"),
        (f"{OS}KEY = os.getenv('NAME', 'x')\n", f"{OS}KEY = os.environ['NAME']\n"),
        (
            "from decouple import config\nKEY = config('NAME', default='x')\n",
            "from decouple import config\nKEY = config('NAME')\n",
        ),
        (
            "from decouple import config\nKEY = config('NAME', 'x')\n",
            "from decouple import config\nKEY = config('NAME')\n",
        ),
    ],
)
def test_the_default_of_a_read_is_taken_away(before: str, after: str) -> None:
    assert mended(before) == after


@pytest.mark.parametrize(
    "text",
    [
        f"{OS}KEY = b'x'\n",
        f"{OS}KEY = given or 'x'\n",
        f"{OS}def f(key='x'): ...\n",
        f"{OS}if key == 'x': ...\n",
        f"{OS}user.set_password('x')\n",
        f"{OS}KEY = os.environ.get(name, 'x')\n",
        "from decouple import config\nKEY = config('NAME', 'x', cast=str)\n",
    ],
)
def test_where_that_is_not_plain_nothing_is_offered(text: str) -> None:
    assert mended(text) is None
