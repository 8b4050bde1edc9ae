"""Who gets in: Apps, installations, workflows, people and git."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.github import Entry, Fault, Github, PullRequest, Repository
from tests.github.conftest import Client, Clock, app_jwt, installation_client

REPO = "/repos/octo/shop"


async def test_an_app_is_known_by_its_jwt(github: Github) -> None:
    answer = await Client(github, f"Bearer {app_jwt(github)}")("GET", "/app")
    assert (answer.status, answer.body["slug"]) == (200, "rubricate")


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": int(time.time()) + 86_400},
        {"exp": int(time.time()) - 10},
        {"iat": int(time.time()) + 86_400},
        {"iss": "2"},
        {"iss": None},
        {"exp": None},
    ],
    ids=["too-far", "expired", "not-yet-issued", "another-app", "no-issuer", "endless"],
)
async def test_a_wrong_jwt_is_refused(github: Github, claims: dict[str, object]) -> None:
    answer = await Client(github, f"Bearer {app_jwt(github, **claims)}")("GET", "/app")
    assert answer.status == 401


async def test_a_jwt_as_the_documentation_makes_it_is_taken(github: Github) -> None:
    now = int(time.time())
    answer = await Client(github, f"Bearer {app_jwt(github, iat=now - 60, exp=now + 600)}")("GET", "/app")
    assert answer.status == 200


async def test_a_jwt_of_another_key_is_refused(github: Github, tmp_path: Path) -> None:
    stranger = Github(tmp_path / "other")
    answer = await Client(github, f"Bearer {app_jwt(stranger)}")("GET", "/app")
    assert answer.status == 401


async def test_a_jwt_opens_no_repository(github: Github, repository: Repository) -> None:
    app = Client(github, f"Bearer {app_jwt(github)}")
    assert (await app("GET", f"{REPO}/pulls")).status == 403
    assert (await app("GET", f"{REPO}/installation")).status == 200


async def test_an_installation_token_opens_the_repository(client: Client, pull: PullRequest) -> None:
    answer = await client("GET", f"{REPO}/pulls/1")
    assert (answer.status, answer.body["head"]["sha"]) == (200, pull.head_sha)


async def test_a_token_ends_after_an_hour(client: Client, clock: Clock) -> None:
    clock.ahead = timedelta(minutes=59)
    assert (await client("GET", REPO)).status == 200
    clock.ahead = timedelta(minutes=61)
    assert (await client("GET", REPO)).status == 401


async def test_tokens_can_be_ended_at_once(github: Github, client: Client, repository: Repository) -> None:
    github.expire_tokens()
    assert (await client("GET", REPO)).status == 401
    assert (await (await installation_client(github, repository))("GET", REPO)).status == 200


async def test_a_token_can_be_narrowed_to_a_repository(github: Github, repository: Repository) -> None:
    github.add_repository("octo/other", private=True)
    narrow = await installation_client(github, repository, repositories=["shop"])
    assert (await narrow("GET", REPO)).status == 200
    assert (await narrow("GET", "/repos/octo/other")).status == 404
    wide = await installation_client(github, repository)
    assert (await wide("GET", "/repos/octo/other")).status == 200


async def test_a_token_can_be_narrowed_in_permissions(
    github: Github, repository: Repository, pull: PullRequest
) -> None:
    narrow = await installation_client(github, repository, permissions={"contents": "read"})
    assert (await narrow("GET", f"{REPO}/contents/a.py")).status == 200
    refused = await narrow("POST", f"{REPO}/issues/1/comments", {"body": "Hello"})
    assert (refused.status, refused.body["message"]) == (403, "Resource not accessible by integration")


async def test_a_token_never_gets_more_than_was_granted(github: Github, repository: Repository) -> None:
    assert repository.installation is not None
    app = Client(github, f"Bearer {app_jwt(github)}")
    tokens = f"/app/installations/{repository.installation.id}/access_tokens"
    assert (await app("POST", tokens, {"permissions": {"contents": "write"}})).status == 422
    assert (await app("POST", tokens, {"repositories": ["unknown"]})).status == 422
    assert (await app("POST", tokens, {"permissions": {"contents": "read"}})).status == 201


async def test_strangers_find_no_private_repository(github: Github, repository: Repository) -> None:
    assert (await Client(github, None)("GET", REPO)).status == 404
    assert (await Client(github, f"token {github.user_token('stranger')}")("GET", REPO)).status == 404
    assert (await Client(github, "token ghs_wrong")("GET", REPO)).status == 401
    assert (await Client(github, f"token {github.user_token('octo')}")("GET", REPO)).status == 200


async def test_everybody_reads_a_public_repository_and_only_the_app_writes(github: Github) -> None:
    public = github.add_repository("octo/open", files={"a.py": "1\n"})
    github.commit(public, "feature", {"a.py": "2\n"}, start="main")
    github.open_pull_request(public, "main", "feature")
    nobody = Client(github, None)
    assert (await nobody("GET", "/repos/octo/open/pulls/1")).status == 200
    assert (await nobody("POST", "/repos/octo/open/issues/1/comments", {"body": "Hello"})).status == 401
    app = await installation_client(github, public)
    assert (await app("POST", "/repos/octo/open/issues/1/comments", {"body": "Hello"})).status == 201


async def test_a_forks_workflow_token_reads_only(
    github: Github, repository: Repository, pull: PullRequest
) -> None:
    reading = Client(github, f"Bearer {github.actions_token(repository)}")
    assert (await reading("GET", f"{REPO}/pulls/1/files")).status == 200
    refused = await reading("POST", f"{REPO}/pulls/1/reviews", {"event": "COMMENT", "body": "Hello"})
    assert (refused.status, refused.body["message"]) == (403, "Resource not accessible by integration")
    writing = Client(github, f"Bearer {github.actions_token(repository, {'pull_requests': 'write'})}")
    assert (
        await writing("POST", f"{REPO}/pulls/1/reviews", {"event": "COMMENT", "body": "Hello"})
    ).status == 200
    assert github.reviews[0].user.login == "github-actions[bot]"


async def test_only_people_are_users(github: Github, client: Client) -> None:
    assert (await client("GET", "/user")).status == 403
    person = await Client(github, f"token {github.user_token('mona')}")("GET", "/user")
    assert (person.status, person.body["login"]) == (200, "mona")


async def test_people_may_not_write_check_runs(
    github: Github, repository: Repository, pull: PullRequest
) -> None:
    owner = Client(github, f"token {github.user_token('octo')}")
    refused = await owner("POST", f"{REPO}/check-runs", {"name": "Mine", "head_sha": pull.head_sha})
    assert (refused.status, refused.body["message"]) == (403, "You must authenticate via a GitHub App.")


async def test_a_suspended_or_removed_installation_is_shut_out(
    github: Github, client: Client, repository: Repository
) -> None:
    installation = repository.installation
    assert installation is not None
    github.suspend(installation)
    assert (await client("GET", REPO)).status == 403
    installation.suspended_at = None
    assert (await client("GET", REPO)).status == 200
    github.uninstall(installation)
    assert (await client("GET", REPO)).status == 401
    app = Client(github, f"Bearer {app_jwt(github)}")
    assert (await app("POST", f"/app/installations/{installation.id}/access_tokens")).status == 404


async def test_permissions_of_people_are_told(github: Github, client: Client, repository: Repository) -> None:
    github.add_collaborator(repository, "ana", "maintain")
    github.state.user("stranger")
    told = {
        login: (await client("GET", f"{REPO}/collaborators/{login}/permission")).body["permission"]
        for login in ("octo", "ana", "stranger")
    }
    assert told == {"octo": "admin", "ana": "write", "stranger": "none"}


# Git


def password(client: Client) -> str:
    assert client.authorization is not None
    return client.authorization.partition(" ")[2]


async def fetch(
    github: Github, folder: Path, *refs: str, login: str = "", options: tuple[str, ...] = ()
) -> str:
    """Fetches as git does, without asking anybody; returns "" or what git complained of."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    url = github.url.replace("http://", f"http://{login}@" if login else "http://") + "/octo/shop.git"
    process = await asyncio.create_subprocess_exec(
        *("git", "-c", "credential.helper=", "fetch", "--quiet", *options, url, *refs),
        cwd=folder,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": os.devnull},
    )
    return (await process.communicate())[1].decode()


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


