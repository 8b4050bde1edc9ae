"""Rows written one by one, where one statement could write them all.

## What it does

Reports loops whose turns create, change or delete one Django row each and do nothing else with the database, of models
whose `save()` and `delete()` are Django's own and which no receiver of a signal listens to; and loops that update or
delete by one query for each key.

## Why it matters

Every `save()`, `create()` and `delete()` is a statement, with its way to the database and back, and outside of a
transaction a commit to disk as well. A thousand rows take seconds in which one statement takes milliseconds, and all
that while the rows before are changed and those behind are not.

## Example

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    paid = models.BooleanField(default=False)


class Line(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    article = models.CharField(max_length=20)
```

```python title="shop/views.py"
from django.shortcuts import redirect

from shop.models import Line, Order


def order(request):
    made = Order.objects.create()
    for article in request.POST.getlist("article"):
        Line.objects.create(order=made, article=article)
    return redirect("orders")
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    paid = models.BooleanField(default=False)


class Line(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    article = models.CharField(max_length=20)
```

```python title="shop/views.py"
from django.shortcuts import redirect

from shop.models import Line, Order


def order(request):
    made = Order.objects.create()
    articles = request.POST.getlist("article")
    Line.objects.bulk_create([Line(order=made, article=article) for article in articles])
    return redirect("orders")
```

## Limits

Methods for many rows call no `save()` and send no signals of saving. Models that override it, that inherit from another
than Django's own base or from a model with a table of its own, that set a time at each save (`auto_now`), or whose
signals the project listens to are therefore left alone; receivers of installed packages can't be seen, so that no
change is a safe one. Of loops over what was given, which are mostly short, a write is only possible. So are turns that
catch what a write raises, that begin a transaction, or that put other questions to the database, rows of which the loop
uses what the database gave them, and functions that write other rows at once.

## References

- [Django: use bulk methods](https://docs.djangoproject.com/en/stable/topics/db/optimization/#use-bulk-methods)
- [Django: bulk_create(), bulk_update()](https://docs.djangoproject.com/en/stable/ref/models/querysets/#bulk-create)
- [Django: updating multiple objects at once](https://docs.djangoproject.com/en/stable/topics/db/queries/#updating-multiple-objects-at-once)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.bulk_writes import written_at_once
from checks.frameworks.django.plain_writes import is_plain, sets_times
from checks.frameworks.occasions import BACKGROUND, occasion
from checks.frameworks.repeated_queries import goes_in_steps, loop_of, names_in
from checks.frameworks.row_writes import (
    SAVED,
    copies_rows,
    is_bare,
    is_narrowed,
    is_of_parameter,
    is_of_query,
    is_used_no_more,
    makes,
    may_wait,
)
from checks.model import Fix
from checks.rule import CERTAIN, LOW, MEDIUM, POSSIBLE, Asking, File, Finding, Query, Rule
from checks.semantics.enclosing import function_around, words_called
from checks.semantics.interpret.targets import Class
from checks.semantics.nodes import parent

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=MEDIUM,
    message="`{write}` writes one row in each turn: {instead} writes all at once",
    advice="Write the rows at once: `bulk_create()`, `bulk_update()`, `update()` or `delete()` of the query",
)

_INSTEAD = {
    "create": "`bulk_create()`",
    "save": "`bulk_update()` or `update()`",
    "delete": "`delete()` of the query",
    "update": "`update()` of the query",
}
_AT_ONCE = frozenset({"abulk_create", "abulk_update", "bulk_create", "bulk_update"})
_UNWRITABLE = frozenset({"distinct", "slice", "union"})


@rule.on_asking()
def check(asking: Asking, file: File) -> Iterator[Finding]:
    """The loops of a function whose turns write a row each."""
    for asked in asking.queries:
        if asked.hops:
            yield from _by_helper(asked, asking, file)
            continue
        loop, call = loop_of(asked), asked.node
        if asked.how not in _INSTEAD or asked.guarded or asked.loop is None or loop is None:
            continue
        if not isinstance(call, ast.Call) or function_around(call) is not asking.node:
            continue
        if not _is_plain(asked, call, loop) or not _is_all(asked, asking) or not is_bare(call, loop):
            continue
        if not words_called(asking.node).isdisjoint(_AT_ONCE):
            continue  # it knows how, and why not here
        yield rule.finding(
            call,
            file,
            severity=LOW if occasion(call, file) == BACKGROUND else MEDIUM,
            confidence=CERTAIN if asked.loop.size == "rows" else POSSIBLE,
            write=file.segment(call),
            instead=_instead(asked, call, loop),
            fix=_fix(asked, call, loop, file),
        )


def _by_helper(asked: Query, asking: Asking, file: File) -> Iterator[Finding]:
    """A function that saves the row that it is given, called with each row of a query: it may be meant so."""
    call, at, loop = asked.node, asked.at[1] if asked.at is not None else None, asked.loop
    model = asked.rows.type if asked.rows is not None else None
    if asked.how != "save" or asked.guarded or loop is None or loop.size != "rows" or len(asked.hops) > 1:
        return
    if (
        not isinstance(at, ast.Call)
        or not isinstance(call, ast.Call)
        or function_around(at) is not asking.node
    ):
        return
    if not isinstance(model, Class) or not is_plain(model, "save") or sets_times(model):
        return
    if not is_of_parameter(call) or not _is_all(asked, asking) or not may_wait(call) or not may_wait(at):
        return
    yield rule.finding(
        at,
        file,
        severity=LOW,
        confidence=POSSIBLE,
        write=asked.file.segment(call),
        instead="`bulk_update()` or `update()`",
    )


def _instead(asked: Query, call: ast.Call, loop: ast.AST) -> str:
    if is_of_query(call):
        return "a query with `__in`"
    return "`bulk_create()`" if makes(call, loop) else _INSTEAD[asked.how]


def _is_plain(asked: Query, call: ast.Call, loop: ast.AST) -> bool:
    """Whether many rows of the model may be written at once, and the loop goes through them one by one."""
    model = asked.rows.type if asked.rows is not None else None
    if goes_in_steps(asked):
        return False
    if is_of_query(call):
        return is_narrowed(call, loop)
    if not isinstance(model, Class) or asked.how == "update" or not is_plain(model, asked.how):
        return False
    if copies_rows(loop):
        return False
    if asked.how == "create":
        return is_used_no_more(call)
    if asked.how == "save" and (sets_times(model) or not {word.arg for word in call.keywords} <= SAVED):
        return False
    row = call.func.value if isinstance(call.func, ast.Attribute) else None
    met = names_in(loop.target) if isinstance(loop, ast.For) else ()
    own = isinstance(row, ast.Name) and (makes(call, loop) or row.id in met)
    return own and isinstance(parent(call), ast.Expr)


def _is_all(asked: Query, asking: Asking) -> bool:
    """Whether the turns put no other question to the database."""
    return not any(
        other is not asked and other.loop == asked.loop and other.kind == "rows" for other in asking.queries
    )


def _fix(asked: Query, call: ast.Call, loop: ast.AST, file: File) -> Fix | None:
    rows = asked.loop.rows if asked.loop is not None else None
    if not isinstance(loop, ast.For) or (rows is not None and rows.applied & _UNWRITABLE):
        return None
    edit = written_at_once(loop, call, asked.how, file)
    return Fix("Write the rows at once", safe=False, edits=(edit,)) if edit is not None else None
