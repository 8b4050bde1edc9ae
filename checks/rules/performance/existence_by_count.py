"""Rows counted or loaded to learn whether there are any.

## What it does

Reports `count()` or `len()` of a query that is compared with zero or tested for truth, and a Django queryset that is
itself tested for truth (`if orders:`) though nothing uses its rows.

## Why it matters

To count, the database goes through all rows that match; to test a queryset for truth, Django loads all of them and
makes an object of each. `exists()` stops at the first row.

## Example

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)
```

```python title="shop/forms.py"
from django import forms

from shop.models import Order


class OrderForm(forms.Form):
    number = forms.CharField()

    def clean_number(self):
        number = self.cleaned_data["number"]
        if Order.objects.filter(number=number).count() > 0:
            raise forms.ValidationError("This number is taken.")
        return number
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)
```

```python title="shop/forms.py"
from django import forms

from shop.models import Order


class OrderForm(forms.Form):
    number = forms.CharField()

    def clean_number(self):
        number = self.cleaned_data["number"]
        if Order.objects.filter(number=number).exists():
            raise forms.ValidationError("This number is taken.")
        return number
```

## Limits

Where the same function also counts the query or goes through its rows, the answer may be had from that, and it is
left alone. A queryset that a caller gives, or that other code gets hold of, may be used for its rows there: testing it
for truth is left alone as well. In a loop the query itself is what costs, which other rules report. Templates are not
looked at.

## References

- [Django: use QuerySet.exists()](https://docs.djangoproject.com/en/stable/topics/db/optimization/#use-queryset-exists)
- [Django: exists()](https://docs.djangoproject.com/en/stable/ref/models/querysets/#exists)
- [SQLAlchemy: Query.exists](https://docs.sqlalchemy.org/en/20/orm/queryguide/query.html#sqlalchemy.orm.Query.exists)
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

from checks.fixes.chains import behind
from checks.fixes.edit import replace
from checks.frameworks.existence import Existence, of_number
from checks.frameworks.held_queries import (
    COUNT,
    EXISTS,
    IDENTITY,
    LEN,
    NARROWED,
    TRUTH,
    awaited,
    held,
    is_tested,
)
from checks.model import Fix, Severity
from checks.rule import LOW, MEDIUM, File, Finding, QueryUse, Rule
from checks.semantics.enclosing import calls_in, kept, scope_around
from checks.semantics.nodes import parent
from checks.semantics.rows import wanted

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=MEDIUM,
    message="`{asked}` {costs} to learn whether there are any",
    advice="Ask with `exists()`, which stops at the first row",
)

_COUNT = re.compile(r"\.(a?)count\(\s*\)$")
_ROWS_MEANT = frozenset({"iterator", "raw", "select_for_update"})
_NO_ROWS = frozenset({COUNT, EXISTS, IDENTITY, NARROWED, TRUTH})


@rule.on_queryset_use("count")
def check_count(use: QueryUse, file: File) -> Iterator[Finding]:
    """`orders.count() > 0`."""
    call = use.node
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or _is_left_alone(use):
        return
    asked = of_number(call)
    if asked is None or _is_counted_elsewhere(call.func.value):
        return
    known = held(call.func.value)
    if known is not None and not known.hows <= _NO_ROWS:
        return
    yield _finding(asked, call.func.value, use, file, costs="counts every row", severity=LOW)


@rule.on_queryset_use("len")
def check_len(use: QueryUse, file: File) -> Iterator[Finding]:
    """`len(orders) > 0`."""
    call = use.node
    if not isinstance(call, ast.Call) or not call.args or use.rows.library != "django" or _is_left_alone(use):
        return
    asked, found = of_number(call), held(call.args[0])
    if asked is None or found is None or not found.hows <= _NO_ROWS | {LEN} or found.times(LEN) > 1:
        return
    if TRUTH not in found.hows:
        yield _finding(asked, call.args[0], use, file, costs="loads every row")


@rule.on_queryset_use("bool")
def check_truth(use: QueryUse, file: File) -> Iterator[Finding]:
    """`if orders:`, `not orders`, `bool(orders)`."""
    asked = use.node
    if not isinstance(asked, ast.expr) or use.rows.library != "django" or _is_left_alone(use):
        return
    query: ast.expr = asked
    if isinstance(asked, ast.Call) and isinstance(asked.func, ast.Name) and asked.func.id == "bool":
        query = asked.args[0]
    elif not is_tested(asked):
        return
    found = held(query)
    if found is None or not found.hows <= _NO_ROWS or found.times(TRUTH) > 1:
        return
    yield _finding(Existence(asked, True), query, use, file, costs="loads every row")


def _is_left_alone(use: QueryUse) -> bool:
    """Whether the rows are meant, are there already, or a loop is what costs."""
    rows = use.rows
    if rows.applied & _ROWS_MEANT or rows.limit == 1:
        return True
    if any(loop.size != "few" for loop in use.loops):
        return True
    if rows.parent is None or not rows.pristine:
        return False
    return wanted(rows.parent, rows.accessor).loaded is not False


def _is_counted_elsewhere(query: ast.expr) -> bool:
    """Whether the number itself is asked for as well."""
    scope = scope_around(query)
    return kept(scope, "counted", lambda: _counted(scope))[ast.dump(query)] > 1


def _counted(scope: ast.AST) -> Counter[str]:
    """The queries that a function counts, each with how often."""
    return Counter(
        ast.dump(call.func.value)
        for call in calls_in(scope)
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("count", "acount")
    )


def _finding(
    asked: Existence,
    query: ast.expr,
    use: QueryUse,
    file: File,
    *,
    costs: str,
    severity: Severity | None = None,
) -> Finding:
    return rule.finding(
        asked.node,
        file,
        severity=severity,
        fix=_fix(asked, query, use, file),
        cause_hint=rf"\b{query.id}\b" if isinstance(query, ast.Name) else "",
        asked=file.segment(asked.node),
        costs=costs,
    )


def _fix(asked: Existence, query: ast.expr, use: QueryUse, file: File) -> Fix | None:
    above = parent(asked.node)
    if use.rows.library != "django":
        return None
    if not asked.positive and isinstance(above, ast.Compare | ast.BinOp | ast.UnaryOp | ast.Attribute):
        return None
    exists = _exists(query, use, file)
    text = exists if asked.positive else f"not {exists}"
    return Fix("Ask whether there are any", safe=True, edits=(replace(file, file.span(asked.node), text),))


def _exists(query: ast.expr, use: QueryUse, file: File) -> str:
    """The question as it is to be written: in the place of `count()`, else behind the query."""
    if use.how != "count" or not isinstance(use.node, ast.Call):
        return behind(file, query, "exists()")
    whole = file.segment(awaited(use.node))
    return _COUNT.sub(lambda found: f".{found[1]}exists()", whole)
