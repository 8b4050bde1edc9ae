"""Lookups of Django's queries, `customer__email__startswith="a"`: which field they ask about, and how.

From Django's documentation: "Field lookups", "Lookups that span relationships", "Date lookups" (`year` alone becomes a
range).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from checks.frameworks.django.indexes import are_known, finds
from checks.frameworks.django.schema import Column, Schema, relations_to, schema_of
from checks.semantics.definitions import definition
from checks.semantics.source import File

BY_TREE = frozenset({"exact", "gt", "gte", "in", "lt", "lte", "range", "startswith", "year"})
"""Lookups that an index answers without reading every row."""

BY_PART = frozenset({"contains", "endswith", "icontains", "iendswith", "iregex", "regex"})
"""Lookups that only an index made for texts within texts can answer."""

_OTHER = frozenset(
    {
        "date",
        "day",
        "hour",
        "iexact",
        "isnull",
        "istartswith",
        "iso_year",
        "minute",
        "month",
        "search",
        "second",
        "time",
        "week",
        "week_day",
    }
)
_LOOKUPS = BY_TREE | BY_PART | _OTHER


@dataclass(frozen=True, slots=True)
class Owner:
    """A model: its class, the file of that, and its schema."""

    node: ast.ClassDef
    file: File
    schema: Schema


@dataclass(frozen=True, slots=True)
class Asked:
    """What a lookup asks: the `column` of a model, and by which `lookup`; `path` are the relations on the way."""

    owner: Owner
    column: Column
    lookup: str
    path: tuple[str, ...]

    @property
    def indexed(self) -> bool:
        """Whether an index finds the rows; one that can't be seen may."""
        known = are_known(self.owner.node, self.owner.file)
        return not known or finds(self.column.name, self.owner.schema, self.owner.node, self.owner.file)


def owner_of(node: ast.AST, file: File) -> Owner | None:
    """The model that a class is."""
    schema = schema_of(node, file) if isinstance(node, ast.ClassDef) else None
    return Owner(node, file, schema) if schema is not None and isinstance(node, ast.ClassDef) else None


def is_key(text: str, owner: Owner) -> bool:
    """Whether a lookup's first part is the primary key, or leads over a relation, which its key's index finds."""
    name = text.partition("__")[0]
    column = owner.schema.columns.get(name) or owner.schema.columns.get(name.removesuffix("_id"))
    return name in ("pk", "id", owner.schema.primary_key) or (column is not None and bool(column.to))


def asked_by(text: str, owner: Owner) -> Asked | None:
    """What a lookup asks about; None for keys and relations themselves, and where a part of it is not known."""
    parts = text.split("__")
    path: list[str] = []
    for index, part in enumerate(parts):
        column = owner.schema.columns.get(part)
        if column is not None and not column.to:
            rest = parts[index + 1 :]
            if not all(one in _LOOKUPS for one in rest) or len(rest) > 1:
                return None
            return Asked(owner, column, rest[0] if rest else "exact", tuple(path))
        following = _following(part, owner, column)
        if following is None:
            return None
        path.append(part)
        owner = following
    return None


def _following(part: str, owner: Owner, column: Column | None) -> Owner | None:
    """The model that a relation leads to, forwards by its field or backwards by its name in queries."""
    name = column.to if column is not None else ""
    if not name:
        found = relations_to(owner.schema, owner.file.project)
        back = found.get(part) or found.get(f"{part}_set")
        name = back.model if back is not None else ""
    defined = definition(name, owner.file) if name else None
    return owner_of(*defined) if defined is not None else None
