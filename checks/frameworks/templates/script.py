"""Where in JavaScript a place is: within which string, comment or regular expression."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_TOKEN = re.compile(
    r"""
    [^"'`/\s]++
  | \s++
  | (?P<string> ["'`] )
  | (?P<comment> // | /\* )
  | (?P<regex> / )
    """,
    re.VERBOSE,
)
_ENDS = {
    '"': re.compile(r'(?:[^"\\\n]|\\.)*+(?P<end>["\n])?', re.DOTALL),
    "'": re.compile(r"(?:[^'\\\n]|\\.)*+(?P<end>['\n])?", re.DOTALL),
    "`": re.compile(r"(?:[^`\\]|\\.)*+(?P<end>`)?", re.DOTALL),
    "//": re.compile(r"[^\n]*+(?P<end>\n)?"),
    "/*": re.compile(r"(?:[^*]|\*(?!/))*+(?P<end>\*/)?"),
    "/": re.compile(r"(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*+\]?)*+(?P<end>[/\n])?"),
}

_OPERATORS = "(,=:[!&|?{;+-*%~^<>/"
_WORDS = ("return", "typeof", "case")  # behind them a slash begins a regular expression, not a division


@dataclass(frozen=True, slots=True)
class Script:
    """What is open: a string (its mark), a comment (`//`, `/*`), a regular expression (`/`), or nothing.

    `value` says that a value stands right before, so that a slash would divide.
    """

    open: str = ""
    value: bool = False

    def behind_value(self) -> Script:
        """The state behind a value that is printed."""
        return self if self.open else replace(self, value=True)


INITIAL = Script()


def advance(state: Script, text: str) -> Script:
    """The state behind a stretch of JavaScript."""
    position, opened, value = 0, state.open, state.value
    while position < len(text):
        if opened:
            match = _ENDS[opened].match(text, position)
            assert match is not None, "each of them matches nothing at all"
            if match["end"] is None:
                return Script(opened)
            value = opened not in ("//", "/*")
            position, opened = match.end(), ""
            continue
        if value and text[position] == "/" and text[position + 1 : position + 2] not in ("/", "*"):
            position, value = position + 1, False
            continue
        match = _TOKEN.match(text, position)
        assert match is not None, "every character begins a token"
        position = match.end()
        opened = match["string"] or match["comment"] or match["regex"] or ""
        if not match[0].isspace():
            value = match[0][-1] not in _OPERATORS and not match[0].endswith(_WORDS)
    return Script(opened, value)
