"""Django's admin at work: the rows that a changelist shows, its actions, the choices of forms, the rows of inlines.

From Django's documentation: "The Django admin site": `list_display`, `list_select_related`, "InlineModelAdmin objects".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.admin_registry import attribute_of, links_to_parents, registered_for
from checks.frameworks.django.choices import default_rows, offer, relations_listed, relations_of
from checks.frameworks.django.class_views import own_method
from checks.frameworks.django.paths import non_null_paths
from checks.frameworks.django.schema import schema_of
from checks.frameworks.lookups import Place, called, each, followed, method_called, place_of, shown
from checks.semantics.interpret.frame import Frame, Machine
from checks.semantics.interpret.loops import leave
from checks.semantics.interpret.queries import rows_value
from checks.semantics.interpret.targets import Class, Function
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Origin, Path, Row, Rows
from checks.semantics.values import UNKNOWN, Value, constant, instance

_MODEL_ADMINS = ("ModelAdmin", "UserAdmin", "GroupAdmin")
_INLINES = (
    "InlineModelAdmin",
    "TabularInline",
    "StackedInline",
    "GenericTabularInline",
    "GenericStackedInline",
)
_OWN_FORMS = (
    "formfield_for_dbfield",
    "formfield_for_foreignkey",
    "formfield_for_manytomany",
    "get_form",
    "get_formset",
)
_NO_LISTS = ("autocomplete_fields", "raw_id_fields", "readonly_fields", "exclude")


def act(frame: Frame, owner: Class) -> None:
    """Show the changelist and the form of a model's admin, or the rows of an inline."""
    names = owner.order()[1]
    if any(name.startswith("django.contrib.") and name.endswith(_MODEL_ADMINS) for name in names):
        for model in registered_for(frame.machine, owner):
            if isinstance(model, Class):
                _changelist(frame, owner, model)
                _actions(frame, owner, model)
            _form(frame, owner, model)
    elif any(name.startswith("django.contrib.") and name.endswith(_INLINES) for name in names):
        _inline(frame, owner)


def register(frame: Frame, call: Invocation) -> Value | None:
    """`admin.site.register(Order)`: a changelist that shows the text of each row."""
    if len(call.positional) == 1 and not call.keywords:
        for model in call.positional[0].targets:
            if isinstance(model, Class) and schema_of(model.node, model.file) is not None:
                rows = default_rows(frame.machine, model, Origin(frame.file, call.node, "admin-site"))
                place = place_of(call.node)
                shown(frame, each(frame, rows, place, call.node), place)
                leave(frame)
    return constant(None)


def _changelist(frame: Frame, owner: Class, model: Class) -> None:
    columns = _columns(owner)
    names = [name for name in columns if isinstance(name, str)]
    rows = _joined(frame, owner, model, _rows(frame, owner, model, "admin"), names)
    place = _place(owner, "list_display")
    one = each(frame, rows, place, (owner.node, model.node))
    for column in columns:
        frame.step()
        if isinstance(column, str):
            _column(frame, owner, column, one, place)
        else:
            called(frame, column, place, one)
    if attribute_of(owner, "actions").const is not None:
        shown(frame, one, place)  # the box that chooses a row is labelled with its text
    leave(frame)


def _columns(owner: Class) -> list[str | Value]:
    """The columns of a changelist: names, and functions that are given the row."""
    held = attribute_of(owner, "list_display")
    if held is UNKNOWN:
        return ["__str__"]
    found: list[str | Value] = []
    for item in (held.items or {}).values():
        if isinstance(item.const, str):
            found.append(item.const)
        elif any(isinstance(target, Function) for target in item.targets):
            found.append(item)
    return found


def _column(frame: Frame, owner: Class, name: str, row: Value, place: Place) -> None:
    """One column of one row: a method of the admin, or what the model has under the name, as text."""
    if name == "__str__":
        shown(frame, row, place)
    elif method_called(frame, instance(owner), name, place, row) is None:
        shown(frame, followed(frame, row, name.split("__"), place), place)


def _actions(frame: Frame, owner: Class, model: Class) -> None:
    """Each action is given the rows that somebody chose."""
    rows = _rows(frame, owner, model, "admin-queryset")
    place = _place(owner, "actions")
    for item in (attribute_of(owner, "actions").items or {}).values():
        frame.step()
        if isinstance(item.const, str):
            method_called(frame, instance(owner), item.const, place, UNKNOWN, rows)
        elif any(isinstance(target, Function) for target in item.targets):
            called(frame, item, place, instance(owner), UNKNOWN, rows)


def _form(frame: Frame, owner: Class, model: Class | str) -> None:
    """The lists of choices of the form that edits one row."""
    if attribute_of(owner, "form") is not UNKNOWN or any(own_method(owner, name) for name in _OWN_FORMS):
        return
    place = _place(owner, "fieldsets" if attribute_of(owner, "fields") is UNKNOWN else "fields")
    for name, type_ in _choice_fields(frame.machine, owner, model):
        frame.step()
        offer(frame, type_, place, (owner.node, name))


