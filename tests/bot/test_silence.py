"""The sentence of a review that made no comment."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.github.publish import Published
from bot.silence import reason
from checks.diff import Diff, FileDiff
from checks.model import Confidence, Finding, Report, Severity, Span

FOUND = Finding("a/b", "x", Severity.HIGH, Confidence.HIGH, None, "new.py", Span(1, 1, 1, 2), "a defect")


def touching(*paths: str | None) -> Diff:
    old, new = paths if len(paths) == 2 else (None, paths[0])
    return Diff((FileDiff(old, new, ()),))


@pytest.mark.parametrize(
    ("findings", "published", "diff", "sentence"),
    [
        (1, {"annotations": 1}, touching("new.py"), "What was found stands in the check run alone."),
        (2, {"standing": 2}, touching("new.py"), "All that was found has a comment of an earlier push."),
        (1, {"left_out": 1}, touching("new.py"), "People ignore or accept all that was found."),
        (0, {}, touching("new.py"), "Nothing was found."),
        (0, {}, touching("types.pyi"), "Nothing was found."),
        (0, {}, touching("gone.py", None), "Nothing was found."),
        (
            0,
            {},
            touching("notes.txt"),
            "The change touches no Python, and nothing was found in the rest of it.",
        ),
    ],
)
def test_it_says_what_kept_the_review_quiet(
    findings: int, published: dict[str, int], diff: Diff, sentence: str
) -> None:
    report = Report((FOUND,) * findings, ())
    said = replace(Published(0, 0, 0, "success"), **published)  # type: ignore[arg-type]
    assert reason(report, diff, said) == sentence
