"""What the step writes for the runner."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from action import log
from action.step import main
from checks.model import Confidence, Finding, Report, Severity, Span
from tests.action.runner import _read_outputs as read_outputs

FINDING = Finding(
    rule="security/example",
    checklist="security.xss",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=None,
    path="a.py",
    span=Span(1, 1, 1, 2),
    message="something is wrong",
    fingerprint="f",
)


def many(count: int) -> Report:
    findings = [
        replace(FINDING, path=f"{'folder/' * 20}{number}.py", fingerprint=str(number))
        for number in range(count)
    ]
    return Report(tuple(findings), ())


def test_a_summary_stays_below_the_limit_and_says_what_it_left_out(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    log.summarize(path, many(9_000), ["A note."], "https://github.com/octo/shop/blob/abc")
    assert 900_000 < path.stat().st_size <= log.LARGEST_SUMMARY
    assert path.read_text().startswith("> A note.") and "left out" in path.read_text()


def test_an_output_cannot_end_its_own_value(tmp_path: Path) -> None:
    path = tmp_path / "outputs"
    outputs = {"sarif-file": "a\nverdict=pass\nEOF\n", "verdict": "fail"}
    log.write_outputs(path, outputs)
    assert read_outputs(path.read_text()) == {"sarif-file": "a\nverdict=pass\nEOF\n", "verdict": "fail"}


def test_commands_are_stopped_around_the_report_by_an_unknown_word() -> None:
    words = set()
    for _ in range(2):
        out = io.StringIO()
        log.write_report(many(1), out)
        lines = out.getvalue().splitlines()
        (start,) = (index for index, line in enumerate(lines) if line.startswith("::stop-commands::"))
        word = lines[start].removeprefix("::stop-commands::")
        assert lines[-2:] == [f"::{word}::", "::endgroup::"] and start == 1
        words.add(word)
    assert len(words) == 2


def test_a_notice_is_one_line() -> None:
    out = io.StringIO()
    log.notice("50 %\n::error::owned", out)
    assert out.getvalue() == "::notice title=Rubricate::50 %25%0A::error::owned\n"


def test_outside_of_a_runner_it_says_what_is_missing() -> None:
    out = io.StringIO()
    assert main({}, [], out) == 2
    said = "GITHUB_EVENT_NAME is not set: `python -m action` is meant to be run by a GitHub runner"
    assert out.getvalue() == f"::error title=Rubricate::{said}\n"


def test_it_takes_no_arguments(tmp_path: Path) -> None:
    out = io.StringIO()
    assert main({"GITHUB_OUTPUT": str(tmp_path / "out")}, ["--help"], out) == 2
    assert "takes no arguments" in out.getvalue()
    assert read_outputs((tmp_path / "out").read_text())["verdict"] == "error"
