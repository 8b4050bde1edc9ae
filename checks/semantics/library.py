"""How libraries are described: a table for each, of what its functions take, give, let through, clean and check.

A table's keys are dotted names: of a function (`html.escape`), of a class (`sqlite3.Connection`, for what calling it
makes), of a method or attribute (`sqlite3.Cursor.execute`), of all others of a class (`django.db.models.QuerySet.*`),
or of a method of any receiver (`*.execute`, only where no type is known). `checks.frameworks.libraries` holds the
tables; a project adds its own in its configuration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from checks.semantics.invocation import Invocation
    from checks.semantics.values import Value

INJECTIONS = frozenset(
    {
        "code",
        "command",
        "cookie",
        "csv",
        "deserialize",
        "header",
        "html",
        "html-email",
        "ldap",
        "ldap-dn",
        "log",
        "model",
        "nosql",
        "path",
        "redirect",
        "regex",
        "script",
        "shell",
        "sql",
        "template",
        "url",
        "xml",
        "xml-expansion",
        "xpath",
    }
)
"""The kinds of sinks whose harm is in the text: a number, a date or a UUID can do none in any of them."""

ADDRESSES = frozenset({"path", "url"})
"""The kinds of sinks that take a name of what is read: what can be read itself is none."""

Place = int | str | tuple[int, str]
"""An argument: its position, its keyword, or both; `-1` is the receiver, `*` is every argument."""


@dataclass(frozen=True, slots=True)
class Sink:
    """Where a value does harm: `kind` (a key of rules' `on_flow`), and the argument that is looked at.

    `when` narrows a sink to some of its calls (`shell=True`). `first` says that of a list only the first element
    counts: the program of a command line. `or_file` says that files are taken as well as their names, so that a value
    of which the type is not known is a sink's in doubt.
    """

    kind: str
    argument: Place = 0
    when: Callable[[Invocation], bool] | None = None
    first: bool = False
    or_file: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """That an argument is harmless for some kinds of sinks where the call returned: always, or what `when` says.

    `when` is "true" or "false" for the result's truth, and "returns" for a function that raises otherwise. `after`
    names what must have been done before, or the check says nothing (`normal-path`).
    """

    argument: Place
    clean: frozenset[str]
    when: str = "true"
    after: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one name. What a field leaves out is nothing: no source, no sink, nothing passed on.

    - `returns`: the type of the result or attribute: a dotted name; `self` for the receiver's; `argument` for the
      first argument's; `elements` for what the receiver or first argument holds
    - `source`: the label of what it gives
    - `sinks`: what is done with its arguments
    - `passes`: the arguments whose sources the result has
    - `cleans`: the kinds of sinks that what is passed can't harm afterwards (`*` for all)
    - `checks`: what is known of arguments afterwards
    - `part_of`: the argument that the result is a part of
    - `calls`: the argument that is called, with the elements of which other (`map`: 0 with 1)
    - `stores`: arguments that the receiver holds afterwards (`list.append`)
    - `safe_keys`: of a source, the keys that nobody outside can choose (`META["REMOTE_ADDR"]`)
    - `ends`: the call never returns (`sys.exit`, `flask.abort`)
    - `work`: what makes the caller wait: `http`, `mail`, `process`, `sleep`, `image`, `document`
    - `apply`: what only code can say: the result's value, or None for what the other fields say
    - `does`: the same for what is noted of the function that calls; it is given its frame as well
    """

    returns: str | None = None
    source: str | None = None
    sinks: tuple[Sink, ...] = ()
    passes: tuple[Place, ...] = ()
    cleans: frozenset[str] = frozenset()
    checks: tuple[Check, ...] = ()
    part_of: Place | None = None
    calls: tuple[int, int] | None = None
    stores: tuple[Place, ...] = ()
    safe_keys: frozenset[str] = frozenset()
    ends: bool = False
    work: str | None = None
    apply: Callable[[Invocation], Value | None] | None = None
    does: Callable[[Any, Invocation], Value | None] | None = None


def gives(returns: str) -> Entry:
    """A function or attribute of which only the type of what it gives is known."""
    return Entry(returns=returns)


def source(label: str, returns: str | None = None, safe_keys: Iterable[str] = ()) -> Entry:
    """What gives data that must not be trusted, or not be shown."""
    return Entry(returns=returns, source=label, safe_keys=frozenset(safe_keys))


def sink(
    kind: str,
    argument: Place = 0,
    *,
    when: Callable[[Invocation], bool] | None = None,
    returns: str | None = None,
    passes: tuple[Place, ...] = (),
) -> Entry:
    """What does harm with one argument."""
    return Entry(returns=returns, sinks=(Sink(kind, argument, when),), passes=passes)


def passes(*arguments: Place, returns: str | None = None) -> Entry:
    """What hands on the sources of these arguments; of every one where none is named."""
    return Entry(returns=returns, passes=arguments or ("*",))


def escapes(*kinds: str, argument: Place = 0, returns: str | None = "builtins.str") -> Entry:
    """What makes an argument harmless for these kinds of sinks, in its result."""
    return Entry(returns=returns, passes=(argument,), cleans=frozenset(kinds))


def converts(returns: str, argument: Place = 0) -> Entry:
    """What makes a number, date or the like of an argument: harmless in every text, as is then the argument.

    But for line breaks around it, and for words such as `nan`.
    """
    read = INJECTIONS - {"code", "command", "cookie", "header", "log", "url"}
    return Entry(
        returns=returns, passes=(argument,), cleans=INJECTIONS, checks=(Check(argument, read, "returns"),)
    )


def checks(*kinds: str, argument: Place = 0, when: str = "true", returns: str | None = None) -> Entry:
    """What tells whether an argument is harmless for these kinds of sinks, by its truth or by raising."""
    return Entry(
        returns=returns or ("builtins.bool" if when != "returns" else None),
        checks=(Check(argument, frozenset(kinds), when),),
    )


@dataclass(frozen=True, slots=True)
class Library:
    """The table of one library.

    `bases` maps a class to those it derives from; what is not said of it is looked up there. `aliases` maps the
    beginning of a dotted name to that under which the tables know it (`django.http.response.` to `django.http.`).
    """

    name: str
    entries: Mapping[str, Entry]
    bases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)


