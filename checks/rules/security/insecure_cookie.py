"""Cookies without their protection.

## What it does
Reports cookies whose `secure`, `httponly` or `samesite` is missing or off: in `set_cookie` and `set_signed_cookie`
of both frameworks, and in the settings of Django, Flask, Flask-Login and Flask-JWT-Extended. Cookies that hold a
session or a token count most; of others, only `secure` is asked for.

## Why it matters
A cookie without `secure` is sent over plain HTTP too: one request for an image by `http://` is enough for anyone on
the same Wi-Fi to read it. Without `httponly`, a single injected script takes the session away. Without `samesite`,
forms on other sites act in the visitor's name wherever the browser doesn't guess better.

## Example
```python title="shop/views.py"
from django.http import HttpResponse


def sign_in(request, token):
    response = HttpResponse("Welcome")
    response.set_cookie("session_token", token)
    return response
```

## Use instead
```python title="shop/views.py"
from django.http import HttpResponse


def sign_in(request, token):
    response = HttpResponse("Welcome")
    response.set_cookie("session_token", token, secure=True, httponly=True, samesite="Lax")
    return response
```

## Limits
What a cookie is for is told from its name; that of a constant, a language or a theme is reported only where an
attribute is switched off. A value that isn't a constant (`request.is_secure()`, a setting, `not DEBUG`) is trusted, and
so are `**options`. Settings that are never mentioned are reported only where others beside them say that the site is
served over HTTPS. `secure=True` is no safe change where some pages are still served without TLS.

## References
- [Django: SESSION_COOKIE_SECURE](https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-secure)
- [Flask: security of cookies](https://flask.palletsprojects.com/en/stable/web-security/#set-cookie-options)
- [MDN: Set-Cookie](https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie)
- [CWE-614: Sensitive Cookie in HTTPS Session Without 'Secure' Attribute](https://cwe.mitre.org/data/definitions/614.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.fixes.calls import with_keywords
from checks.fixes.edit import replace
from checks.fixes.switch import switched
from checks.frameworks.cookies import SETTINGS, Cookie, cookie_of, is_off
from checks.frameworks.environment import reads_environment, unset_value
from checks.frameworks.settings import (
    depends_on_debug,
    is_for_development,
    is_given,
    is_under_debug,
    replacements,
    settings_of,
)
from checks.model import Fix, Severity
from checks.rule import CERTAIN, HIGH, LIKELY, LOW, MEDIUM, Call, File, Finding, Rule, Setting

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=614,
    severity=MEDIUM,
    message="{kind} `{name}` {state}: {consequence}",
    advice="Give it `secure`, `httponly` and `samesite`",
)

_SESSION = "SESSION_COOKIE_SECURE"
_ENCRYPTED = ("CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT")
_VALUES = {"secure": "True", "httponly": "True", "samesite": '"Lax"'}
_CONSEQUENCES = {
    "secure": "it is also sent unencrypted",
    "httponly": "an injected script can take it away",
    "samesite": "requests made by other sites may carry it",
}


@rule.on_call("*.set_cookie", "*.set_signed_cookie")
def check_call(call: Call, file: File) -> Iterator[Finding]:
    """A cookie without `secure`, or one that holds a session without any of the three."""
    cookie = cookie_of(call, file)
    if cookie is None or not cookie.missing or is_under_debug(call.node) or is_for_development(call.node):
        return
    if not cookie.sensitive and ("secure" not in cookie.missing or (cookie.trivial and not cookie.refused)):
        return
    edit = with_keywords(file, call.node, {name: _VALUES[name] for name in cookie.missing})
    title = f"Set the cookie with {_listed([f'`{name}`' for name in cookie.missing])}"
    yield rule.finding(
        call.node,
        file,
        severity=_severity(cookie),
        confidence=CERTAIN if cookie.sensitive or cookie.refused else LIKELY,
        kind="Cookie",
        name=cookie.name,
        state=f"lacks {_listed(cookie.missing)}",
        consequence=_CONSEQUENCES[cookie.missing[0]],
        fix=Fix(title, cookie.missing == ("samesite",), (edit,)) if edit else None,
        cause_hint=rf"\b({'|'.join(cookie.missing)})\s*=",
    )


def _severity(cookie: Cookie) -> Severity:
    if not cookie.sensitive or cookie.missing == ("samesite",):
        return LOW
    return HIGH if "secure" in cookie.missing else MEDIUM


def _listed(words: list[str] | tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


@rule.on_setting(*SETTINGS)
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The attribute is off where no variable says otherwise, and nothing for production puts it on."""
    attribute = SETTINGS[setting.name]
    value = unset_value(setting.value, file)
    if value is None or not is_off(attribute, value.value) or _is_excused(setting):
        return
    for other, home in replacements(setting, file):
        given = unset_value(other.value, home)
        if given is None or not is_off(attribute, given.value):
            return
    read = reads_environment(setting.value, file)
    yield rule.finding(
        setting.node,
        file,
        severity=LOW if attribute == "samesite" else None,
        confidence=LIKELY if read or attribute == "samesite" else None,
        kind="Setting",
        name=setting.name,
        state="is off unless told otherwise" if read else f"is {file.segment(setting.value)}",
        consequence=_CONSEQUENCES[attribute].replace("it", "the cookie", 1),
        fix=_setting_fix(setting, attribute, file),
        cause_hint=rf"\b{setting.name}\b.*\b(True|1|Lax|Strict)\b",
    )


def _is_excused(setting: Setting) -> bool:
    return setting.conditional or is_for_development(setting.node) or depends_on_debug(setting.value)


def _setting_fix(setting: Setting, attribute: str, file: File) -> Fix | None:
    """The attribute put on. That is safe for `secure` where the same settings send all visitors to HTTPS."""
    if attribute == "samesite":
        edit = replace(file, file.span(setting.value), _VALUES[attribute])
        return Fix("Keep the cookie from requests that other sites make", False, (edit,))
    edit_or_none = switched(setting.value, True, file)
    if edit_or_none is None:
        return None
    title = {"secure": "Send the cookie over HTTPS only", "httponly": "Keep the cookie from scripts"}[
        attribute
    ]
    return Fix(title, attribute == "secure" and next(_encrypted(file), None) is not None, (edit_or_none,))


@rule.on_setting(*_ENCRYPTED)
def check_left_out(setting: Setting, file: File) -> Iterator[Finding]:
    """The session's cookie is left at Django's default where the settings beside it say that all is encrypted."""
    value = unset_value(setting.value, file)
    first = next(_encrypted(file), None) if value is not None and value.value else None
    if first is None or first.node is not setting.node or is_given(_SESSION, file):
        return
    left_out = Setting(_SESSION, setting.value, setting.node, setting.framework)
    if any(True for _ in replacements(left_out, file)):
        return
    yield rule.finding(
        setting.node,
        file,
        confidence=LIKELY,
        kind="Setting",
        name=_SESSION,
        state=f"is missing beside {setting.name}",
        consequence=_CONSEQUENCES["secure"].replace("it", "the cookie", 1),
        cause_hint=rf"\b{_SESSION}\b",
    )


def _encrypted(file: File) -> Iterator[Setting]:
    """The settings of a file by which Django's pages are served over HTTPS only, the first one first."""
    for setting in settings_of(file):
        if setting.name in _ENCRYPTED and not _is_excused(setting):
            value = unset_value(setting.value, file)
            if value is not None and value.value:
                yield setting
