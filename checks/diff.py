"""What a change did to the lines of its files, as data: no text is kept, only which lines stayed, came and went."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any, Literal

Side = Literal["LEFT", "RIGHT"]

_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_RUN = re.compile(r"(\d+)([ +-])")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPES = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of a file's diff with its context.

    `marks` has one character for each line, in order: a blank for one that stayed, `-` for a deleted, `+` for an added
    one. A side without lines starts at the line before it, as in git's own headers.
    """

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    marks: str

    def walk(self) -> Iterator[tuple[str, int, int]]:
        """Each mark with the old and the new line at which it stands (the next one, for the side that lacks it)."""
        old = self.old_start + (self.old_lines == 0)
        new = self.new_start + (self.new_lines == 0)
        for mark in self.marks:
            yield mark, old, new
            old += mark != "+"
            new += mark != "-"


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring lines that were deleted and what was added in their place; either may be empty.

    `old` and `new` are the lines, as ranges; an empty one starts where the other side's lines would stand.
    """

    old: range
    new: range


@dataclass(frozen=True)
class FileDiff:
    """What became of one file: no old path when it was added, no new one when it was deleted."""

    old_path: str | None
    new_path: str | None
    hunks: tuple[Hunk, ...] = ()
    binary: bool = False

    @cached_property
    def added(self) -> frozenset[int]:
        """The lines of the new file that the change added."""
        return frozenset(line for block in self.blocks for line in block.new)

    @cached_property
    def deleted(self) -> frozenset[int]:
        """The lines of the old file that the change deleted."""
        return frozenset(line for block in self.blocks for line in block.old)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The changed stretches, top to bottom."""
        return tuple(block for hunk in self.hunks for block in _blocks(hunk))

    def to_new(self, line: int) -> int | None:
        """Where a line of the old file stands in the new one; None when it was deleted."""
        block = self._last_before(line, self._old_starts)
        if block is None:
            return line
        return None if line in block.old else line - block.old.stop + block.new.stop

    def to_old(self, line: int) -> int | None:
        """Where a line of the new file stood in the old one; None when it was added."""
        block = self._last_before(line, self._new_starts)
        if block is None:
            return line
        return None if line in block.new else line - block.new.stop + block.old.stop

    def hunk_of(self, line: int, side: Side) -> int | None:
        """Which hunk shows a line, as an index of `hunks`: on the left the lines of the old file, on the right the new.

        Context lines count on both sides, as on a pull request's page.
        """
        for index, hunk in enumerate(self.hunks):
            start, length = (
                (hunk.old_start, hunk.old_lines) if side == "LEFT" else (hunk.new_start, hunk.new_lines)
            )
            if start <= line < start + length:
                return index
        return None

    @cached_property
    def _old_starts(self) -> Sequence[int]:
        return [block.old.start for block in self.blocks]

    @cached_property
    def _new_starts(self) -> Sequence[int]:
        return [block.new.start for block in self.blocks]

    def _last_before(self, line: int, starts: Sequence[int]) -> Block | None:
        """The last block that starts at or before a line."""
        index = bisect_right(starts, line) - 1
        return self.blocks[index] if index >= 0 else None