class Knowledge:
    """All tables together, asked by dotted name."""

    def __init__(self, libraries: Iterable[Library]) -> None:
        self._entries: dict[str, Entry] = {}
        self._bases: dict[str, tuple[str, ...]] = {}
        self._aliases: dict[str, str] = {}
        for library in libraries:
            self._entries.update(library.entries)
            self._bases.update(library.bases)
            self._aliases.update(library.aliases)
        self._known: dict[tuple[str, str], tuple[str, Entry] | None] = {}
        self._canonical: dict[str, str] = {}
        self.methods = frozenset(
            name.rpartition(".")[2]
            for name, entry in self._entries.items()
            if entry.sinks or entry.apply or entry.does
        )
        """The last parts of the names that have sinks."""

    def canonical(self, name: str) -> str:
        """The name under which the tables know one."""
        known = self._canonical.get(name)
        if known is None:
            known = name
            for _ in range(3):
                beginning = next((known[:end] for end in _ends(known) if known[:end] in self._aliases), None)
                if beginning is None:
                    break
                known = self._aliases[beginning] + known[len(beginning) :]
            self._canonical[name] = known
        return known

    def entry(self, name: str) -> Entry | None:
        """What is known of a function, class or attribute by its whole name."""
        return self._entries.get(name)

    def member(self, owner: str, attribute: str) -> tuple[str, Entry] | None:
        """What is known of an attribute or method of a class: its name where a table says it, and the entry."""
        key = (owner, attribute)
        if key not in self._known:
            self._known[key] = self._member(owner, attribute)
        return self._known[key]

    def ancestors(self, owner: str) -> list[str]:
        """A class and those it derives from, as far as the tables know."""
        found = [owner]
        for name in found:
            found += [base for base in (*self._bases.get(name, ()), *self._made(name)) if base not in found]
        return found

    def _made(self, name: str) -> tuple[str, ...]:
        """The type that calling a class gives, where a table names another: the class counts as one of it."""
        entry = self._entries.get(name)
        if entry is None or entry.returns in (None, "self", "argument"):
            return ()
        return (entry.returns,) if name.rpartition(".")[2][:1].isupper() else ()

    def is_a(self, owner: str, ancestor: str) -> bool:
        """Whether a class is another or derives from it."""
        return owner == ancestor or ancestor in self.ancestors(owner)

    def is_file(self, type_name: str) -> bool:
        """Whether values of a type can be read: files, uploads and answers, which are no names of files."""
        return type_name != "" and self.member(type_name, "read") is not None

    def _member(self, owner: str, attribute: str) -> tuple[str, Entry] | None:
        ancestors = self.ancestors(owner)
        for name in ancestors:
            full = f"{name}.{attribute}"
            entry = self._entries.get(full)
            if entry is not None:
                return full, entry
        for name in ancestors if attribute[:1] != "_" else ():
            entry = self._entries.get(f"{name}.*")
            if entry is not None:
                return f"{name}.*", entry
        return None


def _ends(name: str) -> list[int]:
    """Where a dotted name may be cut, the longest beginning first: after each part, with and without its dot."""
    found = [len(name)]
    for position in range(len(name) - 1, -1, -1):
        if name[position] == ".":
            found += [position + 1]
    return found


def any_receiver(method: str) -> str:
    """The key of a method whatever it is called on."""
    return f"*.{method}"


__all__ = [
    "INJECTIONS",
    "Any",
    "Check",
    "Entry",
    "Knowledge",
    "Library",
    "Place",
    "Sink",
    "any_receiver",
    "checks",
    "converts",
    "escapes",
    "gives",
    "passes",
    "sink",
    "source",
]
