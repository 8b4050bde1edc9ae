"""Text fields of Django models that may be NULL.

## What it does

Reports `null=True` on fields that hold text, `CharField`, `TextField`, `SlugField`, `EmailField`, `URLField` and their
subclasses, unless the field is unique.

## Why it matters

A text that may be NULL has two values for "nothing", NULL and the empty string, and everything that reads it has to
think of both. `filter(code="")` misses the one, `filter(code=None)` the other, `exclude` and `!=` skip rows with NULL
altogether, and `.strip()` on what was never filled in raises `AttributeError` in production.

## Example

```python
from django.db import models


class Book(models.Model):
    supplier_code = models.CharField(max_length=40, null=True, blank=True)
```

## Use instead

```python
from django.db import models


class Book(models.Model):
    supplier_code = models.CharField(max_length=40, blank=True, default="")
```

## Limits

Unique fields are left alone, since two empty strings are a duplicate and two NULLs are not, and so are models that
Django doesn't manage. Where the field has `choices` the confidence is lower: there NULL often means that nothing was
chosen. The fix needs a migration, which turns NULL into the empty string, and code that asks for `None` has to change:
it is offered as text. Text fields of packages outside the project are not known, but for Django's own.

## References

- [Django: null](https://docs.djangoproject.com/en/stable/ref/models/fields/#null)
- [Django: coding style, model style](https://docs.djangoproject.com/en/stable/internals/contributing/writing-code/coding-style/#model-style)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.calls import with_keywords
from checks.frameworks.django.models import Field, lineage
from checks.model import Fix
from checks.rule import LIKELY, LOW, File, Finding, Model, Rule
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="maintainability.correctness",
    severity=LOW,
    message="`{field}` has two values for nothing, NULL and '': queries must ask for both",
    advice='Leave out `null=True`, and let `default=""` stand for nothing',
)

_KINDS = ("CharField", "EmailField", "FilePathField", "SlugField", "TextField", "URLField")
_MODULES = ("django.db.models", "django.db.models.fields", "django.contrib.gis.db.models")
_TEXT = frozenset(f"{module}.{kind}" for module in _MODULES for kind in _KINDS)


@rule.on_model()
def check(model: Model, file: File) -> Iterator[Finding]:
    """Each text field with `null=True` that no constraint needs."""
    together = _names_in_constraints(model)
    for field in model.fields if model.managed else ():
        null = file.constant(field.argument("null"))
        if null is None or null.value is not True or field.name in together or _is_unique(field, file):
            continue
        if _holds_text(field.dotted, file):
            yield rule.finding(
                field.call,
                file,
                confidence=LIKELY if field.argument("choices") is not None else None,
                fix=_fix(field, file),
                field=f"{model.name}.{field.name}",
            )


def _names_in_constraints(model: Model) -> frozenset[str]:
    """The fields that must be unique together with others: the empty string would count as a duplicate."""
    given = (model.option("unique_together"), model.option("constraints"))
    return frozenset(
        node.value
        for value in given
        if value is not None
        for node in descendants(value)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _is_unique(field: Field, file: File) -> bool:
    """Whether the field by itself must be unique, as far as can be seen."""
    unique = field.argument("unique")
    constant = file.constant(unique)
    return unique is not None and (constant is None or bool(constant.value))


def _holds_text(name: str, file: File) -> bool:
    """Whether a field of this class gives text: one of Django's, or a subclass that doesn't make other values of it."""
    if name in _TEXT:
        return True
    above = list(lineage(name, file))
    return any(known in _TEXT for known, _ in above) and not any(
        isinstance(item, ast.FunctionDef) and item.name == "from_db_value"
        for _, owner in above
        if owner is not None
        for item in owner.body
    )


def _fix(field: Field, file: File) -> Fix | None:
    """Without `null`, with an empty default unless there is another."""
    default = field.argument("default")
    given = file.constant(default)
    text = file.segment(field.call)
    empty = "''" if "'" in text and '"' not in text else '""'
    values: dict[str, str | None] = {"null": None}
    if (default is None and field.argument("db_default") is None) or (
        given is not None and given.value is None
    ):
        values["default"] = empty
    edit = with_keywords(file, field.call, values)
    return Fix("Let the empty string alone stand for nothing", safe=False, edits=(edit,)) if edit else None
