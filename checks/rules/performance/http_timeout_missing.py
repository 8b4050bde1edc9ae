"""Requests to other servers that may wait for ever.

## What it does

Reports calls to other servers without a timeout: requests (functions and sessions), `urllib.request.urlopen`,
`http.client`, `smtplib`, `ftplib`, `imaplib` and `poplib`, none of which has one by default, and httpx where it is
switched off by `timeout=None`.

## Why it matters

A server that accepts a connection and then says nothing keeps the caller waiting for as long as the connection lives.
In a web application that is a worker that serves nobody: a handful of such calls, and the whole site stands still
because of a server that isn't even yours. In a scheduled job it is a run that never ends, and so never runs again.

## Example

```python
import requests


def rate(currency: str) -> float:
    return requests.get(f"https://rates.example.com/{currency}").json()["rate"]
```

## Use instead

```python
import requests


def rate(currency: str) -> float:
    return requests.get(f"https://rates.example.com/{currency}", timeout=10).json()["rate"]
```

## Limits

A session is followed through local names, attributes of `self` and functions of the same module. Calls that pass
`*args` or `**kwargs` are left alone, since those may bring the timeout, and so are sessions of a module that mounts an
adapter of its own or replaces a session's methods. `timeout=None` for a stream of httpx is left alone: a stream of
events may be silent for long. An own subclass of `requests.Session` is not looked at. The timeout that the fix sets,
10 seconds, is a guess: it counts the silence between two bytes, not the whole download.

## References

- [requests: timeouts](https://requests.readthedocs.io/en/latest/user/advanced/#timeouts)
- [HTTPX: timeouts](https://www.python-httpx.org/advanced/timeouts/)
- [urllib.request.urlopen](https://docs.python.org/3/library/urllib.request.html#urllib.request.urlopen)
- [CWE-1088: synchronous access of a remote resource without timeout](https://cwe.mitre.org/data/definitions/1088.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.calls import with_keyword
from checks.model import Fix
from checks.rule import LIKELY, MEDIUM, Call, File, Finding, Rule

rule = Rule(
    __name__,
    checklist="performance.background-work",
    cwe=1088,
    severity=MEDIUM,
    message="`{call}` sets no timeout: a server that never answers blocks its caller for ever",
    advice="Pass a `timeout=` in seconds",
)

_METHODS = ("delete", "get", "head", "options", "patch", "post", "put", "request")
_SESSIONS = (
    "requests.Session",
    "requests.session",
    "requests.sessions.Session",
    "requests.sessions.session",
    "requests_oauthlib.OAuth1Session",
    "requests_oauthlib.OAuth2Session",
)
_HTTPX = (
    *(f"httpx.{method}" for method in _METHODS),
    *(f"httpx.{client}" for client in ("AsyncClient", "Client")),
    *(f"httpx.{client}.{method}" for client in ("AsyncClient", "Client") for method in _METHODS),
)
# The position of `timeout` among the arguments, where it has one. All fall back on `socket.getdefaulttimeout()`.
_STANDARD_LIBRARY = {
    "ftplib.FTP": 4,
    "ftplib.FTP_TLS": None,
    "http.client.HTTPConnection": 2,
    "http.client.HTTPSConnection": None,
    "imaplib.IMAP4": 2,
    "imaplib.IMAP4_SSL": None,
    "poplib.POP3": 2,
    "poplib.POP3_SSL": None,
    "smtplib.SMTP": 3,
    "smtplib.SMTP_SSL": None,
    "urllib.request.urlopen": 2,
}
_CHANGES = ("mount", *(f".{method}{gap}=" for method in (*_METHODS, "send") for gap in ("", " ")))
_HINT = r"\btimeout\s*="


@rule.on_call(*(f"{package}.{method}" for package in ("requests", "requests.api") for method in _METHODS))
def check_function(call: Call, file: File) -> Iterator[Finding]:
    """A function of requests, which makes a session of its own."""
    yield from _unless_given(call, file)


@rule.on_call(*(f"{session}.{method}" for session in _SESSIONS for method in _METHODS))
def check_session(call: Call, file: File) -> Iterator[Finding]:
    """A method of a session; `request` takes the timeout as its ninth argument."""
    positional = 8 if call.name.endswith(".request") else None
    if call.argument(positional) is None and not _sessions_are_changed(file):
        yield from _unless_given(call, file)


@rule.on_call(*_STANDARD_LIBRARY)
def check_standard_library(call: Call, file: File) -> Iterator[Finding]:
    """A client of the standard library, unless the module sets a timeout for all sockets."""
    if call.argument(_STANDARD_LIBRARY[call.name]) is None and "setdefaulttimeout" not in file.text:
        yield from _unless_given(call, file)


@rule.on_call(*_HTTPX)
def check_httpx(call: Call, file: File) -> Iterator[Finding]:
    """httpx waits for 5 seconds unless told not to."""
    given = call.constant(None, "timeout")
    if given is not None and given.value is None:
        yield _finding(call, file)


def _unless_given(call: Call, file: File) -> Iterator[Finding]:
    given = call.argument(None, "timeout")
    constant = file.constant(given)
    if (given is None and not call.unpacks) or (constant is not None and constant.value is None):
        yield _finding(call, file)


def _finding(call: Call, file: File) -> Finding:
    """The finding; where `timeout=None` was written somebody meant it, so that a timeout is no safe change."""
    meant = call.argument(None, "timeout") is not None
    edit = with_keyword(file, call.node, "timeout", "10")
    return rule.finding(
        call.node,
        file,
        call=file.segment(call.node.func),
        confidence=LIKELY if meant else None,
        fix=Fix("Give up after 10 seconds of silence", safe=not meant, edits=(edit,)) if edit else None,
        cause_hint=_HINT,
    )


def _sessions_are_changed(file: File) -> bool:
    """Whether the module gives a session its timeout elsewhere: by an adapter of its own, or in place of a method."""
    if not any(word in file.text for word in _CHANGES):
        return False
    for node in file.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "mount":
            adapter = node.args[-1] if node.args else None
            if adapter is None or file.resolve(adapter) not in ("requests.adapters.HTTPAdapter",):
                return True
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Attribute) and target.attr in (*_METHODS, "send")
            for target in node.targets
        ):
            return True
    return False
