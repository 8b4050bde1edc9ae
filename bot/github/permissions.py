"""Who may tell the App what to do."""

from __future__ import annotations

from urllib.parse import quote

from gidgethub import BadRequest

from bot.github.client import Client


async def may_write(client: Client, repository: str, login: str) -> bool:
    """Whether a person has write permission on a repository; `maintain` counts as `write`, `triage` as `read`.

    https://docs.github.com/en/rest/collaborators/collaborators#get-repository-permissions-for-a-user
    """
    url = f"/repos/{repository}/collaborators/{quote(login, safe='')}/permission"
    try:
        answer = await client.getitem(url)
    except BadRequest as error:
        if int(error.status_code) == 404:  # no such account any more
            return False
        raise
    return answer["permission"] in {"admin", "write"}
