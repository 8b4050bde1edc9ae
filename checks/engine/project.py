"""The files of one tree, parsed when first asked for. Which file asked for which is recorded, for caches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from checks.engine.parse import parse
from checks.engine.search import Search
from checks.engine.tree import Tree, Unreadable
from checks.engine.uses import fact_use, listing_use, mention_use
from checks.frameworks.documents import decoded, document_of, kind_of
from checks.model import Problem
from checks.semantics.source import Document, File

_T = TypeVar("_T")


def _tell(path: str) -> tuple[str, ...]:
    """Without a configuration the files tell."""
    return ()


class Project:
    """The reviewed project behind a tree. A file that can't be read or parsed is a `Problem`.

    `frameworks_at` gives those that the configuration names for a file. `beside` is another state of the same project,
    whose parsed files serve here too where they are the same.
    """

    def __init__(self, tree: Tree, frameworks_at: Callable[[str], Iterable[str]] = _tell) -> None:
        self.tree = tree
        self.search = Search(tree)
        self._frameworks_at = frameworks_at
        self.uses: set[str] = set()
        self.facts: dict[str, frozenset[str]] = {}
        self._values: dict[str, Any] = {}
        self._parsed: dict[str, File | Problem] = {}
        self._documents: dict[str, Document | Problem | None] = {}
        self.room = sys.maxsize
        self.beside: Project | None = None
        self._kept = 0
        self._by_name: dict[str, list[str]] | None = None
        self._by_module: dict[str, list[str]] = {}

    def frameworks_at(self, path: str) -> frozenset[str]:
        """The frameworks that the configuration names for a file; empty where its files must tell."""
        return frozenset(self._frameworks_at(path))

    def load(self, path: str) -> File | Document | Problem | None:
        """A file as rules see it; `None` where the tree has none or no rule reads its kind."""
        if path not in self.tree:
            return None
        if path.endswith((".py", ".pyi")):
            return self._python(path)
        if kind_of(path) is None:
            return None
        return self._document(path)

    def file(self, path: str) -> File | None:
        """The parsed Python file at a path, `None` when there is none or it can't be parsed."""
        self.uses.add(path)
        if path not in self.tree:
            return None
        found = self._python(path)
        return found if isinstance(found, File) else None

    def document(self, path: str) -> Document | None:
        """The document at a path, `None` when there is none, no rule reads its kind, or it can't be read."""
        self.uses.add(path)
        if path not in self.tree or path.endswith((".py", ".pyi")) or kind_of(path) is None:
            return None
        found = self._document(path)
        return found if isinstance(found, Document) else None

    def has(self, path: str) -> bool:
        """Whether the tree has a file at a path."""
        self.uses.add(path)
        return path in self.tree

    def module(self, name: str, near: str) -> File | None:
        """The file of a dotted module name, the one closest to the path `near` where several bear it."""
        path = self.path_of_module(name, near)
        return None if path is None else self.file(path)

    def path_of_module(self, name: str, near: str) -> str | None:
        """The path of a dotted module name: of a file or package whose path ends in the name's parts."""
        return max(
            self._modules_named(name), key=lambda path: (_shared(path, near), -len(path), path), default=None
        )

    def named(self, *endings: str) -> tuple[str, ...]:
        """The paths of the files of these names (`urls.py`) or suffixes (`.py`, `/models/base.py`), sorted."""
        self.uses.add(listing_use(endings))
        return self.search.named(endings)

    def mentioning(self, words: tuple[str, ...], *endings: str) -> tuple[str, ...]:
        """Those of `named` whose text holds one of some words, for a look before parsing; the words hold no `*|`.

        A word is meant as a part of the text, but for a call: `total(` is not meant by `subtotal(`.
        """
        self.uses.add(mention_use(words, endings))
        return self.search.mentioning(words, endings)

    def once(self, key: str, function: Callable[[], _T]) -> _T:
        """What a function gives, called once a tree: a fact of the whole project.

        All that the function asks for counts as asked for by every file that asks for the fact. What it gives must not
        hold nodes: files are let go of (`let_go`).
        """
        use = fact_use(key)
        if use not in self.facts:
            self._values[use], self.facts[use] = self._watched(function)
        self.uses.add(use)
        return cast("_T", self._values[use])

    def remember(self, memo: dict[object, Any], key: object, function: Callable[[], _T]) -> _T:
        """What a function gives, called once for a key of a memo; its uses are those of every file that asks."""
        if key not in memo:
            memo[key] = self._watched(function)
        value, uses = memo[key]
        self.uses |= uses
        return cast("_T", value)

    def _watched(self, function: Callable[[], _T]) -> tuple[_T, frozenset[str]]:
        """What a function gives, and what it asked for."""
        outer, self.uses = self.uses, set()
        try:
            value = function()
        finally:
            own, self.uses = self.uses, outer
        return value, frozenset(own)

    @property
    def is_full(self) -> bool:
        """Whether more than `room` characters were parsed: memory must not grow with the project."""
        return self._kept > self.room

    def let_go(self) -> None:
        """Forget every parsed file, and with it all that holds its nodes; what is asked for is parsed again.

        All at once, since nodes are told apart by identity: one file read twice would be two to those who ask.
        """
        self._parsed.clear()
        self._documents.clear()
        self._kept = 0

    def _modules_named(self, name: str) -> list[str]:
        """The files and packages that end in a dotted name's parts: many files import the same module."""
        if name not in self._by_module:
            stem = "/".join(name.split("."))
            endings = (f"/{stem}.py", f"/{stem}/__init__.py")
            candidates = self._named(name.rpartition(".")[2])
            self._by_module[name] = [path for path in candidates if f"/{path}".endswith(endings)]
        return self._by_module[name]

    def _named(self, last: str) -> list[str]:
        """The Python files whose module name ends in a word; for a package its `__init__.py`."""
        if self._by_name is None:
            self._by_name = {}
            for path in self.tree.paths():
                if path.endswith(".py"):
                    self._by_name.setdefault(module_name(path).rpartition(".")[2], []).append(path)
        return self._by_name.get(last, [])

    def _python(self, path: str) -> File | Problem:
        known = self._parsed.get(path)
        if known is None:
            known = self._parsed[path] = self._parse(path)
        return known

    def _document(self, path: str) -> Document | Problem | None:
        if path not in self._documents:
            data = self._read(path)
            if isinstance(data, Problem):
                self._documents[path] = data
            else:
                self._kept += len(data)
                self._documents[path] = document_of(path, decoded(data), self)
        return self._documents[path]

    def _parse(self, path: str) -> File | Problem:
        twin = self._twin(path)
        if twin is not None:
            return twin.within(self)
        data = self._read(path)
        if isinstance(data, Problem):
            return data
        parsed = parse(path, data)
        if isinstance(parsed, Problem):
            return parsed
        self._kept += len(parsed.text)
        return File(path, parsed.text, parsed.tree, module_name(path), self)

    def _twin(self, path: str) -> File | None:
        """The same file as it was parsed for the project beside."""
        other = self.beside._parsed.get(path) if self.beside is not None else None
        if self.beside is None or not isinstance(other, File):
            return None
        try:
            return other if self.tree.identity(path) == self.beside.tree.identity(path) else None
        except Unreadable:
            return None

    def _read(self, path: str) -> bytes | Problem:
        try:
            return self.tree.read(path)
        except Unreadable as error:
            return Problem(path, "unreadable", str(error))


def module_name(path: str) -> str:
    """The dotted name of the module at a path: `shop/models.py` is `shop.models`, `shop/__init__.py` is `shop`."""
    parts = path.removesuffix(".pyi").removesuffix(".py").split("/")
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(parts)


def _shared(one: str, other: str) -> int:
    """How many leading folders two paths share."""
    count = 0
    for left, right in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if left != right:
            break
        count += 1
    return count
