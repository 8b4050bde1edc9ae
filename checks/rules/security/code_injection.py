"""Python that a visitor writes.

## What it does
Reports request data that is evaluated, executed, compiled or imported by name: `eval`, `exec`, `compile`,
`importlib.import_module` and `__import__`. The data is followed through functions and files.

## Why it matters
`eval` is not limited to sums: `__import__("os").system(...)` is an expression too. No list of forbidden words keeps it
safe, and an imported module runs its code before anything of it is used.

## Example
```python title="shop/views.py"
from django.http import HttpResponse


def total(request):
    return HttpResponse(eval(request.GET["sum"]))
```

## Use instead
```python title="shop/views.py"
import ast

from django.http import HttpResponse


def total(request):
    numbers = ast.literal_eval(request.GET["numbers"])
    return HttpResponse(sum(map(int, numbers)), content_type="text/plain")
```

## Limits
`getattr` with a name from the request is not reported: which attributes there are decides what it can do. What passes
through code that can't be seen is reported with less confidence.

## References
- [Python: eval](https://docs.python.org/3/library/functions.html#eval)
- [OWASP: code injection](https://owasp.org/www-community/attacks/Code_Injection)
- [CWE-94: Improper Control of Generation of Code](https://cwe.mitre.org/data/definitions/94.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import CRITICAL, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=94,
    severity=CRITICAL,
    message="`{text}` holds request data and is run as Python: a visitor runs any code",
    advice="Look the name up in a dictionary of what is allowed, or parse it with `ast.literal_eval` or JSON",
)


@rule.on_flow("code")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)
