"""Where things stand in texts whose readers do not say: offsets to spans, and the values of a TOML document.

`tomllib` gives values without places. The text has passed it by then, so that this only looks for where each begins.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from contextlib import suppress
from functools import cached_property

from checks.model import Span

Key = tuple[str | int, ...]

_NEWLINE = re.compile(r"\r\n|\r|\n")
_SPACE = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_BLANK = re.compile(r"[ \t]*+")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[\w-]++")
_SCALAR = re.compile(r"[^,\]}#\r\n]*+")
_HEADER = re.compile(r"\[\[?[ \t]*+")
_ESCAPED = re.compile(r'\\(["\\])')


class Lines:
    """A text's offsets as lines and columns, counted from 1; newlines are LF, CRLF and CR."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]

    def span(self, start: int, end: int) -> Span:
        """The stretch between two offsets."""
        return Span(*self._place(start), *self._place(end))

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    @property
    def first(self) -> Span:
        """The first line, for what has no better place."""
        end = _NEWLINE.search(self.text)
        return self.span(0, end.start() if end else len(self.text))


class TomlPlaces:
    """The places of a TOML document's values by their keys; items of arrays are counted from 0."""

    def __init__(self, text: str) -> None:
        self._lines = Lines(text)
        self._text = text
        self._found: dict[Key, tuple[int, int]] = {}
        self._counts: dict[Key, int] = {}

    def span(self, *key: str | int) -> Span:
        """The place of a value, of the nearest value around it that has one, or the first line."""
        for length in range(len(key), 0, -1):
            if key[:length] in self._offsets:
                return self._lines.span(*self._offsets[key[:length]])
        return self._lines.first

    @cached_property
    def _offsets(self) -> dict[Key, tuple[int, int]]:
        with suppress(RecursionError, ValueError):  # what was found until then stands
            self._document()
        return self._found

    def _document(self) -> None:
        table: Key = ()
        at = self._skip(0)
        while at < len(self._text):
            if self._text[at] == "[":
                table, at = self._table(at)
            else:
                at = self._pair(at, table)
            at = self._skip(at)

    def _table(self, start: int) -> tuple[Key, int]:
        """The table that a header opens; each `[[name]]` is the next item of an array."""
        opening = _HEADER.match(self._text, start)
        assert opening is not None
        parts, at = self._key(opening.end())
        key: Key = ()
        for part in parts:
            key = (*key, part)
            if key in self._counts and len(key) < len(parts):
                key = (*key, self._counts[key])
        if opening[0].startswith("[["):
            self._counts[key] = self._counts.get(key, -1) + 1
            key = (*key, self._counts[key])
        end = self._text.find("]", at) + 1 or len(self._text)
        end += self._text.startswith("]", end)
        self._found.setdefault(key, (start, end))
        return key, end

    def _pair(self, start: int, table: Key) -> int:
        parts, at = self._key(start)
        at = self._text.index("=", at) + 1
        key = (*table, *parts)
        at = self._value(self._blank(at), key)
        for length in range(len(table) + 1, len(key)):
            self._found.setdefault(key[:length], (start, at))
        return at

    def _key(self, at: int) -> tuple[tuple[str, ...], int]:
        parts = []
        while True:
            at = self._blank(at)
            match = _BARE_KEY.match(self._text, at) or _STRING.match(self._text, at)
            if match is None:
                raise ValueError("no key")
            word = match[0]
            parts.append(_ESCAPED.sub(r"\1", word[1:-1]) if word[0] in "\"'" else word)
            at = self._blank(match.end())
            if not self._text.startswith(".", at):
                return tuple(parts), at
            at += 1

    def _value(self, start: int, key: Key) -> int:
        """Note the value that begins at an offset, and those in it; the offset behind it."""
        opening = self._text[start : start + 1]
        if opening == "[":
            end = self._array(start + 1, key)
        elif opening == "{":
            end = self._inline_table(start + 1, key)
        else:
            match = _STRING.match(self._text, start) or _SCALAR.match(self._text, start)
            assert match is not None
            end = start + len(match[0].rstrip())
        self._found[key] = (start, end)
        return end

    def _array(self, at: int, key: Key) -> int:
        number = 0
        while (at := self._skip(at)) < len(self._text) and self._text[at] != "]":
            if self._text[at] == ",":
                at += 1
                continue
            at = self._value(at, (*key, number))
            number += 1
        return at + 1

    def _inline_table(self, at: int, key: Key) -> int:
        while (at := self._skip(at)) < len(self._text) and self._text[at] != "}":
            at = at + 1 if self._text[at] == "," else self._pair(at, key)
        return at + 1

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at

    def _blank(self, at: int) -> int:
        match = _BLANK.match(self._text, at)
        return match.end() if match else at
