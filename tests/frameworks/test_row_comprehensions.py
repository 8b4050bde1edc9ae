"""Comprehensions over rows: what they read, and what they give."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.row_comprehensions import attributes_read, given_by, over_rows
from checks.semantics.names import link_parents


def told(code: str) -> tuple[tuple[str, ...], list[str]] | None:
    """What is read of `rows`, and what is given, by the comprehension in an expression."""
    nodes = link_parents(ast.parse(code))
    rows = next(node for node in nodes if isinstance(node, ast.Name) and node.id == "rows")
    whole = over_rows(rows)
    return None if whole is None else (attributes_read(whole), given_by(whole))


@pytest.mark.parametrize(
    ("code", "read", "given"),
    [
        ("[r.a for r in rows]", ("a",), ["a"]),
        ("{r.a for r in rows}", ("a",), ["a"]),
        ("f(r.a for r in rows)", ("a",), ["a"]),
        ("{r.a: r.b for r in rows}", ("a", "b"), ["a", "b"]),
        ("[(r.a, r.b) for r in rows]", ("a", "b"), ["a", "b"]),
        ("[r.a for r in rows if r.b]", ("a", "b"), ["a"]),
        ("[str(r.a) for r in rows]", ("a",), []),
        ("[(r.a,) for r in rows]", ("a",), []),
        ("[r for r in rows]", (), []),
        ("[r.a() for r in rows]", (), ["a"]),
        ("[(r.a, f(r)) for r in rows]", (), []),
    ],
)
def test_what_a_comprehension_reads_and_gives(code: str, read: tuple[str, ...], given: list[str]) -> None:
    found = told(code)
    assert found is not None
    assert found[0] == read
    if read:
        assert found[1] == given


@pytest.mark.parametrize(
    "code", ["[a for a, b in rows]", "[x.a for r in rows for x in r]", "[r.a for r in list(rows)]", "f(rows)"]
)
def test_what_is_none(code: str) -> None:
    assert told(code) is None
