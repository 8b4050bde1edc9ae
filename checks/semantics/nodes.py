"""The nodes below a node and those above it.

Those below are found by a table of the fields that can hold any: three times as fast as `ast.iter_child_nodes`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

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


_DEFINITIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef})
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


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
    for field in node_fields(type(node)):  # type: ignore[arg-type]  # typeshed: `type` is hashable
        value = getattr(node, field, None)
        if value.__class__ is list:
            found += [item for item in value if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def descendants(node: ast.AST) -> Iterable[ast.AST]:
    """A node and all below it, in the order of the source."""
    known: tuple[list[ast.AST], int, int] | None = getattr(node, "_extent", None)
    if known is not None:
        ordered, start, end = known
        return ordered[start:end]
    return _walked(node)


def _walked(node: ast.AST) -> Iterator[ast.AST]:
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        below = children(current)
        below.reverse()
        stack += below


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """The statements within a node, at whatever depth, with handlers and cases; no expression is looked into."""
    stack: list[ast.AST] = [node]
    while stack:
        current = stack.pop()
        for field in _BLOCKS:
            block = getattr(current, field, None)
            # The body of a lambda or a conditional expression is an expression.
            if block.__class__ is list:
                yield from block
                stack += block


def parent(node: ast.AST) -> ast.AST | None:
    """The node that holds this one, `None` for the module."""
    return getattr(node, "_parent", None)


def ancestors(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that hold this one, nearest first."""
    above = parent(node)
    while above is not None:
        yield above
        above = parent(above)


def link_parents(tree: ast.AST) -> list[ast.AST]:
    """Give every node below a node a link to its parent; return it and all of them, in the order of the source.

    Functions and classes, which are looked through again and again, note where they stand in that order. An own stack
    instead of recursion: a hostile file may nest deeper than the interpreter's limit.
    """
    ordered: list[ast.AST] = []
    stack: list[Any] = [tree]
    while stack:
        node = stack.pop()
        kind = node.__class__
        if kind is tuple:
            definition, start = node
            definition._extent = (ordered, start, len(ordered))
            continue
        if kind in _DEFINITIONS:
            stack.append((node, len(ordered)))
        ordered.append(node)
        below = children(node)
        for child in below:
            child._parent = node  # type: ignore[attr-defined]
        below.reverse()
        stack += below
    return ordered
