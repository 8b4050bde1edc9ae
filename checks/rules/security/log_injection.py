"""Log lines that a visitor writes.

## What it does
Reports request data in the messages and arguments of logging calls, unless it is quoted (`%r`, `{value!r}`) or can hold
no line break.

## Why it matters
Whoever reads the log, or a program that does, takes the second line for an entry of its own: failed sign-ins that never
were, or real ones hidden among them.

## Example
```python title="shop/views.py"
import logging

from django.http import HttpResponse

logger = logging.getLogger(__name__)


def search(request):
    logger.info("Searched for %s", request.GET["q"])
    return HttpResponse("done")
```

## Use instead
```python title="shop/views.py"
import logging

from django.http import HttpResponse

logger = logging.getLogger(__name__)


def search(request):
    logger.info("Searched for %r", request.GET["q"])
    return HttpResponse("done")
```

## Limits
A formatter that writes JSON or escapes line breaks makes all of this harmless; whether one is in place is not looked
for, so the confidence is low.

## References
- [OWASP: log injection](https://owasp.org/www-community/attacks/Log_Injection)
- [CWE-117: Improper Output Neutralization for Logs](https://cwe.mitre.org/data/definitions/117.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.rule import LOW, POSSIBLE, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=117,
    severity=LOW,
    confidence=POSSIBLE,
    message="`{text}` holds request data and is logged: a line break in it forges an entry",
    advice="Log it with `%r`, or replace line breaks",
)


@rule.on_flow("log")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request" and not _is_quoted(flow):
        yield rule.flow(flow)


def _is_quoted(flow: Flow) -> bool:
    """Whether the message shows its arguments quoted: `%r` in place of `%s`."""
    message = flow.call.args[0] if isinstance(flow.call, ast.Call) and flow.call.args else None
    text = message.value if isinstance(message, ast.Constant) else None
    return isinstance(text, str) and "%r" in text and "%s" not in text
