"""The client: waits when GitHub says so, repeats reads, and never repeats a write blindly."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from gidgethub import BadRequest, GitHubBroken

from bot.github.client import Client, Unanswered, graphql_url, kind_of
from bot.github.throttle import LocalThrottle, Pace
from bot.github.tokens import PERMISSIONS, Tokens
from tests.github import Fault, Github, Repository


class Patient(Client):
    """Notes how long it would wait."""

    waits: list[float]

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


class Noting(LocalThrottle):
    """Notes how long it would hold its installation back."""

    def __init__(self, waits: list[float]) -> None:
        super().__init__(Pace(0, 0))
        self.waits = waits

    async def hold(self, key: str, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[Github]:
    async with Github(tmp_path / "github") as running:
        yield running


@pytest.fixture
def repository(github: Github) -> Repository:
    return github.add_repository("octo/shop", private=True, files={"a.py": "fine = 1\n"})


@pytest.fixture
async def app(github: Github) -> AsyncIterator[Patient]:
    async with aiohttp.ClientSession() as session:
        yield client_for(github, session)


def client_for(github: Github, session: aiohttp.ClientSession, token: str | None = None) -> Patient:
    waits: list[float] = []
    client = Patient(session, token=token, api_url=github.api_url, throttle=Noting(waits))
    client.waits = waits
    return client


@pytest.fixture
async def tokens(github: Github) -> Tokens:
    return Tokens(str(github.app_id), github.private_key_pem)


@pytest.fixture
async def client(github: Github, repository: Repository, app: Patient, tokens: Tokens) -> Patient:
    assert repository.installation is not None
    token = await tokens.token(app, repository.installation.id, repository.id)
    return client_for(github, app._session, token.value)


async def check_run(client: Client, repository: Repository) -> Any:
    data = {"name": "Rubricate", "head_sha": repository.git.text("rev-parse", "main"), "external_id": "x"}
    return await client.post("/repos/octo/shop/check-runs", data=data)


# Waiting


async def test_retry_after_is_waited_out(github: Github, client: Patient) -> None:
    github.faults.add(Fault("GET /repos/octo/shop", status=403, headers={"retry-after": "17"}))
    assert (await client.getitem("/repos/octo/shop"))["full_name"] == "octo/shop"
    assert client.waits == [17]


async def test_a_used_up_limit_is_waited_out_until_its_reset(github: Github, client: Patient) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 100)}
    github.faults.add(Fault("GET /repos/octo/shop", status=403, headers=headers))
    await client.getitem("/repos/octo/shop")
    assert [95 < wait < 105 for wait in client.waits] == [True]


async def test_a_secondary_limit_without_a_time_is_waited_out_for_a_minute(
    github: Github, client: Patient
) -> None:
    message = "You have exceeded a secondary rate limit."
    github.faults.add(Fault("POST /repos/octo/shop/check-runs", status=403, message=message))
    await check_run(client, github.state.repositories["octo/shop"])
    assert client.waits == [60]
    assert len(github.check_runs) == 1


async def test_waiting_has_an_end_after_which_the_whole_step_is_repeated_later(
    github: Github, client: Patient
) -> None:
    github.faults.add(Fault("GET /repos/octo/shop", status=429, headers={"retry-after": "500"}, times=None))
    with pytest.raises(Unanswered):
        await client.getitem("/repos/octo/shop")
    assert client.waits == [500, 500]


async def test_a_limit_of_graphql_comes_with_status_200_and_is_waited_out(
    github: Github, client: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = b'{"data": null, "errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}'
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(time.time()) + 30)}
    send, answers = client._send, [(200, headers, said)]

    async def once(method: str, url: str, sent: Any, body: bytes) -> Any:
        return answers.pop() if answers else await send(method, url, sent, body)

    monkeypatch.setattr(client, "_send", once)
    answer = await client.query('query { repository(owner: "octo", name: "shop") { nameWithOwner } }')
    assert answer["repository"]["nameWithOwner"] == "octo/shop"
    assert [25 < wait < 35 for wait in client.waits] == [True]


async def test_what_one_request_is_told_to_wait_others_of_the_installation_wait_too(
    github: Github, client: Patient
) -> None:
    client._throttle = LocalThrottle(Pace(0, 0))
    github.faults.add(Fault("GET /repos/octo/shop", status=403, headers={"retry-after": "1"}))
    started = time.monotonic()
    first = asyncio.ensure_future(client.getitem("/repos/octo/shop"))
    await asyncio.sleep(0.3)
    await client.getitem("/repos/octo/shop")
    assert time.monotonic() - started >= 1
    await first


@pytest.mark.parametrize(
    ("method", "path", "body", "kind"),
    [
        ("GET", "/repos/o/r/pulls/1/reviews", b"", "read"),
        ("POST", "/repos/o/r/pulls/1/reviews", b"{}", "notice"),
        ("POST", "/repos/o/r/pulls/1/reviews/7/events", b"{}", "notice"),
        ("POST", "/repos/o/r/pulls/1/comments/7/replies", b"{}", "notice"),
        ("POST", "/repos/o/r/issues/1/comments", b"{}", "notice"),
        ("POST", "/repos/o/r/pulls", b"{}", "notice"),
        ("POST", "/repos/o/r/check-runs", b"{}", "write"),
        ("PATCH", "/repos/o/r/issues/comments/1", b"{}", "write"),
        ("POST", "/graphql", b'{"query": "query { viewer { login } }"}', "read"),
        ("POST", "/graphql", b'{"query": "\\n  query A { viewer { login } }"}', "read"),
        ("POST", "/graphql", b'{"query": "mutation { resolveReviewThread }"}', "write"),
        ("POST", "/graphql", b'{"query": "mutation { addPullRequestReviewThread }"}', "write"),
        ("POST", "/graphql", b'{"query": "mutation { addPullRequestReviewThreadReply }"}', "notice"),
    ],
)
def test_what_people_are_told_of_is_known(method: str, path: str, body: bytes, kind: str) -> None:
    assert kind_of(method, f"https://api.github.com{path}?x=1", body) == kind


async def test_a_plain_refusal_is_not_waited_for(client: Patient) -> None:
    with pytest.raises(BadRequest):
        await client.getitem("/repos/octo/other")
    assert client.waits == []


# Repeating


@pytest.mark.parametrize("kind", ["status", "reset", "cut", "truncate"])
async def test_a_read_is_repeated(github: Github, client: Patient, kind: Any) -> None:
    github.faults.add(Fault("GET /repos/octo/shop", kind, status=502, times=2))
    assert (await client.getitem("/repos/octo/shop"))["full_name"] == "octo/shop"
    assert client.waits[0] == 2  # aiohttp repeats a read by itself where an old connection broke


async def test_repeating_has_an_end(github: Github, client: Patient) -> None:
    github.faults.add(Fault("GET /repos/octo/shop", status=502, times=None))
    with pytest.raises(GitHubBroken):
        await client.getitem("/repos/octo/shop")
    assert client.waits == [2, 4, 8, 16]


@pytest.mark.parametrize("kind", ["status", "cut", "truncate", "reset"])
async def test_a_write_is_not_repeated_blindly(
    github: Github, repository: Repository, client: Patient, kind: Any
) -> None:
    github.faults.add(Fault("POST /repos/octo/shop/check-runs", kind, status=502))
    with pytest.raises(Unanswered):
        await check_run(client, repository)
    assert len([request for request in github.requests if request.path.endswith("/check-runs")]) == 1


@pytest.mark.parametrize(
    ("kind", "applied"), [("cut", True), ("truncate", True), ("reset", False), ("status", True)]
)
async def test_a_write_is_looked_for_before_it_is_repeated(
    github: Github, repository: Repository, client: Patient, kind: Any, applied: bool
) -> None:
    github.faults.add(Fault("POST /repos/octo/shop/check-runs", kind, status=502, applied=applied))

    async def find() -> Any:
        return github.check_runs[0] if github.check_runs else None

    await client.ensure(find, lambda: check_run(client, repository))
    assert len(github.check_runs) == 1


async def test_a_redirected_write_is_not_followed(
    github: Github, repository: Repository, client: Patient
) -> None:
    headers = {"location": f"{github.api_url}/repos/octo/shop"}
    github.faults.add(Fault("POST /repos/octo/shop/check-runs", status=301, headers=headers))
    with pytest.raises(Exception, match="Server Error"):
        await check_run(client, repository)
    assert github.check_runs == []


# Tokens


async def test_a_token_is_narrowed_and_kept(
    github: Github, repository: Repository, app: Patient, tokens: Tokens
) -> None:
    assert repository.installation is not None
    first = await tokens.token(app, repository.installation.id, repository.id)
    again = await tokens.token(app, repository.installation.id, repository.id)
    assert first is again
    asked = [request for request in github.requests if request.path.endswith("/access_tokens")]
    assert [request.body for request in asked] == [
        {"repository_ids": [repository.id], "permissions": dict(PERMISSIONS)}
    ]
    assert first.value not in repr(first)


async def test_a_token_about_to_expire_is_replaced(
    github: Github, repository: Repository, app: Patient, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert repository.installation is not None
    first = await tokens.token(app, repository.installation.id, repository.id)
    real = time.time
    monkeypatch.setattr("bot.github.tokens.time.time", lambda: real() + 56 * 60)
    # the JWT is made by the same clock, which the stand-in does not share: the token is asked for all the same
    with pytest.raises(BadRequest):
        await tokens.token(app, repository.installation.id, repository.id)
    assert len([request for request in github.requests if request.path.endswith("/access_tokens")]) == 2
    assert first.expires > real()


async def test_fewer_permissions_than_wished_give_a_token_all_the_same(
    github: Github, repository: Repository, app: Patient, tokens: Tokens
) -> None:
    assert repository.installation is not None
    repository.installation.permissions = {"metadata": "read", "contents": "read", "checks": "write"}
    token = await tokens.token(app, repository.installation.id, repository.id)
    assert token.allows("checks", "write")
    assert token.allows("contents", "read")
    assert not token.allows("contents", "write")
    assert not token.allows("pull_requests", "write")


async def test_the_app_knows_the_name_that_it_writes_under(app: Patient, tokens: Tokens) -> None:
    assert await tokens.login(app) == "rubricate[bot]"


@pytest.mark.parametrize(
    ("api", "graphql"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://ghe.example.com/api/v3", "https://ghe.example.com/api/graphql"),
        ("https://ghe.example.com/api/v3/", "https://ghe.example.com/api/graphql"),
    ],
)
def test_graphql_is_found_beside_rest(api: str, graphql: str) -> None:
    assert graphql_url(api) == graphql
