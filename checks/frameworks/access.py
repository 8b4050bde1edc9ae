"""What is asked of a visitor before a view runs: a login, a permission, a key; or that too many requests are refused.

Names decide where the code can't be seen. That is generous on purpose: a view whose check is not recognised would be
called open.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from checks.semantics.nodes import descendants

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_WHO = frozenset(
    {
        "acl",
        "access",
        "accessible",
        "admin",
        "allowed",
        "apikey",
        "auth",
        "authed",
        "authenticated",
        "authenticate",
        "authentication",
        "authorization",
        "authorize",
        "authorized",
        "can",
        "credentials",
        "guard",
        "hmac",
        "jwt",
        "key",
        "logged",
        "login",
        "member",
        "moderator",
        "oauth",
        "organizer",
        "owner",
        "perm",
        "permission",
        "permissions",
        "perms",
        "privilege",
        "protect",
        "protected",
        "required",
        "role",
        "roles",
        "scope",
        "scopes",
        "secured",
        "signature",
        "signed",
        "staff",
        "superuser",
        "token",
    }
)
_HOW = frozenset(
    {
        "required",
        "require",
        "requires",
        "check",
        "checks",
        "only",
        "has",
        "needs",
        "ensure",
        "verify",
        "validate",
        "passes",
        "assert",
        "is",
        "or",
        "can",
        "may",
        "raise",
        "enforce",
        "get",
        "login",
    }
)
_PROVERS = frozenset(
    {"compare_digest", "constant_time_compare", "construct_event", "protected_resource", "unsign"}
)
_NOT_WHO = frozenset({"exempt", "not", "public", "anonymous", "optional"})
_NO_CHECKS = frozenset(
    {
        "require_GET",
        "require_POST",
        "require_http_methods",
        "require_safe",
        "csrf_protect",
        "requires_csrf_token",
        "csrf_exempt",
        "ensure_csrf_cookie",
        "authentication_classes",
        "validate_key",
        "get_key",
    }
)
_MIXINS = frozenset(
    {"AccessMixin", "LoginRequiredMixin", "PermissionRequiredMixin", "UserPassesTestMixin", "AccountRequired"}
)
_CLASSES = frozenset(
    {"login", "permission", "permissions", "auth", "staff", "superuser", "owner", "admin", "access"}
)
_ATTRIBUTES = frozenset(
    {
        "current_user",
        "has_module_perms",
        "has_object_permission",
        "has_perm",
        "has_perms",
        "handle_no_permission",
        "is_active",
        "is_admin",
        "is_anonymous",
        "is_authenticated",
        "is_staff",
        "is_superuser",
        "redirect_to_login",
    }
)
_REFUSALS = frozenset(
    {"Forbidden", "HttpResponseForbidden", "NotAuthenticated", "PermissionDenied", "Unauthorized"}
)
_CODES = frozenset({401, 403})
_THROTTLES = frozenset({"limit", "limiter", "limits", "throttle", "throttled", "ratelimit", "axes"})
_OPEN = frozenset({"AllowAny", "login_not_required"})


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is asked before a view runs.

    `kind` is access (who the visitor is, or may), throttle (how often), or open (that everyone may, in so many words);
    `name` the dotted name of what asks; `source` is decorator, route, class, attribute, setting, guard or body.
    """

    kind: str
    name: str
    source: str


def words(name: str) -> set[str]:
    """The words of the last part of a dotted name, in lower case."""
    return {word.lower() for word in _WORDS.findall(name.rpartition(".")[2])}


def of_decorator(name: str, source: str = "decorator") -> Check | None:
    """What a decorator of this dotted name checks, `None` for others."""
    last = name.rpartition(".")[2]
    found = words(name)
    if last in _OPEN:
        return Check("open", name, source)
    if not found.isdisjoint(_THROTTLES):
        return Check("throttle", name, source)
    if last in _NO_CHECKS or not found.isdisjoint(_NOT_WHO):
        return None
    return Check("access", name, source) if not found.isdisjoint(_WHO) else None


def of_base(name: str) -> Check | None:
    """What a class above a view's checks, told from its name: `LoginRequiredMixin`."""
    last = name.rpartition(".")[2]
    found = words(name)
    if last in _MIXINS or ("required" in found and not found.isdisjoint(_CLASSES)):
        return Check("access", name, "class")
    if last.endswith("Mixin") and not found.isdisjoint(_CLASSES) and found.isdisjoint(_NOT_WHO):
        return Check("access", name, "class")
    return Check("throttle", name, "class") if not found.isdisjoint(_THROTTLES) else None


def of_rest_class(name: str, source: str) -> Check:
    """What a permission class of a REST framework checks."""
    return Check("open" if name.rpartition(".")[2] in _OPEN else "access", name, source)


def asks_who(nodes: Iterable[ast.AST]) -> bool:
    """Whether code asks who the visitor is, or refuses some: `request.user.is_authenticated`, `abort(403)`."""
    return any(_asks(inner) for node in nodes for inner in descendants(node))


def _asks(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _ATTRIBUTES or (node.attr == "user" and _is_request(node.value))
    if isinstance(node, ast.Name):
        return node.id in _ATTRIBUTES or node.id in _REFUSALS
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return any(_decorator_asks(mark) for mark in node.decorator_list)
    if isinstance(node, ast.Call):
        return _refuses(node) or _names_check(node)
    if isinstance(node, ast.keyword):
        return node.arg == "status" and getattr(node.value, "value", None) in _CODES
    return False


def _decorator_asks(mark: ast.expr) -> bool:
    """Whether a decorator asks, or one that is handed to `method_decorator`."""
    called = mark.func if isinstance(mark, ast.Call) else mark
    names = [_last(called)]
    if isinstance(mark, ast.Call) and names == ["method_decorator"]:
        names = [_last(value) for given in mark.args for value in getattr(given, "elts", [given])]
    checks = [of_decorator(name) for name in names]
    return any(check is not None and check.kind == "access" for check in checks)


def _refuses(call: ast.Call) -> bool:
    last = _last(call.func)
    if last in _REFUSALS:
        return True
    first = call.args[0] if call.args else None
    return last == "abort" and isinstance(first, ast.Constant) and first.value in _CODES


def _names_check(call: ast.Call) -> bool:
    """Whether a function is called by whose name something is checked: `check_permission`, `verify_token`."""
    last = _last(call.func)
    found = words(last)
    if last in _PROVERS:
        return True
    return last not in _NO_CHECKS and not found.isdisjoint(_WHO - {"required"}) and not found.isdisjoint(_HOW)


def _is_request(node: ast.AST) -> bool:
    return getattr(node, "id", getattr(node, "attr", "")) == "request"


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
