"""Secrets of the application that are sent to whoever asks.

## What it does
Reports keys and passwords of the settings and of the environment that a response holds, in Django and Flask: in text,
in JSON and in what a template is given.

## Why it matters
With `SECRET_KEY` anyone signs sessions and reset links for every account; with the key of a payment provider or of a
database they go around the application altogether. A page that shows it once is in caches and archives for good.

## Example
```python title="shop/views.py"
from django.conf import settings
from django.http import JsonResponse


def status(request):
    return JsonResponse({"debug": settings.DEBUG, "key": settings.SECRET_KEY})
```

## Use instead
```python title="shop/views.py"
from django.conf import settings
from django.http import JsonResponse


def status(request):
    return JsonResponse({"debug": settings.DEBUG, "key": bool(settings.SECRET_KEY)})
```

## Limits
What a variable of the environment holds is told from its name; names with `PUBLIC` and the like are left alone. Fields
of models that hold secrets are looked at where serializers show them.

## References
- [Django: SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
- [CWE-200: Exposure of Sensitive Information to an Unauthorized Actor](https://cwe.mitre.org/data/definitions/200.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.secret_flows import secret_of
from checks.rule import HIGH, LIKELY, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.access-control",
    cwe=200,
    severity=HIGH,
    confidence=LIKELY,
    message="`{name}` goes into a response: whoever asks for it has the secret",
    advice="Leave it out of the answer",
)


@rule.on_flow("html", "response")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """A secret of the settings or the environment in what is sent; one that the client sent comes from them."""
    name = secret_of(flow) if flow.label in ("environment", "secret") else None
    if name is not None and (flow.kind == "response" or flow.sink == ""):
        yield rule.flow(flow, name=name)
