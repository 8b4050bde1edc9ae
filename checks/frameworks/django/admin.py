"""Django's admin at work: the rows that a changelist shows, column by column, and those of inlines.

From Django's documentation: "The Django admin site": `list_display`, `list_select_related`, "InlineModelAdmin objects".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.class_views import own_method
from checks.frameworks.django.managers import default_manager, of_model
from checks.frameworks.django.paths import non_null_paths
from checks.frameworks.django.schema import schema_of
from checks.frameworks.lookups import Place, each, followed, method_called, place_of, shown
from checks.semantics.interpret.frame import Frame, Machine
from checks.semantics.interpret.queries import leave, rows_value
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Origin, Path, Rows
from checks.semantics.source import File
from checks.semantics.values import UNKNOWN, Value, instance

_ADMIN = "django.contrib.admin."
_MODEL_ADMINS = ("ModelAdmin", "UserAdmin", "GroupAdmin")
_INLINES = (
    "InlineModelAdmin",
    "TabularInline",
    "StackedInline",
    "GenericTabularInline",
    "GenericStackedInline",
)


def act(frame: Frame, owner: Class) -> None:
    """Show the changelist of a model's admin, or the rows of an inline."""
    names = owner.order()[1]
    if any(name.startswith("django.contrib.") and name.endswith(_MODEL_ADMINS) for name in names):
        _changelist(frame, owner)
    elif any(name.startswith("django.contrib.") and name.endswith(_INLINES) for name in names):
        _inline(frame, owner)


def _changelist(frame: Frame, owner: Class) -> None:
    columns = _column_names(frame, owner)
    for model in models_of(frame.machine, owner):
        rows = _rows(frame, owner, model)
        rows = _joined(frame, owner, model, rows, columns)
        place = _place(owner, "list_display")
        one = each(frame, rows, place, (owner.node, model.node))
        for name in columns:
            frame.step()
            _column(frame, owner, name, one, place)
        leave(frame)


def _column(frame: Frame, owner: Class, name: str, row: Value, place: Place) -> None:
    """One column of one row: a method of the admin, or what the model has under the name, as text."""
    if name == "__str__":
        shown(frame, row, place)
    elif method_called(frame, instance(owner), name, place, row) is None:
        shown(frame, followed(frame, row, name.split("__"), place), place)


def _inline(frame: Frame, owner: Class) -> None:
    """Each row of an inline shows its text; the row that it hangs on is known."""
    for target in _attribute(owner, "model").targets:
        if isinstance(target, Class) and schema_of(target.node, target.file) is not None:
            rows = _rows(frame, owner, target)
            assert isinstance(rows.record, Rows)
            known = [(name,) for name in _keys_of(target)]
            loaded = rows_value(rows.record.with_loads(known if len(known) == 1 else ()), rows.type)
            place = _place(owner, "model")
            shown(frame, each(frame, loaded, place, owner.node), place)
            leave(frame)


def _keys_of(model: Class) -> list[str]:
    schema = schema_of(model.node, model.file)
    return (
        [name for name, column in schema.columns.items() if column.to and not column.many] if schema else []
    )


def _rows(frame: Frame, owner: Class, model: Class) -> Value:
    """The query of a changelist: what the admin's own `get_queryset` gives, else the default manager's."""
    method = own_method(owner, "get_queryset")
    if method is not None:
        receiver = Value(type=owner, facts={"fixed": ("`model", model.name)})
        returned = frame.machine.summary(method, [receiver, UNKNOWN]).returns
        if returned is not None and isinstance(returned.record, Rows):
            rows = returned.record
            return rows_value(rows.but(type=rows.type or model), returned.type)
    return default_rows(frame.machine, owner, model)


def default_rows(machine: Machine, owner: Class, model: Class) -> Value:
    """The rows of a model's default manager, as an admin's class asks for them."""
    manager = of_model(default_manager(machine, model), model)
    assert isinstance(manager.record, Rows)
    return rows_value(manager.record.but(root=Origin(owner.file, owner.node, "admin")), manager.type)


def get_queryset(frame: Frame, call: Invocation) -> Value | None:
    """`super().get_queryset(request)` of an admin for one model."""
    receiver = call.receiver
    owner = receiver.type if receiver is not None else None
    if not isinstance(owner, Class):
        return None
    frame.looked_up(owner, "`rows", owner)
    model = next(models_of(frame.machine, owner), None)
    if model is None:
        found = [target for target in _attribute(owner, "model").targets if isinstance(target, Class)]
        model = found[0] if found else None
    if model is None:
        return None
    manager = of_model(default_manager(frame.machine, model), model)
    assert isinstance(manager.record, Rows)
    rows = manager.record.but(root=Origin(frame.file, call.node), loops=frame.loops)
    return rows_value(rows, manager.type)


def _joined(frame: Frame, owner: Class, model: Class, rows: Value, columns: list[str]) -> Value:
    """The query with the joins that the changelist adds, unless the query has some of its own.

    https://docs.djangoproject.com/en/stable/ref/contrib/admin/#django.contrib.admin.ModelAdmin.list_select_related
    """
    record = rows.record
    assert isinstance(record, Rows)
    if "select_related" in record.applied or own_method(owner, "get_list_select_related") is not None:
        return rows
    given = _attribute(owner, "list_select_related")
    listed = [item.const for item in (given.items or {}).values()]
    paths: list[Path] = [tuple(name.split("__")) for name in listed if isinstance(name, str)]
    if not paths and (given.const is True or _shows_key(frame.machine, model, columns)):
        paths = list(non_null_paths(frame.machine, model))
    return rows_value(record.with_loads(paths), rows.type)


def _shows_key(machine: Machine, model: Class, columns: list[str]) -> bool:
    """Whether a column is a foreign key: then the changelist joins all that can't be NULL."""
    found = (machine.relation(model, name) for name in columns)
    return any(relation is not None and relation.kind == "one" and not relation.back for relation in found)


def _column_names(frame: Frame, owner: Class) -> list[str]:
    held = _attribute(owner, "list_display")
    if held is UNKNOWN:
        return ["__str__"]
    return [item.const for item in (held.items or {}).values() if isinstance(item.const, str)]


def _attribute(owner: Class, name: str) -> Value:
    """What a class says of an option, itself or by a class above it."""
    return next((one.env[name] for one in owner.order()[0] if name in one.env), UNKNOWN)


def _place(owner: Class, name: str) -> Place:
    for statement in owner.node.body:
        if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == name:
            return place_of(statement)
    return place_of(owner.node)


def models_of(machine: Machine, owner: Class) -> Iterator[Class]:
    """The models that an admin's class is registered for, in its own file."""
    file = owner.file
    for node in _registered(owner, file):
        name = file.resolve(node)
        found = machine.imported(name, file, None) if name is not None else UNKNOWN
        for target in found.targets:
            if isinstance(target, Class) and schema_of(target.node, target.file) is not None:
                yield target


def _registered(owner: Class, file: File) -> Iterator[ast.expr]:
    """`@admin.register(Order)` above the class, `admin.site.register(Order, OrderAdmin)` somewhere."""
    for decorator in owner.node.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute | ast.Name):
            if (file.resolve(decorator.func) or "").rpartition(".")[2] == "register":
                yield from decorator.args
    if "register(" not in file.text:
        return
    for node in file.nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "register"
        ):
            if len(node.args) > 1 and getattr(node.args[1], "id", "") == owner.node.name:
                first = node.args[0]
                yield from first.elts if isinstance(first, ast.List | ast.Tuple) else (first,)
