"""Prefetched relations that a loop asks for again.

## What it does

Reports loops that narrow, order or take one row of a relation which the query of their rows prefetches:
`order.lines.filter(...)`, `.order_by(...)`, `.values_list(...)`, `.get(...)`, `.first()` without an order.

## Why it matters

What was prefetched answers `order.lines.all()`, as it is. Everything else that is called on it makes another query,
and asks the database again for each row: the prefetch costs its query, and saves none of those that it was meant to
save. It looks as if the loop had been taken care of.

## Example

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)


class Line(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    sent = models.BooleanField(default=False)
```

```python title="shop/views.py"
from django.http import JsonResponse

from shop.models import Order


def waiting(request):
    orders = Order.objects.prefetch_related("lines")
    return JsonResponse({order.number: order.lines.filter(sent=False).count() for order in orders})
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)


class Line(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    sent = models.BooleanField(default=False)
```

```python title="shop/views.py"
from django.db.models import Prefetch
from django.http import JsonResponse

from shop.models import Line, Order


def waiting(request):
    unsent = Prefetch("lines", queryset=Line.objects.filter(sent=False), to_attr="unsent")
    orders = Order.objects.prefetch_related(unsent)
    return JsonResponse({order.number: len(order.unsent) for order in orders})
```

## Limits

Only relations that surely are prefetched are looked at: what is loaded on some ways of the code, or under names that
only running tells, is left alone. Where the whole relation is read as well, the prefetch is of use, and the comment is
about the other query alone.

## References

- [Django: prefetch_related](https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-related)
- [Django: Prefetch()](https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-objects)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.occasions import BACKGROUND, occasion
from checks.frameworks.repeated_queries import (
    READS,
    is_in_reach,
    is_loaded_along,
    of_framework,
    of_function,
    steps_to,
    text_of,
)
from checks.model import Span
from checks.rule import CERTAIN, LIKELY, LOW, MEDIUM, Asking, File, Finding, Query, Rule
from checks.semantics.rows import UNSURE
from checks.semantics.source import Text

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=MEDIUM,
    message="`{asked}` asks the database again: only `{relation}.all()` was prefetched",
    advice="Narrow what is prefetched, by `Prefetch(..., queryset=..., to_attr=...)`, or sort it out in Python",
    one_for_place=True,
)


@rule.on_asking()
def check(asking: Asking, file: File) -> Iterator[Finding]:
    """The loops of a function, each with the prefetched relations that its turns ask for again."""
    said: set[tuple[object, str]] = set()
    for asked in of_function(asking):
        key = (asked.loop, asked.rows.accessor if asked.rows is not None else "")
        if key not in said and asked.at is not None and _is_defeated(asked):
            said.add(key)
            yield _finding(asked, asked.at[1], file)


@rule.on_repeated_query(*READS)
def check_frameworks(asked: Query, _file: Text) -> Iterator[Finding]:
    """Loops of templates, and those that frameworks make of lists of rows."""
    place = of_framework(asked)
    if place is not None and _is_defeated(asked):
        yield _finding(asked, *place)


def _is_defeated(asked: Query) -> bool:
    rows = asked.rows
    if rows is None or asked.guarded or asked.how not in READS or "select_for_update" in rows.applied:
        return False
    if UNSURE in rows.maybe:
        return False  # who made the query looked for what a prefetch had put there
    return is_loaded_along(asked) and is_in_reach(asked)


def _finding(asked: Query, at: ast.AST | Span, file: Text) -> Finding:
    assert asked.rows is not None and asked.at is not None
    return rule.finding(
        at,
        file,
        severity=LOW if occasion(asked.at[1], asked.at[0]) == BACKGROUND else MEDIUM,
        confidence=CERTAIN if asked.loop is not None and asked.loop.size == "rows" else LIKELY,
        trace=steps_to(asked),
        asked=text_of(at, file),
        relation=asked.rows.accessor,
        cause_hint=r"\bto_attr\b|\.all\(\)",
    )
