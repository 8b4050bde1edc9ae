"""Relations that are read for nothing but the key that the row holds itself: `order.customer.id`.

From Django's documentation: "Use foreign key values directly" ("Database access optimization").
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.frameworks.django.contrib_models import LABELS
from checks.frameworks.django.models import fields_of
from checks.frameworks.django.schema import Column, Schema, schema_named, schema_of
from checks.frameworks.lookups import Place
from checks.frameworks.templates import TemplateFile
from checks.model import Span
from checks.semantics.definitions import definition
from checks.semantics.enclosing import kept, scope_around
from checks.semantics.interpret.asked import Query
from checks.semantics.interpret.targets import Class
from checks.semantics.nodes import descendants, parent
from checks.semantics.source import File, Text

_KEYS = ("id", "pk")
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class KeyRead:
    """A relation that is read for its key: the whole expression, and the rows whose attribute `key` has it.

    `path` are the relations on the way, the one that is needless last. `operator` stands between two rows that are
    compared.
    """

    node: ast.expr
    rows: tuple[ast.expr, ...]
    key: str
    path: tuple[str, ...]
    null: bool
    operator: str = ""


def key_reads(name: str, scope: ast.AST, schema: Schema, file: File) -> Iterator[KeyRead]:
    """The reads of keys, within a function, that begin at a name for a row of a model; and rows that are compared.

    Those of relations that the function also reads otherwise, or sets, are left out.
    """
    every = kept(scope, "attributes", lambda: _attributes(scope))
    for relation in kept(scope, "for their keys", lambda: _for_their_keys(every)):
        whole, path = parent(relation), _path(relation)
        if path is None or path[0] != name or not isinstance(whole, ast.Attribute | ast.Compare):
            continue
        column = _along(path[1:], schema, file)
        if column is None or not all(
            _is_key(parent(one)) or _is_compared(one) for one in every[relation.attr]
        ):
            continue
        key, way = f"{column.name}_id", tuple(path[1:])
        if isinstance(whole, ast.Attribute):
            if _holds_key(column, whole.attr, file):
                yield KeyRead(whole, (relation.value,), key, way, column.null)
        elif whole.left is relation:
            other = whole.comparators[0]
            assert isinstance(other, ast.Attribute)
            operator = "==" if isinstance(whole.ops[0], ast.Eq) else "!="
            yield KeyRead(whole, (relation.value, other.value), key, way, column.null, operator)


@dataclass(frozen=True, slots=True)
class PrintedKey:
    """A relation that a template reads for its key alone: the tag, what it reads, and what has the key.

    `null` says that it may lead nowhere: then the one prints nothing, the other `None`.
    """

    tag: Span
    read: str
    key: str
    null: bool

    def place(self, file: Text) -> Span | None:
        """Where it is written, in a tag of one line that reads it once."""
        line = file.lines[self.tag.line - 1]
        if self.tag.line != self.tag.end_line or line.count(self.read) != 1:
            return None
        column = line.index(self.read) + 1
        return Span(self.tag.line, column, self.tag.line, column + len(self.read))


def key_read_in_template(asked: Query) -> PrintedKey | None:
    """What a template reads of a row for nothing but the key that the row holds."""
    node, row, file = asked.node, asked.row, asked.file
    rows = row.rows if row is not None else None
    if asked.kind != "load" or row is None or rows is None or not isinstance(file, TemplateFile):
        return None
    if not isinstance(node, Place) or not isinstance(rows.type, Class):
        return None
    home = rows.type.file
    schema = schema_of(rows.type.node, home)
    column = _along((*row.path, asked.name), schema, home) if schema is not None else None
    if column is None:
        return None
    reads = re.findall(rf"[\w.]*\.{re.escape(asked.name)}\b(?:\.\w+)?", file.text)
    text = "\n".join(file.lines[node.span.line - 1 : node.span.end_line])
    whole = next((read for read in reads if read in text), "")
    if not whole or not all(read.endswith(tuple(f".{key}" for key in _KEYS)) for read in reads):
        return None
    holder, _, key = whole.rpartition(".")
    return (
        PrintedKey(node.span, whole, f"{holder}_id", column.null) if _holds_key(column, key, home) else None
    )


def is_for_key(asked: Query) -> bool:
    """Whether a relation is read for nothing but the key that the row holds, so that it need not be loaded at all."""
    node, row, file = asked.node, asked.row, asked.file
    if not isinstance(file, File):
        return key_read_in_template(asked) is not None
    rows, path = (
        (row.rows, _path(node)) if row is not None and isinstance(node, ast.Attribute) else (None, None)
    )
    if row is None or rows is None or path is None or not isinstance(rows.type, Class):
        return False
    schema = schema_of(rows.type.node, rows.type.file)
    whole = parent(node)
    return schema is not None and any(
        read.node is whole for read in key_reads(path[0], scope_around(node), schema, file)
    )


def _is_compared(node: ast.AST) -> bool:
    """Whether a relation is compared with the same relation of another row."""
    above = parent(node)
    if not isinstance(node, ast.Attribute) or not isinstance(above, ast.Compare) or len(above.ops) != 1:
        return False
    sides = (above.left, above.comparators[0])
    same = all(isinstance(side, ast.Attribute) and side.attr == node.attr for side in sides)
    return same and isinstance(above.ops[0], ast.Eq | ast.NotEq)


def _attributes(scope: ast.AST) -> Mapping[str, Sequence[ast.Attribute]]:
    """The attributes that a function reads or sets, by their names."""
    found: dict[str, list[ast.Attribute]] = {}
    for node in descendants(scope):
        if isinstance(node, ast.Attribute):
            found.setdefault(node.attr, []).append(node)
    return found


def _for_their_keys(every: Mapping[str, Sequence[ast.Attribute]]) -> Sequence[ast.Attribute]:
    nodes = (node for nodes in every.values() for node in nodes)
    return [node for node in nodes if _is_key(parent(node)) or _is_compared(node)]


def _is_key(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in _KEYS and isinstance(node.ctx, ast.Load)


def _path(node: ast.expr) -> list[str] | None:
    """The names of `order.customer.city`."""
    names: list[str] = []
    while isinstance(node, ast.Attribute) and len(names) < _DEPTH:
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else None


def _along(path: Sequence[str], schema: Schema, file: File) -> Column | None:
    """The last foreign key of a path, where all of it are such."""
    column = None
    for position, name in enumerate(path):
        column = schema.columns.get(name)
        if column is None or not column.to or column.many:
            return None
        following = schema_named(column.to, file) if position < len(path) - 1 else schema
        if following is None:
            return None
        schema = following
    return column


def _holds_key(column: Column, key: str, file: File) -> bool:
    """Whether a foreign key holds what `.pk` or `.id` of the other row gives."""
    target = schema_named(column.to, file)
    own = target is not None and target.primary_key != "id"
    if key == "id" and (own or (target is None and column.to not in LABELS)):
        return False
    home = definition(column.source, file)
    if home is None or not isinstance(home[0], ast.ClassDef):
        return False
    declared = next((one for one in fields_of(home[0], home[1]) if one.name == column.name), None)
    return declared is not None and declared.argument("to_field") is None
