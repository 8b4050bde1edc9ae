"""Development servers that the whole network reaches.

## What it does
Reports `app.run(host="0.0.0.0")` of Flask, `run_simple`, `socketio.run` and `runserver` called from code on all
addresses, and sockets that are bound to all of them.

## Why it matters
The development server was made for one person on one machine. On all addresses, everyone in the café or the office
reaches it, and with debug mode on, its console runs their code.

## Example
```python title="app.py"
from flask import Flask

app = Flask(__name__)
app.run(host="0.0.0.0")
```

## Use instead
```python title="app.py"
from flask import Flask

app = Flask(__name__)
app.run(host="127.0.0.1")
```

## Limits
Servers for production (gunicorn, uvicorn, waitress) are left alone: behind a proxy or in a container, all addresses are
what they need. So are hosts that are read from the environment, and files that by their name belong to a container.

## References
- [Flask: externally visible server](https://flask.palletsprojects.com/en/stable/quickstart/#a-minimal-application)
- [Django: runserver](https://docs.djangoproject.com/en/stable/ref/django-admin/#runserver)
- [CWE-1327: Binding to an Unrestricted IP Address](https://cwe.mitre.org/data/definitions/1327.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.frameworks.settings import is_for_development, is_under_debug
from checks.rule import LIKELY, LOW, MEDIUM, POSSIBLE, Call, File, Finding, Rule
from checks.semantics.definitions import origin

rule = Rule(
    __name__,
    checklist="security.access-control",
    cwe=1327,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{call}` listens on all addresses: the whole network reaches {what}",
    advice="Bind to `127.0.0.1`, or read the host from the environment",
)

_ANY = frozenset({"0.0.0.0", "::", "[::]"})
_SERVERS: dict[str, tuple[int, str]] = {
    "flask.Flask.run": (0, "host"),
    "werkzeug.serving.run_simple": (0, "hostname"),
    "werkzeug.run_simple": (0, "hostname"),
    "flask_socketio.SocketIO.run": (1, "host"),
}
_CONTAINER = re.compile(r"docker|container|k8s|kubernetes", re.IGNORECASE)


@rule.on_call("*.run")
def check_method(call: Call, file: File) -> Iterator[Finding]:
    """An application's method; the application may be made in another file."""
    yield from _server(call, origin(call.name, file), file)


@rule.on_call("werkzeug.serving.run_simple", "werkzeug.run_simple")
def check_function(call: Call, file: File) -> Iterator[Finding]:
    """Werkzeug's server itself."""
    yield from _server(call, call.name, file)


def _server(call: Call, name: str, file: File) -> Iterator[Finding]:
    host = call.constant(*_SERVERS[name]) if name in _SERVERS else None
    if host is not None and host.value in _ANY and not _is_meant(call, file):
        yield rule.finding(call.node, file, call=file.segment(call.node.func), what="the development server")


@rule.on_call("django.core.management.call_command", "django.core.management.execute_from_command_line")
def check_command(call: Call, file: File) -> Iterator[Finding]:
    """`runserver` with an address, called from code."""
    words: list[object] = []
    for argument in call.node.args:
        known = file.constant(argument)
        words += (
            known.value
            if known is not None and isinstance(known.value, list)
            else [known.value if known else None]
        )
    hosts = [str(word).rpartition(":")[0] for word in words if isinstance(word, str)]
    if "runserver" in words and not _ANY.isdisjoint(hosts) and not _is_meant(call, file):
        yield rule.finding(call.node, file, call="runserver", what="the development server")


@rule.on_call("socket.socket.bind")
def check_socket(call: Call, file: File) -> Iterator[Finding]:
    """A socket on all addresses, which may well be meant; port 0 only asks for one that is free."""
    address = call.constant(0)
    if address is None or not isinstance(address.value, tuple) or len(address.value) < 2:
        return
    host, port = address.value[:2]
    if (host in _ANY or host == "") and port != 0 and not _is_meant(call, file):
        yield rule.finding(
            call.node,
            file,
            severity=LOW,
            confidence=POSSIBLE,
            call=file.segment(call.node.func),
            what="the socket",
        )


def _is_meant(call: Call, file: File) -> bool:
    """Whether the code is for development or for a container, where nobody else is on the network."""
    return (
        is_under_debug(call.node) or is_for_development(call.node) or _CONTAINER.search(file.path) is not None
    )
