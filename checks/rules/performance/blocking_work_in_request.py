"""Long work that is done while a visitor waits.

## What it does

Reports mail, requests to other servers, programs, pauses, and work on pictures and documents that a view does before it
answers, by itself or in functions of other files that it calls.

## Why it matters

A worker serves one visitor at a time. While it talks to the mail server it serves nobody, and when the mail server is
slow, or down, so is the page: the visitor waits, sends the form again, and soon all workers wait. A queue of tasks does
the same work a moment later, tries it again when it fails, and the page answers at once.

## Example

```python title="shop/views.py"
import requests
from django.shortcuts import redirect


def pay(request):
    requests.post("https://ledger.example/entries", json={"who": request.user.pk}, timeout=10)
    return redirect("thanks")
```

## Use instead

```python title="shop/tasks.py"
import requests
from celery import shared_task


@shared_task
def enter(who):
    requests.post("https://ledger.example/entries", json={"who": who}, timeout=10)
```

```python title="shop/views.py"
from django.shortcuts import redirect

from shop.tasks import enter


def pay(request):
    enter.delay(request.user.pk)
    return redirect("thanks")
```

## Limits

Whether an answer needs what the work gives can't be told in general. A request to another server whose result is used,
or whose failure is told, is only possible, and only where it stands in the view; so is work on a picture or document.
Where names say that a login hangs on it, or that the document is the answer, where a function on the way speaks of a
cache, or where it is far away, nothing is said. A single mail is of low severity. What is handed to a queue, a
thread or a pool is left alone, and so is mail where the settings name a backend that queues it. Of several ways to one
call the shortest is shown.

## References

- [Django: tasks](https://docs.djangoproject.com/en/stable/topics/tasks/)
- [Celery: first steps with Django](https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html)
- [Flask: background tasks with Celery](https://flask.palletsprojects.com/en/stable/patterns/celery/)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.access import words
from checks.frameworks.drf.settings import settings_mention
from checks.frameworks.handed_over import is_handed_over, is_waited_for
from checks.frameworks.kept_answers import is_kept
from checks.frameworks.request_paths import answers
from checks.frameworks.work import above, is_handler, is_short, is_streamed, is_used
from checks.model import Confidence, Severity, Step
from checks.rule import (
    CERTAIN,
    HIGH,
    LIKELY,
    LOW,
    MEDIUM,
    POSSIBLE,
    Asking,
    File,
    Finding,
    Function,
    Query,
    Rule,
)
from checks.semantics.enclosing import function_around
from checks.semantics.names import qualified_name

rule = Rule(
    __name__,
    checklist="performance.background-work",
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{call}` {does} before `{view}` answers: a worker waits",
    advice="Hand it to a queue of tasks, and answer at once",
    one_for_place=True,
)

_DOES = {
    "document": "makes or reads a document",
    "http": "asks another server",
    "image": "works on a picture",
    "mail": "talks to the mail server",
    "process": "runs a program",
    "sleep": "pauses",
}
_NEEDED = re.compile(
    r"(^|[^a-z])(auth|authorize|callback|captcha|check|connect|jwks|keys|login|oauth|oidc|recaptcha|saml|signin|spam|sso"
    r"|tokens?|turnstile|userinfo|verify)([^a-z]|$)"
)
_SHOWN = re.compile(
    r"(^|[^a-z])(cards|download|export|favicon|generate|icon|image|pdf|preview|print|render|reports?|screenshot|thumb"
    r"|thumbnail|ticket|xlsx)([^a-z]|$)"
)
_TEST = re.compile(r"(^|[^a-z])test([^a-z]|$)")
_LOOPS = (ast.For, ast.While, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_QUEUED = (
    "CeleryEmailBackend", "QueuedEmail", "async_mail", "huey.email", "mailer.backend", "post_office", "yubin",
)  # fmt: skip


@rule.on_asking()
def check(asking: Asking, file: File) -> Iterator[Finding]:
    """What a view, or a method of one, leads to: each place once, whichever views lead there."""
    node = asking.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or not answers(node, file):
        return
    if isinstance(node, ast.AsyncFunctionDef) and "flask" not in file.imports:
        return  # there the whole process waits, which is a finding of its own
    for asked in asking.queries:
        if asked.kind != "work" or not isinstance(asked.file, File) or asked.file.role not in rule.roles:
            continue
        here = Step(asked.file.path, asked.line, "")
        if is_waited_for(asked.node) or is_handed_over((*asked.hops, here), file.project):
            continue
        if asked.how == "mail" and settings_mention(file, *_QUEUED):
            continue
        weight = _weight(asked, node)
        if weight is not None and not is_kept(asked, node, file):
            yield rule.finding(
                asked.node,
                asked.file,
                severity=weight[0],
                confidence=weight[1],
                trace=_way(asked, node, file),
                call=asked.file.segment(asked.node.func) if isinstance(asked.node, ast.Call) else asked.name,
                does=_DOES[asked.how],
                view=qualified_name(node),
            )


def _weight(asked: Query, view: Function) -> tuple[Severity, Confidence] | None:
    """How bad it is, and how surely it could be done later: what is done in a loop, or gives nothing, most of all.

    What is far away may hang on conditions that nobody sees. An answer of another server that is used may be what the
    view is for; it is spoken of in the view itself alone.
    """
    names = _names(asked, view)
    around, way = list(above(asked.node)), len(asked.hops)
    repeated = any(isinstance(node, _LOOPS) for node in around)
    if _TEST.search(names):
        return None
    if asked.how == "sleep":
        if way > 3 or is_streamed(asked.node):
            return None
        if any(isinstance(node, ast.ExceptHandler) for node in around):
            return None if is_short(asked) else (MEDIUM, POSSIBLE)
        if way and any(isinstance(node, ast.If) for node in around):
            return None
        return HIGH, CERTAIN if way < 2 else LIKELY
    if asked.how == "mail":
        return MEDIUM if repeated else LOW, LIKELY
    if asked.how == "process" and way and _SHOWN.search(names):
        return None
    if asked.how in ("http", "process"):
        if way < 3 and (repeated or not is_used(asked.node)) and not asked.name.endswith(".wait"):
            return MEDIUM, LIKELY
        if way or not is_handler(view):
            return None
    wanted = _SHOWN if asked.how in ("document", "image") else _NEEDED
    return None if way > 3 or wanted.search(names) else (LOW, POSSIBLE)


def _names(asked: Query, view: Function) -> str:
    """The words of the functions where the work is done, of its file, and of what answers."""
    around = function_around(asked.node)
    names = [qualified_name(node) for node in (around, view) if node is not None]
    parts = [part for name in (*names, asked.file.path) for part in re.split(r"[./]", name)]
    return " ".join(word for part in parts for word in sorted(words(part)))


def _way(asked: Query, view: Function, file: File) -> tuple[Step, ...]:
    if not asked.hops:
        return ()
    first = Step(file.path, view.lineno, "answers a request")
    last = Step(asked.file.path, asked.line, _DOES[asked.how])
    return (first, *(Step(hop.path, hop.line, hop.text) for hop in asked.hops), last)
