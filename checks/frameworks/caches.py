"""The caches that settings configure, and what of a Django site rests on them.

From Django's documentation: "Django's cache framework" (the default is local-memory caching, which is per process),
"How to use sessions"; from Django REST framework's "Throttling"; from Flask-Caching's "Configuring Flask-Caching".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.frameworks.django.managers import MANAGER_NAMES
from checks.frameworks.django.modules import Site
from checks.semantics.enclosing import called, function_around
from checks.semantics.nodes import descendants
from checks.semantics.roles import RUNNING, role_of
from checks.semantics.source import File
from checks.semantics.values import Value

PER_PROCESS = frozenset(
    {
        "django.core.cache.backends.locmem.LocMemCache",
        "flask_caching.backends.SimpleCache",
        "flask_caching.backends.simple",
        "flask_caching.backends.simplecache.SimpleCache",
        "SimpleCache",
        "simple",
    }
)
"""Backends that keep what they hold in the memory of one process."""

EMPTY = frozenset(
    {
        "django.core.cache.backends.dummy.DummyCache",
        "flask_caching.backends.NullCache",
        "flask_caching.backends.null",
        "flask_caching.backends.nullcache.NullCache",
        "NullCache",
        "null",
    }
)
"""Backends that keep nothing."""

_SESSIONS = {
    "django.contrib.sessions.backends.cache": "sessions",
    "django.contrib.sessions.backends.cached_db": "copies",
}
_DELETES = re.compile(r"\.a?(delete|delete_many|delete_pattern|clear|incr_version|invalidate\w*)\(")
_SHORT = 4
_LOCKOUTS = "axes.handlers.cache.AxesCacheHandler"
_COUNTERS = ("DEFAULT_THROTTLE_CLASSES", "DEFAULT_THROTTLE_RATES", "RATELIMIT_USE_CACHE", "RATELIMIT_ENABLE")


@dataclass(frozen=True, slots=True)
class Configured:
    """One cache of `CACHES`: its alias, its backend's dotted name, and the expressions of its options."""

    alias: str
    backend: str
    node: ast.AST
    options: dict[str, ast.expr]
    file: File


def caches_in(value: ast.expr, file: File) -> Iterator[Configured]:
    """The caches that a literal `CACHES` names, those whose backend is certain."""
    value = _followed(value, file)
    if not isinstance(value, ast.Dict):
        return
    for key, given in zip(value.keys, value.values, strict=True):
        alias, inner = file.constant(key), _followed(given, file)
        if alias is None or not isinstance(inner, ast.Dict):
            continue
        options = {
            str(name.value): option
            for name, option in (
                (file.constant(one), two) for one, two in zip(inner.keys, inner.values, strict=True)
            )
            if name is not None
        }
        backend = file.constant(options.get("BACKEND"))
        if backend is not None and isinstance(backend.value, str):
            yield Configured(str(alias.value), backend.value, options["BACKEND"], options, file)


def resting_on_cache(site: Site) -> str:
    """What every process of a site must see of the cache: `sessions`, `copies` of sessions, `limits`, or nothing."""
    for engine, what in _SESSIONS.items():
        if engine in site.texts:
            return what
    counted = not site.texts.isdisjoint({_LOCKOUTS, "django_ratelimit", "ratelimit"})
    return "limits" if counted or site.mentions(*_COUNTERS) else ""


def changes_caches(file: File) -> bool:
    """Whether a settings module changes `CACHES` in place: by key, by `update`, in a function."""
    return any(
        isinstance(node, (ast.Subscript, ast.Attribute)) and getattr(node.value, "id", "") == "CACHES"
        for node in file.nodes
    )


def is_deleted(key: ast.expr, file: File) -> bool:
    """Whether a file that mentions a cache's key, or a part of it, deletes or clears something of a cache."""
    words = tuple(sorted(_key_words(_followed(key, file), file) | _key_words(key, file)))
    for path in file.project.mentioning(words, ".py") if words else ():
        text = file.text if path == file.path else getattr(file.project.file(path), "text", "")
        if role_of(path) in RUNNING and _DELETES.search(text):
            return True
    return False


def _key_words(key: ast.expr, file: File) -> set[str]:
    """The texts and names that a key is made of, but for those that say nothing."""
    found = set()
    for node in descendants(key):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value.strip(" :_-.%s{}"))
        elif isinstance(node, (ast.Name, ast.Attribute)):
            found.add(node.id if isinstance(node, ast.Name) else node.attr)
    long = {word for word in found if len(word) > _SHORT or (word.isupper() and len(word) > 1)}
    return {word for word in long if "|" not in word and "*" not in word}


def is_read_back(call: ast.Call, key: ast.expr, file: File) -> bool:
    """Whether what is stored under a key is asked for in the same file: by the call itself, or by another one."""
    if called(call) in ("aget_or_set", "get_or_set"):
        return True
    text, folded = file.segment(key), file.constant(key)
    for node in file.nodes:
        if isinstance(node, ast.Call) and node.args and called(node) in ("aget", "get"):
            given = file.constant(node.args[0])
            same = given is not None and folded is not None and given.value == folded.value
            if same or file.segment(node.args[0]) == text:
                return True
    return False


def reads_rows(node: ast.expr, value: Value, file: File) -> bool:
    """Whether an expression gives what a database was asked for, by itself or where it is called."""
    if _holds_rows(value, 3):
        return True
    return any(
        isinstance(inner, ast.Attribute) and inner.attr in MANAGER_NAMES
        for one in (_followed(node, file), *_given(node))
        for inner in descendants(one)
    )


def _given(node: ast.expr) -> Iterator[ast.expr]:
    """What a name is given in its function: first what the cache has, then what is asked for when it has nothing."""
    around = function_around(node)
    for inner in descendants(around) if isinstance(node, ast.Name) and around is not None else ():
        if isinstance(inner, ast.Assign) and isinstance(node, ast.Name):
            if any(isinstance(target, ast.Name) and target.id == node.id for target in inner.targets):
                yield inner.value


def _holds_rows(value: Value, depth: int) -> bool:
    inner = (
        [*(value.items or {}).values(), *([value.rest] if value.rest is not None else [])] if depth else []
    )
    return value.record is not None or any(_holds_rows(one, depth - 1) for one in inner)


def _followed(node: ast.expr, file: File) -> ast.expr:
    found = file.names.value(node)
    return found if isinstance(found, ast.expr) else node
