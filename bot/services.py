"""What the jobs work with: one HTTP session, the tokens, the clones. Made once for a running server."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import aiohttp

from bot import metrics
from bot.config import Config
from bot.database import Database
from bot.github.client import Client
from bot.github.clone import Clones
from bot.github.manner import Capabilities
from bot.github.throttle import LocalThrottle, Throttle
from bot.github.tokens import Token, Tokens
from bot.shared_throttle import SharedThrottle


@dataclass(frozen=True, slots=True)
class Access:
    """GitHub as one installation sees one repository: good for the next minutes, so asked for anew in each phase."""

    client: Client
    token: Token
    author: str

    @property
    def may(self) -> Capabilities:
        """What the installation was granted."""
        return Capabilities(
            comment=self.token.allows("pull_requests", "write"), check=self.token.allows("checks", "write")
        )


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a running server that jobs share."""

    config: Config
    session: aiohttp.ClientSession
    tokens: Tokens
    clones: Clones
    throttle: Throttle
    database: Database | None = None

    async def access(self, installation: int, repository: int) -> Access:
        """A client with a token for one repository. Raises gidgethub's exceptions."""
        app = self._client(None, installation)
        token = await self.tokens.token(app, installation, repository)
        return Access(self._client(token.value, installation), token, await self.tokens.login(app))

    async def narrowed(self, installation: int, repository: int, **permissions: str) -> Client | None:
        """A client with these permissions alone, for one call; None when the installation was not granted them."""
        token = await self.tokens.narrowed(
            self._client(None, installation), installation, repository, permissions
        )
        return None if token is None else self._client(token.value, installation)

    async def reading(self, installation: int, name: str) -> Client | None:
        """A client that may read another repository of the installation; None where the App is not on it."""
        token = await self.tokens.reading(self._client(None, installation), installation, name)
        return None if token is None else self._client(token.value, installation)

    def app_client(self) -> Client:
        """A client for what the App asks in its own name, with a JWT for each request."""
        return self._client(None, 0)

    def _client(self, token: str | None, installation: int) -> Client:
        return Client(
            self.session,
            token=token,
            api_url=self.config.api_url,
            throttle=self.throttle,
            throttle_key=str(installation),
            pause=self.config.retry_pause,
            observer=partial(metrics.answered, str(installation)),
        )


@contextlib.asynccontextmanager
async def serving(config: Config) -> AsyncIterator[Services]:
    """The services of one process, closed at the end."""
    root = config.data_dir / "clones"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with contextlib.AsyncExitStack() as stack:
        database = None
        if config.is_shared:
            database = Database(config.database_url)
            stack.push_async_callback(database.close)
            await database.prepare()
        yield Services(
            config=config,
            session=await stack.enter_async_context(aiohttp.ClientSession(trust_env=True)),
            tokens=Tokens(config.app_id, config.private_key),
            clones=Clones(root, config.github_url, size=config.clones_size, limits=config.limits),
            throttle=LocalThrottle(config.pace)
            if database is None
            else SharedThrottle(database, config.pace),
            database=database,
        )
