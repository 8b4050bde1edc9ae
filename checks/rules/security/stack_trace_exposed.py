"""Stack traces that a visitor sees.

## What it does
Reports stack traces (`traceback.format_exc` and its like) that a response holds, in Django and Flask.

## Why it matters
A stack trace shows paths, versions, queries and values: what someone needs to know before the next attempt.

## Example
```python title="shop/views.py"
import traceback

from django.http import HttpResponse


def report(request):
    try:
        return HttpResponse(str(1 / 0))
    except ZeroDivisionError:
        return HttpResponse(traceback.format_exc(), status=500)
```

## Use instead
```python title="shop/views.py"
import logging

from django.http import HttpResponse

logger = logging.getLogger(__name__)


def report(request):
    try:
        return HttpResponse(str(1 / 0))
    except ZeroDivisionError:
        logger.exception("The report failed")
        return HttpResponse("The report could not be made", status=500)
```

## Limits
The text of an exception alone is not reported here. A branch under `settings.DEBUG` is trusted; where another option
asks for the trace, the confidence is lower.

## References
- [Django: error reporting](https://docs.djangoproject.com/en/stable/howto/error-reporting/)
- [CWE-209: Error Message Containing Sensitive Information](https://cwe.mitre.org/data/definitions/209.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.settings import is_under_debug
from checks.rule import MEDIUM, File, Finding, Flow, Rule
from checks.semantics.enclosing import called
from checks.semantics.nodes import ancestors

rule = Rule(
    __name__,
    checklist="security.debug-off",
    cwe=209,
    severity=MEDIUM,
    message="`{text}` holds a stack trace and is sent to whoever asked",
    advice="Log the exception with `logger.exception` and answer with a sentence",
)


@rule.on_flow("html", "response")
def check(flow: Flow, file: File) -> Iterator[Finding]:
    """A stack trace in what is sent."""
    if flow.label == "exception" and "traceback." in flow.source and not is_under_debug(flow.call):
        yield rule.flow(flow, doubts=1 if _is_optional(flow, file) else 0)


def _is_optional(flow: Flow, file: File) -> bool:
    """Whether the trace is only taken in a branch: where some option asks for it."""
    begin = flow.trace[0]
    origin = file.project.file(begin.path)
    return origin is not None and any(
        _is_in_branch(node)
        for node in origin.nodes
        if isinstance(node, ast.Call) and node.lineno == begin.line and called(node) in _TAKING
    )


def _is_in_branch(node: ast.AST) -> bool:
    for above in ancestors(node):
        if isinstance(above, ast.If | ast.IfExp):
            return True
        if isinstance(above, ast.ExceptHandler | ast.FunctionDef | ast.AsyncFunctionDef):
            return False
    return False


_TAKING = frozenset({"format_exc", "format_exception"})
