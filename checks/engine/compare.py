"""What a change introduces: the findings of the head that the base did not have.

Each finding of the head looks for its older self, in this order: at the same place, through the diff's line map; with
the same rule, scope and text in the same file, by whatever name; with the same rule and text among the lines that the
change deleted (moved code); on lines that the change replaced, with only names differing (renamed), or with something
still missing there that was missing before. What finds none is new. Messages play no part: they hold the user's names.
"""

from __future__ import annotations

import keyword
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace

from checks.diff import Diff, FileDiff
from checks.engine.causes import cause_of
from checks.fingerprint import tokens
from checks.model import Finding

Lines = Callable[[str], Sequence[str]]

_ALIKE = 0.8  # the share of tokens that two long stretches of code must have in common to be the same, moved
_LONG = 12  # tokens
_SHORT = 10  # lines
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
    old, new = _match(
        old,
        new,
        lambda one: _still_missing(one.finding, changed.deleted_in(one.finding)),
        lambda finding: _still_missing(finding, changed.added_in(finding)),
    )
    if head_lines is not None:
        old, new = _match_moved_and_renamed(old, new, changed, base_lines, head_lines)
    return tuple(replace(finding, caused_by=cause_of(finding, diff, base_lines)) for finding in new)


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
        if finding.parts:
            candidates = [one for one in candidates or () if {*finding.parts} <= {*one.finding.parts}]
        if candidates:
            best = min(
                candidates, key=lambda one: (one.finding.source != finding.source, _distance(one, finding))
            )
            waiting[key].remove(best)
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

    def added_in(self, finding: Finding) -> _Stretch | None:
        """The replaced stretch on whose new side a finding begins."""
        file = self._diff.by_new(finding.path)
        return _stretch(file, finding.span.line, [block.new for block in file.blocks]) if file else None

    def deleted_in(self, finding: Finding) -> _Stretch | None:
        """The replaced stretch on whose old side a finding begins."""
        file = self._diff.by_old(finding.path)
        return _stretch(file, finding.span.line, [block.old for block in file.blocks]) if file else None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbouring lines that were replaced, as the file's new path and the block's index."""

    path: str | None
    index: int
    short: bool


def _stretch(file: FileDiff, line: int, ranges: Sequence[range]) -> _Stretch | None:
    index = bisect_left(ranges, line, key=lambda lines: lines.stop - 1)
    if index == len(ranges) or line not in ranges[index]:
        return None
    block = file.blocks[index]
    return _Stretch(file.new_path, index, short=max(len(block.old), len(block.new)) <= _SHORT)


def _renamed(finding: Finding, stretch: _Stretch | None) -> Hashable | None:
    """The same for two findings on one replaced stretch whose texts differ in nothing but names."""
    return None if stretch is None else (finding.rule, stretch, _skeleton(finding.source))


def _still_missing(finding: Finding, stretch: _Stretch | None) -> Hashable | None:
    """The same for two findings of absence on one short replaced stretch.

    A rule that hints at what a deletion takes away reports that it is missing: whoever edits such a line leaves it
    missing, and does not introduce the defect.
    """
    return (finding.rule, stretch) if finding.cause_hint and stretch is not None and stretch.short else None


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
