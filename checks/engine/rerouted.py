"""The files of views whose routes a change alters: a login that is demanded in a URL module is missed in the views."""

from __future__ import annotations

from collections.abc import Iterable

from checks.engine.project import Project
from checks.frameworks.django import urls as django
from checks.frameworks.flask import routes as flask
from checks.frameworks.route import Route

_HINTS = ("urlpatterns", "router", "add_url_rule", "add_resource", "view_func")

Signature = tuple[str, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...], frozenset[str] | None]


def rerouted(base: Project, old: Iterable[str], head: Project, new: Iterable[str]) -> set[str]:
    """The paths in the head of the views that have other routes, decorators or options there than in the base.

    `old` and `new` are the paths that the change touches; nothing is read unless one of them routes views.
    """
    before, after = _routing(base, old), _routing(head, new)
    if not before and not after:
        return set()
    one, other = _signatures(base, before), _signatures(head, after)
    views = {view for view in one.keys() | other.keys() if one.get(view) != other.get(view)}
    return {path for view in views if (path := _home(view, head)) is not None}


def _routing(project: Project, paths: Iterable[str]) -> set[str]:
    """Those of some paths that may route views of other files."""
    python = [path for path in paths if path.endswith(".py")]
    files = ((path, project.file(path)) for path in python)
    return {path for path, file in files if file is not None and any(hint in file.text for hint in _HINTS)}


def _signatures(project: Project, paths: set[str]) -> dict[str, frozenset[Signature]]:
    """What the routes in some files say of each view."""
    found: dict[str, set[Signature]] = {}
    if paths:
        for route in (*django.views_of(project).routes, *flask.views_of(project).routes):
            if route.path in paths:
                found.setdefault(route.view, set()).add(_signature(route))
    return {view: frozenset(signatures) for view, signatures in found.items()}


def _signature(route: Route) -> Signature:
    return route.pattern, route.wrappers, tuple(sorted(route.options.items())), route.methods


def _home(view: str, project: Project) -> str | None:
    """The path of the file that a view's dotted name leads to, through re-exports."""
    module = view.rpartition(".")[0]
    for _ in range(2):  # `module.view`, `module.Class.method`
        home = project.module(module, "") if module else None
        if home is not None:
            bound = home.names.bindings(home.tree).get(view.removeprefix(f"{module}.").partition(".")[0])
            if bound is not None and bound.kind == "import":
                behind = project.module(bound.target.rpartition(".")[0], home.path)
                return behind.path if behind is not None else home.path
            return home.path
        module = module.rpartition(".")[0]
    return None
