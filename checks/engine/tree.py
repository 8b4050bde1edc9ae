"""The reviewed project as a mapping from path to bytes: nothing else opens its files.

Paths are POSIX paths relative to the root; bytes in them that are no UTF-8 are kept as lone surrogates (PEP 383).
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from checks.engine.listing import (
    Blob,
    checkout_files,
    index_entries,
    is_plain,
    resolve,
    sorted_out,
    tree_entries,
    walk,
)
from checks.engine.objects import Objects
from checks.errors import Unreadable, UserError
from checks.tools import Git, ToolError

__all__ = ["CommitTree", "DictTree", "FolderTree", "IndexTree", "Tree", "Unreadable", "blob_id"]

FILE_LIMIT = 8 << 20  # bytes: no source is larger, and what is read is held in memory
PATHS_LIMIT = 500_000

_EMPTY_BLOB = {40: hashlib.sha1(b"blob 0\0").hexdigest(), 64: hashlib.sha256(b"blob 0\0").hexdigest()}


class Tree(Protocol):
    """The files of a project at one moment."""

    @property
    def others(self) -> Mapping[str, str]:
        """What is no regular file, and its kind: symlink, submodule, repository or special."""

    def paths(self) -> Sequence[str]:
        """The regular files, sorted."""

    def read(self, path: str) -> bytes:
        """The bytes of a file; KeyError when there is none, Unreadable when it can't be read."""

    def identity(self, path: str) -> str:
        """The id that git gives to the file's content; KeyError and Unreadable as `read`."""

    def size(self, path: str) -> int:
        """The bytes that the file has; KeyError and Unreadable as `read`."""

    def __contains__(self, path: object) -> bool: ...


