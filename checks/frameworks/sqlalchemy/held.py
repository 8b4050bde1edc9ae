"""Rows that a session holds already: what leads to one of them asks for nothing.

From SQLAlchemy's documentation: "What kinds of loading?" (many-to-one loads of rows that are in the session emit no
SQL), "Session Referencing Behavior" (the session holds them as long as the code does).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.sqlalchemy.links import Link, ones_of
from checks.frameworks.sqlalchemy.models import SqlModel
from checks.frameworks.sqlalchemy.relations import model_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.names import ancestors
from checks.semantics.rows import Path, Rows
from checks.semantics.values import TRUE

_DEPTH = 5
_WHOLE = frozenset({"begun", "execution_options", "generic", "options", "order_by"})


def is_whole(rows: Rows) -> bool:
    """Whether a query gives all rows of its model."""
    return rows.applied <= _WHOLE and rows.limit is None and rows.parent is None and not rows.values


def note_held(frame: Frame, rows: Rows, node: ast.AST) -> None:
    """Note that all rows of a model were asked for and are kept under a name."""
    model = model_of(rows.type)
    if model is None or not is_whole(rows):
        return
    for above in ancestors(node):
        if isinstance(above, ast.Assign | ast.AnnAssign):
            frame.env[_key(model.name)] = TRUE
            return
        if isinstance(above, ast.stmt):
            return


def is_held(frame: Frame, model: object) -> bool:
    """Whether all rows of a model are held."""
    known = model_of(model)
    return known is not None and _key(known.name) in frame.env


def with_held(frame: Frame, rows: Rows) -> Rows:
    """The query where its rows lead to such that the session holds."""
    model = model_of(rows.type)
    if model is None or rows.values:
        return rows
    return _loading(rows, [link.name for link in _ones(model, rows) if _key(link.model) in frame.env])


def beside(rows: Rows, others: frozenset[str]) -> Rows:
    """The query of one model where the rows of others, by their dotted names, come with it."""
    model = model_of(rows.type)
    return (
        rows
        if model is None
        else _loading(rows, [link.name for link in _ones(model, rows) if link.model in others])
    )


def among_themselves(before: Rows, rows: Rows) -> Rows:
    """The query of all rows of a model, whose rows lead to each other; once it is narrowed only some do."""
    model = model_of(rows.type)
    if model is None or rows.values:
        return rows
    names = [link.name for link in _ones(model, rows) if link.model == model.name]
    own: set[Path] = {(name,) * depth for name in names for depth in range(1, _DEPTH)}
    if not own:
        return rows
    if is_whole(rows):
        return rows.with_loads(own)
    loaded = rows.loaded if "options" in before.applied or not is_whole(before) else rows.loaded - own
    some = {path for path in own if led_on(path[:1]) not in rows.applied}
    return rows.but(loaded=loaded, maybe=rows.maybe | (some - loaded))


def led_on(path: Path) -> str:
    """Among the methods that made a query: that only rows are asked for which lead to another by a relation."""
    return f"with {'.'.join(path)}"


def _loading(rows: Rows, names: list[str]) -> Rows:
    return rows.with_loads([(name,) for name in names]) if names else rows


def _ones(model: SqlModel, rows: Rows) -> Iterator[Link]:
    """The relations whose key the rows have, so that no query is needed for what the session holds."""
    return (link for link in ones_of(model, rows.type.file.project) if link.model and link.columns)


def _key(model: str) -> str:
    """Where a function's names keep it: as what is known where the code comes by on every way."""
    return f"`held {model}"
