"""Django's `MIDDLEWARE`: what is in the list, in which order, and what a site goes without."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from checks.frameworks.django.modules import Site, site_of
from checks.frameworks.setting import Setting
from checks.frameworks.settings import is_for_development, replacements
from checks.semantics.source import File

SETTINGS = ("MIDDLEWARE", "MIDDLEWARE_CLASSES")

SECURITY = "django.middleware.security.SecurityMiddleware"
CLICKJACKING = "django.middleware.clickjacking.XFrameOptionsMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"

_CACHE = "django.middleware.cache.UpdateCacheMiddleware"
_COMMON = "django.middleware.common.CommonMiddleware"
_CORS = "corsheaders.middleware.CorsMiddleware"
_LOCALE = "django.middleware.locale.LocaleMiddleware"
_WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"

ORDER = (
    (SESSION, AUTHENTICATION, "nobody is ever logged in", "medium"),
    (SESSION, "django.contrib.messages.middleware.MessageMiddleware", "messages have no store", "low"),
    (
        AUTHENTICATION,
        "django.contrib.auth.middleware.RemoteUserMiddleware",
        "it has no user to set",
        "medium",
    ),
    (AUTHENTICATION, "django.contrib.auth.middleware.LoginRequiredMiddleware", "it knows no user", "medium"),
    (AUTHENTICATION, "django_otp.middleware.OTPMiddleware", "it knows no user to verify", "medium"),
    (_CACHE, SESSION, "pages of one visitor are cached for others", "high"),
    (_CACHE, _LOCALE, "pages in one language are cached for all", "low"),
    (_CACHE, "django.middleware.gzip.GZipMiddleware", "pages are cached packed for all", "low"),
    (_CACHE, "django.middleware.cache.FetchFromCacheMiddleware", "pages are never stored", "low"),
    (SECURITY, _WHITENOISE, "files are served without HTTPS and headers", "medium"),
    (_CORS, _COMMON, "redirects lack the CORS headers", "low"),
)
"""Pairs of middleware of which the first must stand first; what follows otherwise, and how much that weighs.

Sources: https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering, the packages' own set-up pages.
"""

_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """A middleware of the list: its dotted name, and the text that names it."""

    name: str
    node: ast.AST


@dataclass(frozen=True, slots=True)
class Middleware:
    """The list in its order; `complete` unless a part of it can't be seen."""

    entries: tuple[Entry, ...]
    complete: bool

    def position(self, *names: str) -> int | None:
        """The place of the first entry of these dotted names, from 0."""
        return next((place for place, entry in enumerate(self.entries) if entry.name in names), None)


def middleware_in(value: ast.AST, file: File) -> Middleware:
    """The middleware that a list, a tuple or a sum of them holds."""
    entries, complete = _listed(value, file, _DEPTH)
    return Middleware(tuple(entries), complete)


@dataclass(frozen=True, slots=True)
class Present:
    """A middleware that a site has: its entry in the list, and the site."""

    entry: Entry
    site: Site


def whole_site_with(name: str, setting: Setting, file: File) -> Present | None:
    """The site of a `MIDDLEWARE` that holds a middleware, `None` where it does not, or where not all can be seen.

    For settings that the middleware goes by: one that no module of the site mentions is at its default.
    """
    site = _whole_site(setting, file)
    if site is None:
        return None
    entries = middleware_in(setting.value, file).entries
    return next((Present(entry, site) for entry in entries if entry.name == name), None)


def site_without(setting: Setting, file: File, *words: str) -> Site | None:
    """The site of a `MIDDLEWARE` that goes without a middleware, `None` where it may have one.

    `words` are parts of the names that such a middleware bears; a class of the project's own with such a name counts.
    Only a whole list for production is judged: one with Django's own in it, that no other module replaces or adds to.
    """
    site = _whole_site(setting, file)
    if site is None:
        return None
    lowered = tuple(word.lower() for word in words)
    dotted = (text.lower() for text in site.texts if "." in text and len(text) < 200)
    return None if any(word in text for text in dotted for word in lowered) else site


def _whole_site(setting: Setting, file: File) -> Site | None:
    """The site of a `MIDDLEWARE` that is all there is: see `site_without`."""
    if setting.framework != "django" or setting.conditional or is_for_development(setting.node):
        return None
    middleware = middleware_in(setting.value, file)
    own = [entry for entry in middleware.entries if entry.name.startswith("django.")]
    if not middleware.complete or len(own) < 2 or any(True for _ in replacements(setting, file)):
        return None
    site = site_of(file)
    if not site.complete or not site.mentions("INSTALLED_APPS", "ROOT_URLCONF"):
        return None
    if any(_grows_unseen(node, home) for home in site.modules for node in home.nodes):
        return None
    return site


def _grows_unseen(node: ast.AST, file: File) -> bool:
    """Whether something is added to the list that can't be seen: `MIDDLEWARE += more()`."""
    match node:
        case ast.AugAssign(target=ast.Name(id=name), value=value):
            return name in SETTINGS and not _listed(value, file, _DEPTH)[1]
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name)), args=[*_, last]):
            known = file.constant(last)
            return name in SETTINGS and not (known and isinstance(known.value, str | list | tuple))
    return False


def _listed(value: ast.AST, file: File, depth: int) -> tuple[list[Entry], bool]:
    if depth <= 0:
        return [], False
    match value:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            entries, complete = [], True
            for element in elements[:500]:
                found, certain = _element(element, file, depth)
                entries += found
                complete = complete and certain
            return entries, complete
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            before, sure = _listed(left, file, depth - 1)
            behind, certain = _listed(right, file, depth - 1)
            return before + behind, sure and certain
        case ast.Name():
            bound = file.names.value(value)
            return ([], False) if bound is value else _listed(bound, file, depth - 1)
    return [], False


def _element(element: ast.expr, file: File, depth: int) -> tuple[list[Entry], bool]:
    if isinstance(element, ast.Starred):
        return _listed(element.value, file, depth - 1)
    text = file.constant(element)
    if text is None or not isinstance(text.value, str):
        return [], False
    return [Entry(text.value, element)], True
