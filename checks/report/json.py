"""The JSON report: a contract with programs, held by `schema.json`, and read back without loss."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from checks.model import (
    ChecklistEntry,
    Confidence,
    DeletedLine,
    Edit,
    Exemption,
    Finding,
    Fix,
    Place,
    Problem,
    Report,
    Severity,
    Span,
    Statistics,
    Step,
    Verdict,
)
from checks.report.words import help_url

VERSION = 1


def render(report: Report) -> str:
    """The report as indented JSON, in ASCII: a path may hold bytes that are no UTF-8, and must survive a pipe."""
    return json.dumps(to_dict(report), indent=2) + "\n"


def to_dict(report: Report, *, sources: bool = False) -> dict[str, Any]:
    """The report as JSON values, in the form that `schema.json` describes.

    The text of files and of the findings' nodes is code of the project, and goes along only with `sources`.
    """
    return {
        "version": VERSION,
        "base": report.base,
        "head": report.head,
        "gate": report.gate.label if report.gate else None,
        "findings": [_finding(finding, sources) for finding in report.findings],
        "checklist": [_entry(entry) for entry in report.checklist],
        "problems": [
            {"path": each.path, "line": each.line, "kind": each.kind, "message": each.message}
            for each in report.problems
        ],
        "exemptions": [_exemption(exemption) for exemption in report.exemptions],
        "statistics": _statistics(report.statistics),
        **({"sources": dict(report.sources)} if sources else {}),
    }


def from_dict(data: Mapping[str, Any]) -> Report:
    """The report that `to_dict` wrote. Raises ValueError when `data` is not one, or of another version."""
    if not isinstance(data, Mapping) or data.get("version") != VERSION:
        raise ValueError(f"not a report of version {VERSION}")
    try:
        return Report(
            findings=tuple(_read_finding(each) for each in data["findings"]),
            checklist=tuple(_read_entry(each) for each in data["checklist"]),
            problems=tuple(Problem(**each) for each in data["problems"]),
            exemptions=tuple(
                Exemption(**{**each, "rules": tuple(each["rules"])}) for each in data["exemptions"]
            ),
            statistics=Statistics(**data["statistics"]),
            sources=dict(data.get("sources", {})),
            gate=None if data["gate"] is None else Severity[data["gate"].upper()],
            base=data["base"],
            head=data["head"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a report: {error!r}") from error


def _finding(finding: Finding, sources: bool) -> dict[str, Any]:
    span = finding.span
    cause = finding.caused_by
    return {
        "rule": finding.rule,
        "checklist": finding.checklist,
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "cwe": finding.cwe,
        "path": finding.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "message": finding.message,
        "advice": finding.advice,
        "scope": finding.scope,
        "help_url": help_url(finding),
        "fingerprint": finding.fingerprint,
        "trace": [{"path": step.path, "line": step.line, "message": step.message} for step in finding.trace],
        "fix": _fix(finding.fix) if finding.fix else None,
        "caused_by": {"path": cause.path, "line": cause.line} if cause else None,
        **({"source": finding.source} if sources else {}),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "safe": fix.safe,
        "edits": [
            {
                "path": edit.path,
                "start_line": edit.start_line,
                "end_line": edit.end_line,
                "replacement": edit.replacement,
            }
            for edit in fix.edits
        ],
    }


def _entry(entry: ChecklistEntry) -> dict[str, Any]:
    return {
        "item": entry.item,
        "title": entry.title,
        "verdict": entry.verdict.value,
        "checked": entry.checked,
        "findings": list(entry.findings),
        "evidence": entry.evidence,
        "places": [{"path": place.path, "line": place.line} for place in entry.places],
    }


def _exemption(exemption: Exemption) -> dict[str, Any]:
    return {
        "kind": exemption.kind,
        "path": exemption.path,
        "line": exemption.line,
        "rules": list(exemption.rules),
        "reason": exemption.reason,
    }


def _statistics(numbers: Statistics) -> dict[str, Any]:
    return {
        "files": numbers.files,
        "lines": numbers.lines,
        "seconds": numbers.seconds,
        "suppressed": numbers.suppressed,
        "baselined": numbers.baselined,
        "known": numbers.known,
        "rules": dict(numbers.rules),
    }


def _read_finding(data: Mapping[str, Any]) -> Finding:
    fix, cause = data["fix"], data["caused_by"]
    return Finding(
        rule=data["rule"],
        checklist=data["checklist"],
        severity=Severity[data["severity"].upper()],
        confidence=Confidence[data["confidence"].upper()],
        cwe=data["cwe"],
        path=data["path"],
        span=Span(data["line"], data["column"], data["end_line"], data["end_column"]),
        message=data["message"],
        advice=data["advice"],
        scope=data["scope"],
        source=data.get("source", ""),
        fingerprint=data["fingerprint"],
        trace=tuple(Step(**step) for step in data["trace"]),
        fix=Fix(fix["title"], fix["safe"], tuple(Edit(**edit) for edit in fix["edits"])) if fix else None,
        caused_by=DeletedLine(**cause) if cause else None,
    )


def _read_entry(data: Mapping[str, Any]) -> ChecklistEntry:
    return ChecklistEntry(
        item=data["item"],
        title=data["title"],
        verdict=Verdict(data["verdict"]),
        checked=data["checked"],
        findings=tuple(data["findings"]),
        evidence=data["evidence"],
        places=tuple(Place(**place) for place in data["places"]),
    )
