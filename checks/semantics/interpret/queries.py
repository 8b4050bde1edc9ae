"""What functions ask of a database: noted where they ask, put into terms of their callers, and repeated by loops.

A question about a row that a parameter brings is a demand on the callers, as a parameter that reaches a sink is. It is
settled where the row's query is known, and where a loop meets the row.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from checks.semantics.contents import gone_through
from checks.semantics.interpret.targets import Class
from checks.semantics.nodes import descendants, parent
from checks.semantics.rows import (
    FEW,
    TAKEN_BACK,
    Loop,
    Loops,
    Origin,
    Path,
    Relation,
    Row,
    Rows,
    Wanted,
    key_of,
    wanted,
)
from checks.semantics.source import File
from checks.semantics.taints import Taint
from checks.semantics.values import UNKNOWN, Value, instance

if TYPE_CHECKING:
    from checks.semantics.interpret.binding import Binding
    from checks.semantics.interpret.frame import Frame

_NOT_LONG = frozenset({"few", "while"})
"""The sizes of loops that a query in them is no defect of: a few turns, or as many as it takes."""
LETTING_GO = frozenset({"commit"})
"""What makes a session of SQLAlchemy let go of all that its rows have loaded."""
MAX_QUERIES = 80
MAX_PLAIN = 6
MAX_WORK = 2
_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Hop:
    """A step on the way from a loop to a question: where, and what happens there."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """A question to a database.

    `kind` is `load` for a relation that is read from a row, `column` for a column that was left out, else `rows`;
    `how` says which method or use asks (`get`, `count`, `iterate`, `save`). Work that makes the caller wait is noted
    in the same way: its `kind` is `work`, `how` what it is (`http`, `mail`), `name` what is called. Of a load, `row` is
    the row and `name` its attribute; else `rows` is what is asked for. `node` in `file` asks. `loop` repeats it: a loop
    that meets another row each turn, or one in which it is asked anew. `at` is the place in the loop's own function
    that leads there.
    """

    kind: str
    how: str
    file: Any
    node: ast.AST
    row: Row | None = None
    name: str = ""
    rows: Rows | None = None
    loop: Loop | None = None
    at: tuple[Any, ast.AST] | None = None
    hops: tuple[Hop, ...] = ()
    guarded: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """Tells questions apart; of a load the place does not count."""
        about: tuple[object, ...] = ()
        if self.row is not None:
            about = (*self.row.key, self.name)
            if self.kind == "load":
                return (self.kind, self.loop, *about)
        node = self.node
        place = (self.file.path, getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
        return (self.kind, self.how, self.loop, *about, *place)

    @property
    def line(self) -> int:
        """The line that asks."""
        return getattr(self.node, "lineno", 1)

    @property
    def wanted(self) -> Wanted:
        """The query that would have to load what is read."""
        assert self.row is not None
        return wanted(self.row, self.name)

    @property
    def is_open(self) -> bool:
        """Whether a caller still has to say which rows these are."""
        row = self.row
        if row is None:
            return False
        return self.wanted.symbol is not None


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
    asked = Query(kind, how, frame.file, node, row, name, loop=_repeats(row), guarded=_is_guarded(node))
    if kind == "load" and asked.wanted.loaded:
        return
    if (asked.loop is not None or asked.is_open) and (row.key, name) not in frame.given:
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
    if rows.parent is not None and rows.pristine and how in _ANSWERED:
        note_read(frame, rows.parent, rows.accessor, node, how=how)
        return
    loops = frame.loops if anew else tuple(loop for loop in frame.loops if loop in rows.loops)
    note_asked(frame, node, how, rows, loops)


_ANSWERED = frozenset({"iterate", "len", "bool", "count", "exists", "contains", "index", "first in order"})
"""The uses of a related manager that rows loaded along answer without a query."""


def note_asked(frame: Frame, node: ast.AST, how: str, rows: Rows | None, loops: Loops | None = None) -> None:
    """Note a question that is put wherever the code comes by: repeated by every loop around."""
    around = reversed(frame.loops if loops is None else loops)
    loop = next((one for one in around if one.size not in _NOT_LONG), None)
    at = (frame.file, node) if loop is not None else None
    note(frame, Query("rows", how, frame.file, node, rows=rows, loop=loop, at=at, guarded=_is_guarded(node)))


def note_given(frame: Frame, holder: Value, name: str) -> None:
    """Note that a loop sets an attribute of each row by hand: it is not asked of the database any more."""
    row = holder.record
    if isinstance(row, Row) and any(loop in frame.loops for loop in row.loops):
        frame.given.add((row.key, name))


def with_given(value: Value, given: frozenset[Any], depth: int = 2) -> Value:
    """Rows that a function gives back, with what it set on each of them counted as loaded."""
    record = value.record
    if isinstance(record, Rows):
        names = [name for key, name in given if key == (*key_of(record), ())]
        return rows_value(record.with_loads([(name,) for name in names]), value.type) if names else value
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
        if len(known.hops) > len(asked.hops) or (known.guarded and not asked.guarded):
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


def _repeats(row: Row) -> Loop | None:
    """The loop that meets the row, or the row that it hangs on."""
    while True:
        for loop in reversed(row.loops):
            if loop.size != "few":
                return loop
        if row.rows is None or row.rows.parent is None or not row.rows.pristine:
            return None
        row = row.rows.parent


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


def take_over(
    frame: Frame, node: ast.AST, queries: Iterable[Query], binding: Binding, *, generic: bool
) -> None:
    """Take over what a called function asks: about rows that it was given, and what it asks of itself."""
    for asked in queries:
        for bound in _bound(frame, node, asked, binding, generic=generic):
            note(frame, bound)


def _bound(frame: Frame, node: ast.AST, asked: Query, binding: Binding, *, generic: bool) -> Iterator[Query]:
    row = asked.row
    if asked.kind == "work":
        yield replace(asked, hops=_longer(asked, node, binding))
        return
    if row is None:
        if asked.loop is None:
            related = _of_relation(frame, node, asked, binding)
            if related is None:
                yield _repeated(frame, node, asked, binding)
            elif _counts(frame, related):
                yield related
        elif not generic:
            yield asked
        return
    given = bound_row(row, binding)
    if given is row or given is None:
        if not generic:  # else the function's own file says so
            yield asked
        return
    if not row.path and given.back == asked.name and asked.kind == "load":
        return
    given = active(given, (*frame.loops, *((asked.loop,) if asked.loop is not None else ())))
    loop = asked.loop or _repeats(given)
    settled = replace(
        asked,
        row=given,
        loop=loop,
        hops=_longer(asked, node, binding),
        guarded=asked.guarded or _is_guarded(node) or _is_remembered(binding.owner),
    )
    if _counts(frame, settled):
        yield settled


def _counts(frame: Frame, asked: Query) -> bool:
    """Whether what is read of a row is asked of the database, and a loop repeats it or a caller may."""
    assert asked.row is not None
    if asked.kind == "load" and asked.wanted.loaded:
        return False
    return (asked.loop is not None or asked.is_open) and (asked.row.key, asked.name) not in frame.given


def _of_relation(frame: Frame, node: ast.AST, asked: Query, binding: Binding) -> Query | None:
    """A question about rows that a parameter brings, where the caller gives a row's related manager as it is."""
    rows = bound_rows(asked.rows, binding) if asked.rows is not None else None
    if rows is None or rows is asked.rows or rows.parent is None or not rows.pristine:
        return None
    if asked.how not in _ANSWERED:
        return None
    row = active(rows.parent, frame.loops)
    return replace(
        asked,
        kind="load",
        row=row,
        name=rows.accessor,
        rows=None,
        loop=_repeats(row),
        hops=_longer(asked, node, binding),
        guarded=asked.guarded or _is_guarded(node) or _is_remembered(binding.owner),
    )


