"""Output by print where a log record belongs.

## What it does
Reports `print` in the modules of a web application.

## Why it matters
What is printed has no level, time or place, and nobody can filter it or turn it off.

## Example
```python title="shop/views.py"
from django.http import HttpResponse


def order(request):
    print("ordered")
    return HttpResponse()
```

## Use instead
```python title="shop/views.py"
import logging

from django.http import HttpResponse

logger = logging.getLogger(__name__)


def order(request):
    logger.info("ordered")
    return HttpResponse()
```

## Limits
Modules that import neither Django nor Flask are left alone.

## References
- [Django: logging](https://docs.djangoproject.com/en/stable/topics/logging/)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import LOW, Call, File, Finding, Role, Rule

rule = Rule(
    __name__,
    checklist="deployment.logging",
    severity=LOW,
    message="`{what}` writes to standard output: no level, time or place, and no way to filter it",
    advice="Log it: `logging.getLogger(__name__)`, and `info`, `warning` or `error`",
    roles=(Role.PRODUCTION,),
)


@rule.on_call("builtins.print")
def check(call: Call, file: File) -> Iterator[Finding]:
    """A print in a module of a web application."""
    if call.argument(None, "file") is None and not file.imports.isdisjoint({"django", "flask"}):
        if "/management/" not in f"/{file.path}":
            yield rule.finding(call.node, file, what=file.segment(call.node))
