"""What stands of a report once people have decided: without what they ignore or accept, with what they ticked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from bot.github.checklist import abouts, standing_ticks
from bot.github.notes import Notes, Ticked
from checks.checklist import judge
from checks.model import ChecklistEntry, Exemption, Finding, Report, Verdict

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Standing:
    """The report on which comments and the check's conclusion rest, and the findings that were taken out of it."""

    report: Report
    left_out: tuple[Finding, ...] = ()


def standing(report: Report, notes: Notes, identities: Mapping[str, str] = NOTHING) -> Standing:
    """Apply people's decisions. What is left out is listed among the exemptions, with the person and the reason.

    `identities` is what git calls the content of each changed file: a tick that was set on other code does not count
    any more.
    """
    excused = {
        each.fingerprint: exemption
        for each in report.findings
        if (exemption := _exemption(each, notes)) is not None
    }
    kept = tuple(each for each in report.findings if each.fingerprint not in excused)
    judged = _judged(report, kept, excused)
    ticks = standing_ticks(notes.ticked, abouts(judged, identities))
    checklist = tuple(_ticked(each, ticks) for each in judged)
    exemptions = (*report.exemptions, *excused.values())
    left_out = tuple(each for each in report.findings if each.fingerprint in excused)
    return Standing(replace(report, findings=kept, checklist=checklist, exemptions=exemptions), left_out)


def _exemption(finding: Finding, notes: Notes) -> Exemption | None:
    if (ignored := notes.ignoring(finding)) is not None:
        return Exemption(
            f"ignored by {ignored.person}", finding.path, finding.span.line, (finding.rule,), ignored.reason
        )
    if notes.accepts(finding):
        reason = "accepted as it stands"
        return Exemption("baseline", finding.path, finding.span.line, (finding.rule,), reason)
    return None


def _judged(
    report: Report, kept: Sequence[Finding], excused: Mapping[str, Exemption]
) -> Sequence[ChecklistEntry]:
    """The checklist's entries; those that lost findings are answered anew, from what is left."""
    changed = {each.item: each for each in report.checklist if set(each.findings) & excused.keys()}
    if not changed:
        return report.checklist
    checked = {item: entry.checked for item, entry in changed.items()}
    answers = {each.item: each for each in judge(kept, checked, changed, report.gate)}
    return [
        _told(answers[each.item], each, excused) if each.item in changed else each
        for each in report.checklist
    ]


def _told(answer: ChecklistEntry, before: ChecklistEntry, excused: Mapping[str, Exemption]) -> ChecklistEntry:
    count = sum(fingerprint in excused for fingerprint in before.findings)
    return replace(answer, evidence=f"{answer.evidence}; {count} left out, see below")


def _ticked(entry: ChecklistEntry, ticks: Mapping[str, Ticked]) -> ChecklistEntry:
    if entry.verdict is not Verdict.MANUAL or entry.item not in ticks:
        return entry
    return replace(entry, verdict=Verdict.PASS, evidence=f"Ticked by {ticks[entry.item].person}", places=())
