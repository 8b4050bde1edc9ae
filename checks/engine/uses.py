"""What judging a file asked of the rest of the tree, each question with an identity that changes when its answer may.

A question is a text: a path, `/*urls.py` for the listing of the files whose paths end so, `/?word|word*.py` for those
of them that hold a word, `/once:key` for a fact of the whole project. No path begins with a slash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping

from checks.engine.search import Search
from checks.engine.tree import Tree, Unreadable

Group = Mapping[str, str]
"""The questions behind a fact, with the identities of their answers."""

_LISTING, _MENTION, _FACT = "/*", "/?", "/once:"
_UNREADABLE = "unreadable"


def listing_use(endings: Iterable[str]) -> str:
    """The question which files' paths end so."""
    return _LISTING + "|".join(endings)


def mention_use(words: Iterable[str], endings: Iterable[str]) -> str:
    """The question which files, of those whose paths end so, hold one of some words, and what they say."""
    return f"{_MENTION}{'|'.join(words)}*{'|'.join(endings)}"


def fact_use(key: str) -> str:
    """The question for a fact of the whole project."""
    return _FACT + key


class Identities:
    """The identities of the answers that a tree gives, each asked for once.

    `facts` are the questions behind each fact by its question; `groups` collects them by their digest.
    """

    def __init__(
        self, tree: Tree, facts: Mapping[str, Collection[str]], search: Search | None = None
    ) -> None:
        self._tree = tree
        self._search = search if search is not None else Search(tree)
        self._facts = facts
        self._known: dict[str, str] = {}
        self.groups: dict[str, Group] = {}

    def of(self, use: str) -> str:
        """The identity of a question's answer; "" for a path that the tree does not have."""
        known = self._known.get(use)
        if known is None:
            known = self._known[use] = self._of(use)
        return known

    def below(self, uses: Iterable[str]) -> dict[str, Group]:
        """The groups behind some questions, and those behind these, by digest."""
        found: dict[str, Group] = {}
        waiting = [use for use in uses if use.startswith(_FACT)]
        while waiting:
            digest = self.of(waiting.pop())
            if digest not in found:
                found[digest] = self.groups[digest]
                waiting += [use for use in self.groups[digest] if use.startswith(_FACT)]
        return found

    def _of(self, use: str) -> str:
        if use.startswith(_FACT):
            group = {inner: self.of(inner) for inner in sorted(self._facts[use])}
            digest = _digest(json.dumps(group))
            self.groups[digest] = group
            return digest
        if use.startswith("/"):
            return _digest("\0".join(self._listed(use)))
        try:
            return self._tree.identity(use) if use in self._tree else ""
        except Unreadable:
            return _UNREADABLE

    def _listed(self, use: str) -> Iterable[str]:
        """What a listing hangs on: its paths, and the identities of those that hold a word."""
        words, _, endings = use[len(_MENTION) :].partition("*")
        if use.startswith(_LISTING):
            return self._search.named(tuple(use[len(_LISTING) :].split("|")))
        paths = self._search.mentioning(tuple(words.split("|")), tuple(endings.split("|")))
        return [f"{path}:{self.of(path)}" for path in paths]


class Holding:
    """Whether answers that were kept are still those of a tree. `load` gives a group by its digest."""

    def __init__(self, tree: Tree, load: Callable[[str], Group | None]) -> None:
        self._identities = Identities(tree, {})
        self._load = load
        self._facts: dict[str, bool] = {}

    def holds(self, uses: Mapping[str, str]) -> bool:
        """Whether every question would be answered as it was."""
        return all(
            self._fact_holds(then) if use.startswith(_FACT) else self._identities.of(use) == then
            for use, then in uses.items()
        )

    def _fact_holds(self, digest: str) -> bool:
        if digest not in self._facts:
            self._facts[digest] = False
            group = self._load(digest)
            self._facts[digest] = group is not None and self.holds(group)
        return self._facts[digest]


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
