"""What functions ask of a database: noted where they ask, put into terms of their callers, and repeated by loops.

A question about a row that a parameter brings is a demand on the callers, as a parameter that reaches a sink is. It is
settled where the row's query is known, and where a loop meets the row.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from checks.semantics.interpret.asked import LETTING_GO, Query
from checks.semantics.interpret.guards import is_guarded, seldom
from checks.semantics.rows import (
    TAKEN_BACK,
    UNSURE,
    Loop,
    Loops,
    Origin,
    Path,
    Relation,
    Row,
    Rows,
    key_of,
)
from checks.semantics.source import File
from checks.semantics.taints import Taint
from checks.semantics.values import UNKNOWN, Value, instance

if TYPE_CHECKING:
    from checks.semantics.interpret.frame import Frame

NOT_LONG = frozenset({"few", "while"})
"""The sizes of loops that a query in them is no defect of: a few turns, or as many as it takes."""
MAX_QUERIES = 80
MAX_PLAIN = 6
MAX_WORK = 2


def row_of(value: Value) -> Row | None:
    """The row that a value is; one that stands for a parameter is the caller's."""
    record = value.record
    if record.__class__ is Row:
        return record
    if record is not None:
        return None
    for taint in value.taints:
        if taint.label == "":
            return Row(symbol=taint)
    return None


def active(row: Row, loops: Iterable[Loop]) -> Row:
    """The row with those of its loops alone that are being gone through."""
    if not row.loops:
        return row if row.rows is None or row.rows.parent is None else _with_parent(row, loops)
    kept = tuple(loop for loop in row.loops if loop in loops)
    if len(kept) != len(row.loops):
        row = replace(row, loops=kept)
    return row if row.rows is None or row.rows.parent is None else _with_parent(row, loops)


def _with_parent(row: Row, loops: Iterable[Loop]) -> Row:
    rows = row.rows
    assert rows is not None and rows.parent is not None
    parent = active(rows.parent, loops)
    return row if parent is rows.parent else replace(row, rows=rows.but(parent=parent))


def followed(frame: Frame, holder: Value, relation: Relation, name: str, node: ast.AST) -> Value:
    """What an attribute of a row gives, its query noted."""
    row = row_of(holder)
    if relation.kind == "column":
        if row is not None and row.rows is not None and _is_left_out(row.rows, row.path, name):
            note_read(frame, row, name, node, kind="column")
        return instance(relation.type) if relation.type is not None else UNKNOWN
    if relation.kind == "many":
        rows = Rows(
            relation.type,
            loaded=relation.loads,
            parent=row or Row(),
            accessor=name,
            back=relation.back,
            pristine=True,
            loops=frame.loops,
            ordered=relation.ordered,
        )
        return rows_value(rows, relation.manager)
    if row is not None and row.path == () and row.rows is not None and row.rows.back == name:
        return Value(type=relation.type, record=row.rows.parent)
    if row is not None and row.back == name and name:
        return Value(type=relation.type, record=row.before)
    if row is not None and (not relation.eager or _is_taken_back(row, name)):
        note_read(frame, row, name, node)
    if relation.kind == "list":
        parent_row = row or Row()
        rows = Rows(relation.type, parent=parent_row, accessor=name, back=relation.back, pristine=True)
        return rows_value(rows, "builtins.list")
    return Value(type=relation.type, optional=relation.null, record=(row or Row()).at(name, relation.back))


def _is_taken_back(row: Row, name: str) -> bool:
    return row.rows is not None and (TAKEN_BACK, *row.path, name) in row.rows.loaded


def prefetched_list(holder: Value, name: str) -> Value | None:
    """The list that a prefetch with a name of its own puts on a row."""
    row = holder.record
    if not isinstance(row, Row) or row.rows is None:
        return None
    for path, rows in row.rows.attributes:
        if path == (*row.path, name):
            held = rows.but(parent=row, accessor=name, pristine=True, loops=())
            return rows_value(held, "builtins.list")
    return None


