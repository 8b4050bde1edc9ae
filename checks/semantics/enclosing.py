"""What stands around a node: its function, its class, the statement's block; and the calls within."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.semantics.names import ancestors
from checks.semantics.nodes import descendants
from checks.semantics.source import Function


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
