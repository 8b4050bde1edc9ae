"""Rows that are changed by a GET request.

## What it does
Reports `delete()`, `update()`, `create()`, `save()` and `db.session.commit()` in what answers GET alone: the `get`
method of a class-based view, a function under `@require_GET` or `@api_view(["GET"])`, a Flask route without `methods`.

## Why it matters
GET is meant to be safe: browsers prefetch such links, crawlers and mail scanners follow them, caches and the back
button repeat them. No CSRF token protects them either, so a picture on another site can delete the visitor's order.

## Example
```python title="shop/views.py"
from django.shortcuts import get_object_or_404, redirect
from django.views import View

from shop.models import Order


class CancelOrder(View):
    def get(self, request, pk):
        get_object_or_404(Order, pk=pk).delete()
        return redirect("orders")
```

## Use instead
```python title="shop/views.py"
from django.shortcuts import get_object_or_404, redirect
from django.views import View

from shop.models import Order


class CancelOrder(View):
    def post(self, request, pk):
        get_object_or_404(Order, pk=pk).delete()
        return redirect("orders")
```

## Limits
Only calls in the method itself are seen. Saving is reported with less confidence than deleting: that something was
seen, downloaded or visited is often noted on GET, and rightly so. Links of mails that confirm an address by a signed
token change rows on GET as well; where the view checks a token nothing is reported. Function views that answer every
method are the subject of `security/any-method-accepted`.

## References
- [RFC 9110: safe methods](https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1)
- [Django: CSRF protection](https://docs.djangoproject.com/en/stable/ref/csrf/#how-it-works)
- [CWE-352: Cross-Site Request Forgery](https://cwe.mitre.org/data/definitions/352.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.access import words
from checks.frameworks.writes import writes_in
from checks.rule import LIKELY, MEDIUM, POSSIBLE, File, Finding, Function, Rule, View
from checks.semantics.enclosing import called
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.csrf",
    cwe=352,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{view}` changes rows on GET: links, crawlers and other sites can call it unasked",
    advice="Change rows on POST, PUT, PATCH or DELETE alone",
)

_FORGIVEN = frozenset(
    {
        "access",
        "accessed",
        "activate",
        "callback",
        "confirm",
        "count",
        "counter",
        "event",
        "history",
        "hit",
        "hits",
    }
    | {
        "last",
        "log",
        "opened",
        "read",
        "seen",
        "stat",
        "stats",
        "timestamp",
        "token",
        "track",
        "unsubscribe",
        "used",
    }
    | {
        "verify",
        "viewed",
        "views",
        "visit",
        "visited",
        "visits",
        "oauth",
        "sso",
        "login",
        "logout",
        "return",
        "downloaded",
        "downloads",
        "thumbnail",
    }
)
_TOKEN = re.compile(r"token|secret|signature|unsign|loads$|sig$|nonce", re.IGNORECASE)
_DELETES = frozenset({"delete"})
_SAVES = frozenset({"save", "commit", "add", "merge", "add_all"})
_ELSE = frozenset({"POST", "form", "method", "files", "FILES", "get_json", "json"})


@rule.on_view()
def check(view: View, file: File) -> Iterator[Finding]:
    """The first write of each function that answers GET and nothing else."""
    for function in _on_get(view):
        writes = list(writes_in(function))
        if not writes or _is_forgiven(view, function, writes):
            continue
        deletes = next((one for one in writes if called(one) in _DELETES), None)
        creates = any(called(one) == "create" for one in writes)
        yield rule.finding(
            deletes or writes[0],
            file,
            confidence=None if deletes and not creates else POSSIBLE,
            view=view.name if function is view.node else f"{view.name}.{function.name}",
        )


def _on_get(view: View) -> Iterator[Function]:
    if isinstance(view.node, ast.ClassDef):
        for item in view.node.body:
            if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)) and item.name == "get":
                yield item
    elif view.methods == frozenset({"GET"}):
        yield view.node


def _is_forgiven(view: View, function: Function, writes: list[ast.Call]) -> bool:
    """Whether something is only noted, a token is checked, or another method is told apart after all."""
    names = words(view.name) | words(function.name)
    for inner in descendants(function):
        if isinstance(inner, ast.Attribute) and inner.attr in _ELSE:
            return True
        text = (
            inner.id if isinstance(inner, ast.Name) else getattr(inner, "attr", getattr(inner, "arg", None))
        )
        if isinstance(text, str) and _TOKEN.search(text):
            return True
    deletes = any(called(one) in _DELETES for one in writes)
    for inner in () if deletes else descendants(function):
        target = inner.target if isinstance(inner, ast.AugAssign) else None
        if target is not None or (isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store)):
            names |= words(getattr(target or inner, "attr", ""))
        elif isinstance(inner, ast.keyword) and inner.arg:
            names |= words(inner.arg)
    for inner in (inner for one in writes for inner in descendants(one)):
        names |= words(getattr(inner, "id", getattr(inner, "attr", "")))
    return not names.isdisjoint(_FORGIVEN)
