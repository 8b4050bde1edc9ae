"""Queries that give as many rows as a table has, told from those that something keeps short."""

from __future__ import annotations

import ast

from checks.frameworks.access import words
from checks.frameworks.django.managers import MANAGER_NAMES
from checks.frameworks.django.schema import schema_of, user_model
from checks.frameworks.sqlalchemy.models import sql_model_of
from checks.semantics.names import ancestors
from checks.semantics.nodes import descendants
from checks.semantics.repeated import name_of
from checks.semantics.rows import Origin, Rows
from checks.semantics.source import File

NEUTRAL = frozenset(
    {
        "alias", "all", "annotate", "begun", "defer", "distinct", "execution_options", "iterator",
        "join", "joinedload", "only", "options", "order_by", "outerjoin", "prefetch_related",
        "query", "reverse", "scalars", "select", "select_related", "selectinload", "using",
        "values", "values_list",
    }
)  # fmt: skip
"""Methods of a query that leave none of its rows out."""

_SMALL = frozenset(
    {
        "category", "choice", "config", "configuration", "continent", "country", "currency",
        "feature", "flag", "group", "icon", "kind", "language", "level", "locale", "menu", "method",
        "mode", "option", "permission", "platform", "plugin", "preference", "priority", "region",
        "role", "setting", "severity", "site", "state", "status", "tag", "template", "theme",
        "timezone", "type", "unit",
    }
)  # fmt: skip
_DATES = frozenset({"Date", "DateField", "DateTime", "DateTimeField", "TIMESTAMP", "date", "datetime"})
MANAGERS = MANAGER_NAMES | {"query"}
_ON_PURPOSE = frozenset(
    {
        "autocomplete", "backup", "choices", "csv", "dump", "export", "exported", "exporter",
        "exporting", "exports", "feed", "options", "rss", "sitemap", "sitemaps", "xls", "xlsx",
    }
)  # fmt: skip


def is_whole(rows: Rows) -> bool:
    """Whether a query gives every row of its table."""
    return (
        rows.limit is None
        and rows.parent is None
        and rows.type is not None
        and rows.applied <= NEUTRAL
        and not is_small(name_of(rows.type))
        and (not isinstance(rows.root, Origin) or written_whole(rows.root.node, rows.root.file))
    )


def written_whole(node: ast.AST, file: File) -> bool:
    """Whether a query as it is written names every row: nothing in its chain but what leaves none out."""
    found = file.names.value(node)
    while True:
        if isinstance(found, ast.Call):
            if isinstance(found.func, ast.Attribute) and found.func.attr in NEUTRAL:
                found = found.func.value
                continue
            return isinstance(found.func, ast.Name) and found.func.id == "select"
        if isinstance(found, ast.Attribute):
            return found.attr in MANAGERS
        return not isinstance(found, (ast.Subscript, ast.BinOp, ast.IfExp))


def is_small(model: str) -> bool:
    """Whether a model's name says that its rows are few: countries, settings, kinds."""
    return not words(model).isdisjoint(_SMALL)


def is_growing(node: ast.AST, file: File) -> bool:
    """Whether a model's rows become more with time or users: they note when they were made, or whose they are."""
    if not isinstance(node, ast.ClassDef):
        return False
    schema = schema_of(node, file)
    if schema is not None:
        users = {user_model(file.project, file.path), "django.contrib.auth.models.User"}
        kinds = {column.kind for column in schema.columns.values()}
        owners = {column.to for column in schema.columns.values()}
        known = {owner.rpartition(".")[2] for owner in owners} & {"User", "CustomUser", "Account", "Customer"}
        return not kinds.isdisjoint(_DATES) or not owners.isdisjoint(users) or bool(known)
    mapped = sql_model_of(node, file)
    columns = mapped.columns.values() if mapped is not None else ()
    return any(column.kind in _DATES or column.foreign_key.startswith("user") for column in columns)


def is_wanted_whole(node: ast.AST) -> bool:
    """Whether a function, or a class around it, says by its name that it gives everything: an export, a feed."""
    names = [getattr(above, "name", "") for above in (node, *ancestors(node))]
    return any(not words(name).isdisjoint(_ON_PURPOSE) for name in names if isinstance(name, str))


def paginates(node: ast.AST) -> bool:
    """Whether a function does something about pages, or cuts what it has asked for."""
    for inner in descendants(node):
        name = inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", "")
        if isinstance(name, str) and "paginat" in name.lower():
            return True
    return False
