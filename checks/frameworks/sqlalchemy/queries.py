"""What the methods of SQLAlchemy's queries and statements do to a query, and which of them run it.

From SQLAlchemy's documentation: "ORM Querying Guide", "Legacy Query API"; Flask-SQLAlchemy's "API Reference".
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import replace

from checks.frameworks.sqlalchemy.conditions import by_conditions, by_keywords, of_parent
from checks.frameworks.sqlalchemy.entities import (
    GENERIC,
    LIBRARY,
    Entity,
    as_query,
    entities_of,
    entity_of,
    first_of,
    is_chosen,
    page_of,
    run,
    written,
)
from checks.frameworks.sqlalchemy.held import among_themselves, is_held, is_whole, note_held, with_held
from checks.frameworks.sqlalchemy.options import applied
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.queries import note_asked, note_run, rows_value
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry, Place
from checks.semantics.rows import Origin, Rows
from checks.semantics.values import UNKNOWN, Value, instance

Does = Callable[[Frame, Invocation], Value | None]

SELECT = "sqlalchemy.sql.expression.Select"


def _base(call: Invocation) -> tuple[Value, Rows] | None:
    receiver = call.receiver
    rows = receiver.record if receiver is not None else None
    if receiver is None or not isinstance(rows, Rows):
        return None
    return receiver, rows if rows.library == LIBRARY else rows.but(library=LIBRARY)


def _chained(change: Callable[[Rows, Frame, Invocation], Rows], *, narrows: bool = True) -> Does:
    """A method that gives another query."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        base = _base(call)
        if base is None:
            return None
        value, rows = base
        rows = _with_place(frame, rows, call)
        name = call.name.rpartition(".")[2]
        changed = change(rows, frame, call)
        if rows.either:
            changed = changed.but(either=tuple([change(one, frame, call) for one in rows.either]))
        made = written(frame, changed, call.node)
        made = made.but(
            applied=made.applied | {name, "begun"},
            pristine=made.pristine and not narrows,
            loops=frame.loops,
        )
        made = with_held(frame, among_themselves(rows, made))
        entities = entities_of(value)
        if name == "options":
            entities = tuple(_with_options(entity, call) for entity in entities)
        return as_query(made, value.type, entities)

    return does


def _with_options(entity: Entity, call: Invocation) -> Entity:
    """One of several things that a query gives, under the query's options."""
    if entity.model is None:
        return entity
    return replace(entity, loaded=applied(Rows(entity.model, loaded=entity.loaded), call).loaded)


def begun(frame: Frame, call: Invocation) -> Value | None:
    """`author.books.select()`: the statement of a collection that is only written."""
    base = _base(call)
    if base is None:
        return None
    _, rows = base
    return as_query(rows.but(root=Origin(frame.file, call.node), pristine=False, loops=frame.loops), SELECT)


def _same(rows: Rows, _frame: Frame, _call: Invocation) -> Rows:
    return rows


def _options(rows: Rows, _frame: Frame, call: Invocation) -> Rows:
    return applied(rows, call)


def limited(place: Place) -> Callable[[Rows, Frame, Invocation], Rows]:
    def change(rows: Rows, _frame: Frame, call: Invocation) -> Rows:
        upper = call.constant(place)
        if upper.__class__ is not int:
            return rows
        limit = max(int(str(upper)), 0)
        return rows.but(limit=limit if rows.limit is None else min(rows.limit, limit))

    return change


def _ordered(rows: Rows, _frame: Frame, call: Invocation) -> Rows:
    return rows.but(ordered=bool(call.positional) and call.positional[0].const is not None)


def _all(frame: Frame, call: Invocation) -> Value | None:
    """`query.all()`: the rows as a list."""
    base = _base(call)
    return None if base is None else _listed(frame, call, *base)


def _listed(frame: Frame, call: Invocation, value: Value, rows: Rows) -> Value:
    note_run(frame, value, call.node, "iterate", anew=True)
    note_held(frame, rows, call.node)
    return Value(type="builtins.list", items={}, rest=_given(frame, call, value, rows))


def _given(frame: Frame, call: Invocation, value: Value, rows: Rows) -> Value:
    """One of the rows that a query gave: what it lacks can be written in front of the method that ran it."""
    rows = _with_place(frame, rows, call)
    ran = run(frame, rows, _inner(call))
    ran = with_held(frame, among_themselves(rows, ran) if is_whole(ran) else ran)
    return as_query(ran, value.type, entities_of(value)).rest or UNKNOWN


def _with_place(frame: Frame, rows: Rows, call: Invocation) -> Rows:
    """A query that begins here, marked where classes below choose its model: `self.model.query`."""
    node = _inner(call)
    if rows.root is None and isinstance(node, ast.Attribute) and is_chosen(frame, node.value):
        return rows.but(applied=rows.applied | {GENERIC})
    return rows


def _inner(call: Invocation) -> ast.AST:
    return call.node.func.value if isinstance(call.node.func, ast.Attribute) else call.node


