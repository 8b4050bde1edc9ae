"""Small projects given to the engine, as specs and meta-tests need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from checks.config import Config
from checks.engine.revisions import diff
from checks.engine.run import Options, review, scan
from checks.engine.tree import DictTree
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


def apply_edits(files: Mapping[str, str], edits: Iterable[Edit]) -> dict[str, str]:
    """The files with edits applied, equal ones once. Raises ValueError where two edits overlap."""
    changed, chosen = dict(files), set(edits)
    for path in {edit.path for edit in chosen}:
        lines = changed[path].split("\n")
        below = len(lines) + 1
        for edit in sorted((edit for edit in chosen if edit.path == path), key=_place, reverse=True):
            if edit.end_line >= below:
                raise ValueError(f"{path}: two edits of line {edit.end_line}")
            replacement = edit.replacement.split("\n")[:-1]
            lines[edit.start_line - 1 : edit.end_line] = replacement
            below = edit.start_line
        changed[path] = "\n".join(lines)
    return changed


def _place(edit: Edit) -> tuple[int, int, str]:
    return edit.start_line, edit.end_line, edit.replacement
