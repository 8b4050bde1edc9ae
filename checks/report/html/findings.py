"""The findings in the page: a card for each file, with excerpts, traces and fixes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.checklist import ITEMS
from checks.model import Finding
from checks.report import words
from checks.report.excerpt import Sources
from checks.report.html import code
from checks.report.html.parts import esc, link, rich, tag
from checks.report.links import cwe_url


def findings(files: Sequence[tuple[str, list[Finding]]], anchors: Mapping[int, str], sources: Sources) -> str:
    """The cards; `anchors` maps the identity of a finding to its id in the page."""
    if not files:
        return ""
    cards = "".join(_file(path, group, anchors, sources) for path, group in files)
    return tag("section", f"<h2>Findings</h2>{cards}", "findings", id="findings")


def _file(path: str, group: list[Finding], anchors: Mapping[int, str], sources: Sources) -> str:
    count = tag("span", words.amount(len(group), "finding"), "count")
    head = tag("h3", tag("span", esc(path), "path") + count)
    body = "".join(_finding(finding, anchors[id(finding)], sources) for finding in group)
    return tag("div", head + body, "card file")


def _finding(finding: Finding, anchor: str, sources: Sources) -> str:
    parts = [_head(finding), code.excerpt(finding, sources)]
    if cause := words.cause(finding):
        parts.append(tag("p", esc(f"{cause[0].upper()}{cause[1:]}"), "cause"))
    if finding.trace:
        parts.append(f"<h5>How it comes here</h5>{code.trace(finding.trace, sources)}")
    parts.append(_advice(finding, sources))
    parts.append(_foot(finding))
    return tag("article", "".join(parts), f"finding {finding.severity.label}", id=anchor)


def _head(finding: Finding) -> str:
    severity = tag("span", finding.severity.label, f"severity {finding.severity.label}")
    rule = link(words.help_url(finding), esc(finding.rule), "rule")
    place = tag("span", f"line {finding.span.line}", "line")
    return f"<header>{severity}{rule}{place}<h4>{rich(finding.message)}</h4></header>"


def _advice(finding: Finding, sources: Sources) -> str:
    advice = words.advice(finding)
    fix = finding.fix
    if not advice and not (fix and fix.edits):
        return ""
    if fix is None or not fix.edits:
        return tag("p", f"<b>Advice</b> {rich(advice)}", "advice")
    label = "Fix" if fix.safe else "Fix, alters behaviour"
    return tag("p", f"<b>{label}</b> {rich(advice)}", "advice") + code.diff(fix, finding.path, sources)


def _foot(finding: Finding) -> str:
    parts = [esc(ITEMS.get(finding.checklist, finding.checklist)), f"{finding.confidence.label} confidence"]
    if finding.cwe:
        parts.append(link(cwe_url(finding.cwe), f"CWE-{finding.cwe}"))
    if finding.scope:
        parts.append(f"in <code>{esc(finding.scope)}</code>")
    return tag("footer", "".join(tag("span", part) for part in parts))
