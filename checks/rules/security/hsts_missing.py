"""HTTPS that browsers do not remember.

## What it does
Reports sites that are served over HTTPS and tell browsers nothing of it, or only for a short time:
`SECURE_HSTS_SECONDS` of Django left out, 0 or below 30 days, a `Strict-Transport-Security` header set by hand,
Flask-Talisman told not to.

## Why it matters
A redirect to HTTPS comes too late: the first request went out in plain text, and whoever is on the way answers it
instead. With HSTS the browser goes straight to HTTPS, and refuses to step around a bad certificate.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 0
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
```

## Limits
A setting that is left out is reported only beside others that say the site is served over HTTPS. A header that a
proxy sends is seen where the repository holds its configuration. A short time is right for the first days of a
change.

## References
- [Django: SECURE_HSTS_SECONDS](https://docs.djangoproject.com/en/stable/ref/settings/#secure-hsts-seconds)
- [MDN: Strict-Transport-Security](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Strict-Transport-Security)
- [CWE-523: Unprotected Transport of Credentials](https://cwe.mitre.org/data/definitions/523.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.django.modules import site_of
from checks.frameworks.durations import DAY, seconds_of, worded
from checks.frameworks.environment import unset_value
from checks.frameworks.flask.talisman import CALLS, told
from checks.frameworks.headers import headers_set, is_asked
from checks.frameworks.proxies import proxy_sends
from checks.frameworks.settings import depends_on_debug, is_for_development, is_under_debug, replacements
from checks.rule import LIKELY, LOW, POSSIBLE, Call, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=523,
    severity=LOW,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{what}` {state}: a first visit by plain HTTP can be intercepted",
    advice="Let browsers remember HTTPS for a year: `SECURE_HSTS_SECONDS = 31536000`",
)

_SETTING = "SECURE_HSTS_SECONDS"
_HEADER = "Strict-Transport-Security"
_ENCRYPTED = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
_SHORTEST = 30 * DAY
_AGE = re.compile(r"max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)


@rule.on_setting(_SETTING)
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The time is nothing or short, and no module for production gives a longer one."""
    if setting.conditional or is_for_development(setting.node) or depends_on_debug(setting.value):
        return
    for other, home in replacements(setting, file):
        if not _is_short(other, home) or (home is file and not other.conditional):
            return
    if _is_short(setting, file) and not proxy_sends(file, _HEADER):
        seconds = seconds_of(setting.value, file) or 0
        yield rule.finding(
            setting.node,
            file,
            confidence=POSSIBLE if seconds else None,
            what=_SETTING,
            state=f"lasts {worded(seconds)} only" if seconds else "is 0",
            cause_hint=rf"\b{_SETTING}\b",
        )


def _is_short(setting: Setting, file: File) -> bool:
    seconds = seconds_of(setting.value, file)
    if seconds is None:
        value = unset_value(setting.value, file)
        return value is not None and value.value in (None, False, "0", "")
    return seconds < _SHORTEST


@rule.on_setting(*_ENCRYPTED)
def check_left_out(setting: Setting, file: File) -> Iterator[Finding]:
    """The first setting that says all is encrypted, where no module of the site mentions the time."""
    value = unset_value(setting.value, file)
    if setting.framework != "django" or value is None or value.value is not True or setting.conditional:
        return
    if is_for_development(setting.node) or any(True for _ in replacements(setting, file)):
        return
    site = site_of(file)
    first = next(name for name in _ENCRYPTED if site.mentions(name))
    if setting.name != first or not site.complete or site.mentions(_SETTING) or proxy_sends(file, _HEADER):
        return
    yield rule.finding(
        setting.node,
        file,
        what=_SETTING,
        state=f"is missing beside {setting.name}",
        cause_hint=rf"\b{_SETTING}\b",
    )


@rule.on_node(ast.Module)
def check_header(node: ast.Module, file: File) -> Iterator[Finding]:
    """The header is set by hand, for nothing or for a short time."""
    for header in headers_set(file, _HEADER):
        value = unset_value(header.value, file)
        age = _AGE.search(str(value.value)) if value is not None else None
        if age is None or int(age[1]) >= _SHORTEST or is_asked(header):
            continue
        if not is_under_debug(header.node) and not is_for_development(header.node):
            state = f"lasts {worded(int(age[1]))} only" if int(age[1]) else "is ended at once"
            yield rule.finding(header.node, file, what=_HEADER, state=state)


@rule.on_call(*CALLS)
def check_talisman(call: Call, file: File) -> Iterator[Finding]:
    """Flask-Talisman is told to leave the header out, or to keep it short."""
    for option in ("strict_transport_security", "strict_transport_security_max_age"):
        value = told(option, call, file)
        given = call.argument(None, option)
        if value is None or given is None or proxy_sends(file, _HEADER):
            continue
        seconds = seconds_of(given, file)
        if not value.value:
            yield rule.finding(given, file, what=option, state="is off")
        elif seconds is not None and seconds < _SHORTEST:
            yield rule.finding(given, file, what=option, state=f"lasts {worded(seconds)} only")