@dataclass(frozen=True)
class Diff:
    """What a change did to all files that it touched."""

    files: tuple[FileDiff, ...] = ()

    @cached_property
    def _by_new(self) -> Mapping[str, FileDiff]:
        return {file.new_path: file for file in self.files if file.new_path is not None}

    @cached_property
    def _by_old(self) -> Mapping[str, FileDiff]:
        return {file.old_path: file for file in self.files if file.old_path is not None}

    def by_new(self, path: str) -> FileDiff | None:
        """The file that has this path after the change, when the change touched it."""
        return self._by_new.get(path)

    def by_old(self, path: str) -> FileDiff | None:
        """The file that had this path before the change, when the change touched it."""
        return self._by_old.get(path)

    @cached_property
    def paths(self) -> frozenset[str]:
        """The files that the change touches, by their old and new names."""
        names = {path for file in self.files for path in (file.old_path, file.new_path)}
        return frozenset(path for path in names if path is not None)

    @cached_property
    def renames(self) -> Mapping[str, str]:
        """Old paths to new ones, of the files that were renamed."""
        return {
            file.old_path: file.new_path
            for file in self.files
            if file.old_path is not None and file.new_path is not None and file.old_path != file.new_path
        }

    def new_path(self, path: str) -> str | None:
        """The path that a file of the base has after the change; None when it was deleted."""
        file = self.by_old(path)
        return path if file is None else file.new_path

    def old_path(self, path: str) -> str | None:
        """The path that a file had before the change; None when it was added."""
        file = self.by_new(path)
        return path if file is None else file.old_path

    def to_dict(self) -> dict[str, Any]:
        """The diff as compact JSON; marks are written as runs, such as `3 1-2+3 `."""
        return {"files": [_file_to_list(file) for file in self.files]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Diff:
        """What `to_dict` wrote, read back."""
        return cls(tuple(_file_from_list(entry) for entry in data["files"]))


def parse_diff(text: bytes) -> Diff:
    """Read what `git diff --full-index` writes: unified hunks under git's extended headers, paths quoted or not.

    Paths must carry the prefixes `a/` and `b/`. Modes, copies, binary files and submodules are understood.
    """
    return Diff(tuple(_files(_Lines(text))))


class _Lines:
    """The lines of a diff, without their newline: only `\\n` ends one, whatever the file holds."""

    def __init__(self, text: bytes) -> None:
        self._lines = iter(text.split(b"\n"))
        self.current: bytes | None = None
        self.advance()

    def advance(self) -> None:
        self.current = next(self._lines, None)

    def at(self, *starts: bytes) -> bool:
        return self.current is not None and self.current.startswith(starts)


def _files(lines: _Lines) -> Iterator[FileDiff]:
    while lines.current is not None:
        if lines.at(b"diff --git "):
            yield _file(lines)
        else:
            lines.advance()


def _file(lines: _Lines) -> FileDiff:
    assert lines.current is not None
    old, new = _header_paths(lines.current[len(b"diff --git ") :])
    lines.advance()
    hunks: list[Hunk] = []
    binary = False
    while lines.current is not None and not lines.at(b"diff --git "):
        line = lines.current
        match line.split(b" ", 2):
            case [b"rename" | b"copy", b"from", path]:
                old = _path(path)
            case [b"rename" | b"copy", b"to", path]:
                new = _path(path)
            case [b"new", b"file", _]:
                old = None
            case [b"deleted", b"file", _]:
                new = None
            case [b"Binary" | b"GIT", *_]:
                binary = True
            case [b"---", *_] if not hunks:
                old = _side(line[4:])
            case [b"+++", *_] if not hunks:
                new = _side(line[4:])
            case [b"@@", *_]:
                hunks.append(_hunk(lines))
                continue
        lines.advance()
    return FileDiff(old, new, tuple(hunks), binary)


def _hunk(lines: _Lines) -> Hunk:
    """A hunk, read by the counts of its header: a deleted line may itself look like a header."""
    assert lines.current is not None
    match = _HUNK.match(lines.current)
    if match is None:
        raise ValueError(f"not a hunk: {lines.current[:80]!r}")
    old_start, new_start = int(match[1]), int(match[3])
    old_lines, new_lines = (1 if count is None else int(count) for count in (match[2], match[4]))
    marks = []
    old_left, new_left = old_lines, new_lines
    lines.advance()
    while old_left > 0 or new_left > 0:
        mark = lines.current[:1] if lines.current else b" "
        if lines.current is None or mark not in (b" ", b"+", b"-", b"\\"):
            raise ValueError("a hunk ends too early")
        if mark != b"\\":
            marks.append(mark.decode())
            old_left -= mark != b"+"
            new_left -= mark != b"-"
        lines.advance()
    return Hunk(old_start, old_lines, new_start, new_lines, "".join(marks))


def _header_paths(rest: bytes) -> tuple[str | None, str | None]:
    """The two paths of a `diff --git` line, for the files that have neither hunks nor a rename.

    Both are the same path then, so that a blank in it makes no doubt.
    """
    if rest.startswith(b'"'):
        end = re.match(rb'"(?:[^"\\]|\\.)*"', rest)
        old = end[0] if end else rest
    else:
        old = rest[: (len(rest) - 1) // 2]
    return _side(old), _side(rest[len(old) + 1 :])


def _side(path: bytes) -> str | None:
    """A path of a `---`, `+++` or `diff --git` line, without its prefix; None for `/dev/null`."""
    name = _path(path)
    return None if name == "/dev/null" else name[2:]


def _path(path: bytes) -> str:
    """A path as git writes it: in double quotes with C's escapes when it holds odd bytes."""
    path = path.removesuffix(b"\t")
    if path.startswith(b'"'):
        path = _ESCAPE.sub(_unescape, path[1:-1])
    return path.decode("utf-8", "surrogateescape")


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 0xFF]) if len(code) == 3 else _ESCAPES.get(code, code)


def _blocks(hunk: Hunk) -> Iterator[Block]:
    for stayed, run in groupby(hunk.walk(), key=lambda step: step[0] == " "):
        if not stayed:
            steps = list(run)
            _, old, new = steps[0]
            gone = sum(mark == "-" for mark, _, _ in steps)
            yield Block(range(old, old + gone), range(new, new + len(steps) - gone))


def _file_to_list(file: FileDiff) -> list[Any]:
    hunks = [[hunk.old_start, hunk.new_start, _runs(hunk.marks)] for hunk in file.hunks]
    return [file.old_path, file.new_path, hunks, int(file.binary)]


def _file_from_list(entry: Sequence[Any]) -> FileDiff:
    old_path, new_path, hunks, binary = entry
    return FileDiff(old_path, new_path, tuple(_hunk_from_list(*hunk) for hunk in hunks), bool(binary))


def _hunk_from_list(old_start: int, new_start: int, runs: str) -> Hunk:
    marks = "".join(mark * int(count) for count, mark in _RUN.findall(runs))
    added, deleted = marks.count("+"), marks.count("-")
    return Hunk(old_start, len(marks) - added, new_start, len(marks) - deleted, marks)


def _runs(marks: str) -> str:
    return "".join(f"{len(list(run))}{mark}" for mark, run in groupby(marks))
