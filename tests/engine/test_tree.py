from __future__ import annotations

import gc
import multiprocessing
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.engine.tree import CommitTree, DictTree, FolderTree, IndexTree, Tree, Unreadable, blob_id
from checks.errors import UserError
from tests.repository import Repository

FILES: dict[str, str | bytes | None] = {
    "manage.py": "print('hi')\n",
    "shop/models.py": "x = 1\n",
    "shop/empty.py": "",
    "shop/ünï.txt": "naïve\r\n",
    "b in.bin": b"\0\xff\n\n",
}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "repository")
    repository.commit(FILES)
    return repository


Maker = Callable[[Repository], Tree]
TREES: dict[str, Maker] = {
    "commit": lambda repository: CommitTree(repository.root, "HEAD"),
    "index": lambda repository: IndexTree(repository.root),
    "folder": lambda repository: FolderTree(repository.root),
    "dict": lambda _: DictTree({path: content for path, content in FILES.items() if content is not None}),
}


@pytest.fixture(params=TREES)
def tree(request: pytest.FixtureRequest, repository: Repository) -> Tree:
    return TREES[request.param](repository)


def test_every_tree_reads_the_same(tree: Tree) -> None:
    assert list(tree.paths()) == sorted(FILES)
    for path, content in FILES.items():
        data = content.encode() if isinstance(content, str) else content or b""
        assert (tree.read(path), tree.size(path), path in tree) == (data, len(data), True)


def test_every_tree_identifies_files_as_git_does(tree: Tree, repository: Repository) -> None:
    for path in FILES:
        assert tree.identity(path) == repository.git("rev-parse", f"HEAD:{path}")


@pytest.mark.parametrize("ask", ["read", "identity", "size"])
def test_what_is_not_there_is_a_key_error(tree: Tree, ask: str) -> None:
    assert "nope.py" not in tree
    with pytest.raises(KeyError):
        getattr(tree, ask)("nope.py")


def test_a_bare_repository_is_read(repository: Repository, tmp_path: Path) -> None:
    subprocess.run(
        ["git", "clone", "-q", "--bare", str(repository.root), str(tmp_path / "bare.git")], check=True
    )
    with CommitTree(tmp_path / "bare.git", "main") as tree:
        assert tree.read("shop/models.py") == b"x = 1\n"


