"""A stand-in with one repository and one pull request on it, and a client to ask it with."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from multidict import CIMultiDictProxy

from tests.github import Github, PullRequest, Repository

NUMBERS = "".join(f"line {number}\n" for number in range(1, 41))


class Clock:
    """The stand-in's time, which a test may move."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass(frozen=True)
class Response:
    status: int
    body: Any
    headers: CIMultiDictProxy[str]


class Client:
    """Asks as one actor; REST's paths are given below the API's base."""

    def __init__(self, github: Github, authorization: str | None) -> None:
        self.github = github
        self.authorization = authorization

    async def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.authorization is not None:
            sent["Authorization"] = self.authorization
        url = path if path.startswith("http") else self.github.api_url + path
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, url, data=data, headers=sent) as answer,
        ):
            raw = await answer.read()
            is_json = "json" in answer.headers.get("Content-Type", "") and raw
            return Response(answer.status, json.loads(raw) if is_json else raw, answer.headers)

    async def graphql(self, query: str, **variables: Any) -> Any:
        answer = await self("POST", self.github.graphql_url, {"query": query, "variables": variables})
        assert answer.status == 200, answer
        return answer.body


def app_jwt(github: Github, **claims: object) -> str:
    now = int(time.time())
    given = {"iat": now - 60, "exp": now + 300, "iss": "1"} | claims
    given = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(given, github.private_key_pem, "RS256")


async def installation_client(github: Github, repository: Repository, **body: object) -> Client:
    assert repository.installation is not None
    app = Client(github, f"Bearer {app_jwt(github)}")
    answer = await app("POST", f"/app/installations/{repository.installation.id}/access_tokens", body or None)
    assert answer.status == 201, answer
    return Client(github, f"token {answer.body['token']}")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def github(tmp_path: Path, clock: Clock) -> AsyncIterator[Github]:
    async with Github(tmp_path / "github", clock=clock) as running:
        yield running


@pytest.fixture
def repository(github: Github) -> Repository:
    """A private repository, so that every permission counts."""
    return github.add_repository("octo/shop", private=True, files={"a.py": NUMBERS, "old.py": "old\n" * 5})


@pytest.fixture
def pull(github: Github, repository: Repository) -> PullRequest:
    """Line 20 of a.py replaced by two, new.py added: the diff of a.py holds the new lines 17 to 24."""
    changed = NUMBERS.replace("line 20\n", "line twenty\nline twenty and a half\n")
    github.commit(repository, "feature", {"a.py": changed, "new.py": "new\n"}, start="main")
    return github.open_pull_request(repository, "main", "feature")


@pytest.fixture
async def client(github: Github, repository: Repository) -> Client:
    return await installation_client(github, repository)