class DictTree:
    """Files given as a mapping."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = {
            path: content.encode() if isinstance(content, str) else content
            for path, content in sorted(files.items())
        }
        self.others: Mapping[str, str] = {}

    def paths(self) -> Sequence[str]:
        return tuple(self._files)

    def read(self, path: str) -> bytes:
        return self._files[path]

    def identity(self, path: str) -> str:
        return blob_id(self._files[path])

    def size(self, path: str) -> int:
        return len(self._files[path])

    def __contains__(self, path: object) -> bool:
        return path in self._files


class _GitTree:
    """Blobs of a repository."""

    def __init__(
        self, objects: Objects, blobs: Mapping[str, Blob], others: Mapping[str, str], limit: int
    ) -> None:
        if len(blobs) > PATHS_LIMIT:
            raise UserError(f"the repository holds more than {PATHS_LIMIT:,} files")
        self._objects = objects
        self._blobs = dict(sorted(blobs.items()))
        self._limit = limit
        self.others = others

    def paths(self) -> Sequence[str]:
        return tuple(self._blobs)

    def identity(self, path: str) -> str:
        return self._blobs[path].oid

    def size(self, path: str) -> int:
        blob = self._blobs[path]
        if blob.oid == _EMPTY_BLOB[len(blob.oid)]:  # an intended addition in the index has no object
            return 0
        if blob.size is None:
            raise Unreadable("the repository lacks its content, as a partial clone does")
        return blob.size

    def read(self, path: str) -> bytes:
        size = self.size(path)
        _check_size(size, self._limit)
        try:
            return self._objects.read(self._blobs[path].oid) if size else b""
        except OSError as error:
            raise Unreadable(f"git can't read it: {error}") from None

    def __contains__(self, path: object) -> bool:
        return path in self._blobs

    def reopen(self) -> None:
        """In a forked child: read through a process of its own. Reading notices by itself; this frees the pipes."""
        self._objects.reopen()

    def close(self) -> None:
        """End the process that reads; nothing can be read any more."""
        self._objects.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class CommitTree(_GitTree):
    """A commit (or tree) of a repository, bare or not. UserError when the repository has no such revision."""

    def __init__(
        self, repository: str | Path, revision: str, *, git: str = "git", limit: int = FILE_LIMIT
    ) -> None:
        door = Git(repository, git=git)
        objects = Objects(door)
        try:
            listing = objects.run("ls-tree", "-r", "-z", "-l", resolve(door, revision, "tree"))
        except ToolError as error:
            raise UserError(f"{revision}: {error}") from None
        super().__init__(objects, *sorted_out(tree_entries(listing)), limit)


class IndexTree(_GitTree):
    """What is staged in a checkout. UserError when it holds unmerged files.

    `index` is another file than the repository's own index: a commit hook gets one in `GIT_INDEX_FILE`.
    """

    def __init__(
        self,
        repository: str | Path,
        *,
        git: str = "git",
        index: str | Path | None = None,
        limit: int = FILE_LIMIT,
    ) -> None:
        door = Git(repository, git=git, index=index)
        objects = Objects(door)
        try:
            entries = list(index_entries(door.run("ls-files", "-s", "-z", "--full-name", "--", ":/")))
            request = "".join(f"{oid}\n" for _, oid, _, _ in entries)
            checked = objects.run(
                "cat-file", "--batch-check=%(objectsize)", stdin=request.encode()
            ).splitlines()
        except ToolError as error:
            raise UserError(str(error)) from None
        sizes = (int(answer) if answer.isdigit() else None for answer in checked)
        listed = ((mode, oid, size, path) for (mode, oid, _, path), size in zip(entries, sizes, strict=True))
        super().__init__(objects, *sorted_out(listed), limit)


class FolderTree:
    """A folder as it stands on the disk.

    In a git checkout its files are what git tracks and what it neither tracks nor ignores; elsewhere all but
    repositories, virtual environments and caches. Symbolic links are listed as `others` and never followed.
    """

    def __init__(self, root: str | Path, *, git: str = "git", limit: int = FILE_LIMIT) -> None:
        self.root = Path(root).resolve()
        if not self.root.is_dir():
            raise UserError(f"{root} is no folder")
        self._limit = limit
        self._algorithm, listed = checkout_files(self.root, git) or ("sha1", None)
        self.others: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._real_folders = {"": True}
        for path in listed or walk(self.root):
            self._add(path)
        self._sizes = dict(sorted(self._sizes.items()))

    def paths(self) -> Sequence[str]:
        return tuple(self._sizes)

    def read(self, path: str) -> bytes:
        if path not in self._sizes:
            raise KeyError(path)
        try:
            descriptor = _open_below(self.root, path)
        except OSError as error:
            raise Unreadable(error.strerror or str(error)) from None
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable("it is no regular file any more")
            _check_size(status.st_size, self._limit)
            content = file.read(self._limit + 1)
        _check_size(len(content), self._limit)
        return content

    def identity(self, path: str) -> str:
        return blob_id(self.read(path), self._algorithm)

    def size(self, path: str) -> int:
        return self._sizes[path]

    def __contains__(self, path: object) -> bool:
        return path in self._sizes

    def _add(self, path: str) -> None:
        """List a path as what it is; tracked files that were removed from the disk are no part of the folder."""
        try:
            status = os.lstat(self.root / path)
        except (OSError, ValueError):
            return
        if not self._is_real(path.rstrip("/").rpartition("/")[0]):
            return
        if stat.S_ISREG(status.st_mode):
            self._sizes[path] = status.st_size
        elif stat.S_ISDIR(status.st_mode):
            self.others[path.rstrip("/")] = "repository" if path.endswith("/") else "submodule"
        else:
            self.others[path] = "symlink" if stat.S_ISLNK(status.st_mode) else "special"
        if len(self._sizes) > PATHS_LIMIT:
            raise UserError(f"{self.root} holds more than {PATHS_LIMIT:,} files: name a folder inside it")

    def _is_real(self, folder: str) -> bool:
        """Whether no part of a folder's path is a symbolic link: git may track files where one now stands."""
        if folder not in self._real_folders:
            above = self._is_real(folder.rpartition("/")[0])
            self._real_folders[folder] = above and stat.S_ISDIR(os.lstat(self.root / folder).st_mode)
        return self._real_folders[folder]


def blob_id(content: bytes, algorithm: str = "sha1") -> str:
    """The id that git gives to a file of this content, in a repository of this object format (sha1 or sha256)."""
    digest = hashlib.new(algorithm, b"blob %d\0" % len(content), usedforsecurity=False)
    digest.update(content)
    return digest.hexdigest()


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise Unreadable(f"it has {size:,} bytes, and the limit is {limit:,}")


def _open_below(root: Path, path: str) -> int:
    """Open a file for reading through its folders one by one, none of which may be a symbolic link."""
    *folders, name = path.split("/")
    if not is_plain(path):
        raise OSError(0, "its path leads out of the folder")
    at = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for folder in folders:
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
            os.close(at)
            at = below
        # Without waiting: opening a named pipe would wait for a writer.
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=at)
    finally:
        os.close(at)
