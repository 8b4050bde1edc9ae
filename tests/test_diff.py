from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.diff import Diff, FileDiff, Hunk, parse_diff
from checks.engine.revisions import diff
from checks.engine.tree import DictTree

MODIFIED = b"""\
diff --git a/shop/views.py b/shop/views.py
index 1111111111111111111111111111111111111111..2222222222222222222222222222222222222222 100644
--- a/shop/views.py
+++ b/shop/views.py
@@ -2,5 +2,6 @@ def index():
 two
-three
+THREE
+and a half
 four
 five
 six
@@ -20,3 +21,2 @@
 twenty
-gone
 last
"""


def only(text: bytes) -> FileDiff:
    (file,) = parse_diff(text).files
    return file


def whole(path: bytes, *lines: bytes) -> bytes:
    """The diff of one file from the lines behind its `diff --git`."""
    return b"\n".join([b"diff --git a/%b b/%b" % (path, path), *lines, b""])


def test_lines_that_came_and_went() -> None:
    file = only(MODIFIED)
    assert (file.old_path, file.new_path) == ("shop/views.py", "shop/views.py")
    assert file.added == {3, 4}
    assert file.deleted == {3, 21}


@pytest.mark.parametrize(
    ("old", "new"),
    [(1, 1), (2, 2), (3, None), (4, 5), (6, 7), (10, 11), (20, 21), (21, None), (22, 22), (90, 90)],
)
def test_old_lines_are_mapped_to_new_ones(old: int, new: int | None) -> None:
    assert only(MODIFIED).to_new(old) == new


@pytest.mark.parametrize(
    ("new", "old"), [(1, 1), (2, 2), (3, None), (4, None), (5, 4), (11, 10), (21, 20), (22, 22), (90, 90)]
)
def test_new_lines_are_mapped_to_old_ones(new: int, old: int | None) -> None:
    assert only(MODIFIED).to_old(new) == old


def test_hunks_show_their_context_and_nothing_else() -> None:
    file = only(MODIFIED)
    assert [file.hunk_of(line, "RIGHT") for line in (1, 2, 4, 7, 8, 21, 22, 23)] == [
        None,
        0,
        0,
        0,
        None,
        1,
        1,
        None,
    ]
    assert [file.hunk_of(line, "LEFT") for line in (1, 3, 6, 7, 21, 22, 23)] == [None, 0, 0, None, 1, 1, None]


def test_an_added_file_has_no_old_path() -> None:
    file = only(
        whole(
            b"new.py",
            b"new file mode 100644",
            b"--- /dev/null",
            b"+++ b/new.py",
            b"@@ -0,0 +1,2 @@",
            b"+a",
            b"+b",
        )
    )
    assert (file.old_path, file.new_path) == (None, "new.py")
    assert file.added == {1, 2} and not file.deleted


def test_a_deleted_file_has_no_new_path() -> None:
    file = only(
        whole(
            b"old.py", b"deleted file mode 100644", b"--- a/old.py", b"+++ /dev/null", b"@@ -1 +0,0 @@", b"-a"
        )
    )
    assert (file.old_path, file.new_path) == ("old.py", None)
    assert file.deleted == {1} and file.to_new(1) is None


def test_an_added_empty_file_is_listed() -> None:
    file = only(b"diff --git a/pkg/__init__.py b/pkg/__init__.py\nnew file mode 100644\nindex 0..1\n")
    assert (file.old_path, file.new_path, file.hunks) == (None, "pkg/__init__.py", ())


def test_a_pure_rename_has_both_paths() -> None:
    file = only(
        b"diff --git a/a b.py b/c d.py\nsimilarity index 100%\nrename from a b.py\nrename to c d.py\n"
    )
    assert (file.old_path, file.new_path, file.hunks) == ("a b.py", "c d.py", ())


def test_a_copy_has_both_paths() -> None:
    file = only(b"diff --git a/a.py b/c.py\nsimilarity index 100%\ncopy from a.py\ncopy to c.py\n")
    assert (file.old_path, file.new_path) == ("a.py", "c.py")