def _repeated(frame: Frame, node: ast.AST, asked: Query, binding: Binding) -> Query:
    """A question that the called function asks once, asked by each turn of the loops around the call."""
    rows = asked.rows
    if rows is not None:
        rows = bound_rows(rows, binding) or rows
    loop = next((one for one in reversed(frame.loops) if one.size not in _NOT_LONG), None)
    at = (frame.file, node) if loop is not None else None
    return replace(
        asked,
        rows=rows,
        loop=loop,
        at=at,
        hops=_longer(asked, node, binding),
        guarded=asked.guarded or _is_guarded(node) or _is_remembered(binding.owner),
    )


def _longer(asked: Query, node: ast.AST, binding: Binding) -> tuple[Hop, ...]:
    if len(asked.hops) >= _LONGEST:
        return asked.hops
    return (Hop(binding.path, getattr(node, "lineno", 1), binding.text), *asked.hops)


def bound_row(row: Row, binding: Binding) -> Row | None:
    """A row in the caller's terms: the same where no parameter of the called function stands for it."""
    if row.symbol is not None:
        if not binding.is_own(row.symbol):
            return row
        value = binding.part(row.symbol)
        given = row_of(value)
        if given is None:
            return Row(path=row.path, loops=row.loops)
        loops = tuple(dict.fromkeys((*given.loops, *row.loops)))
        return replace(given, path=(*given.path, *row.path), loops=loops)
    if row.rows is None:
        return row
    rows = bound_rows(row.rows, binding)
    return row if rows is row.rows else replace(row, rows=rows)


def bound_rows(rows: Rows, binding: Binding) -> Rows | None:
    """A query in the caller's terms."""
    root = rows.root
    if root.__class__ is Taint and binding.is_own(root):
        given = binding.part(root).record
        return rows.after(given) if isinstance(given, Rows) else None
    if rows.parent is not None:
        parent = bound_row(rows.parent, binding)
        if parent is not rows.parent:
            return rows.but(parent=parent)
    return rows


