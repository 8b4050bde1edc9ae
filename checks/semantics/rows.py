"""Rows of databases as values: queries with what they load along, single rows with the query that they came by.

What frameworks know of a database library ends in these two records; the interpreter carries them through the code,
and notes each question that the code puts to the database (`checks.semantics.interpret.queries`).
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from checks.semantics.taints import Taint

Path = tuple[str, ...]
"""Relations from one row to others, by the names under which the code reads them."""

FEW = 10
"""Rows up to which a constant limit makes a loop short: what it costs is a constant too."""


@dataclass(frozen=True, slots=True, eq=False)
class Origin:
    """The expression that a query is written as, where what it lacks can be added.

    `way` says how: behind an `expression`, behind a `class` whose rows are meant, as an option of an `admin` or of a
    `view`.
    """

    file: Any
    node: ast.AST
    way: str = "expression"

    @property
    def key(self) -> tuple[object, ...]:
        """Tells origins apart."""
        return (
            self.file.path,
            getattr(self.node, "lineno", 0),
            getattr(self.node, "col_offset", 0),
            getattr(self.node, "end_lineno", 0),
            getattr(self.node, "end_col_offset", 0),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """A loop that is gone through: over `rows` of a query, `few` elements that the code fixes, `some`, or a `while`.

    `line` is where it stands in `file`; `node` tells loops apart; `rows` is the query that it goes through, where it
    goes through one.
    """

    node: object
    file: Any
    line: int
    size: str
    rows: Rows | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Loop) and self.node is other.node

    def __hash__(self) -> int:
        return id(self.node)

    @property
    def path(self) -> str:
        """Where it stands."""
        return self.file.path  # type: ignore[no-any-return]


Loops = tuple[Loop, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A query, or what it gave.

    - `type`: the class of its rows: of the project, or a library's by its dotted name
    - `root`: where it is written; a parameter's taint where a caller gives it
    - `loaded`: the relations that surely come with the rows, `maybe` those that come on some ways only
    - `fresh`: what the parameter brought along no longer counts: `select_related(None)`
    - `values`: its rows are no objects but dictionaries, tuples or single values
    - `limit`: the constant at which it ends
    - `only`, `deferred`: columns that are alone loaded, or left out until they are read
    - `parent`, `accessor`, `back`: of what a row's attribute gives: the row, the attribute, and the attribute of
      its rows by which they know that row
    - `pristine`: nothing narrows or orders what the accessor gives: rows loaded along answer it
    - `loops`: those that were being gone through when it was made
    - `applied`: the names of the methods that made it
    - `ordered`: its rows have an order of their own
    - `library`: whose query it is
    - `attributes`: lists that a prefetch puts on its rows, by the way to them
    - `inner`: the queries of their own by which prefetches go, by the way to their rows
    - `either`: where ways of the code bring different queries together, each of them
    - `absent`: relations that none of its rows has
    - `annotated`: names that its rows hold beside the columns
    """

    type: Any
    root: Origin | Taint | None = None
    loaded: frozenset[Path] = frozenset()
    maybe: frozenset[Path] = frozenset()
    fresh: bool = False
    values: bool = False
    limit: int | None = None
    only: frozenset[str] | None = None
    deferred: frozenset[str] = frozenset()
    parent: Row | None = None
    accessor: str = ""
    back: str = ""
    pristine: bool = False
    loops: Loops = ()
    applied: frozenset[str] = frozenset()
    ordered: bool = False
    library: str = "django"
    attributes: tuple[tuple[Path, Rows], ...] = ()
    inner: tuple[tuple[Path, Rows], ...] = ()
    either: tuple[Rows, ...] = ()
    absent: frozenset[str] = frozenset()
    annotated: frozenset[str] = frozenset()

    @property
    def variant(self) -> tuple[object, ...]:
        """What of it makes a variant of a summary."""
        return ("rows", self.type, self.values, self.ordered, self.library)

    def but(self, **changes: Any) -> Rows:
        """The same query but for some fields."""
        return replace(self, **changes)

    def with_loads(self, paths: Collection[Path]) -> Rows:
        """The query with these relations loaded along, and those on the way to them."""
        found = set(self.loaded)
        for path in paths:
            found.update(path[: end + 1] for end in range(len(path)))
        if len(found) == len(self.loaded) and not self.either:
            return self
        either = tuple([one.with_loads(paths) for one in self.either])
        return replace(self, loaded=frozenset(found), either=either)

    def written(self, root: Origin) -> Rows:
        """The query as it is written in another place, where more can be added behind it."""
        return replace(self, root=root, either=())

    def join(self, other: Rows) -> Rows:
        """What holds of both."""
        if self is other:
            return self
        loaded = self.loaded & other.loaded
        made = replace(
            self,
            loaded=loaded,
            maybe=(self.maybe | other.maybe | self.loaded | other.loaded) - loaded,
            fresh=self.fresh and other.fresh,
            values=self.values and other.values,
            limit=None if None in (self.limit, other.limit) else max(self.limit or 0, other.limit or 0),
            only=None if self.only is None or other.only is None else self.only | other.only,
            deferred=self.deferred & other.deferred,
            pristine=self.pristine and other.pristine,
            applied=self.applied | other.applied,
            ordered=self.ordered and other.ordered,
            either=_either(self, other),
            absent=self.absent & other.absent,
            annotated=self.annotated & other.annotated,
        )
        return self if _alike(self, made) else made

    def after(self, given: Rows) -> Rows:
        """What this query, begun at a parameter, is where the caller gave another."""
        return replace(
            given,
            type=self.type if self.type is not None else given.type,
            loaded=self.loaded if self.fresh else given.loaded | self.loaded,
            maybe=self.maybe if self.fresh else given.maybe | self.maybe,
            values=self.values or given.values,
            limit=self.limit if given.limit is None else given.limit,
            only=given.only if self.only is None else self.only,
            deferred=given.deferred | self.deferred,
            pristine=given.pristine and self.pristine,
            loops=given.loops or self.loops,
            applied=given.applied | self.applied,
            ordered=given.ordered or self.ordered,
            attributes=(*given.attributes, *self.attributes),
            inner=(*given.inner, *self.inner),
            either=tuple([self.after(one) for one in given.either]),
            absent=given.absent | self.absent,
            annotated=given.annotated | self.annotated,
        )


