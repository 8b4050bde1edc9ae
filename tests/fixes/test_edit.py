"""Replacements of stretches of text, as edits of whole lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fixes.apply import apply_edits
from checks.fixes.edit import delete_lines, insert_line, replace
from checks.model import Edit, Span
from checks.semantics.source import Text

TEXT = "one\ntwo three\nfour\n"


@pytest.mark.parametrize(
    ("span", "text", "edit"),
    [
        (Span(2, 5, 2, 10), "3", Edit("a.py", 2, 2, "two 3\n")),
        (Span(2, 1, 2, 10), "", Edit("a.py", 2, 2, "\n")),
        (Span(1, 1, 1, 1), "zero ", Edit("a.py", 1, 1, "zero one\n")),
        (Span(1, 4, 2, 4), "", Edit("a.py", 1, 2, "one three\n")),
        (Span(1, 4, 1, 4), "\nmore", Edit("a.py", 1, 1, "one\nmore\n")),
        (Span(1, 1, 3, 5), "one\ntwo 3\nfour", Edit("a.py", 2, 2, "two 3\n")),
        (Span(1, 1, 3, 5), "one\n", Edit("a.py", 2, 3, "\n")),
    ],
)
def test_a_stretch_becomes_the_lines_that_differ(span: Span, text: str, edit: Edit) -> None:
    assert replace(Text("a.py", TEXT), span, text) == edit


def test_whole_lines_are_inserted_and_deleted() -> None:
    file = Text("a.py", TEXT)
    assert apply_edits(TEXT, [insert_line(file, 2, "new")]) == "one\nnew\ntwo three\nfour\n"
    assert apply_edits(TEXT, [insert_line(file, 1, "new\nnewer\n")]) == "new\nnewer\n" + TEXT
    assert apply_edits(TEXT, [delete_lines(file, 1, 2)]) == "four\n"


_LINES = st.lists(st.text("ab é😀\t", max_size=4), min_size=1, max_size=5)


@given(_LINES, st.data(), st.text("ab\n", max_size=6), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_replacement_gives_what_cutting_the_text_would(
    lines: list[str], data: st.DataObject, new: str, newline: str
) -> None:
    places = [(row, column) for row, line in enumerate(lines) for column in range(len(line) + 1)]
    start, end = sorted((data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))))
    text = newline.join(lines)
    edit = replace(Text("a.py", text), Span(start[0] + 1, start[1] + 1, end[0] + 1, end[1] + 1), new)
    before = [*lines[: start[0]], lines[start[0]][: start[1]]]
    after = [lines[end[0]][end[1] :], *lines[end[0] + 1 :]]
    expected = "\n".join(before) + new + "\n".join(after)
    found = apply_edits(text, [edit])
    assert found.replace("\r\n", "\n").replace("\r", "\n") == expected
