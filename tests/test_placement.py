"""Where a finding is said, and what is offered there."""

from __future__ import annotations

import difflib
import json

import pytest

from checks.diff import Diff, parse_diff
from checks.model import Confidence, DeletedLine, Edit, Finding, Fix, Severity, Span
from checks.placement import Placement, place

OLD = [f"line {number}" for number in range(1, 41)]


def diff(old: list[str], new: list[str], path: str = "a.py", old_path: str | None = None) -> Diff:
    """What git would say of a file that changed."""
    before = old_path or path
    text = [f"diff --git a/{before} b/{path}"]
    if before != path:
        text += [f"rename from {before}", f"rename to {path}"]
    text += difflib.unified_diff(old, new, f"a/{before}", f"b/{path}", lineterm="")
    return parse_diff("\n".join([*text, ""]).encode())


def finding(
    line: int, *, end: int | None = None, path: str = "a.py", fix: Fix | None = None, **more: object
) -> Finding:
    return Finding(
        rule="test/rule",
        checklist="security.csrf",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        cwe=None,
        path=path,
        span=Span(line, 1, end or line, 5),
        message="a defect",
        fingerprint="f1",
        fix=fix,
        **more,  # type: ignore[arg-type]
    )


def replaced(start: int, end: int, text: str, *, safe: bool = True, path: str = "a.py") -> Fix:
    return Fix("Do it", safe, (Edit(path, start, end, text),))


def put(found: Finding, change: Diff, new: list[str] | str) -> Placement:
    text = new if isinstance(new, str) else "\n".join(new) + "\n"
    (placement,) = place([found], change, {"a.py": text})
    return placement


NEW = [*OLD[:19], "line twenty", "line twenty and a half", *OLD[20:]]  # the diff shows lines 17 to 24
CHANGE = diff(OLD, NEW)


# Where


def test_on_its_line_when_the_diff_shows_it() -> None:
    assert put(finding(20), CHANGE, NEW) == Placement("f1", "a.py", "line", 20)
    assert put(finding(24), CHANGE, NEW).kind == "line"


def test_about_the_file_when_the_diff_does_not_show_its_line() -> None:
    assert put(finding(25), CHANGE, NEW) == Placement("f1", "a.py", "file", 25)


def test_on_the_first_added_line_of_a_span_that_begins_above_the_hunk() -> None:
    assert put(finding(2, end=30), CHANGE, NEW).line == 20


def test_an_annotation_when_the_change_does_not_touch_the_file() -> None:
    assert put(finding(3, path="other.py"), CHANGE, NEW) == Placement("f1", "other.py", "annotation", 3)


def test_on_the_deleted_line_that_caused_it() -> None:
    new = OLD[:19] + OLD[20:]
    found = finding(5, caused_by=DeletedLine("a.py", 20), fix=replaced(19, 19, "line 19\nline 20\n"))
    assert put(found, diff(OLD, new), new) == Placement("f1", "a.py", "deleted", 20, side="LEFT")


def test_a_deleted_line_of_a_renamed_file_is_known_by_the_new_path() -> None:
    new = OLD[:19] + OLD[20:]
    found = finding(5, path="other.py", caused_by=DeletedLine("old.py", 20))
    assert put(found, diff(OLD, new, "a.py", "old.py"), new) == Placement(
        "f1", "a.py", "deleted", 20, side="LEFT"
    )


