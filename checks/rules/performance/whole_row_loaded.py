"""Whole rows loaded for one or two of their columns.

## What it does

Reports comprehensions over a Django queryset that read one or two columns of each row and nothing else, where the
model has several.

## Why it matters

The database reads all columns of each row and sends them, long texts and JSON included; Django makes an object of
each, and all but one value is thrown away. `values_list` asks for the columns that are read: it takes a fraction of the
time and of the memory, and the database may answer from an index alone.

## Example

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)
    paid = models.BooleanField(default=False)
    address = models.TextField()
    remarks = models.TextField()
```

```python title="shop/reports.py"
from shop.models import Order


def unpaid():
    return [order.number for order in Order.objects.filter(paid=False)]
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)
    paid = models.BooleanField(default=False)
    address = models.TextField()
    remarks = models.TextField()
```

```python title="shop/reports.py"
from shop.models import Order


def unpaid():
    return list(Order.objects.filter(paid=False).values_list("number", flat=True))
```

## Limits

Queries that are distinct, combined, annotated or sliced are left alone, where `values_list` may mean something else;
so are related rows that may have been loaded along, files, whose attributes are more than a column, and models that
have few columns more than those that are read. How many rows there are can't be seen: where something is made of the
columns, and in commands and tasks, it is only possible. Loops written out are not looked at.

## References

- [Django: values_list()](https://docs.djangoproject.com/en/stable/ref/models/querysets/#values-list)
- [Django: retrieve everything at once, and nothing that isn't needed](https://docs.djangoproject.com/en/stable/topics/db/optimization/#don-t-retrieve-things-you-don-t-need)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from checks.fixes.chains import behind
from checks.fixes.edit import replace
from checks.frameworks.django.schema import Column, Schema, schema_of
from checks.frameworks.held_queries import ROWS, TRUTH, held
from checks.frameworks.occasions import BACKGROUND, occasion
from checks.frameworks.row_comprehensions import Comprehension, attributes_read, given_by, over_rows
from checks.model import Fix
from checks.rule import CERTAIN, LOW, POSSIBLE, File, Finding, QueryUse, Rule
from checks.semantics.interpret.targets import Class
from checks.semantics.nodes import descendants, parent
from checks.semantics.rows import wanted

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=LOW,
    message="Whole `{model}` rows are loaded for {columns}",
    advice="Ask for the columns alone: `values_list()`",
)

_ELSEWHERE = frozenset(
    {
        "alias", "annotate", "dates", "datetimes", "defer", "difference", "distinct", "extra", "intersection", "only",
        "raw", "select_for_update", "slice", "union",
    }
)  # fmt: skip
_LARGE = frozenset({"BinaryField", "HStoreField", "JSONField", "RichTextField", "StreamField", "TextField"})
_NO_VALUES = frozenset({"FileField", "GenericForeignKey", "ImageField"})
_MANY = 5


@rule.on_queryset_use("iterate")
def check(use: QueryUse, file: File) -> Iterator[Finding]:
    """A comprehension over a query that reads a column or two of each row."""
    whole, query = over_rows(use.node), use.node
    schema = _schema(use)
    if whole is None or schema is None or not isinstance(query, ast.expr) or not _is_used_here(use, query):
        return
    names = attributes_read(whole)
    columns = [_column(name, schema) for name in names]
    if not 1 <= len(names) <= 2 or None in columns or not _is_wide(schema, names) or _asks_more(whole, query):
        return
    as_they_are = sorted(given_by(whole)) == sorted(names)
    fix = _fix(whole, query, columns, file) if as_they_are else None
    yield rule.finding(
        whole,
        file,
        confidence=CERTAIN if fix is not None and occasion(whole, file) != BACKGROUND else POSSIBLE,
        fix=fix,
        model=schema.name.rpartition(".")[2],
        cause_hint=rf"\b{query.id}\b" if isinstance(query, ast.Name) else "",
        columns=" and ".join(f"`{name}`" for name in names),
    )


def _schema(use: QueryUse) -> Schema | None:
    rows = use.rows
    if rows.library != "django" or rows.values or rows.applied & _ELSEWHERE or use.loops:
        return None
    return schema_of(rows.type.node, rows.type.file) if isinstance(rows.type, Class) else None


def _is_used_here(use: QueryUse, query: ast.expr) -> bool:
    """Whether nothing else uses the rows, and they weren't loaded along with others."""
    found = held(query)
    if (
        found is None
        or found.times(ROWS) > 1
        or not found.hows.isdisjoint({TRUTH, "given", "index", "len", "slice"})
    ):
        return False
    row = use.rows.parent
    if row is None or not use.rows.pristine:
        return True
    known = row.rows is not None and row.symbol is None and not row.loops
    return known and wanted(row, use.rows.accessor).loaded is False


def _column(name: str, schema: Schema) -> Column | str | None:
    """A column by the attribute that holds it; keys go by their names."""
    if name in ("pk", "id", schema.primary_key):
        return name
    column = schema.columns.get(name.removesuffix("_id"))
    if column is not None and column.to and not column.many:
        return name if name.endswith("_id") else None
    column = schema.columns.get(name)
    return column if column is not None and not column.many and column.kind not in _NO_VALUES else None


def _is_wide(schema: Schema, names: Sequence[str]) -> bool:
    """Whether a row has much more than what is read of it."""
    read = {name.removesuffix("_id") for name in names}
    rest = [column for column in schema.columns.values() if not column.many and column.name not in read]
    return len(rest) >= _MANY or any(column.kind in _LARGE for column in rest)


def _asks_more(whole: Comprehension, query: ast.expr) -> bool:
    """Whether each row leads to another query: that is what costs."""
    inner = set(descendants(query))
    return any(
        isinstance(node, ast.Attribute) and node.attr == "objects" and node not in inner
        for node in descendants(whole)
    )


def _fix(
    whole: Comprehension, query: ast.expr, columns: Sequence[Column | str | None], file: File
) -> Fix | None:
    """`values_list` in place of a comprehension that gives the columns as they are."""
    if whole.generators[0].ifs or whole.generators[0].is_async or not all(map(_is_plain, columns)):
        return None
    given = given_by(whole)
    flat = ", flat=True" if len(given) == 1 else ""
    base = query.func.value if _is_all(query) else query  # type: ignore[attr-defined]
    listed = ", ".join(f'"{name}"' for name in given)
    text = behind(file, base, f"values_list({listed}{flat})")
    if not isinstance(whole, ast.GeneratorExp):
        made = {ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dict"}[type(whole)]
        text = f"{made}({text})"
    elif isinstance(parent(whole), ast.Call):
        text = f"({text})"
    else:
        return None
    return Fix("Ask for the columns alone", safe=True, edits=(replace(file, file.span(whole), text),))


def _is_plain(column: Column | str | None) -> bool:
    """Whether what the database gives is what the attribute has: of keys, and of Django's own fields."""
    return isinstance(column, str) or (column is not None and column.dotted.startswith("django.db.models."))


def _is_all(query: ast.expr) -> bool:
    return isinstance(query, ast.Call) and isinstance(query.func, ast.Attribute) and query.func.attr == "all"