def _one(how: str, *, optional: bool = False) -> Does:
    """A method that takes one row."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        base = _base(call)
        if base is None:
            return None
        value, rows = base
        if not (call.name.endswith((".get", ".get_or_404")) and is_held(frame, rows.type)):
            note_run(frame, value, call.node, how, anew=True)
        found = _given(frame, call, value, rows)
        return found.but(optional=optional) if found is not UNKNOWN else UNKNOWN

    return does


def _scalar(frame: Frame, call: Invocation) -> Value | None:
    """`query.scalar()`: the first thing of the first row."""
    found = _one("get", optional=True)(frame, call)
    return found if found is None else first_of(found).but(optional=True)


def _asks(how: str, gives: Value = UNKNOWN) -> Does:
    """A method that runs the query and gives a number or a truth value."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        base = _base(call)
        if base is None:
            return None
        value, rows = base
        asked = rows_value(rows.but(pristine=False), value.type)
        note_run(frame, asked, call.node, how, anew=True)
        return gives

    return does


def _with_entities(frame: Frame, call: Invocation) -> Value | None:
    """`query.with_entities(Order.id)`: other things of the same rows."""
    base = _base(call)
    if base is None:
        return None
    value, rows = base
    entities = tuple(entity_of(given) for given in call.positional)
    models = [entity.model for entity in entities if entity.model is not None]
    values = len(entities) != 1 or not models
    made = written(frame, rows, call.node)
    made = made.but(type=models[0] if models else rows.type, values=values, loops=frame.loops, pristine=False)
    return as_query(made, value.type, entities if call.more is None else ())


def _added(frame: Frame, call: Invocation) -> Value | None:
    """`query.add_columns(func.count())`: more things of the same rows."""
    base = _base(call)
    if base is None:
        return None
    value, rows = base
    before = entities_of(value)
    if not rows.values and isinstance(rows.type, Class):
        before = (Entity(rows.type.node.name, rows.type),)
    made = written(frame, rows, call.node)
    made = made.but(values=True, loops=frame.loops, pristine=False)
    entities = (*before, *(entity_of(given) for given in call.positional))
    return as_query(made, value.type, entities if call.more is None else ())


def _paginated(frame: Frame, call: Invocation) -> Value | None:
    """`query.paginate(page=2, per_page=20)`."""
    base = _base(call)
    if base is None:
        return None
    value, rows = base
    note_run(frame, value, call.node, "iterate", anew=True)
    return page_of(_given(frame, call, value, limited((1, "per_page"))(rows, frame, call)))


def _writes(how: str) -> Does:
    """A method that writes rows."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        base = _base(call)
        if base is not None:
            note_asked(frame, call.node, how, base[1])
        return None

    return does


_CHAINED = """
    add_cte autoflush correlate distinct enable_assertions enable_eagerloads execution_options
    from_statement group_by having join join_from outerjoin outerjoin_from offset params populate_existing prefix_with
    reset_joinpoint select_from set_label_style suffix_with with_for_update with_hint with_labels
    with_session with_statement_hint yield_per reduce_columns
"""
_UNIONS = "except_ except_all intersect intersect_all union union_all"

CHAINED: Mapping[str, Does] = {
    **dict.fromkeys(_CHAINED.split(), _chained(_same)),
    **dict.fromkeys(
        _UNIONS.split(), _chained(lambda rows, _frame, _call: rows.but(applied=rows.applied | {"union"}))
    ),
    **dict.fromkeys(("filter", "where"), _chained(by_conditions)),
    "filter_by": _chained(by_keywords),
    "with_parent": _chained(of_parent),
    "options": _chained(_options, narrows=False),
    "order_by": _chained(_ordered),
    **dict.fromkeys(("limit", "fetch"), _chained(limited(0))),
    "slice": _chained(limited(1)),
    **dict.fromkeys(("with_entities", "with_only_columns"), _with_entities),
    **dict.fromkeys(("add_columns", "add_column", "add_entity"), _added),
}
"""The methods that queries and statements have: each gives another."""

RUNNING: Mapping[str, Does] = {
    "all": _all,
    **dict.fromkeys(("one", "one_or_404", "get", "get_or_404"), _one("get")),
    "one_or_none": _one("get", optional=True),
    "first": _one("first", optional=True),
    "first_or_404": _one("first"),
    "scalar": _scalar,
    "count": _asks("count", instance("builtins.int")),
    "paginate": _paginated,
    "update": _writes("update"),
    "delete": _writes("delete"),
}
"""The methods by which a query is run."""


def described(
    entries: Mapping[str, Entry], does: Mapping[str, Does], known: Mapping[str, Does] | None = None
) -> dict[str, Entry]:
    """Table entries with what they do to a query; of methods that have none, one is made, unless it is `known`."""
    every = {**(known or {}), **does}
    found = {
        name: replace(entry, does=every[name]) if name in every else entry for name, entry in entries.items()
    }
    found.update({name: Entry(does=one) for name, one in does.items() if name not in found})
    return found
