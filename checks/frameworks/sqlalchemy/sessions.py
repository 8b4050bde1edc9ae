"""What sessions do: begin queries, run statements, get rows by their keys, write; and what results give.

From SQLAlchemy's documentation: "Using the Session", "Working with Engines and Connections" (`Result`);
Flask-SQLAlchemy's "API Reference".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checks.frameworks.sqlalchemy.entities import (
    GENERIC,
    LIBRARY,
    Entity,
    entities_of,
    entity_of,
    first_of,
    is_place,
    of_entities,
    page_of,
    rows_of,
    run,
    tuple_of,
)
from checks.frameworks.sqlalchemy.held import is_held, note_held
from checks.frameworks.sqlalchemy.options import applied
from checks.frameworks.sqlalchemy.queries import SELECT, Does, limited
from checks.frameworks.sqlalchemy.relations import QUERY
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.calls import unknown_call
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.queries import note_asked, note_run, rows_value
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Origin, Row, Rows
from checks.semantics.values import UNKNOWN, Value

RESULT = "sqlalchemy.engine.Result"
SCALARS = "sqlalchemy.engine.ScalarResult"


def _query(frame: Frame, call: Invocation) -> Value | None:
    """`session.query(Order)`, `session.query(Order.id, Customer)`."""
    return of_entities(frame, call, QUERY, call.positional)


def _select(frame: Frame, call: Invocation) -> Value | None:
    """`select(Order)`; of old versions with a list."""
    given = call.positional
    if len(given) == 1 and given[0].type in ("builtins.list", "builtins.tuple") and given[0].items:
        given = tuple(given[0].items.values())
    return of_entities(frame, call, SELECT, given)


def _page_of_statement(frame: Frame, call: Invocation) -> Value | None:
    """`db.paginate(select(Order))`."""
    statement = _statement(call)
    if statement is None:
        return None
    value, rows = statement
    note_run(frame, value, call.node, "iterate", anew=True)
    return page_of(_of_statement(frame, call, value, limited("per_page")(rows, frame, call), scalars=True))


def _other_page(_frame: Frame, call: Invocation) -> Value | None:
    return call.receiver


def _statement(call: Invocation) -> tuple[Value, Rows] | None:
    """The query that a session is given."""
    given = call.argument((0, "statement"))
    given = call.argument((0, "select")) if given is None else given
    rows = given.record if given is not None else None
    if given is None or not isinstance(rows, Rows) or given.type not in (SELECT, QUERY):
        return None
    return given, rows if rows.library == LIBRARY else rows.but(library=LIBRARY)


def _of_statement(frame: Frame, call: Invocation, value: Value, rows: Rows, *, scalars: bool) -> Value:
    """One of the rows that a statement gave."""
    ran = run(frame, rows, call.expression(0))
    entities = entities_of(value)
    if not ran.values and isinstance(ran.type, Class):
        entities = (Entity(ran.type.node.name, ran.type),)
    row = tuple_of(ran, entities)
    return first_of(row) if scalars else row


def _executed(*, scalars: bool) -> Does:
    """`session.execute(select(Order))`, `session.scalars(select(Order))`."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        statement = _statement(call)
        if statement is None:
            return None
        value, rows = statement
        note_run(frame, value, call.node, "iterate", anew=True)
        note_held(frame, rows, call.node)
        one = _of_statement(frame, call, value, rows, scalars=scalars)
        return Value(type=SCALARS if scalars else RESULT, rest=one, literal=one.literal)

    return does


def _scalar_of_statement(how: str, *, optional: bool = True) -> Does:
    """`session.scalar(select(Order))`, `db.first_or_404(select(Order))`."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        statement = _statement(call)
        if statement is None:
            return None
        value, rows = statement
        note_run(frame, value, call.node, how, anew=True)
        found = _of_statement(frame, call, value, rows, scalars=True)
        return found.but(optional=optional) if found is not UNKNOWN else UNKNOWN

    return does


def _got(*, optional: bool) -> Does:
    """`session.get(Order, 3)`, `db.get_or_404(Order, 3)`."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        given = call.argument((0, "entity"))
        entity = entity_of(given) if given is not None else Entity("", None)
        if entity.model is None:
            return None
        applied_so_far = frozenset({GENERIC} if entity.generic else ())
        rows = rows_of(entity.model).but(applied=applied_so_far, loops=frame.loops)
        rows = rows.but(root=Origin(frame.file, call.node, "get") if is_place(frame, rows) else None)
        options = call.argument("options")
        if options is not None:
            known = options.items is not None and options.rest is None
            held = tuple((options.items or {}).values())
            rows = applied(rows, replace_arguments(call, held, None if known else UNKNOWN))
        if not is_held(frame, entity.model):
            note_run(frame, rows_value(rows, QUERY), call.node, "get", anew=True)
        return Value(type=entity.model, optional=optional, record=Row(rows))

    return does


