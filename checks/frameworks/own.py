"""A project's own sources, sinks and sanitisers as a table, and what of it leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.errors import did_you_mean
from checks.frameworks.libraries.kinds import KINDS
from checks.own_tables import OwnEntry
from checks.semantics.definitions import definition
from checks.semantics.library import Entry, Library, Sink
from checks.semantics.source import File, Project


def own_library(entries: Sequence[OwnEntry]) -> Library:
    """The table of the entries; what several say of one name is put together."""
    found: dict[str, Entry] = {}
    for entry in entries:
        known = found.get(entry.name, Entry())
        if entry.part == "sources":
            made = Entry(source=entry.words[0], sinks=known.sinks)
        elif entry.part == "sinks":
            sink = Sink(entry.words[0], entry.argument)
            made = Entry(known.returns, known.source, (*known.sinks, sink), known.passes, known.cleans)
        else:
            made = Entry(sinks=known.sinks, passes=("*",), cleans=frozenset(entry.words))
        found[entry.name] = made
    return Library("own", found)


def problems_of(entries: Sequence[OwnEntry], project: Project) -> Iterator[str]:
    """What is wrong with the entries in this project, a sentence each: unknown kinds, names that lead nowhere."""
    for entry in entries:
        if entry.part != "sources":
            for kind in entry.words:
                if kind not in KINDS and kind != "*":
                    yield f"{entry.part}: {entry.name}: unknown kind {kind!r}{did_you_mean(kind, KINDS)}"
        if not _leads_somewhere(entry.name, project):
            yield f"{entry.part}: {entry.name} is defined nowhere in the project, and no file imports it"


def _leads_somewhere(name: str, project: Project) -> bool:
    parts = name.split(".")
    for split in range(len(parts) - 1, 0, -1):
        home = project.module(".".join(parts[:split]), "")
        if home is not None:
            return _is_defined(parts[split:], home)
    package = parts[0]
    words = (f"import {package}", f"from {package}")
    return bool(project.mentioning(words, ".py"))


def _is_defined(rest: list[str], home: File) -> bool:
    if definition(f"{home.module}.{rest[0]}", home) is not None:
        return True
    return rest[0] in home.names.bindings(home.tree)
