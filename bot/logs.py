"""The server's log: what each line is about stands in the line, secrets and code never do."""

from __future__ import annotations

import contextlib
import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

FORMATS = ("text", "json")
HIDDEN = "[hidden]"
# GitHub's tokens by their prefixes, JSON Web Tokens, keys, passwords in URLs and what an Authorization header carries:
# https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
_SECRET = re.compile(
    r"\bgh[a-z]_\w+|\bgithub_pat_\w+|\bv1\.[0-9a-f]{40}\b|\beyJ[\w-]+\.[\w-]+\.[\w-]+"
    r"|-----BEGIN[^-]*PRIVATE KEY-----.*?(?:-----END[^-]*-----|\Z)|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?i:(?<=authorization: )\w+ \S+)",
    re.DOTALL,
)
_subject: ContextVar[Mapping[str, Any]] = ContextVar("subject", default=MappingProxyType({}))


@contextlib.contextmanager
def about(**subject: Any) -> Iterator[None]:
    """Until the end of the block each line says what it is about: `delivery`, `repository`, `pull_request`."""
    token = _subject.set({**_subject.get(), **subject})
    try:
        yield
    finally:
        _subject.reset(token)


def configure(form: str, secrets: tuple[str, ...] = ()) -> None:
    """Write the log to stderr, as `text` or with one JSON object a line. `secrets` are hidden wherever they turn up."""
    handler = logging.StreamHandler()
    handler.setFormatter(Json(secrets) if form == "json" else Text(secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)


class Text(logging.Formatter):
    """For people: time, level, logger, what it says, what it is about."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._secrets = tuple(filter(None, secrets))

    def format(self, record: logging.LogRecord) -> str:
        """One record; a traceback follows on lines of its own."""
        said, *trace = super().format(record).split("\n")
        subject = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        return self.clean("\n".join([f"{said} [{subject}]" if subject else said, *trace]))

    def clean(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return _SECRET.sub(HIDDEN, text)


class Json(Text):
    """For machines."""

    def format(self, record: logging.LogRecord) -> str:
        """One record as one JSON object on one line."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.clean(record.getMessage()),
            **_fields(record),
        }
        if record.exc_info:
            entry["exception"] = self.clean(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False, default=str)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What the line is about: from the surrounding block, and from `extra={"subject": {...}}` of the call."""
    return {**_subject.get(), **getattr(record, "subject", {})}
