"""Which deleted line of a change explains a finding that it introduces."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from checks.diff import Block, Diff, FileDiff
from checks.model import DeletedLine, Finding

Lines = Callable[[str], Sequence[str]]


def cause_of(finding: Finding, diff: Diff, base_lines: Lines) -> DeletedLine | None:
    """The deleted line that explains a new finding, best evidence first; None where an added line explains it.

    The rule's own hint counts most. Without one: a deleted line inside what was found, then one that touches it, then
    the deletion when it is all that the change did around it.
    """
    file = diff.by_new(finding.path)
    if file is not None and finding.span.line in file.added:
        return None
    span = range(finding.span.line, finding.span.end_line + 1)
    if finding.cause_hint:
        hinted = _hinted(finding, file, diff, base_lines)
        if hinted is not None:
            return None if _is_replaced(hinted, file, span) else hinted
    if file is None or file.old_path is None:
        return _only_deletion(finding, diff)
    if not file.added.isdisjoint(span):
        return None
    for blocks in _nearer_and_nearer(file, span):
        line = next((block.old.start for block in blocks if block.old), None)
        if line is not None:
            return DeletedLine(file.old_path, line)
    return _only_deletion(finding, diff)


def _hinted(finding: Finding, file: FileDiff | None, diff: Diff, base_lines: Lines) -> DeletedLine | None:
    """The deleted line that the hint matches: nearest in the finding's own file, else in any file of the change."""
    pattern = re.compile(finding.cause_hint)
    if file is not None:
        near = file.to_old(finding.span.line) or finding.span.line
        own = list(_deleted_lines(file, pattern, base_lines))
        if own:
            return min(own, key=lambda deleted: (abs(deleted.line - near), deleted.line))
    others = (other for other in diff.files if other is not file)
    return next((deleted for other in others for deleted in _deleted_lines(other, pattern, base_lines)), None)


def _is_replaced(deleted: DeletedLine, file: FileDiff | None, span: range) -> bool:
    """Whether what was found holds a line that was added in the place of a deleted one: that one is commented then."""
    if file is None or file.old_path != deleted.path:
        return False
    return any(deleted.line in block.old and not set(span).isdisjoint(block.new) for block in file.blocks)


def _deleted_lines(file: FileDiff, pattern: re.Pattern[str], base_lines: Lines) -> Iterator[DeletedLine]:
    if file.old_path is None or not file.deleted:
        return
    lines = base_lines(file.old_path)
    for line in sorted(file.deleted):
        if line <= len(lines) and pattern.search(lines[line - 1][:1000]):
            yield DeletedLine(file.old_path, line)


def _nearer_and_nearer(file: FileDiff, span: range) -> Iterator[list[Block]]:
    """Blocks that only deleted lines: inside the span, touching it, in its hunk when that added nothing."""
    deletions = [block for block in file.blocks if not block.new]
    yield [block for block in deletions if span.start < block.new.start < span.stop]
    yield [block for block in deletions if block.new.start in (span.start, span.stop)]
    shown = file.hunk_of(span.start, "RIGHT")
    if shown is not None and "+" not in file.hunks[shown].marks:
        yield [block for block in deletions if file.hunk_of(block.old.start, "LEFT") == shown]


def _only_deletion(finding: Finding, diff: Diff) -> DeletedLine | None:
    """The one place where a change that added nothing at all deleted lines: nothing else can have caused a finding."""
    if any(file.added or file.binary for file in diff.files):
        return None
    deletions = [
        (diff.new_path(file.old_path), DeletedLine(file.old_path, block.old.start))
        for file in diff.files
        for block in file.blocks
        if file.old_path is not None
    ]
    own = [deleted for path, deleted in deletions if path == finding.path]
    for candidates in ([deleted for _, deleted in deletions], own):
        if len(candidates) == 1:
            return candidates[0]
    return None
