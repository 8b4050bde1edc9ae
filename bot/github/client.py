"""GitHub's REST and GraphQL interfaces: a client that waits when told to and repeats only what is safe."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, TypeVar

import aiohttp
from gidgethub import (
    BadGraphQLRequest,
    BadRequest,
    GitHubBroken,
    GraphQLAuthorizationFailure,
    QueryError,
    abc,
)

from bot.github.throttle import Kind, LocalThrottle, Throttle

log = logging.getLogger(__name__)

Found = TypeVar("Found")
USER_AGENT = "rubricate"
TIMEOUT = aiohttp.ClientTimeout(total=60, connect=10)
LARGEST_ANSWER = 64 * 1024 * 1024
REPEATS = 4
SECONDARY_WAIT = 60.0
READS = frozenset({"GET", "HEAD"})
# What tells people something: https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request
NOTICES = re.compile(r"/(?:pulls|issues)(?:/\d+/(?:reviews(?:/\d+/events)?|comments(?:/\d+/replies)?))?$")
SPOKEN = re.compile(
    r"addPullRequestReviewThreadReply|submitPullRequestReview|addPullRequestReview\b|addComment"
)
Observer = Callable[[str, int, Mapping[str, str]], None]


DENIALS: Mapping[str, HTTPStatus] = MappingProxyType(
    {"FORBIDDEN": HTTPStatus.FORBIDDEN, "NOT_FOUND": HTTPStatus.NOT_FOUND}
)


class Unanswered(Exception):
    """GitHub gave no usable answer: whether it did what it was asked is not known."""


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
        observer: Observer | None = None,
    ) -> None:
        super().__init__(USER_AGENT, oauth_token=token, base_url=api_url)
        self._session = session
        self._throttle = throttle or LocalThrottle()
        self._throttle_key = throttle_key
        self._patience = patience
        self._pause = pause
        self._observe = observer or _nobody

    async def query(self, document: str, **variables: Any) -> Any:
        """One GraphQL request, to the interface that belongs to the REST base URL.

        Raises `BadRequest` for what we may not do, as REST does, `QueryError` for what is wrong with the request, and
        `Unanswered` for what may be taken later.
        """
        try:
            return await self.graphql(document, endpoint=graphql_url(self.base_url), **variables)
        except GraphQLAuthorizationFailure:
            raise BadRequest(HTTPStatus.UNAUTHORIZED, "GraphQL: the token was refused") from None
        except BadGraphQLRequest as error:
            raise BadRequest(error.status_code, f"GraphQL: {error}") from None
        except QueryError as error:
            if _is_passing(error):
                raise Unanswered(f"GraphQL: {error}") from None
            status = DENIALS.get(error.response["errors"][0].get("type"))
            if status is not None:
                raise BadRequest(status, f"GraphQL: {error}") from None
            raise

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
        kind, waited, attempt = kind_of(method, url, body), 0.0, 0
        while True:
            await self._throttle.turn(self._throttle_key, kind)
            try:
                status, answer_headers, answer = await self._send(method, url, headers, body)
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                self._observe(method, 0, {})
                attempt += 1
                if kind != "read" or attempt > REPEATS:
                    raise Unanswered(f"{method} {_path(url)}: {type(error).__name__}") from None
                await self.sleep(self._pause * 2**attempt)
                continue
            self._observe(method, status, answer_headers)
            if (wait := _asked_to_wait(status, answer_headers, answer)) is not None:
                waited += wait
                await self._hold(wait, waited, f"{method} {_path(url)}")
                continue
            if status >= 500:
                attempt += 1
                if kind != "read":
                    raise Unanswered(f"{method} {_path(url)}: status {status}")
                if attempt <= REPEATS:
                    await self.sleep(self._pause * 2**attempt)
                    continue
            return status, answer_headers, answer

    async def _hold(self, wait: float, waited: float, what: str) -> None:
        """Let the installation's next turn come when GitHub says. Raises `Unanswered` beyond our patience."""
        log.info("GitHub asks to wait %.0f s before %s", wait, what)
        await self._throttle.hold(self._throttle_key, wait)
        if waited > self._patience:
            raise Unanswered(f"{what}: GitHub asks to wait for longer than {self._patience:.0f} s")

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
    refused = status in {403, 429}
    # https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#exceeding-the-rate-limit
    if not refused and not (status == 200 and b'"RATE_LIMITED"' in answer[:4096]):
        return None
    if (after := headers.get("retry-after", "")).isdigit():
        return float(after)
    if headers.get("x-ratelimit-remaining") == "0" and headers.get("x-ratelimit-reset", "").isdigit():
        return max(0.0, int(headers["x-ratelimit-reset"]) - time.time()) + 1
    if status != 403 or b"secondary rate limit" in answer[:4096]:
        return SECONDARY_WAIT
    return None


def kind_of(method: str, url: str, body: bytes) -> Kind:
    """Whether a request reads, writes, or writes what people are told of. GraphQL's queries are sent by POST too."""
    if method in READS:
        return "read"
    path = _path(url)
    if path.endswith("/graphql"):
        document = str(json.loads(body)["query"]).lstrip()
        if document.startswith(("query", "{")):
            return "read"
        return "notice" if SPOKEN.search(document) else "write"
    return "notice" if method == "POST" and NOTICES.search(path) else "write"


def _nobody(method: str, status: int, headers: Mapping[str, str]) -> None:
    """Nobody counts the requests."""


def _is_passing(error: QueryError) -> bool:
    """Whether GraphQL's refusal is about the moment: a limit, or a failure of its own, which has no type.

    https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
    """
    first = error.response["errors"][0]
    return first.get("type") in {"RATE_LIMITED", "RESOURCE_LIMITS_EXCEEDED"} or (
        "type" not in first and str(first.get("message", "")).startswith("Something went wrong")
    )


def _path(url: str) -> str:
    return url.split("?", 1)[0]
