"""What people decided, applied to a report: the gate, the checklist and the summary follow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.github import notes
from bot.github.notes import Ignored, Notes
from bot.github.standing import standing
from checks.checklist import judge
from checks.model import Confidence, Finding, Report, Severity, Span, Verdict
from tests.bot.desk import Desk, desk_in
from tests.github import Github

BY = Ignored("mona", "known and accepted")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with aiohttp.ClientSession() as session, Github(tmp_path / "github") as github:
        yield desk_in(github, session)


def finding(name: str, severity: Severity = Severity.HIGH) -> Finding:
    return Finding(
        rule=f"test/{name}",
        checklist="security.debug-off",
        severity=severity,
        confidence=Confidence.HIGH,
        cwe=None,
        path="a.py",
        span=Span(1, 1, 1, 2),
        message=f"`{name}` is a defect",
        fingerprint=name * 8,
    )


def report(*findings: Finding) -> Report:
    return Report(findings, judge(findings, {"security.debug-off": 3}, ["security.debug-off"], Severity.HIGH))


def verdict(of: Report) -> tuple[Verdict, str]:
    (entry,) = [each for each in of.checklist if each.item == "security.debug-off"]
    return entry.verdict, entry.evidence


def test_an_ignored_finding_does_not_reach_the_gate_and_is_listed_with_person_and_reason() -> None:
    whole = report(finding("bad"), finding("mild", Severity.LOW))
    stands = standing(whole, Notes.of([notes.ignored("bad" * 8, BY)]))
    assert (whole.failed, stands.report.failed) == (True, False)
    assert [each.rule for each in stands.left_out] == ["test/bad"]
    (exemption,) = stands.report.exemptions
    assert (exemption.kind, exemption.reason, exemption.rules) == (
        "ignored by mona",
        "known and accepted",
        ("test/bad",),
    )


def test_an_ignored_rule_takes_all_its_findings_along() -> None:
    stands = standing(report(finding("bad")), Notes.of([notes.ignored_rule("test/bad", BY)]))
    assert stands.report.findings == ()


def test_what_was_accepted_as_it_stands_is_left_out() -> None:
    stands = standing(report(finding("bad")), Notes.of([notes.baselined(["bad" * 8])]))
    assert (stands.report.findings, stands.report.exemptions[0].kind) == ((), "baseline")


def test_the_checklist_is_answered_from_what_is_left() -> None:
    whole = report(finding("bad"), finding("mild", Severity.LOW))
    assert verdict(whole)[0] is Verdict.FAIL
    one = standing(whole, Notes.of([notes.ignored("bad" * 8, BY)])).report
    assert verdict(one) == (Verdict.ATTENTION, "3 places checked: test/mild; 1 left out, see below")
    none = standing(whole, Notes.of([notes.ignored("bad" * 8, BY), notes.ignored("mild" * 8, BY)])).report
    assert verdict(none) == (Verdict.PASS, "3 places checked, nothing found; 2 left out, see below")


def test_without_decisions_the_report_stands_as_it_is() -> None:
    whole = report(finding("bad"))
    assert standing(whole, Notes()).report == whole


async def test_an_ignored_finding_is_neither_commented_nor_annotated_and_the_summary_names_it(
    desk: Desk,
) -> None:
    desk.push({"new.py": "a = 1  # DEFECT a high\nb = 1  # DEFECT b high\n"})
    first, _ = desk.judged()[0]
    assert desk.pull is not None
    comment = desk.github.comment(
        desk.pull, "rubricate[bot]", f"Ignored.\n\n{notes.ignored(first.fingerprint, BY)}"
    )
    comment.user = desk.github.state.app.bot
    await desk.review()
    assert [desk.words(number) for number in range(len(desk.threads))] == [["b"]]
    assert desk.run.annotations == []
    assert "known and accepted" in (desk.run.summary or "")
    assert "ignored by mona" in (desk.run.summary or "")


async def test_the_thread_of_an_ignored_finding_is_not_called_fixed(desk: Desk) -> None:
    desk.push({"new.py": "a = 1  # DEFECT a high\n"})
    await desk.review()
    (found,), _, _ = desk.judged()
    assert desk.pull is not None
    comment = desk.github.comment(desk.pull, "mona", f"Ignored.\n\n{notes.ignored(found.fingerprint, BY)}")
    comment.user = desk.github.state.app.bot
    published = await desk.review()
    assert (desk.words(), published.conclusion) == (["a"], "success")
