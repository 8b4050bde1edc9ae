"""Who a row belongs to: the field of a model that names its owner, in Django and SQLAlchemy."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from checks.frameworks.django.schema import Column, Schema, schema_named, user_model
from checks.frameworks.sqlalchemy.models import SqlModel, sql_model_of
from checks.semantics.definitions import definition
from checks.semantics.enclosing import called
from checks.semantics.source import File

_PRIVATE = frozenset(
    {"account", "buyer", "client", "customer", "holder", "member", "owner", "patient", "recipient", "student"}
    | {"subscriber", "user", "visitor"}
)
_AUTHORED = frozenset(
    {
        "added_by",
        "author",
        "created_by",
        "creator",
        "poster",
        "submitted_by",
        "submitter",
        "uploaded_by",
        "uploader",
    }
)
_USER_TABLES = frozenset({"account", "accounts", "auth_user", "member", "members", "user", "users"})


@dataclass(frozen=True, slots=True)
class Owner:
    """Who the rows of a model belong to: `model` its short name, `fields` the way to the user (`order`, `user`).

    `private` says that such rows are for their owner alone to see; what an author wrote is often for all.
    """

    model: str
    fields: tuple[str, ...]
    private: bool


def owner_of(name: str, file: File) -> Owner | None:
    """The owner of a model's rows by its dotted name, directly or through one relation; `None` where it has none."""
    return file.once(("owner", name), lambda: _owner(name, file))


def classes_behind(node: ast.AST | None, file: File) -> Iterator[str]:
    """The dotted name of the project's class that a lookup begins with.

    That is `Order` in `Order.objects.filter(...)`, in `Order.query.get`, and in `session.query(Order)` and
    `select(Order)`.
    """
    while node is not None:
        name = file.resolve(node) if isinstance(node, (ast.Name, ast.Attribute)) else None
        found = definition(name, file) if name else None
        if name is not None and found is not None and isinstance(found[0], ast.ClassDef):
            yield name
            return
        if isinstance(node, ast.Call):
            selects = called(node) in ("query", "select") and node.args
            node = node.args[0] if selects else node.func
        else:
            node = node.value if isinstance(node, ast.Attribute) else None


def is_model(name: str, file: File) -> bool:
    """Whether a dotted name is a model of the project, of Django or SQLAlchemy."""
    if schema_named(name, file) is not None:
        return True
    found = definition(name, file)
    return (
        found is not None
        and isinstance(found[0], ast.ClassDef)
        and sql_model_of(found[0], found[1]) is not None
    )


def _owner(name: str, file: File) -> Owner | None:
    short = name.rpartition(".")[2]
    schema = schema_named(name, file)
    if schema is not None:
        if schema.label == user_model(file.project, file.path):
            return None
        return _of_schema(short, schema, file)
    found = definition(name, file)
    model = sql_model_of(found[0], found[1]) if found and isinstance(found[0], ast.ClassDef) else None
    return _of_table(short, model) if model is not None else None


def _of_schema(short: str, schema: Schema, file: File) -> Owner | None:
    columns = [column for column in schema.columns.values() if column.to and not column.many]
    for column in columns:
        if column.name in _PRIVATE | _AUTHORED and _is_user(column, file):
            return Owner(short, (column.name,), column.name in _PRIVATE)
    for column in columns:
        other = schema_named(column.to, file)
        for behind in other.columns.values() if other is not None else ():
            named = behind.name in _PRIVATE and not behind.many and _is_user(behind, file)
            if named and (column.name in _PRIVATE or not column.null):
                return Owner(short, (column.name, behind.name), private=True)
    return None


def _is_user(column: Column, file: File) -> bool:
    label = user_model(file.project, file.path)
    if column.to in (label, "django.contrib.auth.models.User"):
        return True
    schema = schema_named(column.to, file)
    return schema is not None and schema.label == label


def _of_table(short: str, model: SqlModel) -> Owner | None:
    for column in model.columns.values():
        field = column.name.removesuffix("_id")
        table = column.foreign_key.partition(".")[0].lower()
        if field in _PRIVATE | _AUTHORED and table in _USER_TABLES:
            return Owner(short, tuple(_names(column.name, field)), field in _PRIVATE)
    return None


def _names(column: str, field: str) -> Iterator[str]:
    yield field
    if column != field:
        yield column
