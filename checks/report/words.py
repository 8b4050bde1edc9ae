"""The words that every format shares, so that a finding reads the same everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from checks.checklist import SECTIONS
from checks.model import ChecklistEntry, Exemption, Finding, Problem, Report, Severity, Verdict
from checks.report.links import rule_url

PLACES = 10  # places named for an item that a person must judge
SEVERITIES = tuple(sorted(Severity, reverse=True))


def amount(number: int, noun: str) -> str:
    """`1 file`, `2,000 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def headline(report: Report) -> str:
    """The verdict of the whole run in one sentence."""
    total = len(report.findings)
    if not total:
        return "Nothing found"
    if report.gate is None:
        return f"{amount(total, 'finding')}, no gate set"
    if not report.failed:
        return f"{amount(total, 'finding')}, none at or above {report.gate.label}"
    reaching = sum(finding.severity >= report.gate for finding in report.findings)
    return f"{reaching:,} of {amount(total, 'finding')} at or above {report.gate.label}"


def severity_counts(findings: Iterable[Finding]) -> list[tuple[Severity, int]]:
    """How many findings of each severity there are, worst first, without zeros."""
    counts = Counter(finding.severity for finding in findings)
    return [(severity, counts[severity]) for severity in SEVERITIES if counts[severity]]


def verdict_counts(entries: Iterable[ChecklistEntry]) -> list[tuple[Verdict, int]]:
    """How many items have each verdict, in the verdicts' order, without zeros."""
    counts = Counter(entry.verdict for entry in entries)
    return [(verdict, counts[verdict]) for verdict in Verdict if counts[verdict]]


def cost(report: Report) -> str:
    """What the run read and how long it took, and what it kept back."""
    numbers = report.statistics
    parts = [f"{amount(numbers.files, 'file')}, {amount(numbers.lines, 'line')} in {numbers.seconds:.1f} s"]
    if numbers.known:
        parts.append(f"{numbers.known:,} known before")
    if numbers.suppressed:
        parts.append(f"{numbers.suppressed:,} suppressed")
    if numbers.baselined:
        parts.append(f"{numbers.baselined:,} in the baseline")
    return "; ".join(parts)


def advice(finding: Finding) -> str:
    """What to do: the title of the fix, or the rule's advice where there is none."""
    return finding.fix.title if finding.fix else finding.advice


def cause(finding: Finding) -> str:
    """For a defect that a deletion caused, which line it was; else nothing."""
    if finding.caused_by is None:
        return ""
    return f"caused by deleted line {finding.caused_by.path}:{finding.caused_by.line}"


def help_url(finding: Finding) -> str:
    """Where the finding's rule is explained."""
    return rule_url(finding.rule)


def place(path: str, line: int | None) -> str:
    """`path:line`, or the path alone."""
    return path if line is None else f"{path}:{line}"


def problem_line(problem: Problem) -> str:
    """A problem in one line: where, what kind, why."""
    return f"{place(problem.path, problem.line)}: {problem.kind}: {problem.message}"


def exemption_line(exemption: Exemption) -> str:
    """An exemption in one line: where, what kind, for which rules, with which reason."""
    rules = f" of {', '.join(exemption.rules)}" if exemption.rules else ""
    reason = exemption.reason or "no reason given"
    return f"{place(exemption.path, exemption.line)}: {exemption.kind}{rules}: {reason}"


def by_section(entries: Iterable[ChecklistEntry]) -> list[tuple[str, list[ChecklistEntry]]]:
    """The checklist's entries under the titles of their sections, in the order given."""
    sections: dict[str, list[ChecklistEntry]] = {}
    for entry in entries:
        section = entry.item.partition(".")[0]
        sections.setdefault(SECTIONS.get(section, section.capitalize()), []).append(entry)
    return list(sections.items())


def rows(entries: Iterable[ChecklistEntry]) -> list[tuple[Verdict, str, str]]:
    """Verdict, title and evidence. Items that nothing was checked for share a row, behind those with an answer."""
    answered: list[tuple[Verdict, str, str]] = []
    silent: dict[tuple[Verdict, str], list[ChecklistEntry]] = {}
    for entry in entries:
        if is_silent(entry):
            silent.setdefault((entry.verdict, entry.evidence), []).append(entry)
        else:
            answered.append((entry.verdict, entry.title, evidence(entry)))
    return answered + [
        (verdict, "; ".join(entry.title for entry in group), said)
        for (verdict, said), group in silent.items()
    ]


def is_silent(entry: ChecklistEntry) -> bool:
    """Whether the item has nothing to tell but its verdict: no rule looked, and no place to look at is known."""
    return entry.verdict in {Verdict.NOT_APPLICABLE, Verdict.MANUAL} and not entry.places


def evidence(entry: ChecklistEntry) -> str:
    """The entry's evidence with the places that a person should look at."""
    if not entry.places:
        return entry.evidence
    named = ", ".join(place(each.path, each.line) for each in entry.places[:PLACES])
    more = len(entry.places) - PLACES
    return f"{entry.evidence}: {named}{f' and {more:,} more' if more > 0 else ''}"


def by_file(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """The findings under their files' paths, in order of path and place."""
    files: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: (finding.path, finding.span, finding.rule)):
        files.setdefault(finding.path, []).append(finding)
    return list(files.items())


def worst_first(findings: Iterable[Finding]) -> Sequence[Finding]:
    """The findings by severity, then by place: what a limit cuts off is the least bad."""
    return sorted(findings, key=lambda finding: (-finding.severity, finding.path, finding.span, finding.rule))
