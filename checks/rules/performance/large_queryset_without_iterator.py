"""Whole tables held in memory by commands and tasks.

## What it does

Reports loops of management commands, tasks and scripts over all rows of a model that are gone through one by one,
without `iterator()`.

## Why it matters

A queryset keeps every row that it gives, in case it is gone through again. A command that visits each row of a table
once needs one at a time, and holds all of them: that works for a year, and then the process is killed for the memory
that it takes, in the night in which the table has grown too large. `iterator()` fetches a few thousand at a time and
keeps none.

## Example

```python title="shop/models.py"
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Visit(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    at = models.DateTimeField()

    def archive(self) -> None: ...
```

```python title="shop/management/commands/archive.py"
from django.core.management.base import BaseCommand

from shop.models import Visit


class Command(BaseCommand):
    def handle(self, *args, **options):
        for visit in Visit.objects.all():
            visit.archive()
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Visit(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    at = models.DateTimeField()

    def archive(self) -> None: ...
```

```python title="shop/management/commands/archive.py"
from django.core.management.base import BaseCommand

from shop.models import Visit


class Command(BaseCommand):
    def handle(self, *args, **options):
        for visit in Visit.objects.iterator():
            visit.archive()
```

## Limits

How many rows a table has can't be seen, so that this is only possible: models are left alone whose rows have no time or
belong to no other row, since it is the others to which use adds. So are filtered querysets, those that load relations
by `prefetch_related`, which `iterator()` needs a `chunk_size` for, loops that keep the rows elsewhere, and loops that
only print.

## References

- [Django: iterator()](https://docs.djangoproject.com/en/stable/ref/models/querysets/#iterator)
- [Django: use QuerySet.iterator()](https://docs.djangoproject.com/en/stable/topics/db/optimization/#use-iterator)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.schema import Schema, schema_of
from checks.frameworks.held_queries import COUNT, EXISTS, ROWS, held
from checks.frameworks.occasions import BACKGROUND, occasion
from checks.rule import LOW, POSSIBLE, File, Finding, QueryUse, Rule
from checks.semantics.enclosing import called
from checks.semantics.interpret.targets import Class
from checks.semantics.nodes import descendants, parent

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=LOW,
    confidence=POSSIBLE,
    message="Every `{model}` is held in memory at once: the loop needs one at a time",
    advice="Go through them by `iterator()`, which keeps none",
)

_WHOLE = frozenset({"all", "begun", "db_manager", "defer", "only", "order_by", "select_related", "using"})
_KEEPS = frozenset({"add", "append", "insert", "setdefault"})
_TIMES = frozenset({"DateField", "DateTimeField"})


@rule.on_queryset_use("iterate")
def check(use: QueryUse, file: File) -> Iterator[Finding]:
    """A loop in a command or task over all there is."""
    query, loop = use.node, parent(use.node)
    if not isinstance(query, ast.expr) or not isinstance(loop, ast.For) or loop.iter is not query:
        return
    schema = _whole_table(use)
    if schema is None or occasion(query, file) != BACKGROUND:
        return
    found = held(query)
    if found is None or not found.hows <= {COUNT, EXISTS, ROWS} or found.times(ROWS) > 1 or _keeps(loop):
        return
    if _grows(schema) and not all(_prints(statement) for statement in loop.body):
        hint = r"\.(exclude|filter|iterator)\(|\[.*:"
        yield rule.finding(query, file, cause_hint=hint, model=schema.name.rpartition(".")[2])


def _whole_table(use: QueryUse) -> Schema | None:
    """The model whose rows are all gone through, once."""
    rows = use.rows
    if rows.library != "django" or rows.parent is not None or rows.limit is not None or use.loops:
        return None
    if not rows.applied <= _WHOLE or rows.values or rows.attributes:
        return None
    return schema_of(rows.type.node, rows.type.file) if isinstance(rows.type, Class) else None


def _grows(schema: Schema) -> bool:
    """Whether rows are likely added with use: they bear a time, and belong to others."""
    columns = schema.columns.values()
    return any(column.kind in _TIMES for column in columns) and any(
        column.to and not column.many for column in columns
    )


def _prints(statement: ast.stmt) -> bool:
    """Whether all that a statement does is to print: a list that somebody reads is short."""
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return isinstance(statement, ast.Assign)
    return called(call) in ("print", "write", "echo")


def _keeps(loop: ast.For) -> bool:
    """Whether rows are put into something that outlives their turn."""
    names = {node.id for node in descendants(loop.target) if isinstance(node, ast.Name)}
    for statement in loop.body:
        for node in descendants(statement):
            if not isinstance(node, ast.Name) or node.id not in names:
                continue
            above = parent(node)
            if isinstance(above, ast.Yield | ast.Dict | ast.List | ast.Tuple | ast.Set):
                return True
            if isinstance(above, ast.Assign) and not all(isinstance(one, ast.Name) for one in above.targets):
                return True
            if (
                isinstance(above, ast.Call)
                and isinstance(above.func, ast.Attribute)
                and above.func.attr in _KEEPS
            ):
                return True
    return False
