"""The arguments that a URL gives to a view: what its converter lets through decides what they can do."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from checks.frameworks.route import Route
from checks.semantics.interpret.targets import Function, parameters_of
from checks.semantics.library import INJECTIONS
from checks.semantics.taints import Taint, Trail
from checks.semantics.values import Value

_HARMLESS = {"int": "builtins.int", "float": "builtins.float", "uuid": "uuid.UUID"}
# Letters, digits, `-` and `_` are harmless as text; what holds no slash can still climb out of a folder as `..`, where
# most often no file is.
_SLUG = INJECTIONS
_SEGMENT = frozenset({"redirect", "?path"})


def url_arguments(routes: Iterable[Route], function: Function) -> dict[str, Value]:
    """The values of a view's parameters that its routes fill."""
    found: dict[str, Value] = {}
    for route in routes:
        for name, converter in route.parameters.items():
            known = found.get(name)
            value = _argument(name, converter, function)
            if known is None or len(_clean(value)) < len(_clean(known)):
                found[name] = value
    return found


def _clean(value: Value) -> frozenset[str]:
    return value.taints[0].clean if value.taints else INJECTIONS


def _argument(name: str, converter: str, function: Function) -> Value:
    node = next((one for one in parameters_of(function.node) if one.arg == name), function.node)
    path = function.file.path
    taint = Taint(
        "request",
        (path, getattr(node, "lineno", 0), getattr(node, "col_offset", 0)),
        ("url",),
        _let_through(converter),
        trail=Trail(path, node, f"comes from the URL as `{name}`"),
    )
    return Value(type=_HARMLESS.get(converter, "builtins.str"), taints=(taint,))


def _let_through(converter: str) -> frozenset[str]:
    """The kinds of sinks that what a converter lets through can't harm."""
    if converter in _HARMLESS or converter == "slug":
        return _SLUG
    return _SEGMENT if converter == "str" else frozenset()


ANY_ARGUMENT = Taint("request", ("url", ""), ("URL", "args"))
"""An argument of a URL of which no route tells more."""


def url_dictionary(routes: Iterable[Route], path: str = "", node: ast.AST | None = None) -> Value:
    """What `self.kwargs` holds: by name where routes are known, anything where they are not.

    `path` and `node` are the place of a parameter that takes it; what an attribute gives begins where it is read.
    """
    found: dict[str, Value] = {}
    for route in routes:
        for name, converter in route.parameters.items():
            trail = Trail(path, node, f"comes from the URL as `{name}`") if node is not None else None
            taint = Taint("request", ("url", name), ("URL", name), _let_through(converter), trail=trail)
            value = Value(type=_HARMLESS.get(converter, "builtins.str"), taints=(taint,))
            if name not in found or len(_clean(value)) < len(_clean(found[name])):
                found[name] = value
    if not found:
        return Value(type="builtins.dict", taints=(ANY_ARGUMENT,))
    return Value(type="builtins.dict", items=found)
