"""The loops that a statement stands in: which rows they go through, and how long they are."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from checks.semantics.contents import gone_through
from checks.semantics.interpret.queries import note_run
from checks.semantics.interpret.targets import Class
from checks.semantics.rows import (
    FEW,
    Loop,
    Row,
    Rows,
)
from checks.semantics.values import Value

if TYPE_CHECKING:
    from checks.semantics.interpret.frame import Frame


_FIXED = ("django.conf.settings.", "flask.current_app.config", "settings.")


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
