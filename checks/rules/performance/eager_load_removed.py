"""Relations that a change stops loading with their query, though still read.

## What it does

Reports relations that a change takes out of `select_related`, `prefetch_related`, `joinedload` and their
kin, where some code of the project still reads an attribute of that name.

## Why it matters

Nothing breaks when an eager load is deleted: the relation is loaded when it is read, by a query for each row. What the
deleted word had prevented comes back, and no test with three rows will show it.

## Example

```python title="shop/views.py" base
from django.shortcuts import render

from shop.models import Order


def orders(request):
    found = Order.objects.select_related("customer").filter(paid=True)
    return render(request, "shop/orders.html", {"orders": found})
```

```python title="shop/views.py"
from django.shortcuts import render

from shop.models import Order


def orders(request):
    found = Order.objects.filter(paid=True)
    return render(request, "shop/orders.html", {"orders": found})
```

```python title="shop/exports.py" base head
def rows(orders):
    for order in orders:
        yield order.pk, order.customer.name
```

## Use instead

```python title="shop/views.py"
from django.shortcuts import render

from shop.models import Order


def orders(request):
    found = Order.objects.select_related("customer").filter(paid=True)
    return render(request, "shop/orders.html", {"orders": found})
```

## Limits

Whether the rows of this query reach the code that reads the attribute is not known, else `n-plus-one` says so instead.
A query from which one row is taken is left alone, and so is a relation that another path of the same query loads.

## References

- [Django: select_related](https://docs.djangoproject.com/en/stable/ref/models/querysets/#select-related)
- [SQLAlchemy: relationship loading techniques](https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html)
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from checks.frameworks.eager_calls import Load, loads_in
from checks.frameworks.readers import first_reader
from checks.model import Span, Step
from checks.rule import LIKELY, MEDIUM, Edited, File, Finding, Rule
from checks.semantics.names import qualified_name

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{path}` is no longer loaded with the query: `{reader}` reads it by a query for each row",
    advice="Load the relation with the query, unless no loop reads it any more",
    suspects="performance/n-plus-one",
)


@rule.on_change()
def check(edited: Edited, file: File) -> Iterator[Finding]:
    """Each relation that the file loaded and loads no more, unless the change loads it elsewhere."""
    left = Counter((load.scope, load.path) for load in loads_in(file))
    anywhere = _balance(edited)
    scopes = {qualified_name(node) for node in file.nodes if hasattr(node, "body") and hasattr(node, "name")}
    for load in loads_in(edited.before):
        key = (load.scope, load.path)
        if left[key] > 0:
            left[key] -= 1
        elif anywhere[load.path] < 0 and _is_missed(load) and (not load.scope or load.scope in scopes):
            anywhere[load.path] += 1
            reader = first_reader(load.last, file)
            if reader is not None:
                yield _finding(load, reader, edited, file)


def _balance(edited: Edited) -> Counter[str]:
    """How many loads of each path the change adds, less those that it takes away."""
    found: Counter[str] = Counter()
    for before, after in edited.sides:
        found.update(load.path for load in (loads_in(after) if after is not None else ()))
        found.subtract(load.path for load in (loads_in(before) if before is not None else ()))
    return found


def _is_missed(load: Load) -> bool:
    """Whether something is lost with a load: not where one row is taken, or a longer path loads the same."""
    if load.single and "__" not in load.path:
        return False
    return not any(other.startswith(f"{load.path}__") for other in load.others)


def _finding(load: Load, reader: Step, edited: Edited, file: File) -> Finding:
    """At the scope that lost the load; the comment stands on the line that was deleted."""
    start = edited.before.span(load.node)
    return rule.finding(
        _place(load, file),
        file,
        path=load.path,
        reader=f"{reader.path.rpartition('/')[2]}:{reader.line}",
        trace=(Step(file.path, min(start.line, len(file.lines)), f"`{load.path}` was loaded here"), reader),
        cause_hint=rf"""["'.]{re.escape(load.last)}\b|__{re.escape(load.last)}["']|{re.escape(load.path)}""",
        parts=(load.path.replace("__", "."),),
    )


def _place(load: Load, file: File) -> Span:
    """The name of the function or class that held the load, else the beginning of the file."""
    for node in file.nodes:
        if hasattr(node, "body") and hasattr(node, "name") and qualified_name(node) == load.scope:
            return file.place(node)
    return file.whole
