"""Hidden marks in our own reviews and comments, by which a later run knows what has been said already.

A mark counts only in what our own account wrote: anybody may copy one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256

_FINDING = re.compile(r"<!-- rubricate:finding:([\w.-]+) -->", re.ASCII)
_TOLD = re.compile(r"<!-- rubricate:told:([\w.,-]*) -->", re.ASCII)
_KEY = re.compile(r"[\w.-]{1,64}", re.ASCII)
SHORT = 16


def finding(fingerprint: str) -> str:
    """Marks the comment about one finding."""
    return f"<!-- rubricate:finding:{key(fingerprint)} -->"


def review(head: str, base: str) -> str:
    """Marks the one review of a head against a base."""
    return f"<!-- rubricate:review:{head}:{base} -->"


def told(fingerprints: Iterable[str]) -> str:
    """Marks in a review the findings that it left to the check run: shortened, since there may be thousands."""
    return f"<!-- rubricate:told:{','.join(key(each)[:SHORT] for each in fingerprints)} -->"


def findings_in(body: str) -> set[str]:
    """The keys of the findings that a comment or review was about."""
    return set(_FINDING.findall(body))


def told_in(body: str) -> set[str]:
    """The shortened keys of the findings that a review left to the check run."""
    return {short for found in _TOLD.findall(body) for short in found.split(",") if short}


def key(fingerprint: str) -> str:
    """A fingerprint as it can stand in a mark."""
    return fingerprint if _KEY.fullmatch(fingerprint) else sha256(fingerprint.encode()).hexdigest()[:32]
