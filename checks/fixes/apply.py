"""Fixes applied to text: those that do not touch each other, in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checks.model import Edit, Finding, Fix


def compatible(findings: Iterable[Finding], *, unsafe: bool) -> list[Fix]:
    """The fixes that can be made together, the first come first: a fix is made whole or not at all."""
    taken: dict[str, list[Edit]] = {}
    chosen: list[Fix] = []
    for finding in findings:
        fix = finding.fix
        if fix is None or not fix.edits or not (fix.safe or unsafe):
            continue
        if all(not _touch(edit, other) for edit in fix.edits for other in taken.get(edit.path, ())):
            chosen.append(fix)
            for edit in fix.edits:
                taken.setdefault(edit.path, []).append(edit)
    return chosen


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with whole lines replaced; its kind of newline and the want of a last one are kept."""
    newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for edit in sorted(edits, key=lambda edit: (edit.start_line, edit.end_line), reverse=True):
        lines[edit.start_line - 1 : edit.end_line] = (
            edit.replacement.split("\n")[:-1] if edit.replacement else []
        )
    return newline.join(lines)


def edits_by_path(fixes: Iterable[Fix]) -> Mapping[str, list[Edit]]:
    """The edits of several fixes, gathered by file; one that several fixes share is there once."""
    gathered: dict[str, list[Edit]] = {}
    for fix in fixes:
        for edit in fix.edits:
            of_file = gathered.setdefault(edit.path, [])
            if edit not in of_file:
                of_file.append(edit)
    return gathered


def _touch(one: Edit, other: Edit) -> bool:
    """Whether two edits share a line or meet at one: an insertion meets the lines on both of its sides.

    The same insertion twice is one: two fixes may both need the same import.
    """
    if one == other and one.end_line < one.start_line:
        return False
    return one.start_line <= other.end_line + 1 and other.start_line <= one.end_line + 1
