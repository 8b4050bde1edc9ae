"""Passwords that are stored as they were typed.

## What it does
Reports `user.password = request.POST["password"]`, `User.objects.create(password=...)`, SQLAlchemy users made with the
password that a form holds, and model forms and serializers that save the `password` field of a user model themselves.

## Why it matters
Whoever reads the table once, through a backup, an injection or a colleague's laptop, has every password, and with them
the visitors' accounts elsewhere. In Django nobody can log in with such a row either: the check expects a hash.

## Example
```python title="shop/views.py"
from django.contrib.auth.models import User


def sign_up(request):
    User.objects.create(username=request.POST["name"], password=request.POST["password"])
```

## Use instead
```python title="shop/views.py"
from django.contrib.auth.models import User


def sign_up(request):
    User.objects.create_user(username=request.POST["name"], password=request.POST["password"])
```

## Limits
The password is recognised where it is taken from the request or a form in the same function. A SQLAlchemy model whose
`password` is a property, has a validator or a type of its own is trusted to hash, and so is one with an `__init__`.
A form or serializer whose class, or whose project's classes above it, hash anywhere is left alone.

## References
- [Django: password management](https://docs.djangoproject.com/en/stable/topics/auth/passwords/)
- [Werkzeug: generate_password_hash](https://werkzeug.palletsprojects.com/en/stable/utils/#werkzeug.security.generate_password_hash)
- [CWE-256: Plaintext Storage of a Password](https://cwe.mitre.org/data/definitions/256.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.class_options import lineage_of
from checks.frameworks.django.schema import MODEL_FILES, schema_named, user_model
from checks.frameworks.forms import form_of
from checks.frameworks.password_input import PASSWORD_NAMES, hashes, hashes_for, is_typed
from checks.frameworks.serializers import serializer_of
from checks.frameworks.sqlalchemy.models import sql_model_of
from checks.rule import CERTAIN, HIGH, LIKELY, File, Finding, Rule
from checks.semantics.definitions import definition
from checks.semantics.enclosing import function_around

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=256,
    severity=HIGH,
    confidence=LIKELY,
    message="`{target}` keeps the password as it was typed: whoever reads the table has it",
    advice="Hash it: `set_password`, `create_user`, `generate_password_hash`",
)

_USERS = frozenset({"django.contrib.auth.models.User", "django.contrib.auth.get_user_model"})


@rule.on_node(ast.Assign)
def check_assignment(node: ast.Assign, file: File) -> Iterator[Finding]:
    """`user.password = ...` with what was typed, where nothing hashes it later in the function."""
    target = node.targets[0]
    if not isinstance(target, ast.Attribute) or target.attr not in PASSWORD_NAMES:
        return
    function = function_around(node)
    if function is None or not is_typed(node.value, file) or hashes(function, file):
        return
    owner = file.segment(target.value).rpartition(".")[2].lower()
    if any(
        word in owner
        for word in ("form", "field", "widget", "config", "settings", "smtp", "self", "conn", "server")
    ):
        return
    if _is_trusted(file.resolve(target.value), target.attr, file):
        return
    yield rule.finding(node, file, target=file.segment(target))


@rule.on_node(ast.Call)
def check_call(node: ast.Call, file: File) -> Iterator[Finding]:
    """A user made with what was typed: `User.objects.create(password=...)`, `User(password=...)`."""
    given = next((word for word in node.keywords if word.arg in PASSWORD_NAMES), None)
    if given is None or not is_typed(given.value, file):
        return
    owner, manager = node.func, False
    if isinstance(owner, ast.Attribute) and owner.attr in ("create", "get_or_create", "update_or_create"):
        manager = isinstance(owner.value, ast.Attribute) and owner.value.attr == "objects"
        owner = owner.value.value if isinstance(owner.value, ast.Attribute) else owner
        if not manager:
            return
    name = file.resolve(owner)
    function = function_around(node)
    if name is None or (function is not None and hashes(function, file)):
        return
    django = name in _USERS or schema_named(name, file) is not None
    if django or (_is_sql_column(name, given.arg or "", file) and not manager):
        certain = name in _USERS and manager
        yield rule.finding(
            given.value, file, confidence=CERTAIN if certain else None, target=file.segment(owner)
        )


@rule.on_class()
def check_class(node: ast.ClassDef, file: File) -> Iterator[Finding]:
    """A form or serializer that saves a user's password field itself."""
    form, serializer = form_of(node, file), serializer_of(node, file)
    found = form or serializer
    if found is None or "password" not in (found.fields or ()) or not _is_user(found.model, file):
        return
    if serializer is not None and (serializer.framework != "drf" or "password" in serializer.read_only):
        return
    above = lineage_of(node, file)
    if any(name.startswith("django.contrib.auth.") for name, _, _ in above):
        return
    if any(owner is not None and hashes(owner, home) for _, owner, home in above) or hashes_for(
        node.name, file
    ):
        return
    yield rule.finding(node, file, target=node.name)


def _is_user(model: str, file: File) -> bool:
    if model in _USERS or model.endswith(".get_user_model"):
        return True
    schema = schema_named(model, file) if model else None
    return schema is not None and (
        schema.label == user_model(file.project, file.path)
        or {"password", "last_login"} <= schema.columns.keys()
    )


def _is_trusted(name: str | None, attribute: str, file: File) -> bool:
    """Whether an attribute of a known class hashes what it is given, or the class is no user's."""
    found = definition(name, file) if name is not None else None
    if found is None or not isinstance(found[0], ast.ClassDef):
        # Outside Django, where some model hashes, an unknown user's attribute may be a property that does.
        hashing = ("generate_password_hash", "hashpw", "hash_password", "pwd_context", "PasswordType")
        return "django" not in file.imports and bool(
            file.project.mentioning(hashing, *MODEL_FILES, "user.py")
        )
    return schema_named(name or "", file) is None and not _is_sql_column(name or "", attribute, file)


def _is_sql_column(name: str, attribute: str, file: File) -> bool:
    """Whether a class of SQLAlchemy keeps an attribute in a plain column, with nothing that could hash it."""
    found = definition(name, file)
    if found is None or not isinstance(found[0], ast.ClassDef):
        return False
    model = sql_model_of(found[0], found[1])
    if model is None or attribute not in model.columns or hashes(found[0], found[1]):
        return False
    return model.columns[attribute].kind in ("String", "Text", "Unicode", "VARCHAR", "str")
