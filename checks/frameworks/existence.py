"""Numbers of which only the sign counts: `orders.count() > 0` asks whether there are any."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from checks.frameworks.held_queries import awaited, is_tested
from checks.semantics.nodes import parent

_SOME = frozenset({(ast.Gt, 0), (ast.GtE, 1), (ast.NotEq, 0)})
_NONE = frozenset({(ast.Eq, 0), (ast.Lt, 1), (ast.LtE, 0)})
_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
}


@dataclass(frozen=True, slots=True)
class Existence:
    """A question whether there are any: the whole expression, and whether it is true where there are."""

    node: ast.expr
    positive: bool


def of_number(node: ast.expr) -> Existence | None:
    """The question that a number of rows answers where it stands; None where the number itself counts."""
    number = awaited(node)
    assert isinstance(number, ast.expr)
    above = parent(number)
    if isinstance(above, ast.Compare) and len(above.ops) == 1:
        other = above.comparators[0] if above.left is number else above.left
        operator = type(above.ops[0])
        if above.left is not number:
            operator = _TURNED.get(operator, operator)
        return _compared(above, operator, other)
    return Existence(number, True) if is_tested(number) else None


def _compared(compare: ast.Compare, operator: type[ast.cmpop], other: ast.expr) -> Existence | None:
    value = other.value if isinstance(other, ast.Constant) else None
    if value.__class__ is not int:
        return None
    if (operator, value) in _SOME:
        return Existence(compare, True)
    return Existence(compare, False) if (operator, value) in _NONE else None