def test_a_change_of_mode_only_has_no_lines() -> None:
    file = only(b"diff --git a/run me.sh b/run me.sh\nold mode 100644\nnew mode 100755\n")
    assert (file.old_path, file.new_path, file.hunks) == ("run me.sh", "run me.sh", ())


def test_binary_files_are_marked() -> None:
    file = only(b"diff --git a/x.png b/x.png\nindex 1..2 100644\nBinary files a/x.png and b/x.png differ\n")
    assert file.binary and file.new_path == "x.png"


def test_a_missing_newline_at_the_end_is_no_line() -> None:
    note = b"\\ No newline at end of file"
    text = whole(b"a", b"--- a/a", b"+++ b/a", b"@@ -1 +1 @@", b"-x", note, b"+y", note)
    assert only(text).hunks == (Hunk(1, 1, 1, 1, "-+"),)


def test_a_submodule_is_a_file_of_one_line() -> None:
    lines = [
        b"index 1..2 160000",
        b"--- a/lib",
        b"+++ b/lib",
        b"@@ -1 +1 @@",
        b"-Subproject commit 1",
        b"+Subproject commit 2",
    ]
    assert only(whole(b"lib", *lines)).added == {1}


def test_quoted_paths_are_read() -> None:
    text = rb"""diff --git "a/caf\303\251\t\"x\".py" "b/caf\303\251\t\"x\".py"
--- "a/caf\303\251\t\"x\".py"
+++ "b/caf\303\251\t\"x\".py"
@@ -1 +1 @@
-a
+b
"""
    assert only(text).new_path == 'café\t"x".py'


def test_paths_that_are_no_utf8_are_kept() -> None:
    text = b'diff --git "a/\\377.py" "b/\\377.py"\nnew file mode 100644\n'
    path = only(text).new_path
    assert path is not None and path.encode("utf-8", "surrogateescape") == b"\xff.py"


def test_lines_that_look_like_headers_are_lines() -> None:
    lines = [b"--- a/evil", b"-diff --git a/x b/x", b"+++ b/evil", b"+@@ -1 +1 @@"]
    text = whole(b"a", b"--- a/a", b"+++ b/a", b"@@ -1,2 +1,2 @@", *lines)
    assert parse_diff(text).files == (FileDiff("a", "a", (Hunk(1, 2, 1, 2, "--++"),)),)


def test_several_files_are_found_by_either_path() -> None:
    rename = b"diff --git a/o.py b/n.py\nsimilarity index 100%\nrename from o.py\nrename to n.py\n"
    change = parse_diff(MODIFIED + rename)
    assert change.by_new("n.py") is change.by_old("o.py") is change.files[1]
    assert change.by_new("o.py") is None
    assert change.renames == {"o.py": "n.py"}
    assert (change.new_path("o.py"), change.new_path("other.py")) == ("n.py", "other.py")
    assert (change.old_path("n.py"), change.old_path("other.py")) == ("o.py", "other.py")


def test_an_empty_diff_changes_nothing() -> None:
    assert parse_diff(b"") == Diff()
    assert Diff().new_path("a.py") == "a.py"


def test_a_cut_diff_is_refused() -> None:
    with pytest.raises(ValueError, match="too early"):
        parse_diff(MODIFIED[: MODIFIED.index(b" four")])


TEXTS = st.lists(st.sampled_from("abcde"), max_size=14)


@given(TEXTS, TEXTS, st.integers(0, 4))
def test_the_line_map_agrees_with_the_texts(old: list[str], new: list[str], context: int) -> None:
    base, head = ("".join(f"{line}\n" for line in lines) for lines in (old, new))
    change = diff(DictTree({"f": base}), DictTree({"f": head}), context)
    file = change.by_new("f") or FileDiff("f", "f")
    assert len(old) - len(file.deleted) == len(new) - len(file.added)
    for number, line in enumerate(old, 1):
        mapped = file.to_new(number)
        assert (mapped is None) == (number in file.deleted)
        if mapped is not None:
            assert new[mapped - 1] == line and file.to_old(mapped) == number
    assert Diff.from_dict(json.loads(json.dumps(change.to_dict()))) == change
