"""The report as workflow commands."""

from __future__ import annotations

import re
from dataclasses import replace

from checks.model import Exemption, Problem, Severity, Span
from checks.report import render
from tests.report.samples import CLEAN, DEFAULT, LIKELY, REDIRECT, TIMEOUT, hostile, large, report

COMMAND = re.compile(r"^::(error|warning|notice) ([^:]*(?:=[^:]*)*)::(.*)$")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What the runner reads: level, properties and message, with its escapes undone."""
    found = []
    for line in text.split("\n"):
        if match := COMMAND.match(line):
            properties = dict(each.split("=", 1) for each in match[2].split(","))
            found.append(
                (match[1], {name: _undone(value) for name, value in properties.items()}, _undone(match[3]))
            )
    return found


def _undone(text: str) -> str:
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def test_a_finding_is_one_command() -> None:
    ((level, properties, message),) = commands(render(report(REDIRECT, extra=False), "github"))
    assert level == "error"
    assert properties == {
        "file": "shop/views.py",
        "line": "11",
        "endLine": "11",
        "col": "21",
        "endColumn": "27",
        "title": "security/open-redirect (high)",
    }
    assert message.split("\n")[:2] == [REDIRECT.message, "Redirect only to addresses of this site"]


def test_severities_become_levels() -> None:
    found = commands(render(replace(LIKELY, problems=(), exemptions=()), "github"))
    assert [level for level, _, _ in found] == ["error", "error", "warning", "notice"]


def test_columns_are_left_out_where_a_finding_spans_lines() -> None:
    ((_, properties, _),) = commands(
        render(report(replace(REDIRECT, span=Span(9, 1, 11, 28)), extra=False), "github")
    )
    assert properties["endLine"] == "11"
    assert "col" not in properties


def test_a_deleted_line_is_named() -> None:
    assert "caused by deleted line shop/views.py:21" in render(report(TIMEOUT), "github")


def test_problems_and_exemptions_are_notices() -> None:
    found = commands(render(replace(LIKELY, findings=()), "github"))
    assert [(level, properties["title"]) for level, properties, _ in found] == [
        ("notice", "Not checked (syntax)"),
        ("notice", "Exempted from review"),
        ("notice", "Exempted from review"),
    ]


def test_a_clean_report_has_no_command() -> None:
    assert (
        render(CLEAN, "github")
        == "Nothing found; 128 files, 14,210 lines in 0.8 s; 7 known before; 1 suppressed\n"
    )


def test_no_more_than_github_shows_and_the_rest_is_counted() -> None:
    text = render(large(200), "github")
    levels = [level for level, _, _ in commands(text)]
    assert [levels.count(level) for level in ("error", "warning", "notice")] == [10, 10, 10]
    assert text.splitlines()[-1] == (
        "Not shown above: 90 errors, 40 warnings, 43 notices, because GitHub shows 10 of each kind per step"
    )
    assert {properties["title"] for level, properties, _ in commands(text) if level == "error"} == {
        "security/open-redirect (critical)"
    }


def test_within_the_caps_nothing_is_said_to_be_hidden() -> None:
    assert "Not shown" not in render(LIKELY, "github")


def test_what_was_not_checked_is_not_crowded_out_by_small_findings() -> None:
    many = tuple(replace(DEFAULT, severity=Severity.LOW, fingerprint=str(n)) for n in range(30))
    assert "Not checked (syntax)" in render(report(*many), "github")


def test_hostile_text_injects_no_command() -> None:
    text = render(hostile(), "github")
    lines = text.split("\n")
    assert len([line for line in lines if "::" in line]) == len(commands(text)) == 5
    assert not any(line.startswith(("::error::", "##[")) for line in lines)
    assert not any(character in text for character in "\x1b\r\x07\u202e\ud800")
    for _, properties, _ in commands(text):
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}


def test_percent_signs_survive() -> None:
    problem = Problem("100%,a:b.py", "syntax", "50% %0A done")
    ((_, properties, message),) = commands(render(replace(CLEAN, problems=(problem,)), "github"))
    assert properties["file"] == "100%,a:b.py"
    assert message == "50% %0A done"


def test_a_reason_that_is_missing_is_said() -> None:
    exemption = Exemption("configuration", ".rubricate.yml", 1, (), "")
    assert "no reason given" in render(replace(CLEAN, exemptions=(exemption,)), "github")
