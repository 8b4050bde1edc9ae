"""Views: what answers a request, with its routes, methods, parameters, and what is checked before it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checks.frameworks import view_methods
from checks.frameworks.access import Check
from checks.frameworks.django import urls as django
from checks.frameworks.flask import routes as flask
from checks.frameworks.route import CUSTOM, INT, PATH, SLUG, STR, UUID, Route, kind_of_regex, regex_groups
from checks.frameworks.routed import names_in
from checks.frameworks.view_checks import checks_of
from checks.semantics.bindings import returned
from checks.semantics.definitions import bases
from checks.semantics.names import parent, qualified_name
from checks.semantics.source import File, Function

Lineage = tuple[tuple[str, ast.ClassDef | None, File], ...]

_WIDTH = {INT: 0, UUID: 1, SLUG: 2, STR: 3, CUSTOM: 4, PATH: 5}
_CLASSES = (
    "django.contrib.auth.views.",
    "django.views.",
    "flask.views.",
    "flask_appbuilder.",
    "flask_restful.",
    "flask_restx.",
    "rest_framework.generics.",
    "rest_framework.mixins.",
    "rest_framework.views.",
    "rest_framework.viewsets.",
    "rest_framework_simplejwt.views.",
)
_ROUTES = 50
_API_VIEW = "rest_framework.decorators.api_view"
_VIEW_FILE = ("views", "view", "api", "endpoints", "handlers")


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A function, class or method that answers requests.

    `name` is its qualified name; `kind` function, method, class, viewset or api_view; `framework` django, drf or flask.
    `methods` are the HTTP methods that it answers, upper-case, `None` where any or unknown. `parameters` maps names of
    the URL to the widest of their converters. `decorators` are dotted names, those of the routes first. `options` are
    class attributes and arguments of `as_view` that name things (`permission_classes`), by dotted name. `lineage` are
    the classes above.
    """

    name: str
    node: Function | ast.ClassDef
    file: File
    kind: str
    framework: str
    routes: tuple[Route, ...] = ()
    methods: frozenset[str] | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    decorators: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lineage: Lineage = ()

    @property
    def checks(self) -> tuple[Check, ...]:
        """What is asked of a visitor before it runs and in it, found when first asked for."""
        return self.file.once(("checks", self.node), lambda: tuple(checks_of(self)))

    @property
    def guarded(self) -> bool:
        """Whether it is asked who the visitor is or may, in whatever way."""
        return any(check.kind == "access" for check in self.checks)

    @property
    def declared(self) -> tuple[Check, ...]:
        """The checks that are declared: by decorators, classes, attributes, settings, guards."""
        return tuple(check for check in self.checks if check.source != "body")

    @property
    def open(self) -> bool:
        """Whether it says that everyone may."""
        return any(check.kind == "open" and check.source != "setting" for check in self.checks)

    @property
    def throttled(self) -> bool:
        """Whether too many requests are refused."""
        return any(check.kind == "throttle" for check in self.checks)

    @property
    def writes(self) -> bool:
        """Whether it answers a method that changes things."""
        return self.methods is not None and not self.methods.isdisjoint(view_methods.WRITING)


def views_in(file: File) -> list[View]:
    """The views that a file defines, in its order."""
    return file.once("views", lambda: _views_in(file))


def _views_in(file: File) -> list[View]:
    found = (
        view_of(node, file)
        for node in file.nodes
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )
    return [view for view in found if view is not None]


def view_of(node: Function | ast.ClassDef, file: File) -> View | None:
    """The view that a function, class or method is, `None` for what answers no requests.

    That is what a route leads to, what derives from a framework's view, and a function that takes `request` first in a
    module of views.
    """
    return file.once(("view", node), lambda: _view_of(node, file))


