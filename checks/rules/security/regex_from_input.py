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

import ast
from collections.abc import Iterator

from checks.rule import MEDIUM, File, Finding, Flow, Rule
from checks.semantics.enclosing import called, calls_in, kept, scope_around
from checks.semantics.nodes import parent

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
    if flow.label == "request" and not _is_only_tried(flow) and not _is_limited(flow):
        yield rule.flow(flow)


def _is_only_tried(flow: Flow) -> bool:
    """Whether it is compiled to see whether that can be done, and never matched."""
    return flow.sink.endswith(".compile") and isinstance(parent(flow.call), ast.Expr)


def _is_limited(flow: Flow) -> bool:
    """Whether matching has a time limit, which the package `regex` has and `re` hasn't."""
    around = scope_around(flow.call)
    return kept(around, "time_limit", lambda: any(_has_limit(call) for call in calls_in(around)))


def _has_limit(call: ast.Call) -> bool:
    return called(call) in _MATCHING and any(keyword.arg == "timeout" for keyword in call.keywords)


_MATCHING = frozenset({"findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn"})
