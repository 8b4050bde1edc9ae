"""What the jobs work with: one HTTP session, the tokens, the clones. Made once for a running server."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp

from bot.config import Config
from bot.github.client import Client, Throttle
from bot.github.clone import Clones
from bot.github.publish import Capabilities
from bot.github.tokens import Token, Tokens


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

    async def access(self, installation: int, repository: int) -> Access:
        """A client with a token for one repository. Raises gidgethub's exceptions."""
        app = self._client(None, installation)
        token = await self.tokens.token(app, installation, repository)
        return Access(self._client(token.value, installation), token, await self.tokens.login(app))

    def _client(self, token: str | None, installation: int) -> Client:
        return Client(
            self.session,
            token=token,
            api_url=self.config.api_url,
            throttle=self.throttle,
            throttle_key=str(installation),
            pause=self.config.retry_pause,
        )


@contextlib.asynccontextmanager
async def serving(config: Config) -> AsyncIterator[Services]:
    """The services of one server, closed at the end."""
    root = config.data_dir / "clones"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with aiohttp.ClientSession(trust_env=True) as session:
        yield Services(
            config=config,
            session=session,
            tokens=Tokens(config.app_id, config.private_key),
            clones=Clones(root, config.github_url, size=config.clones_size, limits=config.limits),
            throttle=Throttle(config.write_interval),
        )
