"""The routes of a project by the views that they lead to."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from checks.frameworks.route import Route
from checks.frameworks.routed import unwrapped
from checks.semantics.definitions import definition
from checks.semantics.names import qualified_name
from checks.semantics.source import File


class Views:
    """Routes, found by the dotted name of a view or by its definition."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = tuple(routes)
        self._by_word: dict[str, list[Route]] = {}
        for route in self.routes:
            self._by_word.setdefault(route.view.rpartition(".")[2], []).append(route)

    def named(self, view: str) -> tuple[Route, ...]:
        """The routes whose view goes by a dotted name in the file that routes it."""
        return tuple(route for route in self._by_word.get(view.rpartition(".")[2], ()) if route.view == view)

    def of(self, node: ast.AST, file: File) -> tuple[Route, ...]:
        """The routes of a function or class, re-exports and names that its module gives it followed."""
        name = qualified_name(node)
        found = [
            route for route in self._by_word.get(name.rpartition(".")[2], ()) if _is_meant(route, name, file)
        ]
        if self.routes:
            for alias in _aliases(file).get(f"{file.module}.{name}", ()):
                for route in self._by_word.get(alias.name, ()):
                    if _is_meant(route, alias.name, file):
                        wrappers, options = (
                            route.wrappers + alias.wrappers,
                            {**route.options, **alias.options},
                        )
                        found.append(replace(route, wrappers=wrappers, options=options))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Alias:
    """A name that a module gives a view: `order = login_required(OrderView.as_view())`."""

    name: str
    wrappers: tuple[str, ...]
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _is_meant(route: Route, name: str, file: File) -> bool:
    """Whether a route's view is what a file defines under a qualified name."""
    if route.view == f"{file.module}.{name}" or (route.view == name and route.path == file.path):
        return True
    if not route.view.endswith(f".{name}"):
        return False
    module = route.view.removesuffix(f".{name}")
    home = file.project.module(module, route.path)
    if home is None or home.path == file.path:
        return home is not None
    top = name.partition(".")[0]
    routing = file.project.file(route.path)
    found = definition(f"{module}.{top}", routing) if routing is not None else None
    return found is not None and found[1].path == file.path


def _aliases(file: File) -> Mapping[str, tuple[_Alias, ...]]:
    return file.once("view-aliases", lambda: _find_aliases(file))


def _find_aliases(file: File) -> dict[str, tuple[_Alias, ...]]:
    """The names that a module's top gives to its own functions and classes, by what they stand for."""
    found: dict[str, tuple[_Alias, ...]] = {}
    for statement in file.tree.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            if isinstance(statement.value, (ast.Call, ast.Name)):
                view, _, wrappers, options, _ = unwrapped(statement.value, file)
                if view.startswith(f"{file.module}."):
                    alias = _Alias(statement.targets[0].id, wrappers, options)
                    found[view] = (*found.get(view, ()), alias)
    return found
