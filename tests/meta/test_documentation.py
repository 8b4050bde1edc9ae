"""The documentation that is generated is the one that stands in the repository."""

from __future__ import annotations

from checks.docs import ROOT, compare


def test_the_pages_of_the_rules_are_those_that_the_rules_give() -> None:
    assert compare(ROOT / "docs" / "rules") == [], "write them with `python -m checks.docs`"
