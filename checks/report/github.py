"""The report as workflow commands, which GitHub shows as annotations.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from checks.model import Exemption, Finding, Problem, Report, Severity
from checks.report import words
from checks.report.characters import cut, visible

# Of each kind a step may make ten annotations; GitHub drops the rest without a word:
# https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations
CAP = 10
_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class _Annotation:
    level: str
    properties: dict[str, str]
    message: str


def render(report: Report) -> str:
    """Workflow commands, the worst first, no more of a kind than GitHub shows; a last line counts the rest."""
    shown: Counter[str] = Counter()
    hidden: Counter[str] = Counter()
    lines = []
    for each in _annotations(report):
        if shown[each.level] < CAP:
            shown[each.level] += 1
            lines.append(_command(each))
        else:
            hidden[each.level] += 1
    lines.append(f"{words.headline(report)}; {words.cost(report)}")
    if hidden:
        counts = ", ".join(
            words.amount(hidden[level], level) for level in ("error", "warning", "notice") if hidden[level]
        )
        lines.append(f"Not shown above: {counts}, because GitHub shows {CAP} of each kind per step")
    return "".join(f"{line}\n" for line in lines)


def _annotations(report: Report) -> Iterator[_Annotation]:
    """Findings from the worst; what was not checked or exempted stands before the findings of low severity."""
    findings = words.worst_first(report.findings)
    yield from (_finding(finding) for finding in findings if finding.severity > Severity.LOW)
    yield from (_problem(problem) for problem in report.problems)
    yield from (_exemption(exemption) for exemption in report.exemptions)
    yield from (_finding(finding) for finding in findings if finding.severity == Severity.LOW)


def _finding(finding: Finding) -> _Annotation:
    span = finding.span
    properties = {"file": finding.path, "line": str(span.line), "endLine": str(max(span.end_line, span.line))}
    if span.end_line == span.line:  # columns are taken for one line only
        properties |= {"col": str(span.column), "endColumn": str(max(span.end_column, span.column))}
    properties["title"] = f"{finding.rule} ({finding.severity.label})"
    parts = [finding.message, words.cause(finding), words.advice(finding), words.help_url(finding)]
    return _Annotation(
        _LEVEL[finding.severity], properties, "\n".join(visible(part) for part in parts if part)
    )


def _problem(problem: Problem) -> _Annotation:
    line = {"line": str(problem.line)} if problem.line else {}
    properties = {"file": problem.path, **line, "title": f"Not checked ({problem.kind})"}
    return _Annotation("notice", properties, visible(problem.message))


def _exemption(exemption: Exemption) -> _Annotation:
    properties = {"file": exemption.path, "line": str(exemption.line), "title": "Exempted from review"}
    return _Annotation("notice", properties, visible(words.exemption_line(exemption)))


def _command(annotation: _Annotation) -> str:
    properties = ",".join(f"{name}={_property(value)}" for name, value in annotation.properties.items())
    return f"::{annotation.level} {properties}::{_data(cut(annotation.message, _LONGEST))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
