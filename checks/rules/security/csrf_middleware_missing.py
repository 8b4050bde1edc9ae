"""Sessions without protection against forged requests.

## What it does
Reports Django settings whose `MIDDLEWARE` holds sessions and no `CsrfViewMiddleware`, nor one of its kind.

## Why it matters
A browser sends a visitor's cookies with every request to your site, also with one that a page of someone else
makes. The middleware asks for a token that other sites can't know. Without it, such a page changes passwords and
orders goods in the name of whoever opens it, and `{% csrf_token %}` in the forms does nothing.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
```

## Limits
Lists that can't be read as a whole are left alone, and so are sites without sessions. Views protected one by one
(`csrf_protect`) lower the confidence.

## References
- [Django: CSRF protection](https://docs.djangoproject.com/en/stable/ref/csrf/)
- [CWE-352: Cross-Site Request Forgery](https://cwe.mitre.org/data/definitions/352.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.django.middleware import AUTHENTICATION, SESSION, SETTINGS, middleware_in, site_without
from checks.rule import HIGH, LIKELY, POSSIBLE, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.csrf",
    cwe=352,
    severity=HIGH,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{name}` lacks CsrfViewMiddleware: other sites can act as whoever is logged in",
    advice="Add `django.middleware.csrf.CsrfViewMiddleware` behind the session's middleware",
)

_KINDS = ("middleware.csrf", "csrfviewmiddleware", "csrfmiddleware", "csrf_middleware", "csrfprotect")


@rule.on_setting(*SETTINGS)
def check(setting: Setting, file: File) -> Iterator[Finding]:
    """The list is whole and holds sessions, and nothing in the site's settings checks for tokens."""
    if site_without(setting, file, *_KINDS) is None:
        return
    if middleware_in(setting.value, file).position(SESSION, AUTHENTICATION) is None:
        return
    by_view = file.project.mentioning(("csrf_protect",), ".py")
    yield rule.finding(
        setting.node,
        file,
        confidence=POSSIBLE if by_view else None,
        name=setting.name,
        cause_hint=r"CsrfViewMiddleware",
    )
