"""Middleware in an order that takes a protection away.

## What it does
Reports entries of Django's `MIDDLEWARE` that stand before another one that they need, or behind one that must not
see the request first: sessions behind authentication, `SecurityMiddleware` behind WhiteNoise, the site-wide cache
inside of the session, CORS behind `CommonMiddleware` and more.

## Why it matters
Each middleware sees the request before those below it, and the response after them. The cache behind the session
stores a page before it is marked as belonging to one visitor: the next one gets it. WhiteNoise above
`SecurityMiddleware` answers before visitors are sent to HTTPS.

## Example
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
]
```

## Use instead
```python title="shop/settings.py"
ROOT_URLCONF = "shop.urls"
MIDDLEWARE = [
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
]
```

## Limits
Only pairs whose documentation demands an order are known. Middleware of the project's own, and lists that are put
together while the settings load, are not followed.

## References
- [Django: middleware ordering](https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering)
- [django-cors-headers: setup](https://github.com/adamchainz/django-cors-headers#setup)
- [CWE-696: Incorrect Behavior Order](https://cwe.mitre.org/data/definitions/696.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.django.middleware import ORDER, SETTINGS, middleware_in
from checks.frameworks.settings import is_for_development
from checks.model import Severity
from checks.rule import HIGH, LOW, MEDIUM, File, Finding, Role, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=696,
    severity=MEDIUM,
    roles=(Role.PRODUCTION,),
    message="`{entry}` stands behind `{other}`: {consequence}",
    advice="Put the middleware in the order that its documentation asks for",
)

_SEVERITIES: dict[str, Severity] = {"high": HIGH, "low": LOW}


@rule.on_setting(*SETTINGS)
def check(setting: Setting, file: File) -> Iterator[Finding]:
    """Pairs of entries that stand the wrong way round."""
    if setting.framework != "django" or is_for_development(setting.node):
        return
    middleware = middleware_in(setting.value, file)
    reported = set()
    for first, second, consequence, weight in ORDER:
        before, behind = middleware.position(first), middleware.position(second)
        if before is None or behind is None or before < behind or first in reported:
            continue
        reported.add(first)
        yield rule.finding(
            middleware.entries[before].node,
            file,
            severity=_SEVERITIES.get(weight),
            entry=first.rpartition(".")[2],
            other=second.rpartition(".")[2],
            consequence=consequence,
        )
