"""GitHub's REST and GraphQL interfaces: a client that waits when told to and repeats only what is safe."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import aiohttp
from gidgethub import GitHubBroken, abc

log = logging.getLogger(__name__)

Found = TypeVar("Found")
USER_AGENT = "rubricate"
TIMEOUT = aiohttp.ClientTimeout(total=60, connect=10)
LARGEST_ANSWER = 64 * 1024 * 1024
REPEATS = 4
SECONDARY_WAIT = 60.0
READS = frozenset({"GET", "HEAD"})


class Unanswered(Exception):
    """GitHub gave no usable answer: whether it did what it was asked is not known."""


class Throttle:
    """Spaces the writes of each installation, as GitHub asks (one second between two of them).

    https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    """

    def __init__(self, interval: float = 1.0) -> None:
        self._interval = interval
        self._next: dict[str, float] = {}

    async def turn(self, key: str) -> None:
        """Wait until this key may write again."""
        now = time.monotonic()
        slot = max(now, self._next.get(key, now))
        self._next[key] = slot + self._interval
        if slot > now:
            await asyncio.sleep(slot - now)


class Client(abc.GitHubAPI):
    """A gidgethub client for one token and one base URL.

    Rate limits are waited out up to `patience` seconds in all. After a server error or a lost connection a read is
    repeated; a write raises `Unanswered` instead, since it may have been carried out: see `ensure`.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        token: str | None = None,
        api_url: str = "https://api.github.com",
        throttle: Throttle | None = None,
        throttle_key: str = "",
        patience: float = 900.0,
        pause: float = 1.0,
    ) -> None:
        super().__init__(USER_AGENT, oauth_token=token, base_url=api_url)
        self._session = session
        self._throttle = throttle or Throttle()
        self._throttle_key = throttle_key
        self._patience = patience
        self._pause = pause

    async def query(self, document: str, **variables: Any) -> Any:
        """One GraphQL request, to the interface that belongs to the REST base URL."""
        return await self.graphql(document, endpoint=graphql_url(self.base_url), **variables)

    async def ensure(
        self, find: Callable[[], Awaitable[Found | None]], create: Callable[[], Awaitable[Found]]
    ) -> Found:
        """What `find` finds, else what `create` makes; an unanswered `create` is looked for before it is repeated."""
        attempt = 0
        while True:
            if (found := await find()) is not None:
                return found
            try:
                return await create()
            except Unanswered:
                attempt += 1
                if attempt > REPEATS:
                    raise
                await self.sleep(self._pause * 2**attempt)

    async def insist(self, call: Callable[[], Awaitable[Found]]) -> Found:
        """Repeat a write that does no harm when it is done twice, until it is answered."""

        async def nothing() -> None:
            return None

        return await self.ensure(nothing, call)

    async def sleep(self, seconds: float) -> None:
        """Wait without holding up anything else."""
        await asyncio.sleep(seconds)

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        waited, attempt = 0.0, 0
        while True:
            if method not in READS:
                await self._throttle.turn(self._throttle_key)
            try:
                status, answer_headers, answer = await self._send(method, url, headers, body)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                attempt += 1
                if method not in READS or attempt > REPEATS:
                    raise Unanswered(f"{method} {_path(url)}: {type(error).__name__}") from None
                await self.sleep(self._pause * 2**attempt)
                continue
            if (
                wait := _asked_to_wait(status, answer_headers, answer)
            ) is not None and waited + wait <= self._patience:
                log.info("GitHub asks to wait %.0f s before %s %s", wait, method, _path(url))
                waited += wait
                await self.sleep(wait)
                continue
            if status >= 500:
                attempt += 1
                if method not in READS:
                    raise Unanswered(f"{method} {_path(url)}: status {status}")
                if attempt <= REPEATS:
                    await self.sleep(self._pause * 2**attempt)
                    continue
            return status, answer_headers, answer

    async def _send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One exchange. Only reads follow redirects: a redirected write would become a read or go to another place."""
        async with self._session.request(
            method, url, headers=headers, data=body, timeout=TIMEOUT, allow_redirects=method in READS
        ) as response:
            answer = bytearray()
            async for chunk in response.content.iter_chunked(65_536):
                answer += chunk
                if len(answer) > LARGEST_ANSWER:
                    raise aiohttp.ClientPayloadError("the answer is too large")
            return response.status, response.headers, bytes(answer)


def graphql_url(api_url: str) -> str:
    """GitHub Enterprise Server has its GraphQL interface beside `/api/v3`, github.com below its REST base URL.

    https://docs.github.com/en/enterprise-server/graphql/guides/forming-calls-with-graphql#the-graphql-endpoint
    """
    return f"{api_url.rstrip('/').removesuffix('/v3')}/graphql"


def is_transient(error: BaseException) -> bool:
    """Whether the same call may well succeed later."""
    return isinstance(error, Unanswered | GitHubBroken | aiohttp.ClientError | TimeoutError)


def _asked_to_wait(status: int, headers: Mapping[str, str], answer: bytes) -> float | None:
    """The seconds that GitHub asks for when it refuses for a rate limit, else None.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
    """
    if status not in {403, 429}:
        return None
    if (after := headers.get("retry-after", "")).isdigit():
        return float(after)
    if headers.get("x-ratelimit-remaining") == "0" and headers.get("x-ratelimit-reset", "").isdigit():
        return max(0.0, int(headers["x-ratelimit-reset"]) - time.time()) + 1
    if status == 429 or b"secondary rate limit" in answer[:4096]:
        return SECONDARY_WAIT
    return None


def _path(url: str) -> str:
    return url.split("?", 1)[0]
