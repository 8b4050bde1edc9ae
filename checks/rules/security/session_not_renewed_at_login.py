"""Logins that keep the session of before.

## What it does
Reports functions that check a password by themselves and then write the user into the session, without `login()`,
`cycle_key()`, `flush()` or `session.clear()`.

## Why it matters
Whoever can plant a session's key in a visitor's browser, by a link or from a shared computer, knows the session that
the visitor then logs in to (session fixation). And what the anonymous session held is taken over by the account.

## Example
```python title="shop/views.py"
from django.contrib.auth import authenticate
from django.shortcuts import redirect


def log_in(request):
    user = authenticate(request, username=request.POST["name"], password=request.POST["password"])
    if user is not None:
        request.session["user_id"] = user.pk
    return redirect("home")
```

## Use instead
```python title="shop/views.py"
from django.contrib.auth import authenticate, login
from django.shortcuts import redirect


def log_in(request):
    user = authenticate(request, username=request.POST["name"], password=request.POST["password"])
    if user is not None:
        login(request, user)
    return redirect("home")
```

## Limits
The password's check and the session must stand in the same function. Flask keeps the session in a signed cookie, where
only what it held is taken over; with a store on the server (Flask-Session) it is as in Django.

## References
- [Django: login](https://docs.djangoproject.com/en/stable/topics/auth/default/#how-to-log-a-user-in)
- [Flask: sessions](https://flask.palletsprojects.com/en/stable/quickstart/#sessions)
- [CWE-384: Session Fixation](https://cwe.mitre.org/data/definitions/384.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.rule import LIKELY, LOW, MEDIUM, POSSIBLE, File, Finding, Rule
from checks.semantics.enclosing import function_around, words_called

rule = Rule(
    __name__,
    checklist="security.access-control",
    cwe=384,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{target}` logs a user in to the session of before, which others may know",
    advice="Use the framework's `login()`, or clear the session before (`flush()`, `session.clear()`)",
)

_USER = re.compile(
    r"_?(logged_in_)?(user|member|account|customer|admin)(_?id|_pk|name)?|uid|logged_in|username|_auth_user_id"
)
_CHECKS = frozenset(
    {"authenticate", "check_password", "check_password_hash", "checkpw", "verify_password", "verify_hash"}
)
_RENEWS = frozenset(
    {
        "clear",
        "create",
        "cycle_key",
        "flush",
        "login",
        "login_user",
        "auth_login",
        "regenerate",
        "django_login",
        "rotate",
    }
)


@rule.on_node(ast.Assign)
def check(node: ast.Assign, file: File) -> Iterator[Finding]:
    """The user is written into the session of a request whose password was just checked."""
    target = node.targets[0]
    if not isinstance(target, ast.Subscript) or not _is_session(target.value, file):
        return
    key = file.constant(target.slice)
    function = function_around(node)
    if key is None or not isinstance(key.value, str) or not _USER.fullmatch(key.value) or function is None:
        return
    if isinstance(node.value, ast.Constant) and node.value.value in (None, False, ""):
        return
    words = words_called(function)
    if words.isdisjoint(_CHECKS) or not words.isdisjoint(_RENEWS):
        return
    in_cookie = not isinstance(target.value, ast.Attribute) and "flask_session" not in file.imports
    yield rule.finding(
        node,
        file,
        severity=LOW if in_cookie else None,
        confidence=POSSIBLE if in_cookie else None,
        target=file.segment(target),
        cause_hint=r"\b(cycle_key|flush|clear|login)\(",
    )


def _is_session(node: ast.expr, file: File) -> bool:
    """Whether an expression is the session of the request: Django's attribute, Flask's name."""
    if isinstance(node, ast.Attribute):
        holder = node.value
        name = holder.attr if isinstance(holder, ast.Attribute) else getattr(holder, "id", "")
        return node.attr == "session" and name == "request"
    return file.resolve(node) == "flask.session"
