"""The report as SARIF 2.1.0, within the limits of GitHub's code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from checks import __version__
from checks.model import Confidence, Edit, Finding, Fix, Problem, Report, Severity, Span, Step
from checks.report import words
from checks.report.characters import cut, visible
from checks.report.links import DOCS_URL, rule_url

SCHEMA_URL = "https://json.schemastore.org/sarif-2.1.0.json"
MAX_RESULTS = 25_000
MAX_STEPS = 10_000  # locations in the thread flows of a result
MAX_TAGS = 20
MAX_BYTES = 10_000_000  # compressed by gzip
_MAX_TEXT = 1_000

_LEVEL = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}
_PROBLEM_SEVERITY = {"error": "error", "warning": "warning", "note": "recommendation"}
# GitHub's bands: above 9.0 critical, from 7.0 high, from 4.0 medium, else low.
_SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
}


def render(report: Report, *, rules: Mapping[str, str] | None = None, category: str | None = None) -> str:
    """The report as SARIF text.

    `rules` maps a rule's id to its documentation in Markdown; `category` tells several uploads for one commit apart.
    Findings beyond GitHub's limits are left out, the least severe first, and a notification says how many.
    """
    findings = words.worst_first(report.findings)[:MAX_RESULTS]
    while True:
        text = json.dumps(_log(report, findings, rules or {}, category), indent=2) + "\n"
        size = _compressed(text)
        if size <= MAX_BYTES or not findings:
            return text
        findings = findings[: int(len(findings) * min(MAX_BYTES / size, 0.99) * 0.97)]


def _compressed(text: str) -> int:
    """The size under gzip; what is small enough as it is need not be tried."""
    return len(text) if len(text) < MAX_BYTES * 0.9 else len(gzip.compress(text.encode(), 6, mtime=0))


def _log(
    report: Report, findings: Sequence[Finding], rules: Mapping[str, str], category: str | None
) -> dict[str, Any]:
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    index = {rule: number for number, rule in enumerate(by_rule)}
    run = {
        "tool": {
            "driver": {
                "name": "Rubricate",
                "informationUri": DOCS_URL,
                "semanticVersion": __version__,
                "rules": [_rule(rule, group, rules.get(rule)) for rule, group in by_rule.items()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(report, len(report.findings) - len(findings))],
        "results": [_result(finding, index[finding.rule]) for finding in findings],
        **({"automationDetails": {"id": f"{category}/"}} if category else {}),
    }
    return {"$schema": SCHEMA_URL, "version": "2.1.0", "runs": [run]}


def _rule(rule: str, findings: Sequence[Finding], docs: str | None) -> dict[str, Any]:
    severity = max(finding.severity for finding in findings)
    first = findings[0]
    section, _, name = rule.partition("/")
    title = name.replace("-", " ").capitalize() or rule
    summary = docs.strip().partition("\n")[0] if docs and docs.strip() else title
    help_text = f"{title}. {words.advice(first)}".strip()
    tags = [section, first.checklist, *([f"external/cwe/cwe-{first.cwe:03d}"] if first.cwe else [])]
    level = _LEVEL[severity]
    return {
        "id": rule,
        "name": title,
        "shortDescription": {"text": _plain(title)},
        "fullDescription": {"text": _plain(summary)},
        "help": {
            "text": _plain(help_text),
            "markdown": docs.strip() if docs and docs.strip() else f"[{title}]({rule_url(rule)})",
        },
        "helpUri": rule_url(rule),
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": tags[:MAX_TAGS],
            "precision": max((finding.confidence for finding in findings), default=Confidence.LOW).label,
            "problem.severity": _PROBLEM_SEVERITY[level],
            # With it GitHub lists the alerts of the rule as security alerts, so other sections go without.
            **({"security-severity": _SECURITY_SEVERITY[severity]} if section == "security" else {}),
        },
    }


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    cause = words.cause(finding)
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVEL[finding.severity],
        "message": {"text": _plain(f"{finding.message} ({cause})" if cause else finding.message)},
        "locations": [{"physicalLocation": _location(finding.path, _region(finding.span))}],
        "partialFingerprints": {"rubricate/v1": finding.fingerprint},
        "properties": {
            "severity": finding.severity.label,
            "confidence": finding.confidence.label,
            "checklist": finding.checklist,
        },
    }
    if finding.trace:
        flow = {"locations": [_step(step) for step in _within(finding.trace)]}
        result["codeFlows"] = [{"threadFlows": [flow]}]
    if finding.fix and finding.fix.edits:
        result["fixes"] = [_fix(finding.fix)]
    return result


def _within(trace: tuple[Step, ...]) -> tuple[Step, ...]:
    """Both ends of a trace that is too long: where the value comes from and where it does harm."""
    return trace if len(trace) <= MAX_STEPS else trace[: MAX_STEPS // 2] + trace[-MAX_STEPS // 2 :]


def _step(step: Step) -> dict[str, Any]:
    location = _location(step.path, {"startLine": max(step.line, 1)})
    return {"location": {"physicalLocation": location, "message": {"text": _plain(step.message)}}}


def _fix(fix: Fix) -> dict[str, Any]:
    by_path: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.path, []).append(edit)
    return {
        "description": {"text": _plain(fix.title if fix.safe else f"{fix.title} (changes behaviour)")},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": [_replacement(edit) for edit in edits]}
            for path, edits in by_path.items()
        ],
    }


def _replacement(edit: Edit) -> dict[str, Any]:
    """Lines without the last line's end, so that a file's last line may lack one; deleted lines go with their ends."""
    start, end, text = edit.start_line, edit.end_line, edit.replacement
    if end < start:
        region = {"startLine": start, "startColumn": 1, "endLine": start, "endColumn": 1}
    elif text:
        region = {"startLine": start, "endLine": end}
        text = text.removesuffix("\n")
    else:
        region = {"startLine": start, "startColumn": 1, "endLine": end + 1, "endColumn": 1}
    return {"deletedRegion": region, "insertedContent": {"text": _encodable(text)}}


def _region(span: Span) -> dict[str, int]:
    start, end = max(span.line, 1), max(span.end_line, span.line, 1)
    least = span.column if start == end else 1
    return {
        "startLine": start,
        "startColumn": max(span.column, 1),
        "endLine": end,
        "endColumn": max(span.end_column, least, 1),
    }


def _location(path: str, region: dict[str, int]) -> dict[str, Any]:
    return {"artifactLocation": _artifact(path), "region": region}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": _uri(path), "uriBaseId": "%SRCROOT%"}


def _uri(path: str) -> str:
    """A relative reference (RFC 3986) of the path's bytes; git's paths need not be UTF-8."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"), safe="/")
    except UnicodeEncodeError:
        return quote(path.encode("utf-8", "surrogatepass"), safe="/")


