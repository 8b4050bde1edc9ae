"""Any password accepted.

## What it does
Reports Django settings whose `AUTH_PASSWORD_VALIDATORS` is empty, or left out where users log in by password.

## Why it matters
The setting is empty by default: `1`, `password` and the user's own name are then taken without a word. Such
passwords are the first that are tried, and no hashing protects them.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
AUTH_PASSWORD_VALIDATORS = []
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
```

## Limits
Sites whose `AUTHENTICATION_BACKENDS` hold none for passwords are left alone, and so are settings that can't be read
as a whole. What a form checks by itself is not seen.

## References
- [Django: password validation](https://docs.djangoproject.com/en/stable/topics/auth/passwords/#password-validation)
- [CWE-521: Weak Password Requirements](https://cwe.mitre.org/data/definitions/521.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.django.middleware import middleware_in
from checks.frameworks.django.modules import Site, site_of
from checks.frameworks.settings import is_for_development, replacements, standing
from checks.rule import LIKELY, MEDIUM, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=521,
    severity=MEDIUM,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`AUTH_PASSWORD_VALIDATORS` is {state}: users may take `1` for a password",
    advice="Ask for a length, and refuse common passwords",
)

_SETTING = "AUTH_PASSWORD_VALIDATORS"
_AUTH = "django.contrib.auth"
_HINT = rf"\b{_SETTING}\b|password_validation\.\w+Validator"


@rule.on_setting(_SETTING)
def check_empty(setting: Setting, file: File) -> Iterator[Finding]:
    """The list is empty in production."""
    if setting.framework == "django" and standing(setting, file, lambda value: not value) is not None:
        if _has_passwords(site_of(file)):
            yield rule.finding(setting.node, file, state="empty", cause_hint=_HINT)


@rule.on_setting("INSTALLED_APPS")
def check_left_out(setting: Setting, file: File) -> Iterator[Finding]:
    """Users are Django's own, and no settings module says what a password must be like."""
    if setting.framework != "django" or setting.conditional or is_for_development(setting.node):
        return
    auth = next((entry for entry in middleware_in(setting.value, file).entries if entry.name == _AUTH), None)
    if auth is None or any(True for _ in replacements(setting, file)):
        return
    site = site_of(file)
    if not site.complete or not site.mentions("ROOT_URLCONF", "MIDDLEWARE") or site.mentions(_SETTING):
        return
    if _has_passwords(site):
        yield rule.finding(auth.node, file, state="nowhere set", cause_hint=_HINT)


def _has_passwords(site: Site) -> bool:
    """Whether users log in by password: by default, and where a backend for it is listed."""
    if not site.mentions("AUTHENTICATION_BACKENDS"):
        return True
    return any(
        text.endswith(("ModelBackend", "allauth.account.auth_backends.AuthenticationBackend"))
        for text in site.texts
    )
