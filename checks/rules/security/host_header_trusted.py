"""Links in mails that lead where the request says.

## What it does
Reports functions that send mail and build its links from the request's `Host` header: read by hand
(`request.META["HTTP_HOST"]`), by `request.get_host()` and `build_absolute_uri()` where `ALLOWED_HOSTS` lets every
host in, by `request.host` or `url_root` of Flask where nothing limits the hosts.

## Why it matters
The header is what the visitor says it is. Somebody asks for a new password in your name and sends a host of their
own: your site mails you a link to their server, with the token that changes your password in it.

## Example
```python title="shop/views.py"
from django.core.mail import send_mail


def forgot(request, user, token):
    link = f"https://{request.META['HTTP_HOST']}/reset/{token}"
    send_mail("Your new password", link, None, [user.email])
```

## Use instead
```python title="shop/views.py"
from django.conf import settings
from django.core.mail import send_mail


def forgot(request, user, token):
    link = f"{settings.SITE_URL}/reset/{token}"
    send_mail("Your new password", link, None, [user.email])
```

## Limits
Only links made in the function that sends the mail are seen. `url_for(..., _external=True)` of Flask takes the
header as well, where no `SERVER_NAME` is set; that is not reported.

## References
- [Django: host header validation](https://docs.djangoproject.com/en/stable/topics/security/#host-headers-virtual-hosting)
- [Flask: TRUSTED_HOSTS](https://flask.palletsprojects.com/en/stable/config/#TRUSTED_HOSTS)
- [CWE-640: Weak Password Recovery Mechanism for Forgotten Password](https://cwe.mitre.org/data/definitions/640.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.allowed_hosts import answers_every_host
from checks.frameworks.mail import mails_in
from checks.rule import LIKELY, MEDIUM, POSSIBLE, File, Finding, Function, Role, Rule
from checks.semantics.enclosing import function_around
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=640,
    severity=MEDIUM,
    confidence=LIKELY,
    roles=(Role.PRODUCTION,),
    message="`{host}` is what the request says: a mailed link may lead to anybody's server",
    advice="Build links in mails from a setting, and limit the hosts that are answered",
)

_RAW = frozenset({"HTTP_HOST", "HTTP_X_FORWARDED_HOST", "Host", "X-Forwarded-Host"})
_CHECKED = frozenset({"build_absolute_uri", "get_host"})
_FLASK = frozenset({"base_url", "host", "host_url", "root_url", "url_root"})
_HOLDERS = frozenset({"META", "headers", "environ"})
_LIMITS = ("TRUSTED_HOSTS", "SERVER_NAME", "trusted_hosts")


@rule.on_function()
def check(node: Function, file: File) -> Iterator[Finding]:
    """A function sends mail and takes the host from the request."""
    # The cheap questions first: this is asked about every function.
    if not file.once("may-mail-a-host", lambda: _may_mail(file)) or next(mails_in(node, file), None) is None:
        return
    for inner in descendants(node):
        if function_around(inner) is not node:
            continue
        if _is_raw(inner):
            yield rule.finding(inner, file, host=file.segment(inner))
            return
        if _is_checked(inner) and answers_every_host(file):
            yield rule.finding(inner, file, host=file.segment(inner))
            return
        if _is_flask(inner, file) and not file.project.mentioning(_LIMITS, ".py", ".cfg", ".toml"):
            yield rule.finding(inner, file, confidence=POSSIBLE, host=file.segment(inner))
            return


def _may_mail(file: File) -> bool:
    return "request" in file.text and ("mail" in file.text or "Message" in file.text)


def _is_raw(node: ast.AST) -> bool:
    """Whether a node reads the header itself, past Django's check."""
    if isinstance(node, ast.Subscript):
        key, holder = node.slice, node.value
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get"
        and node.args
    ):
        key, holder = node.args[0], node.func.value
    else:
        return False
    return (
        isinstance(key, ast.Constant)
        and key.value in _RAW
        and isinstance(holder, ast.Attribute)
        and holder.attr in _HOLDERS
    )


def _is_checked(node: ast.AST) -> bool:
    """Whether a node asks Django for the host, which checks it against `ALLOWED_HOSTS`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    request = node.func.value
    name = request.attr if isinstance(request, ast.Attribute) else getattr(request, "id", "")
    return node.func.attr in _CHECKED and name == "request"


def _is_flask(node: ast.AST, file: File) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in _FLASK
        and file.resolve(node.value) == "flask.request"
    )
