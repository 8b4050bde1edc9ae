"""Relations loaded along with a query that never gives a row.

## What it does

Reports `select_related` and `prefetch_related` of a query that only counts, updates, or asks for single columns, in the
same chain or through a local name; and a relation that is named beside a longer path which loads it anyway.

## Why it matters

`count()`, `exists()`, `update()`, `aggregate()` and `values()` make no objects that relations could be put on: Django
drops the load in silence. Whoever reads the code believes that it does something, copies it, and keeps it up to date.
Mostly it is left over from a loop that is gone, or stands on the wrong query, while the right one lacks it.

## Example

```python title="shop/models.py"
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    paid = models.BooleanField(default=False)
```

```python title="shop/reports.py"
from shop.models import Order


def unpaid() -> int:
    return Order.objects.select_related("customer").filter(paid=False).count()
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    paid = models.BooleanField(default=False)
```

```python title="shop/reports.py"
from shop.models import Order


def unpaid() -> int:
    return Order.objects.filter(paid=False).count()
```

## Limits

Loads of rows that are gone through are left alone, whether or not the loop reads the relation, and so are queries that
other code gets hold of. With `select_for_update` a join can be wanted for its locks. A relation that is named beside a
longer path that brings it along costs nothing, and may be written out on purpose.

## References

- [Django: select_related](https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-related)
- [Django: prefetch_related](https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-related)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.held_queries import held
from checks.model import Span
from checks.rule import LOW, Call, File, Finding, QueryUse, Rule
from checks.semantics.nodes import parent
from checks.semantics.rows import Rows

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=LOW,
    message="`{load}` has no effect: {reason}",
    advice="Drop the load, or move it to the query whose rows are read",
)

_ROWLESS = frozenset(
    {
        "aaggregate", "acount", "aexists", "aggregate", "aupdate", "count", "dates", "datetimes", "exists", "update",
        "values", "values_list",
    }
)  # fmt: skip
"""Methods behind which no row is made that a relation could be put on."""


@rule.on_call("*.select_related", "*.prefetch_related")
def check_chain(call: Call, file: File) -> Iterator[Finding]:
    """A load in front of a method that makes no rows."""
    end = _rowless(_chain(call.node)) if _is_query(call) else ""
    if end:
        yield _finding(call.node, end, file)


@rule.on_queryset_use("aggregate", "count", "exists")
def check_name(use: QueryUse, file: File) -> Iterator[Finding]:
    """A load of a query that a name holds, where all uses of the name are of that kind."""
    name = (
        use.node.func.value
        if isinstance(use.node, ast.Call) and isinstance(use.node.func, ast.Attribute)
        else None
    )
    found = held(name) if isinstance(name, ast.Name) and use.rows.library == "django" else None
    if found is None or len(found.queries) != 1 or found.reads[0].node is not name:
        return
    ends = [_rowless(_chain(read.node)) for read in found.reads]
    for load in _loads(found.queries[0]) if all(ends) else ():
        yield _finding(load, ends[0], file)


def _finding(load: ast.Call, end: str, file: File) -> Finding:
    return rule.finding(
        _place(load, file),
        file,
        load=_text(load, file),
        reason=f"`{end}()` makes no row to load for",
        cause_hint=r"\bfor\b|\blist\(|\[",
    )


def _is_query(call: Call) -> bool:
    receiver = call.invocation.receiver if call.invocation is not None else None
    rows = receiver.record if receiver is not None else None
    return isinstance(rows, Rows) and rows.library == "django" and "select_for_update" not in rows.applied


def _rowless(methods: list[str]) -> str:
    """The first of some methods behind which there are no rows; none where rows are to be locked."""
    if "select_for_update" in methods:
        return ""
    return next((method for method in methods if method in _ROWLESS), "")


def _chain(node: ast.AST) -> list[str]:
    """The methods that are called behind an expression, one behind the other."""
    methods: list[str] = []
    while True:
        attribute = parent(node)
        call = parent(attribute) if isinstance(attribute, ast.Attribute) else None
        if (
            not isinstance(attribute, ast.Attribute)
            or not isinstance(call, ast.Call)
            or call.func is not attribute
        ):
            return methods
        methods.append(attribute.attr)
        node = call


def _loads(query: ast.expr) -> Iterator[ast.Call]:
    """The loads in a chain."""
    while isinstance(query, ast.Call) and isinstance(query.func, ast.Attribute):
        if query.func.attr in ("select_related", "prefetch_related"):
            yield query
        query = query.func.value


def _text(call: ast.Call, file: File) -> str:
    """The load as it is written, without what it is called on."""
    assert isinstance(call.func, ast.Attribute)
    given = ", ".join(file.segment(argument) for argument in call.args)
    return f"{call.func.attr}({given})"


def _place(call: ast.Call, file: File) -> Span:
    """The method's name and its arguments."""
    assert isinstance(call.func, ast.Attribute)
    whole, name = file.span(call), file.span(call.func)
    return Span(name.end_line, name.end_column - len(call.func.attr), whole.end_line, whole.end_column)
