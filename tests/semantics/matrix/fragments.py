"""The pieces that programs are made of, read from the tables beside this module.

A piece begins with `## name | key=value ...`. What stands before `---` is put at the top of the module, modules of
their own stand between `@@ file.py` and `@@`, and the rest goes into the view. In it `IN` is the value that comes in,
`OUT` what the piece makes of it (the same name, where a piece has none), `REST` where the program goes on (else at
the end) and `ME` the beginning of the names that are the piece's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

TABLES = Path(__file__).parent / "tables"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of a program: `top` of the module, other `files` of the package, and the `body` in the view."""

    name: str
    table: str
    top: str
    files: Mapping[str, str]
    body: str
    options: Mapping[str, str]

    @property
    def title(self) -> str:
        """The piece's name within all tables."""
        return f"{self.table}: {self.name}"


def fragments(table: str) -> tuple[Fragment, ...]:
    """The pieces of a table, in its order; names are unique in it."""
    found = tuple(_parsed(table))
    names = {fragment.name for fragment in found}
    if len(names) != len(found):
        raise ValueError(f"two pieces of {table} have one name")
    return found


def _parsed(table: str) -> Iterator[Fragment]:
    text = (TABLES / f"{table}.txt").read_text(encoding="utf-8")
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, code = part.partition("\n")
        name, _, options = heading.partition(" | ")
        top, dash, body = code.partition("---\n")
        if not dash:
            top, body = "", code
        files, top = _files(top)
        yield Fragment(
            name,
            table,
            top.strip("\n"),
            files,
            body.strip("\n"),
            dict(option.split("=") for option in options.split()),
        )


def _files(top: str) -> tuple[dict[str, str], str]:
    """The modules of their own, and what is left for the top."""
    files: dict[str, str] = {}
    pieces = re.split(r"^@@ ?(.*)\n", top, flags=re.MULTILINE)
    rest = pieces[0]
    for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
        if name:
            files[name] = text
        else:
            rest += text
    return files, rest


def filled(code: str, me: str, incoming: str, outgoing: str) -> str:
    """A piece's code with its names put in."""
    code = re.sub(r"\bIN\b", incoming, code)
    code = re.sub(r"\bOUT\b", outgoing, code)
    return re.sub(r"\bME(?![A-Z])", me, code)


def around(code: str, rest: str) -> str:
    """A piece's code with the rest of the program where it says `REST`, else behind it."""
    place = re.search(r"^( *)REST$", code, flags=re.MULTILINE)
    if place is None:
        return f"{code}\n{rest}"
    inner = "\n".join(place[1] + line for line in rest.splitlines())
    return code[: place.start()] + inner + code[place.end() :]
