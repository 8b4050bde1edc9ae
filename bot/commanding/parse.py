"""The commands in a comment: lines that begin with `/rubricate`, outside of code. Pure, and safe with any text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

PREFIX = "/rubricate"
NAMES = ("review", "fix", "ignore", "explain", "pause", "resume", "checklist", "help")
MOST = 10
LONGEST_ARGUMENT = 100
LONGEST_REASON = 300

_LINE = re.compile(r"\r\n|\r|\n")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """One command: a name of `NAMES`, or any other word that stood in its place, with what follows it.

    `argument` is the first word behind the name, `rest` all that comes after that.
    """

    name: str
    argument: str = ""
    rest: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is such a command."""
        return self.name in NAMES


def parse(body: str) -> tuple[Command, ...]:
    """The commands of a comment in order, at most `MOST` of them.

    What is carried out is what people see: characters without a shape are left out before anything is compared.
    """
    commands: list[Command] = []
    for line in _outside_code(body):
        words = line.split(maxsplit=3)
        if not words or words[0].lower() != PREFIX:
            continue
        name, argument, rest = (*words[1:], "", "", "")[:3]
        commands.append(
            Command(name.lower()[:LONGEST_ARGUMENT], argument[:LONGEST_ARGUMENT], rest[:LONGEST_REASON])
        )
        if len(commands) == MOST:
            break
    return tuple(commands)


def is_addressed(body: object) -> bool:
    """Whether a comment holds a command."""
    return isinstance(body, str) and PREFIX in _shaped(body).lower() and bool(parse(body))


def _outside_code(body: str) -> Iterator[str]:
    """The lines that begin with the prefix's slash and stand in no fenced block: https://spec.commonmark.org/0.31.2/#fenced-code-blocks."""
    fence = ""
    for line in map(_shaped, _LINE.split(body)):
        match = _FENCE.fullmatch(line)
        if fence:
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif match and not (match[1][0] == "`" and "`" in match[2]):
            fence = match[1]
        elif line.startswith("/"):
            yield line


def _shaped(text: str) -> str:
    """The text without invisible characters: formats, surrogates and controls other than tabs and line ends."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        for character in text
        if character in "\t\r\n" or unicodedata.category(character) not in {"Cf", "Cc", "Cs"}
    )
