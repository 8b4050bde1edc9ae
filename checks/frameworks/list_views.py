"""Class-based views that list rows: which table they list, and whether in pages.

From Django's documentation: "Multiple object mixins"; from Django REST framework's: "Pagination".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from checks.frameworks.drf.settings import rest_defaults, settings_mention
from checks.frameworks.homes import at_home, home_of
from checks.frameworks.views import View
from checks.frameworks.whole_tables import MANAGERS, is_growing, written_whole
from checks.semantics.definitions import definition
from checks.semantics.source import File

_ENDPOINTS = (
    "rest_framework.generics.List",
    "rest_framework.mixins.List",
    "rest_framework.viewsets.ModelViewSet",
    "rest_framework.viewsets.ReadOnlyModelViewSet",
)
_PAGES = ("django.views.generic.ListView", "django.views.generic.list.ListView")
_OWN = frozenset({"filter_queryset", "get", "get_paginate_by", "get_queryset", "list", "paginate_queryset"})
_PLAIN = frozenset({"format", "version"})


@dataclass(frozen=True, slots=True)
class ListView:
    """A view of all rows of a model: `statement` says which; `rest` tells endpoints from pages.

    `grows` says that the model's rows become more by themselves, as far as its fields tell. `pages` says how it is
    paginated: `yes`, `no`, `off` where it says so itself, `unknown` where others may say.
    """

    statement: ast.Assign
    model: str
    grows: bool
    rest: bool
    pages: str


def list_view(view: View) -> ListView | None:
    """What a class-based view lists; `None` for one that lists nothing, does it itself, or lists a part alone."""
    if not isinstance(view.node, ast.ClassDef):
        return None
    names = [name for name, _, _ in view.lineage]
    rest = any(name.startswith(_ENDPOINTS) for name in names)
    if not rest and not any(name in _PAGES for name in names):
        return None
    methods = {getattr(item, "name", "") for node, _ in _classes(view) for item in node.body}
    if not methods.isdisjoint(_OWN) or _is_nested(view):
        return None
    found = _listed(view)
    if found is None:
        return None
    return ListView(*found, rest, _pages_of_endpoint(view) if rest else _pages(view))


def model_shown(view: View) -> tuple[ast.ClassDef, File] | None:
    """The model whose rows a view shows, by its `queryset` or `model`."""
    for name in ("queryset", "model"):
        given = option_of(view, name)
        if given is None:
            continue
        found: ast.AST = given[1].names.value(given[0].value)
        while name == "queryset" and isinstance(found, (ast.Call, ast.Attribute)):
            below = found.func if isinstance(found, ast.Call) else found.value
            if isinstance(found, ast.Attribute) and found.attr in MANAGERS:
                found = below
                break
            found = below
        dotted = given[1].resolve(found)
        made = definition(dotted, given[1]) if dotted is not None else None
        return (made[0], made[1]) if made is not None and isinstance(made[0], ast.ClassDef) else None
    return None


def narrows(view: View) -> bool:
    """Whether a view's class chooses among its rows in a method of its own."""
    return any(
        getattr(item, "name", "") in ("filter_queryset", "get_object", "get_queryset")
        for node, _ in _classes(view)
        for item in node.body
    )


def _is_nested(view: View) -> bool:
    """Whether the address names another object, whose rows alone are meant."""
    return any(set(route.parameters) - _PLAIN for route in view.routes if not route.router)


def _classes(view: View) -> Iterator[tuple[ast.ClassDef, File]]:
    if isinstance(view.node, ast.ClassDef):
        yield view.node, view.file
    yield from ((node, home) for _, node, home in view.lineage if node is not None)


def option_of(view: View, name: str) -> tuple[ast.Assign, File] | None:
    """The statement that gives an option, of the nearest class."""
    for node, home in _classes(view):
        for item in node.body:
            if isinstance(item, ast.Assign) and getattr(item.targets[0], "id", "") == name:
                return item, home
    return None


def _listed(view: View) -> tuple[ast.Assign, str, bool] | None:
    """The whole table that a class says it lists: where, its model's name, and whether it grows."""
    given = option_of(view, "queryset")
    if given is None:
        named = option_of(view, "model")
        return (named[0], *_model(named[0].value, named[1])) if named is not None else None
    statement, home = given
    found: ast.AST = home.names.value(statement.value)
    while isinstance(found, ast.Call) or (isinstance(found, ast.Attribute) and found.attr not in MANAGERS):
        found = found.func if isinstance(found, ast.Call) else found.value
    if not isinstance(found, ast.Attribute) or not written_whole(statement.value, home):
        return None
    return statement, *_model(found.value, home)


def _model(node: ast.expr, file: File) -> tuple[str, bool]:
    found = definition(file.resolve(node) or "", file)
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name, found is not None and is_growing(*found)


def _pages_of_endpoint(view: View) -> str:
    """By its class, else by the settings, which must be in sight."""
    given = option_of(view, "pagination_class")
    if given is not None:
        folded = given[1].constant(given[0].value)
        return "off" if folded is not None and folded.value is None else "yes"
    project, home = view.file.project, home_of(view.file.path, view.file.project)
    if at_home(project.mentioning(("DEFAULT_PAGINATION_CLASS",), ".py"), home, project):
        return "yes"
    defaults = rest_defaults(view.file)
    if defaults.given:
        return "no" if defaults.complete else "unknown"
    return "no" if settings_mention(view.file, "rest_framework") else "unknown"


def _pages(view: View) -> str:
    if option_of(view, "paginate_by") is not None or "paginate_by" in view.options:
        return "yes"
    foreign = any(node is None and not name.startswith("django.") for name, node, _ in view.lineage)
    return "unknown" if foreign else "no"
