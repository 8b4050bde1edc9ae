"""Django's URL patterns, put together over all files: which views a project routes, by which patterns."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from checks.frameworks.django.patterns import Include, Patterns, Prefix
from checks.frameworks.route import Route
from checks.frameworks.routing import Views
from checks.semantics.roles import Role, role_of
from checks.semantics.source import File, Project

_FILES = ("urls.py", "_urls.py", "urlpatterns.py", "/urls/__init__.py", "routers.py", "router.py")
_FILES_LIMIT = 3_000
_CONTEXTS = 3  # prefixes under which one list is read: more say nothing new about the views
_ROUTES_LIMIT = 30_000
_HINTS = ("path(", "url(", "router")


def views_of(project: Project) -> Views:
    """The routes of a Django project, computed once; for those in other files than URL modules ask `routes_in`."""
    return project.once("django-urls", lambda: Views(_Composer(project).routes()))


def routes_in(file: File) -> Views:
    """The routes that stand in any one file, as those of an admin's `get_urls`."""
    return file.once(
        "django-routes", lambda: Views(_own(file) if any(hint in file.text for hint in _HINTS) else ())
    )


def _own(file: File) -> list[Route]:
    patterns = Patterns(file)
    items = [*patterns.of("urlpatterns"), *patterns.rest()]
    return [item for item in items if isinstance(item, Route)]


class _Composer:
    """Follows includes from the URL modules, prefix by prefix."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._patterns: dict[str, Patterns] = {}
        self._lists: dict[tuple[str, str], list[Route | Include]] = {}
        self._met: dict[tuple[str, str], int] = {}
        self._routes: dict[tuple[object, ...], Route] = {}

    def routes(self) -> Iterable[Route]:
        """All routes, each with what stands before it in the including files."""
        paths = [path for path in self._project.named(*_FILES) if role_of(path) is not Role.TEST][
            :_FILES_LIMIT
        ]
        included = {
            (home, item.name)
            for path in paths
            for item in self._list(path, "urlpatterns")
            if isinstance(item, Include) and (home := self._home(item, path)) is not None
        }
        for path in paths:
            if (path, "urlpatterns") not in included:
                self._compose(path, "urlpatterns", Prefix())
        for path in paths:
            if (path, "urlpatterns") not in self._met:  # includes that go round in a circle
                self._compose(path, "urlpatterns", Prefix())
        for patterns in self._patterns.values():
            for item in patterns.rest():
                if isinstance(item, Route):
                    self._add(item)
        return self._routes.values()

    def _compose(self, path: str, name: str, prefix: Prefix) -> None:
        waiting = deque([(path, name, prefix, frozenset[tuple[str, str]]())])
        while waiting and len(self._routes) < _ROUTES_LIMIT:
            path, name, prefix, above = waiting.popleft()
            if (path, name) in above or self._met.get((path, name), 0) >= _CONTEXTS:
                continue
            self._met[path, name] = self._met.get((path, name), 0) + 1
            for item in self._list(path, name):
                if isinstance(item, Route):
                    self._add(prefix.of(item))
                elif (home := self._home(item, path)) is not None:
                    waiting.append((home, item.name, prefix.before(item.prefix), above | {(path, name)}))
                elif item.outside is not None:
                    self._add(prefix.before(item.prefix).of(item.outside))

    def _add(self, route: Route) -> None:
        self._routes.setdefault((route.path, route.span, route.pattern, route.view), route)

    def _list(self, path: str, name: str) -> list[Route | Include]:
        known = self._lists.get((path, name))
        if known is None:
            if path not in self._patterns:
                file = self._project.file(path)
                if file is None:
                    return []
                self._patterns[path] = Patterns(file)
            known = self._lists[path, name] = self._patterns[path].of(name)
        return known

    def _home(self, item: Include, near: str) -> str | None:
        home = self._project.module(item.module, near)
        return None if home is None else home.path
