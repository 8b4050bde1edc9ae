"""A template's tokens put together: the tree of its blocks, with the HTML context of all that it prints.

Tags need not be known: one opens a block where a tag with `end` before its name follows.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from checks.frameworks.templates import html
from checks.frameworks.templates.expressions import parse_expression
from checks.frameworks.templates.lexer import HOLE, TAG, TEXT, Token, tokens
from checks.frameworks.templates.model import DJANGO, JINJA, Hole, Node, Tag, Template
from checks.frameworks.templates.tags import Facts
from checks.model import Span

MAX_DEPTH = 60
"""Blocks within blocks; deeper ones are read as if they had no block, so that walking a tree can recurse."""

_NEWLINE = re.compile(r"\r\n|\r|\n")
_BETWEEN = frozenset({"elif", "else", "empty", "plural", "pluralize"})
_CLOSES = ("end",)
# Flask's choice; other environments are told by their code. https://flask.palletsprojects.com/en/stable/templating/
_ESCAPED_BY_JINJA = frozenset({".html", ".htm", ".xml", ".xhtml", ".svg"})
# What they hold is not where they stand: it begins anew, and what stood before goes on behind them.
_APART = frozenset({"macro", "set", "call", "captureas", "capture", "snippet"})
_SILENT = frozenset({"load", "extends", "import", "from", "set", "with", "do", "break", "continue"})


def parse(path: str, text: str, language: str) -> Template:
    """The template that a text is in a language, `django` or `jinja`. Whatever the text is, something is made of it."""
    return _Builder(path, text, language).template()


@dataclass(slots=True)
class _Open:
    """A block that has not ended yet: the HTML state and the escaping before it, where its parts begin."""

    tag: Tag | None
    start: int
    before: html.State
    escapes: bool
    arguments: int = 0
    children: list[Node | Hole] = field(default_factory=list)
    branch: int = 0


class _Builder:
    def __init__(self, path: str, text: str, language: str) -> None:
        self._path, self._text, self._language = path, text, language
        self._lines = [0, *(match.end() for match in _NEWLINE.finditer(text))]
        self._tokens = list(tokens(text, language))
        self._last_end = {
            token.name.removeprefix("end"): number
            for number, token in enumerate(self._tokens)
            if token.name.startswith(_CLOSES)
        }
        escapes = language == DJANGO or PurePosixPath(path).suffix.lower() in _ESCAPED_BY_JINJA
        self._state = html.TEXT
        self._escapes = escapes
        self._stack = [_Open(None, 0, html.TEXT, escapes)]
        self._open_names: dict[str, int] = {}
        self._holes: list[Hole] = []
        self._tags: list[Tag] = []
        self._facts = Facts(language, self.span)

    def template(self) -> Template:
        for number, token in enumerate(self._tokens):
            if token.kind == TEXT:
                self._state = html.after_text(self._state, self._text[token.start : token.end])
            elif token.kind == HOLE:
                self._hole(token)
            elif token.kind == TAG:
                self._tag(number, token)
        size = len(self._text)
        while len(self._stack) > 1:
            self._close(size)
        root = self._stack[0]
        return Template(
            path=self._path,
            language=self._language,
            root=Node(None, tuple(root.children), self.span(0, size)),
            holes=tuple(self._holes),
            tags=tuple(self._tags),
            **self._facts.found(),
        )

    def span(self, start: int, end: int) -> Span:
        """The place of a stretch of the text by its offsets."""
        lines = self._lines
        line = end_line = bisect_right(lines, start)
        if line < len(lines) and lines[line] <= end:
            end_line = bisect_right(lines, end)
        return Span(line, start - lines[line - 1] + 1, end_line, end - lines[end_line - 1] + 1)

    def _hole(self, token: Token) -> None:
        text = self._text[token.inner : token.inner_end]
        expression = parse_expression(text, self._language, self.span, token.inner)
        span, context = self.span(token.start, token.end), html.context_of(self._state)
        hole = Hole(expression, context, span, self._escapes, self._stack[-1].tag)
        self._holes.append(hole)
        self._stack[-1].children.append(hole)
        self._state = html.after_hole(self._state)

    def _tag(self, number: int, token: Token) -> None:
        name = token.name
        closes = name.startswith(_CLOSES) and name.removeprefix("end") in self._open_names
        if closes:
            self._unwind(name.removeprefix("end"), token.start)
        behind = self._text.find(name, token.inner) + len(name)
        arguments = self._text[behind : token.inner_end]
        start = behind + len(arguments) - len(arguments.lstrip())
        tag = Tag(
            name=name,
            arguments=arguments.strip(),
            span=self.span(token.start, token.end),
            parent=self._stack[-1].tag,
            context=html.context_of(self._state),
            autoescaped=self._escapes,
        )
        self._tags.append(tag)
        if closes:
            self._end(token.start)
        elif self._opens(number, tag):
            self._begin(tag, start, token.end)
        else:
            self._single(tag, token, start)

    def _opens(self, number: int, tag: Tag) -> bool:
        if self._last_end.get(tag.name, 0) <= number or len(self._stack) > MAX_DEPTH or tag.name in _BETWEEN:
            return False
        return not (tag.name == "set" and self._language == JINJA and "=" in tag.arguments.partition("|")[0])

    def _begin(self, tag: Tag, arguments: int, start: int) -> None:
        opened = _Open(tag, start, self._state, self._escapes, arguments)
        self._stack.append(opened)
        self._open_names[tag.name] = self._open_names.get(tag.name, 0) + 1
        if tag.name == "autoescape":
            self._escapes = tag.arguments.strip().lower() not in ("off", "false")
        elif tag.name in _APART:
            self._state = html.TEXT

    def _single(self, tag: Tag, token: Token, arguments: int) -> None:
        """A tag without a block: one that separates branches, or one that prints, or neither."""
        top = self._stack[-1]
        line, column = tag.span.end_line, tag.span.end_column
        top.children.append(Node(tag, (), Span(line, column, line, column)))
        if tag.name in _BETWEEN and top.tag is not None:
            # Each branch begins where the block began.
            top.branch = top.branch or token.start
            self._state = top.before
        elif tag.name not in _SILENT and not tag.name.startswith(_CLOSES):
            if self._state.part in ("before", "value", "name", "raw"):
                self._state = html.after_hole(self._state)
        self._facts.add(tag, arguments, token.end, len(self._text))

    def _unwind(self, name: str, end: int) -> None:
        """End the blocks that were left open within the one of this name."""
        while (tag := self._stack[-1].tag) is not None and tag.name != name:
            self._close(end)

    def _end(self, end: int) -> None:
        opened = self._stack[-1]
        assert opened.tag is not None
        if opened.tag.name in _APART:
            self._state = opened.before
        self._close(end)

    def _close(self, end: int) -> None:
        opened = self._stack.pop()
        assert opened.tag is not None
        left = self._open_names[opened.tag.name] - 1
        if left:
            self._open_names[opened.tag.name] = left
        else:
            del self._open_names[opened.tag.name]
        self._escapes = opened.escapes
        body = self.span(opened.start, end)
        self._facts.add(opened.tag, opened.arguments, opened.start, opened.branch or end)
        self._stack[-1].children.append(Node(opened.tag, tuple(opened.children), body))
