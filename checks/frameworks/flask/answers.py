"""What decorators do with the rows that a view returns: dump them by a schema, marshal them by fields.

From the documentation of flask-smorest ("Response", `Blueprint.response`), APIFlask (`output`), flask-apispec and
Flask-RESTful (`marshal_with`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.flask.dumping import dumped
from checks.frameworks.flask.marshalling import marshalled
from checks.frameworks.lookups import place_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Function, Module, Scope
from checks.semantics.values import UNKNOWN, Value

_ANSWERING = frozenset({"marshal_list_with", "marshal_with", "output", "response"})
_WORDS = frozenset({"fields", "schema"})


def answered(frame: Frame, function: Function) -> None:
    """Dump what a view returns, where one of its decorators does."""
    for decorator in getattr(function.node, "decorator_list", ()):
        if isinstance(decorator, ast.Call) and _name(decorator) in _ANSWERING:
            result = frame.machine.generic(function).returns or UNKNOWN
            if result.type == "builtins.tuple" and result.items and 0 in result.items:
                result = result.items[0]
            for given in _given(frame, function, decorator) if result is not UNKNOWN else ():
                dumped(frame, given, result, place_of(decorator))
                marshalled(frame, result, given, place_of(decorator))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _given(frame: Frame, function: Function, decorator: ast.Call) -> Iterator[Value]:
    """The schemas and fields that a decorator is given."""
    nodes = [*decorator.args, *(one.value for one in decorator.keywords if one.arg in _WORDS)]
    found = frame.machine.imported(function.file.module, function.file, None)
    for target in found.targets:
        if isinstance(target, Module):
            inner = Frame(frame.machine, function.file, Scope({}, target.scope), None, None)
            yield from (frame.machine.forced(inner.evaluate(node)) for node in nodes)
