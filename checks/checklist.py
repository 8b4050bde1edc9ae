"""The checklist's items, in order, and how findings and counts become its verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from checks.model import ChecklistEntry, Finding, Place, Severity, Verdict

SECTIONS: Mapping[str, str] = {
    "security": "Security",
    "performance": "Performance and scalability",
    "maintainability": "Maintainability and readability",
    "testing": "Testing",
    "deployment": "Deployment readiness",
}

ITEMS: Mapping[str, str] = {
    "security.settings-from-environment": "Sensitive configuration comes from the environment",
    "security.input-validation": "All user-supplied data is validated",
    "security.parameterized-queries": "Every query is parameterized",
    "security.csrf": "State-changing requests are protected against CSRF",
    "security.xss": "Output is escaped",
    "security.headers": "Security headers and cookie flags are set",
    "security.password-hashing": "Passwords and secrets use strong cryptography",
    "security.debug-off": "Debug mode is off in production",
    "security.access-control": "Endpoints are authenticated, authorized and rate-limited",
    "security.dependencies": "Dependencies are up to date and free of known vulnerabilities",
    "performance.n-plus-one": "Queries are optimized, without N+1",
    "performance.caching": "Caching is used where suitable",
    "performance.background-work": "Long work leaves the request",
    "performance.pagination": "Large results are paginated",
    "performance.indexes": "Database indexes are used effectively",
    "maintainability.pep8": "Code follows PEP 8",
    "maintainability.type-hints": "Functions carry type hints",
    "maintainability.docstrings": "Public code is documented",
    "maintainability.structure": "The project is laid out in modules",
    "maintainability.service-layer": "Business logic stands apart from views",
    "maintainability.dry": "Code does not repeat itself",
    "maintainability.complexity": "Functions are short and simple",
    "maintainability.error-handling": "Errors are handled, logged and friendly",
    "maintainability.correctness": "The language's and the frameworks' traps are avoided",
    "testing.coverage": "Changed code is reached by tests",
    "testing.determinism": "Tests are deterministic and isolated",
    "testing.critical-paths": "Critical paths and edge cases are tested",
    "testing.fixtures": "Tests use fixtures and factories",
    "deployment.container": "The application is containerized",
    "deployment.static-media": "Static and media files are served properly",
    "deployment.app-server": "A production application server runs the application",
    "deployment.logging": "Logging is configured",
    "deployment.migrations": "Schema changes deploy safely",
    "deployment.environment": "Environment and dependencies are kept out of the repository and declared",
    "deployment.pipeline": "A pipeline runs tests and checks",
    "deployment.proxy-and-monitoring": "Proxy, health and error tracking are in place",
    "deployment.database": "The database is configured for production",
}

NEEDS: Mapping[str, str] = {
    "security.dependencies": "known vulnerabilities were not looked up, which takes a source of advisories",
}
"""Items that rules answer in part only, and what is open without the rest: they pass when that was asked as well."""


def judge(
    findings: Sequence[Finding],
    checked: Mapping[str, int],
    covered: Iterable[str],
    gate: Severity | None,
    places: Mapping[str, tuple[Place, ...]] | None = None,
    asked: Collection[str] = (),
) -> tuple[ChecklistEntry, ...]:
    """Answer every item of the checklist.

    `checked` maps an item to the number of places its rules looked at, `covered` holds the items that have an enabled
    rule, and `places` maps an item that a person must judge to the spots to look at. Without a gate nothing fails.
    `asked` holds the items of `NEEDS` for which what the rules can't know was asked as well.
    """
    have_rules = frozenset(covered)
    by_item: dict[str, list[Finding]] = {}
    for finding in findings:
        by_item.setdefault(finding.checklist, []).append(finding)
    return tuple(
        _entry(
            item,
            by_item.get(item, []),
            checked.get(item, 0),
            item in have_rules,
            gate,
            (places or {}).get(item, ()),
            "" if item in asked else NEEDS.get(item, ""),
        )
        for item in ITEMS
    )


def _entry(
    item: str,
    findings: list[Finding],
    checked: int,
    covered: bool,
    gate: Severity | None,
    places: tuple[Place, ...],
    still_open: str,
) -> ChecklistEntry:
    verdict = _verdict(findings, checked, covered, gate)
    passes_in_part = verdict is Verdict.PASS and bool(still_open)
    if passes_in_part:
        verdict = Verdict.MANUAL
    return ChecklistEntry(
        item=item,
        title=ITEMS[item],
        verdict=verdict,
        checked=checked,
        findings=tuple(finding.fingerprint for finding in findings),
        evidence=f"{_count(checked, 'place')} checked, nothing found; {still_open}"
        if passes_in_part
        else _evidence(verdict, findings, checked),
        places=places if verdict is Verdict.MANUAL else (),
    )


def _verdict(findings: list[Finding], checked: int, covered: bool, gate: Severity | None) -> Verdict:
    if findings:
        fails = gate is not None and any(finding.severity >= gate for finding in findings)
        return Verdict.FAIL if fails else Verdict.ATTENTION
    if not covered:
        return Verdict.MANUAL
    return Verdict.PASS if checked else Verdict.NOT_APPLICABLE


def _evidence(verdict: Verdict, findings: list[Finding], checked: int) -> str:
    if findings:
        counts = Counter(finding.rule for finding in findings)
        named = ", ".join(
            f"{rule} ({count})" if count > 1 else rule for rule, count in sorted(counts.items())
        )
        return f"{_count(checked, 'place')} checked: {named}"
    if verdict is Verdict.MANUAL:
        return "No rule answers this yet: a person must look"
    if verdict is Verdict.PASS:
        return f"{_count(checked, 'place')} checked, nothing found"
    return "Nothing here that this item is about"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
