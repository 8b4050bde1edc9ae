"""Numbers of which only the sign counts."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.existence import of_number
from checks.semantics.names import link_parents


def asked(code: str) -> tuple[str, bool] | None:
    """What the number `n()` answers in a line of code."""
    tree = ast.parse(code)
    calls = [node for node in link_parents(tree) if isinstance(node, ast.Call)]
    found = of_number(next(call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "n"))
    return None if found is None else (ast.unparse(found.node), found.positive)


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("x = n() > 0", ("n() > 0", True)),
        ("x = 0 < n()", ("0 < n()", True)),
        ("x = n() >= 1", ("n() >= 1", True)),
        ("x = n() != 0", ("n() != 0", True)),
        ("x = n() == 0", ("n() == 0", False)),
        ("x = 0 == n()", ("0 == n()", False)),
        ("x = n() < 1", ("n() < 1", False)),
        ("x = 1 > n()", ("1 > n()", False)),
        ("x = n() <= 0", ("n() <= 0", False)),
        ("if n(): pass", ("n()", True)),
        ("x = not n()", ("n()", True)),
        ("async def f():\n    return await n() > 0", ("await n() > 0", True)),
        ("x = n() > 1", None),
        ("x = n() == 1", None),
        ("x = 0 < n() < 5", None),
        ("x = n() > limit", None),
        ("x = n() == False", None),
        ("x = n() or 5", None),
        ("x = n()", None),
        ("print(n())", None),
    ],
)
def test_what_a_number_answers(code: str, answer: tuple[str, bool] | None) -> None:
    assert asked(code) == answer
