"""A fix as a diff: for people to read, and for `patch` to apply."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.model import Edit, Fix
from checks.report.characters import visible
from checks.report.excerpt import Sources


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a diff: `mark` is `-`, `+` or a space; `number` counts in the new file for `+`, else the old."""

    mark: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Hunk:
    """Neighbouring changes of one file with their context; `old` and `new` are the first line numbers."""

    path: str
    old: int
    new: int
    lines: tuple[DiffLine, ...]

    @property
    def header(self) -> str:
        """The `@@` line of the unified format."""
        old = sum(line.mark != "+" for line in self.lines)
        new = sum(line.mark != "-" for line in self.lines)
        # An empty range names the line before it: https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html
        return f"@@ -{self.old - (not old)},{old} +{self.new - (not new)},{new} @@"


def hunks(fix: Fix, sources: Sources, context: int = 2) -> tuple[Hunk, ...]:
    """What the fix changes, in order of path and line.

    Where a file's text is not known, only new lines appear. Edits that overlap an earlier one are left out.
    """
    by_path: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.path, []).append(edit)
    return tuple(
        hunk
        for path, edits in by_path.items()
        for hunk in _file_hunks(path, _apart(edits, sources.lines(path)), sources.lines(path), context)
    )


def unified(fix: Fix, sources: Mapping[str, str], context: int = 3) -> str:
    """The fix as one unified diff with `a/` and `b/` paths; control characters are spelled out."""
    parts: list[str] = []
    path = None
    for hunk in hunks(fix, Sources(sources), context):
        if hunk.path != path:
            path = hunk.path
            parts += [f"--- a/{visible(path)}", f"+++ b/{visible(path)}"]
        parts.append(hunk.header)
        parts += [f"{line.mark}{_kept_tabs(line.text)}" for line in hunk.lines]
    return "".join(f"{part}\n" for part in parts)


def between(path: str, old: str, new: str) -> str:
    """A file's change as a unified diff, byte for byte, which `git apply` takes."""
    lines = difflib.unified_diff(_whole_lines(old), _whole_lines(new), f"a/{path}", f"b/{path}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _whole_lines(text: str) -> list[str]:
    """The lines with their ends: only a newline ends one, as `patch` counts them."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _kept_tabs(text: str) -> str:
    return "\t".join(visible(part) for part in text.split("\t"))


def _apart(edits: list[Edit], lines: Sequence[str]) -> Iterator[Edit]:
    """The edits in order, narrowed; those that overlap an earlier one or change nothing are left out."""
    end = 0
    for edit in sorted(edits, key=lambda edit: (edit.start_line, edit.end_line)):
        if edit.start_line > end:
            end = max(edit.end_line, end)
            narrowed = _narrowed(edit, lines)
            if narrowed.replacement or narrowed.end_line >= narrowed.start_line:
                yield narrowed


def _file_hunks(path: str, edits: Iterator[Edit], lines: Sequence[str], context: int) -> Iterator[Hunk]:
    """Edits whose contexts touch share a hunk. `shift` is how many lines the file has grown so far."""
    hunk: list[DiffLine] = []
    shift = shift_before = 0
    end = 0  # the last old line that the hunk holds, without the context behind it
    for edit in edits:
        if hunk and edit.start_line - end > 2 * context + 1:
            hunk += _context(lines, end + 1, end + context)
            yield _hunk(path, hunk, shift_before)
            hunk = []
        if not hunk:
            shift_before = shift
            end = max(edit.start_line - context, end + 1) - 1
        hunk += _context(lines, end + 1, edit.start_line - 1)
        changed = _changed(edit, lines, shift)
        hunk += changed
        end = max(edit.end_line, edit.start_line - 1)
        shift += sum(line.mark == "+" for line in changed) - sum(line.mark == "-" for line in changed)
    if hunk:
        hunk += _context(lines, end + 1, end + context)
        yield _hunk(path, hunk, shift_before)


def _hunk(path: str, lines: list[DiffLine], shift: int) -> Hunk:
    first = next((line.number for line in lines if line.mark != "+"), None)
    old = first if first is not None else lines[0].number - shift
    return Hunk(path, old, old + shift, tuple(lines))


def _context(lines: Sequence[str], first: int, last: int) -> list[DiffLine]:
    return [DiffLine(" ", n, lines[n - 1]) for n in range(max(first, 1), min(last, len(lines)) + 1)]


def _changed(edit: Edit, lines: Sequence[str], shift: int) -> list[DiffLine]:
    start = edit.start_line
    return [
        *(DiffLine("-", start + i, text) for i, text in enumerate(lines[start - 1 : edit.end_line])),
        *(DiffLine("+", start + shift + i, text) for i, text in enumerate(_texts(edit))),
    ]


def _texts(edit: Edit) -> list[str]:
    """The new lines without their ends."""
    new = edit.replacement.split("\n")
    return new[:-1] if new[-1] == "" else new


def _narrowed(edit: Edit, lines: Sequence[str]) -> Edit:
    """The edit without the lines at its start and end that it leaves as they are."""
    old, new = lines[edit.start_line - 1 : max(edit.end_line, edit.start_line - 1)], _texts(edit)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    kept = new[head : len(new) - tail]
    return Edit(
        edit.path, edit.start_line + head, edit.end_line - tail, "".join(f"{line}\n" for line in kept)
    )


def _common(left: Sequence[str], right: Sequence[str]) -> int:
    """How many elements the two begin with together."""
    return next(
        (i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
