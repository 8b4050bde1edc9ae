"""Indexes that another index of the same table covers.

## What it does

Reports `db_index=True` on a field that is unique, a primary key, a foreign key or a slug, and so has an index already;
an index in a model's `Meta` whose fields are the first of another index or unique constraint; and, with SQLAlchemy,
`index=True` on a primary key.

## Why it matters

Every index has to be changed with every row that is written, and takes its place on disk and in memory. One that
finds nothing which another would not find costs all of that for nothing. Where the framework makes no second index
of it, as of a unique field, the argument says something that is not so.

## Example

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)
    placed = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["number"]),
            models.Index(fields=["number", "placed"]),
        ]
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)
    placed = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["number", "placed"]),
        ]
```

## Limits

Indexes with a condition, with operator classes, with included columns or of expressions are left alone, and so are
those of other kinds than trees. The index that a foreign key brings is not held against one that begins with it. A
smaller index may be wanted beside a larger one; then this is to be suppressed. On PostgreSQL `db_index=True` on a text
field makes an index for `startswith` as well, which no other covers: that is only possible.

## References

- [Django: db_index](https://docs.djangoproject.com/en/stable/ref/models/fields/#db-index)
- [Django: indexes](https://docs.djangoproject.com/en/stable/ref/models/indexes/)
- [PostgreSQL: multicolumn indexes](https://www.postgresql.org/docs/current/indexes-multicolumn.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.calls import without_keyword
from checks.frameworks.django.indexes import Index, has_own_index, indexes_of
from checks.frameworks.django.models import Field
from checks.frameworks.django.schema import Column, Schema, schema_of
from checks.frameworks.sqlalchemy.models import sql_model_of
from checks.model import Confidence, Fix
from checks.rule import CERTAIN, LIKELY, LOW, POSSIBLE, Call, File, Finding, Model, Rule
from checks.semantics.enclosing import class_around

rule = Rule(
    __name__,
    checklist="performance.indexes",
    severity=LOW,
    message="`{index}` adds nothing: {why}",
    advice="Drop the index that another one covers",
)

_TEXTS = ("CharField", "EmailField", "TextField", "URLField")


@rule.on_model()
def check_fields(model: Model, file: File) -> Iterator[Finding]:
    """`db_index=True` where the field is indexed anyway, by itself or by `Meta`."""
    schema = schema_of(model.node, file)
    for field in model.fields:
        column = schema.columns.get(field.name) if schema is not None else None
        asked = file.constant(field.argument("db_index"))
        if schema is None or column is None or asked is None or asked.value is not True:
            continue
        for why, confidence, safe in _already(field, column, schema, model, file):
            edit = without_keyword(file, field.call, "db_index")
            title = f"Drop `db_index=True` from `{field.name}`"
            yield rule.finding(
                next(given for given in field.call.keywords if given.arg == "db_index"),
                file,
                confidence=confidence,
                index="db_index=True",
                why=why,
                fix=Fix(title, safe=safe, edits=(edit,)) if edit is not None else None,
            )


@rule.on_model()
def check_meta(model: Model, file: File) -> Iterator[Finding]:
    """An index of `Meta` that a field's own covers, or another of `Meta`."""
    schema = schema_of(model.node, file)
    found = indexes_of(model.node, file)
    for index in found if schema is not None else ():
        if index.unique or not index.plain or index.file is not file or not _is_own(index.node, model):
            continue
        column = schema.columns.get(index.names[0]) if schema is not None else None
        if len(index.fields) == 1 and column is not None and has_own_index(column, file.project):
            why = "the field alone has an index"
        else:
            covers = [other for other in found if other is not index and other.plain and index.begins(other)]
            if any(_is_later_twin(index, other, found) for other in covers) or not covers:
                continue
            why = f"{_kind(covers[0])} begins with the same fields"
        yield rule.finding(index.node, file, index=", ".join(index.names), why=why)


@rule.on_call("sqlalchemy.Column", "sqlalchemy.orm.mapped_column", "*.Column", "*.mapped_column")
def check_sqlalchemy(call: Call, file: File) -> Iterator[Finding]:
    """`index=True` on the primary key, or on the first of several columns that make it up."""
    owner = class_around(call.node)
    asked, primary = (call.constant(None, name) for name in ("index", "primary_key"))
    if owner is None or asked is None or primary is None or not (asked.value is True is primary.value):
        return
    mapped = sql_model_of(owner, file)
    keys = [column for column in mapped.columns.values() if column.primary_key] if mapped is not None else []
    if keys and keys[0].line <= call.node.lineno and (len(keys) == 1 or call.node.lineno < keys[1].line):
        edit = without_keyword(file, call.node, "index")
        yield rule.finding(
            next(given for given in call.node.keywords if given.arg == "index"),
            file,
            index="index=True",
            why="a primary key has an index",
            fix=Fix("Drop `index=True`", safe=False, edits=(edit,)) if edit is not None else None,
        )


def _already(
    field: Field, column: Column, schema: Schema, model: Model, file: File
) -> Iterator[tuple[str, Confidence, bool]]:
    """What indexes a field beside its `db_index`: why, how surely, and whether nothing at all changes without it."""
    if column.primary_key:
        yield "a primary key has an index", CERTAIN, False
    elif column.unique:
        yield "what is unique has an index", CERTAIN, False
    elif column.to and not column.many and field.dotted.startswith("django.db.models."):
        yield "a foreign key has an index unless told otherwise", CERTAIN, True
    elif field.dotted.startswith("django.db.models.") and field.kind == "SlugField":
        yield "a slug has an index unless told otherwise", CERTAIN, True
    else:
        own = Index((field.name,), "Index", plain=True, node=field.call, file=file)
        for other in indexes_of(model.node, file) if not schema.meta.abstract else ():
            if other.plain and own.begins(other) and len(other.fields) > 1:
                why = f"{_kind(other)} begins with the same field"
                yield why, POSSIBLE if column.kind in _TEXTS else LIKELY, False
                return


def _kind(index: Index) -> str:
    """In words, without its fields: where it stands in the same class they can be seen."""
    return "a unique constraint" if index.unique else "another index"


def _is_own(node: ast.AST, model: Model) -> bool:
    return class_around(node) is not None and model.node.lineno <= node.lineno <= (model.node.end_lineno or 0)  # type: ignore[attr-defined]


def _is_later_twin(index: Index, other: Index, found: list[Index]) -> bool:
    """Of two that are equal the later one is superfluous."""
    equal = len(index.fields) == len(other.fields) and not other.unique
    return equal and found.index(index) < found.index(other)
