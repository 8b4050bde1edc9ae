"""The columns that a query asks about, in the shape of either library: which, how, and whether an index finds them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.frameworks.django.lookups import BY_TREE, Owner, asked_by, is_key, owner_of
from checks.frameworks.django.models import fields_of
from checks.frameworks.sqlalchemy.indexes import sql_finds
from checks.frameworks.sqlalchemy.models import sql_model_of
from checks.frameworks.whole_tables import MANAGERS, is_growing
from checks.semantics.definitions import definition
from checks.semantics.enclosing import called
from checks.semantics.interpret.targets import Class
from checks.semantics.names import parent
from checks.semantics.rows import Rows
from checks.semantics.source import Call, File

DJANGO = frozenset({"aget", "filter", "get", "get_list_or_404", "get_object_or_404", "get_or_create"})
"""Calls of Django's whose keywords leave rows out."""

SQLALCHEMY = frozenset({"filter", "filter_by", "where"})

_NARROWING = DJANGO | SQLALCHEMY | {"exclude", "slice"}
_KINDS = (
    "BigIntegerField", "CharField", "DateField", "DateTimeField", "EmailField", "GenericIPAddressField", "IntegerField",
    "PositiveBigIntegerField", "PositiveIntegerField", "URLField", "UUIDField",
)  # fmt: skip
_SQL_KINDS = frozenset(
    {
        "BigInteger",
        "Date",
        "DateTime",
        "Integer",
        "String",
        "UUID",
        "Unicode",
        "Uuid",
        "datetime",
        "int",
        "str",
    }
)
_FEW = re.compile(
    r"(^|_)(active|category|direction|enabled|flag|gender|kind|language|level|locale|method|mode|priority|role|severity|sex"
    r"|state|status|type|visibility)$|^(is|has)_"
)
_DATES = frozenset({"Date", "DateField", "DateTime", "DateTimeField", "datetime"})
_COMPARED = {ast.Eq: "exact", ast.Gt: "gt", ast.GtE: "gte", ast.Lt: "lt", ast.LtE: "lte"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on a column: `field` of `model`; `lookup` in Django's words; `node` the smallest that says it.

    `indexed` tells that an index answers it, `few` that the column has few values. `date` that it is one, `grows` that
    the table does, as far as its columns say. `declared` is the call that makes the column, in `home`. `value` is what
    it is compared with.
    """

    node: ast.AST
    model: str
    field: str
    lookup: str
    indexed: bool
    few: bool
    date: bool
    grows: bool
    value: ast.expr
    home: File | None = None
    declared: ast.Call | None = None


def conditions_of(call: Call, file: File) -> list[Condition]:
    """The conditions of a query, told at the last call that narrows it; none where others can't be seen."""
    rows = _rows(call)
    if rows is None or rows.parent is not None or not isinstance(rows.type, Class) or not _is_last(call.node):
        return []
    chain = list(_chain(call.node))
    seen = {called(one) for one in chain[1:]}
    if any(name in _NARROWING and name not in seen for name in rows.applied) or not _is_begun_plainly(
        chain[-1]
    ):
        return []
    found: list[Condition] = []
    for one in chain:
        if called(one) not in DJANGO | SQLALCHEMY:
            continue
        new = (
            _of_django(one, rows.type, file)
            if rows.library == "django"
            else _of_sqlalchemy(one, rows.type, file)
        )
        if new is None:
            return []
        found += new
    return found


def asks_growing(call: Call) -> bool:
    """Whether the rows that a query is for become more by themselves, whichever table a condition is about."""
    rows = _rows(call)
    return rows is not None and isinstance(rows.type, Class) and is_growing(rows.type.node, rows.type.file)


def _rows(call: Call) -> Rows | None:
    """The query that a call narrows: its receiver's, or that of the model that a shortcut is given."""
    invocation = call.invocation
    value = invocation.receiver if invocation is not None else None
    if called(call.node).endswith("_or_404") and invocation is not None:
        value = invocation.argument((0, "klass"))
        for target in value.targets if value is not None else ():
            if isinstance(target, Class):
                return Rows(target)
    return value.record if value is not None and isinstance(value.record, Rows) else None


def _is_last(node: ast.Call) -> bool:
    """Whether nothing behind a call narrows the query further in the same expression."""
    above = parent(node)
    while isinstance(above, (ast.Attribute, ast.Call)):
        if isinstance(above, ast.Attribute) and above.attr in DJANGO | SQLALCHEMY:
            return False
        if isinstance(above, ast.Call) and node in above.args:
            return not called(above).endswith("_or_404") or not above.keywords
        node, above = above, parent(above)  # type: ignore[assignment]
    return True


def _chain(node: ast.expr) -> Iterator[ast.Call]:
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Call):
            yield node
            if called(node).endswith("_or_404") and node.args:
                node = node.args[0]
                continue
        node = node.func if isinstance(node, ast.Call) else node.value


def _is_begun_plainly(first: ast.Call) -> bool:
    """Whether a query begins with all rows: not with a manager that may leave some out by an index."""
    if called(first) in ("query", "select"):
        return True
    begun = first.func.value if isinstance(first.func, ast.Attribute) else None
    return not isinstance(begun, ast.Attribute) or begun.attr in MANAGERS or begun.attr[:1].isupper()


