"""Accounts whose password may be empty.

## What it does
Reports `set_password`, `make_password`, `create_user` and `generate_password_hash` with an empty text, or with one that
is empty where none was given: a default argument, the second argument of `get`.

## Why it matters
To a framework the empty text is a password like any other: its hash is stored, and whoever leaves the field empty is
logged in. `None` is what stands for no password, and no input matches it.

## Example
```python title="shop/accounts.py"
from django.contrib.auth.models import User


def register(request):
    user = User(username=request.POST["name"])
    user.set_password(request.POST.get("password", ""))
    user.save()
```

## Use instead
```python title="shop/accounts.py"
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password


def register(request):
    password = request.POST["password"]
    validate_password(password)
    user = User(username=request.POST["name"])
    user.set_password(password)
    user.save()
```

## Limits
A value that a form or a check keeps from being empty in the same function is not reported where an `if` tests its name.

## References
- [Django: set_unusable_password](https://docs.djangoproject.com/en/stable/ref/contrib/auth/#django.contrib.auth.models.User.set_unusable_password)
- [CWE-521: Weak Password Requirements](https://cwe.mitre.org/data/definitions/521.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.rule import LIKELY, MEDIUM, Call, File, Finding, Rule
from checks.semantics.enclosing import called, function_around, kept
from checks.semantics.nodes import descendants
from checks.semantics.source import Function

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=521,
    severity=MEDIUM,
    message="`{password}` is empty where none is given: an empty field then logs in",
    advice="Use `None` or `set_unusable_password()` for no password, and refuse an empty one",
)

_SETTERS: dict[str, tuple[int | None, str]] = {
    "*.create_superuser": (2, "password"),
    "*.create_user": (2, "password"),
    "*.set_password": (0, "raw_password"),
    "django.contrib.auth.hashers.make_password": (0, "password"),
    "werkzeug.security.generate_password_hash": (0, "password"),
}
_BY_WORD = {name.rpartition(".")[2]: place for name, place in _SETTERS.items()}


@rule.on_call(*_SETTERS)
def check(call: Call, file: File) -> Iterator[Finding]:
    """What is stored as a password can be the empty text."""
    given = call.argument(*_BY_WORD[call.name.rpartition(".")[2]])
    if given is None:
        return
    empty, sure = _empty(given, file), isinstance(given, ast.Constant)
    if empty is not None and not _is_tested(given, function_around(call.node)):
        yield rule.finding(empty, file, confidence=None if sure else LIKELY, password=file.segment(given))


def _empty(given: ast.expr, file: File) -> ast.AST | None:
    """The node that makes a password empty: itself, its default, what it falls back on."""
    value = file.names.value(given)
    if _is_empty(value):
        return given
    if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or) and _is_empty(value.values[-1]):
        return value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "get":
        return value if len(value.args) == 2 and _is_empty(value.args[1]) else None
    function = function_around(given)
    if isinstance(value, ast.Name) and function is not None:
        return _default(value.id, function)
    return None


def _default(name: str, function: Function) -> ast.AST | None:
    """The empty default of a parameter."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    last = positional[len(positional) - len(arguments.defaults) :]
    pairs = [
        *zip(last, arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return next(
        (value for one, value in pairs if one.arg == name and value is not None and _is_empty(value)), None
    )


def _is_tested(given: ast.expr, function: Function | None) -> bool:
    """Whether the function tests the name in an `if`, or checks it with a validator."""
    if function is None or not isinstance(given, ast.Name):
        return False
    return given.id in kept(function, "tested", lambda: frozenset(_tested(function)))


def _tested(function: Function) -> Iterator[str]:
    """The names that a function's conditions and validators look at."""
    for node in descendants(function):
        tests = [node.test] if isinstance(node, (ast.If, ast.IfExp, ast.Assert)) else []
        if isinstance(node, ast.Call) and "validate" in called(node):
            tests = list(node.args)
        for test in tests:
            yield from (inner.id for inner in descendants(test) if isinstance(inner, ast.Name))


def _is_empty(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == "" and isinstance(node.value, str)
