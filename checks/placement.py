"""Where on a pull request a finding is said, and whether its fix can be offered there as a one-click suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from checks.diff import Diff, FileDiff, Side
from checks.model import Edit, Finding

Kind = Literal["line", "deleted", "file", "annotation"]

KINDS: frozenset[str] = frozenset({"line", "deleted", "file", "annotation"})
LONGEST_SUGGESTION = 30


@dataclass(frozen=True, slots=True)
class Placement:
    """The place of one finding.

    `line`: on `line` of the new file, or on `start_line` to `line`. `deleted`: on `line` of the old file (`side` is
    LEFT). `file`: about the whole file. `annotation`: the diff does not hold the file. `suggestion` replaces exactly
    the commented lines, each line with its newline: empty text deletes them, and None offers nothing.
    """

    fingerprint: str
    path: str
    kind: Kind
    line: int
    start_line: int | None = None
    side: Side = "RIGHT"
    suggestion: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The placement as JSON values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Placement:
        """What `to_dict` wrote, read back. Raises ValueError when it is something else."""
        placement = cls(**data)
        lines = (placement.line, placement.start_line or 1)
        texts = (placement.fingerprint, placement.path, placement.suggestion or "")
        if (
            placement.kind not in KINDS
            or placement.side not in {"LEFT", "RIGHT"}
            or not all(isinstance(line, int) and line >= 0 for line in lines)
            or not all(isinstance(text, str) for text in texts)
        ):
            raise ValueError("not a placement")
        return placement


def place(findings: Iterable[Finding], diff: Diff, sources: Mapping[str, str]) -> tuple[Placement, ...]:
    """Place every finding; none is dropped. `sources` maps the path of a file after the change to its text."""
    return tuple(_place(finding, diff, sources.get(finding.path, "")) for finding in findings)


def _place(finding: Finding, diff: Diff, text: str) -> Placement:
    file = diff.by_new(finding.path)
    if finding.caused_by is not None and (deleted := _on_deleted_line(finding, diff)) is not None:
        return deleted
    if not _is_text(finding.path) or file is None:
        annotation = Placement(finding.fingerprint, finding.path, "annotation", finding.span.line)
        return _on_the_way(finding, diff) or annotation
    if not _has_odd_lines(text):
        suggested = _suggestion(finding, file, _lines(text))
        if suggested is not None:
            return suggested
        shown = _shown_line(finding, file)
        if shown is not None:
            return Placement(finding.fingerprint, finding.path, "line", shown)
    on_the_way = _on_the_way(finding, diff)
    if on_the_way is not None:
        return on_the_way
    return Placement(finding.fingerprint, finding.path, "file", finding.span.line)


def _on_the_way(finding: Finding, diff: Diff) -> Placement | None:
    """On the last added line that the data passes before it does harm in code that the change leaves alone."""
    for step in reversed(finding.trace):
        file = diff.by_new(step.path)
        if file is not None and step.line in file.added and _is_text(step.path):
            return Placement(finding.fingerprint, step.path, "line", step.line)
    return None


def _on_deleted_line(finding: Finding, diff: Diff) -> Placement | None:
    """On the line whose deletion brought the defect. GitHub knows a renamed file by its new path, on both sides."""
    cause = finding.caused_by
    file = diff.by_old(cause.path) if cause is not None else None
    if cause is None or file is None or not _is_text(cause.path):
        return None
    path = file.new_path or cause.path
    if cause.line in file.deleted and _is_text(path):
        return Placement(finding.fingerprint, path, "deleted", cause.line, side="LEFT")
    return None


def _shown_line(finding: Finding, file: FileDiff) -> int | None:
    """The finding's line when the diff shows it, else the first line of its span that the change added."""
    span = finding.span
    if file.hunk_of(span.line, "RIGHT") is not None:
        return span.line
    inside = (line for line in file.added if span.line < line <= span.end_line)
    return min(inside, default=None)


