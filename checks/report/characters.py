"""Text of the reviewed project, made safe to show: what is invisible becomes visible."""

from __future__ import annotations

import re
import unicodedata

# Controls (terminal escapes), bidirectional overrides and invisible letters (code that reads otherwise than it
# runs, https://trojansource.codes), line separators, tag characters, and lone surrogates, which no encoder takes.
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)


def visible(text: str) -> str:
    """One line of text; control, invisible and unencodable characters are spelled out (`\\x1b`, `\\u202e`)."""
    return _INVISIBLE.sub(lambda match: _spelled(match[0]), text)


def shown(text: str) -> str:
    """A stretch of a source line: as `visible`, with tabs as four spaces."""
    return visible(text.replace("\t", "    "))


def cut(text: str, limit: int) -> str:
    """The text, at most `limit` characters long, with an ellipsis where some are missing."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _spelled(character: str) -> str:
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
