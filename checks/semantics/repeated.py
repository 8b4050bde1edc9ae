"""Relations that are read from row after row and that no query loads along: put together by the query that could."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checks.model import Step
from checks.semantics.interpret.asked import LETTING_GO, WRITING, Query
from checks.semantics.interpret.targets import Class
from checks.semantics.nodes import ancestors
from checks.semantics.rows import FEW, UNSURE, Loop, Origin, Path, Relation, Rows

Ask = Callable[[Any, str], Relation | None]
"""What an attribute of a class's rows is."""


@dataclass(frozen=True, slots=True)
class Read:
    """One relation that is read anew for each row.

    `path` leads to it from the query's rows, `kinds` says of each part whether it is `one` row, `many`, a `column`, or
    `any` of several tables. `asked` is the question.
    """

    path: Path
    kinds: tuple[str, ...]
    asked: Query

    @property
    def order(self) -> int:
        """How many loops, one within the other, ask for it: each multiplies the number of queries by its rows."""
        collections = sum(kind in ("many", "list") for kind in self.kinds[:-1])
        return max(1, collections + (0 if self.asked.wanted.single else 1))

    @property
    def name(self) -> str:
        """The path as code writes it."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Unloaded:
    """A query whose rows ask for relations one by one.

    `origin` is where it is written, None where only a template names it: then it is shown at the `loop` that goes
    through its rows. `assumed` says that callers may load what is missing, `writes` that each turn writes rows: what
    it reads is the smaller part.
    """

    rows: Rows
    origin: Origin | None
    reads: tuple[Read, ...]
    assumed: bool
    loop: Loop
    writes: bool = False

    @property
    def model(self) -> str:
        """The name of the rows' class."""
        return name_of(self.rows.type)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The way from the query to each read, hop by hop."""
        found: list[Step] = []
        if self.origin is not None:
            line = getattr(self.origin.node, "lineno", 1)
            found.append(Step(self.origin.file.path, line, f"`{self.model}` rows are asked for"))
        for read in self.reads:
            found += steps_of(read.asked, read.name)
        return tuple(dict.fromkeys(found))


def name_of(type_: Any) -> str:
    """The last part of a class's name."""
    name = type_ if isinstance(type_, str) else getattr(type_, "name", "")
    return name.rpartition(".")[2] or "row"


def steps_of(asked: Query, what: str) -> list[Step]:
    """The way from a loop to the question that it repeats."""
    found = []
    if asked.loop is not None:
        found.append(Step(asked.loop.path, asked.loop.line, "a loop goes through them"))
    found += [Step(hop.path, hop.line, hop.text) for hop in asked.hops]
    line = getattr(asked.node, "lineno", 1)
    found.append(Step(asked.file.path, line, f"`{what}` is read: a query for each row"))
    return found


def unloaded(queries: Iterable[Query], ask: Ask) -> list[Unloaded]:
    """The queries of a file whose rows ask for relations one by one, each with all that it should load."""
    groups: dict[object, tuple[Rows, Origin | None, bool, Loop, dict[Path, Read]]] = {}
    queries = list(queries)
    emptied = {asked.loop for asked in queries if asked.how in LETTING_GO}  # loading before is in vain
    written = {asked.loop for asked in queries if asked.how in WRITING and not asked.seldom}
    for asked in queries:
        if asked.kind not in ("load", "column") or asked.loop is None:
            continue
        seen = asked.wanted
        if asked.guarded or seen.loaded is not False or not seen.ways:
            continue  # what only some ways load is loaded, mostly, where it is read
        for rows, path in _lacking(*seen.ways[-1]):
            loop = _through(asked) or asked.loop
            if rows.library == "sqlalchemy" and not emptied.isdisjoint((asked.loop, loop)):
                continue
            if rows.root is None and rows.parent is not None and rows.parent.rows is None:
                continue  # of a row that nobody knows: it may be a new one
            origin = rows.root if isinstance(rows.root, Origin) else None
            assumed = seen.symbol is not None
            if assumed and origin is None:
                continue
            key = (rows.type, *(origin.key if origin is not None else (loop.path, loop.line)))
            group = groups.setdefault(key, (rows, origin, assumed, loop, {}))
            known = group[4].get(path)
            if known is None or _order(asked) < _order(known.asked):
                kinds = kinds_along(rows.type, path, ask) if asked.kind == "load" else ("column",) * len(path)
                if kinds:
                    group[4][path] = Read(path, kinds, asked)
    found = [
        Unloaded(
            rows,
            origin,
            kept,
            assumed,
            loop,
            not written.isdisjoint({loop, *(one.asked.loop for one in kept)}),
        )
        for rows, origin, assumed, loop, reads in groups.values()
        if (kept := tuple(_without_recursion(reads)))
    ]
    return list(_without_repetition(found))


