"""Serializers of Django REST framework at work: what each field of an answer reads of a row.

From its documentation: "Serializers", "Serializer fields", "Serializer relations".
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.class_options import Declared
from checks.frameworks.django.schema import schema_of
from checks.frameworks.lookups import Place, all_of, each, followed, method_called, place_of, shown
from checks.frameworks.serializers import Serializer, serializer_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import leave
from checks.semantics.interpret.targets import Class
from checks.semantics.rows import Rows
from checks.semantics.values import UNKNOWN, Value, instance

MAX_DEPTH = 6
"""Serializers within serializers."""

_KEYS = frozenset({"PrimaryKeyRelatedField", "HyperlinkedRelatedField", "HyperlinkedIdentityField"})


def serialize(frame: Frame, serializer: Class, value: Value, place: Place, *, many: bool) -> None:
    """What the data of a serializer reads of its instance, or of each of many."""
    if value is UNKNOWN or len(frame.loops) > MAX_DEPTH:
        return
    frame.step()
    if not many:
        _represent(frame, serializer, value, place)
        return
    rows = all_of(frame, value, place)
    one = each(frame, rows, place, (serializer.node, place.lineno))
    _represent(frame, serializer, one, place)
    leave(frame)


def _represent(frame: Frame, serializer: Class, row: Value, place: Place) -> None:
    """One row as a dictionary: by the serializer's own `to_representation`, else field by field."""
    receiver = instance(serializer)
    if method_called(frame, receiver, "to_representation", place, row) is None:
        represent_fields(frame, serializer, row)


def represent_fields(frame: Frame, serializer: Class, row: Value) -> None:
    """What the fields of a serializer read of a row."""
    facts = serializer_of(serializer.node, serializer.file)
    if facts is None or facts.framework != "drf" or (row.record is None and not isinstance(row.type, Class)):
        return
    frame.uses.add(serializer.file.path)
    for name in _shown(facts, row):
        frame.step()
        declared = facts.declared.get(name)
        if declared is not None:
            _declared(frame, serializer, declared, row)
        else:
            _of_model(frame, facts, name, row, place_of(serializer.node))


def _shown(facts: Serializer, row: Value) -> Iterator[str]:
    """The fields of an answer: those listed, or all of the model's."""
    names = list(facts.shown)
    if facts.fields == ("__all__",) or (facts.fields is None and facts.exclude is not None):
        schema = schema_of(row.type.node, row.type.file) if isinstance(row.type, Class) else None
        columns = schema.columns if schema is not None else {}
        names += [
            name
            for name, column in columns.items()
            if name not in facts.hidden
            and name not in (facts.exclude or ())
            and column.kind != "GenericRelation"
        ]
    return iter(dict.fromkeys(names))


def _declared(frame: Frame, serializer: Class, field: Declared, row: Value) -> None:
    """A declared field: another serializer, a method, a relation in one of its forms, or a plain path."""
    place = place_of(field.call)
    outer = frame.file
    frame.file = field.file
    try:
        kind = field.dotted.rpartition(".")[2]
        path = _source(field)
        many = field.flag("many")
        inner = _class_of(frame, field)
        if inner is not None:
            value = row if path == ("*",) else followed(frame, row, path, place)
            serialize(frame, inner, value, place, many=many)
        elif kind == "SerializerMethodField":
            method = _text(field, "method_name") or f"get_{field.name}"
            method_called(frame, instance(serializer), method, place, row)
        elif path != ("*",):
            _related(frame, field, kind, row, path, place)
    finally:
        frame.file = outer


def _related(
    frame: Frame, field: Declared, kind: str, row: Value, path: tuple[str, ...], place: Place
) -> None:
    """A relation by its key, its text or a column of it; any other field as the path that it follows."""
    if kind in _KEYS and not field.flag("many"):
        by_key = _text(field, "lookup_field") in ("", "pk")
        followed(frame, row, path[:-1] if by_key else path, place)
        return
    value = followed(frame, row, path, place)
    child = field.argument("child_relation") or field.argument("child")
    if field.flag("many") or kind == "ManyRelatedField" or isinstance(value.record, Rows):
        rows = all_of(frame, value, place)
        one = each(frame, rows, place, place)
        _as(frame, field, kind, one, place)
        leave(frame)
    elif child is None:
        _as(frame, field, kind, value, place)


def _as(frame: Frame, field: Declared, kind: str, row: Value, place: Place) -> None:
    if kind == "StringRelatedField":
        shown(frame, row, place)
    elif kind == "SlugRelatedField":
        slug = _text(field, "slug_field") or _first(field)
        if slug:
            followed(frame, row, slug.split("__"), place)


def _of_model(frame: Frame, facts: Serializer, name: str, row: Value, place: Place) -> None:
    """A field that the serializer takes from the model: a key is read from its column, many keys by a query."""
    if row.type is None or name in ("url", "id", "pk"):
        return
    relation = frame.machine.relation(row.type, name)
    if relation is not None and relation.kind == "one":
        if "depth" in facts.meta:
            followed(frame, row, (name,), place)
        return
    value = followed(frame, row, (name,), place)
    if isinstance(value.record, Rows):
        all_rows = all_of(frame, value, place)
        each(frame, all_rows, place, place)
        leave(frame)


def _class_of(frame: Frame, field: Declared) -> Class | None:
    """The serializer that a field is an instance of."""
    found = frame.machine.imported(field.dotted, field.file, frame)
    for target in found.targets:
        if isinstance(target, Class) and serializer_of(target.node, target.file) is not None:
            return target
    return None


def _source(field: Declared) -> tuple[str, ...]:
    text = _text(field, "source") or field.name
    return tuple(text.split("."))


def _text(field: Declared, keyword: str) -> str:
    folded = field.file.constant(field.argument(keyword))
    return folded.value if folded is not None and isinstance(folded.value, str) else ""


def _first(field: Declared) -> str:
    folded = field.file.constant(field.call.args[0]) if field.call.args else None
    return folded.value if folded is not None and isinstance(folded.value, str) else ""
