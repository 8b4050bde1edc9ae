"""Findings and counts become the verdicts of the checklist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from checks.advice import advice
from checks.checklist import ITEMS, NEEDS, SECTIONS, judge
from checks.model import ChecklistEntry, Confidence, Finding, Place, Severity, Span, Verdict

ITEM = "security.csrf"
OTHER = "security.xss"


def finding(severity: Severity, rule: str = "security/toy", item: str = ITEM) -> Finding:
    return Finding(
        rule=rule,
        checklist=item,
        severity=severity,
        confidence=Confidence.HIGH,
        cwe=None,
        path="a.py",
        span=Span(1, 1, 1, 2),
        message="It is there",
        fingerprint=f"{rule}-{severity.label}",
    )


def answer(
    findings: Sequence[Finding] = (),
    checked: int = 0,
    *,
    covered: bool = True,
    gate: Severity | None = Severity.HIGH,
    places: Mapping[str, tuple[Place, ...]] | None = None,
) -> ChecklistEntry:
    entries = judge(findings, {ITEM: checked}, [ITEM] if covered else [], gate, places)
    return next(entry for entry in entries if entry.item == ITEM)


@pytest.mark.parametrize(
    ("severity", "gate", "verdict"),
    [
        (Severity.HIGH, Severity.HIGH, Verdict.FAIL),
        (Severity.CRITICAL, Severity.HIGH, Verdict.FAIL),
        (Severity.MEDIUM, Severity.HIGH, Verdict.ATTENTION),
        (Severity.LOW, Severity.LOW, Verdict.FAIL),
        (Severity.CRITICAL, None, Verdict.ATTENTION),
    ],
)
def test_a_finding_at_the_gate_fails_and_one_below_asks_for_attention(
    severity: Severity, gate: Severity | None, verdict: Verdict
) -> None:
    assert answer([finding(severity)], 3, gate=gate).verdict is verdict


def dependencies(
    findings: Sequence[Finding] = (), checked: int = 4, *, covered: bool = True, asked: Sequence[str] = ()
) -> ChecklistEntry:
    item = "security.dependencies"
    entries = judge(
        findings,
        {item: checked},
        [item] if covered else [],
        Severity.HIGH,
        {item: (Place("uv.lock", 3),)},
        asked,
    )
    return next(entry for entry in entries if entry.item == item)


def test_dependencies_never_pass_without_a_source_of_advisories() -> None:
    entry = dependencies()
    assert entry.verdict is Verdict.MANUAL
    assert entry.evidence == (
        "4 places checked, nothing found; "
        "known vulnerabilities were not looked up, which takes a source of advisories"
    )
    assert entry.places == (Place("uv.lock", 3),)
    assert dependencies(checked=0, covered=False).verdict is Verdict.MANUAL


def test_dependencies_pass_when_advisories_were_asked_for() -> None:
    entry = dependencies(asked=["security.dependencies"])
    assert (entry.verdict, entry.evidence) == (Verdict.PASS, "4 places checked, nothing found")


def test_what_is_found_in_dependencies_is_no_less_for_what_is_open() -> None:
    found = finding(Severity.HIGH, item="security.dependencies")
    assert dependencies([found]).verdict is Verdict.FAIL
    assert dependencies(checked=0).verdict is Verdict.NOT_APPLICABLE


def test_what_rules_answer_in_part_is_an_item() -> None:
    assert set(NEEDS) <= set(ITEMS)


def test_the_worst_finding_decides() -> None:
    assert answer([finding(Severity.LOW), finding(Severity.HIGH)], 3).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("checked", "covered", "verdict"),
    [
        (3, True, Verdict.PASS),
        (0, True, Verdict.NOT_APPLICABLE),
        (0, False, Verdict.MANUAL),
    ],
)
def test_without_findings_it_counts_whether_anybody_looked(
    checked: int, covered: bool, verdict: Verdict
) -> None:
    assert answer((), checked, covered=covered).verdict is verdict


@pytest.mark.parametrize(
    ("entry", "evidence"),
    [
        (answer((), 3), "3 places checked, nothing found"),
        (answer((), 1), "1 place checked, nothing found"),
        (answer((), 0), "Nothing here that this item is about"),
        (answer((), 0, covered=False), "No rule answers this yet: a person must look"),
        (answer([finding(Severity.LOW)], 2), "2 places checked: security/toy"),
        (
            answer([finding(Severity.LOW), finding(Severity.HIGH), finding(Severity.LOW, "security/a")], 2),
            "2 places checked: security/a, security/toy (2)",
        ),
    ],
)
def test_a_verdict_names_its_evidence(entry: ChecklistEntry, evidence: str) -> None:
    assert entry.evidence == evidence


def test_the_findings_of_an_item_are_named_by_fingerprint() -> None:
    entry = answer([finding(Severity.LOW), finding(Severity.HIGH, item=OTHER)], 1)
    assert entry.findings == ("security/toy-low",)


def test_places_are_for_items_that_a_person_must_judge() -> None:
    places = {ITEM: (Place("a.py", 3),)}
    assert answer(covered=False, places=places).places == places[ITEM]
    assert answer(covered=True, places=places).places == ()
    assert answer([finding(Severity.LOW)], 1, places=places).places == ()


def test_every_item_is_answered_once_and_in_order() -> None:
    assert [entry.item for entry in judge((), {}, [], None)] == list(ITEMS)


@pytest.mark.parametrize("item", ITEMS)
def test_every_item_belongs_to_a_section_and_has_advice(item: str) -> None:
    assert item.partition(".")[0] in SECTIONS
    assert advice(item).strip()
