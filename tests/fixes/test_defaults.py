"""Defaults of parameters that become `None`."""

from __future__ import annotations

import ast

import pytest

from checks.fixes.apply import apply_edits
from checks.fixes.defaults import none_instead
from tests.files import file_of


def fixed(text: str) -> str:
    """The text with the last parameter's default moved to the body of the last function."""
    file = file_of(text)
    function = [node for node in file.nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))][-1]
    given = function.args
    parameter = (given.kwonlyargs or given.args)[-1]
    default = (given.kw_defaults or given.defaults)[-1]
    assert default is not None
    return apply_edits(text, none_instead(function, parameter, default, file))


CHECK = "    if x is None:\n        x = []\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(x=[]):\n    g(x)\n", f"def f(x=None):\n{CHECK}    g(x)\n"),
        ('def f(x=[]):\n    """Do."""\n    g(x)\n', f'def f(x=None):\n    """Do."""\n{CHECK}    g(x)\n'),
        ("def f(x=[]):\n    # why\n    g(x)\n", f"def f(x=None):\n{CHECK}    # why\n    g(x)\n"),
        ("def f(\n    x=[],\n):\n    g(x)\n", f"def f(\n    x=None,\n):\n{CHECK}    g(x)\n"),
        ("def f(*, x=[]):\n    g(x)\n", f"def f(*, x=None):\n{CHECK}    g(x)\n"),
        ("def f(x=[]):\n\tg(x)\n", "def f(x=None):\n\tif x is None:\n\t\tx = []\n\tg(x)\n"),
        (
            "async def f(x=[]):\n    @g\n    class H: ...\n",
            f"async def f(x=None):\n{CHECK}    @g\n    class H: ...\n",
        ),
    ],
)
def test_the_value_is_made_first_in_the_body(before: str, after: str) -> None:
    assert fixed(before) == after


@pytest.mark.parametrize("value", ["[]", "{}", "[1, 'a']", "{'a': [1]}", "set()", "collections.deque()"])
def test_plain_values_are_moved(value: str) -> None:
    assert f"x = {value}\n" in fixed(f"def f(x={value}):\n    g(x)\n")


@pytest.mark.parametrize(
    ("hint", "after"),
    [
        ("list", "list | None"),
        ("list[int]", "list[int] | None"),
        ("list[None]", "list[None] | None"),
        ("'list[int]'", "'list[int] | None'"),
        ("list | None", "list | None"),
        ("None | list", "None | list"),
        ("Optional[list]", "Optional[list]"),
        ("typing.Any", "typing.Any"),
    ],
)
def test_hints_allow_none(hint: str, after: str) -> None:
    text = f"import typing\nOptional = typing.Optional\ndef f(x: {hint} = []):\n    g(x)\n"
    assert f"def f(x: {after} = None):" in fixed(text)


def test_optional_is_written_where_the_module_has_it() -> None:
    text = "from typing import Optional as Maybe\ndef f(x: list=[]):\n    g(x)\n"
    assert "def f(x: Maybe[list]=None):" in fixed(text)


@pytest.mark.parametrize(
    "text",
    [
        "def f(x=[]): g(x)\n",
        'def f(x=[]):\n    """Do."""; g(x)\n',
        "def f(x=[y]):\n    g(x)\n",
        "def f(x=[*y]):\n    g(x)\n",
        "def f(x=dict(a=1)):\n    g(x)\n",
        "def f(x=[y for y in z]):\n    g(x)\n",
        "def f(x={\n    'a': 1,\n}):\n    g(x)\n",
    ],
)
def test_what_might_change_its_meaning_is_left_alone(text: str) -> None:
    assert fixed(text) == text
