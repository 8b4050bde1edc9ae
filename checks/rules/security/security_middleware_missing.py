"""A site without the piece that sends its security headers.

## What it does
Reports Django settings without `SecurityMiddleware`, and Flask applications in projects in which nothing sends
security headers: no Flask-Talisman, no header set by hand.

## Why it matters
In Django, everything that `SECURE_...` settings ask for is done by this middleware: without it they do nothing at
all, and nothing warns. Flask sends none of these headers by itself, so that pages can be framed, types guessed and
HTTPS left.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
]
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
]
```

## Limits
A proxy's headers are seen where the repository holds its configuration. Settings that can't be read as a whole, and
Flask applications that render no template, are left alone.

## References
- [Django: SecurityMiddleware](https://docs.djangoproject.com/en/stable/ref/middleware/#module-django.middleware.security)
- [Flask: security headers](https://flask.palletsprojects.com/en/stable/web-security/#security-headers)
- [CWE-693: Protection Mechanism Failure](https://cwe.mitre.org/data/definitions/693.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.django.middleware import SETTINGS, site_without
from checks.frameworks.proxies import proxy_sends
from checks.frameworks.settings import is_for_development, settings_of
from checks.rule import LIKELY, LOW, MEDIUM, POSSIBLE, Call, File, Finding, Role, Rule, Setting
from checks.semantics.roles import role_of

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=693,
    severity=MEDIUM,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{what}` {state}: pages go out without security headers",
    advice="Put `SecurityMiddleware` first in `MIDDLEWARE`; in Flask use Flask-Talisman",
)

_HEADERS = (
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Content-Security-Policy",
    "Strict-Transport-Security",
)
_LIBRARIES = ("flask_talisman", "flask_security_headers", "secweb", "secure.Secure", "import secure")


@rule.on_setting(*SETTINGS)
def check_django(setting: Setting, file: File) -> Iterator[Finding]:
    """The list is whole, and neither Django's middleware nor one of its kind is in it."""
    words = ("SecurityMiddleware", "SecurityHeaders", "security_headers", "SecureMiddleware", "djangosecure")
    site = site_without(setting, file, *words)
    if site is None:
        return
    idle = next((node.name for node in _idle(file)), "")
    if not idle and proxy_sends(file, *_HEADERS):
        return
    yield rule.finding(
        setting.node,
        file,
        what=setting.name,
        state=f"lacks SecurityMiddleware, which {idle} needs" if idle else "lacks SecurityMiddleware",
        cause_hint=r"\.SecurityMiddleware",
    )


def _idle(file: File) -> Iterator[Setting]:
    """Settings of the same file that do nothing without the middleware."""
    return (setting for setting in settings_of(file) if setting.name.startswith("SECURE_"))


@rule.on_call("flask.Flask")
def check_flask(call: Call, file: File) -> Iterator[Finding]:
    """An application that renders pages, in a project in which nothing sends headers."""
    if is_for_development(call.node) or proxy_sends(file, *_HEADERS):
        return
    spelled = (*_HEADERS, *(header.lower() for header in _HEADERS))
    if _running(file, (*spelled, *_LIBRARIES)) or not _running(file, ("render_template(",)):
        return
    yield rule.finding(
        call.node,
        file,
        severity=LOW,
        confidence=POSSIBLE,
        what=file.segment(call.node),
        state="sets no headers",
        cause_hint=r"(?i)talisman|X-Frame-Options|X-Content-Type-Options|Content-Security-Policy|Strict-Transport",
    )


def _running(file: File, words: tuple[str, ...]) -> bool:
    """Whether code that is no test mentions one of the words."""
    return any(role_of(path) is not Role.TEST for path in file.project.mentioning(words, ".py"))
