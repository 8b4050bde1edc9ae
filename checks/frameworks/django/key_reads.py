"""Relations that are read for nothing but the key that the row holds itself: `order.customer.id`.

From Django's documentation: "Use foreign key values directly" ("Database access optimization").
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.frameworks.django.contrib_models import LABELS
from checks.frameworks.django.models import fields_of
from checks.frameworks.django.schema import Column, Schema, schema_named
from checks.semantics.definitions import definition
from checks.semantics.enclosing import kept
from checks.semantics.nodes import descendants, parent
from checks.semantics.source import File

_KEYS = ("id", "pk")
_DEPTH = 4


@dataclass(frozen=True, slots=True)
class KeyRead:
    """A relation that is read for its key: the whole expression, the row's, and the attribute that has the key.

    `path` are the relations on the way, the one that is needless last.
    """

    node: ast.Attribute
    row: ast.expr
    key: str
    path: tuple[str, ...]
    null: bool


def key_reads(name: str, scope: ast.AST, schema: Schema, file: File) -> Iterator[KeyRead]:
    """The reads of keys, within a function, that begin at a name for a row of a model.

    Those of relations that the function also reads otherwise, or sets, are left out.
    """
    every = kept(scope, "attributes", lambda: _attributes(scope))
    for key in _KEYS:
        for node in every.get(key, ()):
            relation = node.value
            if not isinstance(node.ctx, ast.Load) or not isinstance(relation, ast.Attribute):
                continue
            path = _path(relation)
            if path is None or path[0] != name:
                continue
            column = _along(path[1:], schema, file)
            if column is None or not _holds_key(column, key, file):
                continue
            if all(_is_key(parent(other)) for other in every[relation.attr]):
                yield KeyRead(node, relation.value, f"{column.name}_id", tuple(path[1:]), column.null)


def _attributes(scope: ast.AST) -> Mapping[str, Sequence[ast.Attribute]]:
    """The attributes that a function reads or sets, by their names."""
    found: dict[str, list[ast.Attribute]] = {}
    for node in descendants(scope):
        if isinstance(node, ast.Attribute):
            found.setdefault(node.attr, []).append(node)
    return found


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
