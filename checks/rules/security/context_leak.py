"""Templates that are given every variable there is.

## What it does
Reports `locals()`, `globals()` and `vars()` as the context of a template, in Django and Flask.

## Why it matters
Whatever the function holds, or comes to hold, can be shown: the password that it compared, the whole user. And nobody
can tell any more which variables the template needs, or rename one.

## Example
```python title="shop/views.py"
from django.shortcuts import render


def order(request, pk):
    order = request.user.orders.get(pk=pk)
    return render(request, "order.html", locals())
```

## Use instead
```python title="shop/views.py"
from django.shortcuts import render


def order(request, pk):
    order = request.user.orders.get(pk=pk)
    return render(request, "order.html", {"order": order})
```

## Limits
A dictionary that is built from `locals()` in several steps is not followed beyond the one name that it is bound to.

## References
- [Django: render](https://docs.djangoproject.com/en/stable/topics/http/shortcuts/#render)
- [Flask: render_template](https://flask.palletsprojects.com/en/stable/api/#flask.render_template)
- [CWE-200: Exposure of Sensitive Information to an Unauthorized Actor](https://cwe.mitre.org/data/definitions/200.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.rule import LIKELY, LOW, MEDIUM, Call, File, Finding, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=200,
    severity=MEDIUM,
    message="`{call}` gives the template {what}, secrets that come to stand there included",
    advice="Name what the template needs",
)

# The position and keyword of the context.
_DJANGO: dict[str, tuple[int, str]] = {
    "django.shortcuts.render": (2, "context"),
    "django.shortcuts.render_to_response": (1, "context"),
    "django.template.Context": (0, "dict_"),
    "django.template.RequestContext": (1, "dict_"),
    "django.template.loader.render_to_string": (1, "context"),
    "django.template.response.SimpleTemplateResponse": (1, "context"),
    "django.template.response.TemplateResponse": (2, "context"),
}
_JINJA = (
    "flask.render_template",
    "flask.render_template_string",
    "flask.stream_template",
    "quart.render_template",
)
_ALL = {
    "builtins.globals": "all names of the module",
    "builtins.locals": "all its variables",
    "builtins.vars": "all its variables",
}


@rule.on_call(*_DJANGO)
def check_django(call: Call, file: File) -> Iterator[Finding]:
    """The context of one of Django's functions."""
    yield from _leak(call.argument(*_DJANGO[call.name]), call, file)


@rule.on_call(*_JINJA)
def check_jinja(call: Call, file: File) -> Iterator[Finding]:
    """`**locals()` of Flask's functions, or the same as a keyword."""
    for given in call.node.keywords:
        yield from _leak(given.value, call, file)


@rule.on_call("*.render")
def check_template(call: Call, file: File) -> Iterator[Finding]:
    """A template's own method: its only argument, or what is unpacked into it."""
    if call.name in _DJANGO:
        return
    given = [*call.node.args[:1], *(keyword.value for keyword in call.node.keywords if keyword.arg is None)]
    for value in given:
        yield from _leak(value, call, file)


def _leak(value: ast.expr | None, call: Call, file: File) -> Iterator[Finding]:
    made = file.names.value(value) if value is not None else None
    if isinstance(made, ast.Dict):
        made = next((item for key, item in zip(made.keys, made.values, strict=True) if key is None), None)
    name = file.resolve(made.func) if isinstance(made, ast.Call) and not made.args else None
    if value is not None and name in _ALL:
        small = call.name.rpartition(".")[2] == "render_to_string"
        yield rule.finding(
            value,
            file,
            severity=LOW if small else None,
            confidence=LIKELY if call.name.startswith("*.") else None,
            call=file.segment(call.node.func),
            what=_ALL[name],
        )
