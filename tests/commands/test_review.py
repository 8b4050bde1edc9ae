"""`rubricate review`, on real repositories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.conftest import CLEAN, DEFECTS, Command
from tests.repository import Repository

RULE = "performance/http-timeout-missing"


@pytest.fixture
def checkout(tmp_path: Path) -> Repository:
    """A repository whose main has defects in one file, with a branch that is checked out and adds another."""
    repository = Repository(tmp_path / "project")
    repository.commit({"old.py": DEFECTS})
    repository.git("switch", "--quiet", "--create", "feature")
    repository.commit({"new.py": DEFECTS})
    return repository


def found(command: Command, *argv: str | Path) -> set[tuple[str, str]]:
    answer = command("review", "--format", "json", "--fail-on", "never", *argv)
    assert answer.code == 0, answer.err
    return {(finding["path"], finding["rule"]) for finding in json.loads(answer.out)["findings"]}


def test_only_what_the_branch_brought_is_reported(command: Command, checkout: Repository) -> None:
    places = found(command, "--repo", checkout.root, "--base", "main")
    assert ("new.py", RULE) in places
    assert {path for path, _ in places} == {"new.py"}


def test_what_main_did_since_is_not_the_branch_s(command: Command, checkout: Repository) -> None:
    checkout.git("switch", "--quiet", "main")
    checkout.write({"later.py": DEFECTS})
    checkout.commit({}, "Later")
    checkout.git("rm", "--quiet", "old.py")
    checkout.commit({}, "Take away")
    assert {
        path for path, _ in found(command, "--repo", checkout.root, "--base", "main", "--head", "feature")
    } == {"new.py"}


def test_a_bare_repository_is_reviewed(command: Command, checkout: Repository, tmp_path: Path) -> None:
    checkout.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    assert ("new.py", RULE) in found(
        command, "--repo", tmp_path / "bare.git", "--base", "main", "--head", "feature"
    )


def test_the_index_is_reviewed_without_what_is_not_staged(command: Command, checkout: Repository) -> None:
    checkout.write({"staged.py": DEFECTS})
    checkout.git("add", "staged.py")
    checkout.write({"staged.py": CLEAN})
    checkout.write({"loose.py": DEFECTS})
    places = found(command, "--repo", checkout.root, "--base", "HEAD", "--head", "index")
    assert {path for path, _ in places} == {"staged.py"}


def test_the_worktree_is_reviewed_with_what_git_does_not_know_yet(
    command: Command, checkout: Repository
) -> None:
    checkout.write({"loose.py": DEFECTS})
    checkout.write({".gitignore": "ignored.py\n"})
    checkout.write({"ignored.py": DEFECTS})
    places = found(command, "--repo", checkout.root, "--base", "HEAD", "--head", "worktree")
    assert {path for path, _ in places} == {"loose.py"}


def test_a_deleted_timeout_is_reported_on_the_deleted_line(command: Command, checkout: Repository) -> None:
    call = "import requests\n\n\ndef fetch(url):\n    return requests.get(\n        url,\n        timeout=5,\n    )\n"
    checkout.write({"client.py": call})
    checkout.commit({}, "Client")
    checkout.write({"client.py": call.replace("        timeout=5,\n", "")})
    answer = command(
        "review", "--repo", checkout.root, "--base", "HEAD", "--head", "worktree", "--format", "json"
    )
    (finding,) = json.loads(answer.out)["findings"]
    assert finding["rule"] == RULE
    assert finding["caused_by"] == {"path": "client.py", "line": 7}


def test_locally_the_worktree_s_configuration_holds(command: Command, checkout: Repository) -> None:
    checkout.write({".rubricate.yml": f"ignore: [{RULE}]\n"})
    assert ("new.py", RULE) not in found(command, "--repo", checkout.root, "--base", "main")


def test_in_a_bare_repository_the_base_s_configuration_holds(
    command: Command, checkout: Repository, tmp_path: Path
) -> None:
    checkout.write({".rubricate.yml": "ignore: ['performance/*', 'maintainability/*']\n"})
    checkout.commit({}, "Switch the review off")
    checkout.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    answer = command(
        "review", "--repo", tmp_path / "bare.git", "--base", "main", "--head", "feature", "--format", "json",
        "--fail-on", "never",
    )  # fmt: skip
    report = json.loads(answer.out)
    assert RULE in {finding["rule"] for finding in report["findings"]}
    assert [exemption["kind"] for exemption in report["exemptions"]] == ["configuration"]


def test_nothing_is_checked_out_or_written(command: Command, checkout: Repository) -> None:
    before = sorted(path.relative_to(checkout.root) for path in checkout.root.rglob("*"))
    found(command, "--repo", checkout.root, "--base", "main", "--head", "feature")
    assert sorted(path.relative_to(checkout.root) for path in checkout.root.rglob("*")) == before


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--base", "nowhere"), "nowhere"),
        (("--base", "main", "--head", "nowhere"), "nowhere"),
    ],
)
def test_a_revision_that_is_not_there_is_one_plain_line(
    command: Command, checkout: Repository, argv: tuple[str, ...], words: str
) -> None:
    answer = command("review", "--repo", checkout.root, *argv)
    assert answer.code == 2
    assert words in answer.err
    assert answer.err.count("\n") == 1


def test_a_folder_that_is_no_repository_is_one_plain_line(command: Command, tmp_path: Path) -> None:
    answer = command("review", "--repo", tmp_path, "--base", "main")
    assert answer.code == 2
    assert answer.err.count("\n") == 1
