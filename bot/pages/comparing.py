"""Comparing what somebody gave with what it must be."""

from __future__ import annotations

import hmac


def is_same(given: object, expected: str) -> bool:
    """Whether they are equal, in a time that does not tell how much of it is. What is no text equals nothing."""
    if not isinstance(given, str):
        return False
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())
