"""Secrets among the fields that an API answers with.

## What it does
Reports passwords, password hashes, tokens, keys and secrets among the fields of DRF serializers and marshmallow schemas
that are shown, by name or through `fields = "__all__"`, and in what `to_dict` and its like return.

## Why it matters
A hash in an answer can be tried against word lists at leisure, a token used at once. Such fields slip in with
`"__all__"` when the model gets one, and no page of the site shows that the API does.

## Example
```python title="shop/serializers.py"
from django.contrib.auth.models import User
from rest_framework import serializers


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username", "password"]
```

## Use instead
```python title="shop/serializers.py"
from django.contrib.auth.models import User
from rest_framework import serializers


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "username", "password"]
        extra_kwargs = {"password": {"write_only": True}}
```

## Limits
What a field holds is told from its name. Serializers and schemas without a model (but for hashes), and those named
for what comes in (`SignUp`, `Create`, `Input`), are left alone, and so are those whose purpose is to hand out a token.
What `to_dict` returns may be for another use than an answer, so it is reported with less confidence.

## References
- [Django REST framework: specifying which fields to include](https://www.django-rest-framework.org/api-guide/serializers/#specifying-which-fields-to-include)
- [OWASP API3: Broken Object Property Level Authorization](https://owasp.org/API-Security/editions/2023/en/0xa3-broken-object-property-level-authorization/)
- [CWE-200: Exposure of Sensitive Information to an Unauthorized Actor](https://cwe.mitre.org/data/definitions/200.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.access import words
from checks.frameworks.sensitive_fields import is_password, is_sensitive, shown_fields
from checks.frameworks.serializers import serializer_of
from checks.rule import HIGH, LIKELY, MEDIUM, POSSIBLE, File, Finding, Function, Rule
from checks.semantics.enclosing import class_around
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.access-control",
    cwe=200,
    severity=HIGH,
    confidence=LIKELY,
    message="`{owner}` shows `{field}`: whoever may read the answer has it",
    advice="Leave the field out, or make it write-only",
)

_INCOMING = frozenset(
    {
        "add",
        "change",
        "create",
        "creation",
        "in",
        "input",
        "login",
        "new",
        "payload",
        "post",
        "register",
        "registration",
    }
    | {
        "request",
        "reset",
        "sign",
        "signin",
        "signup",
        "update",
        "write",
        "form",
        "patch",
        "put",
        "set",
        "args",
        "query",
    }
)
_DICTS = frozenset(
    {"as_dict", "serialize", "to_dict", "to_json", "asdict", "json", "__json__", "to_representation"}
)
_HASH = re.compile(r"hash|salt|digest")  # nobody sends these in


@rule.on_class()
def check_class(node: ast.ClassDef, file: File) -> Iterator[Finding]:
    """The fields that a serializer or schema shows."""
    found = serializer_of(node, file)
    if found is None or not (found.model or found.framework == "marshmallow"):
        return
    names = words(node.name) | words(found.model)
    if not words(node.name).isdisjoint(_INCOMING):
        return
    for name, certain in shown_fields(found, file):
        if is_sensitive(name, names) and (certain or _HASH.search(name)):
            at = next(
                (
                    declared.call
                    for declared in (found.declared.get(name),)
                    if declared and declared.file is file
                ),
                node,
            )
            yield rule.finding(
                at, file, confidence=None if certain else POSSIBLE, owner=node.name, field=name
            )


@rule.on_function()
def check_function(node: Function, file: File) -> Iterator[Finding]:
    """The keys of the dictionary that a method like `to_dict` returns, where they hold the object's own attribute."""
    owner = class_around(node)
    if owner is None or node.name not in _DICTS:
        return
    for inner in descendants(node):
        if not isinstance(inner, ast.Dict):
            continue
        for key, value in zip(inner.keys, inner.values, strict=True):
            if (
                isinstance(key, ast.Constant)
                and isinstance(key.value, str)
                and isinstance(value, ast.Attribute)
                and file.names.class_of_self(value.value) is owner
                and is_sensitive(key.value, words(owner.name))
            ):
                confidence = LIKELY if is_password(value.attr) else POSSIBLE
                field = f"{owner.name}.{node.name}"
                yield rule.finding(
                    value, file, severity=MEDIUM, confidence=confidence, owner=field, field=key.value
                )
