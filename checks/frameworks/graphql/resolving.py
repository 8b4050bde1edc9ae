"""Schemas of GraphQL at work: each row of a list is asked for its fields, and what their resolvers read of it.

A client names the fields that it wants. What a resolver reads is read for each row; a relation that a type merely
shows is left to the optimizers of the libraries, and only followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from checks.frameworks.django.managers import default_manager, of_model
from checks.frameworks.graphql import graphene, strawberry
from checks.frameworks.graphql.fields import Field, Type
from checks.frameworks.graphql.looking import looks_first
from checks.frameworks.lookups import Place, all_of, each, followed, place_of
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.attributes import attribute
from checks.semantics.interpret.calls import call
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import leave
from checks.semantics.interpret.queries import in_doubt, note_run, rows_value
from checks.semantics.interpret.targets import Bound, Class, Function
from checks.semantics.invocation import Invocation
from checks.semantics.nodes import parent
from checks.semantics.rows import UNSURE, Loops, Origin, Row, Rows
from checks.semantics.source import File
from checks.semantics.taints import Taint
from checks.semantics.values import UNKNOWN, Value

_LIBRARIES = frozenset(
    {
        "graphene",
        "graphene_django",
        "query_optimizer",
        "strawberry",
        "strawberry_django",
        "strawberry_django_plus",
    }
)
_DEEPEST = 4
_MOST = 1500
"""Fields that one class's lists are followed to."""


def act(frame: Frame, owner: Class) -> None:
    """Resolve the fields that a class declares itself, and those of what they give."""
    if _LIBRARIES.isdisjoint(owner.file.imports) and not _is_of_graphene(owner):
        return
    type_ = described(frame, owner)
    if type_ is None:
        return
    outer = frame.file
    try:
        _Walk(frame).go(type_)
    finally:
        frame.file, frame.loops = outer, ()


def _is_of_graphene(owner: Class) -> bool:
    return any(base.startswith("graphene") for base in owner.order()[1])


def described(frame: Frame, owner: Class) -> Type | None:
    """The type of GraphQL that a class declares."""
    return graphene.described(frame, owner) or strawberry.described(frame, owner)


def optimized(_frame: Frame, call: Invocation) -> Value | None:
    """`gql_optimizer.query(queryset, info)`: what clients ask for is loaded along, nobody knows what."""
    value = call.argument(0)
    if value is None or not isinstance(value.record, Rows):
        return value
    return in_doubt(value)


def handed_back(_frame: Frame, call: Invocation) -> Value | None:
    """`super().get_queryset(queryset, info)`: the same rows."""
    return call.argument((0, "queryset"))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An object whose fields are asked for next: of which type, in which loops, below which types."""

    type: Class
    root: Value
    loops: Loops
    above: tuple[Class, ...]


class _Walk:
    """One class's fields, resolved breadth first: what is nearest is seen whatever the bound."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._types: dict[Class, Type | None] = {}
        self._waiting: list[_Waiting] = []
        self._left = _MOST

    def go(self, type_: Type) -> None:
        """Begin with the fields that stand in the class itself."""
        owner = type_.owner
        own = owner.node
        for field in type_.fields:
            if field.file is owner.file and own.lineno <= field.node.lineno <= (own.end_lineno or 0):  # type: ignore[attr-defined]
                self._resolve(type_, field, _Waiting(owner, UNKNOWN, (), (owner,)))
        for one in self._waiting:
            self._object(one)

    def _object(self, one: _Waiting) -> None:
        if one.type not in self._types:
            self._types[one.type] = described(self._frame, one.type)
        type_ = self._types[one.type]
        if type_ is None:
            return
        self._frame.uses.add(one.type.file.path)
        if not type_.seen:
            one = replace(one, root=_assumed(one.root, one.type))
        for field in type_.fields:
            self._resolve(type_, field, one)

    def _resolve(self, type_: Type, field: Field, one: _Waiting) -> None:
        """One field of an object, and the objects that it gives to be asked next."""
        if self._left <= 0:
            return
        self._left -= 1
        frame = self._frame
        frame.step()
        frame.loops, frame.file = one.loops, field.file
        place = _place(field, plain=_is_plain(frame, field, one.root))
        value, noted = self._value(type_, field, one.root, place)
        if value is UNKNOWN or value.const is None:
            return
        if isinstance(value.record, Rows) or (field.many and value.rest is not None):
            with _noting(frame, noted):
                value = all_of(frame, value, place)
                _note_iterated(frame, value, place)
            with _noting(frame, False):
                met = each(frame, value, place, (field.node, place.lineno))
            self._next(field, met, one)
            leave(frame)
        elif not field.many:
            self._next(field, value, one)

    def _next(self, field: Field, value: Value, one: _Waiting) -> None:
        of = field.of
        if of is None or of in one.above or len(one.above) > _DEEPEST:
            return
        if value.record is not None or isinstance(value.type, Class) or value.items:
            self._waiting.append(_Waiting(of, value, self._frame.loops, (*one.above, of)))

    def _value(self, type_: Type, field: Field, root: Value, place: Place) -> tuple[Value, bool]:
        """What a field gives, and whether code of the project asked for it rather than a client."""
        frame = self._frame
        root = _with_hints(root, field)
        noted = True
        if field.resolver is not None:
            if not _is_plain(frame, field, root):
                root = _assumed(root, type_.owner)
            noted = not any(map(looks_first, field.resolver.targets))
            before = dict(frame.queries)
            with _noting(frame, noted):
                value = self._called(type_, field.resolver, root, place)
            if _is_optimized(value):
                noted, frame.queries = False, before
            if value.const is None and field.falls_back:
                value = self._begun(field)
        elif root is not UNKNOWN and not field.by_key:
            value, noted = _shown(frame, type_, field, root, place)
        elif field.by_key or (field.managed and type_.model is None):
            value = self._begun(field)
        else:
            return UNKNOWN, True
        if field.managed and isinstance(value.record, Rows):
            value = self._through_type(field, value, place)
            value = in_doubt(value) if field.out_of_sight else value
        return value, noted

    def _called(self, type_: Type, resolver: Value, root: Value, place: Place) -> Value:
        found = UNKNOWN
        for target in resolver.targets:
            if isinstance(target, Function):
                made = call(self._frame, place, Value(targets=(target,)), type_.given(target, root))
                self._frame.env.pop("!", None)
                found = made if found is UNKNOWN else found
        return found

    def _begun(self, field: Field) -> Value:
        """All rows of the type's model, or the one that a client names."""
        model = self._model(field.of)
        if model is None:
            return UNKNOWN
        manager = default_manager(self._frame.machine, model) if isinstance(model, Class) else UNKNOWN
        rows = of_model(manager, model)
        assert isinstance(rows.record, Rows)
        if field.by_key:
            return Value(type=model, record=Row(rows.record))
        origin = Origin(field.file, field.node, "field")
        return rows_value(rows.record.but(root=origin), rows.type)

    def _model(self, of: Class | None) -> Class | str | None:
        if of is None:
            return None
        if of not in self._types:
            self._types[of] = described(self._frame, of)
        type_ = self._types[of]
        return type_.model if type_ is not None else None

    def _through_type(self, field: Field, rows: Value, place: Place) -> Value:
        """The rows after the `get_queryset` of their type, where it has one."""
        of, frame = field.of, self._frame
        if of is None or not any("get_queryset" in one.env for one in of.order()[0]):
            return rows
        found = attribute(frame, Value(targets=(of,)), "get_queryset", place)
        if not any(isinstance(target, Bound | Function) for target in found.targets):
            return in_doubt(rows)
        given = all_of(frame, rows, place)
        made = call(frame, place, found, Arguments((given, UNKNOWN), {}, UNKNOWN))
        frame.env.pop("!", None)
        return made if isinstance(made.record, Rows) else in_doubt(rows)


