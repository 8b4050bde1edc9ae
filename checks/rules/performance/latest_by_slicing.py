"""One row taken out of a list of all, or by an index that may not exist.

## What it does

Reports the first or last row of a query taken by its index: out of a list of all rows (`list(orders)[-1]`,
`query.all()[0]`), or of the query itself (`orders.order_by("-placed")[0]`) where nothing has made sure that it has one.

## Why it matters

A list of a query holds every row that matches; for one of them that is the whole table too many. And an index raises
IndexError on the day when there is no row: with the empty database of a new customer, on a page that worked in every
test. `first()` asks for one row, in the query's order or else by primary key, and gives None where there is none.

## Example

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    placed = models.DateTimeField()
```

```python title="shop/views.py"
from django.shortcuts import render

from shop.models import Order


def newest(request):
    order = list(Order.objects.order_by("placed"))[-1]
    return render(request, "shop/order.html", {"order": order})
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    placed = models.DateTimeField()
```

```python title="shop/views.py"
from django.shortcuts import render

from shop.models import Order


def newest(request):
    order = Order.objects.order_by("placed").last()
    return render(request, "shop/order.html", {"order": order})
```

## Limits

An index is left alone where the same function tests, counts or measures the query, or catches what it raises; a row
that is known to exist for other reasons, and one whose absence callers expect, are reported nevertheless, with low
severity. Of queries without an order only those in views, forms and the like are, and those are only possible. With
`first()` the code has to say what happens where there is no row: the change is never a safe one. Rows that were loaded
along with another are left alone.

## References

- [Django: first()](https://docs.djangoproject.com/en/stable/ref/models/querysets/#first)
- [Django: limiting querysets](https://docs.djangoproject.com/en/stable/topics/db/queries/#limiting-querysets)
- [SQLAlchemy: Query.first](https://docs.sqlalchemy.org/en/20/orm/queryguide/query.html#sqlalchemy.orm.Query.first)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.chains import behind
from checks.fixes.edit import replace
from checks.frameworks.held_queries import (
    COUNT,
    EXISTS,
    INDEX,
    LEN,
    NARROWED,
    TRUTH,
    held,
    is_fresh,
)
from checks.frameworks.occasions import REQUEST, occasion
from checks.model import Fix
from checks.rule import LIKELY, LOW, MEDIUM, POSSIBLE, File, Finding, QueryUse, Rule
from checks.semantics.enclosing import called, calls_in, kept, scope_around
from checks.semantics.nodes import ancestors, parent

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=MEDIUM,
    message="`{row}` {problem}",
    advice="Ask for one row: `first()` or `last()`",
)

_ALL = "loads every row for one of them"
_ONE = "raises IndexError where there is no row: `first()` gives None"
_LISTS = ("list", "tuple")
_RAISED = frozenset({"builtins.IndexError", "builtins.LookupError"})
_ANY = frozenset({"builtins.BaseException", "builtins.Exception"})
_ORDERS = frozenset({"order_by", "reverse"})
_TESTS = frozenset({COUNT, EXISTS, LEN, TRUTH})
_ASKS = frozenset({"acount", "aexists", "count", "exists"})


@rule.on_queryset_use("iterate")
def check_list(use: QueryUse, file: File) -> Iterator[Finding]:
    """`list(orders)[0]` of Django's, `query.all()[-1]` of SQLAlchemy's."""
    query, taken = _listed(use), parent(use.node)
    if query is None or not isinstance(taken, ast.Subscript) or taken.value is not use.node:
        return
    position = _position(taken)
    if position is None:
        return
    text = behind(file, query, "first()" if position == 0 else "last()")
    fits = position == 0 or use.rows.library == "django"
    yield rule.finding(
        taken,
        file,
        row=file.segment(taken),
        problem=_ALL,
        fix=_fix(taken, text, file) if fits else None,
    )


@rule.on_queryset_use("index")
def check_index(use: QueryUse, file: File) -> Iterator[Finding]:
    """`orders.order_by("-placed")[0]`, which nothing has made sure of."""
    taken = use.node
    if not isinstance(taken, ast.Subscript) or use.rows.library != "django" or use.rows.pristine:
        return
    if any(loop.size != "few" for loop in use.loops):
        return  # the query in the loop is what costs
    ordered = bool(use.rows.applied & _ORDERS)
    if _position(taken) != 0 or not (ordered or occasion(taken, file) == REQUEST):
        return
    found = held(taken.value)
    if found is None or not found.hows <= {INDEX, NARROWED} or found.times(INDEX) > 1:
        return
    if _is_caught(taken, file) or any(_is_asked_for(query) for query in found.queries):
        return
    yield rule.finding(
        taken,
        file,
        severity=LOW,
        confidence=LIKELY if ordered else POSSIBLE,
        row=file.segment(taken),
        problem=_ONE,
        fix=_fix(taken, behind(file, taken.value, "first()"), file),
        cause_hint=r"\b(Index|Lookup)Error\b|\.(exists|count)\(",
    )


def _listed(use: QueryUse) -> ast.expr | None:
    """The query that a list is made of for its first or last row."""
    call = use.node
    if not isinstance(call, ast.Call):
        return None
    if use.rows.library == "sqlalchemy":
        method = call.func
        return method.value if isinstance(method, ast.Attribute) and method.attr == "all" else None
    listed = isinstance(call.func, ast.Name) and call.func.id in _LISTS and len(call.args) == 1
    return call.args[0] if listed and is_fresh(call.args[0]) and not use.rows.pristine else None


def _position(taken: ast.Subscript) -> int | None:
    """The index, where it is the first or the last."""
    match taken.slice:
        case ast.Constant(value=int() as value) if value == 0:
            return 0
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            return -1
    return None


def _is_caught(node: ast.AST, file: File) -> bool:
    """Whether the module catches what an index raises, be it where its functions are called; or all that is raised."""
    if file.once("index errors", lambda: any(_expects(one, file) for one in file.nodes)):
        return True
    tries = (above for above in ancestors(node) if isinstance(above, ast.Try))
    return any(_names(handler.type, file, _ANY) for one in tries for handler in one.handlers)


def _expects(node: ast.AST, file: File) -> bool:
    if isinstance(node, ast.ExceptHandler):
        return node.type is not None and _names(node.type, file, _RAISED)
    if isinstance(node, ast.Call) and called(node) == "suppress":
        return any(_names(kind, file, _RAISED) for kind in node.args)
    return False


def _names(kind: ast.expr | None, file: File, wanted: frozenset[str]) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(one is None or file.resolve(one) in wanted for one in kinds)


def _is_asked_for(query: ast.expr) -> bool:
    """Whether the same function counts or tests the query, or one that it is made of."""
    scope = scope_around(query)
    asked = kept(scope, "asked for", lambda: _asked(scope))
    while isinstance(query, ast.Call) and isinstance(query.func, ast.Attribute):
        if ast.dump(query) in asked:
            return True
        query = query.func.value
    known = held(query) if isinstance(query, ast.Name) else None
    return ast.dump(query) in asked or (known is not None and not known.hows.isdisjoint(_TESTS))


def _asked(scope: ast.AST) -> frozenset[str]:
    return frozenset(
        ast.dump(call.func.value)
        for call in calls_in(scope)
        if isinstance(call.func, ast.Attribute) and call.func.attr in _ASKS
    )


def _fix(taken: ast.Subscript, text: str, file: File) -> Fix | None:
    """None where the row is used at once: then there is none to fall back on."""
    above = parent(taken)
    if not isinstance(above, ast.Assign | ast.AnnAssign | ast.Return | ast.NamedExpr):
        return None
    return Fix("Ask for one row", safe=False, edits=(replace(file, file.span(taken), text),))
