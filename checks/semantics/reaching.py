"""Whether code that comes past one place of a function comes to another."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from checks.semantics.enclosing import function_around
from checks.semantics.nodes import ancestors

_BLOCKS = ("body", "orelse", "finalbody", "handlers")
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def leads_to(first: ast.AST, then: ast.AST, *, negated: bool = False) -> bool:
    """Whether code that comes past one place comes to another: behind it in the same block, or in one within.

    Where the first is an `if`'s test, that is so where it came out true; `negated` says that it came out false.
    """
    if function_around(first) is not function_around(then) or place_of(first) >= place_of(then):
        return False
    statement, block = _statement(first)
    if isinstance(statement, ast.If) and _is_within(first, statement.test):
        return _test_leads(statement, first, then, block, negated=negated)
    return any(_is_within(then, other) for other in block)


def _test_leads(
    statement: ast.If, asked: ast.AST, then: ast.AST, block: Sequence[ast.stmt], *, negated: bool
) -> bool:
    """The same of a test: it leads into its body, or past it where the body leaves."""
    test = statement.test
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test, negated = test.operand, not negated
    if test is not asked:
        return False
    if not negated:
        return any(_is_within(then, other) for other in statement.body)
    if any(_is_within(then, other) for other in statement.orelse):
        return True
    behind = block[list(block).index(statement) + 1 :]
    return isinstance(statement.body[-1], _LEAVES) and any(_is_within(then, other) for other in behind)


def _statement(node: ast.AST) -> tuple[ast.AST, Sequence[ast.stmt]]:
    """The statement that a node stands in, and the block around that."""
    below = node
    for above in ancestors(node):
        for field in _BLOCKS:
            block = getattr(above, field, None)
            if isinstance(block, list) and below in block:
                return below, block
        below = above
    return below, []


def _is_within(node: ast.AST, whole: ast.AST) -> bool:
    return node is whole or any(above is whole for above in ancestors(node))


def place_of(node: ast.AST) -> tuple[int, int]:
    """Where a node begins: its line, and its column."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
