"""What tables are written with: short forms of entries that many libraries need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from checks.semantics.invocation import Invocation
from checks.semantics.library import INJECTIONS, Entry, Place, Sink
from checks.semantics.taints import Taint
from checks.semantics.values import Value, all_taints

NOTHING: Final = Entry()
"""What passes nothing on: a length, a row of the database, a status."""

EVERYTHING: Final = Entry(passes=("*",))
"""What has the sources of all that it is given, the receiver's too."""

TEXT: Final = Entry(returns="builtins.str")
NUMBER: Final = Entry(returns="builtins.int")
TRUTH: Final = Entry(returns="builtins.bool")
ITSELF: Final = Entry(returns="self")
"""A method that gives its receiver, or another of its kind: what is called once more on a query."""

TOKENS: Final = INJECTIONS - {"code", "command", "csv", "deserialize", "nosql", "url"}
"""What a text of letters, digits, `-`, `_` and single dots can't harm: it may still name a module or a host."""

LOGGED: Final = frozenset({"header", "log"})
"""What a text without line breaks can't harm."""

QUOTED: Final = frozenset({"header", "html", "ldap", "log", "script", "shell", "template", "xml", "xpath"})
"""What a percent-encoded text can't harm."""


def of(owner: str, members: Mapping[str, Entry]) -> dict[str, Entry]:
    """The members of a class or the functions of a module, by their whole names."""
    return {f"{owner}.{name}": entry for name, entry in members.items()}


def each(names: str, entry: Entry) -> dict[str, Entry]:
    """The same entry for several names, written with spaces between them."""
    return dict.fromkeys(names.split(), entry)


def own(returns: str | None = None, *cleans: str) -> Entry:
    """A method or attribute that gives a part of its receiver, or the whole in another form."""
    return Entry(returns=returns, passes=(-1,), cleans=frozenset(cleans))


def sinks(
    *found: Sink, returns: str | None = None, passes: tuple[Place, ...] = (), source: str | None = None
) -> Entry:
    """What does harm with several arguments, or in several ways."""
    return Entry(returns=returns, sinks=found, passes=passes, source=source)


def list_of(kind: str) -> Entry:
    """A method that gives a list of things of one type, all of them parts of the receiver."""

    def apply(call: Invocation) -> Value | None:
        if call.receiver is None:
            return None
        taints = tuple(taint.child("[]") for taint in all_taints(call.receiver))
        return Value(type="builtins.list", items={}, rest=Value(type=kind, taints=taints))

    return Entry(returns="builtins.list", passes=(-1,), apply=apply)


def restores(*kinds: str, argument: Place = 0, returns: str | None = "builtins.str") -> Entry:
    """What undoes an escape: the result can do these kinds of harm again (`html.unescape`)."""
    again = frozenset(kinds)

    def apply(call: Invocation) -> Value | None:
        given = call.argument(argument)
        if given is None:
            return None
        if given.const.__class__ is str and not given.taints:
            return None
        return Value(type=returns, taints=tuple(_dirty(taint, again) for taint in all_taints(given)))

    return Entry(returns=returns, passes=(argument,), apply=apply)


def _dirty(taint: Taint, again: frozenset[str]) -> Taint:
    return taint.changed(clean=taint.clean - again) if taint.clean & again else taint
