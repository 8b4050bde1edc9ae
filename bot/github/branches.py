"""Branches and pull requests of our own: each is looked for before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from gidgethub import BadRequest

from bot.github.client import Client

Pull = Mapping[str, Any]


async def tip(client: Client, repository: str, branch: str) -> str | None:
    """The commit that a branch stands at; None where there is none, as in an empty repository (409)."""
    try:
        found = await client.getitem(f"/repos/{repository}/git/ref/heads/{quote(branch)}")
    except BadRequest as error:
        if int(error.status_code) in {404, 409}:
            return None
        raise
    return str(found["object"]["sha"])


async def begin(client: Client, repository: str, branch: str, commit: str) -> None:
    """See to it that the branch exists; a new one begins at this commit."""

    async def find() -> str | None:
        return await tip(client, repository, branch)

    async def create() -> str:
        data = {"ref": f"refs/heads/{branch}", "sha": commit}
        return str((await client.post(f"/repos/{repository}/git/refs", data=data))["object"]["sha"])

    await client.ensure(find, create)


async def is_untouched(client: Client, repository: str, branch: str, base: str) -> bool:
    """Whether a branch holds nothing that `base` has not: nobody has committed to it yet."""
    compared = await client.getitem(f"/repos/{repository}/compare/{quote(base)}...{quote(branch)}")
    return bool(compared["ahead_by"] == 0)


async def find_pull(client: Client, repository: str, branch: str) -> Pull | None:
    """The pull request that was opened from a branch of the repository, whatever became of it since."""
    owner = repository.partition("/")[0]
    head = quote(f"{owner}:{branch}", safe="")
    found = await client.getitem(f"/repos/{repository}/pulls?state=all&per_page=1&head={head}")
    return found[0] if found else None


async def open_pull(client: Client, repository: str, branch: str, base: str, title: str, body: str) -> Pull:
    """Open a pull request from a branch, once for all time."""

    async def find() -> Pull | None:
        return await find_pull(client, repository, branch)

    async def create() -> Pull:
        data = {"title": title, "head": branch, "base": base, "body": body}
        return dict(await client.post(f"/repos/{repository}/pulls", data=data))

    return await client.ensure(find, create)
