"""A question to a database, and the hops on the way to it from the loop that repeats it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from checks.semantics.rows import (
    Loop,
    Row,
    Rows,
    Wanted,
    wanted,
)

LETTING_GO = frozenset({"commit"})
"""What makes a session of SQLAlchemy let go of all that its rows have loaded."""


WRITING = frozenset({"create", "delete", "get_or_create", "save", "update", "update_or_create"})
"""Questions that write rows."""


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
    that leads there. `seldom` says that it stands below a condition, so that not each turn asks: 1 for one in the
    loop's own function, 2 for one in a function on the way.
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
    seldom: int = 0

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
