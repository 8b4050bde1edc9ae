"""The indexes of Django's models: what `Meta` names, and what fields bring along, each with what it can find.

From Django's documentation: "Model index reference", "Constraints reference", "Model field reference" (`db_index`,
`unique`), "PostgreSQL specific model indexes".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.frameworks.class_options import lineage_of, meta_options
from checks.frameworks.django.models import fields_of
from checks.frameworks.django.schema import Column, Schema
from checks.semantics.source import File, Project

Given = Mapping[str | None, ast.expr]

_TREES = frozenset({"BTreeIndex", "Index"})
_KINDS = _TREES | {"BloomIndex", "BrinIndex", "GinIndex", "GistIndex", "HashIndex", "SpGistIndex"}
_UNIQUE = "UniqueConstraint"
_SPECIAL = frozenset({"condition", "include", "opclasses"})
_SEARCHED = frozenset({"GinIndex", "GistIndex"})


@dataclass(frozen=True, slots=True)
class Index:
    """An index of a model: its `fields` in order, those that go down with a `-`; `kind` as Django calls it.

    `plain` says that it holds every row, as it is, in a tree; `node` is the expression that makes it.
    """

    fields: tuple[str, ...]
    kind: str
    plain: bool
    node: ast.AST
    file: File

    @property
    def unique(self) -> bool:
        """Whether it also keeps rows from being equal."""
        return self.kind == "unique"

    @property
    def names(self) -> tuple[str, ...]:
        """Its fields without their direction."""
        return tuple(name.removeprefix("-") for name in self.fields)

    @property
    def finds_parts(self) -> bool:
        """Whether texts within its fields can be looked for: `LIKE '%word%'`."""
        return self.kind in _SEARCHED

    def begins(self, other: Index) -> bool:
        """Whether another index has these fields first, so that whatever this one finds the other finds too."""
        count = len(self.fields)
        first = other.fields[:count]
        if len(first) < count:
            return False
        turned = tuple(name[1:] if name[:1] == "-" else f"-{name}" for name in first)
        return self.fields in (first, turned) or (count == 1 and self.names == other.names[:1])


def indexes_of(node: ast.ClassDef, file: File) -> list[Index]:
    """The indexes that a model's `Meta` names, an inherited one included: indexes and unique constraints."""
    return file.once(("indexes", node), lambda: list(_indexes(node, file)))


def has_own_index(column: Column, project: Project) -> bool:
    """Whether a field brings an index by itself: a foreign key does, unless it is told not to."""
    if not column.indexed or not column.to or column.db_index or column.unique:
        return column.indexed
    home = project.file(column.path)
    for node in home.nodes if home is not None else ():
        if isinstance(node, ast.ClassDef) and home is not None and node.lineno < column.line:
            for field in fields_of(node, home):
                if field.node.lineno == column.line:
                    asked = home.constant(field.argument("db_index"))
                    return asked is None or asked.value is not False
    return True


def finds(name: str, schema: Schema, node: ast.ClassDef, file: File) -> bool:
    """Whether the database finds rows by a field without reading all of them, by whatever index begins with it."""
    bare = name.removesuffix("_id")
    if name in ("pk", "id", schema.primary_key):
        return True
    column = schema.columns.get(name) or schema.columns.get(bare)
    if column is not None and has_own_index(column, file.project):
        return True
    return any(index.names[0] in (name, bare) for index in indexes_of(node, file))


def are_known(node: ast.ClassDef, file: File) -> bool:
    """Whether all that `Meta` says of indexes can be read: a list that is put together elsewhere may hold others."""
    options = meta_options(lineage_of(node, file))
    given = [options[name][0] for name in ("indexes", "constraints", "unique_together") if name in options]
    return all(isinstance(value, (ast.List, ast.Set, ast.Tuple)) for value in given)


def _indexes(node: ast.ClassDef, file: File) -> Iterator[Index]:
    options = meta_options(lineage_of(node, file))
    for option, kind in (("index_together", "Index"), ("unique_together", "unique")):
        if option in options:
            yield from _together(*options[option], kind)
    for option in ("indexes", "constraints"):
        value, home = options.get(option, (None, file))
        for call in value.elts if isinstance(value, (ast.List, ast.Tuple)) else ():
            found = _index(call, home) if isinstance(call, ast.Call) else None
            if found is not None:
                yield found


def _together(value: ast.expr, file: File, kind: str) -> Iterator[Index]:
    """`unique_together`: one list of fields, or a list of such."""
    elements = value.elts if isinstance(value, (ast.List, ast.Set, ast.Tuple)) else []
    if elements and all(_text(element, file) for element in elements):
        elements, wholes = [], [value]
    else:
        wholes = [element for element in elements if isinstance(element, (ast.List, ast.Tuple))]
    for whole in wholes:
        names = tuple(_text(element, file) for element in getattr(whole, "elts", []))
        if names and all(names):
            yield Index(names, kind, plain=True, node=whole, file=file)


def _index(call: ast.Call, file: File) -> Index | None:
    name = (file.resolve(call.func) or "").rpartition(".")[2]
    given: Given = {keyword.arg: keyword.value for keyword in call.keywords}
    fields = given.get("fields")
    if name not in _KINDS and name != _UNIQUE:
        return None
    names = tuple(_text(element, file) for element in getattr(fields, "elts", []))
    if not names or not all(names):
        names = _expressed(call, file)
    if not names:
        return None
    plain = name in (*_TREES, _UNIQUE) and bool(fields) and _SPECIAL.isdisjoint(given) and not call.args
    return Index(names, "unique" if name == _UNIQUE else name, plain, call, file)


def _expressed(call: ast.Call, file: File) -> tuple[str, ...]:
    """The fields in the expressions of an index: `Index(Lower("email"))`, `GinIndex(OpClass("name", ...))`."""
    found = []
    for expression in call.args:
        texts = (_text(inner, file) for inner in ast.walk(expression) if isinstance(inner, ast.Constant))
        found += [next((text for text in texts if text), "")]
    return tuple(found) if found and all(found) else ()


def _text(node: ast.expr, file: File) -> str:
    folded = file.constant(node)
    return folded.value if folded is not None and isinstance(folded.value, str) else ""