def _either(one: Rows, other: Rows) -> tuple[Rows, ...]:
    """The different queries that two may be, as far as the code writes them."""
    if one.root.__class__ is not Origin or other.root.__class__ is not Origin:
        return one.either
    found = {key_of(rows): rows for rows in one.either or (one,)}
    before = len(found)
    for rows in other.either or (other,):
        found.setdefault(key_of(rows), rows)
    return one.either if len(found) == before or len(found) > _MAX_EITHER else tuple(found.values())


_MAX_EITHER = 4


def _alike(one: Rows, other: Rows) -> bool:
    return (
        one.either is other.either
        and one.loaded == other.loaded
        and one.maybe == other.maybe
        and one.fresh is other.fresh
        and one.values is other.values
        and one.limit == other.limit
        and one.only == other.only
        and one.deferred == other.deferred
        and one.pristine is other.pristine
        and one.applied == other.applied
        and one.absent == other.absent
        and one.annotated == other.annotated
    )


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row as an object: `path` leads to it from a row of `rows`.

    Where a caller gives it, `symbol` is the parameter's taint instead. `loops` are those that meet another row each
    turn. Without `rows` and `symbol` nobody knows the query. By its attribute `back` it knows the row `before` it.
    """

    rows: Rows | None = None
    path: Path = ()
    symbol: Taint | None = None
    loops: Loops = ()
    before: Row | None = None
    back: str = ""

    def at(self, name: str, back: str = "") -> Row:
        """The row that a relation leads to; by `back` that one knows this row."""
        return replace(self, path=(*self.path, name), before=self if back else None, back=back)

    def met_in(self, loop: Loop) -> Row:
        """The row as a loop meets it."""
        return self if loop in self.loops else replace(self, loops=(*self.loops, loop))

    def join(self, other: Row) -> Row:
        """What holds of both: one of another query is only known to be a row."""
        if self is other:
            return self
        if self.path != other.path or self.symbol is not other.symbol:
            return self if self.rows is not None or other.rows is None else other
        if self.rows is other.rows or other.rows is None:
            loops = tuple(dict.fromkeys((*self.loops, *other.loops)))
            return self if len(loops) == len(self.loops) else replace(self, loops=loops)
        if self.rows is None:
            return other
        rows = self.rows.join(other.rows)
        loops = tuple(dict.fromkeys((*self.loops, *other.loops)))
        return (
            self
            if rows is self.rows and len(loops) == len(self.loops)
            else replace(self, rows=rows, loops=loops)
        )

    @property
    def key(self) -> tuple[object, ...]:
        """Tells rows apart by where they come from."""
        if self.symbol is not None:
            return ("symbol", self.symbol.key, self.path)
        return (*key_of(self.rows), self.path) if self.rows is not None else ("unknown", self.path)


Record = Rows | Row


def key_of(rows: Rows) -> tuple[object, ...]:
    """Tells queries apart by where they are written, or by what they hang on."""
    root = rows.root
    if isinstance(root, Origin):
        return root.key
    if root is not None:
        return ("symbol", root.key)
    if rows.parent is not None:
        return ("of", rows.parent.key, rows.accessor)
    return ("nowhere",)


def joined(one: Record | None, other: Record | None) -> Record | None:
    """What two ways of code agree on."""
    if one is other:
        return one
    if isinstance(one, Rows) and isinstance(other, Rows):
        return one.join(other)
    if isinstance(one, Row) and isinstance(other, Row):
        return one.join(other)
    return None


@dataclass(frozen=True, slots=True)
class Relation:
    """What an attribute of a model's instances is, as its framework knows.

    `kind` is `one` for another row, `many` for a manager or query of others, `list` for a collection that is loaded
    when it is read, `column` for a value. `type` is the class of the rows, or of the value; None where anything may
    stand there. `manager` is the type of what `many` gives. `null` says that it may be None, `back` is the attribute by
    which the others know this row, `loads` what they bring along whoever asks, `eager` that it needs no query.
    """

    kind: str
    type: Any
    manager: Any = None
    null: bool = False
    back: str = ""
    loads: frozenset[Path] = frozenset()
    ordered: bool = False
    eager: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A relation that is read, as seen from a query that could load it: `path` from its rows.

    `loaded` is None where only some ways of the code load it. `symbol` is the parameter that brings the row, where a
    caller must say which query it is of. `ways` are the queries in sight, the nearest first, each with its path;
    `single` says that one row of the last is taken, not many.
    """

    ways: tuple[tuple[Rows, Path], ...]
    loaded: bool | None
    symbol: Taint | None = None
    single: bool = False

    @property
    def rows(self) -> Rows | None:
        """The query."""
        return self.ways[-1][0] if self.ways else None

    @property
    def path(self) -> Path:
        """The way from its rows."""
        return self.ways[-1][1] if self.ways else ()


