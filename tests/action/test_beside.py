"""Whether the App is seen beside the Action, by what GitHub keeps of a commit."""

from __future__ import annotations

from dataclasses import replace

import aiohttp
import pytest

from action.beside import app_reviews
from bot.github.checkruns import NAME
from bot.github.client import Client
from bot.github.comments import Pull
from tests.github import CheckRun, Github, PullRequest, Repository
from tests.github.model import App

READS_CHECKS = {"contents": "read", "pull_requests": "write", "checks": "read"}


@pytest.fixture
def repository(github: Github) -> Repository:
    return github.add_repository("octo/shop", private=True, files={"a.py": "a = 1\n"}, installed=False)


@pytest.fixture
def pull(github: Github, repository: Repository) -> PullRequest:
    github.commit(repository, "feature", {"a.py": "a = 2\n"}, start="main")
    return github.open_pull_request(repository, "main", "feature")


def another(github: Github, slug: str) -> App:
    """An App of somebody else."""
    return replace(github.state.app, id=77, slug=slug, bot=github.state.user(f"{slug}[bot]", "Bot"))


def begin_run(repository: Repository, pull: PullRequest, app: App, github: Github, name: str = NAME) -> None:
    suite = github.state.suite(repository, app, pull.head_sha)
    repository.runs.append(CheckRun(1, repository, suite, app, name, pull.head_sha, "queued", None))


async def seen(
    github: Github, pull: PullRequest, slug: str = "rubricate", permissions: dict[str, str] | None = None
) -> bool:
    token = github.actions_token(pull.repository, permissions or READS_CHECKS)
    async with aiohttp.ClientSession() as session:
        client = Client(session, token=token, api_url=github.api_url)
        return await app_reviews(client, Pull("octo/shop", pull.number, pull.head_sha, pull.base_sha), slug)


def install(github: Github, repository: Repository) -> None:
    installation = github.install("octo")
    repository.installation = installation
    installation.repositories.append(repository)


async def test_an_app_is_seen_before_it_has_done_anything(github: Github, repository: Repository) -> None:
    install(github, repository)
    github.commit(repository, "feature", {"a.py": "a = 2\n"}, start="main")
    pull = github.open_pull_request(repository, "main", "feature")
    assert repository.runs == []
    assert await seen(github, pull)


async def test_without_an_app_nothing_is_seen(github: Github, pull: PullRequest) -> None:
    assert not await seen(github, pull)


async def test_other_apps_are_none_of_ours(github: Github, repository: Repository, pull: PullRequest) -> None:
    begin_run(repository, pull, another(github, "coverage"), github, "Coverage")
    assert not await seen(github, pull)


async def test_a_job_of_a_workflow_that_is_called_like_us_is_no_app(
    github: Github, repository: Repository, pull: PullRequest
) -> None:
    begin_run(repository, pull, another(github, "github-actions"), github)
    assert not await seen(github, pull)


async def test_an_app_of_another_name_is_seen_by_that_name(
    github: Github, repository: Repository, pull: PullRequest
) -> None:
    github.state.suite(repository, another(github, "our-reviewer"), pull.head_sha)
    assert await seen(github, pull, "our-reviewer")
    assert not await seen(github, pull)


async def test_an_app_of_another_name_is_seen_by_its_check_run(
    github: Github, repository: Repository, pull: PullRequest
) -> None:
    begin_run(repository, pull, another(github, "our-reviewer"), github)
    assert await seen(github, pull)


async def test_an_app_that_left_is_not_seen_on_what_is_pushed_after_that(
    github: Github, repository: Repository
) -> None:
    install(github, repository)
    github.commit(repository, "feature", {"a.py": "a = 2\n"}, start="main")
    assert repository.installation is not None
    github.uninstall(repository.installation)
    github.commit(repository, "feature", {"a.py": "a = 3\n"})
    assert not await seen(github, github.open_pull_request(repository, "main", "feature"))


async def test_what_the_token_may_not_see_is_taken_for_no(github: Github, repository: Repository) -> None:
    install(github, repository)
    github.commit(repository, "feature", {"a.py": "a = 2\n"}, start="main")
    pull = github.open_pull_request(repository, "main", "feature")
    assert not await seen(github, pull, permissions={"contents": "read", "pull_requests": "write"})
