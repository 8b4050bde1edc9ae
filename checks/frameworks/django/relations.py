"""What the attributes of Django's rows are: columns, rows of other tables, managers of many, as the models say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from checks.frameworks.django import managers
from checks.frameworks.django.contrib_models import LABELS, contrib_relation, label_of
from checks.frameworks.django.schema import (
    Column,
    Schema,
    children_of,
    relations_to,
    relations_to_library,
    schema_named,
    schema_of,
)
from checks.frameworks.django.schema import Relation as OtherEnd
from checks.semantics.interpret.frame import Machine
from checks.semantics.interpret.targets import Class
from checks.semantics.rows import Relation
from checks.semantics.source import File

_TYPES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "AutoField", "BigAutoField", "BigIntegerField", "IntegerField", "PositiveIntegerField", "SmallAutoField",
            "PositiveBigIntegerField", "PositiveSmallIntegerField", "SmallIntegerField",
        ),
        "builtins.int",
    ),
    **dict.fromkeys(("BooleanField", "NullBooleanField"), "builtins.bool"),
    "FloatField": "builtins.float",
    "DecimalField": "decimal.Decimal",
    "DateField": "datetime.date",
    "DateTimeField": "datetime.datetime",
    "DurationField": "datetime.timedelta",
    "TimeField": "datetime.time",
    "UUIDField": "uuid.UUID",
}  # fmt: skip
_COLUMN = Relation("column", None)
_ANYTHING = Relation("one", None, null=True)


def relation(machine: Machine, owner: Class | str, name: str) -> Relation | None:
    """What an attribute of a model's instances is, None where it is none of the model's fields or accessors."""
    if name[:1] == "_":
        return None
    if not isinstance(owner, Class):
        return contrib_relation(owner, name) or _reverse_of_library(machine, owner, name)
    schema = schema_of(owner.node, owner.file)
    if schema is None:
        return None
    model = _Model(machine, owner, schema)
    return model.field(name) or model.reverse(name) or model.inherited_from_library(name)


def _reverse_of_library(machine: Machine, owner: str, name: str) -> Relation | None:
    """The other end of a field that leads to a model of Django's own: a user's `profile`."""
    label = label_of(owner)
    if not label:
        return None
    return _other_end(machine, relations_to_library(owner, label, machine.project).get(name))


@dataclass(frozen=True, slots=True)
class _Model:
    machine: Machine
    owner: Class
    schema: Schema

    def field(self, name: str) -> Relation | None:
        """A field that the model declares or inherits, the parent's link and the columns of keys included."""
        column = self.schema.columns.get(name)
        if column is not None:
            return self._of_column(column)
        if name in ("pk", "id"):
            return _COLUMN
        if name.endswith("_id") and name[:-3] in self.schema.columns:
            return _COLUMN
        if name.endswith("_ptr"):
            for parent in self.schema.parents:
                if parent.rpartition(".")[2].lower() == name[:-4]:
                    return Relation("one", self._type(parent), eager=True)  # made of the row's own columns
        return None

    def _of_column(self, column: Column) -> Relation:
        if column.kind == "GenericForeignKey":
            return _ANYTHING
        if not column.to:
            return Relation("column", _TYPES.get(column.kind)) if column.kind in _TYPES else _COLUMN
        target = self._type(column.to)
        if not column.many:
            return Relation("one", target, null=column.null, back=self._other_side(column))
        back = column.name if column.kind == "GenericRelation" else ""
        return self._many(target, back="" if column.kind != "GenericRelation" else back)

    def _other_side(self, column: Column) -> str:
        """By which attribute the row at the other end of a one-to-one field knows this row."""
        if not column.one_to_one or column.related_name.endswith("+"):
            return ""
        return column.related_name or self.owner.node.name.lower()

    def reverse(self, name: str) -> Relation | None:
        """The other end of a field of another model, or a child with a table of its own."""
        if self.schema.meta.abstract:
            return None
        project = self.owner.file.project
        found = _other_end(self.machine, relations_to(self.schema, project).get(name))
        if found is not None:
            return found
        child = children_of(self.schema, project).get(name)
        return Relation("one", self._type(child), null=True) if child is not None else None

    def inherited_from_library(self, name: str) -> Relation | None:
        """An attribute that a base class of Django's brings: a user's groups."""
        _, bases = self.owner.order()
        for base in bases:
            found = contrib_relation(base, name)
            if found is not None:
                return found
        return None

    def _many(self, target: Class | str | None, back: str) -> Relation:
        return _collection(self.machine, target, back)

    def _type(self, name: str) -> Class | str | None:
        return model_type(self.machine, name, self.owner.file)


def _other_end(machine: Machine, found: OtherEnd | None) -> Relation | None:
    if found is None:
        return None
    file = machine.project.file(found.path)
    if file is None:
        return None
    target = model_type(machine, found.model, file)
    if not found.many:
        return Relation("one", target, null=True, back=found.field)
    return _collection(machine, target, back=found.field if found.by_key else "")


def _collection(machine: Machine, target: Class | str | None, back: str) -> Relation:
    if not isinstance(target, Class):
        return Relation("many", target, manager=managers.MANAGER, back=back)
    manager, rows = managers.default_of(machine, target)
    model = schema_of(target.node, target.file)
    ordered = model is not None and bool(model.meta.ordering)
    return Relation("many", target, manager=manager, back=back, loads=rows.loaded, ordered=ordered)


def model_type(machine: Machine, name: str, file: File) -> Class | str | None:
    """The class of a model by its dotted name or label: of the project, or a library's by its dotted name."""
    if name in LABELS:
        return LABELS[name]
    found = machine.imported(name, file, None)
    for target in found.targets:
        if isinstance(target, Class):
            return target
    schema = schema_named(name, file)
    if schema is not None and schema.name != name:
        found = machine.imported(schema.name, file, None)
        return next((target for target in found.targets if isinstance(target, Class)), None)
    return found.name if found.name is not None and "." in found.name else name or None
