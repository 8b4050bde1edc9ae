"""Arguments put into calls and taken out of them: what stands around keeps its layout."""

from __future__ import annotations

import ast

import pytest

from checks.fixes.apply import apply_edits
from checks.fixes.calls import with_keyword, without_keyword
from checks.model import Edit
from checks.semantics.source import File
from tests.files import file_of


def target(text: str) -> tuple[File, ast.Call]:
    file = file_of(text)
    calls = (node for node in file.nodes if isinstance(node, ast.Call))
    return file, next(call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "get")


def changed(text: str, edit: Edit | None) -> str | None:
    if edit is None:
        return None
    after = apply_edits(text, [edit])
    ast.parse(after)
    return after


def added(text: str) -> str | None:
    """The text with `timeout=5` in its call of `get`."""
    return changed(text, with_keyword(*target(text), "timeout", "5"))


def removed(text: str) -> str | None:
    """The text without `debug=` in its call of `get`."""
    return changed(text, without_keyword(*target(text), "debug"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("get()\n", "get(timeout=5)\n"),
        ("get(a)\n", "get(a, timeout=5)\n"),
        ("get(a,)\n", "get(a, timeout=5,)\n"),
        ("get( a )\n", "get( a, timeout=5 )\n"),
        ("get(*a)\n", "get(*a, timeout=5)\n"),
        ("get(**k)\n", "get(**k, timeout=5)\n"),
        ("get(x for x in y)\n", "get((x for x in y), timeout=5)\n"),
        ("get(a)(b)\n", "get(a, timeout=5)(b)\n"),
        ("x = f'{get(a)}'\n", "x = f'{get(a, timeout=5)}'\n"),
        ("x = '😀' + get(a)\n", "x = '😀' + get(a, timeout=5)\n"),
        ("get(a); get(b)\n", "get(a, timeout=5); get(b)\n"),
    ],
)
def test_an_argument_is_put_last(before: str, after: str) -> None:
    assert added(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("get(\n    a,\n)\n", "get(\n    a,\n    timeout=5,\n)\n"),
        ("get(\n    a\n)\n", "get(\n    a,\n    timeout=5\n)\n"),
        ("get(a,\n    b)\n", "get(a,\n    b,\n    timeout=5)\n"),
        ("get(\n    a, b\n)\n", "get(\n    a, b, timeout=5\n)\n"),
        ("if x:\n\tget(\n\t\ta,\n\t)\n", "if x:\n\tget(\n\t\ta,\n\t\ttimeout=5,\n\t)\n"),
        ("get(\n    a,\n    b,  # why\n)\n", "get(\n    a,\n    b,  # why\n    timeout=5,\n)\n"),
        ("get(\n    a,  # why\n)\n", "get(\n    a,  # why\n    timeout=5,\n)\n"),
        ("get(a,  # why\n    b=1)\n", "get(a,  # why\n    b=1,\n    timeout=5)\n"),
        ("get(\r\n    a,\r\n)\r\n", "get(\r\n    a,\r\n    timeout=5,\r\n)\r\n"),
    ],
)
def test_it_is_set_as_the_others_are(before: str, after: str) -> None:
    assert added(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("get(a, timeout=None)\n", "get(a, timeout=5)\n"),
        ("get(timeout = None, b=1)\n", "get(timeout = 5, b=1)\n"),
        ("get(\n    timeout=None,  # why\n    b=1,\n)\n", "get(\n    timeout=5,  # why\n    b=1,\n)\n"),
    ],
)
def test_one_that_is_there_is_replaced(before: str, after: str) -> None:
    assert added(before) == after


def test_one_that_is_there_already_as_wanted_is_no_edit() -> None:
    assert added("get(a, timeout=5)\n") is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("get(debug=True)\n", "get()\n"),
        ("get(a, debug=True)\n", "get(a)\n"),
        ("get(debug=True, b=1)\n", "get(b=1)\n"),
        ("get(a, debug=True,)\n", "get(a,)\n"),
        ("get(a, debug=True, **k)\n", "get(a, **k)\n"),
        ("get(\n    debug=True,\n)\n", "get()\n"),
        ("get(\n    a,\n    debug=True,\n)\n", "get(\n    a,\n)\n"),
        ("get(\n    a,\n    debug=True\n)\n", "get(\n    a\n)\n"),
        ("get(a,\n    debug=True)\n", "get(a)\n"),
        ("get(\n    a,\n    debug=True,  # why\n    b=1,\n)\n", "get(\n    a,\n    b=1,\n)\n"),
    ],
)
def test_an_argument_is_taken_away_with_its_comma_and_line(before: str, after: str) -> None:
    assert removed(before) == after


@pytest.mark.parametrize("text", ["get(a)\n", "get()\n", "get(**debug)\n", "get(debug)\n"])
def test_one_that_is_not_given_can_not_be_taken_away(text: str) -> None:
    assert removed(text) is None


def test_an_edit_touches_the_lines_that_differ_alone() -> None:
    edit = with_keyword(*target("x = 1\nget(\n    a,\n    b,\n)\n"), "timeout", "5")
    assert edit == Edit("shop/views.py", 5, 5, "    timeout=5,\n)\n")
