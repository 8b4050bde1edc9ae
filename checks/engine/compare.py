"""What a change introduces: the findings of the head that the base did not have.

Each finding of the head looks for its older self, in this order: at the same place, through the diff's line map; with
the same rule, scope and text in the same file, by whatever name; with the same rule and text among the lines that the
change deleted (moved code); on lines that the change replaced, with only names differing (renamed). What finds none is
new. Messages play no part: they hold the user's names.
"""

from __future__ import annotations

import keyword
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from checks.diff import Block, Diff, FileDiff
from checks.fingerprint import tokens
from checks.model import DeletedLine, Finding

Lines = Callable[[str], Sequence[str]]

_ALIKE = 0.8  # the share of tokens that two long stretches of code must have in common to be the same, moved
_LONG = 12  # tokens
_KEYWORDS = frozenset(keyword.kwlist)


@dataclass(frozen=True, slots=True)
class _Old:
    """A finding of the base, with its path and first line after the change; no line where that was deleted."""

    finding: Finding
    path: str
    line: int | None


def introduced(
    base: Iterable[Finding],
    head: Iterable[Finding],
    diff: Diff,
    base_lines: Lines,
    head_lines: Lines | None = None,
) -> tuple[Finding, ...]:
    """The findings of the head that the base did not have, in order of place.

    One that no added line explains names the deleted line of the base that does, in `caused_by`, where there is
    evidence for one. `base_lines` and `head_lines` give the lines of a file; without the latter, long code that was
    moved and renamed at once counts as new.
    """
    old = [_after(finding, diff) for finding in sorted(base, key=_place)]
    new = sorted(head, key=_place)
    changed = _Changed(diff)

    old, new = _match(old, new, _same_place, lambda finding: (finding.rule, *_start(finding)))
    old, new = _match(
        old,
        new,
        lambda one: (one.finding.rule, one.path, one.finding.scope, one.finding.source),
        lambda finding: (finding.rule, finding.path, finding.scope, finding.source),
    )
    old, new = _match(
        old,
        new,
        lambda one: (one.finding.rule, one.finding.source) if one.line is None else None,
        lambda finding: (finding.rule, finding.source) if changed.is_added(finding) else None,
    )
    old, new = _match(
        old,
        new,
        lambda one: _renamed(one.finding, changed.deleted_in(one.finding)),
        lambda finding: _renamed(finding, changed.added_in(finding)),
    )
    if head_lines is not None:
        old, new = _match_moved_and_renamed(old, new, changed, base_lines, head_lines)
    return tuple(replace(finding, caused_by=_cause(finding, diff, base_lines)) for finding in new)


def _match(
    old: list[_Old],
    new: list[Finding],
    old_key: Callable[[_Old], Hashable | None],
    new_key: Callable[[Finding], Hashable | None],
) -> tuple[list[_Old], list[Finding]]:
    """Pair old and new findings of equal keys, each with one, equal texts first; return those left over on both sides.

    A key of None takes no part.
    """
    waiting: dict[Hashable, list[_Old]] = {}
    for one in old:
        key = old_key(one)
        if key is not None:
            waiting.setdefault(key, []).append(one)
    left: list[Finding] = []
    paired: set[int] = set()
    keys = [(finding, new_key(finding)) for finding in new]
    for finding, key in sorted(keys, key=lambda pair: not _has_equal(pair[0], waiting.get(pair[1]))):
        candidates = waiting.get(key) if key is not None else None
        if candidates:
            best = min(
                candidates, key=lambda one: (one.finding.source != finding.source, _distance(one, finding))
            )
            candidates.remove(best)
            paired.add(id(best))
        else:
            left.append(finding)
    return [one for one in old if id(one) not in paired], sorted(left, key=_place)


def _has_equal(finding: Finding, candidates: list[_Old] | None) -> bool:
    return any(one.finding.source == finding.source for one in candidates or ())


