"""What a repository or folder holds: paths and kinds, without the content."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from checks.errors import UserError
from checks.tools import Git, ToolError

# Folders that no one means when they name a project, where no git says what belongs to it.
_VERSIONED = {".git", ".hg", ".svn"}
_INSTALLED = {".eggs", ".nox", ".tox", ".venv", "node_modules", "site-packages", "venv"}
_CACHED = {".hypothesis", ".idea", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__"}
_SKIPPED = frozenset(_VERSIONED | _INSTALLED | _CACHED)


@dataclass(frozen=True, slots=True)
class Blob:
    """A file as git lists it; no size when the repository lacks the object."""

    oid: str
    size: int | None


def resolve(git: Git, revision: str, kind: str) -> str:
    """The id of the commit or tree that a revision names; UserError when there is none."""
    try:
        completed = git.attempt(
            "rev-parse", "--quiet", "--verify", "--end-of-options", f"{revision}^{{{kind}}}"
        )
    except (ToolError, ValueError) as error:  # ValueError: a NUL in the name
        raise UserError(f"{revision!r}: {error}") from None
    if completed.returncode == 0:
        return completed.stdout.decode().strip()
    if git.attempt("rev-parse", "--git-dir").returncode != 0:
        raise UserError(f"{git.repository} is not a git repository")
    raise UserError(f"{git.repository} has no commit {revision!r}")


def tree_entries(listing: bytes) -> Iterator[tuple[bytes, str, int | None, str]]:
    """Mode, id, size and path of what `git ls-tree -r -z -l` lists; a missing object's size reads `BAD`."""
    for entry in listing.split(b"\0")[:-1]:
        facts, _, path = entry.partition(b"\t")
        mode, _, oid, size = facts.split()
        yield mode, oid.decode(), int(size) if size.isdigit() else None, _decode(path)


def index_entries(listing: bytes) -> Iterator[tuple[bytes, str, None, str]]:
    """Mode, id and path of what `git ls-files -s -z` lists."""
    for entry in listing.split(b"\0")[:-1]:
        facts, _, path = entry.partition(b"\t")
        mode, oid, stage = facts.split()
        if stage != b"0":
            raise UserError(f"the index holds files that are not merged, such as {_decode(path)!r}")
        yield mode, oid.decode(), None, _decode(path)


def sorted_out(
    entries: Iterable[tuple[bytes, str, int | None, str]],
) -> tuple[dict[str, Blob], dict[str, str]]:
    """Regular files and the others, to which a path belongs that git would refuse to write: out of the tree, `.git`."""
    blobs: dict[str, Blob] = {}
    others: dict[str, str] = {}
    for mode, oid, size, path in entries:
        if mode.startswith(b"100") and is_plain(path):
            blobs[path] = Blob(oid, size)
        else:
            others[path] = {b"120000": "symlink", b"160000": "submodule"}.get(mode, "special")
    return blobs, others


def is_plain(path: str) -> bool:
    """Whether a path stays below the root and out of `.git`."""
    return not any(part in ("", ".", "..") or part.lower() == ".git" for part in path.split("/"))


def checkout_files(root: Path, git: str) -> tuple[str, set[str]] | None:
    """The object format and the files of a git checkout; None where there is no checkout, or no git."""
    door = Git(root, git=git)
    try:
        about = door.run("rev-parse", "--is-inside-work-tree", "--show-object-format").split()
        if about[0] != b"true":
            return None
        tracked = door.run("ls-files", "-z", "--cached").split(b"\0")[:-1]
        skipped = [f"--exclude={name}/" for name in sorted(_SKIPPED)]
        untracked = door.run("ls-files", "-z", "--others", "--exclude-standard", *skipped).split(b"\0")[:-1]
    except (ToolError, UserError):
        return None
    strangers = {_decode(path) for path in untracked}
    environments = tuple(
        path.removesuffix("pyvenv.cfg") for path in strangers if path.endswith("/pyvenv.cfg")
    )
    files = {path for path in strangers if not (environments and path.startswith(environments))}
    return about[1].decode(), files | {_decode(path) for path in tracked}


def walk(root: Path) -> Iterator[str]:
    """Every path below a folder but the skipped folders and virtual environments, which say so by `pyvenv.cfg`."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root / folder) as entries:
                found = list(entries)
        except OSError:
            continue
        if folder and any(entry.name == "pyvenv.cfg" for entry in found):
            continue
        for entry in found:
            path = f"{folder}{entry.name}"
            if not entry.is_dir(follow_symlinks=False):
                yield path
            elif entry.name not in _SKIPPED:
                folders.append(f"{path}/")


def _decode(path: bytes) -> str:
    return path.decode("utf-8", "surrogateescape")
