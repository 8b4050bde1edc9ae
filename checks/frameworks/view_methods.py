"""Which HTTP methods a view answers: by its decorators, its methods, or the framework's classes above it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from checks.frameworks.route import Route
from checks.semantics.source import File, Function

HTTP = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

_GET, _POST = frozenset({"GET"}), frozenset({"POST"})
_UPDATE, _DELETE = frozenset({"PUT", "PATCH"}), frozenset({"DELETE"})

# Django's generic views, DRF's generic views, viewsets and mixins, by the last part of the name.
BY_CLASS: Mapping[str, frozenset[str]] = {
    "TemplateView": _GET,
    "ListView": _GET,
    "DetailView": _GET,
    "ArchiveIndexView": _GET,
    "RedirectView": frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"}),
    "FormView": _GET | _POST,
    "CreateView": _GET | _POST,
    "UpdateView": _GET | _POST,
    "DeleteView": _GET | _POST,
    "LoginView": _GET | _POST,
    "LogoutView": _POST,
    "PasswordChangeView": _GET | _POST,
    "PasswordResetView": _GET | _POST,
    "PasswordResetConfirmView": _GET | _POST,
    "ProcessFormView": _GET | _POST,
    "BaseCreateView": _GET | _POST,
    "BaseUpdateView": _GET | _POST,
    "BaseDeleteView": _GET | _POST,
    "BaseFormView": _GET | _POST,
    "DeletionMixin": _POST | _DELETE,
    "CreateAPIView": _POST,
    "ListAPIView": _GET,
    "RetrieveAPIView": _GET,
    "DestroyAPIView": _DELETE,
    "UpdateAPIView": _UPDATE,
    "ListCreateAPIView": _GET | _POST,
    "RetrieveUpdateAPIView": _GET | _UPDATE,
    "RetrieveDestroyAPIView": _GET | _DELETE,
    "RetrieveUpdateDestroyAPIView": _GET | _UPDATE | _DELETE,
    "ModelViewSet": _GET | _POST | _UPDATE | _DELETE,
    "ReadOnlyModelViewSet": _GET,
    "CreateModelMixin": _POST,
    "ListModelMixin": _GET,
    "RetrieveModelMixin": _GET,
    "UpdateModelMixin": _UPDATE,
    "DestroyModelMixin": _DELETE,
    "ObtainAuthToken": _POST,
    "TokenObtainPairView": _POST,
    "TokenRefreshView": _POST,
    "TokenVerifyView": _POST,
    "ModelRestApi": _GET | _POST | _UPDATE | _DELETE,
}
_ACTIONS = {
    "list": _GET,
    "retrieve": _GET,
    "create": _POST,
    "update": frozenset({"PUT"}),
    "partial_update": frozenset({"PATCH"}),
    "destroy": _DELETE,
}
_NARROWING = {"require_POST": _POST, "require_GET": _GET, "require_safe": _GET}


def of_function(
    node: Function, decorators: Iterable[str], routes: Iterable[Route], file: File
) -> frozenset[str] | None:
    """The methods that a function view answers; `None` where nothing says so, and it answers any."""
    for decorator in node.decorator_list:
        narrowed = _narrowed(decorator, file)
        if narrowed is not None:
            return narrowed
    for name in decorators:
        if name.rpartition(".")[2] in _NARROWING:
            return _NARROWING[name.rpartition(".")[2]]
    found = [route.methods for route in routes]
    if not found or None in found:
        return None
    return frozenset().union(*(methods for methods in found if methods is not None))


def of_class(
    lineage: Iterable[tuple[str, ast.ClassDef | None]],
    limited: frozenset[str] | None,
    routes: Iterable[Route],
    file: File,
) -> frozenset[str] | None:
    """The methods that a view class answers, its own and inherited ones; `limited` is its `http_method_names`.

    `None` where a class above it can't be seen and is none of a framework's that is known.
    """
    methods: set[str] = set()
    for name, node in lineage:
        methods |= BY_CLASS.get(name.rpartition(".")[2], frozenset()) if node is None else _own(node, file)
    given = [route.methods for route in routes if route.methods]
    if given and all(route.methods for route in routes):
        return frozenset().union(*given)
    if not methods:
        return None
    return frozenset(methods) if limited is None else frozenset(methods) & limited


def _own(node: ast.ClassDef, file: File) -> set[str]:
    found: set[str] = set()
    for item in node.body:
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if item.name in HTTP:
                found.add(item.name.upper())
            found |= _ACTIONS.get(item.name, frozenset())
            for decorator in item.decorator_list:
                found |= action_methods(decorator, file) or frozenset()
        elif isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
            if item.targets[0].id in HTTP:
                found.add(item.targets[0].id.upper())  # `post = get`
    return found


def action_methods(decorator: ast.expr, file: File) -> frozenset[str] | None:
    """The methods of an extra action of a viewset (`@action(methods=["post"])`), `None` for other decorators."""
    name = (file.resolve(_called(decorator)) or "").rpartition(".")[2]
    if name not in ("action", "list_route", "detail_route"):
        return None
    return _given(decorator, file, "methods") or _GET


def _narrowed(decorator: ast.expr, file: File) -> frozenset[str] | None:
    name = (file.resolve(_called(decorator)) or "").rpartition(".")[2]
    if name in _NARROWING:
        return _NARROWING[name]
    if name == "require_http_methods":
        return _given(decorator, file, "request_method_list")
    if name == "api_view":
        return _given(decorator, file, "http_method_names") or _GET
    return action_methods(decorator, file)


def _given(decorator: ast.expr, file: File, keyword: str) -> frozenset[str] | None:
    if not isinstance(decorator, ast.Call):
        return None
    values = [given.value for given in decorator.keywords if given.arg == keyword] + decorator.args[:1]
    folded = file.constant(values[0]) if values else None
    if folded is None or not isinstance(folded.value, (list, tuple)):
        return None
    return frozenset(str(method).upper() for method in folded.value)


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node
