"""SQLAlchemy's loader options put where they are missing: `.options(joinedload(Order.customer))`."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from checks.fixes.eager_loads import called, further, gap, with_insertions
from checks.fixes.edit import replace
from checks.fixes.loader_names import Names
from checks.frameworks.sqlalchemy.links import LIST, ONE, link_of, model_at
from checks.frameworks.sqlalchemy.models import SqlModel, sql_model_of
from checks.frameworks.sqlalchemy.options import TAKEN_BACK
from checks.model import Edit
from checks.semantics.interpret.targets import Class
from checks.semantics.rows import Origin, Path, Rows
from checks.semantics.source import File

_UNJOINED = frozenset({"distinct", "entities", "from_statement", "group_by", "with_for_update"})
"""What a query can't have beside a join: locks, groups, its own text."""
_ENDED = frozenset({"union"})

Insertion = tuple[int, int, str]


class _NotKnownError(Exception):
    """A class that has to be named is none that the file knows."""


@dataclass(frozen=True, slots=True)
class _Step:
    """One relation on the way: which loader, and the model's attribute that it is given."""

    loader: str
    model: SqlModel
    name: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """The edits that make a query load relations, and those of the relations that they load."""

    edits: tuple[Edit, ...]
    paths: tuple[Path, ...]


def with_options(
    origin: Origin, rows: Rows, paths: Sequence[Path], columns: Sequence[str] = ()
) -> Loaded | None:
    """The edits that make a query load relations along: rows by joins where these do no harm, collections apart.

    `columns` are those that it leaves out so far. None where a class that has to be named is none that the file knows.
    """
    file, node = origin.file, origin.node
    if not isinstance(file, File) or not isinstance(node, ast.expr) or rows.applied & _ENDED:
        return None
    model = sql_model_of(rows.type.node, rows.type.file) if isinstance(rows.type, Class) else None
    if model is None or origin.way not in ("expression", "get"):
        return None
    ways = {path: _steps(model, path, rows, file) for path in _longest(paths)}
    known = {path: steps for path, steps in ways.items() if steps}
    if not known and not columns:
        return None
    writing = _Writing(file, node, Names(file, node, model))
    try:
        if origin.way == "get":
            edit = writing.at_key(list(known.values())) if not columns else None
        else:
            edit = writing.behind(list(known.values()), model, columns, is_only=rows.only is not None)
    except _NotKnownError:
        return None
    if edit is None:
        return None
    return Loaded((*writing.names.edits(), edit), (*known, *((column,) for column in columns)))


def _longest(paths: Sequence[Path]) -> list[Path]:
    """The paths without those that are the beginning of another, and without those that go round in a tree."""
    return [
        path
        for path in paths
        if len(set(path)) == len(path)
        and not any(other[: len(path)] == path and other != path for other in paths)
    ]


def _steps(model: SqlModel, path: Path, rows: Rows, file: File) -> list[_Step]:
    """The relations of a path with their loaders; nothing where one can't be loaded along.

    What another option loads already keeps that option's way of loading: two ways for one relation are an error.
    """
    found: list[_Step] = []
    owner: SqlModel | None = model
    joins = not rows.applied & _UNJOINED
    for end, name in enumerate(path, 1):
        link = link_of(owner, name, file.project) if owner is not None else None
        if owner is None or link is None or link.lazy in ("dynamic", "write_only"):
            return []
        if (TAKEN_BACK, *path[:end]) in rows.loaded:
            return []
        loader = "joinedload" if link.kind == ONE and joins else "selectinload"
        if path[:end] in rows.loaded:
            loader = "defaultload"
        joins = joins or link.kind == LIST
        found.append(_Step(loader, owner, name))
        owner = model_at(link.model, link.path, file.project) if link.model else None
    return found


