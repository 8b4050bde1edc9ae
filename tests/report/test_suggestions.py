"""A suggestion, applied as GitHub applies it, makes the file that the fix makes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.diff import Diff, FileDiff, Hunk
from checks.model import Confidence, Edit, Finding, Fix, Severity, Span
from checks.placement import Placement, place
from checks.report import markdown

_FENCE = re.compile(r"^(`{3,})suggestion\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


def added(text: str) -> Diff:
    """A change that adds the whole file."""
    count = text.count("\n") + (not text.endswith("\n"))
    return Diff((FileDiff(None, "a.py", (Hunk(0, 0, 1, count, "+" * count),)),))


def found(fix: Fix, line: int) -> Finding:
    return Finding(
        rule="test/rule",
        checklist="security.csrf",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        cwe=None,
        path="a.py",
        span=Span(line, 1, line, 2),
        message="a defect",
        fingerprint="f1",
        fix=fix,
    )


def put(text: str, *edits: Edit) -> tuple[Placement, str]:
    """Where the fix is said, and the comment."""
    finding = found(Fix("Do it", True, edits), max(edits[0].start_line, 1))
    (placement,) = place([finding], added(text), {"a.py": text})
    return placement, markdown.comment(finding, suggestion=placement.suggestion)


def accepted(text: str, placement: Placement, comment: str) -> str:
    """The file after a click: the fence's lines in place of those that the comment is on, ended as the file's are.

    Blank lines alone, and nothing at all, delete.
    """
    match = _FENCE.search(comment)
    assert match is not None, comment
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.removesuffix("\n").removesuffix("\r").split(end)
    new = match[2].removesuffix("\n").split("\n") if match[2].strip() else []
    lines[(placement.start_line or placement.line) - 1 : placement.line] = new
    return end.join(lines) + (end if text.endswith("\n") else "")


def fixed(text: str, *edits: Edit) -> str:
    """The file after the fix."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.removesuffix("\n").removesuffix("\r").split(end)
    for edit in sorted(edits, key=lambda edit: edit.start_line, reverse=True):
        new = edit.replacement.split("\n")[:-1]
        lines[edit.start_line - 1 : edit.end_line] = new
    return end.join(lines) + (end if text.endswith("\n") else "")


FIVE = "one\ntwo\nthree\nfour\nfive\n"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("final", [True, False])
@pytest.mark.parametrize(
    "edit",
    [
        Edit("a.py", 2, 2, "TWO\n"),
        Edit("a.py", 2, 4, "TWO\nTHREE\n"),
        Edit("a.py", 2, 2, "TWO\n\nand more\n"),
        Edit("a.py", 2, 1, "between\n"),
        Edit("a.py", 1, 0, "first\n\n"),
        Edit("a.py", 2, 1, "\n"),
        Edit("a.py", 6, 5, "last\n"),
        Edit("a.py", 5, 5, "FIVE\n"),
        Edit("a.py", 3, 3, ""),
        Edit("a.py", 2, 4, ""),
        Edit("a.py", 3, 3, "\n"),
        Edit("a.py", 5, 5, "\n\n"),
        Edit("a.py", 3, 3, "\ttabs\tand trailing  \n"),
        Edit("a.py", 3, 3, "```python\n~~~\n````\n"),
        Edit("a.py", 3, 3, "</details> @mona <!-- & -->\n"),
    ],
    ids=repr,
)
def test_accepting_it_makes_the_fix(edit: Edit, final: bool, ending: str) -> None:
    text = FIVE.replace("\n", ending)
    text = text if final else text.removesuffix(ending)
    placement, comment = put(text, edit)
    assert accepted(text, placement, comment) == fixed(text, edit)


LINES = st.sampled_from(["", "a", "  b", "c = 1", "```", "d`e"])


@given(
    st.lists(LINES, min_size=1, max_size=8),
    st.integers(1, 8),
    st.integers(-1, 3),
    st.lists(LINES, max_size=4),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_is_suggested_is_what_the_fix_makes(
    lines: list[str], start: int, length: int, new: list[str], final: bool
) -> None:
    text = "\n".join([*lines, "end"]) + ("\n" if final else "")
    start = min(start, len(lines) + 1)
    edit = Edit("a.py", start, min(start + length, len(lines) + 1), "".join(f"{line}\n" for line in new))
    if edit.end_line < start:
        edit = Edit("a.py", start, start - 1, edit.replacement)
    placement, comment = put(text, edit)
    if placement.suggestion is not None:
        assert accepted(text, placement, comment) == fixed(text, edit)
        assert fixed(text, edit) != text
