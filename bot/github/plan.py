"""What a push adds to the conversation: which findings get a comment, one for each cause, and which do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.github import markers
from bot.github.comments import Comment, compose
from bot.github.earlier import Earlier
from bot.github.following import Seen
from bot.github.manner import Manner
from bot.github.threads import Thread, kin
from checks.model import Finding, Report
from checks.placement import Placement

Placed = Mapping[str, Placement]


@dataclass(frozen=True, slots=True)
class Adoption:
    """A thread that goes on with a finding whose fingerprint has changed; `body` is what its comment says now."""

    thread: Thread
    body: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a push adds: comments, findings that stand in the check run alone, and threads that go on.

    `told` are those of them that are new and would have had a comment, if there were room.
    """

    comments: tuple[Comment, ...]
    annotated: tuple[Finding, ...]
    told: tuple[str, ...] = ()
    adopted: tuple[Adoption, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cause:
    """Findings that one comment would be about: the one to say, and what is new beside it."""

    first: Finding
    others: tuple[Finding, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (self.first, *self.others)

    @property
    def kin(self) -> list[str]:
        return sorted({name for finding in self.findings for name in kin(finding)})


def plan(report: Report, placements: Sequence[Placement], said: Earlier, seen: Seen, manner: Manner) -> Plan:
    """Choose what is new: at most so many comments, the worst and surest first; the rest is left to the check run."""
    placed = {placement.fingerprint: placement for placement in placements}
    sources = report.sources
    orphans = [thread for thread in said.threads if seen.misses(thread) and not thread.is_resolved]
    adopted = _strayed(report, placed, said, orphans)
    wanted: list[_Cause] = []
    told: list[_Cause] = []
    for group in causes(report.findings):
        fresh = [each for each in group if not said.knows(each.fingerprint)]
        worth = [each for each in fresh if manner.speaks_of(each) and _has_place(placed, each)]
        if not worth:
            continue
        cause = _Cause(worth[0], tuple(each for each in fresh if each is not worth[0]))
        if (thread := _here(cause, placed, orphans)) is not None:
            orphans.remove(thread)
            adopted.append(_rewritten(thread, cause, placed, sources))
        else:  # what adds to a cause that was said before says nothing new
            (wanted if len(fresh) == len(group) else told).append(cause)
    told += wanted[manner.most_comments :]
    comments = tuple(
        compose(each.first, placed[each.first.fingerprint], sources, others=each.others, kin=each.kin)
        for each in wanted[: manner.most_comments]
    )
    spoken = {_key(each) for comment in comments for each in (comment.finding, *comment.others)}
    unsaid = [
        each for each in report.findings if _key(each) not in spoken and not said.knows(each.fingerprint)
    ]
    adopted += _moved(unsaid, orphans)
    spoken |= said.commented.union(*(markers.findings_in(each.body) for each in adopted))
    return Plan(
        comments=comments,
        annotated=tuple(each for each in sorted(report.findings, key=weight) if _key(each) not in spoken),
        told=tuple(each.fingerprint for cause in told for each in cause.findings if _key(each) not in spoken),
        adopted=tuple(adopted),
    )


def causes(findings: Sequence[Finding]) -> list[list[Finding]]:
    """The findings, those with one cause together, the worst first in a group and among groups.

    One cause: the same rule, and the same deleted line, the same edit, or a trace that ends in the same place.
    """
    group_of: dict[object, list[Finding]] = {}
    groups: list[list[Finding]] = []
    for finding in sorted(findings, key=weight):
        names = list(_causes(finding))
        group = next((group_of[name] for name in names if name in group_of), None)
        if group is None:
            groups.append(group := [])
        group.append(finding)
        for name in names:
            group_of.setdefault(name, group)
    return groups


def weight(finding: Finding) -> tuple[int, int, str, int, int, str]:
    """By which findings are in order, the worst and surest first."""
    span = finding.span
    return (-finding.severity, -finding.confidence, finding.path, span.line, span.column, finding.fingerprint)


def _causes(finding: Finding) -> Iterator[object]:
    if finding.caused_by is not None:
        yield finding.rule, finding.caused_by
    if finding.fix is not None and finding.fix.edits:
        yield finding.rule, finding.fix.edits
    if finding.trace:
        yield finding.rule, finding.trace[-1].path, finding.trace[-1].line


def _key(finding: Finding) -> str:
    return markers.key(finding.fingerprint)


def _has_place(placed: Placed, finding: Finding) -> bool:
    placement = placed.get(finding.fingerprint)
    return placement is not None and placement.kind != "annotation"


def _here(cause: _Cause, placed: Placed, orphans: Sequence[Thread]) -> Thread | None:
    """A thread on the very line where a comment would stand, whose finding is gone and was kin to this one."""
    place = placed[cause.first.fingerprint]
    for thread in orphans:
        stands = thread.line is not None and not thread.is_outdated
        same = (thread.path, thread.line, thread.side) == (place.path, place.line, place.side)
        if stands and same and thread.kin & set(cause.kin):
            return thread
    return None


def _strayed(report: Report, placed: Placed, said: Earlier, orphans: list[Thread]) -> list[Adoption]:
    """Of equal pieces of code one is gone, and its name passed to the next: the thread on that one's line goes on."""
    shown = {key for thread in said.threads if not thread.is_outdated for key in thread.keys}
    adopted = []
    for finding in report.findings:
        if _key(finding) in said.commented - shown and _has_place(placed, finding):
            cause = _Cause(finding, ())
            if (thread := _here(cause, placed, orphans)) is not None:
                orphans.remove(thread)
                adopted.append(_rewritten(thread, cause, placed, report.sources))
    return adopted


def _rewritten(thread: Thread, cause: _Cause, placed: Placed, sources: Mapping[str, str]) -> Adoption:
    """The comment as it would be written now, still known by what it was about before."""
    place = placed[cause.first.fingerprint]
    comment = compose(cause.first, place, sources, others=cause.others, kin=cause.kin)
    return Adoption(thread, "\n".join((comment.body, *map(markers.finding, sorted(thread.keys)))))


def _moved(quiet: Sequence[Finding], orphans: Sequence[Thread]) -> Iterator[Adoption]:
    """Threads whose finding stands elsewhere and gets no comment there: they take its mark, so as not to seem fixed."""
    free = list(quiet)
    for thread in orphans:
        heir = next((each for each in free if thread.kin & set(kin(each))), None)
        if heir is not None:
            free.remove(heir)
            yield Adoption(thread, f"{thread.body.rstrip()}\n{markers.finding(heir.fingerprint)}")
