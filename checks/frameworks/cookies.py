"""Cookies as both frameworks set them: which attributes protect them, and which cookies need them most."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from checks.frameworks.environment import unset_value
from checks.frameworks.settings import words
from checks.semantics.source import Call, File

ATTRIBUTES = ("secure", "httponly", "samesite")
SETTINGS = {
    "CSRF_COOKIE_SECURE": "secure",
    "JWT_COOKIE_SECURE": "secure",
    "REMEMBER_COOKIE_HTTPONLY": "httponly",
    "REMEMBER_COOKIE_SECURE": "secure",
    "SESSION_COOKIE_HTTPONLY": "httponly",
    "SESSION_COOKIE_SAMESITE": "samesite",
    "SESSION_COOKIE_SECURE": "secure",
}
"""The settings of Django, Flask, Flask-Login and Flask-JWT-Extended, and the attribute that each switches."""

# `set_cookie` takes the same positions in Django and Werkzeug; `set_signed_cookie` hands keywords on to it.
_POSITIONS = {"secure": 6, "httponly": 7, "samesite": 8}
_SENSITIVE = frozenset(
    {
        "apikey",
        "auth",
        "authentication",
        "authorization",
        "bearer",
        "credentials",
        "csrf",
        "csrftoken",
        "jwt",
        "otp",
        "password",
        "remember",
        "secret",
        "session",
        "sessionid",
        "sid",
        "sso",
        "token",
        "xsrf",
    }
)
_PREFERENCES = frozenset(
    {"color", "colour", "lang", "language", "locale", "sidebar", "theme", "timezone", "tz"}
)
_FOR_SCRIPTS = frozenset({"csrf", "csrftoken", "xsrf"})
_OTHER_RECEIVERS = frozenset({"browser", "client", "cookiejar", "cookies", "driver", "jar"})
_ENDED = re.compile(r"0|-\d+|.*\b19[67]\d\b.*")


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that a response sets: its name as far as it is known, and the attributes that it goes without.

    `refused` are those that are switched off in so many words; `sensitive` says that it holds a session or a token,
    `trivial` that its value is a constant or what a visitor prefers, such as a language.
    """

    name: str
    missing: tuple[str, ...]
    refused: tuple[str, ...]
    sensitive: bool
    trivial: bool = False


def is_off(attribute: str, value: object) -> bool:
    """Whether a value leaves a cookie without an attribute; `samesite` by None, False and `"None"`."""
    return not value or (attribute == "samesite" and str(value).lower() == "none")


def cookie_of(call: Call, file: File) -> Cookie | None:
    """The cookie that a call of `set_cookie` sets, `None` for other methods of that name and for deletions."""
    receiver = call.node.func.value if isinstance(call.node.func, ast.Attribute) else None
    if receiver is None or _last(receiver) in _OTHER_RECEIVERS or _ends(call, file):
        return None
    name = call.argument(0, "key")
    value = call.argument(1, "value")
    if name is None or (value is None and not call.node.keywords):
        return None
    text = file.constant(name)
    known = text is not None and isinstance(text.value, str)
    label = str(text.value) if text is not None and known else file.segment(name)
    # A variable called `token` holds any name; `SESSION_COOKIE_NAME` says which.
    about = words(label) if known or words(label) & {"cookie", "key", "name"} else frozenset()
    missing = [attribute for attribute in ATTRIBUTES if _is_missing(attribute, call, file)]
    if not _FOR_SCRIPTS.isdisjoint(about) and "httponly" in missing:
        missing.remove("httponly")
    sensitive = not _SENSITIVE.isdisjoint(about | words(_last(value)))
    known_to_all = file.constant(value) is not None or not _PREFERENCES.isdisjoint(words(label))
    return Cookie(
        label,
        tuple(missing),
        tuple(attribute for attribute in missing if _given(attribute, call) is not None),
        sensitive,
        known_to_all and not sensitive,
    )


def _is_missing(attribute: str, call: Call, file: File) -> bool:
    """Whether the cookie goes without an attribute; what isn't certain is trusted."""
    given = _given(attribute, call)
    if given is None:
        return not call.unpacks
    value = unset_value(given, file)
    return value is not None and is_off(attribute, value.value)


def _given(attribute: str, call: Call) -> ast.expr | None:
    signed = isinstance(call.node.func, ast.Attribute) and call.node.func.attr == "set_signed_cookie"
    return call.argument(None if signed else _POSITIONS[attribute], attribute)


def _ends(call: Call, file: File) -> bool:
    """Whether the call makes the browser forget the cookie."""
    for keyword, position in (("max_age", 2), ("expires", 3)):
        value = file.constant(call.argument(position, keyword))
        if value is not None and _ENDED.fullmatch(str(value.value)):
            return True
    return False


def _last(node: ast.expr | None) -> str:
    """The last name of an expression: of `request.session.session_key`, `session_key`; of a call, what is called."""
    while isinstance(node, (ast.Call, ast.Await)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