def _view_of(node: Function | ast.ClassDef, file: File) -> View | None:
    routes = routes_of(node, file)
    if isinstance(node, ast.ClassDef):
        lineage: Lineage = tuple(bases(node, file))
        if routes or any(name.startswith(_CLASSES) for name, _, _ in lineage):
            return _class_view(node, file, routes, lineage)
        return None
    if routes or _looks_like_view(node, file):
        return _function_view(node, file, routes)
    return None


def routes_of(node: ast.AST, file: File) -> tuple[Route, ...]:
    """The routes that lead to a function, class or method, of either framework, each once."""
    return file.once(("routes", qualified_name(node)), lambda: _routes_of(node, file))


def _routes_of(node: ast.AST, file: File) -> tuple[Route, ...]:
    """Up to fifty of them: more say nothing new."""
    named = file.project.frameworks_at(file.path)
    found: dict[tuple[object, ...], Route] = {}
    if not named or not named.isdisjoint({"django", "drf"}):
        for views in (django.views_of(file.project), django.routes_in(file)):
            for route in views.of(node, file):
                found.setdefault((route.path, route.span), route)
    if not named or "flask" in named:
        for views in (flask.views_of(file.project), flask.routes_in(file)):
            for route in views.of(node, file):
                found.setdefault((route.path, route.span, route.pattern), route)
    return tuple(found.values())[:_ROUTES]


def _looks_like_view(node: Function, file: File) -> bool:
    """Whether a function that no known route leads to is a view all the same."""
    if any(file.resolve(_called(mark)) == _API_VIEW for mark in node.decorator_list):
        return True
    given = [*node.args.posonlyargs, *node.args.args]
    if not given or given[0].arg != "request" or not isinstance(parent(node), ast.Module):
        return False
    if node.name.startswith("_") or not returned(node) or "django" not in file.imports:
        return False
    return file.module.rpartition(".")[2] in _VIEW_FILE or ".views." in f".{file.module}."


def _function_view(node: Function, file: File, routes: tuple[Route, ...]) -> View:
    owner = parent(node)
    decorators = (*_wrappers(routes), *_decorators(node.decorator_list, file))
    lineage: Lineage = (
        ((owner.name, owner, file), *bases(owner, file)) if isinstance(owner, ast.ClassDef) else ()
    )
    rest = _API_VIEW in decorators or any(name.startswith("rest_framework.") for name, _, _ in lineage)
    flasky = any(route.framework == "flask" for route in routes)
    return View(
        name=qualified_name(node),
        node=node,
        file=file,
        kind="api_view" if _API_VIEW in decorators else "method" if lineage else "function",
        framework="drf" if rest else "flask" if flasky else "django",
        routes=routes,
        methods=view_methods.of_function(node, decorators, routes, file),
        parameters=_widest(routes),
        decorators=decorators,
        options=_rest_options(node, file),
        lineage=lineage,
    )


def _class_view(node: ast.ClassDef, file: File, routes: tuple[Route, ...], lineage: Lineage) -> View:
    names = [name for name, _, _ in lineage]
    rest = any(name.startswith("rest_framework") for name in names)
    flasky = any(name.startswith("flask") for name in names) or any(
        route.framework == "flask" for route in routes
    )
    viewset = any(name.rpartition(".")[2].endswith("ViewSet") for name in names) and rest
    options = _options(node, file, lineage, routes)
    own: Lineage = ((node.name, node, file), *lineage)
    limited = options.get("http_method_names") or options.get("methods")
    upper = frozenset(name.upper() for name in limited) if limited else None
    return View(
        name=qualified_name(node),
        node=node,
        file=file,
        kind="viewset" if viewset else "class",
        framework="drf" if rest else "flask" if flasky else "django",
        routes=routes,
        methods=view_methods.of_class([(name, found) for name, found, _ in own], upper, routes, file),
        parameters={**_widest(routes), **_lookup(own, routes, options, file)},
        decorators=(*_wrappers(routes), *_class_decorators(own, options)),
        options=options,
        lineage=lineage,
    )


