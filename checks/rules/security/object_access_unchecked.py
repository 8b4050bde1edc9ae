"""Rows of one visitor that every other visitor can name.

## What it does
Reports objects that a view takes by an id of the request (`get_object_or_404(Order, pk=pk)`,
`db.session.get(Order, id)`), and generic views over all rows, where the model has an owner, the view asks for no more
than a login, and nothing compares the owner with the visitor. The id is followed through functions and files.

## Why it matters
Ids count up. Whoever is logged in changes `/orders/41/` into `/orders/42/` and reads, changes or deletes the order of
somebody else. It is the most frequent hole of web applications, and no scanner of URLs sees it.

## Example
```python title="shop/views.py"
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect

from shop.models import Order


@login_required
def cancel(request, pk):
    get_object_or_404(Order, pk=pk).delete()
    return redirect("orders")
```
```python title="shop/models.py"
from django.conf import settings
from django.db import models


class Order(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
```
```python title="shop/urls.py"
from django.urls import path

from shop import views

urlpatterns = [path("orders/<int:pk>/cancel", views.cancel)]
```

## Use instead
```python title="shop/views.py"
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect

from shop.models import Order


@login_required
def cancel(request, pk):
    get_object_or_404(Order, pk=pk, user=request.user).delete()
    return redirect("orders")
```
```python title="shop/models.py"
from django.conf import settings
from django.db import models


class Order(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
```
```python title="shop/urls.py"
from django.urls import path

from shop import views

urlpatterns = [path("orders/<int:pk>/cancel", views.cancel)]
```

## Limits
An owner is a relation to the user model under a name such as `user`, `owner` or `customer`, directly or through one
other model; rows with an `author` are taken to be for all to read. Any look at the visitor beyond the login, at the
owner's field, or a call that is named a check keeps the rule quiet, in helpers and classes above too, even where it is
about something else. Views that ask for a permission or a role are trusted to.

## References
- [OWASP API1: Broken Object Level Authorization](https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/)
- [Django REST framework: object level permissions](https://www.django-rest-framework.org/api-guide/permissions/#object-level-permissions)
- [CWE-639: Authorization Bypass Through User-Controlled Key](https://cwe.mitre.org/data/definitions/639.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.login_only import asks_login_only
from checks.frameworks.owners import Owner, classes_behind, owner_of
from checks.frameworks.ownership import asks_whose
from checks.frameworks.passed import passed
from checks.frameworks.views import view_of
from checks.frameworks.writes import writes_in
from checks.rule import HIGH, LIKELY, MEDIUM, POSSIBLE, File, Finding, Flow, Role, Rule, View
from checks.semantics.enclosing import class_around

rule = Rule(
    __name__,
    checklist="security.access-control",
    cwe=639,
    severity=HIGH,
    confidence=LIKELY,
    message="`{model}` is taken by the request's id whoever asks: each user reaches what others own",
    advice="Look it up among the visitor's own rows, or compare its owner with the visitor",
    roles=(Role.PRODUCTION,),
)

_OBJECT_VIEWS = frozenset(
    {
        "DeleteView",
        "DestroyAPIView",
        "DetailView",
        "ModelViewSet",
        "RetrieveAPIView",
        "RetrieveDestroyAPIView",
    }
    | {"RetrieveUpdateAPIView", "RetrieveUpdateDestroyAPIView", "UpdateAPIView", "UpdateView"}
)
_WRITING_VIEWS = ("UpdateView", "DeleteView", "ModelViewSet", "UpdateAPIView", "DestroyAPIView")
_PLAIN_FILTERS = ("DjangoFilterBackend", "OrderingFilter", "SearchFilter")


@rule.on_flow("object-key")
def check(flow: Flow, file: File) -> Iterator[Finding]:
    """A row that is found by an id of the request, in a view or in what it calls."""
    if flow.label != "request" or not isinstance(flow.call, ast.Call):
        return
    owner = next((found for name in _models(flow.call, file) if (found := owner_of(name, file))), None)
    if owner is None:
        return
    functions = list(passed(flow))
    view = next((seen for node, home in functions if (seen := _view(node, home)) is not None), None)
    if view is None or not asks_login_only(view):
        return
    nodes = [*functions, *_parts(view)]
    writes = any(next(writes_in(node), None) is not None for node, _ in functions)
    if not (owner.private or writes) or any(asks_whose(node, home, owner) for node, home in nodes):
        return
    yield rule.finding(
        flow.call,
        file,
        severity=HIGH if writes else MEDIUM,
        confidence=POSSIBLE if not flow.sure or _is_unguessable(flow, view) else None,
        trace=flow.trace,
        model=owner.model,
    )


def _models(call: ast.Call, file: File) -> Iterator[str]:
    """The names that may be the model's: behind the first argument, else behind what the method is called on."""
    for node in (*call.args[:1], call.func):
        yield from classes_behind(node, file)


def _view(node: ast.AST, file: File) -> View | None:
    """The view that a function is, or that it is a method of."""
    owner = class_around(node)
    for candidate in (node, owner):
        if isinstance(candidate, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found = view_of(candidate, file)
            if found is not None:
                return found
    return None


def _parts(view: View) -> Iterator[tuple[ast.AST, File]]:
    """What a view consists of: its function, or its class and the project's classes above it."""
    yield view.node, view.file
    yield from ((node, home) for _, node, home in view.lineage if node is not None)


def _is_unguessable(flow: Flow, view: View) -> bool:
    """Whether the id is a UUID, which nobody counts up to."""
    return any(f"`{name}`" in flow.source for name, kind in view.parameters.items() if kind == "uuid")


@rule.on_view()
def check_generic(view: View, file: File) -> Iterator[Finding]:
    """A generic view over all rows of a model."""
    names = [name.rpartition(".")[2] for name, found, _ in view.lineage if found is None]
    kind = next((name for name in names if name in _OBJECT_VIEWS), "")
    if not kind or not isinstance(view.node, ast.ClassDef) or not asks_login_only(view):
        return
    owner = next((found for name in _of_generic(view) if (found := owner_of(name, file))), None)
    writes = kind.endswith(_WRITING_VIEWS)
    if owner is None or not (owner.private or writes) or _narrows(view, owner):
        return
    yield rule.finding(
        view.node,
        file,
        severity=HIGH if writes else MEDIUM,
        confidence=POSSIBLE if "uuid" in view.parameters.values() else None,
        model=owner.model,
    )


def _of_generic(view: View) -> Iterator[str]:
    """The names that may be the model's of a generic view: of `model`, and behind `queryset`."""
    yield from view.options.get("model", ())
    for owner, home in _parts(view):
        for item in owner.body if isinstance(owner, ast.ClassDef) else ():
            if isinstance(item, ast.Assign) and getattr(item.targets[0], "id", "") == "queryset":
                yield from classes_behind(item.value, home)


def _narrows(view: View, owner: Owner) -> bool:
    """Whether a view may look at fewer rows, or at whose they are: by its code, or by filters that can't be seen."""
    filters = view.options.get("filter_backends", ())
    if any(not name.endswith(_PLAIN_FILTERS) for name in filters):
        return True
    return any(asks_whose(node, home, owner) for node, home in _parts(view))
