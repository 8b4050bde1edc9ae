"""Queries that a loop asks for each of its elements.

## What it does

Reports loops that put a question to the database in each turn: a row fetched by its key, a count, a test whether
there are any, a filtered query that is gone through. The question may be asked in a method or helper that the loop
calls, be it in another file, and the loop may stand in a template.

## Why it matters

Each question takes a way to the database and back, however little it asks. A loop over twenty rows takes twenty of
them where one would do, and the page that was fast with the rows of a test gets slower with every customer. No single
query is slow, so that nothing shows it but their number.

## Example

```python title="shop/models.py"
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    paid = models.BooleanField(default=False)
```

```python title="shop/views.py"
from django.shortcuts import render

from shop.models import Customer, Order


def customers(request):
    found = []
    for customer in Customer.objects.order_by("name"):
        unpaid = Order.objects.filter(customer=customer, paid=False).count()
        found.append((customer, unpaid))
    return render(request, "shop/customers.html", {"customers": found})
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

```python title="shop/views.py"
from django.db.models import Count, Q
from django.shortcuts import render

from shop.models import Customer


def customers(request):
    unpaid = Count("order", filter=Q(order__paid=False))
    found = Customer.objects.order_by("name").annotate(unpaid=unpaid)
    return render(request, "shop/customers.html", {"customers": found})
```

## Limits

One comment is made for a loop and the model that it asks about. Relations that are read as they are belong to
`n-plus-one`, relations that were prefetched and are narrowed to `prefetch-defeated`, writes to `row-by-row-write`.
Loops over rows of a query in views, forms, templates and the like have high confidence, those elsewhere medium, and
less those that catch a missing row, that write in their turns, that go through the rows of each row outside of such
code, or of which only running tells how long they are. Loops in parts or attempts, loops over what is read from files,
those that walk a tree, and those whose functions remember what they found are left alone, and so are functions that
are called for what they do. A question that is the same in each turn is reported where it stands in the loop itself,
and no turn writes.

## References

- [Django: database access optimization](https://docs.djangoproject.com/en/stable/topics/db/optimization/#retrieve-everything-at-once-if-you-know-you-will-need-it)
- [Django: in_bulk()](https://docs.djangoproject.com/en/stable/ref/models/querysets/#in-bulk)
- [Django: aggregation](https://docs.djangoproject.com/en/stable/topics/db/aggregation/)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from checks.frameworks.occasions import BACKGROUND, REQUEST, occasion
from checks.frameworks.repeated_queries import (
    READS,
    ends_loop,
    goes_in_steps,
    hangs_on_turn,
    is_in_reach,
    is_loaded_along,
    is_tried,
    is_untouched,
    of_framework,
    of_function,
    steps_to,
    text_of,
    writes_in_loop,
)
from checks.model import Confidence, Span
from checks.rule import LOW, MEDIUM, Asking, File, Finding, Query, Rule
from checks.semantics.repeated import name_of, of_loop
from checks.semantics.source import Text

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=MEDIUM,
    message="`{asked}` is a query in each turn of a loop over {over}",
    advice="Ask once before the loop: `in_bulk()` or `__in`, `annotate()`, or `prefetch_related()`",
    one_for_place=True,
)

_OF_ONE = frozenset({"aggregate", "count", "exists", "first", "first in order", "get"})
_ROWS = frozenset({"bool", "index", "iterate", "len"})
_MEANT = frozenset({"none", "raw", "select_for_update"})


@rule.on_asking()
def check(asking: Asking, file: File) -> Iterator[Finding]:
    """The loops of a function, each with what its turns ask about a model."""
    said: set[tuple[object, str]] = set()
    for asked in of_function(asking):
        key = (asked.loop, name_of(asked.rows.type) if asked.rows is not None else "")
        if key in said or not (_is_written_out(asked) or _is_the_same(asked, asking.queries)):
            continue
        confidence = _confidence(asked, asking.queries)
        if confidence is not None and asked.at is not None:
            said.add(key)
            yield _finding(asked, asked.at[1], file, confidence, text_of(asked.at[1], file))


@rule.on_repeated_query(*READS)
def check_frameworks(asked: Query, file: Text) -> Iterator[Finding]:
    """Loops of templates and of frameworks, and those of other files' functions that are given their rows here."""
    if asked.loop is None or asked.at is None or asked.loop.size != "rows" or not _is_written_out(asked):
        return
    place, loop = of_framework(asked), asked.loop.node
    confidence = _confidence(asked, ())
    if confidence is None:
        return
    if place is not None:
        yield _finding(asked, *place, confidence, text_of(*place))
    elif asked.loop.file is not file and isinstance(loop, ast.For | ast.AsyncFor | ast.comprehension):
        at, home = asked.at[1], asked.at[0]
        yield _finding(asked, at, home, confidence, text_of(at, home))


def _is_written_out(asked: Query) -> bool:
    """Whether each turn of a loop in code asks something else, and none ends the loop by what it finds."""
    return not goes_in_steps(asked) and hangs_on_turn(asked) and not ends_loop(asked)


def _is_the_same(asked: Query, others: Sequence[Query]) -> bool:
    """Whether each turn asks the same, and nothing that a turn does could change the answer."""
    if asked.loop is None or asked.loop.size != "rows" or asked.how not in _OF_ONE or asked.hops:
        return False
    return not (
        hangs_on_turn(asked) or goes_in_steps(asked) or ends_loop(asked) or writes_in_loop(asked, others)
    )


def _confidence(asked: Query, others: Sequence[Query]) -> Confidence | None:
    """How sure it is that one query before the loop would do; None where it hardly would."""
    if not _is_question(asked) or asked.loop is None or asked.at is None or not is_in_reach(asked):
        return None
    when, sized = occasion(asked.at[1], asked.at[0]), asked.loop.size == "rows"
    if asked.hops and (when == BACKGROUND or not sized):
        return None
    doubts = int(is_tried(asked)) + 2 * int(_may_be_loaded(asked))
    if when != REQUEST:  # work that is done for each row may be meant so
        doubts += 1 + (asked.how in _ROWS) + (len(asked.hops) > 1)
    if not sized:
        doubts += (1 if asked.how == "get" else 2) + (when == BACKGROUND)
    if writes_in_loop(asked, others):
        if asked.hops or not sized:
            return None
        doubts += 1
    return Confidence(3 - doubts) if doubts < 3 else None


def _may_be_loaded(asked: Query) -> bool:
    """Whether relations are loaded along with the rows under names that only running tells."""
    row = asked.rows.parent if asked.rows is not None else None
    return row is not None and row.rows is not None and bool(row.rows.maybe)


def _is_question(asked: Query) -> bool:
    """Whether rows are asked for that no other rule speaks of: no relation as it is, nor one that was prefetched."""
    rows = asked.rows
    if asked.kind != "rows" or asked.how not in READS or asked.guarded or rows is None:
        return False
    if rows.applied & _MEANT or rows.limit == 0:
        return False
    return not is_untouched(asked) and not is_loaded_along(asked)


def _finding(asked: Query, at: ast.AST | Span, file: Text, confidence: Confidence, shown: str) -> Finding:
    assert asked.loop is not None and asked.at is not None
    return rule.finding(
        at,
        file,
        severity=LOW if occasion(asked.at[1], asked.at[0]) == BACKGROUND else MEDIUM,
        confidence=confidence,
        trace=steps_to(asked),
        asked=shown,
        over=of_loop(asked.loop).replace("`", ""),
        cause_hint=r"cache|memo|in_bulk|\bnot in\b|prefetch_related|annotate",
    )
