"""Small projects given to the engine, as specs and meta-tests need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise

from checks.config import Config
from checks.engine.revisions import diff
from checks.engine.run import Options, review, scan
from checks.engine.tree import DictTree
from checks.fixes.apply import apply_edits
from checks.model import Edit, Finding, Report
from checks.registry import rule_by_id
from checks.rule import Rule

_OPTIONS = Options(strict=True)


def scan_files(files: Mapping[str, str], rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """What the rules report in a project of these files; a crash passes, and a file that can't be read fails."""
    return _findings(scan(DictTree(files), Config(), rules=rules, options=_OPTIONS))


def review_files(
    base: Mapping[str, str], head: Mapping[str, str], rules: Sequence[Rule]
) -> tuple[Finding, ...]:
    """What the rules report of the change from one project to the other, as git sees the change."""
    before, after = DictTree(base), DictTree(head)
    return _findings(review(before, after, diff(before, after), Config(), rules=rules, options=_OPTIONS))


def _findings(report: Report) -> tuple[Finding, ...]:
    assert not report.problems, report.problems
    return report.findings


def rules_of(ids: Iterable[str]) -> list[Rule]:
    """The rules of these ids. Raises LookupError for an id that no rule has."""
    found = []
    for rule_id in sorted(ids):
        rule = rule_by_id(rule_id)
        if rule is None:
            raise LookupError(f"no rule {rule_id}")
        found.append(rule)
    return found


def apply_all(files: Mapping[str, str], edits: Iterable[Edit]) -> dict[str, str]:
    """The files with edits applied, equal ones once. Raises ValueError where two edits overlap."""
    changed = dict(files)
    for path, group in groupby(sorted(set(edits), key=_place), key=lambda edit: edit.path):
        chosen = list(group)
        for above, below in pairwise(chosen):
            if above.end_line >= below.start_line:
                raise ValueError(f"{path}: two edits of line {below.start_line}")
        changed[path] = apply_edits(changed[path], chosen)
    return changed


def _place(edit: Edit) -> tuple[str, int, int]:
    return edit.path, edit.start_line, edit.end_line
