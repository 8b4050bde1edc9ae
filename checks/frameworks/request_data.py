"""Expressions that read a request in so many words: `request.GET["next"]`, `self.request.headers.get("Origin")`.

Values followed through variables and calls are another matter; here one name that is bound once is followed.
"""

from __future__ import annotations

import ast

from checks.semantics.source import File

# What holds data of the client: Django's, Django REST framework's, Flask's.
_DJANGO = frozenset({"COOKIES", "FILES", "GET", "META", "POST", "body", "data", "headers", "query_params"})
_FLASK = frozenset({"args", "cookies", "data", "files", "form", "headers", "json", "values"})
_PROOFS = frozenset({"password", "token", "username"})  # of Flask's `request.authorization`
_METHODS = frozenset(
    {"get", "get_json", "get_signed_cookie", "getlist", "pop", "removeprefix", "strip", "lower"}
)
_TRANSPARENT = frozenset({"builtins.str", "builtins.int", "builtins.bytes"})
_DEPTH = 8


def reads_request(node: ast.AST, file: File, depth: int = _DEPTH) -> bool:
    """Whether an expression is data that the client sent, taken from the request itself."""
    if depth <= 0:
        return False
    node = file.names.value(node)
    match node:
        case ast.Attribute():
            if _is_request(node.value):
                return node.attr in _DJANGO | _FLASK
            return node.attr in _PROOFS and _is_authorization(node.value)
        case ast.Subscript():
            return reads_request(node.value, file, depth - 1)
        case ast.Call(func=ast.Attribute() as method):
            if _is_request(method.value):
                return method.attr in ("get_json", "get_signed_cookie")
            return method.attr in _METHODS and reads_request(method.value, file, depth - 1)
        case ast.Call(args=[only]):
            return file.resolve(node.func) in _TRANSPARENT and reads_request(only, file, depth - 1)
        case ast.BoolOp():
            return any(reads_request(value, file, depth - 1) for value in node.values)
        case ast.IfExp():
            return any(reads_request(value, file, depth - 1) for value in (node.body, node.orelse))
    return False


def _is_authorization(node: ast.AST) -> bool:
    """Whether an expression is what Flask reads from the header `Authorization`."""
    return isinstance(node, ast.Attribute) and node.attr == "authorization" and _is_request(node.value)


def _is_request(node: ast.AST) -> bool:
    """Whether an expression is the current request, by its name: `request`, `self.request`, `flask.request`."""
    if isinstance(node, ast.Attribute):
        return node.attr == "request"
    return isinstance(node, ast.Name) and node.id in ("request", "req", "flask_request")
