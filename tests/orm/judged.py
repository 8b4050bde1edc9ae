"""Pages given to the rules that look for queries that grow, and mended as they suggest."""

from __future__ import annotations

from functools import cache

from checks.model import Finding
from checks.registry import all_rules
from tests.orm.page import Page
from tests.rules.runner import apply_all, rules_of, scan_files

RULES = frozenset(
    {
        "performance/foreign-key-loaded-for-id",
        "performance/n-plus-one",
        "performance/prefetch-defeated",
        "performance/query-in-loop",
        "performance/row-by-row-write",
    }
)
_FOUND: dict[str, tuple[Finding, ...]] = {}


@cache
def present_rules() -> frozenset[str]:
    """Those of the rules that there are."""
    return RULES & {rule.id for rule in all_rules()}


def findings_of(page: Page) -> tuple[Finding, ...]:
    """What the rules report of a page, however sure they are."""
    if str(page) not in _FOUND:
        _FOUND[str(page)] = scan_files(page.files, rules_of(present_rules()))
    return _FOUND[str(page)]


def mended(page: Page) -> dict[str, str] | None:
    """The page's files after every edit that is suggested, safe or not; `None` where none is."""
    fixes = [finding.fix for finding in findings_of(page) if finding.fix is not None]
    edits = [edit for fix in fixes for edit in fix.edits]
    return apply_all(page.files, edits) if edits else None


def places(findings: tuple[Finding, ...]) -> list[str]:
    """Findings as lines of text."""
    return [
        f"{found.path}:{found.span.line} {found.rule} ({found.confidence.label}): {found.message}"
        for found in findings
    ]
