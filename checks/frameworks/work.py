"""Long work in code, such as mail, requests and pauses: what stands around it, and what hangs on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.semantics.enclosing import class_around, function_around
from checks.semantics.interpret.asked import Query
from checks.semantics.names import ancestors, parent
from checks.semantics.nodes import descendants
from checks.semantics.source import File, Function

_HANDLERS = frozenset(
    {
        "create", "delete", "destroy", "dispatch", "form_valid", "get", "get_context_data", "get_queryset", "list",
        "partial_update", "patch", "perform_create", "perform_destroy", "perform_update", "post", "put", "retrieve",
        "update",
    }
)  # fmt: skip


def above(node: ast.AST) -> Iterator[ast.AST]:
    """What stands around a node within its function."""
    for outer in ancestors(node):
        if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return
        yield outer


def is_short(asked: Query) -> bool:
    """Whether a pause is of less than a second."""
    given = asked.node.args[:1] if isinstance(asked.node, ast.Call) else []
    folded = asked.file.constant(given[0]) if given and isinstance(asked.file, File) else None
    return folded is not None and isinstance(folded.value, (int, float)) and folded.value < 1


def is_handler(view: Function) -> bool:
    """Whether a function is a view, or a method of one that the framework calls: no helper beside those."""
    return class_around(view) is None or view.name in _HANDLERS


def is_used(node: ast.AST) -> bool:
    """Whether something hangs on the result: its value, or that it failed, where a handler tells that on."""
    if not isinstance(parent(node), ast.Expr):
        return True
    handlers = [handler for outer in above(node) if isinstance(outer, ast.Try) for handler in outer.handlers]
    return any(
        isinstance(inner, (ast.Assign, ast.Raise, ast.Return))
        for one in handlers
        for inner in descendants(one)
    )


def is_streamed(node: ast.AST) -> bool:
    """Whether it is done in a generator, while the answer is being sent."""
    around = function_around(node)
    return around is not None and any(
        isinstance(one, (ast.Yield, ast.YieldFrom)) for one in descendants(around)
    )
