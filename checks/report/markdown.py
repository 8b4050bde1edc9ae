"""The report in GitHub's Markdown: a summary for check runs and step summaries, and the body of an inline comment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from urllib.parse import quote

from checks.checklist import ITEMS
from checks.model import Exemption, Finding, Fix, Problem, Report, Severity, Step, Verdict
from checks.report import words
from checks.report.escape import block, code, plain, sentence
from checks.report.links import cwe_url
from checks.report.patch import unified

# What a check run's summary, and a comment, may hold: https://docs.github.com/rest/checks/runs
SUMMARY_LIMIT = 65_535
COMMENT_LIMIT = 60_000  # GitHub takes 65,536; callers add hidden marks
_TRACE_ENDS = 10
_OTHERS = 10

ICONS = {
    Verdict.PASS: "✅",
    Verdict.FAIL: "❌",
    Verdict.ATTENTION: "⚠️",
    Verdict.NOT_APPLICABLE: "➖",
    Verdict.MANUAL: "👀",
}
DOTS = {Severity.CRITICAL: "🟣", Severity.HIGH: "🔴", Severity.MEDIUM: "🟠", Severity.LOW: "🔵"}


@dataclass(slots=True)
class _Table:
    """A table that may be shortened at whole rows; `noun` names what its rows are."""

    heading: str
    columns: tuple[str, ...]
    rows: list[str]
    noun: str
    kept: int = 0
    fixed: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.fixed = [self.heading, "", _row(self.columns), _row("---" for _ in self.columns)]

    @property
    def note(self) -> str:
        left = len(self.rows) - self.kept
        return (
            f"\n…and {words.amount(left, f'more {self.noun}')}, left out because the page is full"
            if left
            else ""
        )

    def lines(self) -> list[str]:
        return [*self.fixed, *self.rows[: self.kept], *([self.note] if self.note else []), ""]

    def size(self) -> int:
        """Bytes without rows, with room for the note."""
        return sum(_size(line) for line in self.fixed) + _size(self.note) + 1


def render(report: Report) -> str:
    """The whole report, at the length of the largest place it goes to: a step's summary of 1 MiB."""
    return summary(report, limit=1_048_576)


def summary(report: Report, limit: int = SUMMARY_LIMIT, *, blob_url: str | None = None) -> str:
    """The checklist, findings, problems and exemptions in at most `limit` bytes of UTF-8.

    Tables are shortened at whole rows, and say by how many; the worst findings come first. With `blob_url`
    (`https://github.com/OWNER/NAME/blob/COMMIT`) places are links.
    """
    head = ["".join(_headline(report)), ""]
    foot = [f"<sub>{plain(words.cost(report))}</sub>"]
    checklist = [
        _section(title, words.rows(entries)) for title, entries in words.by_section(report.checklist)
    ]
    if checklist:
        checklist[0].fixed[:0] = ["### Checklist", ""]
    others = [
        _findings(report, blob_url),
        _problems(report.problems, blob_url),
        _exemptions(report.exemptions, blob_url),
    ]
    tables = [table for table in (*checklist, *others) if table.rows]
    room = limit - sum(_size(line) for line in (*head, *foot)) - sum(table.size() for table in tables)
    if room < 0:
        return head[0]
    _fill(checklist, others, room)
    return "\n".join([*head, *(line for table in tables for line in table.lines()), *foot]) + "\n"


def _fill(first: list[_Table], others: list[_Table], room: int) -> None:
    """Keep rows while there is room for them: those of `first`, then one of each other table in turn."""
    turns = zip_longest(*(table.rows for table in others))
    in_turn = (pair for turn in turns for pair in zip(others, turn, strict=True))
    for table, row in chain(((each, row) for each in first for row in each.rows), in_turn):
        if row is None:
            continue
        room -= _size(row)
        if room < 0:
            return
        table.kept += 1


def comment(
    finding: Finding,
    *,
    suggestion: str | None = None,
    why: str = "",
    sources: Mapping[str, str] | None = None,
    others: Sequence[Finding] = (),
    limit: int = COMMENT_LIMIT,
) -> str:
    """The body of an inline comment, at most `limit` bytes of UTF-8.

    `suggestion` is the text that replaces the commented lines at one click; an empty one deletes them. Without it the
    fix is shown as a diff, from `sources`. `why` is Markdown of our own: why the rule matters. `others` are findings
    of the same cause, whose places are named.
    """
    dot, label = DOTS[finding.severity], finding.severity.label.capitalize()
    needed = [f"{dot} **{label}**: {sentence(finding.message)}"]
    if cause := words.cause(finding):
        needed.append(f"{plain(cause.capitalize().rpartition(' ')[0])} {code(cause.rpartition(' ')[2])}")
    if advice := words.advice(finding):
        needed.append(f"**{sentence(advice)}**" if "`" not in advice else sentence(advice))
    if others:
        needed.append(_others(finding, others))
    optional = [("change", _change(finding.fix, suggestion, sources or {})), ("why", why.strip())]
    optional.append(("trace", _trace(finding.trace)))
    footer = _footer(finding)
    room = limit - _size(footer) - 2 - sum(_size(part) + 1 for part in needed)
    for name, part in optional:
        if part and _size(part) + 1 <= room:
            room -= _size(part) + 1
            needed.append(part)
        elif part and name == "change":
            needed.append("<sub>The change is too long to be shown here.</sub>")
            room -= _size(needed[-1]) + 1
    return "\n\n".join([*needed, footer])


