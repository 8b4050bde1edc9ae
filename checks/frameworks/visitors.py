"""Expressions that differ from visitor to visitor: the user, the session, cookies, and what the address asks for.

From Django's documentation: "Request and response objects"; from Flask-Login's and Flask's.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.semantics.nodes import descendants
from checks.semantics.source import File, Function

_VISITOR = frozenset({"COOKIES", "session", "user"})
_QUERY = frozenset({"GET", "args", "query_params", "values"})
_CURRENT = frozenset({"flask.session", "flask_login.current_user", "flask_login.utils.current_user"})
_DEPTH = 4


def differs(node: ast.AST, file: File) -> tuple[str, ast.AST] | None:
    """What in an expression or function differs: `user` or `query`, the user first, and the node that says it."""
    found = list(_differing(node, file))
    return min(found, key=lambda one: one[0] != "user") if found else None


def _differing(node: ast.AST, file: File) -> Iterator[tuple[str, ast.AST]]:
    for inner in descendants(node):
        if isinstance(inner, ast.Attribute) and is_request(inner.value):
            if inner.attr in _VISITOR:
                yield "user", inner
            elif inner.attr in _QUERY and (inner.attr != "values" or "flask" in file.imports):
                yield "query", inner
        elif isinstance(inner, (ast.Name, ast.Attribute)) and isinstance(inner.ctx, ast.Load):
            if file.resolve(inner) in _CURRENT:
                yield "user", inner


def is_request(node: ast.AST) -> bool:
    """Whether an expression is the current request, by its name."""
    return getattr(node, "attr", getattr(node, "id", "")) == "request"


def sources_of(node: ast.AST, function: Function, file: File) -> tuple[ast.AST, ...]:
    """An expression and all that its names are given in a function, as far as a few steps lead."""
    given: dict[str, list[ast.expr]] = {}
    for inner in descendants(function):
        if isinstance(inner, (ast.Assign, ast.AnnAssign, ast.AugAssign)) and inner.value is not None:
            targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
            for target in targets:
                for name in descendants(target):
                    if isinstance(name, ast.Name):
                        given.setdefault(name.id, []).append(inner.value)
        elif isinstance(inner, (ast.For, ast.AsyncFor)):
            for name in descendants(inner.target):
                if isinstance(name, ast.Name):
                    given.setdefault(name.id, []).append(inner.iter)
        elif isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and inner is not function:
            given.setdefault(inner.name, []).extend(ast.walk(inner))  # type: ignore[arg-type]
    found: list[ast.AST] = [node]
    seen: set[str] = set()
    for _ in range(_DEPTH):
        names = {
            inner.id for one in found for inner in descendants(one) if isinstance(inner, ast.Name)
        } - seen
        if not names:
            break
        seen |= names
        found += [value for name in sorted(names) for value in given.get(name, ())]
    return tuple(found)


def parameters_in(nodes: tuple[ast.AST, ...], function: Function) -> set[str]:
    """The parameters of a function that some expressions mention, but for its instance or class."""
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    given = {one.arg for one in arguments} - {"self", "cls", "request"}
    return {inner.id for node in nodes for inner in descendants(node) if isinstance(inner, ast.Name)} & given