async def test_git_fetches_a_pull_request_with_a_token(
    github: Github, client: Client, pull: PullRequest, tmp_path: Path
) -> None:
    login = f"x-access-token:{password(client)}"
    refs = ("refs/pull/1/head:refs/head", "refs/pull/1/merge:refs/merge", "refs/heads/main:refs/base")
    assert await fetch(github, tmp_path / "clone", *refs, login=login) == ""
    assert git(tmp_path / "clone", "rev-parse", "refs/head") == pull.head_sha
    assert git(tmp_path / "clone", "rev-parse", "refs/merge^1") == pull.base_sha


async def test_git_fetches_nothing_without_a_token(
    github: Github, repository: Repository, tmp_path: Path
) -> None:
    assert "could not read Username" in await fetch(github, tmp_path / "a", "main")
    assert "Authentication failed" in await fetch(
        github, tmp_path / "b", "main", login="x-access-token:wrong"
    )
    stranger = f"mona:{github.user_token('mona')}"
    assert "not found" in await fetch(github, tmp_path / "c", "main", login=stranger)


async def test_git_fetches_nothing_with_a_token_of_another_repository(
    github: Github, repository: Repository, tmp_path: Path
) -> None:
    github.add_repository("octo/other")
    other = await installation_client(github, repository, repositories=["other"])
    assert "not found" in await fetch(
        github, tmp_path / "a", "main", login=f"x-access-token:{password(other)}"
    )


