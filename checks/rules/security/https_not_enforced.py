"""Plain HTTP answered instead of redirected.

## What it does
Reports Django settings whose `SECURE_SSL_REDIRECT` is off or left out, and Flask-Talisman that is told not to force
HTTPS.

## Why it matters
A visitor who types the address, or follows an old link, arrives by plain HTTP. If that request is answered,
everyone on the way reads it and can change the answer: swap a form's target, add a script, keep the visitor on HTTP
for good.

## Example
```python title="shop/settings/production.py"
ROOT_URLCONF = "shop.urls"
ALLOWED_HOSTS = ["shop.example.com"]
SECURE_SSL_REDIRECT = False
```

## Use instead
```python title="shop/settings/production.py"
ROOT_URLCONF = "shop.urls"
ALLOWED_HOSTS = ["shop.example.com"]
SECURE_SSL_REDIRECT = True
```

## Limits
A proxy may redirect before Django is asked. Where the repository holds its configuration that is seen, and the rule
is quiet; where it doesn't, the finding is of low confidence. Settings that can't be read as a whole are left alone.

## References
- [Django: SECURE_SSL_REDIRECT](https://docs.djangoproject.com/en/stable/ref/settings/#secure-ssl-redirect)
- [Flask-Talisman: options](https://github.com/wntrblm/flask-talisman#options)
- [CWE-319: Cleartext Transmission of Sensitive Information](https://cwe.mitre.org/data/definitions/319.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.django.middleware import SECURITY, SETTINGS, whole_site_with
from checks.frameworks.flask.talisman import CALLS, told
from checks.frameworks.proxies import proxy_enforces_https
from checks.frameworks.settings import standing
from checks.rule import LIKELY, LOW, MEDIUM, POSSIBLE, Call, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=319,
    severity=MEDIUM,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{what}` {state}: visitors who arrive by plain HTTP stay there",
    advice="Redirect to HTTPS: `SECURE_SSL_REDIRECT = True`, unless a proxy in front does",
)

_SETTING = "SECURE_SSL_REDIRECT"


@rule.on_setting(_SETTING)
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The redirect is switched off in production, and no proxy's configuration in the tree redirects."""
    off = standing(setting, file, lambda value: not value)
    if off is None or setting.framework != "django" or proxy_enforces_https(file):
        return
    yield rule.finding(
        setting.node,
        file,
        severity=LOW if off.unless_told else None,
        confidence=POSSIBLE if off.unless_told else None,
        what=_SETTING,
        state="is off unless told otherwise" if off.unless_told else "is off",
        cause_hint=rf"\b{_SETTING}\b.*\b(True|1)\b",
    )


@rule.on_setting(*SETTINGS)
def check_left_out(setting: Setting, file: File) -> Iterator[Finding]:
    """`SecurityMiddleware` is there to redirect, and no settings module tells it to."""
    found = whole_site_with(SECURITY, setting, file)
    if found is None or found.site.mentions(_SETTING) or proxy_enforces_https(file):
        return
    yield rule.finding(
        found.entry.node,
        file,
        severity=LOW,
        confidence=POSSIBLE,
        what=_SETTING,
        state="is nowhere set",
        cause_hint=rf"\b{_SETTING}\b",
    )


@rule.on_call(*CALLS)
def check_talisman(call: Call, file: File) -> Iterator[Finding]:
    """Flask-Talisman is told to leave plain HTTP alone."""
    forced = told("force_https", call, file)
    given = call.argument(None, "force_https")
    if forced is not None and given is not None and not forced.value and not proxy_enforces_https(file):
        yield rule.finding(
            given, file, what="force_https", state="is off", cause_hint=r"\bforce_https\b.*True"
        )
