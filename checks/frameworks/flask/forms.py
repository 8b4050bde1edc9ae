"""Routes of Flask that read posted forms by themselves."""

from __future__ import annotations

import ast

from checks.semantics.nodes import descendants
from checks.semantics.roles import Role, role_of
from checks.semantics.source import File, Function

_WRITING = frozenset({"DELETE", "PATCH", "POST", "PUT"})
_FILES = 60


def posts_by_hand(file: File) -> str | None:
    """The name of a route of the project that takes values from a posted `request.form`, `None` without one."""
    return file.project.once("flask-posts-by-hand", lambda: _search(file))


def _search(file: File) -> str | None:
    paths = file.project.mentioning(("request.form", "request.values"), ".py")
    for path in [path for path in paths if role_of(path) is Role.PRODUCTION][:_FILES]:
        home = file.project.file(path)
        if home is None or "flask" not in home.imports:
            continue
        for node in home.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and reads_form_by_hand(node, home):
                return node.name
    return None


def reads_form_by_hand(node: Function, file: File) -> bool:
    """Whether a function is a route for requests that write, and takes values from `request.form`."""
    if not any(_writes(decorator, file) for decorator in node.decorator_list):
        return False
    return any(
        isinstance(inner, ast.Attribute)
        and inner.attr in ("form", "values")
        and file.resolve(inner.value) == "flask.request"
        for inner in descendants(node)
    )


def _writes(decorator: ast.expr, file: File) -> bool:
    if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
        return False
    if decorator.func.attr.upper() in _WRITING:
        return True
    methods = next((item.value for item in decorator.keywords if item.arg == "methods"), None)
    value = file.constant(methods)
    if decorator.func.attr != "route" or value is None or not isinstance(value.value, list | tuple):
        return False
    return any(isinstance(method, str) and method.upper() in _WRITING for method in value.value)