def _invocation(report: Report, left_out: int) -> dict[str, Any]:
    notes = [_notification(problem) for problem in report.problems]
    if left_out:
        text = f"{words.amount(left_out, 'finding')} left out, the least severe: code scanning takes no more"
        notes.append({"level": "warning", "descriptor": {"id": "limit"}, "message": {"text": text}})
    notes += [
        {
            "level": "note",
            "descriptor": {"id": "exemption"},
            "message": {"text": _plain(words.exemption_line(each))},
        }
        for each in report.exemptions
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}


def _notification(problem: Problem) -> dict[str, Any]:
    location = _artifact(problem.path)
    region = {"region": {"startLine": problem.line}} if problem.line else {}
    return {
        "level": "error" if problem.kind == "crash" else "warning",
        "descriptor": {"id": visible(problem.kind)},
        "message": {"text": _plain(problem.message)},
        "locations": [{"physicalLocation": {"artifactLocation": location, **region}}],
    }


def _plain(text: str) -> str:
    """Text that holds no link: brackets before a parenthesis are escaped (SARIF 2.1.0, 3.11.6), and no control."""
    return re.sub(r"[\[\]]", r"\\\g<0>", _short(text)) if "](" in text else _short(text)


def _short(text: str) -> str:
    return cut(visible(text), _MAX_TEXT)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
