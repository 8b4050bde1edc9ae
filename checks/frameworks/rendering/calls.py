"""Calls that render a template: which one, with which context."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from checks.frameworks.rendering.shared import shared_context
from checks.frameworks.rendering.template import render
from checks.frameworks.templates import DJANGO, TemplateFile
from checks.frameworks.templates.context import templates_named
from checks.semantics.interpret.frame import Frame
from checks.semantics.invocation import Invocation
from checks.semantics.library import Place
from checks.semantics.source import Project
from checks.semantics.values import Value, constant

TEMPLATE = "django.template.Template"


def renders(name: Place, context: Place | None) -> Callable[[Frame, Invocation], Value | None]:
    """A function that renders the template of a name with a context; without a place for that, with its keywords."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        given = call.argument(name)
        if given is not None:
            held = call.argument(context) if context is not None else None
            render_named(frame, given, call.keywords if context is None else items_of(held))
        return None

    return does


def loads(name: Place) -> Callable[[Frame, Invocation], Value | None]:
    """A function that gives the template of a name."""

    def does(_frame: Frame, call: Invocation) -> Value | None:
        given = call.argument(name)
        found = next(_names(given), None) if given is not None else None
        return Value(type=TEMPLATE, items={"name": constant(found)}) if found is not None else None

    return does


def renders_itself(frame: Frame, call: Invocation) -> Value | None:
    """`template.render(context)`."""
    held = call.argument((0, "context"))
    name = ((call.receiver.items or {}) if call.receiver is not None else {}).get("name")
    if name is not None:
        render_named(frame, name, {**items_of(held), **call.keywords})
    return None


def items_of(context: Value | None) -> Mapping[str, Value]:
    """The names and values of a context."""
    items = context.items if context is not None else None
    return {key: value for key, value in (items or {}).items() if isinstance(key, str)}


def render_named(frame: Frame, name: Value, context: Mapping[str, Value]) -> None:
    """Render the template that a value names, of several the first that the project has."""
    project = _project(frame)
    if project is None:
        return
    for text in _names(name):
        found: TemplateFile | None = next(templates_named(text, project), None)
        if found is not None:
            if found.language != DJANGO:
                context = {**shared_context(frame, project, frame.file.path), **context}
            render(frame, found, context)
            return


def _names(value: Value) -> Iterator[str]:
    if isinstance(value.const, str):
        yield value.const
    for item in (value.items or {}).values():
        if isinstance(item.const, str):
            yield item.const


def _project(frame: Frame) -> Project | None:
    return getattr(frame.file, "project", None)
