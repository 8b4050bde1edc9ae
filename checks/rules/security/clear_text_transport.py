"""Credentials sent where everyone can read them.

## What it does
Reports Telnet, FTP with a password, mail servers that are logged in to without TLS, LDAP binds over `ldap://`, and
requests to `http://` addresses that carry a password or token.

## Why it matters
Each machine between the two sides reads such a password in passing: the access point, the office's network, the
provider. It then logs in with it, and nobody notices.

## Example
```python title="shop/mail.py"
import smtplib


def send(user, password, message):
    server = smtplib.SMTP("mail.example.com", timeout=10)
    server.login(user, password)
    server.send_message(message)
```

## Use instead
```python title="shop/mail.py"
import smtplib
import ssl


def send(user, password, message):
    server = smtplib.SMTP("mail.example.com", timeout=10)
    server.starttls(context=ssl.create_default_context())
    server.login(user, password)
    server.send_message(message)
```

## Limits
Addresses are judged where they are constants. Hosts of the own machine, private networks and names without a dot (as
containers have them) are left alone. A client that another function returns is not followed.

## References
- [Python: smtplib, starttls](https://docs.python.org/3/library/smtplib.html#smtplib.SMTP.starttls)
- [Python: ftplib.FTP_TLS](https://docs.python.org/3/library/ftplib.html#ftplib.FTP_TLS)
- [CWE-319: Cleartext Transmission of Sensitive Information](https://cwe.mitre.org/data/definitions/319.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.transport import REQUESTS, STARTTLS, is_real_host
from checks.rule import LIKELY, MEDIUM, Call, File, Finding, Rule
from checks.semantics.enclosing import scope_around, words_called
from checks.semantics.nodes import descendants
from checks.semantics.secrets import is_secret_name

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=319,
    severity=MEDIUM,
    message="`{call}` sends {what} unencrypted: everyone on the way reads along",
    advice="Use the encrypted variant: HTTPS, SFTP or `FTP_TLS`, `starttls()`, `ldaps://`",
)

_HEADERS = frozenset({"authorization", "proxy-authorization", "x-api-key", "x-auth-token"})


@rule.on_call("telnetlib.Telnet", "telnetlib3.open_connection")
def check_telnet(call: Call, file: File) -> Iterator[Finding]:
    """Telnet, which sends each key as it is."""
    yield rule.finding(call.node, file, call=file.segment(call.node.func), what="a whole session")


@rule.on_call("ftplib.FTP")
def check_ftp(call: Call, file: File) -> Iterator[Finding]:
    """An FTP server that is given a user's name and password."""
    if call.argument(1, "user") is not None and not _is_anonymous(call, 1, file):
        yield rule.finding(call.node, file, call=file.segment(call.node.func), what="a password")


@rule.on_call("ftplib.FTP.login")
def check_ftp_login(call: Call, file: File) -> Iterator[Finding]:
    """The same in two steps."""
    if call.argument(0, "user") is not None and not _is_anonymous(call, 0, file):
        yield rule.finding(call.node, file, call=file.segment(call.node.func), what="a password")


def _is_anonymous(call: Call, position: int, file: File) -> bool:
    user = file.constant(call.argument(position, "user"))
    return user is not None and user.value in ("", "anonymous", "ftp")


@rule.on_call(*STARTTLS)
def check_mail(call: Call, file: File) -> Iterator[Finding]:
    """A login to a mail server, or a bind, in a function that nowhere begins TLS."""
    wanted = STARTTLS[call.name]
    if wanted not in words_called(scope_around(call.node)):
        yield rule.finding(
            call.node,
            file,
            confidence=LIKELY,
            call=file.segment(call.node.func),
            what="a password",
            cause_hint=rf"\b{wanted}\b",
        )


@rule.on_call("ldap.initialize")
def check_ldap(call: Call, file: File) -> Iterator[Finding]:
    """A directory that is bound to over `ldap://` without TLS begun."""
    address = call.constant(0, "uri")
    if address is None or not is_real_host(address.value, "ldap"):
        return
    words = words_called(scope_around(call.node))
    if "start_tls_s" not in words and not words.isdisjoint(
        {"simple_bind_s", "bind_s", "simple_bind", "bind"}
    ):
        yield rule.finding(
            call.node, file, confidence=LIKELY, call=file.segment(call.node.func), what="a password"
        )


@rule.on_call(*REQUESTS)
def check_request(call: Call, file: File) -> Iterator[Finding]:
    """A request to an `http://` address with a password, a token or headers that hold one."""
    address = call.constant(REQUESTS[call.name], "url")
    if address is None or not is_real_host(address.value, "http"):
        return
    for given in call.node.keywords:
        if given.arg == "auth" and not _is_none(given.value):
            yield rule.finding(call.node, file, call=file.segment(call.node.func), what="a password")
            return
        name = _secret_key(given.value) if given.arg in ("headers", "data", "json", "params") else None
        if name is not None:
            yield rule.finding(call.node, file, call=file.segment(call.node.func), what=f"its {name}")
            return


def _secret_key(value: ast.expr) -> str | None:
    """The key of a dictionary, or within one, under which a secret stands."""
    for node in descendants(value):
        for key in node.keys if isinstance(node, ast.Dict) else ():
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                if key.value.lower() in _HEADERS or is_secret_name(key.value):
                    return key.value
    return None


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
