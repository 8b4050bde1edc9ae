"""Edits applied to text, and fixes that can be made together."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from checks.fixes.apply import apply_edits, compatible, edits_by_path
from checks.model import Confidence, Edit, Finding, Fix, Severity, Span


def finding(fix: Fix | None) -> Finding:
    return Finding(
        rule="security/toy",
        checklist="security.csrf",
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        cwe=None,
        path="a.py",
        span=Span(1, 1, 1, 2),
        message="It is there",
        fix=fix,
    )


def fix(*places: tuple[int, int], path: str = "a.py", safe: bool = True) -> Fix:
    return Fix("Mend it", safe, tuple(Edit(path, first, last, "x\n") for first, last in places))


def chosen(fixes: Iterable[Fix | None], *, unsafe: bool = False) -> list[Fix]:
    return compatible([finding(one) for one in fixes], unsafe=unsafe)


@pytest.mark.parametrize(
    ("text", "edits", "after"),
    [
        ("a\nb\nc\n", [Edit("", 2, 2, "B\n")], "a\nB\nc\n"),
        ("a\nb\nc\n", [Edit("", 2, 2, "")], "a\nc\n"),
        ("a\nb\nc\n", [Edit("", 2, 1, "x\ny\n")], "a\nx\ny\nb\nc\n"),
        ("a\nb\nc\n", [Edit("", 1, 1, "A\n"), Edit("", 3, 3, "C\nD\n")], "A\nb\nC\nD\n"),
        ("a\nb\nc\n", [Edit("", 3, 3, "C\n"), Edit("", 1, 0, "z\n")], "z\na\nb\nC\n"),
        ("a\nb", [Edit("", 2, 2, "B\n")], "a\nB"),
        ("a\r\nb\r\n", [Edit("", 2, 2, "B\nC\n")], "a\r\nB\r\nC\r\n"),
        ("a\rb\r", [Edit("", 1, 1, "A\n")], "A\rb\r"),
        ("a\x0cb\n\u2028\n", [Edit("", 2, 2, "B\n")], "a\x0cb\nB\n"),
        ("a\n", [], "a\n"),
        ("", [Edit("", 1, 0, "a\n")], "a\n"),
    ],
)
def test_lines_are_replaced_and_line_ends_kept(text: str, edits: list[Edit], after: str) -> None:
    assert apply_edits(text, edits) == after


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (fix((1, 1)), fix((3, 3))),
        (fix((1, 1)), fix((1, 1), path="b.py")),
        (fix((5, 4)), fix((1, 1))),
    ],
)
def test_fixes_that_do_not_touch_are_made_together(first: Fix, second: Fix) -> None:
    assert chosen([first, second]) == [first, second]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (fix((1, 1)), fix((1, 1))),
        (fix((1, 3)), fix((2, 2))),
        (fix((1, 1)), fix((2, 2))),
        (fix((2, 1)), fix((1, 1))),
        (fix((9, 9), (1, 1)), fix((5, 5), (1, 1))),
    ],
)
def test_of_two_that_touch_the_first_is_made(first: Fix, second: Fix) -> None:
    assert chosen([first, second]) == [first]


def test_an_insertion_that_two_fixes_share_is_made_once() -> None:
    first, second = fix((2, 1), (5, 5)), fix((2, 1), (8, 8))
    assert chosen([first, second]) == [first, second]
    assert edits_by_path([first, second]) == {"a.py": [*first.edits, second.edits[1]]}


def test_a_fix_is_made_whole_or_not_at_all() -> None:
    one, other, third = fix((1, 1)), fix((1, 1), (8, 8)), fix((8, 8))
    assert chosen([one, other, third]) == [one, third]


def test_unsafe_fixes_are_made_where_asked_for() -> None:
    safe, unsafe = fix((1, 1)), fix((5, 5), safe=False)
    assert chosen([unsafe, safe]) == [safe]
    assert chosen([unsafe, safe], unsafe=True) == [unsafe, safe]


def test_findings_without_an_edit_are_passed_by() -> None:
    assert chosen([None, Fix("In words", True)]) == []


def test_edits_are_gathered_by_file() -> None:
    one, other = fix((1, 1)), fix((2, 2), path="b.py")
    assert edits_by_path([one, other]) == {"a.py": list(one.edits), "b.py": list(other.edits)}
