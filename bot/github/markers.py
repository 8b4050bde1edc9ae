"""Hidden marks in our own reviews and comments, by which a later run knows what has been said already.

A mark counts only in what our own account wrote: anybody may copy one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from itertools import takewhile
from types import MappingProxyType
from urllib.parse import quote, unquote

_FINDING = re.compile(r"<!-- rubricate:finding:([\w.-]+) -->", re.ASCII)
_TOLD = re.compile(r"<!-- rubricate:told:([\w.,-]*) -->", re.ASCII)
_KIN = re.compile(r"<!-- rubricate:kin:([\w.,-]*) -->", re.ASCII)
_STATE = re.compile(r"<!-- rubricate:(fixed|reopened|replaced):[0-9a-f]+ -->", re.ASCII)
_RULE = re.compile(r"<!-- rubricate:rule:([\w/-]+) -->", re.ASCII)
_NOTE = re.compile(r"<!-- rubricate:note:([a-z-]+)((?::[\w.%~/,]*)*) -->", re.ASCII)
_MARK = re.compile(r"<!-- rubricate:[^\s<>]+ -->")
_KEY = re.compile(r"[\w.-]{1,64}", re.ASCII)
SHORT = 16
# How long a shortened key is, and up to how many there are room for at that length in a body of 65,536 characters.
ROOM: Mapping[int, int] = MappingProxyType({SHORT: 1_000, 8: 3_000, 6: 7_000})


def finding(fingerprint: str) -> str:
    """Marks the comment about one finding."""
    return f"<!-- rubricate:finding:{key(fingerprint)} -->"


def rule(name: str) -> str:
    """Marks by which rule the finding of a comment was made."""
    return f"<!-- rubricate:rule:{name} -->"


def rule_in(body: str) -> str:
    """The rule that a comment is about; empty in a comment of ours that does not say."""
    found = _RULE.findall(closing(body))
    return found[0] if found else ""


def review(head: str, base: str) -> str:
    """Marks the one review of a head against a base."""
    return f"<!-- rubricate:review:{head}:{base} -->"


def told(fingerprints: Iterable[str]) -> str:
    """Marks in a review the findings that it left to the check run: shortened, the more of them the shorter.

    What finds no room is not marked, and may be said later.
    """
    keys = [key(each) for each in fingerprints]
    length = next((length for length, most in ROOM.items() if len(keys) <= most), min(ROOM))
    return f"<!-- rubricate:told:{','.join(each[:length] for each in keys[: ROOM[length]])} -->"


def is_told(fingerprint: str, told: Collection[str]) -> bool:
    """Whether a finding is among those that `told_in` has read."""
    return any(key(fingerprint)[:length] in told for length in ROOM)


def kin(names: Iterable[str]) -> str:
    """Marks by what else a finding can be known again, once an edit or a move has changed its fingerprint."""
    return f"<!-- rubricate:kin:{','.join(names)} -->"


def fixed(head: str) -> str:
    """Marks the reply that says that a finding is gone."""
    return f"<!-- rubricate:fixed:{head} -->"


def suggested() -> str:
    """Marks, beside `fixed`, that the finding is gone because our suggestion was applied."""
    return "<!-- rubricate:suggested -->"


def is_suggested(body: str) -> bool:
    """Whether a reply says that our suggestion was applied."""
    return suggested() in closing(body)


def reopened(head: str) -> str:
    """Marks the reply that says that a finding is back."""
    return f"<!-- rubricate:reopened:{head} -->"


def replaced(head: str) -> str:
    """Marks, in a comment itself, that a newer one has taken its place."""
    return f"<!-- rubricate:replaced:{head} -->"


def findings_in(body: str) -> set[str]:
    """The keys of the findings that a comment or review was about."""
    return set(_FINDING.findall(closing(body)))


def told_in(body: str) -> set[str]:
    """The shortened keys of the findings that a review left to the check run."""
    return _listed(_TOLD, body)


def kin_in(body: str) -> set[str]:
    """What `kin` has marked."""
    return _listed(_KIN, body)


def state_in(body: str) -> str:
    """What a comment or reply says has become of its thread: `fixed`, `reopened`, `replaced` or nothing."""
    states = _STATE.findall(closing(body))
    return states[-1] if states else ""


def without_state(body: str) -> str:
    """A comment's text without what its own mark says of its thread."""
    return re.sub(rf"\n?{_STATE.pattern}", "", body)


def _listed(mark: re.Pattern[str], body: str) -> set[str]:
    return {name for found in mark.findall(closing(body)) for name in found.split(",") if name}


def key(fingerprint: str) -> str:
    """A fingerprint as it can stand in a mark."""
    return fingerprint if _KEY.fullmatch(fingerprint) else sha256(fingerprint.encode()).hexdigest()[:32]


def note(kind: str, *values: str) -> str:
    """Marks something that people decided: its kind and values of any text, which can neither end nor forge a mark."""
    return f"<!-- rubricate:note:{':'.join((kind, *map(_quoted, values)))} -->"


def notes_in(body: str) -> list[tuple[str, ...]]:
    """The notes at the end of a comment in their order, each as its kind and values.

    Only lines of marks alone, behind all else, count: above them we may quote code, which anybody may have written.
    """
    return [(kind, *map(unquote, values.split(":")[1:])) for kind, values in _NOTE.findall(closing(body))]


def closing(body: str) -> str:
    """The lines at the end of a comment that hold nothing but marks."""
    lines = body.replace("\r\n", "\n").rstrip().split("\n")
    marks = list(takewhile(_MARK.fullmatch, reversed(lines)))
    return "\n".join(reversed(marks))


def answer(comment: str) -> str:
    """Marks the one answer to a person's comment."""
    return f"<!-- rubricate:answer:{key(comment)} -->"


def checklist() -> str:
    """Marks the comment whose boxes people tick."""
    return "<!-- rubricate:checklist -->"


def is_checklist(body: str) -> bool:
    """Whether a comment, which must be our own, is the one with the boxes."""
    return checklist() in closing(body)


def _quoted(text: str) -> str:
    """Percent-encoded, hyphens too: two of them would end a comment in some readers of HTML."""
    return quote(text.encode("utf-8", "replace"), safe="/,").replace("-", "%2D")