def _place(field: Field, *, plain: bool) -> Place:
    """Where a field is declared; a plain value is resolved for an answer like any other."""
    place = place_of(field.node)
    if plain:
        place._parent = parent(field.node)  # type: ignore[attr-defined]
    return place


def _is_plain(frame: Frame, field: Field, root: Value) -> bool:
    """Whether a field gives values; objects a client must name with fields of theirs."""
    if field.of is not None:
        return False
    relation = frame.machine.relation(root.type, field.name) if root.type is not None else None
    return relation is None or relation.kind == "column"


def _note_iterated(frame: Frame, value: Value, place: Place) -> None:
    """Note that the rows are gone through, where their query is written."""
    rows, outer = value.record, frame.file
    root = rows.root if isinstance(rows, Rows) else None
    if isinstance(root, Origin) and isinstance(root.file, File):
        frame.file, above = root.file, parent(place)
        place = place_of(root.node)
        place._parent = above  # type: ignore[attr-defined]
    note_run(frame, value, place, "iterate")
    frame.file = outer


def _is_optimized(value: Value) -> bool:
    return isinstance(value.record, Rows) and UNSURE in value.record.maybe


def _shown(frame: Frame, type_: Type, field: Field, root: Value, place: Place) -> tuple[Value, bool]:
    """An attribute that a type shows without a resolver: a property's code is asked, a relation is a client's wish."""
    relation = None if root.type is None else frame.machine.relation(root.type, field.name)
    if relation is None:
        return followed(frame, root, field.name.split("__"), place, calls=type_.calls), True
    if relation.kind == "column":
        return UNKNOWN, True
    root = _with_loads(root, field.name) if type_.optimized else root
    with _noting(frame, False):
        value = attribute(frame, _assumed(root, type_.owner), field.name, place)
    if isinstance(value.record, Rows) and value.record.root is None:
        value = rows_value(value.record.but(root=Origin(field.file, field.node, "field")), value.type)
    return value, False


@contextmanager
def _noting(frame: Frame, noted: bool) -> Iterator[None]:
    """Forget what is asked meanwhile unless it counts."""
    queries, plain = frame.queries, frame.plain_queries
    if not noted:
        frame.queries = dict(queries)
    try:
        yield
    finally:
        if not noted:
            frame.queries, frame.plain_queries = queries, plain


def _assumed(value: Value, owner: Class) -> Value:
    """A row of which only clients and the whole schema tell what is loaded with it."""
    row = value.record
    if not isinstance(row, Row) or row.symbol is not None:
        return value
    return value.but(record=replace(row, symbol=Taint("", ("graphql", owner.file.path, owner.node.lineno))))


def _with_loads(root: Value, name: str) -> Value:
    row = root.record
    if not isinstance(row, Row) or row.rows is None:
        return root
    return root.but(record=replace(row, rows=row.rows.with_loads([(*row.path, name)])))


def _with_hints(root: Value, field: Field) -> Value:
    """The object whose field is resolved, with what the field tells the optimizer to load for it."""
    row = root.record
    if not isinstance(row, Row) or not (field.loads or field.unsure):
        return root
    rows = row.rows if row.rows is not None else Rows(root.type)
    made = rows.with_loads([(*row.path, *path) for path in field.loads])
    if field.unsure:
        made = made.but(maybe=made.maybe | {UNSURE})
    return root.but(record=replace(row, rows=made))


__all__ = ["act", "described", "handed_back", "optimized"]
