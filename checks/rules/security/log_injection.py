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
import re
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
    """Whether the message shows the argument quoted or as a number: `%r` or `%d` in place of `%s`."""
    given = flow.call.args if isinstance(flow.call, ast.Call) else []
    texts = ((at, one.value) for at, one in enumerate(given) if isinstance(one, ast.Constant))
    start, message = next(((at, text) for at, text in texts if isinstance(text, str)), (0, ""))
    if flow.node not in given[start + 1 :]:
        return False
    shown = [form for form in _CONVERSION.findall(message[:_LONGEST]) if form != "%"]
    place = given.index(flow.node) - start - 1
    return place < len(shown) and shown[place] in _HARMLESS


_CONVERSION = re.compile(r"%[-+ #0]{0,5}\d{0,4}(?:\.\d{1,4})?([a-zA-Z%])")
_HARMLESS = frozenset("raduioxXeEfFgGc")
_LONGEST = 2_000
