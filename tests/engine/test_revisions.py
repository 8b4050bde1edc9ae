from __future__ import annotations

from pathlib import Path

import pytest

from checks.diff import parse_diff
from checks.engine.revisions import diff, merge_base, resolve_revision
from checks.engine.tree import CommitTree, DictTree, FolderTree, IndexTree
from checks.errors import UserError
from tests.repository import Repository

LINES = [f"line {number}\n" for number in range(1, 41)]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "repository")
    repository.commit(
        {"a.py": "".join(LINES), "old name.py": "".join(reversed(LINES)), "gone.py": "x\n", "pic": b"\0\1"}
    )
    return repository


def changed(repository: Repository) -> None:
    lines = LINES.copy()
    lines[10:12] = ["changed\n"]
    del lines[29]
    repository.write(
        {
            "a.py": "".join(lines),
            "old name.py": None,
            "new/näme.py": "".join(reversed(LINES)) + "more",
            "gone.py": None,
            "pic": b"\0\2",
            "added.py": "one\ntwo\n",
        }
    )


def test_commits_are_compared_as_git_compares_them(repository: Repository) -> None:
    changed(repository)
    repository.commit({})
    own = diff(CommitTree(repository.root, "HEAD~1"), CommitTree(repository.root, "HEAD"))
    text = repository.git("diff", "-M", "--full-index", "HEAD~1", "HEAD") + "\n"
    assert own == parse_diff(text.encode("utf-8", "surrogateescape"))
    assert own.renames == {"old name.py": "new/näme.py"}


def test_index_and_worktree_are_compared_like_commits(repository: Repository) -> None:
    changed(repository)
    base = CommitTree(repository.root, "HEAD")
    worktree = diff(base, FolderTree(repository.root))
    repository.git("add", "--all")
    index = diff(base, IndexTree(repository.root))
    repository.commit({})
    assert worktree == index == diff(base, CommitTree(repository.root, "HEAD"))


def test_what_is_staged_and_what_is_not_differ(repository: Repository) -> None:
    repository.write({"a.py": "staged\n"})
    repository.git("add", "a.py")
    repository.write({"a.py": "staged\nnot staged\n"})
    base = CommitTree(repository.root, "HEAD")
    assert diff(base, IndexTree(repository.root)).files[0].added == {1}
    assert diff(base, FolderTree(repository.root)).files[0].added == {1, 2}


def test_attributes_of_the_reviewed_project_hide_nothing(repository: Repository) -> None:
    repository.commit({".gitattributes": "*.py -diff binary\n", "a.py": "now\n"})
    (repository.root / ".git" / "info").mkdir(exist_ok=True)
    (repository.root / ".git" / "info" / "attributes").write_text("*.py -diff\n")
    change = diff(CommitTree(repository.root, "HEAD~1"), CommitTree(repository.root, "HEAD")).by_new("a.py")
    assert change is not None and not change.binary and change.added == {1}


def test_configuration_of_the_reviewed_project_changes_nothing(repository: Repository) -> None:
    changed(repository)
    repository.commit({})
    base, head = CommitTree(repository.root, "HEAD~1"), CommitTree(repository.root, "HEAD")
    before = diff(base, head)
    for key, value in {
        "diff.noprefix": "true",
        "diff.renames": "false",
        "diff.context": "0",
        "color.diff": "always",
        "diff.external": "/bin/false",
        "core.quotePath": "false",
        "diff.suppressBlankEmpty": "true",
    }.items():
        repository.git("config", key, value)
    assert diff(base, head) == before


def test_a_tree_differs_in_nothing_from_itself(repository: Repository) -> None:
    tree = CommitTree(repository.root, "HEAD")
    assert diff(tree, tree).files == ()
    assert diff(tree, FolderTree(repository.root)).files == ()


def test_a_file_that_becomes_a_symbolic_link_is_deleted(repository: Repository) -> None:
    (repository.root / "gone.py").unlink()
    (repository.root / "gone.py").symlink_to("/etc/passwd")
    change = diff(CommitTree(repository.root, "HEAD"), FolderTree(repository.root)).by_old("gone.py")
    assert change is not None and change.new_path is None


def test_files_that_cannot_be_read_count_as_binary() -> None:
    base, head = DictTree({"a.py": "x\n", "b.py": "y\n"}), _Unreadable({"a.py": "x\n", "b.py": "y\n"})
    assert [file.binary for file in diff(base, head).files] == [True, True]


def test_large_binary_files_stop_no_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.engine.revisions.COMPARED_LIMIT", 1000)
    change = diff(DictTree({}), DictTree({"film.mp4": b"\0" * 5000, "a.py": "x\n"}))
    assert [(file.new_path, file.binary) for file in change.files] == [("a.py", False), ("film.mp4", True)]


def test_a_binary_file_that_was_renamed_is_a_rename() -> None:
    change = diff(DictTree({"a.png": b"\0" * 5000}), DictTree({"b.png": b"\0" * 5000}))
    assert change.renames == {"a.png": "b.png"}


def test_of_too_much_text_the_largest_files_count_as_binary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.engine.revisions.COMPARED_LIMIT", 1000)
    head = {"a.py": "x\n", "locale/de.po": "x\n" * 600, "z.py": "y\n"}
    change = diff(DictTree({"locale/de.po": "x\n" * 400}), DictTree(head))
    assert [(file.new_path, file.binary) for file in change.files] == [
        ("a.py", False),
        ("locale/de.po", True),
        ("z.py", False),
    ]


class _Unreadable(DictTree):
    def read(self, path: str) -> bytes:
        from checks.engine.tree import Unreadable

        raise Unreadable("the disk is gone")

    def identity(self, path: str) -> str:
        return f"{len(path):040x}"


@pytest.mark.parametrize(
    "path", ["a\nb", 'say "hi"', "back\\slash", "tab\tbed", "\udcff", "git~1/x", " lead", "ü", "-x", "a b "]
)
def test_odd_paths_are_compared(path: str) -> None:
    change = diff(DictTree({}), DictTree({path: "x\n"}))
    assert [file.new_path for file in change.files] == [path]


def test_the_merge_base_is_where_the_head_left(repository: Repository) -> None:
    start = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "-q", "-b", "topic")
    repository.commit({"b.py": "1\n"})
    repository.git("checkout", "-q", "main")
    repository.commit({"c.py": "1\n"})
    assert merge_base(repository.root, "main", "topic") == start


def test_unrelated_histories_have_no_merge_base(repository: Repository) -> None:
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit({"z.py": "1\n"})
    with pytest.raises(UserError, match="no common commit"):
        merge_base(repository.root, "main", "other")


def test_revisions_are_resolved(repository: Repository) -> None:
    head = repository.git("rev-parse", "HEAD")
    repository.git("tag", "-a", "-m", "one", "v1")
    assert {resolve_revision(repository.root, name) for name in ("HEAD", "main", "v1", head[:10])} == {head}


@pytest.mark.parametrize(
    "revision", ["nope", "--output=/tmp/x", "HEAD:a.py", "", "a\0b", "HEAD~99", "HEAD..main"]
)
def test_unknown_revisions_are_one_line(repository: Repository, revision: str) -> None:
    with pytest.raises(UserError) as error:
        resolve_revision(repository.root, revision)
    assert "\n" not in str(error.value) and str(error.value)


def test_a_folder_that_is_no_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not a git repository"):
        resolve_revision(tmp_path, "HEAD")