def _suggestion(finding: Finding, file: FileDiff, lines: Sequence[str]) -> Placement | None:
    """The fix as a suggestion: safe, in one place that the finding touches, all of it inside one hunk of the diff."""
    fix = finding.fix
    if fix is None or not fix.safe or not fix.edits or any(edit.path != finding.path for edit in fix.edits):
        return None
    edits = sorted(fix.edits, key=lambda edit: (edit.start_line, edit.end_line))
    region = _region(edits, file, len(lines))
    if region is None or not _touches(region, finding):
        return None
    text = _applied(edits, region, lines)
    if text is None or text == lines[region.start - 1 : region.stop - 1]:
        return None
    if text and not any(line.strip() for line in text):
        wider = _wider(region, file, lines)
        text = _applied(edits, wider, lines) if wider is not None else None
        region = wider or region
    if text is None or not all(map(_is_plain, text)):
        return None
    start, end = region.start, region.stop - 1
    return Placement(
        fingerprint=finding.fingerprint,
        path=finding.path,
        kind="line",
        line=end,
        start_line=start if start < end else None,
        suggestion="".join(f"{line}\n" for line in text),
    )


def _region(edits: Sequence[Edit], file: FileDiff, length: int) -> range | None:
    """The lines to be replaced. What is only inserted takes the line that follows it along, or the one before it."""
    start, end = edits[0].start_line, max(edit.end_line for edit in edits)
    if end < start:
        anchors = (line for line in (start, start - 1) if 1 <= line <= length)
        start = end = next((line for line in anchors if file.hunk_of(line, "RIGHT") is not None), 0)
    hunk = file.hunk_of(start, "RIGHT")
    if not 1 <= start <= end <= length or hunk is None or hunk != file.hunk_of(end, "RIGHT"):
        return None
    return range(start, end + 1) if end - start < LONGEST_SUGGESTION else None


def _wider(region: range, file: FileDiff, lines: Sequence[str]) -> range | None:
    """The region with a neighbour that has text.

    GitHub can't tell a suggestion of blank lines alone from one that deletes:
    https://github.com/googleapis/code-suggester/issues/127
    """
    hunk = file.hunk_of(region.start, "RIGHT")
    for line in (region.stop, region.start - 1):
        if 1 <= line <= len(lines) and lines[line - 1].strip() and file.hunk_of(line, "RIGHT") == hunk:
            return range(min(line, region.start), max(line + 1, region.stop))
    return None


def _touches(region: range, finding: Finding) -> bool:
    """Whether the lines are the finding's own or next to them: a comment stands where its suggestion is."""
    return region.start <= finding.span.end_line + 1 and finding.span.line <= region.stop


def _applied(edits: Sequence[Edit], region: range, lines: Sequence[str]) -> list[str] | None:
    """The lines of the region after the edits; None when two of them overlap."""
    text: list[str] = []
    position = region.start
    for edit in edits:
        if edit.start_line < position:
            return None
        text += lines[position - 1 : edit.start_line - 1]
        text += _lines(edit.replacement)
        position = edit.end_line + 1
    return text + list(lines[position - 1 : region.stop - 1])


def _lines(text: str) -> list[str]:
    """Lines as git and GitHub count them: ended by `\\n` alone, of which a carriage return before it is a part.

    GitHub writes an accepted suggestion with the line ends that the file has, so they are left out here.
    """
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def _has_odd_lines(text: str) -> bool:
    """Whether Python counts lines here that git does not: at a carriage return that stands alone."""
    return "\r" in text.replace("\r\n", "")


def _is_plain(line: str) -> bool:
    """Whether a comment carries the line unharmed: control characters may be lost on the way."""
    return not any(character < " " and character != "\t" for character in line)


def _is_text(path: str) -> bool:
    """Whether the path can be sent at all: bytes that are no UTF-8 can't."""
    return not any("\ud800" <= character <= "\udfff" for character in path)
