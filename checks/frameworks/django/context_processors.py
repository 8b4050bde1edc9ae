"""Context processors: what each of them gives to the templates, and what these ask of it.

A page that prints what a processor gives asks the same whichever view renders it: it is asked once, in the name of the
processor. From Django's documentation: "The Django template language: for Python programmers" (Writing your own context
processors).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.drf.settings import SETTINGS_FILES
from checks.frameworks.lookups import called, place_of
from checks.frameworks.rendering import items_of, render, telling
from checks.frameworks.templates import DJANGO, TemplateFile
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Function
from checks.semantics.roles import RUNNING, role_of
from checks.semantics.source import Project
from checks.semantics.values import Value, instance

_REQUEST = instance("django.http.HttpRequest")
_OPTION = "context_processors"
_TEMPLATES = (".html", ".txt")
_MAX_TEMPLATES = 40


def act_on(frame: Frame, function: Function) -> None:
    """Show the templates that name what a context processor gives."""
    project = frame.machine.project
    if function.owner is not None or not is_listed(_dotted(function), project):
        return
    context = telling(items_of(called(frame, Value(targets=(function,)), place_of(function.node), _REQUEST)))
    for path in project.mentioning(tuple(context), *_TEMPLATES)[:_MAX_TEMPLATES] if context else ():
        template = project.document(path)
        if isinstance(template, TemplateFile) and template.language == DJANGO:
            render(frame, template, context)


def _dotted(function: Function) -> str:
    return f"{function.file.module}.{function.name.rpartition('.')[2]}"


def is_listed(name: str, project: Project) -> bool:
    """Whether the settings list a dotted name as a context processor."""
    return any(
        name == dotted or name.endswith(f".{dotted}")
        for dotted in project.once(_OPTION, lambda: tuple(_listed(project)))
    )


def _listed(project: Project) -> Iterator[str]:
    """The dotted names that the settings list."""
    for path in project.mentioning((_OPTION,), *SETTINGS_FILES):
        file = project.file(path) if role_of(path) in RUNNING else None
        for node in file.nodes if file is not None else ():
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == _OPTION:
                        yield from _texts(value)


def _texts(node: ast.expr) -> Iterator[str]:
    for item in ast.walk(node):
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            yield item.value
