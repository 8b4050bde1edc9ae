"""Cookies that travel unprotected.

## What it does
Reports cookies set without `secure` or `httponly`, and settings that take these from the session's cookie.

## Why it matters
A cookie without `secure` is also sent over plain HTTP, where anyone on the way reads it.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
SESSION_COOKIE_SECURE = False
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
SESSION_COOKIE_SECURE = True
```

## Limits
Settings for development and tests are left alone.

## References
- [Django: SESSION_COOKIE_SECURE](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-secure)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.environment import unset_value
from checks.frameworks.settings import is_for_development
from checks.rule import MEDIUM, File, Finding, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=614,
    severity=MEDIUM,
    message="`{what}`: {consequence}",
    advice="Send the cookie with TLS only, keep it from scripts, and from other sites' requests",
)


@rule.on_setting("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The protection is switched off."""
    value = unset_value(setting.value, file)
    if value is None or value.value or setting.conditional or is_for_development(setting.node):
        return
    yield rule.finding(
        setting.node,
        file,
        what=f"{setting.name} = {file.segment(setting.value)}",
        consequence="it is sent over plain HTTP too",
    )