def test_a_repository_with_sha256_is_read(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r", "--object-format=sha256")
    repository.commit(FILES)
    commit, folder = CommitTree(repository.root, "HEAD"), FolderTree(repository.root)
    assert commit.read("manage.py") == b"print('hi')\n" and commit.read("shop/empty.py") == b""
    assert commit.identity("manage.py") == folder.identity("manage.py") == blob_id(b"print('hi')\n", "sha256")


def test_a_commit_is_read_whole_from_a_folder_below_the_root(repository: Repository) -> None:
    assert list(CommitTree(repository.root / "shop", "HEAD").paths()) == sorted(FILES)
    assert list(IndexTree(repository.root / "shop").paths()) == sorted(FILES)


def test_one_process_reads_all_and_ends(repository: Repository) -> None:
    with CommitTree(repository.root, "HEAD") as tree:
        for path in tree.paths():
            tree.read(path)
        process = tree._objects._batch
        assert process is not None and process.poll() is None
    assert process.poll() is not None
    with pytest.raises(Unreadable, match="closed"):
        tree.read("manage.py")


def test_nothing_is_left_behind(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    with CommitTree(repository.root, "HEAD") as commit, IndexTree(repository.root) as index:
        assert commit.read("manage.py") == index.read("manage.py")
        assert list(temporary.iterdir())
    forgotten = CommitTree(repository.root, "HEAD")
    del forgotten
    with pytest.raises(UserError):
        CommitTree(repository.root, "nope")
    gc.collect()
    assert not list(temporary.iterdir())


def _read_in_child(tree: Tree, queue: multiprocessing.Queue[bytes]) -> None:
    queue.put(tree.read("shop/models.py"))


def test_forked_children_read_through_processes_of_their_own(repository: Repository) -> None:
    with CommitTree(repository.root, "HEAD") as tree:
        tree.read("manage.py")
        context = multiprocessing.get_context("fork")
        queue: multiprocessing.Queue[bytes] = context.Queue()
        children = [context.Process(target=_read_in_child, args=(tree, queue)) for _ in range(3)]
        for child in children:
            child.start()
        assert [queue.get(timeout=30) for _ in children] == [b"x = 1\n"] * 3
        for child in children:
            child.join()
        assert tree.read("shop/models.py") == b"x = 1\n"


def test_a_killed_git_is_one_unreadable_file_and_no_more(repository: Repository) -> None:
    with CommitTree(repository.root, "HEAD") as tree:
        tree.read("manage.py")
        assert tree._objects._batch is not None
        tree._objects._batch.kill()
        tree._objects._batch.wait()
        with pytest.raises(Unreadable):
            tree.read("manage.py")
        assert tree.read("manage.py") == b"print('hi')\n"


def test_symbolic_links_and_submodules_are_no_files(repository: Repository, tmp_path: Path) -> None:
    inner = Repository(tmp_path / "inner")
    inner.commit({"secret.py": "x\n"})
    (repository.root / "link.py").symlink_to("/etc/passwd")
    (repository.root / "folder").symlink_to("/etc")
    repository.git("-c", "protocol.file.allow=always", "submodule", "add", "-q", str(inner.root), "vendored")
    repository.commit({})
    for make in (TREES["commit"], TREES["index"], TREES["folder"]):
        tree = make(repository)
        assert tree.others == {"link.py": "symlink", "folder": "symlink", "vendored": "submodule"}
        assert list(tree.paths()) == sorted([*FILES, ".gitmodules"])


def test_a_missing_blob_is_unreadable_and_git_stays_at_home(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "partial.git"
    url = repository.root.as_uri()
    subprocess.run(["git", "clone", "-q", "--bare", "--filter=blob:none", url, str(clone)], check=True)
    with CommitTree(clone, "HEAD") as tree:
        assert list(tree.paths()) == sorted(FILES)
        assert tree.read("shop/empty.py") == b""
        with pytest.raises(Unreadable, match="partial clone"):
            tree.read("shop/models.py")
        with pytest.raises(Unreadable):
            tree.size("shop/models.py")


@pytest.mark.parametrize("kind", ["commit", "index", "folder"])
def test_a_file_over_the_limit_is_unreadable(repository: Repository, kind: str) -> None:
    repository.commit({"big.py": b"x" * 101})
    makers: dict[str, Callable[[], Tree]] = {
        "commit": lambda: CommitTree(repository.root, "HEAD", limit=100),
        "index": lambda: IndexTree(repository.root, limit=100),
        "folder": lambda: FolderTree(repository.root, limit=100),
    }
    tree = makers[kind]()
    with pytest.raises(Unreadable, match="101 bytes"):
        tree.read("big.py")
    assert tree.size("big.py") == 101


def test_unknown_revisions_are_user_errors(repository: Repository) -> None:
    with pytest.raises(UserError, match="has no commit 'nope'"):
        CommitTree(repository.root, "nope")


def test_the_index_holds_what_is_staged(repository: Repository) -> None:
    repository.write({"manage.py": "staged\n", "new.py": "n\n"})
    repository.git("add", "manage.py")
    repository.git("rm", "-q", "--cached", "shop/models.py")
    repository.write({"manage.py": "later\n"})
    tree = IndexTree(repository.root)
    assert tree.read("manage.py") == b"staged\n"
    assert "new.py" not in tree and "shop/models.py" not in tree


def test_an_intended_addition_is_an_empty_file_of_the_index(repository: Repository) -> None:
    repository.write({"intended.py": "x\n"})
    repository.git("add", "--intent-to-add", "intended.py")
    assert IndexTree(repository.root).read("intended.py") == b""


def test_another_index_file_is_read(repository: Repository, tmp_path: Path) -> None:
    other = tmp_path / "next-index"
    other.write_bytes((repository.root / ".git" / "index").read_bytes())
    repository.git("rm", "-q", "--cached", "manage.py")
    assert "manage.py" in IndexTree(repository.root, index=other)
    assert "manage.py" not in IndexTree(repository.root)


def test_an_index_with_conflicts_is_refused(repository: Repository) -> None:
    oid = repository.git("rev-parse", "HEAD:manage.py")
    entries = f"0 {'0' * 40}\tmanage.py\n100644 {oid} 1\tmanage.py\n100644 {oid} 2\tmanage.py\n"
    repository.git("update-index", "--index-info", input=entries.encode())
    with pytest.raises(UserError, match="files that are not merged"):
        IndexTree(repository.root)


def test_a_folder_in_git_has_what_git_tracks_or_would(repository: Repository) -> None:
    repository.write(
        {
            ".gitignore": "ignored.py\nbuild/\n",
            "ignored.py": "x\n",
            "build/out.py": "x\n",
            "untracked.py": "x\n",
            "node_modules/x/y.py": "x\n",
            "environment/pyvenv.cfg": "home = /usr\n",
            "environment/lib/a.py": "x\n",
            "manage.py": None,
        }
    )
    expected = {*FILES, ".gitignore", "untracked.py"} - {"manage.py"}
    assert set(FolderTree(repository.root).paths()) == expected


def test_a_virtual_environment_that_is_tracked_is_seen(repository: Repository) -> None:
    repository.commit({"venv/pyvenv.cfg": "home = /usr\n"})
    assert "venv/pyvenv.cfg" in FolderTree(repository.root)


def test_a_part_of_a_checkout_is_listed_from_there(repository: Repository) -> None:
    assert list(FolderTree(repository.root / "shop").paths()) == ["empty.py", "models.py", "ünï.txt"]


def test_a_folder_that_git_ignores_is_walked(repository: Repository) -> None:
    repository.write({".gitignore": "build/\n", "build/out.py": "x\n"})
    assert list(FolderTree(repository.root / "build").paths()) == ["out.py"]


def test_a_folder_outside_git_is_walked(tmp_path: Path) -> None:
    for path in (
        "a.py",
        "p/b.py",
        ".git/config",
        "p/__pycache__/b.pyc",
        ".venv/x.py",
        "env/pyvenv.cfg",
        "env/x.py",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    (tmp_path / "out").symlink_to("/etc")
    os.mkfifo(tmp_path / "pipe.py")
    tree = FolderTree(tmp_path)
    assert list(tree.paths()) == ["a.py", "p/b.py"]
    assert tree.others == {"out": "symlink", "pipe.py": "special"}


def test_a_folder_is_walked_where_git_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    assert list(FolderTree(tmp_path, git="no-such-git").paths()) == ["a.py"]


def test_no_folder_is_a_user_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is no folder"):
        FolderTree(tmp_path / "nope")


@pytest.mark.parametrize("what", ["file", "folder"])
def test_links_put_in_place_after_the_listing_are_not_followed(tmp_path: Path, what: str) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "models.py").write_text("secret\n")
    root = tmp_path / "project"
    (root / "shop").mkdir(parents=True)
    (root / "shop" / "models.py").write_text("x\n")
    tree = FolderTree(root)
    if what == "file":
        (root / "shop" / "models.py").unlink()
        (root / "shop" / "models.py").symlink_to(tmp_path / "secret" / "models.py")
    else:
        (root / "shop").rename(tmp_path / "moved")
        (root / "shop").symlink_to(tmp_path / "secret")
    with pytest.raises(Unreadable):
        tree.read("shop/models.py")


def test_a_pipe_put_in_place_after_the_listing_does_not_block(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x\n")
    tree = FolderTree(tmp_path)
    (tmp_path / "a.py").unlink()
    os.mkfifo(tmp_path / "a.py")
    with pytest.raises(Unreadable, match="no regular file"):
        tree.read("a.py")


def test_tracked_files_below_a_link_are_not_listed(repository: Repository, tmp_path: Path) -> None:
    (repository.root / "shop").rename(tmp_path / "shop")
    (repository.root / "shop").symlink_to(tmp_path / "shop")
    assert list(FolderTree(repository.root).paths()) == ["b in.bin", "manage.py"]


def test_a_path_that_is_no_utf8_is_kept(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "r")
    (repository.root / "caf\udce9.py").write_bytes(b"x\n")
    repository.commit({})
    for make in (TREES["commit"], TREES["index"], TREES["folder"]):
        tree = make(repository)
        assert list(tree.paths()) == ["caf\udce9.py"]
        assert tree.read("caf\udce9.py") == b"x\n"


def test_paths_that_lead_out_of_the_tree_are_no_files(repository: Repository) -> None:
    oid = repository.git("rev-parse", "HEAD:manage.py")
    inner = repository.git("mktree", input=f"100644 blob {oid}\tevil.py\n".encode())
    raw = b"".join(b"40000 %b\0%b" % (name, bytes.fromhex(inner)) for name in (b"..", b".git"))
    outer = repository.git("hash-object", "-t", "tree", "-w", "--stdin", "--literally", input=raw)
    tree = CommitTree(repository.root, outer)
    assert list(tree.paths()) == []
    assert tree.others == {"../evil.py": "special", ".git/evil.py": "special"}


def test_filters_hooks_and_monitors_of_the_repository_do_not_run(
    repository: Repository, tmp_path: Path
) -> None:
    sung = tmp_path / "sung"
    canary = tmp_path / "canary"
    canary.write_text(f"#!/bin/sh\necho $0 >> {sung}\n")
    canary.chmod(0o755)
    repository.commit({".gitattributes": "* filter=evil diff=evil\n"})
    for key in (
        "core.fsmonitor",
        "filter.evil.clean",
        "filter.evil.smudge",
        "diff.evil.textconv",
        "core.sshCommand",
    ):
        repository.git("config", key, str(canary))
    repository.git("config", "core.hooksPath", str(tmp_path))
    repository.write({"manage.py": "changed\n", "new.py": "new\n"})
    for make in (TREES["commit"], TREES["index"], TREES["folder"]):
        tree = make(repository)
        for path in tree.paths():
            tree.read(path)
    assert not sung.exists()
