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


# Folders with a configuration of their own


@pytest.fixture
def monorepo(tmp_path: Path) -> Repository:
    """Two projects, of which one wants nothing of the rule."""
    found = Repository(tmp_path / "monorepo")
    quiet = {f"apps/{name}/x.py": QUIET for name in "ab"}
    found.commit({**quiet, "apps/a/.rubricate.yml": f"ignore: [{RULE}]\n"})
    found.git("checkout", "-q", "-b", "topic")
    found.commit({f"apps/{name}/x.py": LOUD for name in "ab"})
    return found


def proposed(repository: Repository) -> Report:
    with Change.between(repository.root, "main", "topic") as change:
        return change.review(configured(change.trusted, about=change.diff.paths), None)


def test_a_folder_s_configuration_holds_below_it(monorepo: Repository) -> None:
    assert paths(proposed(monorepo)) == ["apps/b/x.py"]


@pytest.mark.parametrize(
    "own",
    [
        {"apps/b/.rubricate.yml": f"ignore: [{RULE}]\n"},
        {"apps/b/.rubricate.yml": "exclude: ['*.py']\n"},
        {"apps/.rubricate.yml": f"ignore: [{RULE}]\n"},
        {"apps/a/.rubricate.yml": None},
        {"apps/b/.rubricate.yml": "no: configuration\n"},
    ],
)
def test_what_a_proposal_configures_for_a_folder_changes_nothing_for_itself_and_is_listed(
    monorepo: Repository, own: dict[str, str | None]
) -> None:
    monorepo.commit(own)
    report = proposed(monorepo)
    assert paths(report) == ["apps/b/x.py"]
    assert [each.path for each in report.exemptions if each.kind == "configuration"] == list(own)


def test_a_configuration_that_moved_is_listed_at_both_places(monorepo: Repository) -> None:
    monorepo.commit({"apps/a/.rubricate.yml": None, "apps/b/.rubricate.yml": f"ignore: [{RULE}]\n"})
    report = proposed(monorepo)
    assert paths(report) == ["apps/b/x.py"]
    assert [each.path for each in report.exemptions] == ["apps/a/.rubricate.yml", "apps/b/.rubricate.yml"]


def test_another_folder_s_mistake_ends_no_review(monorepo: Repository) -> None:
    monorepo.git("checkout", "-q", "main")
    monorepo.commit({"apps/c/.rubricate.yml": "ignroe: []\n"})
    assert paths(proposed(monorepo)) == ["apps/b/x.py"]
    monorepo.commit({"apps/b/.rubricate.yml": "ignroe: []\n"})
    with pytest.raises(UserError, match=r"^apps/b/.rubricate.yml: unknown key"):
        proposed(monorepo)


def test_what_a_developer_configures_for_a_folder_holds_at_once(monorepo: Repository) -> None:
    monorepo.write({"apps/b/.rubricate.yml": f"ignore: [{RULE}]\n"})
    assert paths(reviewed(Change.local(monorepo.root, "main", "topic"))) == []
