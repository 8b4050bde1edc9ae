"""The report for a terminal: findings by file with excerpts, the checklist, what could not be checked, a summary."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from checks.model import Finding, Report, Severity, Verdict
from checks.report import words
from checks.report.characters import cells, cut, shown, visible
from checks.report.excerpt import ExcerptLine, Sources

_SEVERITY = {Severity.CRITICAL: "1;35", Severity.HIGH: "1;31", Severity.MEDIUM: "1;33", Severity.LOW: "1;36"}
_VERDICT = {
    Verdict.PASS: "32",
    Verdict.FAIL: "1;31",
    Verdict.ATTENTION: "33",
    Verdict.NOT_APPLICABLE: "2",
    Verdict.MANUAL: "34",
}
_BOLD, _DIM = "1", "2"
_VERDICT_WIDTH = max(len(verdict.value) for verdict in Verdict)
_NARROWEST = 40


@dataclass(frozen=True, slots=True)
class _Page:
    """What the text is written on: how wide, and whether with colours (ECMA-48 SGR codes)."""

    colour: bool
    width: int
    sources: Sources

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.colour and text else text


def render(report: Report, *, colour: bool = False, width: int = 100) -> str:
    """The report for a terminal of `width` columns. Findings' first lines are never cut: editors and grep read them."""
    page = _Page(colour, max(width, _NARROWEST), Sources(report.sources))
    lines = [
        *_findings(page, report),
        *_listed(page, "Not checked", [words.problem_line(problem) for problem in report.problems]),
        *_listed(page, "Exempted", [words.exemption_line(exemption) for exemption in report.exemptions]),
        *_checklist(page, report),
        *_summary(page, report),
    ]
    return "".join(f"{line}\n" for line in lines)


def _findings(page: _Page, report: Report) -> Iterator[str]:
    for _, findings in words.by_file(report.findings):
        for finding in findings:
            yield from _finding(page, finding)
            yield ""


def _finding(page: _Page, finding: Finding) -> Iterator[str]:
    place = f"{visible(finding.path)}:{finding.span.line}:{finding.span.column}"
    severity = page.paint(finding.severity.label, _SEVERITY[finding.severity])
    yield f"{page.paint(place, _BOLD)} {severity} {finding.rule} {visible(finding.message)}"
    yield from _excerpt(page, finding)
    if cause := words.cause(finding):
        yield from _note(page, visible(cause))
    for number, step in enumerate(finding.trace, 1):
        yield from _note(page, f"{number}. {visible(f'{step.path}:{step.line}')}: {visible(step.message)}")
    if advice := words.advice(finding):
        kind = "advice" if not finding.fix else "fix" if finding.fix.safe else "fix, unsafe"
        yield from _note(page, f"{kind}: {visible(advice)}")


def _note(page: _Page, text: str) -> Iterator[str]:
    for number, line in enumerate(_wrapped(text, page.width - 6)):
        yield f"    {page.paint('=', _DIM) if number == 0 else ' '} {line}"


def _excerpt(page: _Page, finding: Finding) -> Iterator[str]:
    lines = page.sources.excerpt(finding.path, finding.span, width=page.width - 12)
    digits = max((len(str(line.number)) for line in lines), default=1)
    before = 0
    for line in lines:
        if before and line.number > before + 1:
            yield f"    {page.paint('…'.rjust(digits) + ' │', _DIM)}"
        before = line.number
        text = (
            shown(line.before)
            + page.paint(shown(line.marked), _SEVERITY[finding.severity])
            + shown(line.after)
        )
        yield f"    {page.paint(f'{line.number:>{digits}} │', _DIM)} {text}".rstrip()
        if line.marked:
            gutter = page.paint(" " * digits + " │", _DIM)
            yield f"    {gutter} {_carets(page, line, finding.severity)}"


def _carets(page: _Page, line: ExcerptLine, severity: Severity) -> str:
    indent = " " * cells(shown(line.before))
    return indent + page.paint("^" * max(cells(shown(line.marked)), 1), _SEVERITY[severity])


def _listed(page: _Page, title: str, entries: list[str]) -> Iterator[str]:
    if not entries:
        return
    yield page.paint(f"{title} ({len(entries):,})", _BOLD)
    for entry in entries:
        first, *rest = _wrapped(visible(entry), page.width - 4)
        yield f"  {first}"
        yield from (f"    {line}" for line in rest)
    yield ""


def _checklist(page: _Page, report: Report) -> Iterator[str]:
    if not report.checklist:
        return
    counts = ", ".join(
        f"{count} {verdict.value}" for verdict, count in words.verdict_counts(report.checklist)
    )
    yield page.paint("Checklist", _BOLD) + page.paint(cut(f" ({counts})", page.width - 9), _DIM)
    for section, entries in words.by_section(report.checklist):
        yield f"  {section}"
        for verdict, title, evidence in words.rows(entries):
            yield from _row(page, verdict, title, evidence)
    yield ""


def _row(page: _Page, verdict: Verdict, title: str, evidence: str) -> Iterator[str]:
    """The verdict, beside it the title, and the evidence behind or under it, as the width allows."""
    room = page.width - _VERDICT_WIDTH - 6
    title, evidence = visible(title), visible(evidence)
    mark = page.paint(verdict.value.ljust(_VERDICT_WIDTH), _VERDICT[verdict])
    indent = " " * (_VERDICT_WIDTH + 6)
    if cells(title) + cells(evidence) + 2 <= room:
        yield f"    {mark}  {title}  {page.paint(evidence, _DIM)}"
        return
    first, *rest = _wrapped(title, room)
    yield f"    {mark}  {first}"
    yield from (f"{indent}{line}" for line in rest)
    yield from (f"{indent}{page.paint(line, _DIM)}" for line in _wrapped(evidence, room))


def _summary(page: _Page, report: Report) -> Iterator[str]:
    style = "1;31" if report.failed else "1;33" if report.findings else "1;32"
    counts = ", ".join(
        f"{count:,} {severity.label}" for severity, count in words.severity_counts(report.findings)
    )
    yield page.paint(words.headline(report), style) + (f" ({counts})" if counts else "")
    yield page.paint(cut(words.cost(report), page.width), _DIM)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, 10), break_on_hyphens=False) or [""]
