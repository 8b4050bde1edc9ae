"""Rules found by walking `checks/rules/`: a new rule adds a file and edits none."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable
from functools import lru_cache

import checks.rules
from checks.rule import Rule


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Every rule, sorted by id. Modules whose name begins with an underscore hold helpers, not rules."""
    found = []
    for module in pkgutil.walk_packages(checks.rules.__path__, "checks.rules."):
        if module.ispkg or module.name.rpartition(".")[2].startswith("_"):
            continue
        rule = importlib.import_module(module.name).rule
        if not isinstance(rule, Rule):
            raise TypeError(f"{module.name}.rule is no Rule")
        found.append(rule)
    return tuple(sorted(found, key=lambda rule: rule.id))


def rule_by_id(rule_id: str) -> Rule | None:
    """The rule of an id such as `security/debug-enabled`, `None` when there is none."""
    return next((rule for rule in all_rules() if rule.id == rule_id), None)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a mistyped one most likely meant."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return close[0] if close else None