def diff(fix: Fix, sources: Mapping[str, str]) -> str:
    """The fix as a fenced diff; empty when it has no edits."""
    text = unified(fix, sources)
    return block(text, "diff") if text else ""


def _change(fix: Fix | None, suggestion: str | None, sources: Mapping[str, str]) -> str:
    if suggestion is not None and not _has_surrogate(suggestion):
        return block(suggestion, "suggestion")
    if fix is None or not fix.edits:
        return ""
    title = (
        "A change that does this"
        if fix.safe
        else "A change that does this; it alters behaviour, so look twice"
    )
    return _folded(title, diff(fix, sources))


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _trace(trace: tuple[Step, ...]) -> str:
    if not trace:
        return ""
    steps = [
        f"{number}. {code(words.place(step.path, step.line))} {sentence(step.message)}"
        for number, step in enumerate(trace, 1)
    ]
    if len(steps) > 2 * _TRACE_ENDS:
        left = len(steps) - 2 * _TRACE_ENDS
        steps[_TRACE_ENDS:-_TRACE_ENDS] = [f"   …{words.amount(left, 'step')} left out"]
    return _folded(f"How it comes here ({words.amount(len(trace), 'step')})", "\n".join(steps))


def _others(finding: Finding, others: Sequence[Finding]) -> str:
    """Where else the same cause shows, and as what, where that is something else."""
    named = []
    for other in others[:_OTHERS]:
        said = "" if other.message == finding.message else f": {sentence(other.message)}"
        named.append(f"- {code(words.place(other.path, other.span.line))}{said}")
    if (left := len(others) - _OTHERS) > 0:
        named.append(f"- and {words.amount(left, 'more place')}")
    return "\n".join(("The same cause shows in:\n", *named))


def _folded(title: str, body: str) -> str:
    """A part that opens at a click. The blank lines let the body be Markdown."""
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"


def _footer(finding: Finding) -> str:
    parts = [
        _rule_link(finding),
        plain(ITEMS.get(finding.checklist, finding.checklist)),
        f"{finding.confidence.label} confidence",
    ]
    if finding.cwe:
        parts.append(f"[CWE-{finding.cwe}]({cwe_url(finding.cwe)})")
    return f"<sub>{' · '.join(parts)}</sub>"


def _rule_link(finding: Finding, *, table: bool = False) -> str:
    return f"[{code(finding.rule, table=table)}]({quote(words.help_url(finding), safe=':/')})"


def _headline(report: Report) -> Iterator[str]:
    yield "❌ " if report.failed else "⚠️ " if report.findings else "✅ "
    yield f"**{words.headline(report)}**"
    counts = [
        f"{DOTS[severity]} {count:,} {severity.label}"
        for severity, count in words.severity_counts(report.findings)
    ]
    if counts:
        yield f"  {' · '.join(counts)}"


def _section(title: str, rows: Iterable[tuple[Verdict, str, str]]) -> _Table:
    return _Table(
        f"#### {plain(title)}",
        ("", "Item", "Evidence"),
        [
            _row((f"{ICONS[verdict]} {verdict.value}", plain(name), plain(evidence)))
            for verdict, name, evidence in rows
        ],
        "item",
    )


def _findings(report: Report, blob_url: str | None) -> _Table:
    rows = []
    for finding in words.worst_first(report.findings):
        what = sentence(finding.message, table=True)
        if cause := words.cause(finding):
            what += f" ({plain(cause)})"
        severity = f"{DOTS[finding.severity]} {finding.severity.label}"
        where = _place(finding.path, finding.span.line, blob_url)
        rows.append(_row((severity, where, f"{what}<br>{_rule_link(finding, table=True)}")))
    return _Table("### Findings", ("Severity", "Where", "What"), rows, "finding")


def _problems(problems: Iterable[Problem], blob_url: str | None) -> _Table:
    rows = [
        _row((_place(each.path, each.line, blob_url), plain(each.kind), plain(each.message)))
        for each in problems
    ]
    return _Table("### Not checked", ("Where", "Kind", "Why"), rows, "problem")


def _exemptions(exemptions: Iterable[Exemption], blob_url: str | None) -> _Table:
    rows = [
        _row(
            (
                _place(each.path, each.line, blob_url),
                plain(each.kind) + (f" of {plain(', '.join(each.rules))}" if each.rules else ""),
                plain(each.reason or "no reason given"),
            )
        )
        for each in exemptions
    ]
    return _Table("### Exempted", ("Where", "What", "Reason"), rows, "exemption")


def _place(path: str, line: int | None, blob_url: str | None) -> str:
    text = code(words.place(path, line), table=True)
    if blob_url is None:
        return text
    name = quote(path.encode("utf-8", "surrogatepass"), safe="/")
    return f"[{text}]({blob_url}/{name}{f'#L{line}' if line else ''})"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _size(text: str) -> int:
    """Bytes of a line with its end: GitHub counts characters in some places and bytes in others, so the stricter."""
    return len(text.encode()) + 1
