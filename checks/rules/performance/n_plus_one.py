"""Relations that each row of a query loads by a query of its own.

## What it does

Reports a query whose rows are gone through in a loop that reads a relation of each, where the query does not load
that relation along. The loop may stand in the same function, in a template, in a serializer, in the admin or in
another file; the relation may be read in a property, in `__str__` or in a helper.

## Why it matters

A relation that was not loaded costs a query when it is read. In a loop that is one for every row: the page that takes
two queries with the three orders of a test takes two hundred with the customers of a year. Each is fast, so no log of
slow queries shows them; together they are the commonest reason for a slow page.

## Example

```python title="shop/models.py"
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
```

```python title="shop/views.py"
from django.http import JsonResponse

from shop.models import Order


def orders(request):
    found = Order.objects.filter(paid=True)
    return JsonResponse({"orders": [order.customer.name for order in found]})
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
```

```python title="shop/views.py"
from django.http import JsonResponse

from shop.models import Order


def orders(request):
    found = Order.objects.filter(paid=True).select_related("customer")
    return JsonResponse({"orders": [order.customer.name for order in found]})
```

## Limits

One comment is made for a query, with the relations that its rows ask for: the eight nearest to the loop. It is sure of
what a loop reads itself; less of what functions on the way read, of rows that hang on another row (often few), of loops
that write as well, and of commands. What is only possible: a read behind more than two functions or below a condition
of one, and rows that hang on a row that a caller has, who may have prefetched them. What is loaded under names that
only running tells counts as loaded. Rows that pass through code of libraries are lost from sight, and a way through a
tree is left alone. So are loops of at most ten rows, tests and migrations.

## References

- [Django: select_related](https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-related)
- [Django: prefetch_related](https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-related)
- [SQLAlchemy: relationship loading techniques](https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from checks.fixes.missing_loads import loads_along
from checks.frameworks.django.key_reads import is_for_key
from checks.frameworks.repeated_queries import names_in
from checks.model import Confidence, Severity, Span
from checks.rule import CERTAIN, LIKELY, LOW, MEDIUM, POSSIBLE, Finding, Role, Rule, Unloaded
from checks.semantics.enclosing import function_around
from checks.semantics.nodes import ancestors
from checks.semantics.repeated import Read
from checks.semantics.source import File, Text

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=MEDIUM,
    message="Each `{model}` loads `{relations}` by a query of its own: {cost} queries",
    advice="Load the relations with the query: `select_related` for one row, `prefetch_related` for many",
    one_for_place=True,
)

_OPTIONS = "Load the relations with the query: `joinedload` for one row, `selectinload` for many"
_COMMANDS = re.compile(r"(^|/)management/commands/")
_LEFT_OPEN = frozenset({"cls", "self", "super"})
_NEAR = 2  # functions on the way of a read that is likely
_FAR = 4
_MOST = 8  # relations that one query is told to load
_ROOM = 40  # what a message has left for the names


@rule.on_unloaded()
def check(found: Unloaded, file: Text) -> Iterator[Finding]:
    """One finding for each query, whatever its rows ask for."""
    reads = tuple(read for read in found.reads if not is_for_key(read.asked))
    if not reads:
        return  # the rows hold the keys: `foreign-key-loaded-for-id` says so
    plain = tuple(read for read in reads if not _is_seldom(read))
    near = tuple(filter(_is_near, plain or reads)) or plain or reads
    found = replace(found, reads=tuple(sorted(sorted(near, key=_distance)[:_MOST], key=_by_path)))
    at: ast.AST | Span = found.origin.node if found.origin is not None else _loop_of(found)
    names = [read.name for read in found.reads]
    said = rule.finding(
        at,
        file,
        severity=_severity(found, file),
        confidence=_confidence(found, file),
        trace=found.steps,
        fix=loads_along(found, safe=not _serves_many_models(found) and not found.writes),
        cause_hint=_hint(found),
        parts=tuple(names),
        model=found.model,
        relations=_listed(names, _ROOM - len(found.model)),
        cost=_cost(found.reads),
    )
    yield said if said.fix is not None or found.rows.library == "django" else replace(said, advice=_OPTIONS)


def _is_near(read: Read) -> bool:
    """Whether a relation is read by what a loop does, not by all that follows from that."""
    return len(read.asked.hops) <= _FAR


def _is_seldom(read: Read) -> bool:
    """Whether a function on the way reads it under a condition: a fallback, a message about what went wrong."""
    return read.asked.seldom > 1 and bool(read.asked.hops)


def _distance(read: Read) -> int:
    return len(read.asked.hops)


def _by_path(read: Read) -> tuple[str, ...]:
    return read.path


def _serves_many_models(found: Unloaded) -> bool:
    """Whether the code that writes the query leaves it to subclasses or callers which model it is of."""
    origin, rows = found.origin, found.rows
    if (
        origin is None
        or origin.way != "expression"
        or rows.parent is not None
        or not isinstance(origin.file, File)
    ):
        return False
    first = origin.node
    while isinstance(first, ast.Call | ast.Attribute | ast.Subscript):
        first = first.func if isinstance(first, ast.Call) else first.value
    if not isinstance(first, ast.Name):
        return False
    if first.id in _LEFT_OPEN:
        return found.model not in origin.file.text
    around = function_around(origin.node)
    loops = (above for above in ancestors(origin.node) if isinstance(above, ast.For))
    given = {one.arg for one in around.args.args} if isinstance(around, ast.FunctionDef) else set()
    return first.id in given or any(first.id in names_in(loop.target) for loop in loops)


def _loop_of(found: Unloaded) -> Span:
    return Span(found.loop.line, 1, found.loop.line, 2)


def _listed(names: list[str], room: int) -> str:
    """The names that there is room for, and how many more there are."""
    shown = names[:1]
    for name in names[1:]:
        if len(", ".join([*shown, name])) > room:
            return ", ".join(shown) + f" and {len(names) - len(shown)} more"
        shown.append(name)
    return ", ".join(shown)


def _cost(reads: tuple[Read, ...]) -> str:
    """How the number of queries grows: with the rows, or with the rows of one times those of the other."""
    return "O(n)" if max(read.order for read in reads) == 1 else "O(n·m)"


def _severity(found: Unloaded, file: Text) -> Severity:
    return LOW if _is_by_hand(file) or found.assumed else MEDIUM


def _confidence(found: Unloaded, file: Text) -> Confidence:
    """Sure is what each turn of a loop reads itself, of a query that is no other row's, and little else in the turn."""
    parent = found.rows.parent
    if found.assumed or (parent is not None and parent.rows is None) or all(map(_is_doubtful, found.reads)):
        return POSSIBLE  # whoever has the row of these rows may have prefetched theirs
    doubted = (
        found.writes
        or parent is not None  # the rows of a row are often few
        or not any(map(_is_plain, found.reads))
        or _is_by_hand(file)
        or _serves_many_models(found)
    )
    return LIKELY if doubted else CERTAIN


def _is_doubtful(read: Read) -> bool:
    """Whether so many functions, or a condition of one, stand between the loop and the read that it may not happen."""
    return _is_seldom(read) or len(read.asked.hops) > _NEAR


def _is_by_hand(file: Text) -> bool:
    return file.role is Role.SCRIPT or _COMMANDS.search(file.path) is not None


def _is_plain(read: Read) -> bool:
    return not read.asked.seldom and not read.asked.hops


def _hint(found: Unloaded) -> str:
    """What a deleted line would say that had loaded these relations."""
    names = "|".join(sorted({re.escape(read.path[-1]) for read in found.reads}))
    return rf"""(select|prefetch)_related|(joined|selectin|subquery)load|["'](\w+__)*({names})["']"""
