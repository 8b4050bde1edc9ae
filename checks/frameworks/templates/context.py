"""What views hand to templates, and the templates that they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checks.frameworks.templates.files import TemplateFile
from checks.frameworks.templates.model import Expression
from checks.semantics.contents import element
from checks.semantics.invocation import Invocation
from checks.semantics.library import Place
from checks.semantics.source import Project
from checks.semantics.values import UNKNOWN, Value

_PLACES: Mapping[str, tuple[Place, Place]] = {
    "django.shortcuts.render": ((1, "template_name"), (2, "context")),
    "django.template.loader.render_to_string": ((0, "template_name"), (1, "context")),
}
_MAX_TEMPLATES = 5


def rendered_with(invocation: Invocation) -> tuple[str, Mapping[str, Value]] | None:
    """The template's name and the values of its context; None where the name is not certain."""
    places = _PLACES.get(invocation.name)
    if places is None:
        name = invocation.constant((0, "template_name_or_list"))
        return (name, invocation.keywords) if isinstance(name, str) else None
    name = invocation.constant(places[0])
    context = invocation.argument(places[1])
    if not isinstance(name, str) or context is None:
        return None
    items = {key: value for key, value in (context.items or {}).items() if isinstance(key, str)}
    return name, items


def templates_named(name: str, project: Project) -> Iterator[TemplateFile]:
    """The templates that a name may mean: those whose path ends in it."""
    if not name or name.startswith((".", "/")) or "*" in name:
        return
    for path in project.named(f"/{name}")[:_MAX_TEMPLATES]:
        document = project.document(path)
        if isinstance(document, TemplateFile):
            yield document


def value_of(expression: Expression, context: Mapping[str, Value]) -> Value:
    """What an expression's name stands for in a context."""
    if not expression.path:
        return UNKNOWN
    value = context.get(expression.path[0], UNKNOWN)
    for part in expression.path[1:]:
        items = value.items or {}
        value = items[part] if part in items else element(value)
    return value
