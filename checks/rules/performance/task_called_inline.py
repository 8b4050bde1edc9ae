"""Tasks of a queue that a view calls like functions.

## What it does

Reports a view that calls a task of Celery, RQ or Dramatiq as a function, so that it runs at once and in the request,
instead of putting it into the queue.

## Why it matters

A task is made one because what it does is slow, or may fail and has to be tried again. Called as a function it does all
that while the visitor waits; nothing tries it again, and its errors are the page's. It is easily overlooked, since in
tests, where tasks often run at once, both ways look the same.

## Example

```python title="shop/tasks.py"
from celery import shared_task
from django.core.mail import mail_admins


@shared_task
def tell(order):
    mail_admins("An order", str(order))
```

```python title="shop/views.py"
from django.shortcuts import redirect

from shop.tasks import tell


def order(request):
    tell(request.POST["order"])
    return redirect("thanks")
```

## Use instead

```python title="shop/tasks.py"
from celery import shared_task
from django.core.mail import mail_admins


@shared_task
def tell(order):
    mail_admins("An order", str(order))
```

```python title="shop/views.py"
from django.shortcuts import redirect

from shop.tasks import tell


def order(request):
    tell.delay(request.POST["order"])
    return redirect("thanks")
```

## Limits

Only calls in views are looked at; a service or a form may be called by a task as well. A view that uses what the task
gives, or handles errors of its own, needs it at once and is left alone, and so is one that puts the same task into the
queue on another way. Huey's tasks are put into the queue by calling them.

## References

- [Celery: calling tasks](https://docs.celeryq.dev/en/stable/userguide/calling.html)
- [RQ: the job decorator](https://python-rq.org/docs/#the-job-decorator)
- [Dramatiq: sending messages](https://dramatiq.io/guide.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.handed_over import queue_of, tasks_of
from checks.frameworks.request_paths import answers
from checks.rule import LIKELY, MEDIUM, File, Finding, Function, Rule
from checks.semantics.definitions import definition
from checks.semantics.enclosing import called, calls_in, function_around
from checks.semantics.interpret.later import QUEUEING
from checks.semantics.names import ancestors, parent, qualified_name
from checks.semantics.source import Project

rule = Rule(
    __name__,
    checklist="performance.background-work",
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{task}` is a task, and `{view}` runs it itself: the visitor waits until it is done",
    advice="Put it into the queue: `.delay(...)`, or `.send(...)` of Dramatiq",
)

_RUN_AT_ONCE = frozenset({"celery", "dramatiq", "rq"})


@rule.on_function()
def check(node: Function, file: File) -> Iterator[Finding]:
    """The calls of tasks in a view, whose results nobody asks for."""
    words = file.once("run-at-once", lambda: _run_at_once(file.project))
    if not words or not answers(node, file):
        return
    calls = list(calls_in(node))
    queued = {_receiver(call) for call in calls if called(call) in QUEUEING or called(call) == "send"}
    for call in calls:
        if called(call) not in words or function_around(call) is not node or called(call) in queued:
            continue
        if isinstance(parent(call), ast.Expr) and not _is_watched(call, file) and _is_task(call, file):
            yield rule.finding(
                call,
                file,
                task=file.segment(call.func),
                view=qualified_name(node),
                cause_hint=r"\.(delay|apply_async|send)\b",
            )


def _run_at_once(project: Project) -> frozenset[str]:
    """The last words of the names of tasks that a call runs there and then."""
    return frozenset(name.rpartition(".")[2] for name, queue in tasks_of(project) if queue in _RUN_AT_ONCE)


def _receiver(call: ast.Call) -> str:
    """The last word of what a method is called on: of `tasks.tell.delay()`, tell."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")


def _is_watched(call: ast.Call, file: File) -> bool:
    """Whether the view handles errors of its own that the task raises, so that it must know how it ended."""
    for above in ancestors(call):
        if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
        if isinstance(above, ast.Try) and any(_is_particular(handler, file) for handler in above.handlers):
            return True
    return False


def _is_particular(handler: ast.ExceptHandler, file: File) -> bool:
    return handler.type is not None and file.resolve(handler.type) not in (
        "builtins.Exception",
        "builtins.BaseException",
    )


def _is_task(call: ast.Call, file: File) -> bool:
    """Whether what is called is a task that a call runs at once."""
    name = file.resolve(call.func)
    found = definition(name, file) if name is not None else None
    if found is None or not isinstance(found[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return queue_of(found[0], found[1]) in _RUN_AT_ONCE