async def test_git_fetches_a_public_repository_without_a_token(
    github: Github, repository: Repository, tmp_path: Path
) -> None:
    repository.private = False
    assert await fetch(github, tmp_path / "a", "main") == ""


async def test_git_takes_a_header_with_the_token(
    github: Github, client: Client, repository: Repository, tmp_path: Path
) -> None:
    header = ("-c", f"http.extraHeader=Authorization: Bearer {password(client)}")
    subprocess.run(["git", "init", "--quiet", str(tmp_path / "a")], check=True)
    process = await asyncio.create_subprocess_exec(
        "git", *header, "fetch", "--quiet", f"{github.url}/octo/shop.git", "main", cwd=tmp_path / "a"
    )
    assert await process.wait() == 0


async def test_git_fetches_partially_and_by_reachable_commit(
    github: Github, client: Client, pull: PullRequest, tmp_path: Path
) -> None:
    login = f"x-access-token:{password(client)}"
    options = ("--filter=blob:none", "--depth=1")
    assert await fetch(github, tmp_path / "a", pull.head_sha, login=login, options=options) == ""
    missing = git(tmp_path / "a", "rev-list", "--objects", "--missing=print", pull.head_sha)
    assert "\n?" in missing


async def test_git_takes_no_push(github: Github, client: Client, pull: PullRequest, tmp_path: Path) -> None:
    login = f"x-access-token:{password(client)}"
    await fetch(github, tmp_path / "a", "main:refs/heads/main", login=login)
    url = github.url.replace("http://", f"http://{login}@") + "/octo/shop.git"
    process = await asyncio.create_subprocess_exec(
        *("git", "push", "--quiet", url, "main:evil"), cwd=tmp_path / "a", stderr=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() != 0
    assert pull.repository.git.branch("evil") is None


async def test_a_fetch_can_be_cut(
    github: Github, client: Client, repository: Repository, tmp_path: Path
) -> None:
    login = f"x-access-token:{password(client)}"
    fault = github.faults.add(Fault("POST *git-upload-pack", "truncate"))
    assert await fetch(github, tmp_path / "a", "main", login=login) != ""
    assert fault.hits == 1
    assert await fetch(github, tmp_path / "b", "main", login=login) == ""


async def test_a_forks_head_is_fetched_from_the_base(
    github: Github, client: Client, repository: Repository, tmp_path: Path
) -> None:
    fork = github.fork(repository, "ana")
    head = github.commit(
        fork, "feature", {"a.py": "forked\n", "run": Entry(b"#!/bin/sh\n", "100755")}, start="main"
    )
    pull = github.open_pull_request(repository, "main", "feature", fork=fork, author="ana")
    login = f"x-access-token:{password(client)}"
    assert await fetch(github, tmp_path / "a", "refs/pull/1/head:refs/head", login=login) == ""
    assert git(tmp_path / "a", "rev-parse", "refs/head") == head == pull.head_sha
