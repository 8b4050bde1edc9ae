"""Iterators of the standard library over rows of databases: what they hand on, and what they run for each row."""

from __future__ import annotations

from checks.frameworks.lookups import called, each, place_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import leave
from checks.semantics.interpret.queries import note_run
from checks.semantics.invocation import Invocation
from checks.semantics.operations import iteration_element
from checks.semantics.rows import Row
from checks.semantics.values import Value

_LIST = "builtins.list"


def handed_on(frame: Frame, call: Invocation) -> Value | None:
    """`islice(rows, 10)`, `tee(rows)`: the rows of the first argument."""
    given = call.argument(0)
    if given is None or not _holds_rows(given):
        return None
    note_run(frame, given, call.node, "iterate")
    return Value(type=_LIST, items={}, rest=iteration_element(given))


def chained(frame: Frame, call: Invocation) -> Value | None:
    """`chain(one, other)`: rows of all; what the poorest of the queries loads is what can be relied on."""
    found = [value for value in call.positional if _holds_rows(value)]
    if not found:
        return None
    for value in found:
        note_run(frame, value, call.node, "iterate")
    rows = [iteration_element(value) for value in found]
    return Value(type=_LIST, items={}, rest=min(rows, key=_loaded))


def _loaded(value: Value) -> int:
    row = value.record
    return len(row.rows.loaded) if isinstance(row, Row) and row.rows is not None else 0


def grouped(frame: Frame, call: Invocation) -> Value | None:
    """`groupby(rows, key=...)`: pairs of what the key gives and the rows of each group."""
    given, key = call.argument((0, "iterable")), call.argument((1, "key"))
    if given is None or not _holds_rows(given):
        return None
    place = place_of(call.node)
    one = each(frame, given, place, call.node)
    found = called(frame, key, place, one) if key is not None else one
    leave(frame)
    group = Value(type=_LIST, items={}, rest=iteration_element(given))
    pair = Value(type="builtins.tuple", items={0: found, 1: group})
    return Value(type=_LIST, items={}, rest=pair)


def _holds_rows(value: Value) -> bool:
    return value.record is not None or (value.rest is not None and isinstance(value.rest.record, Row))
