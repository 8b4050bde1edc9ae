"""Django's forms at work: the choices that a field offers, each with the text of a row.

From Django's documentation: "Form fields" (ModelChoiceField), "Creating forms from models".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.class_options import Declared, declared_in, lineage_of
from checks.frameworks.django.admin_registry import attribute_of
from checks.frameworks.django.choices import offer, relations_listed, relations_of
from checks.frameworks.lookups import each, method_called, place_of, shown
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import leave
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.nodes import descendants
from checks.semantics.rows import Rows
from checks.semantics.values import UNKNOWN, Value, instance

_ARRANGING = re.compile(r"formset_factory|modelform_factory|Inline\b|\w+Admin\b|FormSet\b")
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
    if any(name.endswith("ModelForm") for name in owner.order()[1]):
        _of_model(frame, owner)


def _of_model(frame: Frame, owner: Class) -> None:
    """The fields that a form makes of a model's relations, unless it says more of them."""
    meta = next((target for target in attribute_of(owner, "Meta").targets if isinstance(target, Class)), None)
    if meta is None or "Meta" not in owner.env or _is_arranged(owner):
        return
    own = {*declared_in(lineage_of(owner.node, owner.file)), *_keys(attribute_of(meta, "widgets"))}
    own |= {*_keys(attribute_of(meta, "field_classes")), *_texts(attribute_of(meta, "exclude"))}
    for model in attribute_of(meta, "model").targets:
        if not isinstance(model, Class):
            continue
        fields = attribute_of(meta, "fields")
        names = relations_of(model) if fields.const == "__all__" or fields is UNKNOWN else _texts(fields)
        handled = [text for one in owner.order()[0] for text in _handled(one)]
        listed = [name for name in names if name not in own and name not in handled]
        place = place_of(meta.node)
        for name, type_ in relations_listed(frame.machine, model, listed):
            frame.step()
            offer(frame, type_, place, (owner.node, name))


def _is_arranged(owner: Class) -> bool:
    """Whether a formset or an admin may use the form: they put other fields and widgets in the place of some."""
    project = owner.file.project
    paths = project.mentioning((owner.node.name,), ".py")
    return any(_ARRANGING.search(file.text) is not None for path in paths if (file := project.file(path)))


def _handled(owner: Class) -> Iterator[str]:
    """The fields that the methods of a form name: they may have choices of their own."""
    for item in owner.node.body:
        if isinstance(item, ast.FunctionDef):
            for node in descendants(item):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield node.value


def _keys(value: Value) -> Iterator[str]:
    return (key for key in value.items or {} if isinstance(key, str))


def _texts(value: Value) -> Iterator[str]:
    return (item.const for item in (value.items or {}).values() if isinstance(item.const, str))


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
