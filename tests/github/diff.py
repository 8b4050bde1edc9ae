"""Which lines the diff of a pull request holds, as `git diff` says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tests.github.git import Git

# https://docs.github.com/repositories/creating-and-managing-repositories/repository-limits
FILE_LINES, FILE_BYTES = 20_000, 500_000
DIFF_FILES, DIFF_LINES, DIFF_BYTES = 300, 20_000, 1_000_000

_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}
_HUNK = re.compile(rb"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
ZERO = "0" * 40


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a diff: its numbers on both sides, and how many lines below the file's first `@@` it stands."""

    old: int | None
    new: int | None
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Hunk:
    header: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FileDiff:
    path: str
    previous_path: str | None
    status: str
    sha: str
    additions: int
    deletions: int
    patch: str | None
    hunks: tuple[Hunk, ...]

    def find(self, side: str, number: int) -> tuple[Hunk, Line] | None:
        """The diff's line that shows line `number` of the new (`RIGHT`) or old (`LEFT`) file; None outside of it."""
        for hunk in self.hunks:
            for line in hunk.lines:
                if number == (line.new if side == "RIGHT" else line.old):
                    return hunk, line
        return None

    def at_position(self, position: int) -> tuple[Hunk, Line] | None:
        for hunk in self.hunks:
            for line in hunk.lines:
                if line.position == position:
                    return hunk, line
        return None


@dataclass(frozen=True, slots=True)
class Diff:
    files: tuple[FileDiff, ...]
    raw: bytes

    def file(self, path: str) -> FileDiff | None:
        return next((file for file in self.files if file.path == path), None)

    def excess(self) -> str | None:
        """Why GitHub would refuse to send this diff whole, or None."""
        if len(self.files) > DIFF_FILES:
            return f"the maximum number of files ({DIFF_FILES})"
        if self.raw.count(b"\n") > DIFF_LINES or len(self.raw) > DIFF_BYTES:
            return f"the maximum number of lines ({DIFF_LINES})"
        return None


def compare(git: Git, base: str, head: str) -> Diff:
    """The diff from the merge base of two commits to `head`, with three lines of context and renames found."""
    return between(git, git.merge_base(base, head) or base, head)


def between(git: Git, old: str, new: str, context: int = 3) -> Diff:
    return _between(git, str(git.path), old, new, context)


@lru_cache(maxsize=256)
def _between(git: Git, _path: str, old: str, new: str, context: int) -> Diff:
    options = ("--no-color", "--no-ext-diff", "--no-textconv", "-M", "--full-index", "--submodule=short")
    listed = git.run("diff", *options, "--raw", "-z", "--no-abbrev", old, new)
    patch = git.run("diff", *options, f"--unified={context}", "--patch", old, new)
    sections = iter(re.split(rb"(?m)^(?=diff --git )", patch)[1:])
    return Diff(tuple(_file(*entry, sections) for entry in _entries(listed)), patch)


def _entries(listed: bytes) -> Iterator[tuple[str, str, str, str | None]]:
    """(status letter, blob id, path, previous path) of `git diff --raw -z`."""
    fields = iter(listed.decode("utf-8", "surrogateescape").split("\0"))
    for field in fields:
        if not field:
            continue
        _, _, old_blob, new_blob, status = field.removeprefix(":").split(" ")
        previous = next(fields) if status[0] in "RC" else None
        path = next(fields)
        yield status[0], old_blob if new_blob == ZERO else new_blob, path, previous


def _file(status: str, blob: str, path: str, previous: str | None, sections: Iterator[bytes]) -> FileDiff:
    section = next(sections)
    if status == "T":  # git shows a change of type as a deletion and an addition
        section += next(sections)
    hunks = tuple(_hunks(section))
    lines = [line for hunk in hunks for line in hunk.lines]
    additions = sum(line.text[:1] == "+" for line in lines)
    deletions = sum(line.text[:1] == "-" for line in lines)
    if len(lines) > FILE_LINES or len(section) > FILE_BYTES:
        hunks = ()
    patch = "\n".join("\n".join([hunk.header, *(line.text for line in hunk.lines)]) for hunk in hunks)
    return FileDiff(path, previous, _STATUS[status], blob, additions, deletions, patch or None, hunks)


def _hunks(section: bytes) -> Iterator[Hunk]:
    header: str | None = None
    lines: list[Line] = []
    position = old = new = 0
    for raw in section.split(b"\n")[:-1]:
        sign, start = raw[:1], _HUNK.match(raw)
        if header is not None and (start or sign == b"d"):  # "diff --git" of a second section
            yield Hunk(header, tuple(lines))
            header = None
            position += 1
        if start:
            header, lines = _text(raw), []
            old, new = int(start[1]), int(start[2])
        elif header is not None:
            position += 1
            is_old, is_new = sign in b" -", sign in b" +"
            lines.append(Line(old if is_old else None, new if is_new else None, position, _text(raw)))
            old += is_old
            new += is_new
    if header is not None:
        yield Hunk(header, tuple(lines))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def moved(git: Git, old: str, new: str, path: str, line: int) -> tuple[str, int] | None:
    """Where line `line` of `path` at commit `old` stands at commit `new`; None when it was changed or deleted."""
    if old == new:
        return path, line
    diff = between(git, old, new, context=0)
    file = next((f for f in diff.files if (f.previous_path or f.path) == path), None)
    if file is None:
        return path, line
    shift = 0
    for hunk in file.hunks:
        for changed in hunk.lines:
            if changed.old is not None:
                if changed.old == line:
                    return None
                shift -= changed.old < line
            elif changed.new is not None and changed.new <= line + shift:
                shift += 1
    return file.path, line + shift
