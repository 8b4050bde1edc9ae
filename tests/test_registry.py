"""Rules found by walking their folder."""

from __future__ import annotations

from pathlib import Path

import pytest

import checks.rules
from checks.registry import all_rules, nearest, rule_by_id

FOLDER = Path(checks.rules.__file__).parent


def test_every_module_is_a_rule_but_helpers() -> None:
    modules = {
        f"{path.parent.name}/{path.stem}".replace("_", "-")
        for path in FOLDER.glob("*/*.py")
        if not path.name.startswith("_")
    }
    assert {rule.id for rule in all_rules()} == modules


def test_rules_are_sorted_by_id() -> None:
    ids = [rule.id for rule in all_rules()]
    assert ids == sorted(ids)


def test_a_rule_is_found_by_its_id() -> None:
    rule = rule_by_id("maintainability/bare-except")
    assert rule is not None
    assert rule.title == "`except:` without a class"


@pytest.mark.parametrize(
    "name", ["bare-except", "maintainability/bare_except", "maintainability/", "", "x/y"]
)
def test_other_names_are_no_rule(name: str) -> None:
    assert rule_by_id(name) is None


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("security/debug-enable", "security/debug-enabled"),
        ("debug-enabled", "security/debug-enabled"),
        ("maintainability/bear-except", "maintainability/bare-except"),
    ],
)
def test_the_nearest_name_is_told(name: str, known: str) -> None:
    assert nearest(name, [rule.id for rule in all_rules()]) == known


def test_a_name_that_is_far_from_all_has_no_nearest() -> None:
    assert nearest("qqqqqqqq", [rule.id for rule in all_rules()]) is None
