"""The secret key given away as a salt.

## What it does
Reports `SECRET_KEY` used as the salt of hashids, as `SECURITY_PASSWORD_SALT`, or as the salt of a signature.

## Why it matters
Hashids is no encryption: from a handful of ids and the numbers behind them the salt can be computed. If that is the
key that signs sessions, an attacker signs one for the administrator. A salt is public by its nature; a key must
never be one.

## Example
```python title="shop/ids.py"
from django.conf import settings
from hashids import Hashids

ids = Hashids(salt=settings.SECRET_KEY, min_length=8)
```

## Use instead
```python title="shop/ids.py"
from django.conf import settings
from hashids import Hashids

ids = Hashids(salt=settings.ORDER_ID_SALT, min_length=8)
```

## Limits
A salt that is computed from the key is reported only where the key stands in the same expression.

## References
- [Hashids: not for encryption](https://hashids.org/)
- [Django: SECRET_KEY](https://docs.djangoproject.com/en/stable/ref/settings/#secret-key)
- [CWE-323: Reusing a Nonce, Key Pair in Encryption](https://cwe.mitre.org/data/definitions/323.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.rule import HIGH, LOW, Call, File, Finding, Rule, Setting
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.settings-from-environment",
    cwe=323,
    severity=HIGH,
    message="`{key}` is the salt of `{what}`: {consequence}",
    advice="Give the salt a value of its own",
)

_COMPUTED = "the key that signs sessions can be computed from ids"
_SHARED = "one leak gives both away"
_HASHIDS = (
    "hashids.Hashids",
    "hashid_field.HashidField",
    "hashid_field.HashidAutoField",
    "django_hashids.HashidsField",
)
_SIGNERS = (
    "django.core.signing.Signer",
    "django.core.signing.TimestampSigner",
    "django.core.signing.dumps",
    "django.core.signing.loads",
    "itsdangerous.URLSafeSerializer",
    "itsdangerous.URLSafeTimedSerializer",
    "itsdangerous.TimestampSigner",
)
_SETTINGS = ("SECURITY_PASSWORD_SALT", "HASHID_FIELD_SALT", "DJANGO_HASHIDS_SALT", "HASHIDS_SALT")
_DERIVING = ("hashlib.", "hmac.", "django.utils.crypto.")


@rule.on_call(*_HASHIDS, *_SIGNERS)
def check_call(call: Call, file: File) -> Iterator[Finding]:
    """The key is given as the salt."""
    hashids = call.name in _HASHIDS
    given = call.argument(0 if call.name == "hashids.Hashids" else None, "salt")
    key = _key_in(given, file)
    if key is not None:
        yield rule.finding(
            key,
            file,
            severity=None if hashids else LOW,
            key=file.segment(key),
            what=file.segment(call.node.func),
            consequence=_COMPUTED if hashids else _SHARED,
        )


@rule.on_setting(*_SETTINGS)
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The key is the value of a setting for a salt."""
    key = _key_in(setting.value, file)
    if key is not None:
        hashids = "HASHID" in setting.name
        yield rule.finding(
            key,
            file,
            severity=None if hashids else LOW,
            key=file.segment(key),
            what=setting.name,
            consequence=_COMPUTED if hashids else _SHARED,
        )


def _key_in(node: ast.expr | None, file: File) -> ast.AST | None:
    """The key within an expression, as it is; a digest of it gives nothing away."""
    if node is None:
        return None
    found = None
    for inner in descendants(node):
        if isinstance(inner, ast.Call) and (file.resolve(inner.func) or "").startswith(_DERIVING):
            return None
        if found is None and _is_key(inner):
            found = inner
    return found


def _is_key(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "SECRET_KEY"
    if isinstance(node, ast.Attribute):
        return node.attr in ("SECRET_KEY", "secret_key")
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        holder = node.value
        return (
            node.slice.value == "SECRET_KEY" and isinstance(holder, ast.Attribute) and holder.attr == "config"
        )
    return False
