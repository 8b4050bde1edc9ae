"""Paths through a model's relations."""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.django.schema import schema_of
from checks.semantics.interpret.frame import Machine
from checks.semantics.interpret.targets import Class
from checks.semantics.rows import Path

_DEPTH = 3
_MANY = 60


def non_null_paths(machine: Machine, model: object, depth: int = _DEPTH) -> Iterator[Path]:
    """The to-one relations that can't be NULL, from row to row: what `select_related()` joins, to a small depth.

    https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-related
    """
    schema = schema_of(model.node, model.file) if isinstance(model, Class) else None
    if schema is None or not isinstance(model, Class):
        return
    for name, column in list(schema.columns.items())[:_MANY]:
        if not column.to or column.many or column.null:
            continue
        yield (name,)
        relation = machine.relation(model, name)
        if depth > 1 and relation is not None and relation.type is not model:
            yield from ((name, *rest) for rest in non_null_paths(machine, relation.type, depth - 1))
