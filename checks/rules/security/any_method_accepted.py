"""Views that write whatever the request's method is.

## What it does
Reports Django function views that a route leads to and that save or delete rows without looking at the request's
method: no `require_POST`, no `request.method`, no form that only a POST fills.

## Why it matters
Django checks the CSRF token of POST, PUT, PATCH and DELETE, never of GET. A view that answers every method also
answers `<img src="https://shop.example/orders/7/cancel/">` on someone else's page, with the visitor's cookies and
without a token.

## Example
```python title="shop/views.py"
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from shop.models import Order


def cancel(request, pk):
    get_object_or_404(Order, pk=pk).delete()
    return redirect("orders")


urlpatterns = [path("orders/<int:pk>/cancel/", cancel)]
```

## Use instead
```python title="shop/views.py"
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_POST

from shop.models import Order


@require_POST
def cancel(request, pk):
    get_object_or_404(Order, pk=pk).delete()
    return redirect("orders")


urlpatterns = [path("orders/<int:pk>/cancel/", cancel)]
```

## Limits
What a view writes is told from calls in its own body (`save()`, `delete()`, `objects.create()`, `update()`), not
from functions that it calls. A view that reads `request.POST`, `request.FILES` or the body is left alone: without
them it has nothing to write; and so are views whose names say that they are come to by a link (`confirm_address`,
`payment_callback`). Flask's routes name their methods, and class-based views have one method for each.

## References
- [Django: view decorators](https://docs.djangoproject.com/en/stable/topics/http/decorators/#allowed-http-methods)
- [RFC 9110: safe methods](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1)
- [CWE-352: Cross-Site Request Forgery](https://cwe.mitre.org/data/definitions/352.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.access import words
from checks.frameworks.writes import writes_in
from checks.rule import LIKELY, MEDIUM, POSSIBLE, File, Finding, Rule, View
from checks.semantics.enclosing import called
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.csrf",
    cwe=352,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{view}` writes on any method: a link or image on another site is enough to call it",
    advice="Accept POST alone: `@require_POST`, or ask `request.method`",
)

_SENT = frozenset({"FILES", "POST", "body", "data", "method", "upload_handlers"})
_DECIDES = frozenset({"is_valid", "validate_on_submit"})
_DELETES = frozenset({"delete"})
# Who follows a link of a mail, or is sent back by another service, comes with GET.
_ARRIVES = frozenset(
    {"activate", "callback", "confirm", "hook", "ipn", "notify", "token", "verify", "webhook"}
)


@rule.on_view()
def check(view: View, file: File) -> Iterator[Finding]:
    """A routed function with writes, in which nothing tells one method from another."""
    if view.kind != "function" or view.framework != "django" or view.methods is not None or not view.routes:
        return
    if not isinstance(view.node, (ast.FunctionDef, ast.AsyncFunctionDef)) or _tells_methods(view.node):
        return
    if not words(view.name).isdisjoint(_ARRIVES):
        return
    write = next(writes_in(view.node), None)
    if write is not None:
        deletes = any(called(one) in _DELETES for one in writes_in(view.node))
        yield rule.finding(
            write,
            file,
            confidence=None if deletes else POSSIBLE,
            view=view.name,
            cause_hint=r"require_(POST|http_methods)|request\.method",
        )


def _tells_methods(node: ast.AST) -> bool:
    """Whether a view asks for the method, or for what only a request with a body has; a decorator may as well."""
    return any(
        (isinstance(inner, ast.Attribute) and inner.attr in _SENT)
        or (isinstance(inner, ast.Call) and called(inner) in _DECIDES)
        for inner in descendants(node)
    )
