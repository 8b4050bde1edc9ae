"""Code in the page: excerpts with the marked stretch, the hops of a trace, and diffs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from keyword import kwlist

from checks.model import Finding, Fix, Step
from checks.report import words
from checks.report.characters import shown
from checks.report.excerpt import ExcerptLine, Sources
from checks.report.html.parts import esc, rich, tag
from checks.report.patch import Hunk, hunks

_WIDTH = 240
_DIFF_LINES = 120  # lines of a fix that are shown
_TRACE_ENDS = 15

# A line at a time, so a text over several lines is coloured as code: good enough to read by, and linear in the line.
_PYTHON = re.compile(
    r"(?P<c>#.*)"
    r"|(?P<s>(?<!\w)[rbfutRBFUT]{0,2}(?:\"{3}.*?(?:\"{3}|$)|'{3}.*?(?:'{3}|$)|\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?))"
    r"|(?P<d>@[\w.]+)"
    rf"|(?P<k>\b(?:{'|'.join(kwlist)})\b)"
    r"|(?P<n>\b\d[\w.]*)"
    r"|(?P<f>\b\w+(?=\())"
)
_QUOTED = re.compile(r"(?P<s>\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?)")


def excerpt(finding: Finding, sources: Sources) -> str:
    """The finding's lines with two around; nothing when the text is not known."""
    lines = sources.excerpt(finding.path, finding.span, context=2, width=_WIDTH)
    rows, before = [], 0
    for line in lines:
        if before and line.number > before + 1:
            rows.append(_row("⋯", "", "gap"))
        before = line.number
        hit = (
            "hit" if finding.span.line <= line.number <= max(finding.span.end_line, finding.span.line) else ""
        )
        rows.append(_row(str(line.number), _line(finding.path, line), hit))
    return _block(rows)


def trace(steps: tuple[Step, ...], sources: Sources) -> str:
    """The hops as an ordered list, each with its place, its message and its line of code."""
    if not steps:
        return ""
    items = [_hop(step, sources) for step in steps[: 2 * _TRACE_ENDS]]
    if len(steps) > 2 * _TRACE_ENDS:
        left = words.amount(len(steps) - 2 * _TRACE_ENDS, "hop")
        last = [_hop(step, sources) for step in steps[-_TRACE_ENDS:]]
        items = [*items[:_TRACE_ENDS], tag("li", f"…{left} left out", "gap"), *last]
    return tag("ol", "".join(items), "trace")


def diff(fix: Fix, own_path: str, sources: Sources) -> str:
    """The fix as a diff. A hunk of another file than the finding's names it."""
    rows: list[str] = []
    path = own_path
    for hunk in hunks(fix, sources):
        if rows or hunk.path != path:
            name = hunk.path if hunk.path != path else ""
            rows.append(_row("⋯", esc(name), "gap"))
        path = hunk.path
        rows.extend(_diff_rows(hunk))
        if len(rows) > _DIFF_LINES:
            break
    if len(rows) > _DIFF_LINES:
        rows = [*rows[:_DIFF_LINES], _row("⋯", "the rest is left out", "gap")]
    return _block(rows, "diff")


def _hop(step: Step, sources: Sources) -> str:
    line = sources.line(step.path, step.line)
    code = tag("code", _line(step.path, line), "hop") if line else ""
    place = tag("span", esc(words.place(step.path, step.line)), "place")
    return tag("li", f"{tag('p', f'<span>{rich(step.message)}</span> {place}')}{code}")


def _diff_rows(hunk: Hunk) -> Iterator[str]:
    """The lines with the numbers that they will have, and the deleted ones with those that they had."""
    new = hunk.new
    for line in hunk.lines:
        number = line.number if line.mark == "-" else new
        new += line.mark != "-"
        text = line.text if len(line.text) <= _WIDTH else line.text[: _WIDTH - 1] + "…"
        content = f'<span class="sign">{line.mark}</span>{_line(hunk.path, ExcerptLine(number, text))}'
        yield _row(str(number), content, {"+": "add", "-": "del"}.get(line.mark, ""))


def _row(number: str, content: str, css: str = "") -> str:
    return (
        f'<div class="row {css}"><span class="no">{number}</span><span class="text">{content}\n</span></div>'
    )


def _block(rows: list[str], css: str = "") -> str:
    # tabindex: a part that scrolls must be reachable by keyboard, https://dequeuniversity.com/rules/axe/4.10/scrollable-region-focusable
    return (
        f'<div class="code {css}" tabindex="0"><div class="lines">{"".join(rows)}</div></div>' if rows else ""
    )


def _line(path: str, line: ExcerptLine) -> str:
    """The line's characters in runs of one colour, the marked ones in `<mark>`."""
    text = line.before + line.marked + line.after
    start, end = len(line.before), len(line.before) + len(line.marked)
    colours = _colours(path, text)
    places = [range(start), range(start, end), range(end, len(text))]
    before, marked, after = ("".join(_runs(text, colours, place)) for place in places)
    return f"{before}<mark>{marked}</mark>{after}" if marked else before + after


def _runs(text: str, colours: list[str], place: range) -> Iterator[str]:
    for colour, run in groupby(place, key=lambda index: colours[index]):
        written = escape(shown("".join(text[index] for index in run)))
        yield f'<span class="{colour}">{written}</span>' if colour else written


def _colours(path: str, text: str) -> list[str]:
    """For each character the class of its token, empty for none."""
    colours = [""] * len(text)
    pattern = _PYTHON if path.endswith((".py", ".pyi")) else _QUOTED
    for match in pattern.finditer(text):
        colours[match.start() : match.end()] = [match.lastgroup or ""] * (match.end() - match.start())
    return colours
