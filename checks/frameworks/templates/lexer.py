"""A template cut into text, holes, tags and comments, in time that grows with its length alone.

Both languages refuse what they can't read. Here a mark that is never closed is text, since a review must go on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.frameworks.templates.model import JINJA

TEXT, HOLE, TAG, COMMENT = "text", "hole", "tag", "comment"
MAX_TOKENS = 200_000
"""More of them than any template has; what follows is text."""

_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_KINDS = {"{{": HOLE, "{%": TAG, "{#": COMMENT}
# Within a hole or tag of Jinja2, the next thing that matters: a string, a bracket, or what may be the end.
_INSIDE = re.compile(
    r"""[^"'{}%]++ | "(?:[^"\\]|\\.)*+" | '(?:[^'\\]|\\.)*+' | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_AFTER_UNCLOSED = re.compile(r"""[^{}%]++ | (?P<mark>.)""", re.VERBOSE | re.DOTALL)
_NAME = re.compile(r"\s*([\w.:-]+)\s*")
_PLAIN = {"django": ("comment", "verbatim"), "jinja": ("raw",)}


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of a template: `start` to `end` with its marks, `inner` to `inner_end` without; of a tag its `name`."""

    kind: str
    start: int
    end: int
    inner: int
    inner_end: int
    name: str = ""


def tokens(text: str, language: str) -> Iterator[Token]:
    """The tokens in order, without gaps. A `comment` block of Django is a comment, the content of a raw block text."""
    lexer = _Lexer(text, language)
    behind = 0
    for token in lexer.marked():
        if token.start > behind:
            yield Token(TEXT, behind, token.start, behind, token.start)
        yield token
        behind = token.end
    if behind < len(text):
        yield Token(TEXT, behind, len(text), behind, len(text))


class _Lexer:
    def __init__(self, text: str, language: str) -> None:
        self._text = text
        self._jinja = language == JINJA
        self._plain = _PLAIN[language]
        self._never: dict[str, int] = {}
        self._inside = _INSIDE

    def marked(self) -> Iterator[Token]:
        """All but the text between."""
        position = 0
        for _ in range(MAX_TOKENS):
            match = _OPENING.search(self._text, position)
            if match is None:
                return
            token = self._token(match[0], match.start())
            if token is None:
                position = match.start() + 1
                continue
            position = token.end
            if token.name in self._plain:
                end = self._end_of_block(token.name, token)
                if token.name == "comment":
                    yield Token(COMMENT, token.start, end.end, token.end, end.start)
                else:
                    yield token
                    if end.kind == TAG:
                        yield end
                position = end.end
            else:
                yield token

    def _token(self, mark: str, start: int) -> Token | None:
        end = self._end_of_mark(mark, start)
        if end is None:
            return None
        inner, inner_end = start + 2, end - 2
        if self._jinja:
            if self._text[inner : inner + 1] in ("-", "+") and inner < inner_end:
                inner += 1
            if self._text[inner_end - 1 : inner_end] in ("-", "+") and inner < inner_end:
                inner_end -= 1
        name = _NAME.match(self._text, inner, inner_end) if mark == "{%" else None
        return Token(_KINDS[mark], start, end, inner, inner_end, name[1] if name is not None else "")

    def _end_of_mark(self, mark: str, start: int) -> int | None:
        """Where what a mark opens ends, behind its closing mark; `None` when it does not."""
        closing = _CLOSING[mark]
        if start < self._never.get(closing, 0):
            return None
        if not self._jinja:
            limit = self._text.find("\n", start)
            limit = len(self._text) if limit < 0 else limit
            found = self._text.find(closing, start + 2, limit)
        elif mark == "{#":
            limit = len(self._text)
            found = self._text.find(closing, start + 2)
        else:
            limit = len(self._text)
            found = self._end_of_expression(closing, start + 2)
        if found < 0:
            # None of the marks up to there can find one: they are not asked again.
            self._never[closing] = limit
            return None
        return found + 2

    def _end_of_expression(self, closing: str, start: int) -> int:
        """The place of a closing mark that stands in no string and, for `}}`, in no braces; -1 without one.

        A string that is never closed makes its mark mean nothing, here and in what follows.
        """
        depth, position = 0, start
        while (match := self._inside.match(self._text, position)) is not None:
            position = match.end()
            mark = match["mark"]
            if mark is None:
                continue
            if mark in "\"'":
                self._inside = _AFTER_UNCLOSED
            elif self._text.startswith(closing, match.start()) and (mark == "%" or depth <= 0):
                return match.start()
            elif mark in "{}":
                depth += 1 if mark == "{" else -1
        return -1

    def _end_of_block(self, name: str, token: Token) -> Token:
        """The tag that ends a block whose content is not read; without one, an empty text at the end."""
        label = self._text[token.inner : token.inner_end].split()[1:2] if name == "verbatim" else []
        words = r"\s+".join([f"end{name}", *map(re.escape, label)])
        control = "[-+]?" if self._jinja else ""
        match = re.compile(rf"\{{%{control}(\s*{words}\s*){control}%\}}").search(self._text, token.end)
        if match is None:
            size = len(self._text)
            return Token(TEXT, size, size, size, size)
        return Token(TAG, match.start(), match.end(), match.start(1), match.end(1), f"end{name}")
