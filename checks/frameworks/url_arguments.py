"""The arguments that a URL gives to a view: what its converter lets through decides what they can do."""

from __future__ import annotations

from collections.abc import Iterable

from checks.frameworks.route import Route
from checks.semantics.interpret.targets import Function, parameters_of
from checks.semantics.library import INJECTIONS
from checks.semantics.taints import Taint, Trail
from checks.semantics.values import Value

_HARMLESS = {"int": "builtins.int", "float": "builtins.float", "uuid": "uuid.UUID"}
# Letters, digits, `-` and `_` are harmless as text; what holds no slash can still climb out of a folder as `..`.
_SLUG = INJECTIONS
_SEGMENT = frozenset({"redirect"})


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
    clean: frozenset[str] = frozenset()
    if converter in _HARMLESS or converter == "slug":
        clean = _SLUG
    elif converter == "str":
        clean = _SEGMENT
    path = function.file.path
    taint = Taint(
        "request",
        (path, getattr(node, "lineno", 0), getattr(node, "col_offset", 0)),
        ("url",),
        clean,
        trail=Trail(path, node, f"comes from the URL as `{name}`"),
    )
    return Value(type=_HARMLESS.get(converter, "builtins.str"), taints=(taint,))
