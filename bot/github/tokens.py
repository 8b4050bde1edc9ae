"""The App's own identity and the installation tokens that it asks for, each narrowed to one repository."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from gidgethub import BadRequest, InvalidField, ValidationError
from gidgethub.apps import get_jwt

from bot.github.client import Client

PERMISSIONS: Mapping[str, str] = MappingProxyType(
    {"checks": "write", "contents": "read", "metadata": "read", "pull_requests": "write"}
)
SPARE = 5 * 60
ABSENT = 5 * 60  # seconds for which a repository that the App is not on is not asked for again
JWT_SECONDS = 9 * 60


@dataclass(frozen=True, slots=True)
class Token:
    """An installation token, and what it may do. Its value is not shown by `repr`."""

    value: str = field(repr=False)
    expires: float
    permissions: Mapping[str, str]

    def allows(self, permission: str, level: str) -> bool:
        """Whether the token has the permission at this level (`read` or `write`)."""
        return self.permissions.get(permission) in (
            {"write", "admin"} if level == "write" else {"read", "write", "admin"}
        )


class Tokens:
    """Asks for tokens and keeps them, in memory alone, until five minutes before they expire."""

    def __init__(self, app_id: str, private_key: str) -> None:
        self._app_id = app_id
        self._private_key = private_key
        self._kept: dict[tuple[int, int], Token] = {}
        self._reading: dict[tuple[int, str], tuple[float, Token | None]] = {}
        self._slug: str | None = None

    def __repr__(self) -> str:
        return f"Tokens({self._app_id})"

    async def token(self, client: Client, installation: int, repository: int) -> Token:
        """A token for one repository of an installation. Raises gidgethub's `BadRequest` when there is none to have."""
        key = (installation, repository)
        kept = self._kept.get(key)
        if kept is None or kept.expires - SPARE <= time.time():
            kept = self._kept[key] = await self._ask(client, installation, repository)
        return kept

    async def narrowed(
        self, client: Client, installation: int, repository: int, permissions: Mapping[str, str]
    ) -> Token | None:
        """A token for one repository and these permissions alone, for one call; None when they were not granted."""
        try:
            data = {"repository_ids": [repository], "permissions": dict(permissions)}
            return _token(await self._post(client, installation, data))
        except (InvalidField, ValidationError):
            return None

    async def reading(self, client: Client, installation: int, name: str) -> Token | None:
        """A token that may read one repository of the installation, by name; None when it has none such."""
        key = (installation, name)
        until, token = self._reading.get(key, (0.0, None))
        if until <= time.time():
            data = {"repositories": [name], "permissions": {"contents": "read"}}
            try:
                token = _token(await self._post(client, installation, data))
                until = token.expires - SPARE
            except (InvalidField, ValidationError):
                token, until = None, time.time() + ABSENT
            self._reading[key] = (until, token)
        return token

    def forget(self, installation: int) -> None:
        """Drop what was kept for an installation."""
        self._reading = {key: kept for key, kept in self._reading.items() if key[0] != installation}
        self._kept = {key: token for key, token in self._kept.items() if key[0] != installation}

    async def login(self, client: Client) -> str:
        """The name under which the App writes: `slug[bot]`."""
        if self._slug is None:
            self._slug = (await client.getitem("/app", jwt=self.jwt()))["slug"]
        return f"{self._slug}[bot]"

    async def _ask(self, client: Client, installation: int, repository: int) -> Token:
        """A token with the permissions that are used; where fewer were granted, one with what there is."""
        narrowed: dict[str, Any] = {"repository_ids": [repository], "permissions": dict(PERMISSIONS)}
        try:
            answer = await self._post(client, installation, narrowed)
        except (InvalidField, ValidationError):
            answer = await self._post(client, installation, {"repository_ids": [repository]})
        return _token(answer)

    async def _post(self, client: Client, installation: int, data: dict[str, Any]) -> Any:
        url = f"/app/installations/{installation}/access_tokens"
        return await client.insist(lambda: client.post(url, data=data, jwt=self.jwt()))

    def jwt(self) -> str:
        """Proves for the next minutes that a request is the App's own."""
        return get_jwt(app_id=self._app_id, private_key=self._private_key, expiration=JWT_SECONDS)


def _token(answer: Mapping[str, Any]) -> Token:
    expires = datetime.fromisoformat(answer["expires_at"].replace("Z", "+00:00")).timestamp()
    return Token(answer["token"], expires, dict(answer.get("permissions", {})))


def is_gone(error: BaseException) -> bool:
    """Whether GitHub says that the thing does not exist for us any more, so that there is nothing left to do."""
    return isinstance(error, BadRequest) and int(error.status_code) in {403, 404, 410, 451}
