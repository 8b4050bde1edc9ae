"""The hook as pre-commit runs it: installed from a repository into an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import hostile
from tests.repository import IDENTITY, Repository
from tests.source import copy_source

LOUD = "import requests\n\n\ndef rate():\n    return requests.get('https://rates.example.com')\n"
QUIET = "import requests\n\n\ndef rate():\n    return requests.get('https://rates.example.com', timeout=10)\n"
DEBUG = "DEBUG = True\nSECRET = None\n"

# The first test installs what the others use, which takes a while on a busy machine.
pytestmark = pytest.mark.timeout(400)
PRE_COMMIT = str(Path(sys.executable).with_name("pre-commit"))
RULE = "performance/http-timeout-missing"


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, dict[str, str]]:
    """The hook's configuration, and an environment in which its installation is kept."""
    source = Repository(copy_source(tmp_path_factory.mktemp("hooks") / "rubricate"))
    revision = source.commit({})
    configuration = f"""\
repos:
  - repo: {source.root}
    rev: {revision}
    hooks:
      - id: rubricate
        args: [--fail-on, medium]
"""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))}
    env |= {
        "PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")),
        "XDG_CACHE_HOME": str(source.root.parent),
    }
    for number, setting in enumerate(IDENTITY[1::2]):
        key, _, value = setting.partition("=")
        env |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return configuration, env | {"GIT_CONFIG_COUNT": str(len(IDENTITY) // 2)}


class Project:
    """A repository whose commits pre-commit watches."""

    def __init__(self, root: Path, hooks: tuple[str, dict[str, str]]) -> None:
        configuration, self.env = hooks
        self.git = Repository(root)
        self.git.write({".pre-commit-config.yaml": configuration})

    def stage(self, files: dict[str, str | bytes | None]) -> None:
        self.git.write(files)
        self.git.git("add", "--all")

    def pre_commit(self, *args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """pre-commit as a person starts it from a shell, which notes the folder in PWD."""
        command, folder = [PRE_COMMIT, *args], cwd or self.git.root
        env = self.env | {"PWD": str(folder)}
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)

    def plain(self, *args: str) -> subprocess.CompletedProcess[str]:
        """git as a person runs it, hooks and all."""
        return subprocess.run(
            ["git", *args], cwd=self.git.root, env=self.env, capture_output=True, text=True, check=False
        )


@pytest.fixture
def project(tmp_path: Path, hooks: tuple[str, dict[str, str]]) -> Project:
    return Project(tmp_path / "project", hooks)


@pytest.fixture
def begun(project: Project) -> Project:
    """A project with a commit, and a defect in it that nobody changed."""
    project.git.commit({"old.py": LOUD, "settings.py": "DEBUG = False\n"})
    return project


def test_a_staged_defect_stops_the_commit(begun: Project) -> None:
    begun.stage({"new.py": LOUD})
    done = begun.pre_commit("run")
    assert done.returncode == 1
    assert RULE in done.stdout and "new.py" in done.stdout
    assert "old.py" not in done.stdout


def test_a_clean_change_passes_without_a_word(begun: Project) -> None:
    begun.stage({"new.py": QUIET})
    done = begun.pre_commit("run")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert "Passed" in done.stdout


def test_what_was_there_before_is_not_reported(begun: Project) -> None:
    begun.stage({"old.py": f"# a comment above\n{LOUD}"})
    assert begun.pre_commit("run").returncode == 0


def test_the_index_counts_and_not_the_working_tree(begun: Project) -> None:
    begun.stage({"new.py": LOUD})
    begun.git.write({"new.py": QUIET})
    done = begun.pre_commit("run")
    assert (done.returncode, RULE in done.stdout) == (1, True)


def test_a_defect_that_is_not_staged_stops_nothing(begun: Project) -> None:
    begun.stage({"new.py": QUIET})
    begun.git.write({"new.py": LOUD})
    assert begun.pre_commit("run").returncode == 0
    assert (begun.git.root / "new.py").read_text() == LOUD


def test_deleting_a_line_is_reported(begun: Project) -> None:
    begun.git.commit({"rates.py": QUIET})
    begun.stage({"rates.py": QUIET.replace(", timeout=10", "")})
    done = begun.pre_commit("run")
    assert (done.returncode, "rates.py" in done.stdout) == (1, True)


def test_a_commit_that_only_deletes_files_is_judged(begun: Project) -> None:
    begun.stage({"old.py": None})
    done = begun.pre_commit("run", "--verbose")
    assert done.returncode == 0
    assert "Skipped" not in done.stdout and "Passed" in done.stdout


def test_the_first_commit_of_a_repository_is_judged(project: Project) -> None:
    project.stage({"new.py": LOUD})
    done = project.pre_commit("run")
    assert (done.returncode, RULE in done.stdout) == (1, True)


def test_with_nothing_staged_nothing_is_reported(begun: Project) -> None:
    assert begun.pre_commit("run").returncode == 0


def test_all_files_are_checked_as_they_stand(begun: Project) -> None:
    begun.stage({"new.py": QUIET})
    begun.git.write({"settings.py": DEBUG, "untracked.py": LOUD})
    done = begun.pre_commit("run", "--all-files")
    assert done.returncode == 1
    assert "old.py" in done.stdout and "settings.py" in done.stdout
    assert "untracked.py" not in done.stdout and "new.py" not in done.stdout


def test_files_are_checked_where_they_are_named(begun: Project) -> None:
    begun.git.commit({"shop/a.py": LOUD, "shop/b.py": LOUD})
    done = begun.pre_commit("run", "--files", "a.py", cwd=begun.git.root / "shop")
    assert done.returncode == 1
    assert "shop/a.py" in done.stdout and "b.py" not in done.stdout and "old.py" not in done.stdout


def test_a_range_is_reviewed(begun: Project) -> None:
    begun.git.git("switch", "-q", "-c", "feature")
    begun.git.commit({"new.py": LOUD})
    done = begun.pre_commit("run", "--from-ref", "main", "--to-ref", "HEAD")
    assert done.returncode == 1
    assert "new.py" in done.stdout and "old.py" not in done.stdout
    assert begun.pre_commit("run", "--from-ref", "HEAD", "--to-ref", "HEAD").returncode == 0


def test_installed_it_watches_every_way_of_committing(begun: Project) -> None:
    begun.pre_commit("install")
    begun.git.write({"old.py": LOUD + LOUD.replace("rate", "other"), "settings.py": DEBUG})
    refused = begun.plain("commit", "-q", "-a", "-m", "All")
    assert refused.returncode == 1 and RULE in refused.stderr and "settings.py" in refused.stderr
    refused = begun.plain("commit", "-q", "-m", "One", "--", "settings.py")
    assert refused.returncode == 1 and "settings.py" in refused.stderr and "old.py" not in refused.stderr
    begun.git.write({"settings.py": "DEBUG = False\nUSE_TZ = True\n"})
    passed = begun.plain("commit", "-q", "-m", "One", "--", "settings.py")
    assert passed.returncode == 0, passed.stderr


def test_what_a_merge_brings_is_no_news(begun: Project) -> None:
    begun.git.git("switch", "-q", "-c", "feature")
    begun.git.commit({"ours.py": "A = 1\n", "settings.py": "DEBUG = False\nOURS = 1\n"})
    begun.git.git("switch", "-q", "main")
    begun.git.commit({"theirs.py": LOUD, "settings.py": "DEBUG = False\nTHEIRS = 1\n"})
    begun.git.git("switch", "-q", "feature")
    begun.pre_commit("install")
    assert begun.plain("merge", "-q", "main").returncode == 1
    begun.stage({"settings.py": "DEBUG = True\nOURS = THEIRS = 1\n"})
    refused = begun.plain("commit", "-q", "--no-edit")
    assert refused.returncode == 1
    assert "settings.py" in refused.stderr and "theirs.py" not in refused.stderr
    begun.stage({"settings.py": "DEBUG = False\nOURS = THEIRS = 1\n"})
    assert begun.plain("commit", "-q", "--no-edit").returncode == 0


def test_before_a_push_the_pushed_commits_are_reviewed(begun: Project, tmp_path: Path) -> None:
    begun.git.git("init", "-q", "--bare", str(tmp_path / "remote.git"))
    begun.git.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    begun.pre_commit("install", "--hook-type", "pre-push")
    first = begun.plain("push", "-q", "origin", "main")
    assert first.returncode == 1 and "old.py" in first.stdout
    assert begun.plain("push", "-q", "--no-verify", "origin", "main").returncode == 0
    begun.git.commit({"new.py": LOUD})
    second = begun.plain("push", "-q", "origin", "main")
    assert second.returncode == 1
    assert "new.py" in second.stdout and "old.py" not in second.stdout


def test_in_a_linked_worktree_its_own_index_counts(begun: Project, tmp_path: Path) -> None:
    begun.pre_commit("install")
    begun.git.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    (tmp_path / "linked/new.py").write_text(LOUD)
    begun.plain("-C", str(tmp_path / "linked"), "add", "new.py")
    refused = begun.plain("-C", str(tmp_path / "linked"), "commit", "-q", "-m", "New")
    assert refused.returncode == 1 and "new.py" in refused.stderr


def test_nothing_of_the_project_runs(begun: Project, tmp_path: Path) -> None:
    # its git configuration is left out: pre-commit's own git would obey it
    canaries = tmp_path / "canaries"
    canaries.mkdir()
    begun.git.commit({**hostile.files(canaries), ".gitattributes": "* filter=evil\n"})
    begun.stage({"new.py": LOUD})
    done = begun.pre_commit("run")
    assert (done.returncode, "new.py" in done.stdout) == (1, True), done.stdout + done.stderr
    assert list(canaries.iterdir()) == []
