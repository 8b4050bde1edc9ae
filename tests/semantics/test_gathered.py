"""All that a function gives one of its names."""

from __future__ import annotations

import ast

import pytest

from checks.semantics.gathered import given_to
from tests.files import file_of


def given(body: str) -> list[str] | None:
    """What the name `x` is given in a function of this body, `a` and `b` being its parameters."""
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    file = file_of(f"def f(a, *b):\n{lines}\n    return x\n")
    name = next(
        node.value for node in file.nodes if isinstance(node, ast.Return) and isinstance(node.value, ast.Name)
    )
    found = given_to(name)
    return None if found is None else [file.segment(one) for one in found]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x = 1", ["1"]),
        ("x = ''\nx += a\nif a:\n    x += 'b'", ["''", "a", "'b'"]),
        ("x: str = a", ["a"]),
        ("(x := a)", ["a"]),
        ("x = []\nx.append(a)\nx.insert(0, b)", ["[]", "a", "0", "b"]),
        ("for x in ('a', 'b'): pass", ["'a'", "'b'"]),
        ("y = x = a", ["a"]),
        ("x = 1\nx.pop()", ["1"]),
        ("x = a\nx = g(x)", ["g(x)"]),
        ("x = a\nx += b\nx = ''\nx += a", ["''", "a"]),
        ("x = a\nif a:\n    x = b", ["a", "b"]),
    ],
)
def test_what_is_all_in_sight(body: str, expected: list[str]) -> None:
    assert given(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "for x in a: pass",
        "for x, y in ((1, 2),): pass",
        "x, y = a",
        "with a as x: pass",
        "global x\nx = 1",
        "x = 1\nfor x in a: pass",
        "[x for x in a]",
    ],
)
def test_what_is_not_all_in_sight(body: str) -> None:
    assert given(body) is None


def test_parameters_and_names_of_modules_are_not() -> None:
    file = file_of(
        "x = 1\nx\ndef f(a, b=1, *c, d, **e):\n    a = b = c = d = e = 1\n    return a, b, c, d, e\n"
    )
    names = [node for node in file.nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    assert [given_to(name) for name in names] == [None] * 6


def test_a_function_of_enormous_size_is_left_alone() -> None:
    assert given("x = ''\n" + "x += a\n" * 3_000 + "x += a") is None
