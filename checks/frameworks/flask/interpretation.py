"""What Flask tells the interpreter: which functions it calls, with what, and where their results go."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from checks.frameworks.flask.answers import answered
from checks.frameworks.flask.dumping import is_schema, maker
from checks.frameworks.route import Route
from checks.frameworks.url_arguments import url_arguments
from checks.frameworks.views import routes_of
from checks.semantics.interpret.frame import Frame, Machine
from checks.semantics.interpret.targets import Class, Function
from checks.semantics.rows import Relation
from checks.semantics.values import Value

_PAGE = ("html",)
_DUMPING = frozenset({"dump", "dumps", "jsonify"})
_HANDLERS = frozenset({"get", "post", "put", "patch", "delete", "dispatch_request"})


class Flask:
    """Flask's views: their URL arguments come from outside, and what they return is a page."""

    def parameters(self, function: Function) -> Mapping[str, Value]:
        """A view's URL arguments."""
        routes = _routes(function)
        return url_arguments(routes, function) if routes else {}

    def result_sinks(self, function: Function) -> tuple[str, ...]:
        """A text that a view returns is sent as HTML."""
        return _PAGE if _routes(function) else ()

    def attribute(self, machine: Machine, owner: Class | str, name: str, receiver: Value) -> Value | None:
        """What marshmallow's schemas do with rows, whichever of its extensions they derive from."""
        if isinstance(owner, Class) and (name in _DUMPING or name == "__init__") and is_schema(owner):
            if name == "__init__":
                return maker(owner, receiver)
            if not any(name in one.env for one in owner.order()[0]):
                return Value(name="marshmallow.Schema.dump", receiver=receiver)
        return None

    def relation(self, machine: Machine, owner: Class | str, name: str) -> Relation | None:
        """Flask knows no database."""
        return None

    def act_on(self, frame: Frame, function: Function) -> None:
        """What becomes of a view's result."""
        answered(frame, function)


def _routes(function: Function) -> list[Route]:
    """The routes that lead to a function, or to the class-based view whose handler it is."""
    if isinstance(function.node, ast.Lambda):
        return []
    found = list(routes_of(function.node, function.file))
    if function.owner is not None and function.node.name in _HANDLERS:
        found += routes_of(function.owner.node, function.file)
    return [route for route in found if route.framework == "flask"]
