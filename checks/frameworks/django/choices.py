"""The lists of choices of forms: all rows of a relation's model, each with its text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.frameworks.django.contrib_models import shown_by
from checks.frameworks.django.managers import default_manager, of_model
from checks.frameworks.django.schema import Column, schema_of
from checks.frameworks.lookups import Place, each, followed, shown
from checks.semantics.interpret.frame import Frame, Machine
from checks.semantics.interpret.loops import leave
from checks.semantics.interpret.queries import rows_value
from checks.semantics.interpret.targets import Class
from checks.semantics.rows import Origin, Rows
from checks.semantics.values import UNKNOWN, Value


def offer(frame: Frame, type_: Class | str, place: Place, node: object) -> None:
    """Offer all rows of a model: the text of each."""
    rows = default_rows(frame.machine, type_, Origin(frame.file, place, "form"))
    one = each(frame, rows, place, node)
    if isinstance(type_, Class):
        shown(frame, one, place)
    else:
        for name in shown_by(type_):
            followed(frame, one, (name,), place)
    leave(frame)


def default_rows(machine: Machine, model: Class | str, origin: Origin) -> Value:
    """The rows of a model's default manager, as the admin and forms ask for them."""
    manager = of_model(default_manager(machine, model) if isinstance(model, Class) else UNKNOWN, model)
    assert isinstance(manager.record, Rows)
    return rows_value(manager.record.but(root=origin), manager.type)


def relations_listed(
    machine: Machine, model: Class | str, names: Iterable[str]
) -> Iterator[tuple[str, Class | str]]:
    """The relations among a form's fields that it lists all rows of, each with the class of these rows."""
    for name in names:
        relation = machine.relation(model, name)
        if relation is None or relation.kind not in ("one", "many") or relation.type is None:
            continue
        column = column_of(model, name)
        if not isinstance(model, Class) or (column is not None and column.kind != "GenericRelation"):
            yield name, relation.type


def relations_of(model: Class | str) -> list[str]:
    """The fields of a model that lead to others, as a form of all its fields has them."""
    schema = schema_of(model.node, model.file) if isinstance(model, Class) else None
    if schema is None:
        return []
    return [name for name, column in schema.columns.items() if column.to and not column.through]


def column_of(model: Class | str, name: str) -> Column | None:
    """A model's field by its name."""
    schema = schema_of(model.node, model.file) if isinstance(model, Class) else None
    return schema.columns.get(name) if schema is not None else None
