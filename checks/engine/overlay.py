"""A tree with some files replaced, as fixes leave it before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.engine.tree import Tree, blob_id


class OverlayTree:
    """`changes` over another tree: a path that the tree has, and the bytes that stand there instead."""

    def __init__(self, below: Tree, changes: Mapping[str, bytes]) -> None:
        self._below = below
        self._changes = changes

    @property
    def others(self) -> Mapping[str, str]:
        """What is no regular file, and its kind."""
        return self._below.others

    def paths(self) -> Sequence[str]:
        """The regular files, sorted."""
        return self._below.paths()

    def read(self, path: str) -> bytes:
        """The bytes of a file, the replaced ones where there are."""
        return self._changes[path] if path in self._changes else self._below.read(path)

    def identity(self, path: str) -> str:
        """The id that git gives to the file's content."""
        return blob_id(self._changes[path]) if path in self._changes else self._below.identity(path)

    def size(self, path: str) -> int:
        """The bytes that the file has."""
        return len(self._changes[path]) if path in self._changes else self._below.size(path)

    def __contains__(self, path: object) -> bool:
        return path in self._below
