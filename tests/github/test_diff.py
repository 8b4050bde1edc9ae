"""Which lines a diff holds, and where lines go."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.github.diff import Diff, FileDiff, compare, moved
from tests.github.git import Entry, Files, Git

TEN = "".join(f"{number}\n" for number in range(1, 11))


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git.create(tmp_path / "repository.git", "main")


def change(git: Git, before: Files, after: Files) -> Diff:
    base = git.commit("main", before)
    return compare(git, base, git.commit("feature", after, parents=[base]))


def lines(file: FileDiff, side: str) -> list[int]:
    return [number for number in range(1, 100) if file.find(side, number)]


def test_a_change_shows_three_lines_around_it(git: Git) -> None:
    (file,) = change(git, {"a": TEN}, {"a": TEN.replace("5\n", "five\nand a half\n")}).files
    assert (file.status, file.additions, file.deletions) == ("modified", 2, 1)
    assert lines(file, "RIGHT") == [2, 3, 4, 5, 6, 7, 8, 9]
    assert lines(file, "LEFT") == [2, 3, 4, 5, 6, 7, 8]


def test_positions_count_on_over_hunks(git: Git) -> None:
    long = "".join(f"{number}\n" for number in range(1, 31))
    after = long.replace("2\n", "two\n", 1).replace("28\n", "twenty-eight\n")
    (file,) = change(git, {"a": long}, {"a": after}).files
    first, second = file.hunks
    assert [line.position for line in first.lines] == list(range(1, 7))
    assert second.lines[0].position == 8  # the second header takes a position itself
    assert file.at_position(1) == (first, first.lines[0])
    assert file.at_position(7) is None


def test_an_added_file_has_no_left_side(git: Git) -> None:
    (file,) = change(git, {"a": TEN}, {"b": "1\n2\n"}).files
    assert (file.status, lines(file, "RIGHT"), lines(file, "LEFT")) == ("added", [1, 2], [])


def test_a_deleted_file_has_no_right_side(git: Git) -> None:
    (file,) = change(git, {"a": TEN, "b": "1\n2\n"}, {"b": None}).files
    assert (file.status, lines(file, "RIGHT"), lines(file, "LEFT")) == ("removed", [], [1, 2])
    assert file.sha != "0" * 40


def test_a_renamed_file_shows_only_its_changes(git: Git) -> None:
    (file,) = change(git, {"a": TEN}, {"a": None, "b": TEN.replace("9\n", "nine\n")}).files
    assert (file.status, file.path, file.previous_path) == ("renamed", "b", "a")
    assert lines(file, "RIGHT") == [6, 7, 8, 9, 10]


def test_a_pure_rename_holds_no_line(git: Git) -> None:
    (file,) = change(git, {"a": TEN}, {"a": None, "b": TEN}).files
    assert (file.status, file.patch, lines(file, "RIGHT")) == ("renamed", None, [])


def test_a_missing_last_newline_is_a_note_in_the_patch(git: Git) -> None:
    (file,) = change(git, {"a": "1\n2"}, {"a": "1\n2\n3"}).files
    assert (lines(file, "RIGHT"), lines(file, "LEFT")) == ([1, 2, 3], [1, 2])
    assert file.patch is not None
    assert file.patch.count("\\ No newline at end of file") == 2


def test_crlf_lines_keep_their_carriage_returns(git: Git) -> None:
    (file,) = change(git, {"a": "1\r\n2\r\n"}, {"a": "1\r\ntwo\r\n"}).files
    assert (lines(file, "RIGHT"), file.additions) == ([1, 2], 1)
    assert file.patch is not None
    assert "+two\r" in file.patch


def test_a_carriage_return_alone_ends_no_line(git: Git) -> None:
    (file,) = change(git, {"a": "1\n"}, {"a": "1\n2\r@@ -1 +1 @@\r3\n"}).files
    assert (len(file.hunks), lines(file, "RIGHT")) == (1, [1, 2])


def test_a_binary_file_holds_no_line(git: Git) -> None:
    (file,) = change(git, {"a": b"\0\1"}, {"a": b"\0\2"}).files
    assert (file.status, file.patch, file.additions) == ("modified", None, 0)


def test_content_that_looks_like_a_diff_stays_content(git: Git) -> None:
    text = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n"
    files = change(git, {"a": "1\n", "b": text}, {"a": text, "b": text + text}).files
    assert [(file.path, len(file.hunks)) for file in files] == [("a", 1), ("b", 1)]
    assert lines(files[1], "RIGHT") == [2, 3, 4, 5, 6, 7, 8]


def test_odd_names_are_found(git: Git) -> None:
    names = ["with space", "ünicode", 'quo"te', "new\nline", "tab\t", "-option", "b\\ackslash"]
    diff = change(git, {"a": "1\n"}, dict.fromkeys(names, "1\n"))
    assert sorted(file.path for file in diff.files) == sorted(names)
    assert all(lines(file, "RIGHT") == [1] for file in diff.files)


def test_links_modes_and_submodules_are_listed(git: Git) -> None:
    before: Files = {"link": "a\n", "script": "1\n", "b": "1\n"}
    after: Files = {
        "link": Entry(b"elsewhere", "120000"),
        "script": Entry(b"1\n", "100755"),
        "module": Entry(b"1" * 40, "160000"),
        "b": "2\n",
    }
    found = {
        file.path: (file.status, file.additions, file.deletions) for file in change(git, before, after).files
    }
    assert found == {
        "b": ("modified", 1, 1),
        "link": ("changed", 1, 1),
        "module": ("added", 1, 0),
        "script": ("modified", 0, 0),
    }


def test_the_base_branchs_own_changes_are_no_part_of_the_diff(git: Git) -> None:
    start = git.commit("main", {"a": TEN, "b": TEN})
    head = git.commit("feature", {"a": TEN + "11\n"}, parents=[start])
    base = git.commit("main", {"b": "gone\n"})
    assert [file.path for file in compare(git, base, head).files] == ["a"]


@pytest.mark.parametrize(
    ("after", "line", "there"),
    [
        ("0\n" + TEN, 5, 6),
        (TEN.replace("1\n2\n", "1\n"), 5, 4),
        (TEN.replace("3\n", "three\nand\nmore\n"), 5, 7),
        (TEN.replace("5\n", "5\nnew\n", 1), 5, 5),
        (TEN.replace("5\n", "new\n5\n", 1), 5, 6),
        (TEN.replace("4\n", "four\n"), 5, 5),
        (TEN.replace("5\n", "five\n"), 5, None),
        (TEN.replace("5\n", ""), 5, None),
        (TEN + "11\n", 10, 10),
    ],
    ids=[
        "above",
        "deleted-above",
        "grown-above",
        "below",
        "right-above",
        "neighbour",
        "changed",
        "deleted",
        "end",
    ],
)
def test_lines_are_followed(git: Git, after: str, line: int, there: int | None) -> None:
    old = git.commit("main", {"a": TEN})
    new = git.commit("main", {"a": after})
    assert moved(git, old, new, "a", line) == (None if there is None else ("a", there))


def test_lines_are_followed_through_a_rename(git: Git) -> None:
    old = git.commit("main", {"a": TEN})
    new = git.commit("main", {"a": None, "b": "0\n" + TEN})
    assert moved(git, old, new, "a", 5) == ("b", 6)


def test_lines_of_a_deleted_file_are_gone(git: Git) -> None:
    old = git.commit("main", {"a": TEN, "b": "1\n"})
    assert moved(git, old, git.commit("main", {"a": None}), "a", 5) is None


def test_a_large_diff_is_too_large_to_send(git: Git) -> None:
    many = change(git, {"a": "1\n"}, {f"f{number}": "1\n" for number in range(301)})
    assert many.excess() == "the maximum number of files (300)"
    assert change(git, {"b": "1\n"}, {f"f{number}": "2\n" for number in range(300)}).excess() is None


def test_a_long_diff_is_too_large_to_send(git: Git) -> None:
    long = change(git, {"a": "1\n"}, {"b": "1\n" * 20_001})
    assert long.excess() == "the maximum number of lines (20000)"
    assert long.files[0].patch is None
