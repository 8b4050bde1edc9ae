"""django-tables2 at work: what the columns of a table read of each row.

From its documentation: "Table", "Custom rendering", "Class based generic mixins".
"""

from __future__ import annotations

from checks.frameworks.class_options import Declared, declared_in, lineage_of, meta_options, names_given
from checks.frameworks.django.class_views import queryset_of
from checks.frameworks.django.schema import schema_of
from checks.frameworks.lookups import Place, each, followed, method_called, place_of, shown
from checks.frameworks.rendering import render_named
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.attributes import attribute
from checks.semantics.interpret.calls import call as called
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import leave
from checks.semantics.interpret.queries import in_doubt
from checks.semantics.interpret.targets import Bound, Class, shape_of
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Row, Rows
from checks.semantics.values import UNKNOWN, Value, constant, instance

_TABLES = frozenset({"django_tables2.Table", "django_tables2.tables.Table"})


def is_table(owner: Class) -> bool:
    """Whether a class is a table."""
    return not _TABLES.isdisjoint(owner.order()[1])


def made(frame: Frame, target: Class, call: Invocation) -> None:
    """A table made of rows: it is made to be shown."""
    if is_table(target):
        rows = call.argument((0, "data"))
        if rows is not None:
            show(frame, target, rows, place_of(call.node))


def act(frame: Frame, owner: Class) -> None:
    """Show the table of a view that names its class."""
    held = next((one.env["table_class"] for one in owner.order()[0] if "table_class" in one.env), UNKNOWN)
    tables = [target for target in frame.machine.forced(held).targets if isinstance(target, Class)]
    if not any(map(is_table, tables)):
        return
    receiver, place = instance(owner), place_of(owner.node)
    rows = method_called(frame, receiver, "get_table_data", place)
    if rows is None or rows.record is None:
        rows = queryset_of(frame.machine, owner, receiver)
    for table in tables if rows is not None else ():
        assert rows is not None
        show(frame, table, rows, place)


def show(frame: Frame, table: Class, rows: Value, place: Place) -> None:
    """Go through the rows of a table, column by column."""
    if not isinstance(rows.record, Rows) and (rows.rest is None or not isinstance(rows.rest.record, Row)):
        return
    frame.uses.add(table.file.path)
    if _loads_itself(table) and isinstance(rows.record, Rows):
        rows = in_doubt(rows)
    lineage = lineage_of(table.node, table.file)
    columns = declared_in(lineage)
    options = meta_options(lineage)
    one = each(frame, rows, place, (table.node, place.lineno))
    for column in columns.values():
        frame.step()
        _declared(frame, table, column, one)
    for name in (
        _of_model(names_given(options.get("fields")), one)
        if "model" in options or "fields" in options
        else ()
    ):
        if name not in columns:
            shown(frame, followed(frame, one, _path(name), place_of(table.node)), place)
    leave(frame)


def _loads_itself(table: Class) -> bool:
    """Whether a class of the project loads relations along by what its tables show."""
    return any(
        word in one.file.segment(one.node)
        for one in table.order()[0]
        for word in ("select_related", "prefetch_related")
    )


def _of_model(listed: tuple[str, ...] | None, row: Value) -> tuple[str, ...]:
    if listed is not None:
        return listed
    schema = schema_of(row.type.node, row.type.file) if isinstance(row.type, Class) else None
    return tuple(name for name, column in schema.columns.items() if not column.many) if schema else ()


def _declared(frame: Frame, table: Class, column: Declared, row: Value) -> None:
    """A declared column: its accessor followed, then rendered by the table's own method or a template."""
    if not column.dotted.rpartition(".")[2].endswith("Column"):
        return
    place = place_of(column.call)
    outer, frame.file = frame.file, column.file
    try:
        value = followed(frame, row, _path(_accessor(column)), place)
        template = column.file.constant(column.argument("template_name"))
        if template is not None and isinstance(template.value, str):
            render_named(frame, constant(template.value), {"record": row, "value": value})
        elif not _rendered(frame, table, column.name, row, value, place):
            shown(frame, value, place)
        if column.argument("linkify") is not None:
            method_called(frame, value if isinstance(value.record, Row) else row, "get_absolute_url", place)
    finally:
        frame.file = outer


def _accessor(column: Declared) -> str:
    given = column.argument("accessor") or (column.call.args[0] if column.call.args else None)
    folded = column.file.constant(given)
    return folded.value if folded is not None and isinstance(folded.value, str) else column.name


def _path(accessor: str) -> list[str]:
    return accessor.replace("__", ".").split(".")


def _rendered(frame: Frame, table: Class, name: str, row: Value, value: Value, place: Place) -> bool:
    """Whether the table has a method for the column; it is given what it asks for by name."""
    found = attribute(frame, instance(table), f"render_{name}", place)
    methods = [target for target in found.targets if isinstance(target, Bound)]
    if not methods:
        return False
    asked = shape_of(methods[0].function.node).parameters
    given = {"record": row, "value": value}
    called(frame, place, found, Arguments((), {key: one for key, one in given.items() if key in asked}))
    frame.env.pop("!", None)
    return True
