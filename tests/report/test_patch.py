"""A fix as a diff: what it shows, and that git applies it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.model import Edit, Fix
from checks.report.excerpt import Sources
from checks.report.patch import hunks, unified
from tests.report.samples import EVIL, REDIRECT, VIEWS


def apply(edits: list[Edit], text: str) -> str:
    """What the model says that edits mean, done from the last to the first."""
    lines = text.splitlines(keepends=True)
    for edit in sorted(edits, key=lambda edit: edit.start_line, reverse=True):
        lines[edit.start_line - 1 : edit.end_line] = edit.replacement.splitlines(keepends=True)
    return "".join(lines)


def applied_by_git(folder: Path, text: str, patch: str) -> str:
    (folder / "f.py").write_text(text)
    subprocess.run(
        ["git", "apply", "-p1", "-"], input=patch, text=True, cwd=folder, check=True, capture_output=True
    )
    return (folder / "f.py").read_text()


def test_only_the_lines_that_change_are_marked() -> None:
    assert REDIRECT.fix
    assert unified(REDIRECT.fix, {"shop/views.py": VIEWS}, context=1) == (
        "--- a/shop/views.py\n"
        "+++ b/shop/views.py\n"
        "@@ -4,2 +4,3 @@\n"
        " from django.shortcuts import redirect, render\n"
        "+from django.utils.http import url_has_allowed_host_and_scheme\n"
        " \n"
        "@@ -10,2 +11,4 @@\n"
        '     target = request.GET.get("next", "/")\n'
        "+    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):\n"
        '+        target = "/"\n'
        "     return redirect(target)\n"
    )


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Edit("f", 2, 2, ""), "@@ -1,3 +1,2 @@\n a\n-b\n c\n"),
        (Edit("f", 1, 0, "x\n"), "@@ -1,1 +1,2 @@\n+x\n a\n"),
        (Edit("f", 4, 3, "x\n"), "@@ -3,1 +3,2 @@\n c\n+x\n"),
        (Edit("f", 1, 3, ""), "@@ -1,3 +0,0 @@\n-a\n-b\n-c\n"),
    ],
    ids=["deletion", "insertion above", "insertion below", "everything deleted"],
)
def test_edges_of_a_file(edit: Edit, expected: str) -> None:
    diff = unified(Fix("", True, (edit,)), {"f": "a\nb\nc\n"}, context=1)
    assert diff == f"--- a/f\n+++ b/f\n{expected}"


def test_without_the_text_the_new_lines_are_shown() -> None:
    (hunk,) = hunks(Fix("", True, (Edit("f", 7, 8, "new\n"),)), Sources({}))
    assert [(line.mark, line.text) for line in hunk.lines] == [("+", "new")]


def test_overlapping_edits_do_not_garble_the_diff() -> None:
    (hunk,) = hunks(
        Fix("", True, (Edit("f", 1, 2, "x\n"), Edit("f", 2, 2, "y\n"))), Sources({"f": "a\nb\nc\n"})
    )
    assert [line.mark + line.text for line in hunk.lines] == ["-a", "-b", "+x", " c"]


def test_no_control_character_reaches_the_diff() -> None:
    diff = unified(Fix("", True, (Edit(EVIL, 1, 1, EVIL),)), {EVIL: EVIL})
    assert not set(diff) & {"\x1b", "\r", "\x07", "\u202e", "\ud800"}


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A file and edits that leave a line between each other."""
    length = draw(st.integers(1, 30))
    lines = draw(st.lists(st.sampled_from(["a", "b", "  c", ""]), min_size=length, max_size=length))
    edits: list[Edit] = []
    start = draw(st.integers(1, 6))
    while start <= length:
        end = min(start + draw(st.integers(-1, 3)), length)
        new = draw(st.lists(st.sampled_from(["a", "x", "yy", ""]), max_size=3))
        edits.append(Edit("f.py", start, end, "".join(f"{line}\n" for line in new)))
        start = max(end, start) + draw(st.integers(1, 9))
    return "".join(f"{line}\n" for line in lines), edits


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=changes(), context=st.integers(1, 3))
def test_git_applies_what_is_shown(tmp_path: Path, change: tuple[str, list[Edit]], context: int) -> None:
    text, edits = change
    expected = apply(edits, text)
    if expected in {text, ""}:
        return
    patch = unified(Fix("", True, tuple(edits)), {"f.py": text}, context=context)
    assert applied_by_git(tmp_path, text, patch) == expected