def _distance(one: _Old, finding: Finding) -> int:
    return abs((one.line or one.finding.span.line) - finding.span.line)


def _after(finding: Finding, diff: Diff) -> _Old:
    file = diff.by_old(finding.path)
    if file is None:
        return _Old(finding, finding.path, finding.span.line)
    if file.new_path is None:
        return _Old(finding, finding.path, None)
    return _Old(finding, file.new_path, None if file.binary else file.to_new(finding.span.line))


def _same_place(one: _Old) -> Hashable | None:
    return None if one.line is None else (one.finding.rule, one.path, one.line, one.finding.span.column)


def _start(finding: Finding) -> tuple[str, int, int]:
    return finding.path, finding.span.line, finding.span.column


def _place(finding: Finding) -> tuple[object, ...]:
    return finding.path, finding.span, finding.rule


class _Changed:
    """Which changed stretch of the diff a finding begins in."""

    def __init__(self, diff: Diff) -> None:
        self._diff = diff

    def is_added(self, finding: Finding) -> bool:
        file = self._diff.by_new(finding.path)
        return file is not None and finding.span.line in file.added

    def added_in(self, finding: Finding) -> Hashable | None:
        """The replaced stretch on whose new side a finding begins."""
        file = self._diff.by_new(finding.path)
        return (
            None if file is None else _stretch(file, finding.span.line, [block.new for block in file.blocks])
        )

    def deleted_in(self, finding: Finding) -> Hashable | None:
        """The replaced stretch on whose old side a finding begins."""
        file = self._diff.by_old(finding.path)
        return (
            None if file is None else _stretch(file, finding.span.line, [block.old for block in file.blocks])
        )


def _stretch(file: FileDiff, line: int, ranges: Sequence[range]) -> Hashable | None:
    index = bisect_left(ranges, line, key=lambda lines: lines.stop - 1)
    return (file.new_path, index) if index < len(ranges) and line in ranges[index] else None


def _renamed(finding: Finding, stretch: Hashable | None) -> Hashable | None:
    """The same for two findings on one replaced stretch whose texts differ in nothing but names."""
    return None if stretch is None else (finding.rule, stretch, _skeleton(finding.source))


def _skeleton(source: str) -> str:
    """The text with each name replaced by the number of its first appearance. Literals stay: a secret is not a name."""
    numbers: dict[str, str] = {}
    return " ".join(
        numbers.setdefault(token, f"${len(numbers)}")
        if token.isidentifier() and token not in _KEYWORDS
        else token
        for token in tokens(source)
    )


def _match_moved_and_renamed(
    old: list[_Old], new: list[Finding], changed: _Changed, base_lines: Lines, head_lines: Lines
) -> tuple[list[_Old], list[Finding]]:
    """Pair what stands at the head of long code (a class, a function) that went elsewhere under another name."""
    bodies = {id(one): _tokens_in(one.finding, base_lines) for one in old if one.line is None}
    left: list[Finding] = []
    gone = list(old)
    for finding in new:
        body = _tokens_in(finding, head_lines) if changed.is_added(finding) else Counter()
        alike = (
            (share, one)
            for one in gone
            if one.finding.rule == finding.rule and (share := _share(bodies.get(id(one)), body)) >= _ALIKE
        )
        best = max(alike, key=lambda pair: pair[0], default=None)
        if best is None:
            left.append(finding)
        else:
            gone.remove(best[1])
    return gone, left


def _tokens_in(finding: Finding, lines: Lines) -> Counter[str]:
    return Counter(tokens("\n".join(lines(finding.path)[finding.span.line - 1 : finding.span.end_line])))


def _share(one: Counter[str] | None, other: Counter[str]) -> float:
    """The share of tokens that two stretches have in common; none when either is short."""
    if one is None or min(one.total(), other.total()) < _LONG:
        return 0.0
    return (one & other).total() / max(one.total(), other.total())


def _cause(finding: Finding, diff: Diff, base_lines: Lines) -> DeletedLine | None:
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
