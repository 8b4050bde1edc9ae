"""The indexes of SQLAlchemy's models: of columns, and in `__table_args__`.

From SQLAlchemy's documentation: "Defining Constraints and Indexes" (a foreign key makes no index; `Index`,
`UniqueConstraint`, `PrimaryKeyConstraint`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.sqlalchemy.models import SqlModel
from checks.semantics.definitions import bases
from checks.semantics.source import File

_KINDS = {"Index": 1, "PrimaryKeyConstraint": 0, "UniqueConstraint": 0}


def sql_finds(name: str, model: SqlModel, node: ast.ClassDef, file: File) -> bool:
    """Whether the database finds rows by a column without reading all of them; an index that can't be read may."""
    column = model.columns.get(name)
    if column is not None and column.indexed:
        return True
    primary = [one.name for one in model.columns.values() if one.primary_key]
    return primary[:1] == [name] or name in sql_indexes(node, file) or "*" in sql_indexes(node, file)


def sql_indexes(node: ast.ClassDef, file: File) -> frozenset[str]:
    """The columns that an index of the table begins with; `*` for those that can't be read."""
    return file.once(("sql-indexes", node), lambda: frozenset(_first_columns(node, file)))


def _first_columns(node: ast.ClassDef, file: File) -> Iterator[str]:
    above = [(one, home) for _, one, home in bases(node, file) if one is not None]
    for owner, home in ((node, file), *above):
        for item in owner.body:
            if isinstance(item, ast.Assign) and getattr(item.targets[0], "id", "") == "__table_args__":
                yield from _of_arguments(item.value, home)
            elif getattr(item, "name", "") == "__table_args__":
                yield "*"


def _of_arguments(value: ast.expr, file: File) -> Iterator[str]:
    if not isinstance(value, (ast.List, ast.Tuple)):
        yield "" if isinstance(value, ast.Dict) else "*"
        return
    for call in value.elts:
        word = call.func.attr if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else ""
        word = word or (getattr(call.func, "id", "") if isinstance(call, ast.Call) else "")
        if word in _KINDS and isinstance(call, ast.Call):
            given = call.args[_KINDS[word] :]
            folded = file.constant(given[0]) if given else None
            if folded is not None:
                yield str(folded.value)
            elif given:
                yield getattr(given[0], "attr", getattr(given[0], "id", "*"))
