"""The real comments of a file, and the code that each stands with: text in strings and in markup is no comment."""

from __future__ import annotations

import io
import re
import token
import tokenize
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

_NEWLINE = re.compile(r"\r\n|\r|\n")
_MARKUP = frozenset(
    {".email", ".htm", ".html", ".jinja", ".jinja2", ".j2", ".md", ".svg", ".xhtml", ".xml", ".xsl"}
)
_OPENING = re.compile(r"(\{#|<!--)[ \t\r\n]*rubricate:")
_CLOSING = {"{#": "#}", "<!--": "-->"}
_LONGEST = 1000  # characters of a comment in markup: no reason is longer
# Quotes count where a value may begin, so that the apostrophe in `it's` opens no string.
_HASH = re.compile(
    r"""
    (?: (?<![^\s:=\-\[{(,]) (?: "(?:[^"\\]|\\.)*+" | '(?:[^'\\]|\\.)*+' )
      | (?<!\s)\# | [^#"'] | ["'] )*+
    (?P<comment> \#.* )
    """,
    re.VERBOSE,
)
_IGNORED = {token.NEWLINE, token.INDENT, token.DEDENT, token.ENDMARKER, tokenize.NL, tokenize.ENCODING}


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment's text without its marks, its line, and the lines `first` to `last` of the statement it stands with.

    That is the statement which it follows on the line, or the next one when it has a line of its own. `at_top` says
    that no code comes before it, but for a docstring.
    """

    text: str
    line: int
    first: int
    last: int
    at_top: bool


def comments_of(path: str, text: str) -> list[Comment]:
    """The comments of a file, by the language that its name tells. Line numbers count from 1."""
    name = PurePosixPath(path)
    if name.suffix in (".py", ".pyi"):
        return _python(text)
    if name.suffix in _MARKUP or (
        name.suffix == ".txt" and any(part.endswith("templates") for part in name.parts)
    ):
        return list(_markup(text))
    return _placed(*_hash_lines(text, whole_lines="dockerfile" in name.name.lower()))


@dataclass(slots=True)
class _Statements:
    """The statements of a file as line ranges, in order, and where the first one that is no docstring begins."""

    ranges: list[tuple[int, int]]
    code_starts: float

    def of(self, line: int) -> tuple[int, int]:
        """The statement that a line belongs to or, where it belongs to none, the next one; else the line itself."""
        index = bisect_left(self.ranges, line, key=lambda lines: lines[1])
        return self.ranges[index] if index < len(self.ranges) else (line, line)


def _python(text: str) -> list[Comment]:
    found: list[tuple[str, int]] = []
    statements = _Statements([], float("inf"))
    try:
        _tokenize(text, found, statements)
    except (tokenize.TokenError, SyntaxError):
        # Newer syntax than this Python's, or none: what was read so far stands, the rest is read line by line.
        more, lines = _hash_lines(text, whole_lines=False)
        comments_end = max((line for _, line in found), default=0)
        statements_end = max((last for _, last in statements.ranges), default=0)
        found.extend(comment for comment in more if comment[1] > comments_end)
        statements.ranges.extend(one for one in lines.ranges if one[0] > statements_end)
        statements.code_starts = min(statements.code_starts, lines.code_starts)
    return _placed(found, statements)


def _tokenize(text: str, comments: list[tuple[str, int]], statements: _Statements) -> None:
    """Fill in comments and statements; a decorator belongs to the statement that it decorates."""
    first = 0
    kind = 0
    start = ""
    decorated = 0
    lines = io.StringIO(_NEWLINE.sub("\n", text))
    for item in tokenize.generate_tokens(lines.readline):
        if item.type == tokenize.COMMENT:
            comments.append((item.string[1:].strip(), item.start[0]))
        elif item.type == token.NEWLINE and first:
            if start == "@":
                decorated = decorated or first
            else:
                statements.ranges.append((decorated or first, item.end[0]))
                decorated = 0
            if kind != token.STRING or len(statements.ranges) > 1:
                statements.code_starts = min(statements.code_starts, first)
            first = 0
        elif not first and item.type not in _IGNORED:
            first, kind, start = item.start[0], item.type, item.string


def _hash_lines(text: str, *, whole_lines: bool) -> tuple[list[tuple[str, int]], _Statements]:
    """Comments that begin with `#`: at a line's start, or behind a blank unless only `whole_lines` count.

    A line that ends with a backslash goes on in the next.
    """
    found: list[tuple[str, int]] = []
    statements = _Statements([], float("inf"))
    goes_on = 0
    for number, line in enumerate(_NEWLINE.split(text), 1):
        stripped = line.strip()
        if stripped.startswith("#"):
            found.append((stripped[1:].strip(), number))
            continue
        match = None if whole_lines or "#" not in line else _HASH.match(line[: _LONGEST * 10])
        if match is not None:
            found.append((match["comment"][1:].strip(), number))
        if stripped.endswith("\\"):
            goes_on = goes_on or number
        elif stripped:
            statements.ranges.append((goes_on or number, number))
            goes_on = 0
    if statements.ranges:
        statements.code_starts = statements.ranges[0][0]
    return found, statements


def _placed(found: list[tuple[str, int]], statements: _Statements) -> list[Comment]:
    return [
        Comment(comment, line, *statements.of(line), at_top=line < statements.code_starts)
        for comment, line in found
    ]


def _markup(text: str) -> Iterator[Comment]:
    """Comments of templates: `{# ... #}` and `<!-- ... -->`, only those that speak to us."""
    lines = _NEWLINE.split(text)
    number, counted = 1, 0
    for match in _OPENING.finditer(text):
        end = text.find(_CLOSING[match[1]], match.end(), match.end() + _LONGEST)
        if end < 0:
            continue
        number += len(_NEWLINE.findall(text, counted, match.start()))
        counted = match.start()
        body = text[match.start() + len(match[1]) : end].strip()
        last = number + len(_NEWLINE.findall(text, match.start(), end))
        around = lines[number - 1].replace(text[match.start() : end + len(_CLOSING[match[1]])], "")
        first = _next_line(lines, last) if last > number or not around.strip() else number
        yield Comment(body, number, first, first, at_top=number <= 5)


def _next_line(lines: Sequence[str], line: int) -> int:
    """The first line with text behind a line, which is itself when nothing follows."""
    return next((number for number in range(line + 1, len(lines) + 1) if lines[number - 1].strip()), line)
