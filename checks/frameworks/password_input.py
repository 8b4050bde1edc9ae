"""Passwords on their way from what was typed to where they are kept, and the functions that hash them on it."""

from __future__ import annotations

import ast

from checks.frameworks.request_data import reads_request
from checks.semantics.enclosing import called
from checks.semantics.nodes import descendants
from checks.semantics.source import File

PASSWORD_NAMES = frozenset({"passwd", "password", "pwd"})
"""What fields, columns and parameters that hold a password are called."""

_HASHING = frozenset(
    {"create_superuser", "create_user", "crypt", "encrypt", "generate_password_hash", "hash", "hash_password"}
    | {"hasher", "hashpw", "make_password", "register", "set_password"}
)


def is_typed(node: ast.expr, file: File) -> bool:
    """Whether a value is what somebody typed: of the request, a form's `cleaned_data` or `.data`."""
    value = file.names.value(node)
    if reads_request(value, file):
        return True
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "get":
        value = value.func.value
    elif isinstance(value, ast.Subscript):
        value = value.value
    elif isinstance(value, ast.Attribute) and value.attr == "data":
        return isinstance(value.value, ast.Attribute) and value.value.attr in PASSWORD_NAMES
    return isinstance(value, ast.Attribute) and value.attr in ("cleaned_data", "validated_data")


def hashes(node: ast.AST, file: File) -> bool:
    """Whether code hashes something."""
    return file.once(("hashes", node), lambda: _hashes(node))


def hashes_for(name: str, file: File) -> bool:
    """Whether a function or class of a file that mentions this name, and is not called so itself, hashes."""
    mentioned = file.once("hashing", lambda: _mentioned(file))
    return any(other != name for other in mentioned.get(name, ()))


def _mentioned(file: File) -> dict[str, set[str]]:
    """The names that definitions which hash mention, each with those of the definitions."""
    found: dict[str, set[str]] = {}
    for node in file.nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and _hashes(node):
            for inner in descendants(node):
                if isinstance(inner, ast.Name):
                    found.setdefault(inner.id, set()).add(node.name)
    return found


def _hashes(node: ast.AST) -> bool:
    return any(
        isinstance(inner, ast.Call) and called(inner).lower() in _HASHING for inner in descendants(node)
    )
