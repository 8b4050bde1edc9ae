"""What an expression that is routed comes down to: the view, and what was put around it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.semantics.names import qualified_name
from checks.semantics.source import File

_DEPTH = 8
UNSEEN = "?"
_TO_VIEW = frozenset({"as_view", "as_asgi"})

Routed = tuple[str, str, tuple[str, ...], dict[str, tuple[str, ...]], dict[str, str]]


def unwrapped(node: ast.expr, file: File) -> Routed:
    """The view's dotted name ("" where it is none), an empty pattern, wrappers, options and actions.

    `login_required(OrderView.as_view(template_name="order.html"))` is `OrderView`, wrapped once, with one option.
    """
    wrappers: list[str] = []
    for _ in range(_DEPTH):
        followed = file.names.value(node)
        if isinstance(followed, ast.Call):
            node = followed
        if not isinstance(node, ast.Call):
            break
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr in _TO_VIEW:
            options = {
                keyword.arg: tuple(names_in(keyword.value, file)) for keyword in node.keywords if keyword.arg
            }
            return dotted(called.value, file) or "", "", tuple(wrappers), options, _actions(node, file)
        if not node.args:
            return ("" if node.keywords else dotted(called, file) or "", "", tuple(wrappers), {}, {})
        wrappers += names_in(called, file)
        node = node.args[0]
    if isinstance(node, ast.Constant):
        name = node.value if isinstance(node.value, str) else ""
    else:
        name = dotted(node, file) or ""
    return name, "", tuple(wrappers), {}, {}


def dotted(node: ast.expr, file: File) -> str | None:
    """The dotted name of a function or class, also of one that came by a star import or stands in `self`."""
    name = file.resolve(node)
    if name is not None:
        return name
    if isinstance(node, ast.Attribute):
        owner = file.names.class_of_self(node.value)
        if owner is not None:
            return f"{file.module}.{qualified_name(owner)}.{node.attr}"
        above = dotted(node.value, file) if isinstance(node.value, (ast.Name, ast.Attribute)) else None
        return f"{above}.{node.attr}" if above else f"*.{node.attr}"
    if isinstance(node, ast.Name) and file.names.star_modules() and file.names.binding(node.id, node) is None:
        return f"{file.module}.{node.id}"
    return None


def names_in(node: ast.expr, file: File) -> Iterator[str]:
    """The dotted names and constants that an argument holds, of a call what is called; for what is neither, `?`."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        for item in node.elts:
            yield from names_in(item, file)
    elif isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.BinOp):
        yield from names_in(node.left, file)
        yield from names_in(node.right, file)
    elif isinstance(node, ast.Call):
        yield from names_in(node.func, file)
    else:
        followed = file.names.value(node)
        if followed is not node and isinstance(followed, (ast.List, ast.Tuple)):
            yield from names_in(followed, file)
        else:
            yield dotted(node, file) or (node.id if isinstance(node, ast.Name) else UNSEEN)


def _actions(call: ast.Call, file: File) -> dict[str, str]:
    """Which method of a viewset answers which HTTP method: the dictionary that `as_view` is given."""
    given = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg == "actions"), None)
    folded = file.constant(given)
    if folded is None or not isinstance(folded.value, dict):
        return {}
    return {str(method).lower(): str(action) for method, action in folded.value.items()}
