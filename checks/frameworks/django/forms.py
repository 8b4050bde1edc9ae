"""Django's forms at work: the choices that a field offers, each with the text of a row.

From Django's documentation: "Form fields" (ModelChoiceField), "Creating forms from models".
"""

from __future__ import annotations

import ast

from checks.frameworks.class_options import Declared, declared_in, lineage_of
from checks.frameworks.lookups import each, method_called, place_of, shown
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.queries import leave
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Rows
from checks.semantics.values import UNKNOWN, Value, instance

_FORMS = ("django.forms.", "django_filters.", "wtforms.")
_LISTING = ("CheckboxSelectMultiple", "RadioSelect", "Select", "SelectMultiple")
_CHOICES = ("ModelChoiceField", "ModelMultipleChoiceField", "ModelChoiceFilter", "ModelMultipleChoiceFilter")


def act(frame: Frame, owner: Class) -> None:
    """Offer the choices of the fields that a form declares: each shows the text of its row."""
    if not any(name.startswith(_FORMS) for name in owner.order()[1]):
        return
    for field in declared_in(lineage_of(owner.node, owner.file)[:1]).values():
        frame.step()
        _choices(frame, owner, field)


def _choices(frame: Frame, owner: Class, field: Declared) -> None:
    kind = _kind(frame, field)
    widget = field.argument("widget")
    if kind is None or (widget is not None and not _lists_choices(widget, field)):
        return  # a widget of its own may ask for its choices one page at a time
    held = next((one.env[field.name] for one in owner.order()[0] if field.name in one.env), UNKNOWN)
    rows = (held.items or {}).get("queryset", UNKNOWN)
    if not isinstance(rows.record, Rows):
        return
    place = place_of(field.call)
    one = each(frame, rows, place, field.call)
    label = None
    if isinstance(kind, Class):
        label = method_called(frame, instance(kind), "label_from_instance", place, one)
    if label is None:
        shown(frame, one, place)
    leave(frame)


def _lists_choices(widget: ast.expr, field: Declared) -> bool:
    name = field.file.resolve(widget.func if isinstance(widget, ast.Call) else widget) or ""
    return name.startswith("django.forms.") and name.endswith(_LISTING)


def _kind(frame: Frame, field: Declared) -> Class | str | None:
    """The class of a field that offers rows: Django's, or one of the project that derives from it."""
    if field.dotted.endswith(_CHOICES) and field.dotted.startswith(_FORMS):
        return field.dotted
    for target in frame.machine.imported(field.dotted, field.file, frame).targets:
        if isinstance(target, Class) and any(name.endswith(_CHOICES) for name in target.order()[1]):
            return target
    return None


def model_choice(_frame: Frame, call: Invocation) -> Value | None:
    """`ModelChoiceField(queryset=...)`: a field that offers the rows of a query."""
    rows = call.argument((0, "queryset"))
    return None if rows is None else Value(type="django.forms.ModelChoiceField", items={"queryset": rows})
