"""What stands around a node: its function, its class, the statement's block; and the calls within."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TypeVar

from checks.semantics.names import ancestors
from checks.semantics.nodes import descendants
from checks.semantics.source import Function

_T = TypeVar("_T")


def function_around(node: ast.AST) -> Function | None:
    """The innermost function that a node stands in, `None` at the top of a module or class."""
    for above in ancestors(node):
        if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return above
    return None


def class_around(node: ast.AST) -> ast.ClassDef | None:
    """The innermost class that a node stands in, methods included."""
    return next((above for above in ancestors(node) if isinstance(above, ast.ClassDef)), None)


def scope_around(node: ast.AST) -> ast.AST:
    """The function that a node stands in, else the module."""
    top = node
    for above in ancestors(node):
        if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return above
        top = above
    return top


def calls_in(node: ast.AST) -> Iterator[ast.Call]:
    """The calls within a node, in the order of the source."""
    return (inner for inner in descendants(node) if isinstance(inner, ast.Call))


def called(call: ast.Call) -> str:
    """The last word of what is called: of `a.b.run()` and `run()`, run; empty for other callees."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def words_called(scope: ast.AST) -> frozenset[str]:
    """The last words of all that is called within a node; found once a node, however many ask."""
    return kept(scope, "words_called", lambda: frozenset(map(called, calls_in(scope))))


def kept(node: ast.AST, name: str, find: Callable[[], _T]) -> _T:
    """What is known of a node by a name, found when first asked for.

    A function of many calls is asked about by each of them: looked through each time, a hostile one would never end.
    """
    known: dict[str, _T] = node.__dict__.setdefault("_kept", {})
    if name not in known:
        known[name] = find()
    return known[name]