def rows_value(rows: Rows, type_: object) -> Value:
    """A query as a value: what a loop over it meets is its `rest`."""
    rest = UNKNOWN if rows.values else Value(type=rows.type, record=Row(rows))
    return Value(type=type_, items={} if type_ == "builtins.list" else None, rest=rest, record=rows)


def limited(value: Value, upper: Value | None) -> Value:
    """A query that ends at a constant, or somewhere."""
    rows = value.record
    assert isinstance(rows, Rows)
    if upper is None or upper.const.__class__ is not int:
        return rows_value(rows.but(applied=rows.applied | _SLICED), value.type)
    limit = max(upper.const, 0) if rows.limit is None else min(rows.limit, upper.const)
    return rows_value(rows.but(limit=limit, applied=rows.applied | _SLICED), value.type)


def united(one: Value, other: Value) -> Value:
    """The rows of two queries, `a | b`: what one of them loads is loaded for all."""
    rows = one.record
    assert isinstance(rows, Rows)
    return rows_value(rows.but(pristine=False, applied=rows.applied | {"or"}), one.type)


_SLICED = frozenset({"slice"})
_ENDED = frozenset({"iterator", "slice", "union"})


def _is_left_out(rows: Rows, path: Path, name: str) -> bool:
    """Whether a column is not loaded with the rows, or with those joined to them: `defer`, `only`."""
    before = "".join(f"{part}__" for part in path)
    names = (before + name, before + name.removesuffix("_id"))
    if rows.only is None:
        return not rows.deferred.isdisjoint(names)
    if name in ("pk", "id") or (path and not any(one.startswith(before) for one in rows.only)):
        return False
    return rows.only.isdisjoint(names)


def note_read(
    frame: Frame, row: Row, name: str, node: ast.AST, kind: str = "load", how: str = "read"
) -> None:
    """Note that a relation, or a column that was left out, is read from a row."""
    row = active(row, frame.loops)
    asked = Query(
        kind,
        how,
        frame.file,
        node,
        row,
        name,
        loop=repeats(row),
        guarded=is_guarded(node),
        seldom=seldom(node, name),
    )
    if kind == "load" and asked.wanted.loaded:
        return
    if (asked.loop is not None or asked.is_open) and not is_given(frame, row, name):
        note(frame, asked)


def note_run(frame: Frame, value: Value, node: ast.AST, how: str, *, anew: bool = False) -> None:
    """Note that a query is run: once for what was made before a loop, unless each use asks `anew`.

    What a related manager gives untouched is a relation of its row, which a query can load along.
    """
    rows = value.record
    if not isinstance(rows, Rows):
        return
    if frame.uses_of_rows is not None:
        frame.uses_of_rows[node, how] = (rows, frame.loops)
    if value.type == "builtins.list":
        return  # loaded when it was read
    if rows.parent is not None and rows.pristine and how in ANSWERED:
        note_read(frame, rows.parent, rows.accessor, node, how=how)
        return
    loops = frame.loops if anew else tuple(loop for loop in frame.loops if loop in rows.loops)
    note_asked(frame, node, how, rows, loops)


ANSWERED = frozenset({"iterate", "len", "bool", "count", "exists", "contains", "index", "first in order"})
"""The uses of a related manager that rows loaded along answer without a query."""


def note_asked(frame: Frame, node: ast.AST, how: str, rows: Rows | None, loops: Loops | None = None) -> None:
    """Note a question that is put wherever the code comes by: repeated by every loop around."""
    around = reversed(frame.loops if loops is None else loops)
    loop = next((one for one in around if one.size not in NOT_LONG), None)
    at = (frame.file, node) if loop is not None else None
    note(frame, Query("rows", how, frame.file, node, rows=rows, loop=loop, at=at, guarded=is_guarded(node)))


def note_given(frame: Frame, holder: Value, name: str) -> None:
    """Note that a loop sets an attribute of each row by hand: it is not asked of the database any more."""
    row = holder.record
    if isinstance(row, Row) and any(loop in frame.loops for loop in row.loops):
        frame.given.add((row.key, name))


