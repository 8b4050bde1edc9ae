"""Cookies that a visitor sets for others.

## What it does
Reports request data in the names and values of cookies that a response sets.

## Why it matters
A link with the right parameter sets a cookie in the browser of whoever follows it: another one's session, cart or
token. What reads the cookie later takes it for its own.

## Example
```python title="shop/views.py"
from django.http import HttpResponse


def language(request):
    response = HttpResponse("done")
    response.set_cookie("language", request.GET["language"], secure=True, httponly=True, samesite="Lax")
    return response
```

## Use instead
```python title="shop/views.py"
from django.http import HttpResponse

LANGUAGES = ("en", "de")


def language(request):
    response = HttpResponse("done")
    if request.GET["language"] in LANGUAGES:
        response.set_cookie("language", request.GET["language"], secure=True, httponly=True, samesite="Lax")
    return response
```

## Limits
Whether a check of what the cookie holds follows when it is read is not looked for.

## References
- [Django: set_signed_cookie](https://docs.djangoproject.com/en/stable/ref/request-response/#django.http.HttpResponse.set_signed_cookie)
- [CWE-565: Reliance on Cookies without Validation](https://cwe.mitre.org/data/definitions/565.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import LIKELY, LOW, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=565,
    severity=LOW,
    confidence=LIKELY,
    message="`{text}` comes from the request and is set as a cookie",
    advice="Set what the code chooses, or sign it and check it when it comes back",
)


@rule.on_flow("cookie")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)
