"""Querysets whose rows are all loaded to be counted.

## What it does

Reports `len(...)` of a Django queryset, and `len(list(...))`, where nothing else in the function uses its rows.

## Why it matters

`len` runs the query for all rows, makes an object of each, and throws them away. The database counts them by itself
and answers with one number: that takes the same time for ten rows as for a million, and no memory.

## Example

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    paid = models.BooleanField(default=False)
```

```python title="shop/views.py"
from django.http import JsonResponse

from shop.models import Order


def summary(request):
    return JsonResponse({"open": len(Order.objects.filter(paid=False))})
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    paid = models.BooleanField(default=False)
```

```python title="shop/views.py"
from django.http import JsonResponse

from shop.models import Order


def summary(request):
    return JsonResponse({"open": Order.objects.filter(paid=False).count()})
```

## Limits

A queryset that a caller gives, that is an attribute or that other code gets hold of may be gone through there, in which
case `len` costs nothing more: it is left alone. So is one that is tested for truth as well, since that loads it
anyway. Of a queryset that is counted several times only the first place is reported, and no change is suggested.

## References

- [Django: when querysets are evaluated](https://docs.djangoproject.com/en/stable/ref/models/querysets/#when-querysets-are-evaluated)
- [Django: use QuerySet.count()](https://docs.djangoproject.com/en/stable/topics/db/optimization/#use-queryset-count)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.chains import behind
from checks.fixes.edit import replace
from checks.frameworks.existence import of_number
from checks.frameworks.held_queries import COUNT, EXISTS, IDENTITY, LEN, NARROWED, Held, held
from checks.model import Fix
from checks.rule import MEDIUM, File, Finding, QueryUse, Rule
from checks.semantics.nodes import parent

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=MEDIUM,
    message="`{counted}` loads every row to count them: the database could",
    advice="Count in the database: `count()`",
)

_WITHOUT_ROWS = frozenset({COUNT, EXISTS, IDENTITY, LEN, NARROWED})
_ROWS_MEANT = frozenset({"iterator", "raw", "select_for_update"})


@rule.on_queryset_use("len", "iterate")
def check(use: QueryUse, file: File) -> Iterator[Finding]:
    """A queryset that `len` runs, and whose rows nobody reads."""
    call = use.node
    if not isinstance(call, ast.Call) or use.rows.library != "django" or use.rows.applied & _ROWS_MEANT:
        return
    if any(loop.size != "few" for loop in use.loops):
        return  # the query in the loop is what costs
    counted = _counted(call)
    found = held(counted) if counted is not None else None
    if counted is None or found is None or not found.hows <= _WITHOUT_ROWS or not _is_first(counted, found):
        return
    length = call if _is_len(call) else _above(call)
    if length is None or of_number(length) is not None:
        return  # whether there are any is asked, not how many
    yield rule.finding(
        length,
        file,
        counted=file.segment(length),
        fix=_fix(length, counted, found, file),
        cause_hint=rf"\b{found.name}\b" if found.name else "",
    )


def _counted(call: ast.Call) -> ast.expr | None:
    """The queryset in `len(orders)`, or in the `list(orders)` of `len(list(orders))`."""
    inner = _is_len(call) or (_above(call) is not None and isinstance(call.func, ast.Name))
    return call.args[0] if inner and len(call.args) == 1 else None


def _is_len(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "len"


def _above(call: ast.Call) -> ast.Call | None:
    """The `len` around a `list(...)`."""
    above = parent(call)
    named = isinstance(call.func, ast.Name) and call.func.id in ("list", "tuple")
    return above if named and isinstance(above, ast.Call) and _is_len(above) else None


def _is_first(counted: ast.expr, found: Held) -> bool:
    return next(read.node for read in found.reads if read.how == LEN) is counted


def _fix(length: ast.Call, counted: ast.expr, found: Held, file: File) -> Fix | None:
    if found.times(LEN) > 1:
        return None
    edit = replace(file, file.span(length), behind(file, counted, "count()"))
    return Fix("Count in the database", safe=True, edits=(edit,))
