"""Whether code asks whose a row is: by the visitor, by the owner's field, or by something that is called a check."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.access import words
from checks.frameworks.owners import Owner
from checks.semantics.definitions import definition
from checks.semantics.enclosing import called, class_around, kept
from checks.semantics.names import parent
from checks.semantics.nodes import descendants
from checks.semantics.source import File

_LOGGED_IN = frozenset({"is_active", "is_anonymous", "is_authenticated"})
_WHO = frozenset({"current_identity", "current_user", "user"})
_CHECKS = frozenset(
    {
        "access",
        "accessible",
        "allowed",
        "allows",
        "authorise",
        "authorize",
        "authorized",
        "belongs",
        "can",
        "check",
    }
    | {"enforce", "ensure", "may", "mine", "must", "own", "owner", "owned", "owns", "perm", "permission"}
    | {"permissions", "permitted", "perms", "policy", "protect", "visible", "identity"}
)
_REFUSALS = frozenset(
    {"Forbidden", "HttpResponseForbidden", "NotAuthorized", "PermissionDenied", "Unauthorized"}
)
_KEPT = frozenset({"account", "account_id", "customer", "customer_id", "uid", "user", "user_id", "userid"})
_LOGGERS = frozenset({"critical", "debug", "error", "exception", "info", "success", "warning"})
_DEPTH = 3
_MOST = 40  # functions that one question looks into: a hostile project has fans of them


def asks_whose(node: ast.AST, file: File, owner: Owner) -> bool:
    """Whether code looks at more of a visitor than the login, names the owner's field, or calls a check.

    Generous on purpose: a check that is not recognised would be called missing. Functions of the project that are
    handed the request or the visitor are looked into.
    """
    waiting, seen = [(node, file, 0)], {node}
    for inner, home, depth in waiting:
        if _asks(inner, home, owner):
            return True
        for helper, place in _helpers(inner, home) if depth < _DEPTH and len(seen) < _MOST else ():
            if helper not in seen:
                seen.add(helper)
                waiting.append((helper, place, depth + 1))
    return False


def _asks(node: ast.AST, file: File, owner: Owner) -> bool:
    visitor = kept(node, "asks_visitor", lambda: _asks_visitor(node, file))
    return visitor or not _named(node).isdisjoint(_spellings(owner))


def _asks_visitor(node: ast.AST, file: File) -> bool:
    return any(_is_asked(inner, file) for inner in descendants(node))


def _is_asked(node: ast.AST, file: File) -> bool:
    match node:
        case ast.Attribute(attr="user") | ast.Attribute(attr="current_user"):
            return _is_holder(node.value) and not _is_innocent(node, file)
        case ast.Name(id=name):
            visitor = name == "current_user" or (file.resolve(node) or "").endswith(".current_user")
            return visitor and not _is_innocent(node, file)
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return key in _KEPT and "session" in file.segment(node.value)[-40:]
        case ast.Call():
            return _is_check(node, file)
        case ast.Raise(exc=ast.expr() as raised):
            return called(raised) in _REFUSALS if isinstance(raised, ast.Call) else _last(raised) in _REFUSALS
    return False


def _is_holder(node: ast.expr) -> bool:
    """Whether an expression is what holds the visitor: `request`, `self.request`, Flask's `g`, `info.context`."""
    return _last(node) in ("context", "g", "info", "req", "request", "self")


def _is_innocent(node: ast.AST, file: File) -> bool:
    """Whether the visitor is only asked for a login, written into a row, or named in a log line."""
    above = parent(node)
    if isinstance(above, ast.Attribute):
        if above.attr in _LOGGED_IN:
            return True
        node, above = above, parent(above)
    if isinstance(above, ast.Assign) and above.value is node:
        return all(isinstance(target, ast.Attribute) for target in above.targets)
    if isinstance(above, ast.keyword):
        made = parent(above)
        return isinstance(made, ast.Call) and (called(made) == "create" or called(made)[:1].isupper())
    return isinstance(above, ast.Call) and called(above) in _LOGGERS


def _is_check(call: ast.Call, file: File) -> bool:
    """Whether a function is called whose name says that it checks, or that it asks who the visitor is."""
    name = called(call)
    if name in _REFUSALS or (name == "abort" and _code(call) in (401, 403)):
        return True
    if name == "get" and call.args and "session" in file.segment(call.func)[-40:]:
        return getattr(call.args[0], "value", None) in _KEPT
    found = words(name)
    return not found.isdisjoint(_CHECKS) or {"get", "user"} <= found or {"current", "user"} <= found


def _code(call: ast.Call) -> object:
    return getattr(call.args[0], "value", None) if call.args else None


def _last(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _named(node: ast.AST) -> frozenset[str]:
    """The attributes and keywords that code uses."""
    return kept(node, "fields_named", lambda: frozenset(_fields(node)))


def _fields(node: ast.AST) -> Iterator[str]:
    for inner in descendants(node):
        if isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Load):
            if not _is_holder(inner.value):
                yield inner.attr
        elif isinstance(inner, ast.keyword) and inner.arg:
            call = parent(inner)
            if isinstance(call, ast.Call) and called(call) != "create" and not called(call)[:1].isupper():
                yield inner.arg
                yield inner.arg.partition("__")[0]


def _spellings(owner: Owner) -> set[str]:
    """How code may name the owner: the field, its key, and a way through a relation."""
    first = owner.fields[0]
    if len(owner.fields) == 1 or first.endswith("_id") or owner.fields[1].endswith("_id"):
        return {name for field in owner.fields for name in (field, f"{field}_id")}
    return {owner.fields[1], f"{owner.fields[1]}_id", f"{first}__{owner.fields[1]}"}


def _helpers(node: ast.AST, file: File) -> list[tuple[ast.AST, File]]:
    """The project's functions that code hands the request or the visitor, and methods that it calls on itself."""
    return kept(node, "helpers", lambda: list(_handed(node, file)))


def _handed(node: ast.AST, file: File) -> Iterator[tuple[ast.AST, File]]:
    for inner in descendants(node):
        if not isinstance(inner, ast.Call) or not any(
            _last(given) in ("request", *_WHO)
            for given in (*inner.args, *(word.value for word in inner.keywords))
        ):
            continue
        name = file.resolve(inner.func)
        found = definition(name, file) if name else _method(inner, file)
        if found is not None:
            yield found


def _method(call: ast.Call, file: File) -> tuple[ast.AST, File] | None:
    """The method of the same class that `self.method(...)` calls."""
    method, owner = call.func, class_around(call)
    if owner is None or not isinstance(method, ast.Attribute) or _last(method.value) != "self":
        return None
    for item in owner.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == method.attr:
            return item, file
    return None
