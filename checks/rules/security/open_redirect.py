"""Redirects to where a visitor says.

## What it does
Reports redirects whose target is request data that no check of the host has cleared: `redirect`, `HttpResponseRedirect`
and the `Location` header, in Django and Flask.

## Why it matters
A link to the own site that ends on another one is what phishing needs: the address that people check is right, and the
page that asks for their password is not. `//evil.example` and `/\\evil.example` leave the site as well.

## Example
```python title="shop/views.py"
from django.shortcuts import redirect


def sign_in(request):
    return redirect(request.GET.get("next", "/"))
```

## Use instead
```python title="shop/views.py"
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def sign_in(request):
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    return redirect(target)
```

## Limits
`startswith("/")` is not taken for a check. Text that a fixed host or a path of the own site begins is safe. In Flask,
`url_for` makes addresses of the own site. A target that some check let through which can't be read, and the page that a
visitor came from, are reported with less confidence.

## References
- [Django: url_has_allowed_host_and_scheme](https://docs.djangoproject.com/en/stable/ref/utils/#module-django.utils.http)
- [OWASP: unvalidated redirects](https://cheatsheetseries.owasp.org/cheatsheets/Unvalidated_Redirects_and_Forwards_Cheat_Sheet.html)
- [CWE-601: Open Redirect](https://cwe.mitre.org/data/definitions/601.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import MEDIUM, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=601,
    severity=MEDIUM,
    message="`{text}` comes from the request and is redirected to unchecked",
    advice="Check it with `url_has_allowed_host_and_scheme`, or redirect to a name from a list",
)


@rule.on_flow("redirect")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow, doubts=1 if _is_referer(flow) else 0)


def _is_referer(flow: Flow) -> bool:
    """Whether it is the page that a visitor came from, which an attacker only chooses by being that page."""
    return "referrer" in flow.source or not {"[HTTP_REFERER]", "[Referer]", "[referer]"}.isdisjoint(
        flow.taken
    )