def in_loop(value: Value, loop: Loop, depth: int = 3) -> Value:
    """A value as a loop meets it: the rows that it is, or holds, are others each turn."""
    record = value.record
    if record is not None:
        if isinstance(record, Row):
            return value.but(record=record.met_in(loop))
        return value
    if not depth or (not value.items and value.rest is None):
        return value
    items, rest = value.items, value.rest
    if items:
        changed = {key: in_loop(item, loop, depth - 1) for key, item in items.items()}
        if any(changed[key] is not item for key, item in items.items()):
            items = changed
    if rest is not None:
        rest = in_loop(rest, loop, depth - 1)
    return value if items is value.items and rest is value.rest else value.but(items=items, rest=rest)


def enter(frame: Frame, iterable: Value, at: ast.AST, node: object, *, once: bool = False) -> Loop:
    """Begin a loop over a value, which is written `at`; `node` tells it from others; `once`: one turn is all."""
    iterable = gone_through(iterable)
    rows = iterable.record if isinstance(iterable.record, Rows) else None
    if rows is not None:
        note_run(frame, iterable, at, "iterate")
    size = "few" if once else _size(iterable, rows)
    loop = Loop(node, frame.file, getattr(at, "lineno", 1), size, rows)
    frame.loops = (*frame.loops, loop)
    return loop


def begin_while(frame: Frame, node: ast.While) -> None:
    """Begin a loop that ends when something has changed: what it takes out of a list is another row each turn."""
    frame.loops = (*frame.loops, Loop(node, frame.file, node.lineno, "while"))


def taken(frame: Frame, value: Value) -> Value:
    """What `pop` takes out of a list: in a `while` another row each turn."""
    if frame.loops and frame.loops[-1].size == "while":
        return in_loop(value, frame.loops[-1])
    return value


def leave(frame: Frame) -> None:
    """End the innermost loop."""
    frame.loops = frame.loops[:-1]


def _size(iterable: Value, rows: Rows | None) -> str:
    """How long a loop over a value is: as a query has rows, a few turns that the code fixes, or nobody knows."""
    if rows is None and iterable.rest is not None and isinstance(iterable.rest.record, Row):
        rows = iterable.rest.record.rows
    if rows is not None:
        return "few" if rows.limit is not None and rows.limit <= FEW else "rows"
    if iterable.literal or (iterable.items is not None and iterable.rest is None and not iterable.taints):
        return "few"
    if iterable.name is not None and iterable.name.startswith(_FIXED):
        return "few"
    return "few" if any(isinstance(target, Class) for target in iterable.targets) else "some"


_FIXED = ("django.conf.settings.", "flask.current_app.config", "settings.")


def _is_guarded(node: ast.AST) -> bool:
    """Whether code around a question keeps it from being asked each time: it is remembered, or ends the loop."""
    below: ast.AST = node
    above = parent(node)
    ends = False
    while above is not None and not isinstance(above, _SCOPES):
        if isinstance(above, ast.If | ast.IfExp) and below is not above.test and _remembers(above.test):
            return True
        if isinstance(above, ast.ExceptHandler):
            return True
        ends = ends or (isinstance(below, ast.stmt) and _ends_behind(above, below))
        if isinstance(above, ast.For | ast.AsyncFor | ast.While):
            return ends
        below, above = above, parent(above)
    return False


def _is_remembered(function: ast.AST) -> bool:
    """Whether a decorator keeps what a function gave for the same arguments."""
    for decorator in getattr(function, "decorator_list", ()):
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if getattr(called, "attr", getattr(called, "id", "")) in _REMEMBERING:
            return True
    return False


_REMEMBERING = frozenset({"cache", "cached", "lru_cache", "memoize", "memoized"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Module)
_ENDS = (ast.Break, ast.Return)


def _remembers(test: ast.expr) -> bool:
    """`key not in known`, `found is None`, `not hasattr(...)`, a look into the cache of prefetched rows."""
    for node in descendants(test):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.NotIn):
            return True
        if (
            isinstance(node, ast.Compare)
            and isinstance(node.ops[0], ast.Is)
            and _is_none(node.comparators[0])
        ):
            return True
        if isinstance(node, ast.Attribute) and node.attr == "_prefetched_objects_cache":
            return True
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hasattr":
            return True
    return False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _ends_behind(above: ast.AST, statement: ast.stmt) -> bool:
    """Whether the block that a statement stands in leaves the loop, or the function, right behind it."""
    if isinstance(statement, _ENDS):
        return True
    for field in ("body", "orelse", "finalbody"):
        block = getattr(above, field, None)
        if isinstance(block, list) and statement in block:
            return any(isinstance(other, _ENDS) for other in block[block.index(statement) + 1 :])
    return False
