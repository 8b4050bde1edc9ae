"""Errors whose message is meant for the user, in one line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """What the user gave can't be used: shown in one line, exit code 2."""


class Unreadable(Exception):
    """A file is there and can't be read: the message says why."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message about a name that nobody knows: the nearest one that is known, if any is near."""
    close = difflib.get_close_matches(name[:200], list(known), n=1, cutoff=0.5)
    return f", did you mean `{close[0]}`?" if close else ""


def quoted(text: str) -> str:
    """A user's own word for a message: in backticks, in one line, not too long."""
    line = " ".join(text.split()).replace("`", "'")
    return f"`{line if len(line) <= 80 else line[:79] + '…'}`"
