"""What a called function asks of a database, put into terms of its caller: of rows that arguments bring."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from checks.semantics.interpret.asked import Hop, Query
from checks.semantics.interpret.guards import is_guarded, is_remembered, seldom
from checks.semantics.interpret.queries import ANSWERED, NOT_LONG, active, is_given, note, repeats, row_of
from checks.semantics.rows import (
    Row,
    Rows,
)
from checks.semantics.taints import Taint

if TYPE_CHECKING:
    from checks.semantics.interpret.binding import Binding
    from checks.semantics.interpret.frame import Frame


_LONGEST = 12


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
    loop = asked.loop or repeats(given)
    settled = _at_call(asked, node, binding, row=given, loop=loop)
    if _counts(frame, settled):
        yield settled


def _counts(frame: Frame, asked: Query) -> bool:
    """Whether what is read of a row is asked of the database, and a loop repeats it or a caller may."""
    assert asked.row is not None
    if asked.kind == "load" and asked.wanted.loaded:
        return False
    return (asked.loop is not None or asked.is_open) and not is_given(frame, asked.row, asked.name)


def _of_relation(frame: Frame, node: ast.AST, asked: Query, binding: Binding) -> Query | None:
    """A question about rows that a parameter brings, where the caller gives a row's related manager as it is."""
    rows = bound_rows(asked.rows, binding) if asked.rows is not None else None
    if rows is None or rows is asked.rows or rows.parent is None or not rows.pristine:
        return None
    if asked.how not in ANSWERED:
        return None
    row = active(rows.parent, frame.loops)
    related = replace(asked, kind="load", row=row, name=rows.accessor, rows=None)
    return _at_call(related, node, binding, loop=repeats(row))


def _repeated(frame: Frame, node: ast.AST, asked: Query, binding: Binding) -> Query:
    """A question that the called function asks once, asked by each turn of the loops around the call."""
    rows = asked.rows
    if rows is not None:
        rows = bound_rows(rows, binding) or rows
    loop = next((one for one in reversed(frame.loops) if one.size not in NOT_LONG), None)
    at = (frame.file, node) if loop is not None else None
    return _at_call(asked, node, binding, rows=rows, loop=loop, at=at)


def _at_call(asked: Query, node: ast.AST, binding: Binding, **changes: Any) -> Query:
    """A question one function further away, behind what guards the call."""
    return replace(
        asked,
        hops=_longer(asked, node, binding),
        guarded=asked.guarded or is_guarded(node) or is_remembered(binding.owner),
        seldom=max(asked.seldom, seldom(node, asked.name)),
        **changes,
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
