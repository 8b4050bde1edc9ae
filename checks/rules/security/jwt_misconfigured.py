"""JSON web tokens set up so that they protect less than they seem to.

## What it does
Reports settings of simplejwt, django-rest-framework-jwt, dj-rest-auth and Flask-JWT-Extended that weaken tokens:
the algorithm `none`, no verification, tokens in query strings, cookies without CSRF protection, cookies open to
scripts, refresh tokens that are renewed while the old ones stay valid.

## Why it matters
With `none` anybody writes a token for any user. Tokens in addresses end up in logs and in the `Referer` header. A
cookie with a token is sent along with requests that other sites make, unless a second value is asked for.

## Example
```python title="config.py"
class ProductionConfig:
    SECRET_KEY = None
    JWT_TOKEN_LOCATION = ["cookies"]
    JWT_COOKIE_CSRF_PROTECT = False
```

## Use instead
```python title="config.py"
class ProductionConfig:
    SECRET_KEY = None
    JWT_TOKEN_LOCATION = ["cookies"]
    JWT_COOKIE_CSRF_PROTECT = True
```

## Limits
Signing keys are the matter of `security/hardcoded-secret` and `security/weak-secret-key`, lifetimes of
`security/token-lifetime-excessive`. Tokens that the code checks by hand are not looked at.

## References
- [Simple JWT: settings](https://django-rest-framework-simplejwt.readthedocs.io/en/latest/settings.html)
- [Flask-JWT-Extended: configuration](https://flask-jwt-extended.readthedocs.io/en/stable/options.html)
- [CWE-1188: Initialization of a Resource with an Insecure Default](https://cwe.mitre.org/data/definitions/1188.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.modules import site_of
from checks.frameworks.environment import unset_value
from checks.frameworks.settings import (
    depends_on_debug,
    is_for_development,
    replacements,
    settings_of,
    standing,
)
from checks.model import Severity
from checks.rule import CRITICAL, HIGH, LIKELY, LOW, MEDIUM, POSSIBLE, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.access-control",
    cwe=1188,
    severity=MEDIUM,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{name}` is {value}: {consequence}",
    advice="Sign tokens, verify them, and keep them out of addresses and away from scripts",
)

_FORGED = "anybody can write a token for any user"
_FORGED_REQUEST = "other sites can act with the cookie's token"
_IN_ADDRESS = "tokens end up in logs and in the Referer header"
_TO_SCRIPTS = "an injected script takes the token away"
_STILL_VALID = "refresh tokens stay valid after they were renewed"
_NOT_LISTED = "nothing is put on the list while its app is not installed"
_BLACKLIST = "rest_framework_simplejwt.token_blacklist"

_FALSE: dict[str, tuple[Severity, str]] = {
    "JWT_AUTH_HTTPONLY": (MEDIUM, _TO_SCRIPTS),
    "JWT_VERIFY": (HIGH, _FORGED),
    "JWT_VERIFY_EXPIRATION": (MEDIUM, "tokens never expire"),
}
_ALGORITHMS = ("ALGORITHM", "JWT_ALGORITHM", "JWT_DECODE_ALGORITHMS")


@rule.on_setting("JWT_ALGORITHM", "JWT_DECODE_ALGORITHMS", "JWT_TOKEN_LOCATION", "JWT_COOKIE_CSRF_PROTECT")
def check_flask(setting: Setting, file: File) -> Iterator[Finding]:
    """Settings of Flask-JWT-Extended."""
    if setting.framework != "flask":
        return
    if setting.name in _ALGORITHMS:
        if standing(setting, file, _has_none) is not None:
            yield _finding(setting.node, setting.name, setting.value, CRITICAL, _FORGED, file)
    elif setting.name == "JWT_TOKEN_LOCATION":
        if standing(setting, file, lambda value: "query_string" in _texts(value)) is not None:
            yield _finding(setting.node, setting.name, setting.value, MEDIUM, _IN_ADDRESS, file)
    elif standing(setting, file, lambda value: not value) is not None:
        yield from _unprotected_cookie(setting, file)


def _unprotected_cookie(setting: Setting, file: File) -> Iterator[Finding]:
    """CSRF protection is off: that matters where tokens come in cookies."""
    places = [item for item in settings_of(file) if item.name == "JWT_TOKEN_LOCATION"]
    known = [unset_value(item.value, file) for item in places]
    if places and not any(value is None or "cookies" in _texts(value.value) for value in known):
        return
    finding = _finding(setting.node, setting.name, setting.value, HIGH, _FORGED_REQUEST, file)
    if places:
        yield finding
    else:
        yield rule.finding(
            setting.node,
            file,
            severity=LOW,
            confidence=POSSIBLE,
            name=setting.name,
            value="False",
            consequence=_FORGED_REQUEST,
        )


def _texts(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _has_none(value: object) -> bool:
    return any(isinstance(text, str) and text.lower() == "none" for text in _texts(value))


@rule.on_setting("SIMPLE_JWT", "JWT_AUTH", "REST_AUTH")
def check_dictionary(setting: Setting, file: File) -> Iterator[Finding]:
    """Settings of packages for Django REST framework, in a dictionary."""
    if setting.framework != "django" or setting.conditional or is_for_development(setting.node):
        return
    if not isinstance(setting.value, ast.Dict) or any(True for _ in replacements(setting, file)):
        return
    given = {
        key.value: item
        for key, item in zip(setting.value.keys, setting.value.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and not depends_on_debug(item)
    }
    for name, item in given.items():
        value = unset_value(item, file)
        if value is not None and name in _ALGORITHMS and _has_none(value.value):
            yield _finding(item, name, item, CRITICAL, _FORGED, file)
        elif value is not None and name in _FALSE and value.value is False:
            yield _finding(item, name, item, *_FALSE[name], file)
    yield from _rotation(given, file)


def _rotation(given: dict[str, ast.expr], file: File) -> Iterator[Finding]:
    """Refresh tokens of simplejwt that are renewed, and what becomes of the old ones."""
    rotated, listed = given.get("ROTATE_REFRESH_TOKENS"), given.get("BLACKLIST_AFTER_ROTATION")
    if listed is not None and _is(listed, True, file):
        site = site_of(file)
        apps = site.mentions("INSTALLED_APPS") and site.complete
        if apps and not any(text.startswith(_BLACKLIST) for text in site.texts):
            yield _finding(listed, "BLACKLIST_AFTER_ROTATION", listed, MEDIUM, _NOT_LISTED, file)
    elif rotated is not None and _is(rotated, True, file) and (listed is None or _is(listed, False, file)):
        yield _finding(rotated, "ROTATE_REFRESH_TOKENS", rotated, LOW, _STILL_VALID, file)


def _is(node: ast.expr, wanted: bool, file: File) -> bool:
    value = unset_value(node, file)
    return value is not None and value.value is wanted


def _finding(
    at: ast.AST, name: str, value: ast.expr, severity: Severity, consequence: str, file: File
) -> Finding:
    return rule.finding(
        at, file, severity=severity, name=name, value=file.segment(value), consequence=consequence
    )
