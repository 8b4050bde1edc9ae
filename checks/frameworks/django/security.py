"""Django's settings for headers: values that switch a protection off, and those that weaken it."""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.environment import unset_value
from checks.frameworks.headers import Header, headers_set, is_asked
from checks.frameworks.settings import is_for_development, is_under_debug
from checks.semantics.source import File

FRAMES = frozenset({"deny", "sameorigin"})
"""The values of `X-Frame-Options` that browsers know."""

LEAKING = frozenset({"no-referrer-when-downgrade", "unsafe-url"})
"""The values of `Referrer-Policy` by which other sites learn whole addresses."""


def is_leaking_referrer(value: object) -> bool:
    """Whether a referrer policy is none, or tells other sites whole addresses; of several the last one holds."""
    if isinstance(value, list | tuple):
        value = value[-1] if value else None
    if not value:
        return True
    return isinstance(value, str) and value.rpartition(",")[2].strip().lower() in LEAKING


def is_unknown_frame_option(value: object) -> bool:
    """Whether browsers ignore a value of `X-Frame-Options`, and so show the page in any frame."""
    return not value or (isinstance(value, str) and value.strip().lower() not in FRAMES)


def header_values(file: File, name: str) -> Iterator[tuple[Header, object]]:
    """Where a file gives responses for production a header by hand, and its value where that is certain."""
    for header in headers_set(file, name):
        value = unset_value(header.value, file)
        if value is None or value.value is None or is_asked(header):
            continue
        if not is_under_debug(header.node) and not is_for_development(header.node):
            yield header, value.value
