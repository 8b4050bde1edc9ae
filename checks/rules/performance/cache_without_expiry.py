"""Cached rows that never expire.

## What it does

Reports caches that are told to keep what they hold for ever: `timeout=None` of Django's cache and `timeout=0` of
Flask-Caching for what was asked of the database, the same as a default for all in the settings, and `functools.cache`
or `lru_cache` around a function that asks the database or is given a request or rows.

## Why it matters

What is cached without an end is shown until somebody restarts the process or empties the cache, however long ago the
rows changed. `lru_cache` can't be emptied from outside at all: each process keeps its own answer, so that users see old
and new by turns. Rows and requests that it is called with stay in memory with all that hangs on them, and two objects
of the same row count as one: the answer is that of the older one.

## Example

```python title="shop/models.py"
from django.db import models


class Rate(models.Model):
    country = models.CharField(max_length=2)
    percent = models.IntegerField()
```

```python title="shop/taxes.py"
from functools import lru_cache

from shop.models import Rate


@lru_cache
def percent(country):
    return Rate.objects.get(country=country).percent
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Rate(models.Model):
    country = models.CharField(max_length=2)
    percent = models.IntegerField()
```

```python title="shop/taxes.py"
from django.core.cache import cache

from shop.models import Rate


def percent(country):
    key = f"tax:{country}"
    return cache.get_or_set(key, lambda: Rate.objects.get(country=country).percent, 600)
```

## Limits

What is deleted from the cache anywhere, by a file that mentions the key, is left alone, and so is a function whose
`cache_clear` is called. Only questions that can be followed to the database count. Content types, sites and permissions
hardly change, and may be kept.

## References

- [Django: the low-level cache API](https://docs.djangoproject.com/en/stable/topics/cache/#the-low-level-cache-api)
- [Python: functools.lru_cache](https://docs.python.org/3/library/functools.html#functools.lru_cache)
- [Flask-Caching: API](https://flask-caching.readthedocs.io/en/latest/api.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.caches import EMPTY, caches_in, is_deleted, reads_rows
from checks.frameworks.django.schema import schema_of
from checks.frameworks.settings import is_for_development
from checks.rule import LIKELY, LOW, MEDIUM, Asking, Call, File, Finding, Function, Query, Rule, Setting
from checks.semantics.definitions import definition
from checks.semantics.names import parent
from checks.semantics.repeated import name_of

rule = Rule(
    __name__,
    checklist="performance.caching",
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{call}` keeps {what} for ever: {effect}",
    advice="Give what is cached an end, by a timeout in seconds",
)

_DJANGO = "django.core.cache.backends.base.BaseCache."
_FLASK = "flask_caching.Cache."
_MEMO = frozenset({"functools.cache", "functools.lru_cache"})
_STEADY = frozenset({"ContentType", "Permission", "Site"})
_REQUESTS = ("django.http.HttpRequest", "django.http.request.HttpRequest", "rest_framework.request.Request")
_STALE = "it is shown however often the rows change"
_ALIVE = "they stay in memory, with all that hangs on them"


@rule.on_asking()
def check_function(asking: Asking, file: File) -> Iterator[Finding]:
    """A function that asks the database, behind `lru_cache`."""
    node = asking.node
    mark = _memo(node, file) if isinstance(node, ast.FunctionDef) else None
    asked = next(filter(_is_changing, asking.queries), None)
    if mark is None or asked is None or not isinstance(node, ast.FunctionDef) or _is_cleared(node, file):
        return
    what = f"what {name_of(asked.rows.type)} rows say" if asked.rows is not None else "rows"
    yield rule.finding(mark, file, call=file.segment(mark), what=what, effect=_STALE)


@rule.on_node(ast.FunctionDef)
def check_parameters(node: Function, file: File) -> Iterator[Finding]:
    """A method of a model, or a function that is given requests or rows, behind `lru_cache`."""
    mark = _memo(node, file) if node.decorator_list else None
    what = _kept(node, file) if mark is not None else ""
    if mark is not None and what and not _is_cleared(node, file):
        yield rule.finding(mark, file, call=file.segment(mark), what=what, effect=_ALIVE)


@rule.on_call("*.set", "*.add", "*.get_or_set", "*.aset", "*.aadd", "*.aget_or_set")
def check_call(call: Call, file: File) -> Iterator[Finding]:
    """`cache.set(key, rows, timeout=None)` of Django, `timeout=0` of Flask-Caching."""
    name = call.invocation.name if call.invocation is not None else ""
    given = call.constant(2, "timeout")
    if given is None or not name.startswith((_DJANGO, _FLASK)):
        return
    if given.value is not None if name.startswith(_DJANGO) else given.value != 0:
        return
    key, value = call.argument(0, "key"), call.argument(1, "value") or call.argument(1, "default")
    if key is None or value is None or is_deleted(key, file):
        return
    if reads_rows(value, call.value(1, "value"), file):
        called = file.segment(call.node.func)
        yield rule.finding(call.node, file, call=called, what="rows", effect=_STALE, cause_hint="timeout")


@rule.on_call("django.views.decorators.cache.cache_page", "*.cached", "*.memoize")
def check_decorator(call: Call, file: File) -> Iterator[Finding]:
    """`cache_page(None)`, and `timeout=0` of Flask-Caching."""
    given = call.constant(0, "timeout")
    if given is None:
        return
    if call.name.endswith("cache_page") and given.value is None:
        yield rule.finding(
            call.node, file, call="cache_page", what="pages", effect=_STALE, cause_hint="timeout"
        )
    elif given.value == 0 and given.value is not False and call.name.startswith(_FLASK):
        called = file.segment(call.node.func)
        what = "pages" if call.name.endswith("cached") else "results"
        yield rule.finding(call.node, file, call=called, what=what, effect=_STALE, cause_hint="timeout")


@rule.on_setting("CACHES", "CACHE_DEFAULT_TIMEOUT")
def check_default(setting: Setting, file: File) -> Iterator[Finding]:
    """What holds for all that is cached without a timeout of its own."""
    if is_for_development(setting.node) or setting.conditional:
        return
    if setting.framework == "flask":
        given = file.constant(setting.value)
        if given is not None and given.value == 0 and given.value is not False:
            yield rule.finding(
                setting.node, file, severity=LOW, call=setting.name, what="whatever is cached", effect=_STALE
            )
        return
    for cache in caches_in(setting.value, file):
        given = file.constant(cache.options.get("TIMEOUT"))
        if (
            cache.alias == "default"
            and given is not None
            and given.value is None
            and cache.backend not in EMPTY
        ):
            node = cache.options["TIMEOUT"]
            yield rule.finding(
                node, file, severity=LOW, call="TIMEOUT", what="whatever is cached", effect=_STALE
            )


def _memo(node: Function, file: File) -> ast.expr | None:
    """The decorator that remembers a function's answers for ever."""
    for mark in node.decorator_list:
        if file.resolve(mark.func if isinstance(mark, ast.Call) else mark) in _MEMO:
            return mark
    return None


