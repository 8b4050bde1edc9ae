"""What a finding takes from its place."""

from __future__ import annotations

import pytest

from checks.model import Span
from checks.rule import HIGH, Document, Instruction, Rule

RULE = Rule(
    "checks.rules.security.toy",
    checklist="security.xss",
    severity=HIGH,
    message="It is `{there}`",
    advice="Take it out",
)
TEXT = "first line\n  second line\nthird"


@pytest.mark.parametrize(
    ("span", "source"),
    [
        (Span(2, 3, 2, 9), "second"),
        (Span(1, 7, 2, 9), "line second"),
        (Span(1, 1, 1, 11), "first line"),
        (Span(3, 1, 9, 2), "third"),
        (Span(9, 1, 9, 2), ""),
    ],
)
def test_a_stretch_of_text_is_known_by_its_own_words(span: Span, source: str) -> None:
    assert RULE.finding(span, Document("a.txt", TEXT, "text"), there="there").source == source


def test_an_instruction_is_known_by_its_lines() -> None:
    instruction = Instruction("FIRST", "line", Span(2, 3, 2, 5))
    finding = RULE.finding(instruction, Document("Dockerfile", TEXT, "dockerfile"), there="there")
    assert finding.source == "second line"


def test_very_long_texts_are_known_by_their_beginning() -> None:
    text = "x" * 1_000_000
    finding = RULE.finding(Span(1, 1, 1, 1_000_001), Document("a.txt", text, "text"), there="there")
    assert 0 < len(finding.source) <= 2_000
