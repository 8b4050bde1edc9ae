"""Cached answers that are given to visitors whom they are not for.

## What it does

Reports what is cached under a key that leaves out what it depends on: `cache_page` on a view that asks who the visitor
is and does not vary by cookie, or around a check of the login; a value made of `request.user`, of the query string or
of an argument under a constant key; Flask-Caching's `cached` on a view that reads `request.args` without
`query_string=True`, or `current_user`; and `{% cache %}` around what a template prints of the user.

## Why it matters

The first visitor's answer is stored, and everybody else is given it until it expires: another one's orders, name and
address, or the first page of results for each page. It is hardly ever noticed in development, with one user and an
empty cache.

## Example

```python title="shop/views.py"
from django.shortcuts import render
from django.views.decorators.cache import cache_page


@cache_page(60)
def orders(request):
    return render(request, "orders.html", {"orders": request.user.orders.all()})
```

## Use instead

```python title="shop/views.py"
from django.shortcuts import render
from django.views.decorators.cache import cache_page
from django.views.decorators.vary import vary_on_cookie


@cache_page(60)
@vary_on_cookie
def orders(request):
    return render(request, "orders.html", {"orders": request.user.orders.all()})
```

## Limits

A view is looked at with the functions of its own class, not with what it calls or what its template prints. A key that
any name of the function is part of is taken to hold what is needed. Whether an own cache already belongs to one user
can't be seen; only Django's and Flask-Caching's are looked at.

## References

- [Django: using vary headers](https://docs.djangoproject.com/en/stable/topics/cache/#using-vary-headers)
- [Django: template fragment caching](https://docs.djangoproject.com/en/stable/topics/cache/#template-fragment-caching)
- [Flask-Caching: caching view functions](https://flask-caching.readthedocs.io/en/latest/#caching-view-functions)
- [CWE-524: Use of Cache Containing Sensitive Information](https://cwe.mitre.org/data/definitions/524.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.caches import is_read_back
from checks.frameworks.visitors import differs, parameters_in, sources_of
from checks.rule import (
    CERTAIN,
    HIGH,
    LIKELY,
    MEDIUM,
    Asking,
    Call,
    File,
    Finding,
    Function,
    Hole,
    Rule,
    TemplateFile,
    View,
)
from checks.semantics.definitions import origin
from checks.semantics.enclosing import function_around

rule = Rule(
    __name__,
    checklist="performance.caching",
    cwe=524,
    severity=HIGH,
    confidence=LIKELY,
    message="`{call}` stores what depends on {what} for everybody: the key does not hold it",
    advice="Let the key hold what the value depends on: vary by cookie, or put the user's key or the query into it",
    one_for_place=True,
)

_PAGE = "django.views.decorators.cache.cache_page"
_VARYING = ("vary_on_cookie", "vary_on_headers")
_LOGINS = frozenset({"login_required", "permission_required", "staff_member_required", "user_passes_test"})
_DJANGO = "django.core.cache.backends.base.BaseCache."
_FLASK = "flask_caching.Cache."
_MIXINS = frozenset({"AccessMixin", "LoginRequiredMixin", "PermissionRequiredMixin", "UserPassesTestMixin"})
_SHARED = re.compile(r"anonym|guest|public|shared", re.IGNORECASE)
_FREE = frozenset({"make_cache_key", "unless"})
_WORDS = {"query": "the query string", "user": "the visitor"}
_OF_USER = frozenset({"perms", "user"})
_OF_REQUEST = frozenset({"COOKIES", "session", "user"})


@rule.on_view()
def check_page(view: View, file: File) -> Iterator[Finding]:
    """A whole page that is cached, of a view that asks who the visitor is, or around a check of the login."""
    names = list(view.decorators)
    if _PAGE not in names or any(name.endswith(_VARYING) for name in names):
        return
    found = differs(ast.Module(body=list(view.node.body), type_ignores=[]), file)
    behind = names[names.index(_PAGE) :]
    if found is not None and found[0] == "user":
        sure = CERTAIN if getattr(found[1], "attr", "") == "user" else LIKELY
        yield rule.finding(
            view.node, file, confidence=sure, call="cache_page", what="the visitor", cause_hint="vary_on"
        )
    elif any(name.rpartition(".")[2] in _LOGINS for name in behind) or _has_login_mixin(view):
        yield rule.finding(view.node, file, call="cache_page", what="a login", cause_hint="vary_on")


@rule.on_call("*.set", "*.add", "*.get_or_set", "*.aset", "*.aget_or_set")
def check_value(call: Call, file: File) -> Iterator[Finding]:
    """A value of this visitor, or of an argument, under a key that is always the same."""
    name = call.invocation.name if call.invocation is not None else ""
    key, value = call.argument(0, "key"), call.argument(1, "value") or call.argument(1, "default")
    function = function_around(call.node)
    if not name.startswith((_DJANGO, _FLASK)) or key is None or value is None or function is None:
        return
    if not call.value(0, "key").is_constant or call.argument(3, "version") is not None:
        return
    sources = sources_of(value, function, file)
    found = next((one for one in (differs(node, file) for node in sources) if one is not None), None)
    given = _needed(parameters_in(sources, function), function)
    if (found is None and not given) or not is_read_back(call.node, key, file):
        return
    if any(
        _SHARED.search(text) for text in (function.name, file.segment(key), str(call.value(0, "key").const))
    ):
        return
    what = _WORDS[found[0]] if found is not None else f"{sorted(given)[0]}"
    severity = HIGH if found is not None and found[0] == "user" else MEDIUM
    called = file.segment(call.node.func)
    yield rule.finding(
        call.node, file, severity=severity, call=called, what=what, cause_hint=r"user|key|f[\"']"
    )


@rule.on_function()
def check_flask(node: Function, file: File) -> Iterator[Finding]:
    """`@cache.cached()` of Flask-Caching, which goes by the path alone."""
    for mark in node.decorator_list:
        if not isinstance(mark, ast.Call) or getattr(mark.func, "attr", "") != "cached":
            continue
        if origin(file.resolve(mark.func) or "", file) != f"{_FLASK}cached":
            continue
        options = {given.arg: given.value for given in mark.keywords}
        found = differs(ast.Module(body=list(node.body), type_ignores=[]), file)
        if (
            found is None
            or not _FREE.isdisjoint(options)
            or (found[0] == "query" and "query_string" in options)
        ):
            continue
        prefix = options.get("key_prefix")
        if prefix is None or file.constant(prefix) is not None:
            severity = HIGH if found[0] == "user" else MEDIUM
            called = file.segment(mark.func)
            yield rule.finding(
                mark, file, severity=severity, call=called, what=_WORDS[found[0]], cause_hint="query_string"
            )


@rule.on_markup()
def check_fragment(hole: Hole, file: TemplateFile) -> Iterator[Finding]:
    """A part of a page that is cached, and prints something of the visitor."""
    path = hole.expression.path
    own = path[:1] and (
        path[0] in _OF_USER or (path[0] == "request" and path[1:2] and path[1] in _OF_REQUEST)
    )
    tag = hole.parent if own else None
    while tag is not None and tag.name != "cache":
        if (
            tag.name in ("for", "with")
            and path[0] in tag.arguments.partition(" in ")[0].replace("=", " ").split()
        ):
            return
        tag = tag.parent
    if tag is not None and not any(word in tag.arguments for word in ("user", "request", "perms", "session")):
        yield rule.finding(tag.span, file, call="cache", what=".".join(path[:2]))


@rule.on_asking()
def check_nothing(_asking: Asking, _file: File) -> Iterator[Finding]:
    """Values are followed where some hook asks for it."""
    yield from ()


def _has_login_mixin(view: View) -> bool:
    """Whether a class checks the login in its `dispatch`, which a page's cache stands in front of."""
    mixins = (name.rpartition(".")[2] for name, _, _ in view.lineage)
    return isinstance(view.node, ast.ClassDef) and any(name in _MIXINS for name in mixins)


def _needed(given: set[str], function: Function) -> set[str]:
    """The parameters that a caller must give: one with a default is mostly a switch."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    kept = arguments[: len(arguments) - len(function.args.defaults)]
    return given & {one.arg for one in kept}