def _is_changing(asked: Query) -> bool:
    """Whether a question is put to rows that change while the process runs."""
    return asked.kind != "work" and (asked.rows is None or name_of(asked.rows.type) not in _STEADY)


def _is_cleared(node: Function, file: File) -> bool:
    return bool(file.project.mentioning((f"{node.name}.cache_clear", f"{node.name}.__wrapped__"), ".py"))


def _kept(node: Function, file: File) -> str:
    """What of the arguments a function's cache keeps alive: requests, rows, or nothing."""
    owner = parent(node)
    marks = {file.resolve(mark) for mark in node.decorator_list}
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    if isinstance(owner, ast.ClassDef) and marks.isdisjoint(
        {"builtins.staticmethod", "builtins.classmethod"}
    ):
        schema = schema_of(owner, file)
        if schema is not None and given:
            return f"{owner.name} rows"
        given = given[1:]
    for argument in given:
        hint = file.resolve(argument.annotation) if argument.annotation is not None else None
        if hint in _REQUESTS or (hint is None and argument.arg == "request"):
            return "requests"
        found = definition(hint, file) if hint is not None else None
        if (
            found is not None
            and isinstance(found[0], ast.ClassDef)
            and schema_of(found[0], found[1]) is not None
        ):
            return f"{found[0].name} rows"
    return ""
