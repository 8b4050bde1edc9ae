"""Raw request data read after a form has validated it.

## What it does
Reports `request.POST["email"]`, `request.form["email"]` and `request.data["email"]` in a function that validates a form
with a field of that name: the value is taken past the form.

## Why it matters
The form checks, trims and converts its own copy, `cleaned_data`. What stands in `request.POST` is still what was sent:
with spaces, of another type, or several values of which the form checked one. Where the form's `clean_email` refuses or
changes something, the code goes on with what was refused.

## Example
```python title="shop/views.py"
from django import forms


class AddressForm(forms.Form):
    email = forms.EmailField()


def change(request):
    form = AddressForm(request.POST)
    if form.is_valid():
        request.user.email = request.POST["email"]
        request.user.save()
```

## Use instead
```python title="shop/views.py"
from django import forms


class AddressForm(forms.Form):
    email = forms.EmailField()


def change(request):
    form = AddressForm(request.POST)
    if form.is_valid():
        request.user.email = form.cleaned_data["email"]
        request.user.save()
```

## Limits
The form's class has to be visible in the same function, or as `form_class` of the view. Fields of model forms count
where `Meta.fields` names them. What is read before the form is validated, to choose a form or to log, is not reported,
nor are file uploads and comparisons such as `if "save" in request.POST`. A value
that is only compared is reported with less confidence.

## References
- [Django: accessing clean data](https://docs.djangoproject.com/en/stable/ref/forms/api/#accessing-clean-data)
- [WTForms: validation](https://wtforms.readthedocs.io/en/stable/crash_course/#how-forms-get-data)
- [CWE-20: Improper Input Validation](https://cwe.mitre.org/data/definitions/20.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import islice

from checks.fixes.edit import replace
from checks.frameworks.forms import Form, form_of
from checks.frameworks.request_data import reads_request
from checks.model import Fix
from checks.rule import LIKELY, MEDIUM, POSSIBLE, File, Finding, Function, Rule
from checks.semantics.definitions import definition
from checks.semantics.enclosing import called, class_around
from checks.semantics.nodes import descendants, parent

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=20,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{read}` is read past the form that validates it: what is used was never checked",
    advice="Read it from the form: `cleaned_data`, or the field's `data`",
)

_VALIDATES = frozenset({"is_valid", "validate", "validate_on_submit"})
_SENT = frozenset({"POST", "form", "data", "values"})
_FORMS = 20  # of one function
_HANDLERS = frozenset({"form_valid"})


@rule.on_function()
def check(node: Function, file: File) -> Iterator[Finding]:
    """Reads of a form's fields behind the call that validates it, or in `form_valid`."""
    for form, name, line in islice(_validated(node, file), _FORMS):
        for read in descendants(node):
            key = _key(read, file)
            if key is not None and key in form.names and read.lineno > line:  # type: ignore[attr-defined]
                compared = isinstance(parent(read), ast.Compare)
                yield rule.finding(
                    read,
                    file,
                    confidence=POSSIBLE if compared else None,
                    read=file.segment(read),
                    fix=_fix(read, key, form, name, file),
                )


def _validated(node: Function, file: File) -> Iterator[tuple[Form, str, int]]:
    """The forms that a function validates: the form, the expression that holds it, and the line of the call."""
    if node.name in _HANDLERS and len(node.args.args) > 1:
        form = _form_class(node, file)
        if form is not None:
            yield form, node.args.args[1].arg, node.lineno
        return
    seen: set[str] = set()
    for inner in descendants(node):
        if (
            not isinstance(inner, ast.Call)
            or called(inner) not in _VALIDATES
            or not isinstance(inner.func, ast.Attribute)
        ):
            continue
        name = file.segment(inner.func.value)
        form = _named(file.resolve(inner.func.value), file)
        if form is not None and name not in seen:
            seen.add(name)
            yield form, name, inner.lineno


def _form_class(node: Function, file: File) -> Form | None:
    """The form of a class-based view: its `form_class`."""
    owner = class_around(node)
    for item in owner.body if owner is not None else ():
        if isinstance(item, ast.Assign) and getattr(item.targets[0], "id", "") == "form_class":
            return _named(file.resolve(item.value), file)
    return None


def _named(name: str | None, file: File) -> Form | None:
    found = definition(name, file) if name is not None else None
    return form_of(found[0], found[1]) if found is not None and isinstance(found[0], ast.ClassDef) else None


def _key(node: ast.AST, file: File) -> str | None:
    """The key of a read of what was sent: `request.POST["x"]`, `request.form.get("x")`; files are another matter."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        holder, key = node.value, node.slice
    elif (
        isinstance(node, ast.Call)
        and called(node) == "get"
        and node.args
        and isinstance(node.func, ast.Attribute)
    ):
        holder, key = node.func.value, node.args[0]
    else:
        return None
    if not isinstance(holder, ast.Attribute) or holder.attr not in _SENT or not reads_request(holder, file):
        return None
    folded = file.constant(key)
    return folded.value if folded is not None and isinstance(folded.value, str) else None


def _fix(node: ast.AST, key: str, form: Form, name: str, file: File) -> Fix | None:
    """The value that the form holds, which may be of another type."""
    if not name.isidentifier() or (form.framework == "wtforms" and not key.isidentifier()):
        return None
    text = f'{name}.cleaned_data["{key}"]' if form.framework == "django" else f"{name}.{key}.data"
    edit = replace(file, file.span(node), text)
    return Fix("Read it from the form", safe=False, edits=(edit,))