def replace_arguments(call: Invocation, positional: tuple[Value, ...], more: Value | None) -> Invocation:
    """The call with other arguments."""
    return Invocation(call.name, call.node, call.receiver, positional, {}, more)


def _of_session(how: str) -> Does:
    """A method of a session that writes, or will: `add`, `delete`, `commit`, `flush`."""

    def does(frame: Frame, call: Invocation) -> Value | None:
        given = call.argument(0)
        type_ = given.type if given is not None and isinstance(given.type, Class) else None
        note_asked(frame, call.node, how, Rows(type_, library=LIBRARY))
        return None

    return does


def _result(change: Callable[[Value], Value]) -> Does:
    """A method of a result: it asks nothing more."""

    def does(_frame: Frame, call: Invocation) -> Value | None:
        receiver = call.receiver
        if receiver is None or receiver.rest is None:
            return None
        return change(receiver)

    return does


def _list_of(result: Value) -> Value:
    return Value(type="builtins.list", items={}, rest=result.rest, literal=result.literal)


def _lists_of(result: Value) -> Value:
    return Value(type="builtins.list", items={}, rest=_list_of(result))


def _scalars_of(result: Value) -> Value:
    return Value(type=SCALARS, rest=first_of(result.rest or UNKNOWN))


def _mappings_of(result: Value) -> Value:
    row = result.rest or UNKNOWN
    names = (row.facts or {}).get("names", ())
    items = {name: (row.items or {}).get(index, UNKNOWN) for index, name in enumerate(names)}
    return Value(type=RESULT, rest=Value(type="builtins.dict", items=items, rest=UNKNOWN))


def _itself(result: Value) -> Value:
    return result


def _row_of(result: Value) -> Value:
    return (result.rest or UNKNOWN).but(optional=True) if result.rest is not UNKNOWN else UNKNOWN


def _scalar_of(result: Value) -> Value:
    found = first_of(result.rest or UNKNOWN)
    return found.but(optional=True) if found is not UNKNOWN else UNKNOWN


def aliased(call: Invocation) -> Value | None:
    """`aliased(Order)`: another name for the same model in a query."""
    return call.argument((0, "element"))


def any_session(does: Does) -> Does:
    """The same of a receiver that nobody knows, which is a session's where it is given a model or a query."""

    def does_or_not(frame: Frame, call: Invocation) -> Value | None:
        found = does(frame, call)
        if found is not None:
            return found
        arguments = Arguments(call.positional, call.keywords, call.more)
        return unknown_call(frame, call.node, call.name.rpartition(".")[2], arguments, call.receiver)

    return does_or_not


SESSIONS: Mapping[str, Does] = {
    "query": _query,
    **dict.fromkeys(("execute", "stream"), _executed(scalars=False)),
    **dict.fromkeys(("scalars", "stream_scalars"), _executed(scalars=True)),
    "scalar": _scalar_of_statement("get"),
    "get": _got(optional=True),
    "get_one": _got(optional=False),
    **{name: _of_session(name) for name in ("add", "commit", "delete", "flush")},
}
DATABASES: Mapping[str, Does] = {
    "get_or_404": _got(optional=False),
    "first_or_404": _scalar_of_statement("first", optional=False),
    "one_or_404": _scalar_of_statement("get", optional=False),
    "paginate": _page_of_statement,
}
RESULTS: Mapping[str, Does] = {
    **dict.fromkeys(("all", "fetchall", "fetchmany"), _result(_list_of)),
    **dict.fromkeys(("unique", "tuples", "yield_per", "execution_options", "freeze"), _result(_itself)),
    "partitions": _result(_lists_of),
    "scalars": _result(_scalars_of),
    "mappings": _result(_mappings_of),
    **dict.fromkeys(("fetchone", "first", "one", "one_or_none"), _result(_row_of)),
    **dict.fromkeys(("scalar", "scalar_one", "scalar_one_or_none"), _result(_scalar_of)),
}
ANY_SESSION: Mapping[str, Does] = {
    "query": any_session(_query),
    "scalar": any_session(_scalar_of_statement("get")),
    "scalars": any_session(_executed(scalars=True)),
}
"""Methods of receivers that nobody knows."""
PAGES: Mapping[str, Does] = dict.fromkeys(("next", "prev"), _other_page)
FUNCTIONS: Mapping[str, Does] = {"select": _select}
