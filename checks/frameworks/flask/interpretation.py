"""What Flask tells the interpreter: which functions it calls, with what, and where their results go."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from checks.frameworks.flask.routes import views_of
from checks.frameworks.url_arguments import url_arguments
from checks.semantics.interpret.targets import Class, Function
from checks.semantics.values import Value

_PAGE = ("page",)


class Flask:
    """Flask's views: their URL arguments come from outside, and what they return is a page."""

    def parameters(self, function: Function) -> Mapping[str, Value]:
        """A view's URL arguments."""
        routes = views_of(function.file.project).of(_view(function), function.file)
        return url_arguments(routes, function) if routes else {}

    def result_sinks(self, function: Function) -> tuple[str, ...]:
        """A text that a view returns is sent as HTML."""
        if isinstance(function.node, ast.Lambda):
            return ()
        return _PAGE if views_of(function.file.project).of(_view(function), function.file) else ()

    def attribute(self, owner: Class | str, name: str, receiver: Value) -> Value | None:
        """Flask puts nothing on classes."""
        return None


def _view(function: Function) -> ast.AST:
    """What a route leads to: the function, or for a handler of a class-based view the class."""
    return function.owner.node if function.owner is not None else function.node
