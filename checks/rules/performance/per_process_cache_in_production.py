"""Caches and counters in production that each process keeps for itself.

## What it does

Reports settings for production whose cache lives in the memory of one process or keeps nothing: Django's `LocMemCache`
and `DummyCache`, Flask-Caching's `SimpleCache` and `NullCache`, Flask-Limiter's counters in memory; and sessions or
throttles that rest on Django's cache where no `CACHES` is set, so that its default, `LocMemCache`, is used.

## Why it matters

A site is served by several processes. A cache in the memory of one is filled anew by each, and what one deletes the
others go on serving. Where sessions rest on it a visitor is logged in with one process and unknown to the next;
limits of logins count for each process anew, and begin again at each start.

## Example

```python title="shop/settings.py"
DEBUG = False
ALLOWED_HOSTS = ["shop.example"]
ROOT_URLCONF = "shop.urls"
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    }
}
```

## Use instead

```python title="shop/settings.py"
DEBUG = False
ALLOWED_HOSTS = ["shop.example"]
ROOT_URLCONF = "shop.urls"
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://cache:6379",
    }
}
```

## Limits

A site that is served by a single process loses nothing. Caches beside the one called `default` are left alone, and so
are settings whose backend is chosen by a variable of the environment, set within an `if`, or changed by a module for
production.

## References

- [Django: local-memory caching](https://docs.djangoproject.com/en/stable/topics/cache/#local-memory-caching)
- [Django REST framework: throttling and caches](https://www.django-rest-framework.org/api-guide/throttling/#setting-up-the-cache)
- [Flask-Limiter: storage](https://flask-limiter.readthedocs.io/en/stable/#configuring-a-storage-backend)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.caches import EMPTY, PER_PROCESS, caches_in, changes_caches, resting_on_cache
from checks.frameworks.django.modules import site_of
from checks.frameworks.settings import depends_on_debug, is_for_development, replacements
from checks.model import Confidence
from checks.rule import LIKELY, LOW, MEDIUM, POSSIBLE, Call, File, Finding, Rule, Setting

rule = Rule(
    __name__,
    checklist="performance.caching",
    severity=LOW,
    confidence=LIKELY,
    message="`{what}` {how}: {effect}",
    advice="Configure a cache that all processes share, such as Redis or Memcached",
)

_OWN = "is each process's own memory"
_EMPTY = "keeps nothing"
_DEFAULT = "takes the default cache, each process's own memory"
_EFFECTS = {
    _OWN: {
        "": "the others don't see what it stores or deletes",
        "copies": "the others go on with old sessions",
        "limits": "each counts its limits anew",
        "sessions": "the others don't know its sessions",
    },
    _EMPTY: {
        "": "what asks it is computed each time",
        "copies": "each session is read from the database",
        "limits": "no limit counts",
        "sessions": "no session lasts",
    },
}
_STORAGE = "RATELIMIT_STORAGE_UR"
_CONFIGURATION = (".py", ".cfg", ".env", ".json", ".toml", ".yaml", ".yml")


@rule.on_setting("CACHES")
def check_caches(setting: Setting, file: File) -> Iterator[Finding]:
    """Django's default cache, unless a module for production gives another."""
    if setting.framework != "django" or _is_elsewhere(setting, file):
        return
    for cache in caches_in(setting.value, file):
        if cache.alias == "default" and cache.backend in PER_PROCESS | EMPTY:
            site = site_of(file)
            doubted = None if site.complete else POSSIBLE
            yield _finding(cache.node, file, cache.backend, resting_on_cache(site), doubted)


@rule.on_setting("SESSION_ENGINE", "REST_FRAMEWORK", "RATELIMIT_USE_CACHE")
def check_default(setting: Setting, file: File) -> Iterator[Finding]:
    """Sessions or throttles on the cache that Django takes where none is set."""
    if setting.framework != "django" or setting.conditional or is_for_development(setting.node):
        return
    site = site_of(file)
    resting = _resting(setting, file)
    if not resting or not site.complete or site.mentions("CACHES") or any(replacements(setting, file)):
        return
    if site.mentions("INSTALLED_APPS", "ROOT_URLCONF"):
        effect = _EFFECTS[_OWN][resting]
        yield rule.finding(
            setting.node,
            file,
            severity=MEDIUM,
            what=setting.name,
            how=_DEFAULT,
            effect=effect,
            cause_hint="CACHES",
        )


@rule.on_setting("CACHE_TYPE", "RATELIMIT_STORAGE_URI", "RATELIMIT_STORAGE_URL")
def check_flask(setting: Setting, file: File) -> Iterator[Finding]:
    """Flask-Caching's and Flask-Limiter's configuration."""
    if setting.framework != "flask" or _is_elsewhere(setting, file):
        return
    yield from _of_flask(setting.value, file)


@rule.on_call("flask_caching.Cache", "flask_limiter.Limiter")
def check_extension(call: Call, file: File) -> Iterator[Finding]:
    """The same given to the extension itself; a limiter that is given no storage counts in memory."""
    if is_for_development(call.node):
        return
    config, storage = call.argument(1, "config"), call.argument(None, "storage_uri")
    if call.name.endswith("Cache"):
        for key, value in (
            zip(config.keys, config.values, strict=True) if isinstance(config, ast.Dict) else ()
        ):
            named = file.constant(key)
            if named is not None and named.value == "CACHE_TYPE":
                yield from _of_flask(value, file)
    elif storage is not None:
        yield from _of_flask(storage, file)
    elif not call.unpacks and not file.project.mentioning((_STORAGE,), *_CONFIGURATION):
        yield _finding(call.node, file, "memory://", "limits", POSSIBLE)


def _is_elsewhere(setting: Setting, file: File) -> bool:
    """Whether it is for development, or not what production comes to."""
    if setting.conditional or is_for_development(setting.node) or depends_on_debug(setting.value):
        return True
    if any(replacements(setting, file)):
        return True
    return setting.framework == "django" and any(map(changes_caches, site_of(file).modules))


def _resting(setting: Setting, file: File) -> str:
    """What rests on the cache by this setting."""
    given = file.constant(setting.value)
    if setting.name == "SESSION_ENGINE":
        engine = given.value if given is not None else None
        return "sessions" if engine == "django.contrib.sessions.backends.cache" else ""
    keys = [file.constant(key) for key in setting.value.keys] if isinstance(setting.value, ast.Dict) else []
    throttles = any(key is not None and key.value == "DEFAULT_THROTTLE_CLASSES" for key in keys)
    return "limits" if throttles or setting.name == "RATELIMIT_USE_CACHE" else ""


def _of_flask(node: ast.expr, file: File) -> Iterator[Finding]:
    given = file.constant(node)
    if given is not None and given.value in PER_PROCESS | EMPTY:
        yield _finding(node, file, str(given.value), "")
    elif given is not None and str(given.value).startswith("memory:"):
        yield _finding(node, file, str(given.value), "limits")


def _finding(
    node: ast.AST, file: File, backend: str, resting: str, confidence: Confidence | None = None
) -> Finding:
    how = _EMPTY if backend in EMPTY else _OWN
    return rule.finding(
        node,
        file,
        severity=MEDIUM if resting else LOW,
        confidence=confidence,
        what=backend.rpartition(".")[2] or backend,
        how=how,
        effect=_EFFECTS[how][resting],
        cause_hint="BACKEND|CACHE_TYPE|STORAGE|storage_uri",
    )
