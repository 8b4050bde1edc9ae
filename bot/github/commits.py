"""Commits through GitHub's interface, which signs them: https://docs.github.com/en/graphql/reference/mutations#createcommitonbranch."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gidgethub import BadRequest, QueryError

from bot.github.client import Client
from bot.github.tokens import is_gone

CREATE = """
mutation Commit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}
"""
# Not documented; what others ran into lies above: https://github.com/seek-oss/skuba/issues/882
LARGEST = 20 * 1024 * 1024


class NotCommitted(Exception):
    """There will be no commit. The message is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Target:
    """The branch to commit to, and the commit that it is believed to stand at."""

    repository: str
    branch: str
    head: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit of ours."""

    id: str
    headline: str


async def commit(
    client: Client, target: Target, files: Mapping[str, bytes], headline: str, name: str
) -> Commit:
    """Commit whole files onto a branch, once under this name. Raises `NotCommitted`."""
    if sum(map(len, files.values())) > LARGEST:
        raise NotCommitted("The files are too large to be committed through GitHub's interface.")
    additions = [
        {"path": path, "contents": base64.b64encode(content).decode()} for path, content in files.items()
    ]
    draft = {
        "branch": {"repositoryNameWithOwner": target.repository, "branchName": target.branch},
        "expectedHeadOid": target.head,
        "message": {"headline": headline, "body": _trailer(name)},
        "fileChanges": {"additions": additions},
    }

    async def find_ours() -> Commit | None:
        return await find(client, target, name)

    async def create() -> Commit:
        answer = await client.query(CREATE, input=draft)
        return Commit(answer["createCommitOnBranch"]["commit"]["oid"], headline)

    try:
        return await client.ensure(find_ours, create)
    except QueryError as error:
        raise NotCommitted(_reason(error)) from None


async def find(client: Client, target: Target, name: str) -> Commit | None:
    """Our commit of this name at the tip of the branch."""
    try:
        # named in full: a tag, or a commit's id, may be called like the branch
        branch = quote(f"heads/{target.branch}", safe="")
        tip = await client.getitem(f"/repos/{target.repository}/commits/{branch}")
    except BadRequest as error:
        if is_gone(error) or int(error.status_code) == 422:
            raise NotCommitted("The branch is gone.") from None
        raise
    headline, _, rest = tip["commit"]["message"].partition("\n")
    return Commit(tip["sha"], headline) if _trailer(name) in rest.split("\n") else None


def _trailer(name: str) -> str:
    return f"Rubricate-For: {name}"


def _reason(error: QueryError) -> str:
    kinds = {each.get("type") for each in _errors(error)}
    if "STALE_DATA" in kinds:
        return "The branch has moved on meanwhile."
    if kinds & {"FORBIDDEN", "NOT_FOUND"}:
        return "GitHub does not let Rubricate write to this branch."
    return "GitHub refused the commit: the branch may be protected."


def _errors(error: QueryError) -> list[dict[str, Any]]:
    return list(error.response.get("errors", []))
