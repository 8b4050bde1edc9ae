"""Code that asks a database only when something is not at hand yet: mostly not for each row."""

from __future__ import annotations

import ast

from checks.semantics.nodes import descendants, parent

_REMEMBERING = frozenset({"cache", "cached", "lru_cache", "memoize", "memoized"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Module)
_ENDS = (ast.Break, ast.Return)


def is_guarded(node: ast.AST) -> bool:
    """Whether code around a question keeps it from being asked each time: it is remembered, or ends the loop."""
    below: ast.AST = node
    above = parent(node)
    ends = False
    while above is not None and not isinstance(above, _SCOPES):
        if isinstance(above, ast.If | ast.IfExp) and below is not above.test and _remembers(above.test):
            return True
        if isinstance(above, ast.ExceptHandler):
            return True
        ends = ends or (isinstance(below, ast.stmt) and _ends_behind(above, below))
        if isinstance(above, ast.For | ast.AsyncFor | ast.While):
            return ends
        below, above = above, parent(above)
    return False


def is_remembered(function: ast.AST) -> bool:
    """Whether a decorator keeps what a function gave for the same arguments."""
    for decorator in getattr(function, "decorator_list", ()):
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if getattr(called, "attr", getattr(called, "id", "")) in _REMEMBERING:
            return True
    return False


def _remembers(test: ast.expr) -> bool:
    """`key not in known`, `found is None`, `not hasattr(...)`, a look into the cache of prefetched rows."""
    for node in descendants(test):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.NotIn):
            return True
        if (
            isinstance(node, ast.Compare)
            and isinstance(node.ops[0], ast.Is)
            and _is_none(node.comparators[0])
        ):
            return True
        if isinstance(node, ast.Attribute) and node.attr == "_prefetched_objects_cache":
            return True
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hasattr":
            return True
    return False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _ends_behind(above: ast.AST, statement: ast.stmt) -> bool:
    """Whether the block that a statement stands in leaves the loop, or the function, right behind it."""
    if isinstance(statement, _ENDS):
        return True
    for field in ("body", "orelse", "finalbody"):
        block = getattr(above, field, None)
        if isinstance(block, list) and statement in block:
            return any(isinstance(other, _ENDS) for other in block[block.index(statement) + 1 :])
    return False
