"""Calls that change what the database holds, by Django's ORM or SQLAlchemy, told from how they are written."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.semantics.nodes import descendants

_CREATE = frozenset({"bulk_create", "bulk_update", "create", "create_superuser", "create_user"})
_SESSION = frozenset({"add", "add_all", "bulk_save_objects", "commit", "delete", "merge"})
_QUERY = frozenset(
    {"all", "annotate", "exclude", "filter", "filter_by", "objects", "order_by", "query", "scalars"}
)
_NO_ROW = frozenset(
    {"cache", "caches", "conn", "connection", "key", "lock", "request", "session", "storage", "tmp"}
)


def writes_in(node: ast.AST) -> Iterator[ast.Call]:
    """The calls within a node that change rows, those of functions defined inside included."""
    for inner in descendants(node):
        if isinstance(inner, ast.Call) and is_write(inner):
            yield inner


def is_write(call: ast.Call) -> bool:
    """Whether a call changes rows: `order.save()`, `Order.objects.filter(...).delete()`, `db.session.commit()`.

    `save(commit=False)`, `get_or_create` and what is done to sessions, caches and files are not meant.
    """
    method = call.func
    if not isinstance(method, ast.Attribute):
        return False
    chain = _chain(method.value)
    if method.attr in _SESSION and chain[:1] == ["session"] and "request" not in chain:
        return method.attr != "delete" or bool(call.args)
    if method.attr in _CREATE:
        return "objects" in chain or any(name.endswith("_set") for name in chain)
    if method.attr == "update":
        return bool(call.keywords) and not call.args and not _QUERY.isdisjoint(chain)
    if method.attr == "save":
        return not call.args and not _is_held_back(call) and chain[:1] not in ([], ["super"])
    if method.attr == "delete":
        return not call.args and bool(chain) and _NO_ROW.isdisjoint(_words(chain[0])) and chain[0] != "super"
    return False


def _chain(node: ast.expr) -> list[str]:
    """The names of an expression from its end: of `Order.objects.filter(x)` filter, objects, Order."""
    names: list[str] = []
    while True:
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Attribute):
            names.append(node.attr)
            node = node.value
        else:
            return [*names, node.id] if isinstance(node, ast.Name) else names


def _words(name: str) -> set[str]:
    return set(name.lower().split("_"))


def _is_held_back(call: ast.Call) -> bool:
    return any(
        given.arg == "commit" and isinstance(given.value, ast.Constant) and given.value.value is False
        for given in call.keywords
    )
