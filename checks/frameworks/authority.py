"""On what authority a view acts: a visitor's session, or something that the request itself brings and proves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.writes import is_write
from checks.semantics.definitions import bases, definition
from checks.semantics.names import parent
from checks.semantics.nodes import descendants
from checks.semantics.source import File

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_PROOF = frozenset({"authenticate", "hmac", "oauth", "signature", "signed", "unsign", "verified", "verify"})
_PROVERS = frozenset(
    {
        "construct_event",
        "compare_digest",
        "constant_time_compare",
        "jwt.decode",
        "protected_resource",
    }
)
_HEADER = re.compile(
    r"^(HTTP_)?(AUTHORIZATION|X[-_].*(KEY|SECRET|SIGNATURE|TOKEN))$|^.*[-_]SIGNATURE(-\d+)?$", re.IGNORECASE
)
_HEADER_LENGTH = 60
_KEYS = frozenset({"apikey", "auth", "key", "token"})
_DEMANDS = frozenset({"check", "only", "require", "required", "requires", "validate"})
_SESSION_NAMES = frozenset(
    {
        "django.contrib.auth.login",
        "django.contrib.admin.views.decorators.staff_member_required",
        "django.contrib.auth.decorators.login_required",
        "django.contrib.auth.decorators.permission_required",
        "django.contrib.auth.mixins.LoginRequiredMixin",
        "django.contrib.auth.mixins.PermissionRequiredMixin",
        "flask.session",
        "flask_login.current_user",
        "flask_login.login_required",
        "flask_login.utils.current_user",
        "flask_login.utils.login_required",
    }
)
_PLAIN_VIEWS = (".View", ".TemplateView", ".DetailView", ".ListView", ".RedirectView", ".MethodView")
_WRITING = frozenset({"delete", "patch", "post", "put"})
_REST = ("rest_framework.", "ninja.", "flask_restful.", "graphene_django.")


def proves_itself(view: ast.AST, file: File) -> bool:
    """Whether a view has a signature, a key or a token of the request checked, as webhooks and APIs do.

    Told from what it calls or is decorated with: `hmac.compare_digest`, `@token_required`. A view class inherits what
    the project's classes above it do.
    """
    return any(_is_proof(node, home) for node, home in _nodes(view, file))


def reads_credentials(view: ast.AST, file: File) -> bool:
    """Whether a view reads a header that carries a token or signature, such as `Authorization`."""
    return any(
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and len(node.value) < _HEADER_LENGTH
        and _HEADER.match(node.value) is not None
        for node, _ in _nodes(view, file)
    )


def acts_for_session(view: ast.AST, file: File) -> bool:
    """Whether a view asks who is logged in, or keeps something in the session: what cross-site requests abuse."""
    return any(_is_session(node, home) for node, home in _nodes(view, file))


def changes_something(view: ast.AST, file: File) -> bool:
    """Whether a view writes to the database or to the session in sight."""
    return any(
        is_write(node) if isinstance(node, ast.Call) else _keeps_in_session(node)
        for node, _ in _nodes(view, file)
    )


def _keeps_in_session(node: ast.AST) -> bool:
    """`request.session["cart"] = ...`"""
    if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Store):
        return False
    return (node.value.attr if isinstance(node.value, ast.Attribute) else "") == "session"


def is_rest_view(view: ast.AST, file: File) -> bool:
    """Whether a REST framework serves a view, whose authentication classes then decide what is checked."""
    if isinstance(view, ast.ClassDef):
        return any(name.startswith(_REST) for name, _, _ in bases(view, file))
    decorators = getattr(view, "decorator_list", [])
    return any((file.resolve(_called(node)) or "").startswith(_REST) for node in decorators)


def is_read_only(view: ast.AST, file: File) -> bool:
    """Whether a view answers safe methods only: by its decorators, or for a class by the methods that it has."""
    if isinstance(view, ast.ClassDef):
        above = list(bases(view, file))
        methods = {
            item.name
            for owner in (view, *(found for _, found, _ in above if found is not None))
            for item in owner.body
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))
        }
        plain = all(found is not None or name.endswith(_PLAIN_VIEWS) for name, found, _ in above)
        return plain and "get" in methods and methods.isdisjoint(_WRITING)
    names = {(file.resolve(_called(node)) or "") for node in getattr(view, "decorator_list", [])}
    return any(name.endswith((".require_GET", ".require_safe")) for name in names)


def _nodes(view: ast.AST, file: File) -> Iterator[tuple[ast.AST, File]]:
    """What a view consists of; for a class, what it inherits within the project as well."""
    yield from ((node, file) for node in descendants(view))
    for _, above, home in bases(view, file) if isinstance(view, ast.ClassDef) else ():
        if above is not None:
            yield from ((node, home) for node in descendants(above))


def _is_proof(node: ast.AST, file: File) -> bool:
    if isinstance(node, ast.Call):
        return _names_proof(node.func, file)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return any(_names_proof(decorator, file) for decorator in node.decorator_list)
    return False


def _names_proof(node: ast.expr, file: File) -> bool:
    """Whether a function's name says that it proves something: `verify_signature`, `token_required`."""
    name = _called(node)
    last = name.attr if isinstance(name, ast.Attribute) else name.id if isinstance(name, ast.Name) else ""
    if last in _PROVERS or (file.resolve(name) or "") in _PROVERS:
        return True
    words = {word.lower() for word in _WORDS.findall(last)}
    return not words.isdisjoint(_PROOF) or not (words.isdisjoint(_KEYS) or words.isdisjoint(_DEMANDS))


def _is_session(node: ast.AST, file: File) -> bool:
    if isinstance(node, ast.Attribute) and node.attr in ("user", "session") and not _is_stored_to(node):
        request = node.value
        return getattr(request, "id", getattr(request, "attr", "")) == "request"
    if isinstance(node, (ast.Name, ast.Attribute)):
        return (file.resolve(node) or "") in _SESSION_NAMES
    return False


def _is_stored_to(session: ast.AST) -> bool:
    """Whether something is put into the session: that asks for no one."""
    above = parent(session)
    return isinstance(above, ast.Subscript) and isinstance(above.ctx, ast.Store)


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def view_of(node: ast.expr, file: File) -> tuple[ast.AST, File] | None:
    """The function or class behind an expression that stands for a view: a name, or `View.as_view()`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "as_view":
        node = node.func.value
    name = file.resolve(node)
    return definition(name, file) if name else None