def _without_repetition(found: list[Unloaded]) -> Iterator[Unloaded]:
    """Of queries that are written one on top of the other for the same loop the first: what it loads they all have."""
    known: dict[object, list[ast.AST]] = {}
    for one in sorted(found, key=_position):
        if one.origin is None:
            yield one
            continue
        about = (one.rows.type, one.loop, tuple((read.path, _place(read.asked)) for read in one.reads))
        before = known.setdefault(about, [])
        if not any(_rests_on(one.origin.node, node) for node in before):
            before.append(one.origin.node)
            yield one


def _rests_on(query: ast.AST, other: ast.AST) -> bool:
    """Whether a query is made of another: behind the name that it has, by a function that gets it, by `super()`."""
    names = set(_made_of(query))
    if "super" in names:
        return True
    statement = next((above for above in ancestors(other) if isinstance(above, ast.stmt)), None)
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(target, ast.Name) and target.id in names for target in targets)


def _made_of(query: ast.AST) -> Iterator[str]:
    """The name that a chain begins with, and those that its calls are given as they are."""
    while isinstance(query, ast.Call | ast.Attribute | ast.Subscript):
        if isinstance(query, ast.Call):
            yield from (given.id for given in query.args if isinstance(given, ast.Name))
            query = query.func
        else:
            query = query.value
    if isinstance(query, ast.Name):
        yield query.id


def _position(one: Unloaded) -> tuple[str, int, int]:
    if one.origin is None:
        return (one.loop.path, one.loop.line, 0)
    node = one.origin.node
    return (one.origin.file.path, getattr(node, "lineno", 0), getattr(node, "col_offset", 0))


def _without_recursion(reads: Mapping[Path, Read]) -> Iterator[Read]:
    """The reads but for those that a function which calls itself makes further on: no load goes as far as it does."""
    for path, read in sorted(reads.items()):
        if len(set(path)) < len(path) and read.asked.hops:
            continue  # a way through a tree: how far it goes, only the rows tell
        shorter = reads.get(path[:-1])
        again = shorter is not None and path[-1] == path[-2] and _place(shorter.asked) == _place(read.asked)
        if not again and (len(path) < _TURNS or len(set(path[-_TURNS:])) > 1):
            yield read


def _place(asked: Query) -> tuple[str, int, int]:
    return (asked.file.path, asked.line, getattr(asked.node, "col_offset", 0))


_TURNS = 3  # the same relation so often in a row is the way through a tree


def _through(asked: Query) -> Loop | None:
    """The outermost loop on the way to what is read: the one that goes through the query's own rows."""
    row, found = asked.row, None
    for _ in asked.wanted.ways:
        if row is None:
            break
        found = next((loop for loop in row.loops if loop.size != "few"), found)
        row = row.rows.parent if row.rows is not None else None
    return found


def _lacking(rows: Rows, path: Path) -> Iterator[tuple[Rows, Path]]:
    """The queries that should load a path and do not: of several that ways of the code bring together, each."""
    for one in rows.either or (rows,):
        if (one.limit is not None and one.limit <= FEW) or path[0] in one.absent:
            continue
        inner, rest = _within(one, path)
        if rest not in inner.loaded and rest not in inner.maybe and UNSURE not in inner.maybe:
            yield inner, rest


def _within(rows: Rows, path: Path) -> tuple[Rows, Path]:
    """The query of its own by which a prefetch gets the rows that a path comes through, with the rest of the path."""
    for place, inner in rows.inner:
        if len(place) < len(path) and path[: len(place)] == place and isinstance(inner.root, Origin):
            return _within(inner, path[len(place) :])
    return rows, path


def kinds_along(type_: Any, path: Path, ask: Ask) -> tuple[str, ...]:
    """What each part of a path is, as far as the models say; nothing where a model of the project has no such part."""
    found: list[str] = []
    for name in path:
        relation = ask(type_, name) if type_ is not None else None
        if relation is None and isinstance(type_, Class):
            return ()
        if relation is None:
            return (*found, *["any"] * (len(path) - len(found)))
        found.append("any" if relation.kind == "one" and relation.type is None else relation.kind)
        type_ = relation.type
    return tuple(found)


def _order(asked: Query) -> tuple[object, ...]:
    """The plainest question first, then the nearest."""
    return (asked.seldom, len(asked.hops), asked.file.path, getattr(asked.node, "lineno", 0))


def of_loop(loop: Loop) -> str:
    """What a loop goes through, in words."""
    if loop.rows is not None:
        return f"`{name_of(loop.rows.type)}` rows"
    return "rows" if loop.size == "rows" else "elements"