def wanted(row: Row, name: str) -> Wanted:
    """Which query would have to load a relation of a row, and whether it does.

    What a related manager gives of a row that a loop meets is loaded by the query of that row; of a single row, by
    what the code writes behind the manager, where it writes anything.
    """
    rows, symbol, path = row.rows, row.symbol, (*row.path, name)
    single = not row.loops
    ways: list[tuple[Rows, Path]] = []
    while rows is not None and len(ways) < _DEPTH:
        ways.append((rows, path))
        known = rows.parent is not None and rows.back == path[0]
        if known or path in rows.loaded or _is_covered(path, rows.loaded):
            return Wanted(tuple(ways), True)
        if path in rows.maybe or UNSURE in rows.maybe or (*path[:-1], ANY) in rows.loaded:
            return Wanted(tuple(ways), None)
        if rows.root.__class__ is Taint:
            return Wanted(tuple(ways), False, rows.root)
        parent = rows.parent
        if parent is None or not rows.pristine:
            break
        if rows.root is not None and parent.symbol is None and not parent.loops:
            break  # of a single row: the expression itself can load it
        path = (*parent.path, rows.accessor, *path)
        rows, symbol, single = parent.rows, parent.symbol, not parent.loops
    return Wanted(tuple(ways), False, symbol, single)


def _is_covered(path: Path, loaded: frozenset[Path]) -> bool:
    return any((*path[:end], EVERYTHING) in loaded for end in range(len(path)))


_DEPTH = 8
EVERYTHING = "**"
"""At the end of a path: whatever is read from there on is loaded, or never asked for."""
TAKEN_BACK = "!"
"""At the beginning of a path: an option takes back that the models load it along."""
UNSURE: Path = ("?",)
"""Among what may be loaded: relations whose names only running tells."""
ANY = "*"
"""In the place of a relation's name: all to-one relations that can't be NULL, as `select_related()` follows them."""
