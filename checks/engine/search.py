"""The files of a tree found by their names, and by the words that they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.engine.tree import Tree, Unreadable

ROOM = 96 << 20
"""Bytes that are kept in memory, so that one word after another is looked for without reading the files anew."""


class Search:
    """Looks for names and words in the files of one tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._named: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._mentioning: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[str, ...]] = {}
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
        """Those of the paths that end so whose files hold one of the words."""
        key = (words, endings)
        if key not in self._mentioning:
            wanted = [word.encode("utf-8", "surrogateescape") for word in words]
            self._mentioning[key] = tuple(
                path for path in self.named(endings) if _holds(self.text(path), wanted)
            )
        return self._mentioning[key]

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


def _holds(text: bytes, words: Sequence[bytes]) -> bool:
    return any(word in text for word in words)


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
