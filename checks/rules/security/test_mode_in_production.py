"""Switches for tests that are on in production.

## What it does
Reports settings that are there for tests and stand in the settings for production: `TESTING` and `LOGIN_DISABLED`
of Flask, `CAPTCHA_TEST_MODE`, mail that goes to the console or nowhere, tasks of Celery that run in the request.

## Why it matters
These switches turn protection off so that tests need not step around it: logins are not asked for, captchas take
any answer. Others lose what the site promises, as a mail for a new password that is only printed.

## Example
```python title="config.py"
class ProductionConfig:
    SECRET_KEY = None
    LOGIN_DISABLED = True
```

## Use instead
```python title="config.py"
class ProductionConfig:
    SECRET_KEY = None


class TestConfig(ProductionConfig):
    LOGIN_DISABLED = True
```

## Limits
Mail that goes to the console is reported only where the settings are the only ones of the site. What is set within
an `if`, or replaced by a module for production, is not reported.

## References
- [Flask: TESTING](https://flask.palletsprojects.com/en/stable/config/#TESTING)
- [Django: EMAIL_BACKEND](https://docs.djangoproject.com/en/stable/ref/settings/#email-backend)
- [CWE-489: Active Debug Code](https://cwe.mitre.org/data/definitions/489.html)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checks.frameworks.django.modules import site_of
from checks.frameworks.settings import standing
from checks.model import Severity
from checks.rule import HIGH, LIKELY, LOW, MEDIUM, POSSIBLE, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.debug-off",
    cwe=489,
    severity=MEDIUM,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{name}` is {value} in production: {consequence}",
    advice="Set it in the settings for tests and development only",
)

Test = Callable[[object], bool]

_SILENT = ("console.EmailBackend", "dummy.EmailBackend", "filebased.EmailBackend", "locmem.EmailBackend")


def _is_silent(value: object) -> bool:
    return isinstance(value, str) and value.endswith(_SILENT)


_SWITCHES: dict[str, tuple[str, Test, Severity, str]] = {
    "TESTING": ("flask", bool, MEDIUM, "errors pass unhandled, and extensions drop their checks"),
    "LOGIN_DISABLED": ("flask", bool, HIGH, "nobody has to log in"),
    "CAPTCHA_TEST_MODE": ("django", bool, HIGH, "captchas take any answer"),
    "MAIL_SUPPRESS_SEND": ("flask", bool, LOW, "mails are not sent"),
    "EMAIL_BACKEND": ("django", _is_silent, LOW, "mails are not sent, and links in them are logged"),
    "CELERY_TASK_ALWAYS_EAGER": ("", bool, LOW, "tasks run in the request, and fail with it"),
    "CELERY_ALWAYS_EAGER": ("", bool, LOW, "tasks run in the request, and fail with it"),
}


@rule.on_setting(*_SWITCHES)
def check(setting: Setting, file: File) -> Iterator[Finding]:
    """A switch for tests is on where nothing for production puts it off."""
    framework, test, severity, consequence = _SWITCHES[setting.name]
    wrong = standing(setting, file, test)
    if wrong is None or framework not in ("", setting.framework):
        return
    mild = severity is LOW
    if mild and (wrong.unless_told or len(site_of(file).modules) > 1):
        return
    yield rule.finding(
        setting.node,
        file,
        severity=severity,
        confidence=POSSIBLE if mild or wrong.unless_told else None,
        name=setting.name,
        value=file.segment(setting.value),
        consequence=consequence,
    )
