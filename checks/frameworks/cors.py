"""Which other sites may read responses: CORS as django-cors-headers, Flask-CORS and hand-written headers set it."""

from __future__ import annotations

import ast
import re

from checks.frameworks.environment import unset_value
from checks.semantics.nodes import descendants
from checks.semantics.source import Call, File

ORIGIN = "Access-Control-Allow-Origin"
CREDENTIALS = "Access-Control-Allow-Credentials"

# Patterns that match every origin, however they are anchored: compared as text, since a pattern of the reviewed
# project is never run.
_FRAME = re.compile(r"^\^|\$$|\\/|https\??|\(\?:|[()]|:|/")
_ANYTHING = frozenset({"", ".*", ".+", "*", r"\w+", ".*?", r"\S+", r".*\..*"})


def is_any_pattern(pattern: str) -> bool:
    """Whether a regular expression lets every origin in: `.*`, `^https?://.*$`."""
    return len(pattern) < 100 and _FRAME.sub("", pattern.strip()) in _ANYTHING


def lets_all_in(value: object) -> bool:
    """Whether origins, as Flask-CORS takes them, let every site in: `"*"`, a list that holds it, a pattern."""
    items = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(item, str) and (item == "*" or is_any_pattern(item)) for item in items)


def flask_origins(call: Call, file: File) -> bool:
    """Whether a call of `CORS` or `cross_origin` lets every site in; left out, `origins` is `*`."""
    if call.unpacks:
        return False
    origins = call.argument(None, "origins")
    resources = call.argument(None, "resources")
    if resources is not None:
        return _any_of(resources, origins, file)
    if origins is None:
        return True
    return _is_open(origins, file)


def _any_of(resources: ast.expr, origins: ast.expr | None, file: File) -> bool:
    """Whether one of the resources lets every site in, with origins of its own or the shared ones."""
    shown = file.names.value(resources)
    if not isinstance(shown, ast.Dict):
        return origins is not None and _is_open(origins, file)
    for options in shown.values:
        own = _option(options, "origins")
        if own is None and origins is None:
            return True
        if _is_open(own or origins, file):
            return True
    return False


def _option(options: ast.expr, name: str) -> ast.expr | None:
    if not isinstance(options, ast.Dict):
        return None
    pairs = zip(options.keys, options.values, strict=True)
    return next((value for key, value in pairs if isinstance(key, ast.Constant) and key.value == name), None)


def _is_open(node: ast.expr | None, file: File) -> bool:
    value = unset_value(node, file)
    return value is not None and lets_all_in(value.value)


def is_origin_of_request(node: ast.expr, file: File) -> bool:
    """Whether an expression is the `Origin` header of the request, whatever stands in it."""
    value = file.names.value(node) if isinstance(node, ast.Name) else node
    for inner in descendants(value):
        text = _word(inner)
        if text in ("HTTP_ORIGIN", "Origin", "origin", "ORIGIN"):
            return any(_mentions_request(part) for part in descendants(value))
    return False


def _word(node: ast.AST) -> object:
    """A text as it is; of `request.origin`, the attribute."""
    if isinstance(node, ast.Attribute) and _mentions_request(node.value):
        return node.attr
    return node.value if isinstance(node, ast.Constant) else None


def _mentions_request(node: ast.AST) -> bool:
    return (isinstance(node, ast.Name) and node.id in ("request", "req")) or (
        isinstance(node, ast.Attribute) and node.attr == "request"
    )
