"""A change of a repository opened for review, over real repositories."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.commands.project import configured
from checks.config import Config
from checks.engine.change import INDEX, WORKTREE, Change
from checks.errors import UserError
from checks.model import Report
from tests.repository import Repository

QUIET = "def f():\n    return 1\n"
LOUD = "def f(a=[]):\n    a.append(1)\n    return a\n"
RULE = "maintainability/mutable-default"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A main branch that went on after a branch left it."""
    found = Repository(tmp_path / "project")
    found.commit({"a.py": QUIET, "b.py": QUIET, ".rubricate.yml": f"select: [{RULE}]\n"})
    found.git("checkout", "-q", "-b", "topic")
    found.commit({"a.py": LOUD, ".rubricate.yml": "select: [security/*]\n"})
    found.git("checkout", "-q", "main")
    found.commit({"b.py": LOUD})
    return found


def reviewed(change: Change, config: Config | None = None) -> Report:
    with change:
        return change.review(config or configured(change.trusted), None)


def paths(report: Report) -> list[str]:
    return [finding.path for finding in report.findings]


def test_a_proposal_is_reviewed_from_where_it_left_the_base(repository: Repository) -> None:
    report = reviewed(Change.between(repository.root, "main", "topic"))
    assert paths(report) == ["a.py"]
    assert report.base == repository.git("merge-base", "main", "topic")
    assert report.head == repository.git("rev-parse", "topic")


def test_of_a_proposal_the_base_s_configuration_holds(repository: Repository) -> None:
    with Change.between(repository.root, "main", "topic") as change:
        assert change.trusted.read(".rubricate.yml") == f"select: [{RULE}]\n".encode()


def test_a_developer_s_own_configuration_holds_where_there_is_a_folder(repository: Repository) -> None:
    repository.write({".rubricate.yml": f"ignore: [{RULE}]\n"})
    assert paths(reviewed(Change.local(repository.root, "main", "topic"))) == []


def test_in_a_bare_repository_the_base_s_configuration_holds(repository: Repository, tmp_path: Path) -> None:
    repository.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    repository.write({".rubricate.yml": f"ignore: [{RULE}]\n"})
    assert paths(reviewed(Change.local(tmp_path / "bare.git", "main", "topic"))) == ["a.py"]


def test_what_is_staged_is_reviewed_and_what_is_not_is_left_alone(repository: Repository) -> None:
    repository.write({"a.py": LOUD, "c.py": LOUD})
    repository.git("add", "c.py")
    report = reviewed(Change.local(repository.root, "HEAD", INDEX))
    assert (paths(report), report.head) == (["c.py"], "index")


def test_the_working_folder_is_reviewed_as_it_stands(repository: Repository) -> None:
    repository.write({"a.py": LOUD, "new.py": LOUD})
    report = reviewed(Change.local(repository.root, "HEAD", WORKTREE))
    assert (paths(report), report.head) == (["a.py", "new.py"], "worktree")


def test_a_file_that_was_moved_in_the_working_folder_is_known(repository: Repository) -> None:
    repository.write({"moved.py": LOUD, "b.py": None})
    assert paths(reviewed(Change.local(repository.root, "HEAD", WORKTREE))) == []


def test_the_working_folder_is_compared_with_where_it_left_the_base(repository: Repository) -> None:
    repository.git("checkout", "-q", "topic")
    repository.write({"a.py": QUIET, ".rubricate.yml": f"select: [{RULE}]\n"})
    assert paths(reviewed(Change.local(repository.root, "main", WORKTREE))) == []


def test_another_index_may_be_given(repository: Repository, tmp_path: Path) -> None:
    repository.write({"c.py": LOUD})
    other = tmp_path / "index"
    other.write_bytes((repository.root / ".git" / "index").read_bytes())
    repository.git("add", "c.py")
    assert paths(reviewed(Change.local(repository.root, "HEAD", INDEX, index=other))) == []


@pytest.mark.parametrize(("base", "head"), [("nowhere", "topic"), ("main", "nowhere"), ("nowhere", INDEX)])
def test_a_revision_that_does_not_exist_is_named(repository: Repository, base: str, head: str) -> None:
    with pytest.raises(UserError, match="nowhere"):
        Change.local(repository.root, base, head)
