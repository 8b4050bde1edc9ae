"""Queries asked again with every request, though their answers hardly change.

## What it does

Reports questions to the database in context processors, middleware, template tags and Flask's `before_request`, that
depend neither on the request nor on arguments, and that no cache stands in front of.

## Why it matters

What stands in such a place runs with each page, those that show nothing of it included. A menu that is read from the
database there is one query more for every request of the site, for an answer that changes once a month. A cache
with an end, even of a minute, takes nearly all of them away.

## Example

```python title="shop/models.py"
from django.db import models


class Category(models.Model):
    name = models.CharField(max_length=80)
```

```python title="shop/context_processors.py"
from shop.models import Category


def menu(request):
    return {"menu": list(Category.objects.order_by("name"))}
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Category(models.Model):
    name = models.CharField(max_length=80)
```

```python title="shop/context_processors.py"
from django.core.cache import cache

from shop.models import Category


def categories():
    return list(Category.objects.order_by("name"))


def menu(request):
    return {"menu": cache.get_or_set("menu", categories, 60)}
```

## Limits

How often an answer changes nobody can tell from the code: where a model notes dates or users it is only possible. A
query that uses the time, or a name that the function made of its arguments, counts as one that depends on them. A cache
counts by its name. Middleware that is written as a function is not followed.

## References

- [Django: the cache framework](https://docs.djangoproject.com/en/stable/topics/cache/#the-low-level-cache-api)
- [Django: context processors](https://docs.djangoproject.com/en/stable/ref/templates/api/#writing-your-own-context-processors)
- [Flask-Caching](https://flask-caching.readthedocs.io/en/latest/)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.each_request import occasion_of
from checks.frameworks.kept_answers import is_kept
from checks.frameworks.whole_tables import is_growing
from checks.model import Step
from checks.rule import LIKELY, MEDIUM, POSSIBLE, Asking, File, Finding, Function, Query, Rule
from checks.semantics.enclosing import function_around
from checks.semantics.interpret.targets import Class
from checks.semantics.names import ancestors
from checks.semantics.nodes import descendants
from checks.semantics.repeated import name_of
from checks.semantics.rows import Origin

rule = Rule(
    __name__,
    checklist="performance.caching",
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{name}` asks for the same `{model}` rows with every {occasion}: nothing keeps the answer",
    advice="Keep the answer in a cache, for a minute at least",
    one_for_place=True,
)

_READS = frozenset(
    {
        "aggregate",
        "bool",
        "count",
        "exists",
        "first",
        "first in order",
        "get",
        "in_bulk",
        "index",
        "iterate",
        "latest",
        "len",
    }
)
_NARROWING = frozenset({"exclude", "filter", "filter_by", "slice", "where"})
_TIME = re.compile(r"(now|today|utcnow|random\w*|get_language|get_current\w*)$")
_OCCASIONS = {"page": "page", "request": "request", "tag": "page that uses it"}


@rule.on_asking()
def check(asking: Asking, file: File) -> Iterator[Finding]:
    """Each constant question behind a function that runs with each request or page."""
    node = asking.node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return
    occasion = occasion_of(node, file)
    for asked in asking.queries if occasion else ():
        rows, around = asked.rows, function_around(asked.node)
        if asked.kind != "rows" or asked.how not in _READS or rows is None or rows.parent is not None:
            continue
        root = (
            rows.root.node if isinstance(rows.root, Origin) and rows.root.file is asked.file else asked.node
        )
        if not isinstance(asked.file, File) or around is None or asked.guarded:
            continue
        if is_kept(asked, node, file) or _is_asked_once(root):
            continue
        if isinstance(root, ast.expr) and _is_same(root, asked, around):
            grows = isinstance(rows.type, Class) and is_growing(rows.type.node, rows.type.file)
            yield rule.finding(
                root,
                asked.file,
                confidence=POSSIBLE if grows else LIKELY,
                trace=_way(asked, node, file),
                name=node.name,
                model=name_of(rows.type),
                occasion=_OCCASIONS[occasion],
                cause_hint="cache",
            )


def _is_asked_once(node: ast.AST) -> bool:
    """Whether it hangs on whether something has the answer already: `if not hasattr(request, "menu")`."""
    return any(
        isinstance(above, ast.If)
        and any(getattr(inner, "id", "") in ("getattr", "hasattr") for inner in descendants(above.test))
        for above in ancestors(node)
    )


def _is_same(root: ast.expr, asked: Query, function: Function) -> bool:
    """Whether the whole question is the same each time: the query as it is written, and what asks it."""
    assert asked.rows is not None
    written = {inner.attr for inner in descendants(root) if isinstance(inner, ast.Attribute)}
    asking = [*getattr(asked.node, "args", ()), *(one.value for one in getattr(asked.node, "keywords", ()))]
    narrowed = asked.rows.applied & _NARROWING
    return narrowed <= written and all(_is_constant(part, function, asked.file) for part in (root, *asking))


def _is_constant(node: ast.expr, function: Function, file: File, depth: int = 3) -> bool:
    """Whether an expression is the same whoever asks: of constants, settings, classes and modules alone."""
    given = {argument.arg for argument in ast.walk(function.args) if isinstance(argument, ast.arg)}
    for inner in descendants(node):
        if isinstance(inner, ast.Call) and _TIME.search(file.segment(inner.func)):
            return False
        if not isinstance(inner, ast.Name) or not isinstance(inner.ctx, ast.Load):
            continue
        if inner.id in given:
            return False
        bound = file.names.binding(inner.id, inner)
        if bound is None or bound.kind in ("import", "definition"):
            continue
        known = file.names.value(inner)
        if known is inner or not isinstance(known, ast.expr) or not depth:
            return function_around(inner) is None
        if function_around(known) is not None and not _is_constant(known, function, file, depth - 1):
            return False
    return True


def _way(asked: Query, node: Function, file: File) -> tuple[Step, ...]:
    if not asked.hops:
        return ()
    first = Step(
        file.path, node.lineno, f"`{node.name}` runs with every {_OCCASIONS[occasion_of(node, file)]}"
    )
    return (
        first,
        *(Step(hop.path, hop.line, hop.text) for hop in asked.hops),
        Step(asked.file.path, asked.line, "the database is asked"),
    )
