"""Rows filled with whatever fields the client sends.

## What it does
Reports request data that is spread over the fields of a model: `Order(**request.POST.dict())`,
`Order.objects.create(**request.data)`, `User(**request.get_json())`, a loop that calls `setattr` for every item sent;
and, as slight, `fields = "__all__"` and `exclude` in model forms and serializers that write, where the model has a
field that says who may do what, whose something is, or what it costs.

## Why it matters
The client decides which fields are written, not the form that it was shown. One more line in the request,
`is_staff=true`, `price=1` or `owner=7`, sets what nobody meant to be set. `"__all__"` and `exclude` do the same slowly:
each field that the model gets later can be written at once, without anyone deciding so.

## Example
```python title="shop/views.py"
from django.http import JsonResponse

from shop.models import Order


def create(request):
    order = Order.objects.create(**request.POST.dict())
    return JsonResponse({"id": order.pk})
```

## Use instead
```python title="shop/views.py"
from django.http import JsonResponse

from shop.forms import OrderForm


def create(request):
    form = OrderForm(request.POST)
    if not form.is_valid():
        return JsonResponse(form.errors, status=400)
    return JsonResponse({"id": form.save().pk})
```

## Limits
Data is recognised where it is taken from the request in the same function. Forms and serializers of the admin and those
that only read are left alone, which is told from names and from the views beside them. What a field is for is told from
its name (`is_staff`, `owner`, `price`); forms of models that are not in sight are reported with low confidence. A
project that checks the keys against a list before it spreads them is not reported where the check names the data.

## References
- [Django: selecting the fields to use](https://docs.djangoproject.com/en/stable/topics/forms/modelforms/#selecting-the-fields-to-use)
- [OWASP: mass assignment](https://cheatsheetseries.owasp.org/cheatsheets/Mass_Assignment_Cheat_Sheet.html)
- [CWE-915: Improperly Controlled Modification of Dynamically-Determined Object Attributes](https://cwe.mitre.org/data/definitions/915.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.schema import schema_named
from checks.frameworks.forms import form_of
from checks.frameworks.meta_fields import is_only_read, is_open_on_purpose, open_fields
from checks.frameworks.request_data import reads_request
from checks.frameworks.serializers import serializer_of
from checks.frameworks.sqlalchemy.models import sql_model_of
from checks.rule import HIGH, LIKELY, LOW, POSSIBLE, File, Finding, Rule
from checks.semantics.definitions import definition
from checks.semantics.enclosing import called
from checks.semantics.nodes import ancestors, descendants

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=915,
    severity=HIGH,
    confidence=LIKELY,
    message="`{what}` lets the client write any field of `{model}`{most}",
    advice="Name the fields that may be written",
)

_MANAGER = frozenset({"create", "get_or_create", "update", "update_or_create"})
_DICTS = frozenset({"dict", "to_dict", "items", "copy", "get_json"})


@rule.on_node(ast.Call)
def check_call(node: ast.Call, file: File) -> Iterator[Finding]:
    """`**` of request data in a call that makes or changes a row; and `setattr` for each item of it."""
    if called(node) == "setattr" and len(node.args) == 3:
        yield from _check_setattr(node, file)
        return
    for keyword in node.keywords:
        if keyword.arg is None and _is_sent(keyword.value, file):
            model = _written(node, file)
            if model:
                yield rule.finding(
                    keyword.value, file, what=f"**{file.segment(keyword.value)}", model=model, most=""
                )


def _is_sent(node: ast.expr, file: File) -> bool:
    """Whether a mapping is what the client sent as a whole, not one value of it."""
    value = file.names.value(node)
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        if value.func.attr in _DICTS:
            inner = value.func.value
            return value.func.attr == "get_json" or (
                not isinstance(inner, ast.Call) and reads_request(inner, file)
            )
    if isinstance(value, ast.Call) and file.resolve(value.func) in ("json.loads", "builtins.dict"):
        return bool(value.args) and reads_request(value.args[0], file)
    return isinstance(value, ast.Attribute) and reads_request(value, file)


def _written(node: ast.Call, file: File) -> str:
    """The name of the model that a call makes or changes rows of, empty where it does neither."""
    target: ast.expr = node.func
    if node.args:
        return ""  # a manager's own method, or a constructor that is not Django's
    if isinstance(target, ast.Attribute) and target.attr in _MANAGER:
        for inner in descendants(target.value):
            if isinstance(inner, ast.Attribute) and inner.attr == "objects":
                return file.segment(inner.value).rpartition(".")[2]
        return ""
    name = file.resolve(target)
    found = definition(name, file) if name is not None else None
    if found is None or not isinstance(found[0], ast.ClassDef):
        return ""
    is_model = schema_named(name or "", file) is not None or sql_model_of(found[0], found[1]) is not None
    return found[0].name if is_model else ""


def _check_setattr(node: ast.Call, file: File) -> Iterator[Finding]:
    """`for name, value in request.POST.items(): setattr(order, name, value)`, without a look at the name."""
    name = node.args[1]
    loop = next((above for above in _loops(node) if _binds(above, name)), None)
    if loop is None or not _is_sent(loop.iter, file) or _is_checked(loop, name):
        return
    yield rule.finding(node, file, what="setattr", model=file.segment(node.args[0]), most="")


def _loops(node: ast.AST) -> Iterator[ast.For]:
    for above in ancestors(node):
        if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return
        if isinstance(above, ast.For):
            yield above


def _binds(loop: ast.For, name: ast.expr) -> bool:
    return isinstance(name, ast.Name) and any(
        isinstance(inner, ast.Name) and inner.id == name.id for inner in descendants(loop.target)
    )


def _is_checked(loop: ast.For, name: ast.expr) -> bool:
    """Whether the loop compares the name with something, as with a list of those allowed."""
    return any(
        isinstance(inner, ast.Compare)
        and any(
            isinstance(side, ast.Name) and side.id == getattr(name, "id", "") for side in descendants(inner)
        )
        for inner in descendants(loop)
    )


@rule.on_class()
def check_class(node: ast.ClassDef, file: File) -> Iterator[Finding]:
    """A form or serializer that takes all fields of its model, or all but some."""
    form, serializer = form_of(node, file), serializer_of(node, file)
    found = form or serializer
    if found is None or not found.model or is_open_on_purpose(node, file):
        return
    if serializer is not None and serializer.framework != "drf":
        return
    taken = open_fields(node, found.model, file)
    if taken is None or not (taken.authority or (form is not None and not taken.known)):
        return
    if form is None and is_only_read(node, file):
        return
    yield rule.finding(
        taken.node,
        file,
        severity=LOW,
        confidence=LIKELY if taken.authority and form is not None and taken.takes_all else POSSIBLE,
        what='fields = "__all__"' if taken.takes_all else "exclude",
        model=found.model.rpartition(".")[2],
        most=f", `{taken.authority}` too" if taken.authority else "",
    )