def is_given(frame: Frame, row: Row, name: str) -> bool:
    """Whether code sets by hand what is read, or an object on the way to it."""
    *start, path = row.key
    way = (*path, name)  # type: ignore[misc]
    return any(((*start, way[:end]), way[end]) in frame.given for end in range(len(way)))


def with_given(value: Value, given: frozenset[Any], depth: int = 2) -> Value:
    """Rows that a function gives back, with what it set on each of them counted as loaded."""
    record = value.record
    if isinstance(record, Rows):
        own = key_of(record)
        paths = [(*key[-1], name) for key, name in given if key[:-1] == own]
        return rows_value(record.with_loads(paths), value.type) if paths else value
    if isinstance(record, Row) and record.rows is not None:
        names = [name for key, name in given if key == record.key]
        rows = record.rows.with_loads([(*record.path, name) for name in names])
        return value.but(record=replace(record, rows=rows)) if names else value
    if not depth or value.rest is None:
        return value
    rest = with_given(value.rest, given, depth - 1)
    return value if rest is value.rest else value.but(rest=rest)


def note_work(frame: Frame, node: ast.AST, how: str, name: str) -> None:
    """Note work that makes the caller wait; of one sort a few calls stand for all."""
    note(frame, Query("work", how, frame.file, node, name=name))


def note(frame: Frame, asked: Query) -> None:
    """Keep a question; of those that no loop repeats yet a few stand for all."""
    key = asked.key
    known = frame.queries.get(key)
    if known is not None:
        if _weight(asked) < _weight(known):
            frame.queries[key] = asked
        return
    if len(frame.queries) >= MAX_QUERIES:
        return
    if asked.kind == "work" and sum(one.how == asked.how for one in frame.queries.values()) >= MAX_WORK:
        return
    if asked.kind == "rows" and asked.loop is None and asked.how not in LETTING_GO:
        if frame.plain_queries >= MAX_PLAIN:
            return
        frame.plain_queries += 1
    frame.queries[key] = asked


def _weight(asked: Query) -> tuple[bool, int, int]:
    """Of several ways to one question the plainest counts."""
    return (asked.guarded, asked.seldom, len(asked.hops))


def is_code(file: object) -> bool:
    """Whether a file is one of Python, in which a query can be written: not a template."""
    return isinstance(file, File)


def written_at(value: Value, file: Any, node: ast.AST) -> Value:
    """A query that a function gave, as the call of that function: what it lacks can be added behind it."""
    rows = value.record
    assert isinstance(rows, Rows)
    if rows.root.__class__ is Taint or (rows.parent is not None and rows.root is None):
        return value
    if value.type == "builtins.list" or (rows.root is not None and rows.applied & _ENDED):
        return value  # what it gives takes no more methods
    if not is_code(file) or node.__class__ is not ast.Call:
        return value  # no template writes queries, and no framework's own call
    return rows_value(rows.written(Origin(file, node)), value.type)


def in_doubt(value: Value) -> Value:
    """A query with which something out of sight may load relations."""
    rows = value.record
    assert isinstance(rows, Rows)
    return rows_value(rows.but(maybe=rows.maybe | {UNSURE}), value.type)


def made_anew(frame: Frame, value: Value, given: Value | None, depth: int = 2) -> Value:
    """What a function gives, `given` in its own terms: queries that it makes are made in the loops around the call."""
    if not frame.loops or given is None:
        return value
    record, own = value.record, given.record
    if isinstance(record, Rows) and isinstance(own, Rows):
        if own.root.__class__ is Taint:
            return value
        made = record.but(loops=frame.loops)
        return value.but(record=made, rest=rows_value(made, value.type).rest)
    if not depth or not value.items or not given.items:
        return value
    items = {
        key: made_anew(frame, item, given.items.get(key), depth - 1) for key, item in value.items.items()
    }
    return value.but(items=items) if any(items[key] is not value.items[key] for key in items) else value


def repeats(row: Row) -> Loop | None:
    """The loop that meets the row, or the row that it hangs on."""
    while True:
        for loop in reversed(row.loops):
            if loop.size != "few":
                return loop
        if row.rows is None or row.rows.parent is None or not row.rows.pristine:
            return None
        row = row.rows.parent
