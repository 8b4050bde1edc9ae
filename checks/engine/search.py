"""The files of a tree found by their names, and by the words that they hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from checks.engine.tree import Tree, Unreadable

ROOM = 96 << 20
"""Bytes that are kept in memory, so that one word after another is looked for without reading the files anew."""

WORTHWHILE = 12
"""Words of one form from which on all names in their place are noted: `class Order(`, `class Customer(`."""

_NAME = rb"[\w\x80-\xff]+"
_NAMED = re.compile(_NAME)
_FORM = re.compile(
    rb"(?P<head>(?:.*[^\w\x80-\xff])?)(?P<name>" + _NAME + rb")(?P<tail>[^\w\x80-\xff].*)", re.DOTALL
)


class Search:
    """Looks for names and words in the files of one tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._named: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._mentioning: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]] = {}
        self._asked: Counter[_Form] = Counter()
        self._noted: dict[_Form, Mapping[bytes, Sequence[str]]] = {}
        self._texts: dict[str, bytes] = {}
        self._kept = 0

    def named(self, endings: tuple[str, ...]) -> tuple[str, ...]:
        """The paths that end so: all of a name (`urls.py` is not meant by `curls.py`), or of a suffix (`.py`).

        `/models/*.py` are the files of a suffix in folders of a name, at any depth.
        """
        if endings not in self._named:
            self._named[endings] = tuple(_ending(self._tree.paths(), endings))
        return self._named[endings]

    def mentioning(self, words: tuple[str, ...], endings: tuple[str, ...]) -> tuple[str, ...]:
        """Those of the paths that end so whose files hold one of the words; `total(` is meant as that whole name."""
        key = (words, endings)
        if key not in self._mentioning:
            wanted = [word.encode("utf-8", "surrogateescape") for word in words]
            paths = self._candidates(wanted[0], endings) if len(wanted) == 1 else self.named(endings)
            self._mentioning[key] = tuple(path for path in paths if _holds(self.text(path), wanted))
        return self._mentioning[key]

    def _candidates(self, word: bytes, endings: tuple[str, ...]) -> Sequence[str]:
        """Those of the paths that may hold a word: a further word of the same form is not looked for in all of them."""
        form = _FORM.fullmatch(word)
        if form is None or not (form["head"] or _is_call(word)):
            return self.named(endings)
        key = (form["head"], endings)
        self._asked[key] += 1
        if self._asked[key] < WORTHWHILE:
            return self.named(endings)
        if key not in self._noted:
            self._noted[key] = self._names_in(key)
        return self._noted[key].get(form["name"], ())

    def _names_in(self, form: _Form) -> Mapping[bytes, Sequence[str]]:
        """The names behind a text, those of calls for an empty one, each with the paths of its files."""
        head, endings = form
        names = re.compile(re.escape(head) + b"(?=(" + _NAME + b"))" if head else b"(" + _NAME + rb")\(")
        found: dict[bytes, list[str]] = {}
        for path in self.named(endings):
            for name in set(names.findall(self.text(path))):
                found.setdefault(name, []).append(path)
        return found

    def text(self, path: str) -> bytes:
        """The bytes of a file, nothing where it can't be read."""
        known = self._texts.get(path)
        if known is None:
            try:
                known = self._tree.read(path)
            except Unreadable:
                known = b""
            if self._kept + len(known) <= ROOM:
                self._kept += len(known)
                self._texts[path] = known
        return known


_Form = tuple[bytes, tuple[str, ...]]


def _holds(text: bytes, words: Sequence[bytes]) -> bool:
    for word in words:  # a generator would take as long again
        if word in text and (not _is_call(word) or re.search(rb"(?<![\w\x80-\xff])" + re.escape(word), text)):
            return True
    return False


def _is_call(word: bytes) -> bool:
    return word.endswith(b"(") and _NAMED.fullmatch(word[:-1]) is not None


def _ending(paths: Sequence[str], endings: tuple[str, ...]) -> Iterator[str]:
    names = tuple(end if end.startswith(("/", ".", "_")) else f"/{end}" for end in endings if "*" not in end)
    below = [(folder, suffix) for folder, star, suffix in (end.partition("*") for end in endings) if star]
    for path in paths:
        if (
            path.endswith(names)
            or path in endings
            or (below and any(path.endswith(suffix) and folder in f"/{path}" for folder, suffix in below))
        ):
            yield path
