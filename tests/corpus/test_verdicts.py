"""The verdicts on findings in real projects: their form, what they come to, and how new ones are taken in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.corpus import PINNED
from benchmarks.counts import COUNTS, versions_of
from benchmarks.findings import CONFIDENCES, Found
from benchmarks.verdicts import (
    VERDICTS,
    Judgement,
    NotAVerdict,
    Share,
    Verdict,
    judgements,
    listing,
    load,
    merge,
    render,
    security_share,
    shares,
    table,
)
from checks.registry import all_rules

ENOUGH = 30
"""Judged findings from which a share says something."""

RULE = "security/weak-hash"


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return load()


def test_nine_of_ten_sure_findings_of_security_deserve_a_comment(verdicts: list[Verdict]) -> None:
    share = security_share(verdicts)
    if share.judged < ENOUGH:
        pytest.skip(f"{share.judged} judged at high confidence, too few to say")
    assert share.value >= 0.9


def test_five_projects_are_judged_at_least(verdicts: list[Verdict]) -> None:
    assert len({one.project for one in verdicts if one.rule.startswith("security/")}) >= 5


def test_verdicts_are_about_the_versions_that_are_counted(verdicts: list[Verdict]) -> None:
    versions = versions_of(COUNTS.read_text())
    assert [one for one in verdicts if versions.get(one.project) != one.version] == []


def test_verdicts_name_rules_that_exist_and_give_reasons(verdicts: list[Verdict]) -> None:
    rules = {rule.id for rule in all_rules()}
    assert {one.rule for one in verdicts} <= rules
    assert {one.confidence for one in verdicts} <= {*CONFIDENCES, None}
    assert [one for one in verdicts if type(one.deserved) is not bool or len(one.why) < 5] == []


def test_the_file_is_sorted_and_has_one_verdict_for_a_finding(verdicts: list[Verdict]) -> None:
    assert VERDICTS.read_text(encoding="utf-8") == render(verdicts)
    assert len({one.key for one in verdicts}) == len(verdicts)


def found(line: int, fingerprint: str, confidence: str = "high") -> Found:
    return Found("wagtail", RULE, "shop/views.py", line, confidence, "`md5` hashes weakly", fingerprint)


def said(line: int, deserved: bool, why: str = "read the code") -> Judgement:
    return Judgement("wagtail", RULE, "shop/views.py", line, deserved, why)


def verdict(line: int, fingerprint: str, deserved: bool, confidence: str | None = "high") -> Verdict:
    return Verdict(
        "wagtail", PINNED["wagtail"], RULE, "shop/views.py", line, confidence, deserved, "why", fingerprint
    )


def test_a_judgement_becomes_the_verdict_of_the_finding_on_its_line() -> None:
    merged, unmatched = merge([], [said(3, True), said(4, False)], [found(3, "a", "low")], PINNED)
    assert merged == [replace(verdict(3, "a", True, "low"), why="read the code")]
    assert unmatched == [said(4, False)]


def test_judgements_of_one_line_are_about_its_findings_in_turn() -> None:
    two = [found(3, "a"), found(3, "b")]
    merged, _ = merge([], [said(3, True), said(3, False)], two, PINNED)
    assert [(one.fingerprint, one.deserved) for one in merged] == [("a", True), ("b", False)]


def test_one_judgement_of_a_line_is_about_all_of_its_findings() -> None:
    merged, _ = merge([], [said(3, True)], [found(3, "a"), found(3, "b")], PINNED)
    assert [(one.fingerprint, one.deserved) for one in merged] == [("a", True), ("b", True)]


def test_what_is_judged_anew_takes_the_place_of_the_old() -> None:
    merged, _ = merge([verdict(3, "a", False)], [said(3, True)], [found(3, "a")], PINNED)
    assert [one.deserved for one in merged] == [True]


def test_verdicts_follow_their_findings() -> None:
    moved, gone = verdict(3, "a", True), verdict(4, "b", False)
    merged, _ = merge([moved, gone], [], [found(30, "a", "medium")], PINNED)
    assert merged == [verdict(30, "a", True, "medium"), verdict(4, "b", False, None)]
    assert (
        merge(merged, [], [found(30, "a", "medium"), found(4, "b", "low")], PINNED)[0][1].confidence == "low"
    )


def test_verdicts_of_findings_no_more_count_in_no_share() -> None:
    some = [verdict(1, "a", True), verdict(2, "b", False, None), verdict(3, "c", False, "low")]
    assert shares(some) == {(RULE, "high"): Share(1, 1), (RULE, "low"): Share(1, 0)}
    assert security_share(some) == Share(1, 1)
    assert Share(0, 0).value == 0


def test_the_table_says_what_is_not_judged() -> None:
    some = [verdict(1, "a", True), verdict(2, "b", False), verdict(3, "c", True, None)]
    lines = list(table(some, [found(1, "a"), found(2, "b"), found(9, "z"), found(10, "y", "low")]))
    assert f"| {RULE} | high | 3 | 2 | 1 | 50% | 1 |" in lines
    assert f"| {RULE} | low | 1 | 0 | 0 |  | 1 |" in lines
    assert "Security at high confidence: 1 of 2 judged deserved a comment (50.0%), 1 not judged." in lines
    assert lines[-1] == "All rules: 2 findings not judged, 1 verdicts of findings no more."


def test_the_listing_names_what_is_left_to_do() -> None:
    lines = list(listing([verdict(3, "c", False, None)], [found(9, "z")]))
    assert lines == [
        f"not judged: {RULE} [high] wagtail shop/views.py:9 `md5` hashes weakly",
        f"no longer found: {RULE} wagtail shop/views.py:3 (not deserved: why)",
    ]


def test_judgements_are_read_from_every_file_of_a_folder(tmp_path: Path) -> None:
    line = {
        "project": "wagtail",
        "rule": RULE,
        "path": "shop/views.py",
        "line": 3,
        "deserved": True,
        "why": "so",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps(line | {"confidence": "high"}) + "\n\n")
    (tmp_path / "b.jsonl").write_text(json.dumps(line | {"line": 4}) + "\n")
    assert [one.line for one in judgements(tmp_path)] == [3, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "bad.jsonl:1: "),
        ("[]", "bad.jsonl:1: no JSON object"),
        ('{"project": "wagtail", "line": "3"}', "bad.jsonl:1: without rule, path, line, deserved, why"),
    ],
)
def test_what_is_no_judgement_is_refused_by_its_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "bad.jsonl").write_text(text + "\n")
    with pytest.raises(NotAVerdict, match=message):
        judgements(tmp_path)


def test_a_line_of_the_file_has_all_that_a_verdict_has(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.jsonl"
    path.write_text(render([verdict(3, "a", True)]))
    assert load(path) == [verdict(3, "a", True)]
    path.write_text('{"project": "wagtail"}\n')
    with pytest.raises(NotAVerdict, match=r"verdicts.jsonl:1: has \['project'\]"):
        load(path)
