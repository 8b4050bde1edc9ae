"""GitHub's code for a manifest, exchanged for the App's credentials.

https://docs.github.com/en/rest/apps/apps#create-a-github-app-from-a-manifest
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from gidgethub import GitHubException

from bot import credentials
from bot.config import Config
from bot.github.client import Client, Unanswered

_KEYS = ("id", "pem", "webhook_secret", "client_id", "client_secret")
PATIENCE = 30.0


class NotGiven(Exception):
    """There are no credentials to be had. `may_come`: GitHub was away, and may give them later."""

    def __init__(self, why: str, *, may_come: bool) -> None:
        super().__init__(why)
        self.may_come = may_come


@dataclass(frozen=True, slots=True)
class Registered:
    """An App that GitHub has registered: its name, where it is installed from, and its credentials as settings."""

    name: str
    install: str
    values: Mapping[str, str] = field(repr=False)


async def exchange(session: aiohttp.ClientSession, config: Config, code: str) -> Registered:
    """Ask GitHub, which gives them once. Raises `NotGiven`."""
    client = Client(session, api_url=config.api_url, patience=PATIENCE)
    try:
        answer = await client.post(f"/app-manifests/{code}/conversions", data=b"")
    except Unanswered as error:
        raise NotGiven(type(error).__name__, may_come=True) from None
    except (GitHubException, ValueError) as error:  # ValueError: what answered in its place gave no JSON
        raise NotGiven(type(error).__name__, may_come=False) from None
    if not isinstance(answer, dict):
        raise NotGiven("that is no App", may_come=False)
    values = {name: str(answer.get(key) or "") for name, key in zip(credentials.NAMES, _KEYS, strict=True)}
    if not all(values.values()):
        raise NotGiven("one is missing", may_come=False)
    return Registered(str(answer.get("name") or "Rubricate"), _install(config, answer), values)


def _install(config: Config, answer: Mapping[str, Any]) -> str:
    """Where the App is installed from. Only on GitHub itself, whatever the answer says."""
    url = str(answer.get("html_url", ""))
    return f"{url}/installations/new" if url.startswith(f"{config.github_url}/") else ""
