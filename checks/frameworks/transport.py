"""Clients that talk to other machines, and which addresses are real: not of the own machine, network or examples."""

from __future__ import annotations

import re

from checks.frameworks.tls import METHODS

REQUESTS: dict[str, int] = {
    **{
        f"{module}.{method}": 1 if method in ("request", "stream") else 0
        for module in (
            "requests",
            "requests.api",
            "requests.Session",
            "httpx",
            "httpx.Client",
            "httpx.AsyncClient",
        )
        for method in METHODS
    },
    **{
        f"aiohttp.ClientSession.{method}": 1 if method == "request" else 0
        for method in METHODS
        if method != "stream"
    },
}
"""Calls that send a request, and the position of its address."""

STARTTLS = {
    "smtplib.SMTP.login": "starttls",
    "imaplib.IMAP4.login": "starttls",
    "poplib.POP3.pass_": "stls",
}
"""Calls that send a password over a connection that begins unencrypted, and what encrypts it."""

_PRIVATE = re.compile(
    r"localhost$|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|0\.0\.0\.0|\[?::1|[^.]*$"
    r"|.*\.(example|internal|invalid|intranet|lan|local|localdomain|localhost|svc|test)$"
    r"|(.*\.)?example\.(com|net|org)$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?P<scheme>[a-z]+)://(?:[^/@\s]*@)?(?P<host>\[[^\]]*\]|[^/:?#\s]+)", re.IGNORECASE)


def is_real_host(address: object, scheme: str) -> bool:
    """Whether a text is an address of this scheme (`http`) that is reached over other people's networks."""
    if not isinstance(address, str):
        return False
    match = _ADDRESS.match(address[:2_000])
    return match is not None and match["scheme"].lower() == scheme and not _PRIVATE.match(match["host"])
