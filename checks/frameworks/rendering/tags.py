"""The tags and filters that a project writes for its templates, by the libraries that a template loads."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.frameworks.rendering.shared import added
from checks.frameworks.templates import DJANGO, TemplateFile
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Function
from checks.semantics.source import File, Project
from checks.semantics.values import Value

_KINDS = frozenset({"filter", "inclusion_tag", "simple_tag", "tag", "app_template_filter", "template_filter"})


@dataclass(frozen=True, slots=True)
class ProjectTag:
    """A tag of the project: the function that is called, and the template that shows its result, where there is one."""

    function: Value
    template: str
    takes_context: bool


@dataclass(frozen=True, slots=True)
class _Declared:
    """A tag or filter as its module declares it: plain data, kept for the whole project."""

    kind: str
    path: str
    function: str
    template: str
    takes_context: bool


class Tags:
    """What a template's tags and filters stand for."""

    def __init__(
        self, frame: Frame, declared: Mapping[tuple[str, str], _Declared], project: Project | None
    ) -> None:
        self._frame = frame
        self._declared = declared
        self._project = project

    def tag(self, name: str) -> ProjectTag | None:
        """A tag that calls a function of the project."""
        found = self._declared.get(("tag", name))
        function = self._function(found) if found is not None else None
        if found is None or function is None:
            return None
        return ProjectTag(function, found.template, found.takes_context)

    def filter(self, name: str) -> Value | None:
        """The function behind a filter of the project."""
        found = self._declared.get(("filter", name))
        return self._function(found) if found is not None else None

    def _function(self, found: _Declared) -> Value | None:
        file = self._project.file(found.path) if self._project is not None else None
        if file is None:
            return None
        self._frame.uses.add(file.path)
        value = self._frame.machine.imported(f"{file.module}.{found.function}", file, None)
        return value if any(isinstance(target, Function) for target in value.targets) else None


def tags_of(template: TemplateFile, frame: Frame) -> Tags:
    """The tags and filters that a template knows: of the libraries that it loads, or those of the application."""
    project = template.project
    if project is None:
        return Tags(frame, {}, None)
    if template.language != DJANGO:
        return Tags(frame, project.once("jinja-filters", lambda: _of_application(project)), project)
    found: dict[tuple[str, str], _Declared] = {}
    for name in template.template.loads:
        found.update(_library(name, project))
    return Tags(frame, found, project)


def _library(name: str, project: Project) -> Mapping[tuple[str, str], _Declared]:
    if not name.isidentifier():
        return {}
    key = f"template-tags:{name}"
    return project.once(key, lambda: _of_files(project.named(f"/templatetags/{name}.py"), project))


def _of_application(project: Project) -> dict[tuple[str, str], _Declared]:
    """The filters of a Flask application, declared by decorators or added by calls."""
    found = _of_files(project.mentioning(("template_filter",), ".py"), project)
    for one in added(project):
        if one.kind == "filter":
            declared = _Declared("template_filter", one.path, one.function, "", False)
            found.setdefault(("filter", one.name), declared)
    return found


def _of_files(paths: tuple[str, ...], project: Project) -> dict[tuple[str, str], _Declared]:
    found: dict[tuple[str, str], _Declared] = {}
    for path in paths:
        file = project.file(path)
        if file is not None:
            for name, declared in _declared(file):
                kind = "filter" if declared.kind.endswith("filter") else "tag"
                found.setdefault((kind, name), declared)
    return found


def _declared(file: File) -> Iterator[tuple[str, _Declared]]:
    for node in file.tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if not isinstance(called, ast.Attribute) or called.attr not in _KINDS or called.attr == "tag":
                continue
            words = _keywords(decorator, file)
            first = _first(decorator, file)
            template = str(words.get("filename") or first or "") if called.attr == "inclusion_tag" else ""
            name = words.get("name") or (first if called.attr != "inclusion_tag" else None) or node.name
            takes = words.get("takes_context") is True
            yield str(name), _Declared(called.attr, file.path, node.name, template, takes)


def _keywords(decorator: ast.expr, file: File) -> dict[str, Any]:
    if not isinstance(decorator, ast.Call):
        return {}
    folded = {keyword.arg: file.constant(keyword.value) for keyword in decorator.keywords if keyword.arg}
    return {name: constant.value for name, constant in folded.items() if constant is not None}


def _first(decorator: ast.expr, file: File) -> object:
    if not isinstance(decorator, ast.Call) or not decorator.args:
        return None
    folded = file.constant(decorator.args[0])
    return folded.value if folded is not None else None
