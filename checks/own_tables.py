"""What a project tells of its own functions: sources, sinks and sanitisers, as its configuration names them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from checks.errors import UserError

Part = Literal["sources", "sinks", "sanitisers"]
PARTS: tuple[Part, ...] = ("sources", "sinks", "sanitisers")
LABELS = ("request", "secret", "exception")


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """One line of a table: the dotted name of a function, class or method.

    `words` are the source's label, the sink's kind, or the kinds that a sanitiser makes harmless; `argument` is the one
    that a sink or sanitiser looks at, by position or keyword.
    """

    part: Part
    name: str
    words: tuple[str, ...]
    argument: int | str = 0


def own_entries(given: dict[str, Any], error: Callable[[str], UserError]) -> tuple[OwnEntry, ...]:
    """The entries of the three tables. Raises what `error` makes of a sentence where a value does not fit."""
    return tuple(entry for part in PARTS for entry in _of_part(part, given.get(part, {}), error))


def _of_part(part: Part, table: Any, error: Callable[[str], UserError]) -> Iterator[OwnEntry]:
    if not isinstance(table, dict):
        raise error(f"`{part}` must map dotted names to what they are")
    for name, value in table.items():
        if (
            not isinstance(name, str)
            or not all(word.isidentifier() for word in name.split("."))
            or "." not in name
        ):
            raise error(f"`{part}`: {name!r} is no dotted name of a function, like shop.mail.send")
        if part == "sinks":
            for one in value if isinstance(value, list) else [value]:
                yield _sink(name, one, error)
        else:
            words = tuple(value) if isinstance(value, list) else (value,)
            if not words or not all(isinstance(word, str) for word in words):
                raise error(f"`{part}`: {name} must say {_expected(part)}")
            if part == "sources" and (len(words) != 1 or words[0] not in LABELS):
                raise error(
                    f"`sources`: {name} gives {', '.join(LABELS[:-1])} or {LABELS[-1]}, not {words[0]!r}"
                )
            yield OwnEntry(part, name, words)


def _sink(name: str, value: Any, error: Callable[[str], UserError]) -> OwnEntry:
    if isinstance(value, str):
        return OwnEntry("sinks", name, (value,))
    if (
        isinstance(value, dict)
        and isinstance(value.get("kind"), str)
        and not set(value) - {"kind", "argument"}
    ):
        argument = value.get("argument", 0)
        if (isinstance(argument, int) and not isinstance(argument, bool) and argument >= 0) or (
            isinstance(argument, str) and argument.isidentifier()
        ):
            return OwnEntry("sinks", name, (value["kind"],), argument)
    raise error(f"`sinks`: {name} must say {_expected('sinks')}")


def _expected(part: Part) -> str:
    return {
        "sources": "what it gives: request, secret or exception",
        "sinks": "its kind, or a mapping of `kind` and `argument`",
        "sanitisers": "the kinds of sinks that it makes harmless",
    }[part]
