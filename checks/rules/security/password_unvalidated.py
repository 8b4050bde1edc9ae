"""Passwords of visitors that no validator has seen.

## What it does
Reports Django's `set_password` and `create_user` with a password from a request, form or serializer, where neither the
function nor the form or serializer around it calls `validate_password`.

## Why it matters
`AUTH_PASSWORD_VALIDATORS` act only where somebody asks: Django's own forms do, `set_password` does not. An account made
through such a view may have the password `1`, whatever the settings say.

## Example
```python title="shop/serializers.py"
from rest_framework import serializers


class RegisterSerializer(serializers.ModelSerializer):
    def create(self, validated_data):
        user = User(email=validated_data["email"])
        user.set_password(validated_data["password"])
        user.save()
        return user
```

## Use instead
```python title="shop/serializers.py"
from django.contrib.auth.password_validation import validate_password
from rest_framework import serializers


class RegisterSerializer(serializers.ModelSerializer):
    password = serializers.CharField(validators=[validate_password])

    def create(self, validated_data):
        user = User(email=validated_data["email"])
        user.set_password(validated_data["password"])
        user.save()
        return user
```

## Limits
Only data that is taken from the request, a form or a serializer on the spot is judged. A form whose class can't be
found is trusted, and so are forms of other packages, commands and managers.

## References
- [Django: password validation](https://docs.djangoproject.com/en/stable/topics/auth/passwords/#password-validation)
- [CWE-521: Weak Password Requirements](https://cwe.mitre.org/data/definitions/521.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.request_data import reads_request
from checks.rule import LIKELY, MEDIUM, Call, File, Finding, Role, Rule
from checks.semantics.definitions import bases, definition
from checks.semantics.enclosing import class_around, function_around, kept

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=521,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{password}` becomes a password unchecked: `AUTH_PASSWORD_VALIDATORS` never see it",
    advice="Call `validate_password(password, user)` before, or put it among the field's validators",
    roles=(Role.PRODUCTION,),
)

_VALIDATES = re.compile(
    r"validate_\w*password|password_validat|SetPasswordMixin|PasswordValidator|check_password_policy"
)
_OWN_FORMS = (
    "django.contrib.auth.forms.",
    "allauth.",
    "dj_rest_auth.",
    "djoser.",
    "registration.",
    "django_registration.",
)
_DJANGO = frozenset({"django", "rest_framework"})
_DATA = frozenset({"cleaned_data", "validated_data"})


@rule.on_call("*.set_password", "*.create_user")
def check(call: Call, file: File) -> Iterator[Finding]:
    """The password comes straight from the client, and nothing around it validates."""
    creates = call.name.endswith("create_user")
    given = call.argument(2 if creates else 0, "password" if creates else "raw_password")
    function = function_around(call.node)
    if (
        _is_thrown_away(call.node)
        or given is None
        or function is None
        or _DJANGO.isdisjoint(file.imports)
        or "/management/" in file.path
    ):
        return
    source = _source(given, file)
    if source is None and not reads_request(given, file):
        return
    if _mentions(function, file) or _is_validated_by_class(call.node, file):
        return
    if source is not None and _is_validated_by_form(source, file):
        return
    yield rule.finding(
        call.node, file, password=file.segment(given), cause_hint=r"validate_password|password_validation"
    )


def _is_thrown_away(call: ast.Call) -> bool:
    """Whether the account is made for this call alone: its hash takes the time of a real one, against guesses."""
    return (
        isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Call)
        and not call.func.value.args
    )


def _source(given: ast.expr, file: File) -> ast.expr | None:
    """What a checked value is taken of: of `form.cleaned_data["password"]` the dictionary."""
    value = file.names.value(given)
    if (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Attribute)
        and value.func.attr in ("get", "pop")
    ):
        value = value.func.value
    elif isinstance(value, ast.Subscript):
        value = value.value
    else:
        return None
    value = file.names.value(value)
    word = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
    return value if word in _DATA and isinstance(value, ast.expr) else None


def _is_validated_by_class(node: ast.AST, file: File) -> bool:
    """Whether the form or serializer around a call validates, itself or in a class above it."""
    owner = class_around(node)
    return owner is not None and _validates(owner, file)


def _is_validated_by_form(source: ast.expr, file: File) -> bool:
    """Whether the form that data is taken from validates; one that can't be found does. `self` is the class around."""
    if not isinstance(source, ast.Attribute):
        return class_around(source) is None
    if file.names.class_of_self(source.value) is not None:
        return False
    name = file.resolve(source.value)
    found = definition(name, file) if name is not None else None
    if found is None or not isinstance(found[0], ast.ClassDef):
        return True
    return _validates(found[0], found[1])


def _validates(owner: ast.ClassDef, file: File) -> bool:
    if _mentions(owner, file) or any(_field_validates(line, file) for line in owner.body):
        return True
    for name, above, home in bases(owner, file):
        if name.startswith(_OWN_FORMS) or (above is not None and _VALIDATES.search(home.segment(above))):
            return True
    return False


def _mentions(node: ast.AST, file: File) -> bool:
    """Whether a function or class names a validator."""
    return kept(node, "validates", lambda: _VALIDATES.search(file.segment(node)) is not None)


def _field_validates(line: ast.stmt, file: File) -> bool:
    """Whether a field for a password is of a class that validates; one that can't be found does."""
    if not isinstance(line, ast.Assign) or not isinstance(line.value, ast.Call):
        return False
    name = file.resolve(line.value.func)
    if not isinstance(line.targets[0], ast.Name) or "password" not in line.targets[0].id or name is None:
        return False
    found = definition(name, file)
    if found is None or not isinstance(found[0], ast.ClassDef):
        return not name.startswith(("django.forms.", "rest_framework.serializers."))
    return _VALIDATES.search(found[1].segment(found[0])) is not None
