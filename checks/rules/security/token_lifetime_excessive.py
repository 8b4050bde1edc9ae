"""Tokens and sessions that hold for too long.

## What it does
Reports lifetimes beyond what a stolen token should have: access tokens of more than a day and refresh tokens of
more than 90 (simplejwt, Flask-JWT-Extended, django-oauth-toolkit, knox), tokens that never expire, sessions of more
than 90 days, links for a new password of more than a week.

## Why it matters
Access tokens are mostly not looked up when they are used: one that leaks by a log, a proxy or a lost laptop opens
the door until it expires, whatever the user does. Short ones are renewed by a refresh token, which can be
withdrawn.

## Example
```python title="shop/settings.py"
from datetime import timedelta

ROOT_URLCONF = "shop.urls"
SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(days=30)}
```

## Use instead
```python title="shop/settings.py"
from datetime import timedelta

ROOT_URLCONF = "shop.urls"
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=7),
    "ROTATE_REFRESH_TOKENS": True,
}
```

## Limits
How long is too long depends on what the token opens; the limits are fixed. Lifetimes that are read from a variable
without a default are not known.

## References
- [Simple JWT: settings](https://django-rest-framework-simplejwt.readthedocs.io/en/latest/settings.html)
- [Flask-JWT-Extended: configuration](https://flask-jwt-extended.readthedocs.io/en/stable/options.html)
- [CWE-613: Insufficient Session Expiration](https://cwe.mitre.org/data/definitions/613.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.durations import seconds_of, worded
from checks.frameworks.environment import reads_environment, unset_value
from checks.frameworks.lifetimes import KEYS, SETTINGS, TOKEN_CLASSES, Lifetime
from checks.frameworks.settings import depends_on_debug, is_for_development, replacements
from checks.rule import LIKELY, LOW, MEDIUM, POSSIBLE, Call, File, Finding, Role, Rule, Setting
from checks.semantics.definitions import bases

rule = Rule(
    __name__,
    checklist="security.access-control",
    cwe=613,
    severity=MEDIUM,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{name}` is {length}: a stolen {thing} opens the door that long",
    advice="Let tokens expire soon, and renew them by a refresh token that can be withdrawn",
)


@rule.on_setting(*SETTINGS)
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """A lifetime that is a setting of its own."""
    lifetime = SETTINGS[setting.name]
    if _is_excused(setting) or (lifetime.framework and lifetime.framework != setting.framework):
        return
    if any(_too_long(other.value, lifetime, home) is None for other, home in replacements(setting, file)):
        return
    yield from _judge(setting.name, setting.value, setting.node, lifetime, file)


@rule.on_setting(*KEYS)
def check_keys(setting: Setting, file: File) -> Iterator[Finding]:
    """Lifetimes in a package's dictionary of settings."""
    if (
        not isinstance(setting.value, ast.Dict)
        or _is_excused(setting)
        or any(True for _ in replacements(setting, file))
    ):
        return
    for key, value in zip(setting.value.keys, setting.value.values, strict=True):
        name = key.value if isinstance(key, ast.Constant) else None
        lifetime = KEYS[setting.name].get(name) if isinstance(name, str) else None
        if lifetime is not None and not depends_on_debug(value):
            yield from _judge(str(name), value, value, lifetime, file)


@rule.on_call("flask_jwt_extended.create_access_token")
def check_call(call: Call, file: File) -> Iterator[Finding]:
    """A single token is given a lifetime."""
    given = call.argument(2, "expires_delta")
    if given is not None and not is_for_development(call.node):
        yield from _judge("expires_delta", given, given, SETTINGS["JWT_ACCESS_TOKEN_EXPIRES"], file)


@rule.on_class()
def check_class(node: ast.ClassDef, file: File) -> Iterator[Finding]:
    """A token class of one's own."""
    lifetime = next((TOKEN_CLASSES[name] for name, _, _ in bases(node, file) if name in TOKEN_CLASSES), None)
    for item in node.body if lifetime is not None else ():
        if isinstance(item, ast.Assign) and file.segment(item.targets[0]) == "lifetime" and lifetime:
            yield from _judge(f"{node.name}.lifetime", item.value, item, lifetime, file)


def _is_excused(setting: Setting) -> bool:
    return setting.conditional or is_for_development(setting.node) or depends_on_debug(setting.value)


def _too_long(value: ast.expr, lifetime: Lifetime, file: File) -> float | None:
    """The seconds of a lifetime that is too long, infinity for one that never ends; `None` for others."""
    seconds = seconds_of(value, file)
    if seconds is not None:
        return seconds * lifetime.unit if seconds * lifetime.unit > lifetime.longest else None
    known = unset_value(value, file)
    return float("inf") if known is not None and known.value in lifetime.endless else None


def _judge(name: str, value: ast.expr, at: ast.AST, lifetime: Lifetime, file: File) -> Iterator[Finding]:
    seconds = _too_long(value, lifetime, file)
    if seconds is None:
        return
    endless = seconds == float("inf")
    slight = lifetime.thing != "access token" and not endless
    yield rule.finding(
        at,
        file,
        severity=LOW if slight else None,
        confidence=POSSIBLE if slight or reads_environment(value, file) else None,
        name=name,
        length="without end" if endless else worded(seconds),
        thing=lifetime.thing,
    )
