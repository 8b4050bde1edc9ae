"""Regular expressions that a visitor writes.

## What it does
Reports request data that is compiled or matched as a pattern of `re` or `regex`.

## Why it matters
`(a+)+$` against thirty letters `a` and another one takes minutes, and a few such requests take every worker. Python's
`re` has no limit of time.

## Example
```python title="shop/views.py"
import re

from django.http import JsonResponse

NAMES = ["Ada", "Grace"]


def search(request):
    return JsonResponse({"found": [name for name in NAMES if re.search(request.GET["q"], name)]})
```

## Use instead
```python title="shop/views.py"
import re

from django.http import JsonResponse

NAMES = ["Ada", "Grace"]


def search(request):
    pattern = re.escape(request.GET["q"])
    return JsonResponse({"found": [name for name in NAMES if re.search(pattern, name)]})
```

## Limits
Patterns that go to a database (`__regex`, `~`) are not looked at.

## References
- [Python: re.escape](https://docs.python.org/3/library/re.html#re.escape)
- [CWE-1333: Inefficient Regular Expression Complexity](https://cwe.mitre.org/data/definitions/1333.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import MEDIUM, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=1333,
    severity=MEDIUM,
    message="`{text}` comes from the request and is a regular expression: one of its kind never ends",
    advice="Escape it with `re.escape`, or look for plain text",
)


@rule.on_flow("regex")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)
