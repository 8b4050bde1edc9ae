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

One comment is made for a query, with all relations that its rows ask for. What is loaded under names that only running
tells counts as loaded. Rows that pass through code of libraries are lost from sight. A loop of at most ten rows is left
alone, and so are tests and migrations.

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

from checks.fixes.admin_loads import with_admin_loads
from checks.fixes.eager_loads import is_iterated, with_loads
from checks.fixes.loader_options import with_options
from checks.frameworks.django.key_reads import is_for_key
from checks.model import Confidence, Edit, Fix, Severity, Span
from checks.rule import CERTAIN, LIKELY, LOW, MEDIUM, Finding, Role, Rule, Unloaded
from checks.semantics.repeated import Read
from checks.semantics.rows import Origin, Rows
from checks.semantics.source import File, Text

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=MEDIUM,
    message="Each `{model}` loads `{relations}` by a query of its own: {cost} queries",
    advice="Load the relations with the query: `select_related` for one row, `prefetch_related` for many",
    one_for_place=True,
)

_UNJOINED = frozenset({"only", "raw", "select_for_update", "union"})
_COMMANDS = re.compile(r"(^|/)management/commands/")
_FAR = 4  # functions on the way
_ROOM = 40  # what a message has left for the names


@rule.on_unloaded()
def check(found: Unloaded, file: Text) -> Iterator[Finding]:
    """One finding for each query, whatever its rows ask for."""
    reads = tuple(read for read in found.reads if not is_for_key(read.asked))
    if not reads:
        return  # the rows hold the keys: `foreign-key-loaded-for-id` says so
    found = replace(found, reads=tuple(filter(_is_near, reads)) or reads)
    at: ast.AST | Span = found.origin.node if found.origin is not None else _loop_of(found)
    names = [read.name for read in found.reads]
    yield rule.finding(
        at,
        file,
        severity=_severity(found, file),
        confidence=_confidence(found),
        trace=found.steps,
        fix=_fix(found),
        cause_hint=_hint(found),
        parts=tuple(names),
        model=found.model,
        relations=_listed(names, _ROOM - len(found.model)),
        cost=_cost(found.reads),
    )


def _is_near(read: Read) -> bool:
    """Whether a relation is read by what a loop does, not by all that follows from that."""
    return len(read.asked.hops) <= _FAR


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
    return LOW if file.role is Role.SCRIPT or _COMMANDS.search(file.path) or found.assumed else MEDIUM


def _confidence(found: Unloaded) -> Confidence:
    return CERTAIN if not found.assumed and _is_near(found.reads[0]) else LIKELY


def _fix(found: Unloaded) -> Fix | None:
    origin, rows = found.origin, found.rows
    if origin is None or not isinstance(origin.file, File):
        return None
    if rows.library == "sqlalchemy":
        return _with_options(found.reads, rows, origin)
    if rows.library != "django":
        return None
    if "union" in rows.applied or any("any" in read.kinds[:-1] for read in found.reads):
        return None
    select, prefetch = _by_method(found.reads, joins=not rows.applied & _UNJOINED and not rows.deferred)
    columns = _columns(found.reads, rows)
    edits = _edits(origin, rows, select, prefetch, columns)
    if not edits:
        return None
    title = "Load " + ", ".join(f"`{name}`" for name in (*select, *prefetch, *columns)) + " with the query"
    return Fix(title, safe=True, edits=edits)


def _edits(
    origin: Origin, rows: Rows, select: list[str], prefetch: list[str], columns: list[str]
) -> tuple[Edit, ...]:
    if origin.way.startswith("admin"):
        return with_admin_loads(origin, sorted("__".join(path) for path in rows.loaded), select, prefetch)
    if prefetch and "unchunked" in rows.applied and not is_iterated(origin.node):
        return ()  # where the rows are asked for a few at a time is out of sight
    edit = with_loads(origin, select, prefetch, columns)
    return (edit,) if edit is not None else ()


def _with_options(reads: tuple[Read, ...], rows: Rows, origin: Origin) -> Fix | None:
    """The same for SQLAlchemy."""
    paths = [read.path for read in reads if "column" not in read.kinds]
    columns = [read.name for read in reads if read.kinds == ("column",)]
    loaded = with_options(origin, rows, paths, columns)
    if loaded is None:
        return None
    title = "Load " + ", ".join(f"`{'.'.join(path)}`" for path in loaded.paths) + " with the query"
    return Fix(title, safe=True, edits=loaded.edits)


def _by_method(reads: tuple[Read, ...], *, joins: bool) -> tuple[list[str], list[str]]:
    """The paths to join and those to prefetch; one that is the beginning of another goes with that."""
    select: list[str] = []
    prefetch: list[str] = []
    for read in reads:
        if "column" not in read.kinds:
            joined = joins and all(kind == "one" for kind in read.kinds)
            (select if joined else prefetch).append("__".join(read.path))
    return _longest(select), _longest(prefetch)


def _columns(reads: tuple[Read, ...], rows: Rows) -> list[str]:
    """The columns that `only` or `defer` leave out and the rows are asked for: of a relation, its key."""
    found = ["__".join(read.path) for read in reads if "column" in read.kinds]
    if rows.only is not None:
        found += [read.path[0] for read in reads if read.kinds[0] == "one" and read.path[0] not in rows.only]
    return list(dict.fromkeys(found))


def _longest(names: list[str]) -> list[str]:
    return [name for name in names if not any(other.startswith(f"{name}__") for other in names)]


def _hint(found: Unloaded) -> str:
    """What a deleted line would say that had loaded these relations."""
    names = "|".join(sorted({re.escape(read.path[-1]) for read in found.reads}))
    return rf"""(select|prefetch)_related|(joined|selectin|subquery)load|["'](\w+__)*({names})["']"""