def _widest(routes: tuple[Route, ...]) -> dict[str, str]:
    """The parameters of all routes; where two disagree, the converter that lets more through."""
    found: dict[str, str] = {}
    for route in routes:
        for name, kind in route.parameters.items():
            found[name] = max(found.get(name, kind), kind, key=_WIDTH.__getitem__)
    return found


def _wrappers(routes: tuple[Route, ...]) -> tuple[str, ...]:
    """The decorators that every route puts around the view."""
    common = [
        name for name in (routes[0].wrappers if routes else ()) if all(name in r.wrappers for r in routes)
    ]
    return tuple(common)


def _decorators(marks: list[ast.expr], file: File) -> Iterator[str]:
    """The dotted names of decorators; of `method_decorator(x)` that of x."""
    for mark in marks:
        names = list(names_in(mark, file))
        if isinstance(mark, ast.Call) and names and names[0].endswith(".method_decorator") and mark.args:
            yield from names_in(mark.args[0], file)
        else:
            yield from names


def _class_decorators(own: Lineage, options: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Those of the class and the classes above it, of their `dispatch`, and those listed in an attribute (Flask)."""
    for _, node, home in own:
        if node is not None:
            yield from _decorators(node.decorator_list, home)
            for item in node.body:
                if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == "dispatch":
                    yield from _decorators(item.decorator_list, home)
    yield from options.get("decorators", ())
    yield from options.get("method_decorators", ())


def _options(
    node: ast.ClassDef, file: File, lineage: Lineage, routes: tuple[Route, ...]
) -> dict[str, tuple[str, ...]]:
    """The attributes of a class, those of the nearest class first, and over them what `as_view` is given."""
    found: dict[str, tuple[str, ...]] = {}
    for _, owner, home in (("", node, file), *lineage):
        for item in owner.body if owner is not None else ():
            if isinstance(item, (ast.Assign, ast.AnnAssign)) and item.value is not None:
                target = item.targets[0] if isinstance(item, ast.Assign) else item.target
                if isinstance(target, ast.Name) and target.id not in found:
                    found[target.id] = tuple(names_in(item.value, home))
    for route in routes:
        found.update(route.options)
    return found


def _rest_options(node: Function, file: File) -> dict[str, tuple[str, ...]]:
    """What DRF's decorators give a function view: `@permission_classes([IsAuthenticated])`."""
    found: dict[str, tuple[str, ...]] = {}
    for mark in node.decorator_list:
        name = file.resolve(_called(mark)) or ""
        if isinstance(mark, ast.Call) and name.startswith("rest_framework.decorators."):
            for keyword in mark.keywords:
                if keyword.arg and keyword.arg.endswith("_classes"):
                    found[keyword.arg] = tuple(names_in(keyword.value, file))
            if name.endswith("_classes") and mark.args:
                found[name.rpartition(".")[2]] = tuple(names_in(mark.args[0], file))
    return found


def _lookup(
    own: Lineage, routes: tuple[Route, ...], options: Mapping[str, tuple[str, ...]], file: File
) -> dict[str, str]:
    """The parameters that a router gives a viewset: the key of one object, and those of extra actions."""
    if not any(route.router for route in routes):
        return {}
    name = (options.get("lookup_url_kwarg") or options.get("lookup_field") or ("pk",))[0]
    kind = (options.get("lookup_value_converter") or ("",))[0]
    regex = options.get("lookup_value_regex")
    found = {name: kind if kind in _WIDTH else kind_of_regex(regex[0]) if regex else STR}
    for _, node, home in own:
        for item in node.body if node is not None else ():
            for mark in getattr(item, "decorator_list", ()):
                if isinstance(mark, ast.Call) and view_methods.action_methods(mark, home) is not None:
                    for keyword in mark.keywords:
                        folded = home.constant(keyword.value) if keyword.arg == "url_path" else None
                        if folded is not None and isinstance(folded.value, str):
                            found.update(regex_groups(folded.value))
    return found


def _called(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node
