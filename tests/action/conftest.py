"""A stand-in GitHub with a repository, and a runner on which its workflows run."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.action.runner import Job, Runner
from tests.github import Github, PullRequest, Repository

QUIET = "import requests\n\n\ndef rate():\n    return requests.get('https://rates.example.com', timeout=10)\n"
LOUD = QUIET.replace(", timeout=10", "")
FILES = {"rates.py": QUIET, "settings.py": "DEBUG = False\nUSE_TZ = True\n", "README.md": "# Shop\n"}
WRITE = {"contents": "read", "metadata": "read", "pull_requests": "write"}
ZERO = "0" * 40


class World:
    """A repository, and the workflow that runs the Action on it."""

    def __init__(self, github: Github, runner: Runner, folder: Path) -> None:
        self.github = github
        self.runner = runner
        self.workspace = folder / "workspace"
        self.repository: Repository = github.add_repository(
            "octo/shop", private=True, files=FILES, installed=False
        )

    def install(self) -> None:
        """The App comes to the repository."""
        installation = self.github.install("octo")
        self.repository.installation = installation
        installation.repositories.append(self.repository)

    def open(
        self,
        files: Mapping[str, str | None],
        branch: str = "feature",
        fork: str | None = None,
        **options: Any,
    ) -> PullRequest:
        """A pull request whose branch changes these files."""
        home = self.github.fork(self.repository, fork) if fork else self.repository
        self.github.commit(home, branch, files, start="main")
        other = home if fork else None
        return self.github.open_pull_request(self.repository, "main", branch, fork=other, **options)

    def check_out(self, commit: str, depth: int | None = None) -> None:
        """What actions/checkout leaves: one commit, or with `fetch-depth: 0` all branches as well."""
        self.workspace.mkdir()
        source = f"file://{self.repository.git.path}"
        _git(self.workspace, "init", "-q")
        _git(self.workspace, "remote", "add", "origin", source)
        shallow = [f"--depth={depth}"] if depth else []
        branches = [] if depth else ["+refs/heads/*:refs/remotes/origin/*"]
        _git(
            self.workspace,
            "fetch",
            "-q",
            "--no-tags",
            *shallow,
            "origin",
            *branches,
            f"+{commit}:refs/remotes/pull/0",
        )
        _git(self.workspace, "checkout", "-q", "--force", commit)

    async def review(
        self,
        pull: PullRequest,
        *,
        action: str = "opened",
        depth: int | None = None,
        checkout: bool = True,
        permissions: Mapping[str, str] | None = WRITE,
        event: str = "pull_request",
        **inputs: str,
    ) -> Job:
        """The job of a pull request's event; without `permissions` the token is a fork's."""
        payload = self.github.payload("pull_request", action, pull=pull)
        assert pull.merge_sha is not None
        return await self.job(
            event, payload, pull.merge_sha, depth=depth, checkout=checkout, permissions=permissions, **inputs
        )

    async def job(
        self,
        event: str,
        payload: Mapping[str, Any],
        commit: str,
        *,
        depth: int | None = None,
        checkout: bool = True,
        permissions: Mapping[str, str] | None = WRITE,
        **inputs: str,
    ) -> Job:
        """Check out, and run the Action."""
        if checkout and not self.workspace.exists():
            await asyncio.to_thread(self.check_out, commit, depth)
        self.workspace.mkdir(exist_ok=True)
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        token = given.pop("token", None) or self.github.actions_token(self.repository, permissions)
        return await asyncio.to_thread(
            self.runner.run,
            self.github,
            self.repository,
            event,
            payload,
            workspace=self.workspace,
            commit=commit,
            token=token,
            inputs=given,
        )

    def push(self, before: str, after: str, ref: str = "refs/heads/main", **extra: Any) -> dict[str, Any]:
        """The payload of a push."""
        known: dict[str, Any] = {"repository": self.repository, "ref": ref, "before": before, "after": after}
        return self.github.payload("push", **known, **extra)

    def said(self) -> list[tuple[str, int | None]]:
        """Where comments stand."""
        return sorted((thread.path, thread.line) for thread in self.github.threads)


def _git(folder: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(folder), *args], check=True, capture_output=True)


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(tmp_path_factory.mktemp("runner"))


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[Github]:
    async with Github(tmp_path / "github") as running:
        yield running


@pytest.fixture
def world(github: Github, runner: Runner, tmp_path: Path) -> World:
    return World(github, runner, tmp_path)
