"""Whether code that comes past one place comes to another."""

from __future__ import annotations

import ast

import pytest

from checks.semantics.names import link_parents
from checks.semantics.reaching import leads_to, place_of


def from_a_to_b(body: str, *, negated: bool = False) -> bool:
    """Whether the call `a()` leads to the call `b()` in a function."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    nodes = link_parents(ast.parse(f"def f():\n{lines}"))
    calls = {
        node.func.id: node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return leads_to(calls["a"], calls["b"], negated=negated)


@pytest.mark.parametrize(
    ("body", "leads"),
    [
        ("a()\nb()", True),
        ("b()\na()", False),
        ("a()\nif x:\n    b()", True),
        ("a() + b()", True),
        ("if x:\n    a()\nb()", False),
        ("if x:\n    a()\nelse:\n    b()", False),
        ("if a():\n    b()", True),
        ("if a():\n    pass\nelse:\n    b()", False),
        ("if a():\n    pass\nb()", False),
        ("if not a():\n    return\nb()", True),
        ("if not a():\n    pass\nb()", False),
        ("if not a():\n    b()", False),
        ("if not a():\n    pass\nelse:\n    b()", True),
        ("if x and a():\n    b()", False),
        ("for x in a():\n    b()", True),
        ("try:\n    a()\nexcept E:\n    b()", False),
        ("def g():\n    a()\nb()", False),
    ],
)
def test_the_way_from_one_call_to_another(body: str, leads: bool) -> None:
    assert from_a_to_b(body) is leads


@pytest.mark.parametrize(
    ("body", "leads"),
    [
        ("if a():\n    b()", False),
        ("if a():\n    return\nb()", True),
        ("if not a():\n    b()", True),
    ],
)
def test_a_test_that_came_out_false(body: str, leads: bool) -> None:
    assert from_a_to_b(body, negated=True) is leads


def test_where_a_node_begins() -> None:
    assert place_of(ast.parse("x = f()").body[0].value) == (1, 4)  # type: ignore[attr-defined]
    assert place_of(ast.Module(body=[], type_ignores=[])) == (0, 0)