def _choice_fields(machine: Machine, owner: Class, model: Class | str) -> Iterator[tuple[str, Class | str]]:
    """The relations that a form lists all rows of, each with the class of these rows."""
    listed = _listed_fields(owner)
    without = {name for option in _NO_LISTS for name in _texts(attribute_of(owner, option))}
    names = listed if listed is not None else relations_of(model)
    return relations_listed(machine, model, (name for name in names if name not in without))


def _listed_fields(owner: Class) -> list[str] | None:
    """The fields that `fields` or `fieldsets` name; None where neither is given."""
    fields = attribute_of(owner, "fields")
    if fields is not UNKNOWN:
        return list(_texts(fields))
    sets = attribute_of(owner, "fieldsets")
    if sets is UNKNOWN:
        return None
    return [
        name
        for one in (sets.items or {}).values()
        for part in list((one.items or {}).values())[1:]
        for name in _texts((part.items or {}).get("fields", UNKNOWN))
    ]


def _texts(value: Value) -> Iterator[str]:
    """The texts in a list, those of rows of fields within it too."""
    for item in (value.items or {}).values():
        if isinstance(item.const, str):
            yield item.const
        else:
            yield from (part.const for part in (item.items or {}).values() if isinstance(part.const, str))


def _inline(frame: Frame, owner: Class) -> None:
    """Each row of an inline shows its text, its own columns, and all choices of its relations."""
    for target in attribute_of(owner, "model").targets:
        if not isinstance(target, Class) or schema_of(target.node, target.file) is None:
            continue
        links = links_to_parents(frame.machine, owner, target)
        if any(column.one_to_one for column in links):
            continue  # one row at the most
        rows = _rows(frame, owner, target, "inline")
        assert isinstance(rows.record, Rows)
        loaded = _of_parent(rows, [column.name for column in links])
        place = _place(owner, "model")
        one = each(frame, loaded, place, owner.node)
        shown(frame, one, place)
        for name in _texts(attribute_of(owner, "readonly_fields")):
            _column(frame, owner, name, one, place)
        known = {column.name for column in links}
        for name, type_ in _choice_fields(frame.machine, owner, target):
            if name not in known and not any(own_method(owner, method) for method in _OWN_FORMS):
                offer(frame, type_, place, (owner.node, name))
        leave(frame)


def _of_parent(rows: Value, links: list[str]) -> Value:
    """The rows below the one that is edited: the formset tells each of them which that is."""
    record = rows.record
    assert isinstance(record, Rows)
    if len(links) == 1:
        return rows_value(record.but(parent=Row(), accessor="", back=links[0], pristine=False), rows.type)
    return rows_value(record.with_loads([(name,) for name in links]), rows.type)


def _rows(frame: Frame, owner: Class, model: Class, way: str) -> Value:
    """The query of a changelist: what the admin's own `get_queryset` gives, else the default manager's."""
    method = own_method(owner, "get_queryset")
    if method is not None:
        receiver = Value(type=owner, items={}, facts={"fixed": ("`model", model.name)})
        returned = frame.machine.summary(method, [receiver, UNKNOWN]).returns
        if returned is not None and isinstance(returned.record, Rows):
            return rows_value(returned.record.but(type=returned.record.type or model), returned.type)
    return default_rows(frame.machine, model, Origin(owner.file, owner.node, way))


def get_queryset(frame: Frame, call: Invocation) -> Value | None:
    """`super().get_queryset(request)` of an admin for one model."""
    receiver = call.receiver
    owner = receiver.type if receiver is not None else None
    if not isinstance(owner, Class):
        return None
    frame.looked_up(owner, "`rows", owner)
    found = [model for model in registered_for(frame.machine, owner) if isinstance(model, Class)]
    found = found or [target for target in attribute_of(owner, "model").targets if isinstance(target, Class)]
    if not found:
        return None
    rows = default_rows(frame.machine, found[0], Origin(frame.file, call.node))
    assert isinstance(rows.record, Rows)
    return rows_value(rows.record.but(loops=frame.loops), rows.type)


def _joined(frame: Frame, owner: Class, model: Class, rows: Value, columns: list[str]) -> Value:
    """The query with the joins that the changelist adds, unless the query has some of its own.

    https://docs.djangoproject.com/en/stable/ref/contrib/admin/#django.contrib.admin.ModelAdmin.list_select_related
    """
    record = rows.record
    assert isinstance(record, Rows)
    if "select_related" in record.applied or own_method(owner, "get_list_select_related") is not None:
        return rows
    given = attribute_of(owner, "list_select_related")
    paths: list[Path] = [tuple(name.split("__")) for name in _texts(given)]
    if not paths and (given.const is True or _shows_key(frame.machine, model, columns)):
        paths = list(non_null_paths(frame.machine, model))
    return rows_value(record.with_loads(paths), rows.type)


def _shows_key(machine: Machine, model: Class, columns: list[str]) -> bool:
    """Whether a column is a foreign key: then the changelist joins all that can't be NULL."""
    schema = schema_of(model.node, model.file)
    found = (schema.columns.get(name) for name in columns) if schema is not None else ()
    return any(column is not None and bool(column.to) and not column.many for column in found)


def _place(owner: Class, name: str) -> Place:
    for statement in owner.node.body:
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == name:
            return place_of(statement)
    return place_of(owner.node)
