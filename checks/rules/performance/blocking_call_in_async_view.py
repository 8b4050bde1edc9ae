"""Calls in asynchronous views that hold the event loop.

## What it does

Reports calls that wait, in a view that is `async def`, in a consumer of Channels, or in what these call: `time.sleep`,
requests to other servers by libraries that know no `await`, programs that are run to their end, mail, and long work on
pictures and documents.

## Why it matters

All requests of an asynchronous server share one thread: while a view awaits something, the others run. A call that
waits without `await` gives nobody the turn. For as long as it lasts the whole process stands still, with every other
visitor's request in it, health checks included.

## Example

```python
import time

from django.http import JsonResponse


async def status(request):
    time.sleep(1)
    return JsonResponse({"ready": True})
```

## Use instead

```python
import asyncio

from django.http import JsonResponse


async def status(request):
    await asyncio.sleep(1)
    return JsonResponse({"ready": True})
```

## Limits

Questions to the database are no matter of speed here: Django refuses them, and they are left to a rule of their own.
What runs in a thread, by `sync_to_async`, `asyncio.to_thread` or an executor, is left alone. Flask runs each
asynchronous view in a loop of its own, where it holds nobody else: only Quart's are looked at. Reading and writing
files holds the loop as well, and is not reported.

## References

- [Django: asynchronous support](https://docs.djangoproject.com/en/stable/topics/async/)
- [Python: developing with asyncio](https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.edit import replace
from checks.fixes.imports import imported
from checks.frameworks.handed_over import is_handed_over, is_waited_for
from checks.frameworks.request_paths import answers
from checks.frameworks.views import view_of
from checks.model import Fix, Step
from checks.rule import CERTAIN, HIGH, LIKELY, MEDIUM, Asking, File, Finding, Query, Rule
from checks.semantics.definitions import bases
from checks.semantics.enclosing import class_around, function_around
from checks.semantics.names import parent, qualified_name

rule = Rule(
    __name__,
    checklist="performance.background-work",
    severity=HIGH,
    message="`{call}` {does} and gives nobody the turn: every request of the process waits",
    advice="Await it: `asyncio.sleep`, an `httpx.AsyncClient`, or `asyncio.to_thread` for what can't be awaited",
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
_SLOW = frozenset({"document", "image"})


@rule.on_asking()
def check(asking: Asking, file: File) -> Iterator[Finding]:
    """What an asynchronous view waits for without awaiting it."""
    node = asking.node
    if not isinstance(node, ast.AsyncFunctionDef) or not (_is_view(node, file) or _is_consumer(node, file)):
        return
    for asked in asking.queries:
        if asked.kind != "work" or not isinstance(asked.file, File) or asked.file.role not in rule.roles:
            continue
        here = Step(asked.file.path, asked.line, "")
        if is_waited_for(asked.node) or is_handed_over((*asked.hops, here), file.project):
            continue
        yield rule.finding(
            asked.node,
            asked.file,
            severity=MEDIUM if asked.how in _SLOW else HIGH,
            confidence=CERTAIN if len(asked.hops) < 3 else LIKELY,
            trace=_way(asked, node, file),
            fix=_fix(asked),
            call=asked.file.segment(asked.node.func) if isinstance(asked.node, ast.Call) else asked.name,
            does=_DOES[asked.how],
        )


def _is_view(node: ast.AsyncFunctionDef, file: File) -> bool:
    """Whether a function answers requests in a loop that it shares with others: not in Flask."""
    if not answers(node, file):
        return False
    owner = class_around(node)
    view = view_of(node, file) or (view_of(owner, file) if owner is not None else None)
    return view is None or view.framework != "flask" or "quart" in file.imports


def _is_consumer(node: ast.AsyncFunctionDef, file: File) -> bool:
    owner = class_around(node)
    return owner is not None and any(name.startswith("channels.") for name, _, _ in bases(owner, file))


def _way(asked: Query, view: ast.AsyncFunctionDef, file: File) -> tuple[Step, ...]:
    if not asked.hops:
        return ()
    first = Step(file.path, view.lineno, f"`{qualified_name(view)}` runs in the event loop")
    last = Step(asked.file.path, asked.line, _DOES[asked.how])
    return (first, *(Step(hop.path, hop.line, hop.text) for hop in asked.hops), last)


def _fix(asked: Query) -> Fix | None:
    """`await asyncio.sleep(...)`, where the pause stands in an asynchronous function itself."""
    node, file = asked.node, asked.file
    plain = isinstance(node, ast.Call) and isinstance(parent(node), ast.Expr)
    if asked.how != "sleep" or not plain or not isinstance(function_around(node), ast.AsyncFunctionDef):
        return None
    assert isinstance(node, ast.Call)
    written, needed = imported("asyncio", "sleep", file)
    edit = replace(file, file.span(node.func), f"await {written}")
    return Fix("Await the pause", safe=True, edits=(edit, *needed))
