"""Endpoints that write and ask nobody who they are.

## What it does
Reports views that change data and have no check of the visitor, where the views beside them, in the same module or
blueprint, have one; and REST views that write where neither they nor the project's settings name any permission.

## Why it matters
A decorator or mixin that was forgotten on one view leaves that one open to everybody on the internet. Nothing fails, no
test of the others notices: it is the most common serious defect of web applications.

## Example
```python title="shop/views.py"
from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import path
from django.views.generic import CreateView, DeleteView, UpdateView

from shop.models import Order


class CreateOrder(LoginRequiredMixin, CreateView):
    model = Order


class ChangeOrder(LoginRequiredMixin, UpdateView):
    model = Order


class DeleteOrder(DeleteView):
    model = Order


urlpatterns = [
    path("new/", CreateOrder.as_view()),
    path("<int:pk>/", ChangeOrder.as_view()),
    path("<int:pk>/delete/", DeleteOrder.as_view()),
]
```

## Use instead
```python title="shop/views.py"
from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import path
from django.views.generic import CreateView, DeleteView, UpdateView

from shop.models import Order


class CreateOrder(LoginRequiredMixin, CreateView):
    model = Order


class ChangeOrder(LoginRequiredMixin, UpdateView):
    model = Order


class DeleteOrder(LoginRequiredMixin, DeleteView):
    model = Order


urlpatterns = [
    path("new/", CreateOrder.as_view()),
    path("<int:pk>/", ChangeOrder.as_view()),
    path("<int:pk>/delete/", DeleteOrder.as_view()),
]
```

## Limits
What counts as a check is told from names and from the code before a view runs, generously: decorators, mixins,
permission classes, `before_request`, middleware, `request.user` in the body. Views that are open by nature (sign-in,
sign-up, webhooks, contact forms, carts) are told by their names. Where a module has fewer than two checked
views nothing is said. `AllowAny` is taken for a decision unless most views beside it decided
otherwise.

## References
- [Django: limiting access](https://docs.djangoproject.com/en/stable/topics/auth/default/#limiting-access-to-logged-in-users)
- [Django REST framework: setting the permission policy](https://www.django-rest-framework.org/api-guide/permissions/#setting-the-permission-policy)
- [CWE-306: Missing Authentication for Critical Function](https://cwe.mitre.org/data/definitions/306.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.drf.settings import rest_defaults
from checks.frameworks.open_views import is_open_by_nature
from checks.frameworks.views import views_in
from checks.frameworks.writes import writes_in
from checks.rule import HIGH, LIKELY, POSSIBLE, File, Finding, Rule, View

rule = Rule(
    __name__,
    checklist="security.access-control",
    cwe=306,
    severity=HIGH,
    confidence=LIKELY,
    message="`{view}` writes and asks nobody who they are, {beside}",
    advice="Ask for a login or a permission, as the views beside it do",
)

_SIBLINGS = 2


@rule.on_view()
def check(view: View, file: File) -> Iterator[Finding]:
    """A routed view that writes and asks no one."""
    if not view.routes or view.guarded or not _writes(view) or is_open_by_nature(view):
        return
    asked, routed = file.once("views-asking", lambda: _counts(file))[_group(view)]
    if asked >= _SIBLINGS and asked * 2 > routed - 1:
        yield rule.finding(
            view.node,
            file,
            confidence=POSSIBLE if view.open else None,
            view=view.name,
            beside="while most views beside it do",
            cause_hint=r"login_required|LoginRequired|permission|IsAuthenticated|required",
        )
    elif view.framework == "drf" and not view.open and _nothing_by_default(file):
        yield rule.finding(
            view.node,
            file,
            view=view.name,
            beside="nor do the settings of the project",
            cause_hint=r"permission_classes",
        )


def _counts(file: File) -> dict[tuple[str, str], tuple[int, int]]:
    """How many of the routed views that belong together declare whom they let in, and how many there are."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for view in views_in(file):
        if view.routes:
            asked, routed = counts.get(_group(view), (0, 0))
            asks = any(check.kind == "access" for check in view.declared)
            counts[_group(view)] = (asked + asks, routed + 1)
    return counts


def _group(view: View) -> tuple[str, str]:
    """What views of a file belong together by: the framework, in Flask the blueprint."""
    return view.framework, view.routes[0].owner


def _writes(view: View) -> bool:
    """Whether a view changes data: its methods say so, or what it does."""
    if view.framework == "django" and isinstance(view.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return next(writes_in(view.node), None) is not None
    if view.framework == "flask":
        return view.writes and next(writes_in(view.node), None) is not None
    return view.writes


def _nothing_by_default(file: File) -> bool:
    """Whether the project's settings for REST views can be seen, and name no permission, or the one of everybody."""
    defaults = rest_defaults(file)
    given = defaults.of("permission")
    if not defaults.given or not defaults.complete:
        return False
    return given is None or all(name.endswith(".AllowAny") for name in given)
