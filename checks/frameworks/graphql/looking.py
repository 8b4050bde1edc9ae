"""Resolvers that look before they ask: whether something was loaded for the row, or whether it is the one they know."""

from __future__ import annotations

import ast

from checks.semantics.interpret.targets import Function, shape_of
from checks.semantics.nodes import descendants

_KEYS = frozenset({"id", "pk"})
_CACHES = frozenset({"_prefetched_objects_cache", "fields_cache"})


def looks_first(target: object) -> bool:
    """Whether a resolver does: what it asks is then not asked for each row."""
    if not isinstance(target, Function):
        return False
    return target.file.once(("looks first", target.node), lambda: _looks(target))


def _looks(target: Function) -> bool:
    names = shape_of(target.node).parameters
    row, rest = names[:1], names[1:]
    for node in descendants(target.node):
        match node:
            case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() | ast.Is()], comparators=[right]):
                if _is_row(left, row) or _is_row(right, row):
                    return True
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[ast.Attribute() as held]):
                if _begins(held) in rest:  # `"customers" in info.context.loaders`
                    return True
            case ast.Call(func=ast.Name(id="hasattr"), args=[ast.Name(id=name), *_]) if name in row:
                return True
            case ast.Attribute(attr=name) if name in _CACHES:
                return True
    return False


def _is_row(node: ast.expr, names: tuple[str, ...]) -> bool:
    """Whether an expression is the resolver's row, or its key."""
    if isinstance(node, ast.Attribute) and node.attr in _KEYS:
        node = node.value
    return isinstance(node, ast.Name) and node.id in names


def _begins(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""
