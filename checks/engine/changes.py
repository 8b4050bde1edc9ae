"""What rules say of a change itself: of each Python file before and after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checks.config import Config
from checks.diff import Diff
from checks.engine.analyse import Judged
from checks.engine.project import Project
from checks.model import Finding, Problem
from checks.rule import Edited, Rule
from checks.semantics.source import File


def judge_changes(
    before: Project, after: Project, diff: Diff, rules: Iterable[Rule], config: Config, *, strict: bool
) -> list[Judged]:
    """The findings of hooks that look at both sides of a file; a rule that crashes is a problem of the file."""
    asking = [(rule, hook.function) for rule in rules for hook in rule.hooks if hook.kind == "change"]
    found: list[Judged] = []
    for edited in _edited(before, after, diff) if asking else ():
        path = edited.after.path
        findings: list[Finding] = []
        problems: list[Problem] = []
        checked: dict[str, int] = {}
        for rule, check in asking:
            if (
                edited.after.role not in rule.roles
                or not config.applies(rule.id, path)
                or config.excludes(path)
            ):
                continue
            checked[rule.checklist] = checked.get(rule.checklist, 0) + 1
            try:
                findings.extend(check(edited, edited.after))
            except Exception as error:
                if strict:
                    raise
                message = f"rule {rule.id} crashed: {type(error).__name__}: {error}"[:300]
                problems.append(Problem(path, "crash", message))
        if findings or problems:
            found.append(Judged(path, findings=tuple(findings), problems=tuple(problems), checked=checked))
    return found


def _edited(before: Project, after: Project, diff: Diff) -> Iterator[Edited]:
    sides = [
        (_python(before, file.old_path), _python(after, file.new_path))
        for file in diff.files
        if (file.new_path or file.old_path or "").endswith(".py")
    ]
    for old, new in sides:
        if old is not None and new is not None and old.text != new.text:
            yield Edited(old, new, sides)


def _python(project: Project, path: str | None) -> File | None:
    return project.file(path) if path is not None and path.endswith(".py") else None


def without_suspicions(findings: Iterable[Finding], rules: Iterable[Rule]) -> tuple[Finding, ...]:
    """The findings but for suspicions of what another rule says of the same scope for sure."""
    suspected = {rule.id: rule.suspects for rule in rules if rule.suspects}
    found = list(findings)
    sure = {(one.rule, one.path, part) for one in found for part in one.parts}
    return tuple(
        one
        for one in found
        if one.rule not in suspected
        or not any((suspected[one.rule], one.path, part) in sure for part in one.parts)
    )
