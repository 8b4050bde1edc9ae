"""Lookups of rows by a field without an index.

## What it does

Reports conditions that are asked while a visitor waits, on a field that no index finds: `filter`, `get`,
`get_object_or_404`, `filter_by` and the comparisons of SQLAlchemy, the `lookup_field` and `filterset_fields` of Django
REST framework, and orders of which the first rows are taken.

## Why it matters

Without an index the database reads every row of the table to find one. With a thousand rows nobody notices; with a
million each request takes a second, and a few visitors at a time keep the database busy. The index costs a little with
each write, and makes the same question as fast in the largest table as in the smallest.

## Example

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20)
    placed = models.DateTimeField(auto_now_add=True)
```

```python title="shop/views.py"
from django.shortcuts import get_object_or_404, render

from shop.models import Order


def order(request, number):
    return render(request, "order.html", {"order": get_object_or_404(Order, number=number)})
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    number = models.CharField(max_length=20, db_index=True)
    placed = models.DateTimeField(auto_now_add=True)
```

```python title="shop/views.py"
from django.shortcuts import get_object_or_404, render

from shop.models import Order


def order(request, number):
    return render(request, "order.html", {"order": get_object_or_404(Order, number=number)})
```

## Limits

How many rows a table has nobody can tell from the code: where a model notes no dates and no users, it is only
possible, and only a query for one row, or for rows of another model that does, is spoken of. Fields of few values
(booleans, choices, a `status`) are left alone, and so is a query that another condition finds by an index, that is put
together from `Q` objects, or that other statements narrow. Indexes that migrations make by SQL count where they name
the field. On MySQL a foreign key of SQLAlchemy has an index all the same. `Meta.ordering` is not looked at.

## References

- [Django: database indexes](https://docs.djangoproject.com/en/stable/ref/models/fields/#db-index)
- [SQLAlchemy: indexes](https://docs.sqlalchemy.org/en/20/core/constraints.html#indexes)
- [PostgreSQL: indexes](https://www.postgresql.org/docs/current/indexes-intro.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.calls import with_keyword
from checks.frameworks.asked_columns import (
    Condition,
    asks_growing,
    conditions_of,
    django_condition,
    is_by_tree,
)
from checks.frameworks.django.lookups import owner_of
from checks.frameworks.list_views import model_shown, narrows, option_of
from checks.frameworks.request_paths import is_served
from checks.frameworks.whole_tables import is_small
from checks.model import Confidence, Fix, Severity, Step
from checks.rule import LIKELY, LOW, MEDIUM, POSSIBLE, Call, File, Finding, QueryUse, Rule, View
from checks.semantics.enclosing import called, function_around
from checks.semantics.interpret.targets import Class
from checks.semantics.names import parent
from checks.semantics.nodes import descendants
from checks.semantics.rows import Origin

rule = Rule(
    __name__,
    checklist="performance.indexes",
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{field}` of `{model}` has no index: {what} reads the whole table",
    advice="Give the field an index",
    one_for_place=True,
)

_CALLS = ("aget", "filter", "filter_by", "get", "get_or_create", "where")
_SHORTCUTS = ("django.shortcuts.get_list_or_404", "django.shortcuts.get_object_or_404")
_OPTIONS = ("filterset_fields", "lookup_field", "slug_field")
_NARROWING = frozenset({"exclude", "filter", "filter_by", "where"})
_ONE = frozenset(
    {"afirst", "first", "first_or_404", "get", "one", "one_or_404", "one_or_none", "scalar", "scalar_one"}
)
_FIRST = frozenset({"earliest", "first in order", "index", "iterate", "latest"})


@rule.on_call(*(f"*.{name}" for name in _CALLS), *_SHORTCUTS)
def check(call: Call, file: File) -> Iterator[Finding]:
    """The conditions of a query, where no index finds the rows of any of them."""
    around = function_around(call.node)
    if around is None or not is_served(around, file):
        return
    conditions = conditions_of(call, file)
    if not conditions or any(one.indexed and is_by_tree(one) for one in conditions):
        return
    asked = [one for one in conditions if is_by_tree(one) and not one.few and not is_small(one.model)]
    if len(asked) == len(conditions) or any(one.lookup == "exact" for one in asked):
        best = min(asked, key=lambda one: (one.lookup != "exact", one.date))
        fixed = file.constant(best.value) is not None
        if not (best.grows or asks_growing(call) or _is_for_one(call.node)):
            return
        sure = best.grows and best.lookup in ("exact", "in") and not fixed and not best.date
        yield _finding(best, file, MEDIUM if sure else LOW, LIKELY if sure else POSSIBLE, "each look-up")


def _is_for_one(node: ast.Call) -> bool:
    """Whether a query is for one row: what names one row among all is worth an index in any table."""
    above = parent(parent(node) or node)
    behind = called(above) if isinstance(above, ast.Call) else ""
    return called(node) not in ("filter", "filter_by", "where") or behind in _ONE


@rule.on_view()
def check_options(view: View, file: File) -> Iterator[Finding]:
    """The field by which a view of one row finds it, and those by which a list is filtered."""
    shown = model_shown(view) if isinstance(view.node, ast.ClassDef) and not narrows(view) else None
    owner = owner_of(*shown) if shown is not None else None
    for name in _OPTIONS if owner is not None and not is_small(owner.node.name) else ():
        given = option_of(view, name)
        if given is None or given[1] is not file or given[0] not in getattr(view.node, "body", ()):
            continue
        for node in _texts(given[0].value):
            found = django_condition(str(node.value), node, node, owner) if owner is not None else None
            if found is not None and not found.indexed and not found.few and is_by_tree(found):
                sure = found.grows and name != "filterset_fields"
                severity, confidence = (MEDIUM, LIKELY) if sure else (LOW, POSSIBLE)
                yield _finding(found, file, severity, confidence, "each look-up")


@rule.on_queryset_use(*_FIRST)
def check_order(use: QueryUse, file: File) -> Iterator[Finding]:
    """The first rows in an order that no index holds, of a table that grows."""
    rows, around = use.rows, function_around(use.node)
    root = rows.root.node if isinstance(rows.root, Origin) and rows.root.file is file else None
    if rows.limit is None or root is None or around is None or not isinstance(rows.type, Class):
        return
    if rows.parent is not None or rows.applied & _NARROWING or rows.library != "django":
        return
    owner = owner_of(rows.type.node, rows.type.file)
    node = _ordering(root)
    text = str(node.value).removeprefix("-") if node is not None else ""
    found = django_condition(text, node, node, owner) if owner is not None and node is not None else None
    if found is not None and not found.indexed and found.grows and is_served(around, file):
        yield _finding(found, file, LOW, POSSIBLE, "the order")


def _texts(node: ast.expr) -> list[ast.Constant]:
    """The texts of an option: one, a list of some, or the keys of a dictionary."""
    found = (
        [key for key in node.keys if key is not None]
        if isinstance(node, ast.Dict)
        else getattr(node, "elts", [node])
    )
    return [one for one in found if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def _ordering(root: ast.AST) -> ast.Constant | None:
    """The first field of the last `order_by` of a query as it is written."""
    for inner in descendants(root):
        if isinstance(inner, ast.Call) and called(inner) == "order_by" and inner.args:
            first = inner.args[0]
            return first if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
    return None


def _finding(found: Condition, file: File, severity: Severity, confidence: Confidence, what: str) -> Finding:
    """At the column, where it is to be mended; the trace says where it is asked about."""
    line = getattr(found.node, "lineno", 1)
    here = found.home is not None and found.declared is not None and found.home.role in rule.roles
    return rule.finding(
        found.declared if here and found.declared is not None else found.node,
        found.home if here and found.home is not None else file,
        severity=severity,
        confidence=confidence,
        trace=(Step(file.path, line, f"`{found.field}` is asked about"),) if here else (),
        fix=_fix(found),
        field=found.field,
        model=found.model,
        what=what,
        cause_hint=r"db_index|index\s*=|unique|Index",
    )


def _fix(found: Condition) -> Fix | None:
    """`db_index=True` of Django's field, `index=True` of SQLAlchemy's column: both ask for a migration."""
    if found.declared is None or found.home is None:
        return None
    word = "db_index" if (found.home.resolve(found.declared.func) or "").startswith("django.") else "index"
    edit = with_keyword(found.home, found.declared, word, "True")
    return Fix(f"Give `{found.field}` an index", safe=False, edits=(edit,)) if edit is not None else None
