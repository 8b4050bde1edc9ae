"""Rows filled with what was sent, without a look at it.

## What it does
Reports fields of a model that are set to request data as it came, by
`Model.objects.create(name=request.POST["name"])` and its like or by `order.note = request.POST["note"];
order.save()`, in Django and SQLAlchemy, where no form, serializer or schema checks it and no test of the value is in
sight. The data is followed through functions and files.

## Why it matters
A model's `max_length`, `choices` and validators are asked by forms, not by `save()`. So an address that is none, a
price below zero, a state that doesn't exist and a text of ten megabytes are in the database, and break what reads
them later.

## Example
```python title="shop/views.py"
from django.shortcuts import redirect

from shop.models import Order


def create(request):
    Order.objects.create(email=request.POST["email"], state=request.POST["state"])
    return redirect("orders")
```
```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    email = models.EmailField()
    state = models.CharField(max_length=20)
```

## Use instead
```python title="shop/views.py"
from django import forms
from django.shortcuts import redirect, render

from shop.models import Order


class OrderForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = ["email", "state"]


def create(request):
    form = OrderForm(request.POST)
    if not form.is_valid():
        return render(request, "order.html", {"form": form})
    form.save()
    return redirect("orders")
```
```python title="shop/models.py"
from django.db import models


class Order(models.Model):
    email = models.EmailField()
    state = models.CharField(max_length=20)
```

## Limits
Only values are reported that stand in the call or keep their name on the way to it. A function on the way that
compares the value, or calls anything that is named a check, keeps the rule quiet. One finding stands for all fields
of a call, and for all fields that a function sets.

## References
- [Django: validating objects](https://docs.djangoproject.com/en/stable/ref/models/instances/#validating-objects)
- [OWASP: input validation](https://cheatsheetseries.owasp.org/cheatsheets/Input_Validation_Cheat_Sheet.html)
- [CWE-20: Improper Input Validation](https://cwe.mitre.org/data/definitions/20.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.owners import classes_behind, is_model
from checks.frameworks.passed import passed
from checks.frameworks.request_data import reads_request
from checks.frameworks.validation import looks_at, validates_itself
from checks.rule import LIKELY, LOW, File, Finding, Flow, Function, Role, Rule
from checks.semantics.definitions import definition
from checks.semantics.enclosing import called, kept
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=20,
    severity=LOW,
    confidence=LIKELY,
    message="`{field}` is stored as it was sent: no form, serializer or check has looked at it",
    advice="Validate it with a form, serializer or schema, or call `full_clean()` before it is saved",
    roles=(Role.PRODUCTION,),
)

_SENT = ("args", "body", "data", "form", "GET", "get_json", "json", "POST", "values")
_READ = re.compile(r"\.(?:args|data|form|GET|get_json\(.{0,30}\)|json|POST|query_params|values)\b")
_LOOKUPS = frozenset(
    {"get", "first", "get_object_or_404", "get_or_404", "first_or_404", "one", "scalar_one", "create"}
)


@rule.on_flow("model")
def check(flow: Flow, file: File) -> Iterator[Finding]:
    """A value of what was sent that a field gets in a call."""
    if flow.label != "request" or not flow.sure or not isinstance(flow.call, ast.Call) or flow.call.args:
        return
    key = flow.taken[0].strip("[]") if len(flow.taken) == 1 and flow.taken[0].startswith("[") else ""
    if not key or not flow.source.rstrip("`").endswith(_SENT) or _checks_itself(flow.call, file):
        return
    field = next((given for given in flow.call.keywords if _is_filled(given, key, file)), None)
    if field is None or any(looks_at(node, key) for node, _ in passed(flow)):
        return
    yield rule.finding(flow.call, file, trace=flow.trace, field=field.arg or key)


def _is_filled(given: ast.keyword, key: str, file: File) -> bool:
    """Whether a field gets the value itself: it bears the key's name, or the request is read right there."""
    if given.arg is None or isinstance(given.value, (ast.Constant, ast.Compare, ast.BoolOp, ast.IfExp)):
        return False
    read = reads_request(given.value, file) and _takes(given.value, file) == key
    return read or (given.arg == key and isinstance(given.value, (ast.Name, ast.Attribute, ast.Subscript)))


def _takes(node: ast.expr, file: File) -> str:
    """The key that is taken: of `request.POST["name"]` and `request.POST.get("name")` name."""
    value = file.names.value(node)
    if isinstance(value, ast.Subscript):
        return str(getattr(value.slice, "value", ""))
    if isinstance(value, ast.Call) and value.args:
        return str(getattr(value.args[0], "value", ""))
    return ""


def _checks_itself(call: ast.Call, file: File) -> bool:
    """Whether the model's class validates what it is given."""
    for name in classes_behind(call.func, file):
        found = definition(name, file)
        return found is not None and validates_itself(found[0])
    return True


@rule.on_function()
def check_assignments(node: Function, file: File) -> Iterator[Finding]:
    """`order.note = request.POST["note"]`, of a row that is looked up or made and saved in the same function."""
    if not kept(node, "saves", lambda: any(_saves(inner) for inner in descendants(node))):
        return
    for inner in descendants(node):
        if not isinstance(inner, ast.Assign) or not isinstance(inner.targets[0], ast.Attribute):
            continue
        target = inner.targets[0]
        if isinstance(inner.value, (ast.Subscript, ast.Call)) and _is_row(target.value, file):
            sent = called(inner.value) != "int" if isinstance(inner.value, ast.Call) else True
            key = _takes(inner.value, file)
            if sent and key and reads_request(inner.value, file) and _READ.search(file.segment(inner.value)):
                if not looks_at(node, key) and target.attr not in ("password",):
                    yield rule.finding(inner, file, field=target.attr)
                return


def _saves(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and called(node) in ("asave", "commit", "save") and not node.args


def _is_row(node: ast.expr, file: File) -> bool:
    """Whether a name stands for a row that was looked up or made in sight, of a class that does not check."""
    made = file.names.value(node)
    if not isinstance(node, ast.Name) or not isinstance(made, ast.Call):
        return False
    for start in (*made.args[:1], made.func):
        for name in classes_behind(start, file):
            found = definition(name, file)
            is_class = called(made) in _LOOKUPS or called(made)[:1].isupper()
            return is_class and is_model(name, file) and found is not None and not validates_itself(found[0])
    return False