class _Writing:
    """The options of one query being written."""

    def __init__(self, file: File, node: ast.expr, names: Names) -> None:
        self.names = names
        self._file = file
        self._node = node
        self._insertions: list[Insertion] = []

    def at_key(self, ways: Sequence[Sequence[_Step]]) -> Edit | None:
        """`session.get(Order, 3, options=[...])`."""
        node = self._node
        if not isinstance(node, ast.Call) or any(keyword.arg == "options" for keyword in node.keywords):
            return None
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        last = max(given, key=lambda one: (one.end_lineno or 0, one.end_col_offset or 0))
        self._insert(last, f", options=[{', '.join(self._text(way) for way in ways)}]")
        return self._edit()

    def behind(
        self, ways: Sequence[Sequence[_Step]], model: SqlModel, columns: Sequence[str], *, is_only: bool
    ) -> Edit | None:
        """The chain with its `options` widened, or with one behind it."""
        options = called(self._node, "options")
        lacking: list[str] = []
        extended: list[ast.expr] = []
        for way in ways:
            begun = _begun(options, tuple(step.name for step in way))
            if begun is None or begun[0] in extended:
                lacking.append(self._text(way))
            else:
                extended.append(begun[0])
                self._insert(begun[0], self._text(way, begun[1]))
        only = _only(options) if is_only else None
        if columns and is_only and only is None:
            return None
        for column in columns:
            if only is not None:
                self._insert(only.args[-1], further(self._file, only, [f"{self._model(model)}.{column}"]))
            else:
                lacking.append(f"{self.names.loader('undefer')}({self._model(model)}.{column})")
        if lacking and options is not None:
            self._insert(options.args[-1], further(self._file, options, lacking))
        elif lacking:
            self._insert(self._node, f"{gap(self._file, self._node)}.options({', '.join(lacking)})")
        return self._edit()

    def _text(self, way: Sequence[_Step], begun: int = 0) -> str:
        """A chain of loaders, behind so many that are written already."""
        parts = []
        for index, step in enumerate(way[begun:], begun):
            loader = step.loader if index else self.names.loader(step.loader)
            parts.append(f"{loader}({self._model(step.model)}.{step.name})")
        return ("." if begun else "") + ".".join(parts)

    def _model(self, model: SqlModel) -> str:
        name = self.names.model(model)
        if not name:
            raise _NotKnownError
        return name

    def _insert(self, behind: ast.expr, text: str) -> None:
        self._insertions.append((behind.end_lineno or 0, behind.end_col_offset or 0, text))

    def _edit(self) -> Edit:
        return replace(
            self._file, self._file.span(self._node), with_insertions(self._file, self._node, self._insertions)
        )


def _only(options: ast.Call | None) -> ast.Call | None:
    """`load_only(Order.id)` among the options."""
    for option in options.args if options is not None else ():
        if isinstance(option, ast.Call) and option.args:
            name = (
                option.func.attr if isinstance(option.func, ast.Attribute) else getattr(option.func, "id", "")
            )
            if name == "load_only" and not isinstance(getattr(option.func, "value", None), ast.Call):
                return option
    return None


def _begun(options: ast.Call | None, names: Path) -> tuple[ast.expr, int] | None:
    """The option that loads the beginning of a path already, and how many of its relations."""
    best: tuple[ast.expr, int] | None = None
    for option in options.args if options is not None else ():
        steps = _relations_of(option)
        if steps and len(steps) < len(names) and names[: len(steps)] == steps:
            if best is None or len(steps) > best[1]:
                best = option, len(steps)
    return best


def _relations_of(option: ast.expr) -> Path:
    """The relations that an option names, one by one: of `joinedload(A.b).selectinload(B.c)` `b` and `c`."""
    found: list[str] = []
    while isinstance(option, ast.Call):
        if len(option.args) != 1 or not isinstance(option.args[0], ast.Attribute):
            return ()
        name = option.func.attr if isinstance(option.func, ast.Attribute) else getattr(option.func, "id", "")
        if not name.endswith(("load", "contains_eager")):
            return ()
        found.append(option.args[0].attr)
        below = option.func.value if isinstance(option.func, ast.Attribute) else None
        if not isinstance(below, ast.Call):
            break
        option = below
    return tuple(reversed(found))
