"""Passwords hashed so fast that they can be guessed.

## What it does
Reports settings that hash passwords with MD5, SHA-1, crypt or not at all: the first of Django's `PASSWORD_HASHERS`,
`SECURITY_PASSWORD_HASH` of Flask-Security; too few rounds in `BCRYPT_LOG_ROUNDS` of Flask-Bcrypt and in hashers of
one's own.

## Why it matters
Whoever gets a copy of the database tries passwords against the hashes at home. Fast functions allow many billions
of tries a second on one graphics card; bcrypt, scrypt, Argon2 and PBKDF2 with many rounds are made to allow few.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
```

## Limits
Hashers behind the first one only read old hashes, and are not reported. A list that is set while tests run, within
an `if`, is left alone.

## References
- [Django: how passwords are stored](https://docs.djangoproject.com/en/stable/topics/auth/passwords/)
- [Flask-Security: SECURITY_PASSWORD_HASH](https://flask-security-too.readthedocs.io/en/stable/configuration.html)
- [CWE-916: Use of Password Hash With Insufficient Computational Effort](https://cwe.mitre.org/data/definitions/916.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.environment import unset_value
from checks.frameworks.settings import is_for_development, standing
from checks.rule import HIGH, LIKELY, MEDIUM, File, Finding, Role, Rule, Setting
from checks.semantics.definitions import bases

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=916,
    severity=HIGH,
    roles=(Role.PRODUCTION,),
    message="`{name}` hashes passwords with {how}: a stolen database gives them away",
    advice="Hash passwords with Argon2, scrypt, bcrypt or PBKDF2 with its default rounds",
)

_FAST = {
    "CryptPasswordHasher": "crypt",
    "MD5PasswordHasher": "MD5",
    "SHA1PasswordHasher": "SHA-1",
    "UnsaltedMD5PasswordHasher": "MD5 without salt",
    "UnsaltedSHA1PasswordHasher": "SHA-1 without salt",
}
_FAST_SCHEMES = frozenset(
    {"des_crypt", "hex_md5", "hex_sha1", "hex_sha256", "hex_sha512", "md5_crypt", "plaintext", "sha1_crypt"}
    | {"md5", "sha1", "sha256", "sha512", "plain"}
)
_ROUNDS = {
    "django.contrib.auth.hashers.PBKDF2PasswordHasher": ("iterations", 100_000),
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher": ("iterations", 100_000),
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher": ("rounds", 10),
    "django.contrib.auth.hashers.BCryptPasswordHasher": ("rounds", 10),
}
_FEWEST = 10


@rule.on_setting("PASSWORD_HASHERS")
def check_django(setting: Setting, file: File) -> Iterator[Finding]:
    """The hasher that new passwords get is a fast one."""
    wrong = standing(setting, file, lambda value: _first(value) in _FAST)
    if wrong is not None and setting.framework == "django":
        yield rule.finding(
            _element(setting.value) or setting.node,
            file,
            confidence=LIKELY if wrong.unless_told else None,
            name=setting.name,
            how=_FAST[_first(wrong.value)],
            cause_hint=r"(Argon2|BCrypt\w*|PBKDF2\w*|Scrypt)PasswordHasher",
        )


def _first(value: object) -> str:
    first = value[0] if isinstance(value, list | tuple) and value else ""
    return first.rpartition(".")[2] if isinstance(first, str) else ""


def _element(value: ast.expr) -> ast.expr | None:
    return value.elts[0] if isinstance(value, ast.List | ast.Tuple) and value.elts else None


@rule.on_setting("SECURITY_PASSWORD_HASH")
def check_flask_security(setting: Setting, file: File) -> Iterator[Finding]:
    """Flask-Security is told to use a fast scheme, or none."""
    wrong = standing(setting, file, lambda value: str(value).lower() in _FAST_SCHEMES)
    if wrong is not None:
        yield rule.finding(setting.node, file, name=setting.name, how=f"{wrong.value}")


@rule.on_setting("BCRYPT_LOG_ROUNDS")
def check_rounds(setting: Setting, file: File) -> Iterator[Finding]:
    """Flask-Bcrypt is given fewer rounds than make sense outside of tests."""
    wrong = standing(setting, file, lambda value: isinstance(value, int) and value < _FEWEST)
    if wrong is not None:
        yield rule.finding(
            setting.node, file, severity=MEDIUM, name=setting.name, how=f"2^{wrong.value} rounds only"
        )


@rule.on_class()
def check_own(node: ast.ClassDef, file: File) -> Iterator[Finding]:
    """A hasher of the project's own turns the rounds down."""
    known = next((_ROUNDS[name] for name, _, _ in bases(node, file) if name in _ROUNDS), None)
    if known is None or is_for_development(node):
        return
    attribute, fewest = known
    for item in node.body:
        if isinstance(item, ast.Assign) and file.segment(item.targets[0]) == attribute:
            given = unset_value(item.value, file)
            rounds = given.value if given is not None else None
            if isinstance(rounds, int) and rounds < fewest:
                yield rule.finding(
                    item, file, severity=MEDIUM, name=node.name, how=f"{rounds} {attribute} only"
                )
