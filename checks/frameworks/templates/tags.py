"""What tags say of a template: parents, includes, blocks, loops, names given a value, libraries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from checks.frameworks.templates.expressions import MAX_LENGTH, Parser, Place, parse_expression
from checks.frameworks.templates.model import (
    DJANGO,
    Assignment,
    Block,
    Expression,
    Include,
    Loop,
    Tag,
)
from checks.model import Span

_WORD = re.compile(r"""(?:[^\s"']|"(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?)++""", re.DOTALL)
_FOR = re.compile(
    r"\s*(?P<names>[\w,\s()]+?)\s+in\s+(?P<iterated>.+?)(?:\s+(?:reversed|recursive))?\s*\Z", re.DOTALL
)
_TAKING = re.compile(r"\s+if\s+")
_NAME = re.compile(r"[\w.]+")
_SET = re.compile(r"\s*([\w.\s,]+?)\s*=(?!=)")
_IMPORTED = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)')""")
_KEYWORDS = frozenset({"trimmed", "context", "asvar", "count", "with", "and"})


@dataclass(frozen=True, slots=True)
class Argument:
    """A word of a tag of Django: `text`, where it begins, and its name where it is given by one (`name=value`)."""

    text: str
    start: int
    name: str = ""


def arguments_of(text: str) -> Iterator[Argument]:
    """The words of a tag's arguments, quoted ones whole; of `name=value` the value is the text."""
    for match in _WORD.finditer(text[:MAX_LENGTH]):
        name, equals, _ = match[0].partition("=")
        if equals and name.isidentifier():
            yield Argument(match[0][len(name) + 1 :], match.start() + len(name) + 1, name)
        else:
            yield Argument(match[0], match.start())


class Facts:
    """What is known of one template, collected tag by tag."""

    def __init__(self, language: str, place: Place) -> None:
        self._language = language
        self._place = place
        self._extends: str | None = None
        self._loads: list[str] = []
        self._lists: dict[str, list[Any]] = {"includes": [], "blocks": [], "loops": [], "assignments": []}

    def add(self, tag: Tag, start: int, body: int, end: int) -> None:
        """Take in a tag by the offsets of its arguments and of what it is about, which goes up to a branch of it."""
        read = _READ.get(tag.name)
        if read is not None and len(tag.arguments) <= MAX_LENGTH:
            read(self, tag, start, self._place(body, end))

    def found(self) -> dict[str, Any]:
        """The fields of a `Template` that this fills."""
        in_order = {
            name: tuple(sorted(found, key=lambda one: one.tag.span)) for name, found in self._lists.items()
        }
        return {"extends": self._extends, "loads": tuple(self._loads), **in_order}

    def _expression(self, text: str, start: int) -> Expression:
        return parse_expression(text, self._language, self._place, start)

    def _extends_tag(self, tag: Tag, start: int, _body: Span) -> None:
        self._extends = self._expression(tag.arguments, start).value or ""

    def _load(self, tag: Tag, _start: int, _body: Span) -> None:
        words = tag.arguments.split()
        self._loads.extend(words[words.index("from") + 1 :] if "from" in words else words)

    def _import(self, tag: Tag, _start: int, _body: Span) -> None:
        match = _IMPORTED.match(tag.arguments)
        if match is not None:
            self._loads.append(match[1] or match[2] or "")

    def _block(self, tag: Tag, _start: int, body: Span) -> None:
        name = _NAME.match(tag.arguments)
        if name is not None:
            self._lists["blocks"].append(Block(name[0], body, tag))

    def _for(self, tag: Tag, start: int, body: Span) -> None:
        match = _FOR.match(tag.arguments)
        if match is not None:
            names = tuple(_NAME.findall(match["names"]))
            text, start = match["iterated"], start + match.start("iterated")
            taking = _TAKING.search(text) if self._language != DJANGO else None
            iterated = self._expression(text[: taking.start()] if taking is not None else text, start)
            condition = None
            if taking is not None:
                condition = self._expression(text[taking.end() :], start + taking.end())
            self._lists["loops"].append(Loop(names, iterated, body, tag, condition))

    def _include(self, tag: Tag, start: int, _body: Span) -> None:
        if self._language != DJANGO:
            expression = self._expression(tag.arguments, start)
            only = "without context" in " ".join(tag.arguments.split())
            self._lists["includes"].append(Include(expression.value, expression, (), only, tag))
            return
        first, *rest = list(arguments_of(tag.arguments)) or [Argument("", 0)]
        expression = self._expression(first.text, start + first.start)
        bindings = tuple(
            (word.name, self._expression(word.text, start + word.start)) for word in rest if word.name
        )
        only = any(word.text == "only" and not word.name for word in rest)
        self._lists["includes"].append(Include(expression.value, expression, bindings, only, tag))

    def _with(self, tag: Tag, start: int, body: Span) -> None:
        if self._language != DJANGO:
            self._assign_keywords(tag, start, body)
        else:
            self._assign_words(tag, start, body)

    def _blocktrans(self, tag: Tag, start: int, body: Span) -> None:
        if self._language == DJANGO:
            self._assign_words(tag, start, body)

    def _trans(self, tag: Tag, start: int, body: Span) -> None:
        if self._language != DJANGO:
            self._assign_keywords(tag, start, body)

    def _set(self, tag: Tag, start: int, body: Span) -> None:
        match = _SET.match(tag.arguments)
        if match is not None:
            value = self._expression(tag.arguments[match.end() :], start + match.end())
            self._lists["assignments"].append(Assignment(tuple(_NAME.findall(match[1])), value, body, tag))

    def _assign_keywords(self, tag: Tag, start: int, body: Span) -> None:
        for name, value in Parser(tag.arguments, self._place, start).keywords():
            self._lists["assignments"].append(Assignment((name,), value, body, tag))

    def _assign_words(self, tag: Tag, start: int, body: Span) -> None:
        """`name=value`, and the older `value as name`."""
        words = list(arguments_of(tag.arguments))
        for number, word in enumerate(words):
            given = word if word.name else None
            name = word.name
            if not name and word.text == "as" and 0 < number < len(words) - 1:
                given, name = words[number - 1], words[number + 1].text
            if given is not None and given.text not in _KEYWORDS:
                value = self._expression(given.text, start + given.start)
                self._lists["assignments"].append(Assignment((name,), value, body, tag))


_READ = {
    "extends": Facts._extends_tag,
    "load": Facts._load,
    "import": Facts._import,
    "from": Facts._import,
    "block": Facts._block,
    "for": Facts._for,
    "include": Facts._include,
    "with": Facts._with,
    "blocktrans": Facts._blocktrans,
    "blocktranslate": Facts._blocktrans,
    "trans": Facts._trans,
    "set": Facts._set,
}
