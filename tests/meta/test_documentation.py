"""The documentation that is generated is the one that stands in the repository."""

from __future__ import annotations

import pytest

from checks.docs import ROOT, compare
from checks.registry import all_rules
from checks.rule import Rule
from tests.rules.specs import spec_path


def test_the_pages_of_the_rules_are_those_that_the_rules_give() -> None:
    assert compare(ROOT / "docs" / "rules") == [], "write them with `python -m checks.docs`"


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_nothing_is_left_to_be_filled_in(rule: Rule) -> None:
    module = ROOT / f"{rule.module.replace('.', '/')}.py"
    assert [path.name for path in (module, spec_path(rule.id)) if "TODO" in path.read_text()] == []
