"""The nodes below a node, by a table of the fields that can hold any: three times as fast as `ast.iter_child_nodes`."""

from __future__ import annotations

import ast
from functools import cache

# Fields of texts, numbers and flags; and contexts and operators, which CPython's trees share as singletons and which
# therefore have no place of their own.
_LEAVES = frozenset(
    {
        "arg",
        "asname",
        "attr",
        "conversion",
        "ctx",
        "id",
        "is_async",
        "kind",
        "level",
        "lineno",
        "module",
        "op",
        "ops",
        "rest",
        "simple",
        "str",
        "tag",
        "type_comment",
    }
)


@cache
def node_fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a class of nodes that can hold nodes, in the order of the source."""
    if issubclass(kind, ast.Constant | ast.MatchSingleton):
        return ()
    if issubclass(kind, ast.Dict):
        return ("keys", "values")
    return tuple(field for field in kind._fields if field not in _LEAVES)


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below a node."""
    found: list[ast.AST] = []
    for field in node_fields(type(node)):
        value = getattr(node, field, None)
        if value.__class__ is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found
