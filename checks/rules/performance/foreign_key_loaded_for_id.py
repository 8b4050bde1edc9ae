"""Related rows loaded for the key that the row itself holds.

## What it does

Reports `order.customer.id` and `order.customer.pk`, and related rows that are only compared, where nothing else of them
is read in the same function or template: of rows that a query gives, of `self` in a model's methods, and of parameters
that are annotated with a model.

## Why it matters

A foreign key is a column of the row's own table: `order.customer_id` is there already. To give `order.customer`,
Django loads the customer, and in a loop one for each order, only to take the number from it by which it was found.

## Example

```python title="shop/models.py"
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    paid = models.BooleanField(default=False)
```

```python title="shop/views.py"
from django.http import JsonResponse

from shop.models import Order


def unpaid(request):
    found = Order.objects.filter(paid=False)
    return JsonResponse({"customers": [order.customer.id for order in found]})
```

## Use instead

```python title="shop/models.py"
from django.db import models


class Customer(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    paid = models.BooleanField(default=False)
```

```python title="shop/views.py"
from django.http import JsonResponse

from shop.models import Order


def unpaid(request):
    found = Order.objects.filter(paid=False)
    return JsonResponse({"customers": [order.customer_id for order in found]})
```

## Limits

A relation that the query loads along, that the function also reads otherwise or sets, and one whose key is not the
primary key of the other table (`to_field`) are left alone. Where a caller gives the row, it may have loaded the
relation: that has medium confidence, and comparisons are only reported in loops. Where the relation may be empty,
`customer_id` gives None and `customer.id` an error: the change is only a safe one where it can't be. Of templates only
loops are looked at.

## References

- [Django: use foreign key values directly](https://docs.djangoproject.com/en/stable/topics/db/optimization/#use-foreign-key-values-directly)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.edit import replace
from checks.frameworks.django.key_reads import KeyRead, key_read_in_template, key_reads
from checks.frameworks.django.schema import schema_named, schema_of
from checks.model import Confidence, Fix
from checks.rule import CERTAIN, LIKELY, LOW, MEDIUM, Asking, File, Finding, Function, Model, QueryUse, Rule
from checks.semantics.bindings import first_parameter
from checks.semantics.enclosing import scope_around
from checks.semantics.interpret.targets import Class
from checks.semantics.nodes import descendants, parent
from checks.semantics.rows import ANY

rule = Rule(
    __name__,
    checklist="performance.n-plus-one",
    severity=LOW,
    message="`{read}` loads the related row for a key that `{key}` has already",
    advice="Read the key of the row itself",
    one_for_place=True,
)

_ONE = ("get", "first", "first in order", "last", "earliest", "latest", "index")
_Target = tuple[str, ast.AST]


@rule.on_queryset_use("iterate", *_ONE)
def check_rows(use: QueryUse, file: File) -> Iterator[Finding]:
    """Rows that a query gives to a name: of a loop, of a comprehension, of an assignment."""
    rows = use.rows
    target = _name_of_rows(use)
    if target is None or rows.library != "django" or rows.values or not isinstance(rows.type, Class):
        return
    schema = schema_of(rows.type.node, rows.type.file)
    if schema is None:
        return
    for read in key_reads(*target, schema, file):
        loaded = read.path in rows.loaded or (*read.path[:-1], ANY) in rows.loaded
        known = rows.parent is not None and read.path == (rows.back,)
        repeated = use.how == "iterate" or bool(use.loops)
        if not loaded and not known and not rows.maybe and (repeated or not read.operator):
            yield _finding(read, file, CERTAIN, repeated=repeated)


@rule.on_model()
def check_self(model: Model, file: File) -> Iterator[Finding]:
    """`self.customer.id` in a model's own methods."""
    schema = schema_of(model.node, file)
    for method in model.node.body if schema is not None else ():
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef) and schema is not None:
            itself = first_parameter(method)
            if itself == "self":
                yield from _likely(key_reads("self", method, schema, file), file)


@rule.on_function()
def check_parameters(function: Function, file: File) -> Iterator[Finding]:
    """Parameters that are said to be rows of a model."""
    for given in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        if given.annotation is None or _is_bound_again(given.arg, function):
            continue
        name = file.resolve(given.annotation)
        schema = schema_named(name, file) if name is not None else None
        if schema is not None:
            yield from _likely(key_reads(given.arg, function, schema, file), file)


@rule.on_asking()
def check_templates(asking: Asking, _file: File) -> Iterator[Finding]:
    """`{{ order.customer.id }}` in a loop of a template."""
    for asked in asking.queries:
        found = key_read_in_template(asked) if asked.loop is not None else None
        if found is not None:
            place = found.place(asked.file)
            edits = (replace(asked.file, place, found.key),) if place is not None else ()
            yield rule.finding(
                found.tag,
                asked.file,
                severity=MEDIUM,
                fix=Fix("Read the key of the row itself", safe=not found.null, edits=edits)
                if edits
                else None,
                read=found.read,
                key=found.key,
            )


def _likely(reads: Iterator[KeyRead], file: File) -> Iterator[Finding]:
    """Of a row that a caller gives: it may have loaded the relation, and mostly has where that is compared."""
    yield from (_finding(read, file, LIKELY) for read in reads if not read.operator)


def _name_of_rows(use: QueryUse) -> _Target | None:
    """The name that is given a row, and the code in which it stands for one."""
    node, above = use.node, parent(use.node)
    if use.how == "iterate":
        if isinstance(above, ast.For | ast.AsyncFor) and above.iter is node:
            return _single(above.target, above)
        whole = parent(above) if isinstance(above, ast.comprehension) and above.iter is node else None
        return (
            _single(above.target, whole)
            if isinstance(above, ast.comprehension) and whole is not None
            else None
        )
    if isinstance(above, ast.Await):
        above = parent(above)
    if isinstance(above, ast.Assign) and len(above.targets) == 1:
        found = _single(above.targets[0], scope_around(above))
        return found if found is not None and _bindings(*found) == 1 else None
    return None


def _single(target: ast.expr, within: ast.AST) -> _Target | None:
    return (target.id, within) if isinstance(target, ast.Name) else None


def _bindings(name: str, scope: ast.AST) -> int:
    return sum(
        (isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store))
        or (isinstance(node, ast.arg) and node.arg == name)
        for node in descendants(scope)
    )


def _is_bound_again(name: str, function: Function) -> bool:
    return _bindings(name, function) > 1


def _finding(read: KeyRead, file: File, confidence: Confidence, *, repeated: bool = False) -> Finding:
    keys = [f"{file.segment(row)}.{read.key}" for row in read.rows]
    text = f" {read.operator} ".join(keys)
    edit = replace(file, file.span(read.node), text)
    return rule.finding(
        read.node,
        file,
        severity=MEDIUM if repeated else LOW,
        confidence=LIKELY if read.operator else confidence,
        fix=Fix("Read the key of the row itself", safe=not read.null and not read.operator, edits=(edit,)),
        cause_hint=rf"\b{read.path[-1]}\b",
        read=file.segment(read.node),
        key=keys[0],
    )
