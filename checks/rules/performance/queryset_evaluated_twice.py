"""Queries that are run again for what a first run could have given.

## What it does

Reports a Django queryset that is counted or tested by `exists()` right before all of its rows are gone through, and a
query that is written out twice in a function and gone through both times.

## Why it matters

A queryset that has been gone through keeps its rows: its length, its truth and a second loop cost nothing more. Each
`count()`, each `exists()` and each query that is written anew is a query of its own, and between the two other
requests may change the answer.

## Example

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    paid = models.BooleanField(default=False)

    def remind(self) -> None: ...
```

```python title="shop/reminders.py"
from shop.models import Order


def remind_all():
    orders = Order.objects.filter(paid=False)
    if orders.exists():
        for order in orders:
            order.remind()
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    paid = models.BooleanField(default=False)

    def remind(self) -> None: ...
```

```python title="shop/reminders.py"
from shop.models import Order


def remind_all():
    for order in Order.objects.filter(paid=False):
        order.remind()
```

## Limits

Only queries whose uses are all in the same function are looked at, not those that templates go through. Where rows are
written in between, the second run may well give something else, and it is left alone; so are rows that are streamed by
`iterator()`.

## References

- [Django: caching and querysets](https://docs.djangoproject.com/en/stable/topics/db/queries/#caching-and-querysets)
- [Django: understand cached attributes](https://docs.djangoproject.com/en/stable/topics/db/optimization/#understand-queryset-evaluation)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from checks.frameworks.existence import of_number
from checks.frameworks.held_queries import (
    COUNT,
    EXISTS,
    LEN,
    NARROWED,
    ROWS,
    TRUTH,
    Held,
    held,
    how_used,
    is_fresh,
)
from checks.rule import CERTAIN, LIKELY, LOW, File, Finding, QueryUse, Rule
from checks.semantics.enclosing import function_around, kept
from checks.semantics.nodes import descendants
from checks.semantics.reaching import leads_to, place_of
from checks.semantics.rows import wanted

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=LOW,
    message="`{again}` runs a query whose rows line {line} loads",
    advice="Run the query once: go through its rows, and take the rest from them",
)

_WRITES = frozenset(
    {
        "add", "bulk_create", "bulk_update", "clear", "create", "delete", "execute", "get_or_create", "remove", "save",
        "set", "update", "update_or_create",
    }
)  # fmt: skip
_WRITTEN = r"\.(" + "|".join(sorted(_WRITES)) + r")\("
_MEANT = frozenset({"iterator", "raw", "select_for_update", "slice"})


@rule.on_queryset_use("count", "exists")
def check_before(use: QueryUse, file: File) -> Iterator[Finding]:
    """`if orders.exists():` before a loop over `orders`."""
    call = use.node
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or _is_left_alone(use):
        return
    found = held(call.func.value)
    if found is None or not found.name or len(found.queries) != 1 or not _only_read(found):
        return
    loop, tested = _first_rows(found), of_number(call) if use.how == COUNT else None
    asked, negated = (tested.node, not tested.positive) if tested is not None else (call, False)
    if loop is None or not leads_to(asked, loop, negated=negated) or _writes_between(call, loop):
        return
    yield rule.finding(
        call,
        file,
        confidence=CERTAIN if use.how == EXISTS or tested is not None else LIKELY,
        cause_hint=_WRITTEN,
        again=file.segment(call),
        line=str(loop.lineno),
    )


@rule.on_queryset_use("iterate")
def check_again(use: QueryUse, file: File) -> Iterator[Finding]:
    """The same query written out a second time, and gone through again."""
    query = use.node
    if (
        not isinstance(query, ast.Call)
        or not is_fresh(query)
        or _is_left_alone(use)
        or how_used(query) != ROWS
    ):
        return
    before = _equal_before(query)
    if before is None or not leads_to(before, query) or _writes_between(before, query):
        return
    if use.rows.parent is not None and use.rows.pristine and not _is_unloaded(use):
        return
    again = file.segment(query)
    yield rule.finding(
        query, file, confidence=LIKELY, cause_hint=_WRITTEN, again=again, line=str(before.lineno)
    )


def _is_left_alone(use: QueryUse) -> bool:
    return use.rows.library != "django" or bool(use.rows.applied & _MEANT) or bool(use.loops)


def _only_read(found: Held) -> bool:
    return found.hows <= {COUNT, EXISTS, LEN, NARROWED, ROWS, TRUTH} and ROWS in found.hows


def _first_rows(found: Held) -> ast.expr | None:
    """Where the rows are first gone through, unless something has loaded them before."""
    loading = [read for read in found.reads if read.how in (LEN, ROWS, TRUTH)]
    return loading[0].node if loading and loading[0].how == ROWS else None


def _is_unloaded(use: QueryUse) -> bool:
    """Whether rows of a relation are surely not loaded along with the row that they belong to."""
    row = use.rows.parent
    assert row is not None
    known = row.rows is not None and row.symbol is None and not row.loops
    return known and wanted(row, use.rows.accessor).loaded is False


def _equal_before(query: ast.Call) -> ast.Call | None:
    """The last query before this one that is written alike and gone through."""
    function = function_around(query)
    if function is None:
        return None
    known = kept(function, "gone through", lambda: _gone_through(function))
    text = ast.dump(query)
    before = [one for written, one in known if written == text and one.lineno < query.lineno]
    return before[-1] if before else None


def _gone_through(function: ast.AST) -> Sequence[tuple[str, ast.Call]]:
    return [
        (ast.dump(node), node)
        for node in descendants(function)
        if isinstance(node, ast.Call) and is_fresh(node) and how_used(node) == ROWS
    ]


def _writes_between(first: ast.AST, then: ast.AST) -> bool:
    """Whether something is written, or a name of the query bound anew, between two places of a function."""
    function = function_around(first)
    assert function is not None
    start, end = place_of(first), place_of(then)
    names = {node.id for node in descendants(then) if isinstance(node, ast.Name)}
    for node in descendants(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in names:
            if start < place_of(node) < end:
                return True
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in _WRITES and start < place_of(node) < end:
                return True
    return False
