"""Forged requests trusted from anybody's sites.

## What it does
Reports `CSRF_TRUSTED_ORIGINS` of Django that hold every host, or a domain under which anyone can have one
(`https://*.herokuapp.com`), and `WTF_CSRF_TRUSTED_HOSTS` of Flask-WTF likewise.

## Why it matters
Requests from these origins pass the check of where they come from. On a shared domain an attacker rents a name in a
minute, and serves the page that acts for your visitors from there.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
CSRF_TRUSTED_ORIGINS = ["https://*.herokuapp.com"]
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
CSRF_TRUSTED_ORIGINS = ["https://shop-web.herokuapp.com"]
```

## Limits
Shared domains are known from a list of the common ones. A wildcard below a domain of your own is not reported.

## References
- [Django: CSRF_TRUSTED_ORIGINS](https://docs.djangoproject.com/en/stable/ref/settings/#csrf-trusted-origins)
- [Flask-WTF: configuration](https://flask-wtf.readthedocs.io/en/stable/config/)
- [CWE-352: Cross-Site Request Forgery](https://cwe.mitre.org/data/definitions/352.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.environment import reads_environment
from checks.frameworks.hosts import hosts_in, is_too_broad
from checks.frameworks.settings import depends_on_debug, is_for_development, replacements
from checks.rule import LIKELY, MEDIUM, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.csrf",
    cwe=352,
    severity=MEDIUM,
    roles=(Role.PRODUCTION,),
    message="`{name}` trusts `{origin}`: anybody's site there can act for visitors",
    advice="List the origins of your own sites",
)


@rule.on_setting("CSRF_TRUSTED_ORIGINS", "WTF_CSRF_TRUSTED_HOSTS")
def check(setting: Setting, file: File) -> Iterator[Finding]:
    """The first origin that lets everybody in, where nothing for production replaces the list."""
    origin = _too_broad(setting, file)
    if origin is None or setting.conditional or is_for_development(setting.node):
        return
    if any(_too_broad(other, home) is None for other, home in replacements(setting, file)):
        return
    yield rule.finding(
        setting.node,
        file,
        confidence=LIKELY if reads_environment(setting.value, file) else None,
        name=setting.name,
        origin=origin,
    )


def _too_broad(setting: Setting, file: File) -> str | None:
    if depends_on_debug(setting.value):
        return None
    return next((text for text in hosts_in(setting.value, file) if _is_for_all(text)), None)


def _is_for_all(origin: str) -> bool:
    """Whether everybody can have a site at an origin: `*`, `https://*`, `https://*.herokuapp.com`."""
    host = origin.rpartition("://")[2].partition(":")[0].removesuffix("/")
    return host == "*" or (host.startswith(("*.", ".")) and is_too_broad(f".{host.lstrip('*.')}"))
