"""Where the documentation is read: the one place that knows its address."""

from __future__ import annotations

DOCS_URL = "https://rubricate.dev"


def rule_url(rule: str) -> str:
    """The documentation page of a rule, by its id (`security/open-redirect`)."""
    return f"{DOCS_URL}/rules/{rule}"


def cwe_url(number: int) -> str:
    """The page of a weakness in MITRE's list."""
    return f"https://cwe.mitre.org/data/definitions/{number}.html"
