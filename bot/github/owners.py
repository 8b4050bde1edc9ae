"""What an owner says for all of their repositories: the configuration in their repository `.github`."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable

from gidgethub import BadRequest

from bot.github.client import Client

# https://docs.github.com/en/communities/setting-up-your-project-for-healthy-contributions/creating-a-default-community-health-file
HOME = ".github"
FILE = ".rubricate.yml"
MOST = 65_537  # one more than a configuration may have, so that the child tells of it


async def defaults(full_name: str, reading: Callable[[str], Awaitable[Client | None]]) -> str:
    """The text of the configuration that an owner has for all; empty where there is none that we may read.

    `reading` gives a client for a repository of the installation, by its name, where the App is installed on it.
    """
    owner, _, name = full_name.partition("/")
    client = None if name == HOME else await reading(HOME)
    if client is None:
        return ""
    try:
        found = await client.getitem(f"/repos/{owner}/{HOME}/contents/{FILE}")
    except BadRequest as error:
        if int(error.status_code) == 404:
            return ""
        raise
    if not isinstance(found, dict) or found.get("encoding") != "base64":  # a folder, or far too large
        return ""
    return base64.b64decode(found["content"]).decode("utf-8", "replace")[:MOST]