def _of_django(call: ast.Call, model: Class, file: File) -> list[Condition] | None:
    """The conditions among the keywords of a call; None where others may be: `Q` objects, `**kwargs`."""
    owner = owner_of(model.node, model.file)
    given = call.args[1:] if called(call).endswith("_or_404") else call.args
    if owner is None or given or any(keyword.arg is None for keyword in call.keywords):
        return None
    found = []
    for keyword in call.keywords:
        text = keyword.arg or ""
        if text == "defaults":
            continue
        one = django_condition(text, keyword, keyword.value, owner)
        if one is None and not is_key(text, owner):
            return None
        found += [one] if one is not None else [_by_key(keyword, keyword.value, owner)]
    return found


def _by_key(node: ast.AST, value: ast.expr, owner: Owner) -> Condition:
    return Condition(
        node, owner.node.name, "pk", "exact", indexed=True, few=False, date=False, grows=True, value=value
    )


def django_condition(text: str, node: ast.AST, value: ast.expr, owner: Owner) -> Condition | None:
    """A lookup of Django's as a condition; None for what is no column of a known kind."""
    asked = asked_by(text, owner)
    if asked is None:
        return None
    column, last = asked.column, asked.owner
    few = column.choices or "Boolean" in column.kind or bool(_FEW.search(column.name))
    known = column.dotted.startswith("django.") and column.kind in _KINDS and last.schema.meta.managed
    home = last.file.project.file(column.path)
    return Condition(
        node,
        last.node.name,
        column.name,
        asked.lookup,
        indexed=asked.indexed or not known or _is_made_by_sql(column.name, last.file),
        few=few,
        date=column.kind in _DATES,
        grows=is_growing(last.node, last.file),
        value=value,
        home=home,
        declared=_declared(column.line, home),
    )


def _declared(line: int, home: File | None) -> ast.Call | None:
    for node in home.nodes if home is not None else ():
        if (
            isinstance(node, ast.ClassDef)
            and node.lineno < line <= (node.end_lineno or 0)
            and home is not None
        ):
            return next((field.call for field in fields_of(node, home) if field.node.lineno == line), None)
    return None


def _is_made_by_sql(name: str, file: File) -> bool:
    """Whether a migration writes an index in SQL, and names the field."""
    made = file.project.mentioning(
        ("CREATE INDEX", "CREATE UNIQUE INDEX", "create index"), "/migrations/*.py"
    )
    named = file.project.mentioning((name,), "/migrations/*.py") if made else ()
    return not set(made).isdisjoint(named)


def _of_sqlalchemy(call: ast.Call, model: Class, file: File) -> list[Condition] | None:
    """The conditions of `filter_by(a=1)`, `where(Order.a == 1)`; None where others may be: `or_`, raw SQL."""
    found = []
    for keyword in call.keywords:
        if keyword.arg is None:
            return None
        found.append(_column(keyword.arg, keyword, keyword.value, "exact", model.node, model.file))
    for node in call.args:
        if not isinstance(node, ast.Compare) or len(node.ops) != 1 or type(node.ops[0]) not in _COMPARED:
            return None
        left = node.left
        name = file.resolve(left.value) if isinstance(left, ast.Attribute) else None
        owner = definition(name, file) if name is not None else None
        if owner is None or not isinstance(owner[0], ast.ClassDef) or not isinstance(left, ast.Attribute):
            return None
        lookup = _COMPARED[type(node.ops[0])]
        found.append(_column(left.attr, node, node.comparators[0], lookup, owner[0], owner[1]))
    return [one for one in found if one is not None] if None not in found else None


def _column(
    name: str, node: ast.AST, value: ast.expr, lookup: str, owner: ast.ClassDef, file: File
) -> Condition | None:
    model = sql_model_of(owner, file)
    column = model.columns.get(name) if model is not None else None
    if model is None or column is None:
        return None
    known = column.kind in _SQL_KINDS or bool(column.foreign_key)
    return Condition(
        node,
        owner.name,
        name,
        lookup,
        indexed=not known
        or sql_finds(name, model, owner, file)
        or _is_made_by_alembic(name, model.table, file),
        few=column.kind in ("Boolean", "Enum") or bool(_FEW.search(name)),
        date=column.kind in _DATES,
        grows=is_growing(owner, file),
        value=value,
        home=file,
        declared=_sql_declared(name, owner),
    )


def _is_made_by_alembic(name: str, table: str, file: File) -> bool:
    """Whether a migration makes an index, and names the table and the column."""
    for path in file.project.mentioning(
        ("create_index", "CREATE INDEX"), "/versions/*.py", "/migrations/*.py"
    ):
        home = file.project.file(path)
        for node in home.nodes if home is not None and name in home.text else ():
            if (
                isinstance(node, ast.Call)
                and called(node) in ("create_index", "execute")
                and home is not None
            ):
                text = home.segment(node)
                if f'"{name}"' in text.replace("'", '"') and table in text:
                    return True
    return False


def _sql_declared(name: str, owner: ast.ClassDef) -> ast.Call | None:
    for item in owner.body:
        target = item.targets[0] if isinstance(item, ast.Assign) else getattr(item, "target", None)
        value = getattr(item, "value", None)
        if getattr(target, "id", "") == name and isinstance(value, ast.Call):
            return value
    return None


def is_by_tree(condition: Condition) -> bool:
    """Whether an index of the usual kind would answer a condition."""
    return condition.lookup in BY_TREE
