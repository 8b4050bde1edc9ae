"""Functions that run while somebody waits for an answer: views, their methods, and what they call."""

from __future__ import annotations

import ast

from checks.frameworks.occasions import BACKGROUND, REQUEST, occasion
from checks.frameworks.views import view_of
from checks.semantics.enclosing import called, class_around
from checks.semantics.names import qualified_name
from checks.semantics.roles import RUNNING, role_of
from checks.semantics.source import File, Function

_SHOWING = (
    "api.py", "forms.py", "routes.py", "serializers.py", "views.py", "viewsets.py", "/api/*.py", "/routes/*.py",
    "/views/*.py",
)  # fmt: skip
_MAX_FILES = 40
_TELLING = 8  # letters from which on a method's name hardly means another one


def answers(node: ast.AST, file: File) -> bool:
    """Whether a function is a view, or a method of a view's class."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    owner = class_around(node)
    return view_of(node, file) is not None or (owner is not None and view_of(owner, file) is not None)


def is_served(node: Function, file: File) -> bool:
    """Whether a function runs while somebody waits: by what it is, or since modules of views call it by name."""
    when = occasion(node, file)
    if when in (REQUEST, BACKGROUND):
        return when == REQUEST
    return file.once(("served", node), lambda: _is_called(node, file))


def _is_called(node: Function, file: File) -> bool:
    owner = class_around(node)
    if owner is not None and len(node.name) < _TELLING:
        return False
    dotted = f"{file.module}.{qualified_name(node)}"
    for path in file.project.mentioning((f"{node.name}(",), *_SHOWING)[:_MAX_FILES]:
        home = file.project.file(path) if role_of(path) in RUNNING else None
        for call in home.nodes if home is not None else ():
            if isinstance(call, ast.Call) and called(call) == node.name and home is not None:
                if (owner is not None and isinstance(call.func, ast.Attribute)) or home.resolve(
                    call.func
                ) == dotted:
                    return True
    return False
