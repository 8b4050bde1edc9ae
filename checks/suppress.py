"""Suppression comments: `# rubricate: ignore[section/name] reason`, and `ignore-file[...]` at the top of a file.

A comment behind code excuses what begins in that statement; one on a line of its own excuses the next statement. Rules
are named by id, or all of a section by `section/*`. Ids and a reason are required.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from checks.comments import Comment, comments_of
from checks.errors import did_you_mean, quoted
from checks.fingerprint import normalise
from checks.model import Finding, Problem

_MARK = re.compile(r"(?:^|#)\s*rubricate:\s*(.*)", re.DOTALL)
_FORM = re.compile(r"(ignore-file|ignore)\s*(?:\[([^\]]*)\])?\s*(.*)", re.DOTALL)
_LATER_COMMENT = re.compile(r"\s#\s.*", re.DOTALL)
_EXAMPLE = "`rubricate: ignore[section/name] reason`"


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment that excuses findings.

    It covers what begins on the lines `first` to `last`, or the whole file when both are 0. `code` is the normalised
    text of what it covers: the same comment over other code is another suppression.
    """

    path: str
    line: int
    rules: tuple[str, ...]
    reason: str
    first: int
    last: int
    code: str = ""

    @property
    def whole_file(self) -> bool:
        """Whether it covers all of its file."""
        return self.first == 0

    def covers(self, finding: Finding) -> bool:
        """Whether a finding stands where this comment excuses it, for whatever rule."""
        if finding.path != self.path:
            return False
        if self.whole_file or self.first <= finding.span.line <= self.last:
            return True
        # Of markup and settings files no statements are known: there any line of what was found will do.
        return (
            not self.path.endswith((".py", ".pyi"))
            and finding.span.line <= self.last <= finding.span.end_line
        )


def suppressions(path: str, text: str) -> tuple[tuple[Suppression, ...], tuple[Problem, ...]]:
    """The suppressions in a file's real comments, and a problem for each that is malformed."""
    if "rubricate:" not in text:
        return (), ()
    found: list[Suppression] = []
    problems: list[Problem] = []
    lines = re.split(r"\r\n|\r|\n", text)
    for comment in comments_of(path, text):
        mark = _MARK.search(comment.text)
        if mark is None:
            continue
        read = _read(path, comment, mark[1], lines)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            found.append(read)
    return tuple(found), tuple(problems)


def apply(
    findings: Sequence[Finding],
    comments: Iterable[Suppression],
    known_rules: Collection[str],
    active_rules: Collection[str] | None = None,
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], tuple[Problem, ...]]:
    """The findings that no comment excuses, those that one does, and the comments' own problems.

    A problem is an id that no rule has, or one that excuses nothing. Whether it does is only asked of `active_rules`,
    the rules that ran; all of them when not given.
    """
    active = known_rules if active_rules is None else active_rules
    by_path: dict[str, list[Suppression]] = {}
    for comment in comments:
        by_path.setdefault(comment.path, []).append(comment)
    kept: list[Finding] = []
    suppressed: list[Finding] = []
    used: set[tuple[Suppression, str]] = set()
    for finding in findings:
        excuses = [
            (comment, rule)
            for comment in by_path.get(finding.path, ())
            for rule in comment.rules
            if _names(rule, finding.rule) and comment.covers(finding)
        ]
        used.update(excuses)
        (suppressed if excuses else kept).append(finding)
    problems = [
        problem
        for of_file in by_path.values()
        for comment in of_file
        for rule in comment.rules
        if (problem := _judge(comment, rule, (comment, rule) in used, known_rules, active))
    ]
    return tuple(kept), tuple(suppressed), tuple(problems)


def _read(path: str, comment: Comment, words: str, lines: Sequence[str]) -> Suppression | Problem:
    def malformed(message: str) -> Problem:
        return Problem(path, "suppression", message, comment.line)

    form = _FORM.match(words)
    if form is None:
        return malformed(f"{quoted('rubricate: ' + words)} is not understood: write {_EXAMPLE}")
    verb, ids, reason = form.groups()
    rules = tuple(dict.fromkeys(rule.strip() for rule in (ids or "").split(",") if rule.strip()))
    reason = " ".join(_LATER_COMMENT.sub("", reason).split())
    if not rules:
        return malformed(f"the suppression names no rule: write {_EXAMPLE}")
    if not any(character.isalnum() for character in reason):
        return malformed(f"the suppression of {quoted(', '.join(rules))} gives no reason: write {_EXAMPLE}")
    if verb == "ignore-file":
        if not comment.at_top:
            return malformed("`ignore-file` must stand at the top of the file, before its code")
        return Suppression(path, comment.line, rules, reason, 0, 0)
    covered = "\n".join(lines[comment.first - 1 : comment.last])
    return Suppression(path, comment.line, rules, reason, comment.first, comment.last, normalise(covered))


def _judge(
    comment: Suppression, rule: str, used: bool, known: Collection[str], active: Collection[str]
) -> Problem | None:
    """What is wrong with one id of a comment, if anything."""
    named = [one for one in known if _names(rule, one)]
    if not named:
        message = f"no rule is named {quoted(rule)}{did_you_mean(rule, known)}"
    elif used or not any(one in active for one in named):
        return None
    else:
        message = f"the suppression of {quoted(rule)} excuses nothing: remove it"
    return Problem(comment.path, "suppression", message, comment.line)


def _names(pattern: str, rule: str) -> bool:
    return pattern == rule or (pattern.endswith("/*") and rule.startswith(pattern[:-1]))