def test_a_deleted_line_of_a_deleted_file_is_known_by_its_path() -> None:
    gone = parse_diff(
        b"diff --git a/a.py b/a.py\ndeleted file mode 100644\n--- a/a.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    )
    found = finding(5, path="other.py", caused_by=DeletedLine("a.py", 1))
    assert put(found, gone, NEW) == Placement("f1", "a.py", "deleted", 1, side="LEFT")


def test_a_cause_that_the_diff_does_not_show_falls_back_to_the_finding() -> None:
    assert put(finding(20, caused_by=DeletedLine("a.py", 2)), CHANGE, NEW).kind == "line"


def test_a_file_that_was_only_renamed_has_no_lines_to_stand_on() -> None:
    assert put(finding(3), diff(OLD, OLD, "a.py", "old.py"), OLD).kind == "file"


def test_a_path_that_is_no_text_can_only_be_an_annotation() -> None:
    odd = "caf\udce9.py"
    change = parse_diff(
        b'diff --git "a/caf\\351.py" "b/caf\\351.py"\n--- "a/caf\\351.py"\n+++ "b/caf\\351.py"\n@@ -1 +1 @@\n-x\n+y\n'
    )
    assert change.by_new(odd) is not None
    (placement,) = place([finding(1, path=odd)], change, {})
    assert placement.kind == "annotation"


def test_a_lone_carriage_return_makes_line_numbers_doubtful() -> None:
    assert put(finding(20), CHANGE, "\n".join(NEW).replace("line 3\n", "line\r3\n")).kind == "file"


# Suggestions


def test_a_safe_fix_of_one_line_is_suggested_on_it() -> None:
    assert put(finding(20, fix=replaced(20, 20, "LINE TWENTY\n")), CHANGE, NEW) == Placement(
        "f1", "a.py", "line", 20, suggestion="LINE TWENTY\n"
    )


def test_a_fix_of_several_lines_covers_exactly_those() -> None:
    placement = put(finding(20, fix=replaced(19, 22, "one\ntwo\n")), CHANGE, NEW)
    assert (placement.start_line, placement.line, placement.suggestion) == (19, 22, "one\ntwo\n")


def test_edits_near_each_other_keep_what_stands_between() -> None:
    fix = Fix("Do it", True, (Edit("a.py", 22, 22, "LINE 21\n"), Edit("a.py", 20, 20, "LINE TWENTY\n")))
    placement = put(finding(20, fix=fix), CHANGE, NEW)
    assert (placement.start_line, placement.line) == (20, 22)
    assert placement.suggestion == "LINE TWENTY\nline twenty and a half\nLINE 21\n"


def test_an_insertion_takes_the_line_after_it_along() -> None:
    placement = put(finding(20, fix=replaced(20, 19, "above\n")), CHANGE, NEW)
    assert (placement.line, placement.suggestion) == (20, "above\nline twenty\n")


def test_an_insertion_at_the_end_takes_the_line_before_it_along() -> None:
    new = [*OLD, "last"]
    placement = put(finding(41, fix=replaced(42, 41, "after\n")), diff(OLD, new), new)
    assert (placement.line, placement.suggestion) == (41, "last\nafter\n")


def test_an_insertion_below_the_hunk_takes_its_last_line_along() -> None:
    placement = put(finding(24, fix=replaced(25, 24, "after\n")), CHANGE, NEW)
    assert (placement.line, placement.suggestion) == (24, "line 23\nafter\n")


def test_a_replaced_line_with_an_insertion_behind_it() -> None:
    fix = Fix("Do it", True, (Edit("a.py", 20, 20, "LINE\n"), Edit("a.py", 21, 20, "more\n")))
    assert put(finding(20, fix=fix), CHANGE, NEW).suggestion == "LINE\nmore\n"


def test_a_deletion_is_an_empty_suggestion() -> None:
    assert put(finding(20, fix=replaced(20, 20, "")), CHANGE, NEW).suggestion == ""


def test_blank_lines_alone_take_a_neighbour_along_since_they_would_read_as_a_deletion() -> None:
    placement = put(finding(20, fix=replaced(20, 20, "\n")), CHANGE, NEW)
    assert (placement.start_line, placement.line) == (20, 21)
    assert placement.suggestion == "\nline twenty and a half\n"
    last = put(finding(24, fix=replaced(24, 24, "\n\n")), CHANGE, NEW)
    assert (last.start_line, last.line, last.suggestion) == (23, 24, "line 22\n\n\n")


def test_blank_lines_without_a_neighbour_are_not_suggested() -> None:
    alone = parse_diff(b"diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -0,0 +1 @@\n+x\n")
    assert put(finding(1, fix=replaced(1, 1, "\n")), alone, "x\n").suggestion is None


def test_control_characters_are_not_suggested() -> None:
    assert put(finding(20, fix=replaced(20, 20, "a\x0cb\n")), CHANGE, NEW).suggestion is None
    assert put(finding(20, fix=replaced(20, 20, "a\tb\n")), CHANGE, NEW).suggestion == "a\tb\n"


def test_a_blank_line_may_be_inserted_and_removed() -> None:
    assert put(finding(20, fix=replaced(20, 19, "\n")), CHANGE, NEW).suggestion == "\nline twenty\n"
    new = [*NEW[:20], "", *NEW[21:]]
    assert (
        put(finding(20, fix=replaced(20, 21, "line twenty\n")), diff(OLD, new), new).suggestion
        == "line twenty\n"
    )


def test_windows_line_ends_are_left_to_github() -> None:
    text = "".join(f"{line}\r\n" for line in NEW)
    assert (
        put(finding(20, fix=replaced(20, 19, "above\n")), CHANGE, text).suggestion == "above\nline twenty\n"
    )
    assert put(finding(20, fix=replaced(20, 20, "line twenty\n")), CHANGE, text).suggestion is None


def test_the_last_line_may_lack_its_newline() -> None:
    new = [*OLD, "last"]
    placement = put(finding(41, fix=replaced(41, 41, "LAST\n")), diff(OLD, new), "\n".join(new))
    assert (placement.line, placement.suggestion) == (41, "LAST\n")


@pytest.mark.parametrize(
    ("fix", "why"),
    [
        (None, "there is none"),
        (Fix("Advice alone", True), "it has no edits"),
        (replaced(20, 20, "new\n", safe=False), "it may change behaviour"),
        (replaced(20, 20, "line twenty\n"), "it changes nothing"),
        (replaced(20, 25, "new\n"), "it reaches beyond the hunk"),
        (replaced(2, 2, "new\n"), "it stands outside the diff"),
        (replaced(16, 15, "new\n"), "it is inserted outside the diff"),
        (replaced(24, 24, "new\n"), "the finding is elsewhere"),
        (replaced(20, 20, "new\n", path="b.py"), "it is about another file"),
        (replaced(90, 90, "new\n"), "the file has no such line"),
        (Fix("Twice", True, (Edit("a.py", 19, 20, "x\n"), Edit("a.py", 20, 21, "y\n"))), "its edits overlap"),
    ],
)
def test_nothing_is_suggested_when(fix: Fix | None, why: str) -> None:
    assert put(finding(20, fix=fix), CHANGE, NEW) == Placement("f1", "a.py", "line", 20), why


def test_a_fix_across_two_hunks_is_not_suggested() -> None:
    new = [*OLD]
    new[4], new[14] = "five", "fifteen"
    fix = Fix("Do it", True, (Edit("a.py", 5, 5, "V\n"), Edit("a.py", 15, 15, "XV\n")))
    assert put(finding(5, end=15, fix=fix), diff(OLD, new), new).suggestion is None


# As data


def test_a_placement_survives_json() -> None:
    placement = put(finding(20, fix=replaced(19, 22, "one\n")), CHANGE, NEW)
    assert Placement.from_dict(json.loads(json.dumps(placement.to_dict()))) == placement


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "nowhere"},
        {"side": "UP"},
        {"line": "20"},
        {"line": -1},
        {"start_line": "2"},
        {"suggestion": 1},
    ],
)
def test_what_is_no_placement_is_refused(data: dict[str, object]) -> None:
    good: dict[str, object] = {"fingerprint": "f1", "path": "a.py", "kind": "line", "line": 3}
    with pytest.raises((ValueError, TypeError)):
        Placement.from_dict(good | data)
