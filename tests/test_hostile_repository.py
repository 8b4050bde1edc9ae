"""Nothing of a reviewed repository is run or obeyed: by the command, the hook, the App's clone and its child."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot import child
from bot.config import Limits
from bot.github.clone import Clones, Wanted
from tests.github import Github
from tests.hostile import LOUD, QUIET, RULE, HostileRepository, environment, files, proves_it_is_armed

BIN = Path(sys.executable).parent
RUBRICATE = [f"{BIN}/rubricate"]
MODULE = [sys.executable, "-I", "-m", "checks"]


@pytest.fixture
def hostile(tmp_path: Path) -> HostileRepository:
    repository = HostileRepository(tmp_path / "hostile", tmp_path / "canaries")
    repository.arm()
    assert proves_it_is_armed(repository)
    return repository


def run(repository: HostileRepository, *command: str, code: int | None = None) -> str:
    """Run a command inside of the repository, as a careless user would."""
    done = subprocess.run(
        command,
        cwd=repository.root,
        env=environment(repository.root),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert code is None or done.returncode == code, done.stdout
    return done.stdout


def test_the_traps_are_set(hostile: HostileRepository) -> None:
    run(hostile, sys.executable, "-c", "import yaml, checks")
    run(hostile, "git", "--version")
    assert {"python-yaml.py", "python-checks", "program-git"} <= set(hostile.sung())


@pytest.mark.parametrize("rubricate", [RUBRICATE, MODULE], ids=["command", "module"])
def test_a_scan_runs_nothing(hostile: HostileRepository, rubricate: list[str]) -> None:
    said = run(hostile, *rubricate, "scan", "--no-cache", "--fail-on", "medium", code=1)
    assert RULE in said
    assert hostile.sung() == []


@pytest.mark.parametrize("head", ["HEAD", "index", "worktree"])
def test_a_review_runs_nothing(hostile: HostileRepository, head: str) -> None:
    said = run(
        hostile,
        *RUBRICATE,
        "review",
        "--base",
        hostile.base,
        "--head",
        head,
        "--no-cache",
        "--fail-on",
        "medium",
        code=1,
    )
    assert "rates.py" in said and RULE in said
    assert hostile.sung() == []


@pytest.mark.parametrize("command", [["fix", "--diff"], ["baseline"], ["init", "--dry-run"], ["fix"]])
def test_other_commands_run_nothing(hostile: HostileRepository, command: list[str]) -> None:
    run(hostile, *RUBRICATE, *command)
    assert hostile.sung() == []


def test_the_hook_runs_nothing(hostile: HostileRepository) -> None:
    (hostile.root / ".git/config").rename(hostile.root / ".git/armed")
    (hostile.root / ".git/config").write_text("[core]\n\trepositoryformatversion = 0\n")
    hostile.write({"more.py": LOUD})
    hostile.git("-c", "core.hooksPath=/dev/null", "add", "more.py")
    (hostile.root / ".git/armed").rename(hostile.root / ".git/config")
    for path in hostile.canaries.iterdir():
        path.unlink()
    assert "more.py" in run(hostile, *RUBRICATE, "hook", "--fail-on", "medium")
    assert hostile.sung() == []


def test_a_missing_file_of_a_partial_clone_is_not_asked_for(hostile: HostileRepository) -> None:
    blob = hostile.git("-c", "core.fsmonitor=", "rev-parse", f"{hostile.head}:rates.py")
    (hostile.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    subprocess.run(["git", "-C", str(hostile.root), "cat-file", "-p", blob], capture_output=True, check=False)
    assert "config-remote" in hostile.sung(), "git itself asks the remote, which is a command"
    for path in hostile.canaries.iterdir():
        path.unlink()
    said = run(hostile, *RUBRICATE, "review", "--base", hostile.base, "--no-cache")
    assert "rates.py" in said, "it is told as a problem"
    assert hostile.sung() == []


async def test_the_apps_clone_and_its_child_run_nothing(tmp_path: Path) -> None:
    canaries = tmp_path / "canaries"
    canaries.mkdir()
    async with Github(tmp_path / "github") as github:
        held = {path: content for path, content in files(canaries).items() if content is not None}
        repository = github.add_repository("octo/hostile", private=True, files={**held, "rates.py": QUIET})
        github.commit(repository, "feature", {"rates.py": LOUD}, start="main")
        pull = github.open_pull_request(repository, "main", "feature")
        token = github.actions_token(repository)
        clones = Clones(tmp_path / "clones", github.url, size=1 << 30, limits=Limits())
        wanted = Wanted(1, repository.id, "octo/hostile", pull.number, pull.base_sha, pull.head_sha)
        async with clones.holding(wanted, token) as clone:
            command = (sys.executable, "-I", "-m", "checks.job")
            answer = await child.review(command, Limits(), clone, pull.base_sha, pull.head_sha)
    assert [finding.rule for finding in answer.report.findings] == [RULE]
    assert list(canaries.iterdir()) == []
