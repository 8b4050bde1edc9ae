"""Tasks that are queued before the row is committed that they are about.

## What it does

Reports a task of a queue that is sent off inside of a transaction with the key of a row that is written in it: in a
block or function under `transaction.atomic`, in a view where `ATOMIC_REQUESTS` is on, in the admin's saving methods,
and, as only possible, in a model's `save` and in receivers of the signals about saving.

## Why it matters

A worker takes the task at once, often before the transaction ends. Until then nobody else sees the row: the task fails
since there is none, or works with what it was before. Where the transaction is rolled back, the task has run for a row
that never was. It happens now and then, under load, and never in tests.

## Example

```python title="shop/tasks.py"
from celery import shared_task


@shared_task
def confirm(order): ...
```

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    total = models.IntegerField()
```

```python title="shop/views.py"
from django.db import transaction

from shop.models import Order
from shop.tasks import confirm


def place(total):
    with transaction.atomic():
        order = Order.objects.create(total=total)
        confirm.delay(order.pk)
```

## Use instead

```python title="shop/tasks.py"
from celery import shared_task


@shared_task
def confirm(order): ...
```

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    total = models.IntegerField()
```

```python title="shop/views.py"
from django.db import transaction

from shop.models import Order
from shop.tasks import confirm


def place(total):
    with transaction.atomic():
        order = Order.objects.create(total=total)
        transaction.on_commit(lambda: confirm.delay(order.pk))
```

## Limits

The row is followed within the function that queues the task. A task with a delay of its own, by `countdown` or `eta`,
is left alone, and so is one whose class waits for the commit. Sessions of SQLAlchemy are not looked at. Callbacks of
`on_commit` do not run in Django's `TestCase` unless they are captured, so that tests may need
`captureOnCommitCallbacks`.

## References

- [Django: performing actions after commit](https://docs.djangoproject.com/en/stable/topics/db/transactions/#performing-actions-after-commit)
- [Celery: Django, trigger tasks at the end of the database transaction](https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.edit import replace
from checks.fixes.imports import imported
from checks.frameworks.handed_over import task_named, waits_for_commit
from checks.frameworks.transactions import transaction_around
from checks.model import Fix
from checks.rule import CERTAIN, LIKELY, LOW, MEDIUM, POSSIBLE, Call, File, Finding, Rule
from checks.semantics.enclosing import called, function_around
from checks.semantics.names import ancestors, parent
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="performance.background-work",
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{task}` may run before `{row}` is committed: it finds no such row, or an old one",
    advice="Queue the task when the transaction is committed: `transaction.on_commit`",
)

_KEYS = frozenset({"id", "pk", "uuid"})
_MAKES = frozenset({"create", "get_or_create", "save", "update_or_create"})
_WAITS = frozenset({"countdown", "eta"})
_SURE = frozenset({"apply_async", "delay"})
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


@rule.on_call("*.delay", "*.apply_async", "*.send", "*.enqueue", "*.send_with_options")
def check(call: Call, file: File) -> Iterator[Finding]:
    """A call that queues a task, with the key of a row that was written before it in the same transaction."""
    if any(given.arg in _WAITS for given in call.node.keywords) or not isinstance(
        call.node.func, ast.Attribute
    ):
        return
    rows = [node.value.id for node in _keys(call.node) if isinstance(node.value, ast.Name)]
    around = transaction_around(call.node, file) if rows else None
    function = function_around(call.node)
    if around is None or function is None:
        return
    task = task_named(call.node.func.value, file)
    if waits_for_commit(*task) if task is not None else call.node.func.attr not in _SURE:
        return
    kind, whole = around
    for row in rows:
        how = _written(row, call.node, whole, function, kind)
        if how:
            sure = kind in ("block", "function") and how == "made"
            yield rule.finding(
                call.node,
                file,
                severity=LOW if kind == "caller" else MEDIUM,
                confidence=POSSIBLE if kind == "caller" else CERTAIN if sure else LIKELY,
                fix=_fix(call.node, whole, file),
                task=file.segment(call.node.func),
                row=row,
                cause_hint="on_commit",
            )
            return


def _keys(call: ast.Call) -> Iterator[ast.Attribute]:
    """The keys of rows among the arguments: `order.pk`."""
    for given in (*call.args, *(keyword.value for keyword in call.keywords)):
        for node in descendants(given):
            if isinstance(node, ast.Attribute) and node.attr in _KEYS and isinstance(node.value, ast.Name):
                yield node


def _written(row: str, call: ast.Call, whole: ast.AST, function: ast.AST, kind: str) -> str:
    """How a row is written in the transaction before the call: `made`, `saved`, or not at all."""
    if kind == "caller":
        given = {argument.arg for argument in function.args.args}  # type: ignore[attr-defined]
        return "saved" if row in given and row in ("self", "instance") else ""
    for node in descendants(_turn(row, call, whole)):
        if getattr(node, "lineno", call.lineno) >= call.lineno or not _is_before(node, call):
            continue
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and called(node.value) in _MAKES:
            targets = (inner for target in node.targets for inner in descendants(target))
            if row in {inner.id for inner in targets if isinstance(inner, ast.Name)}:
                return "made"
        if isinstance(node, ast.Call) and called(node) == "save" and isinstance(node.func, ast.Attribute):
            if getattr(node.func.value, "id", "") == row:
                return "saved"
    return ""


def _turn(row: str, call: ast.Call, whole: ast.AST) -> ast.AST:
    """The loop that gives a name its row, where the call stands in one: what other turns write does not count."""
    for above in ancestors(call):
        if above is whole:
            break
        if isinstance(above, (ast.For, ast.AsyncFor)) and row in {
            getattr(one, "id", "") for one in descendants(above.target)
        }:
            return above
    return whole


def _is_before(node: ast.AST, call: ast.Call) -> bool:
    """Whether a statement is surely run before a call: none of its branches leaves the call out."""
    return all(
        not isinstance(above, (ast.If, ast.ExceptHandler)) or call in descendants(above)
        for above in ancestors(node)
    )


def _fix(call: ast.Call, whole: ast.AST, file: File) -> Fix | None:
    """The call as a callback; in a loop it must keep the row of its own turn."""
    if (
        not isinstance(parent(call), ast.Expr)
        or not isinstance(call.func, ast.Attribute)
        or "\n" in file.segment(call)
    ):
        return None
    written, needed = imported("django.db.transaction", "on_commit", file)
    turns = [above for above in ancestors(call) if isinstance(above, _LOOPS) and above in descendants(whole)]
    given = {
        inner.id
        for turn in turns
        for inner in descendants(turn)
        if isinstance(inner, ast.Name) and _is_set(inner)
    }
    used = sorted({inner.id for inner in descendants(call) if isinstance(inner, ast.Name)} & given)
    kept = f" {', '.join(f'{name}={name}' for name in used)}" if used else ""
    text = f"lambda{kept}: {file.segment(call)}"
    edit = replace(file, file.span(call), f"{written}({text})")
    return Fix("Queue the task when the transaction is committed", safe=False, edits=(edit, *needed))


def _is_set(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)
