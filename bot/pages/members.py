"""Who may sign in: the people of the account that owns the App.

A user access token of the App is asked for, used for two questions and forgotten. It can do only what both the App and
the person may: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from gidgethub import BadRequest, GitHubException

from bot.config import Config
from bot.github.client import TIMEOUT, USER_AGENT, Client, Unanswered
from bot.pages.manifest import SIGNED_IN
from bot.services import Services

log = logging.getLogger(__name__)


class NotAdmitted(Exception):
    """The person may not sign in. The message is one plain sentence for them."""


def authorize_url(config: Config, state: str, verifier: str) -> str:
    """Where a person says to GitHub that we may know who they are.

    A GitHub that does not know PKCE yet leaves the challenge alone.
    """
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "client_id": config.client_id,
        "redirect_uri": config.public_url + SIGNED_IN,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        "allow_signup": "false",
    }
    return f"{config.github_url}/login/oauth/authorize?{urlencode(asked)}"


async def admitted(services: Services, code: str, verifier: str) -> str:
    """The login of the person for whom GitHub gave this code. Raises `NotAdmitted`."""
    try:
        return await _admitted(services, code, verifier)
    except (GitHubException, Unanswered, aiohttp.ClientError, TimeoutError, KeyError, ValueError) as error:
        log.warning("a sign-in failed: %s", type(error).__name__)
        raise NotAdmitted("GitHub did not answer as it should. Try again in a moment.") from None


async def _admitted(services: Services, code: str, verifier: str) -> str:
    token = await _token(services, code, verifier)
    client = Client(
        services.session,
        token=token,
        api_url=services.config.api_url,
        patience=10.0,
        pause=services.config.retry_pause,
    )
    user = await client.getitem("/user")
    owner = (await services.app_client().getitem("/app", jwt=services.tokens.jwt()))["owner"]
    if not await _belongs(client, user, owner):
        log.warning("%s may not sign in", user["login"])
        raise NotAdmitted(
            f"GitHub does not say that you, {user['login']}, belong to {owner['login']}, which owns this App. "
            "For an organization it says so only where the App is installed there and may read its members."
        )
    return str(user["login"])


async def _belongs(client: Client, user: Mapping[str, Any], owner: Mapping[str, Any]) -> bool:
    """Whether the person is the owner, or an active member of the organization that is."""
    if owner["type"] != "Organization":
        return bool(owner["id"] == user["id"])
    try:
        membership = await client.getitem(f"/user/memberships/orgs/{quote(owner['login'], safe='')}")
    except BadRequest:  # 403 or 404: no member, or the App may not know
        return False
    theirs = (membership["organization"]["id"], (membership["user"] or {}).get("id"))
    return membership["state"] == "active" and theirs == (owner["id"], user["id"])


async def _token(services: Services, code: str, verifier: str) -> str:
    config = services.config
    given = {
        "client_id": config.client_id,
        "client_secret": config.client_secret,
        "code": code,
        "redirect_uri": config.public_url + SIGNED_IN,
        "code_verifier": verifier,
    }
    headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
    async with services.session.post(
        f"{config.github_url}/login/oauth/access_token",
        data=given,
        headers=headers,
        timeout=TIMEOUT,
        allow_redirects=False,
    ) as answer:
        told = await answer.json()
    if not isinstance(told, dict) or not isinstance(told.get("access_token"), str):
        # GitHub says so with status 200: https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
        raise NotAdmitted("GitHub does not take this sign-in's code any more. Sign in again.")
    return str(told["access_token"])
