"""Headers of responses as the code sets them by hand, in either framework."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from checks.semantics.source import File

_METHODS = frozenset({"add", "add_header", "append", "set", "setdefault", "__setitem__", "extend", "update"})
_ASKING = frozenset(
    {"client", "get", "head", "options", "patch", "post", "put", "request", "send", "session"}
)


@dataclass(frozen=True, slots=True)
class Header:
    """A header that a response is given: `value` the expression, `node` the statement or argument that sets it."""

    name: str
    value: ast.expr
    node: ast.AST


def headers_set(file: File, *names: str) -> Iterator[Header]:
    """Where a file sets one of these headers; a name is matched in any case.

    `response["X"] = ...`, `response.headers["X"] = ...`, `response.headers.set("X", ...)`, a dictionary of headers.
    """
    if not any(name in file.text or name.lower() in file.text for name in names):
        return
    wanted = {name.lower() for name in names}
    for node in file.nodes:
        for header in _set_by(node, file):
            if header.name.lower() in wanted:
                yield header


def _set_by(node: ast.AST, file: File) -> Iterator[Header]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and (name := _text(target.slice, file)):
                yield Header(name, node.value, node)
    elif isinstance(node, ast.Call):
        yield from _called(node, file)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None and (name := _text(key, file)):
                yield Header(name, value, value)


def _called(node: ast.Call, file: File) -> Iterator[Header]:
    method = node.func
    if isinstance(method, ast.Attribute) and method.attr in _METHODS and len(node.args) == 2:
        if name := _text(node.args[0], file):
            yield Header(name, node.args[1], node)


def is_asked(header: Header) -> bool:
    """Whether the header is one of a request that the code makes, not of a response: `requests.get(headers={...})`."""
    above: ast.AST | None = header.node
    for _ in range(3):
        above = getattr(above, "_parent", None)
        if isinstance(above, ast.Call):
            called = above.func
            last = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            return last in _ASKING
    return False


def _text(node: ast.AST, file: File) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.Name):
        return ""
    folded = file.constant(node)
    return folded.value if folded is not None and isinstance(folded.value, str) else ""
