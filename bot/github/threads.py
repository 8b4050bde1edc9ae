"""The threads that our comments began, as they stand now: resolved, outdated, hidden, and what we said in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.github import markers
from bot.github.client import Client
from bot.github.comments import Pull
from checks.model import Finding

# `query` stands in front: by it the client knows a read, see `bot.github.client`.
_FIELDS = """
fragment Thread on PullRequestReviewThread {
  id path line diffSide isResolved isOutdated viewerCanResolve viewerCanUnresolve
  resolvedBy { login }
  comments(first: 50, after: $replies) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id fullDatabaseId state body isMinimized minimizedReason
      author { __typename login }
      originalCommit { oid }
    }
  }
}
"""
_OF_PULL = (
    """query Threads($owner: String!, $name: String!, $number: Int!, $after: String, $replies: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 50, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { ...Thread }
      }
    }
  }
}"""
    + _FIELDS
)
_ONE = """query Thread($id: ID!, $replies: String) { node(id: $id) { ...Thread } }""" + _FIELDS


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread whose first comment is ours.

    `keys` are the findings that it is about, `kin` what they can be known by otherwise; `root` and `number` name the
    first comment in GraphQL and in REST, `commit` is the head that it was made on. `line` is None once it is outdated
    or when it is about a file. `state` is the last that we said: `fixed`, `reopened`, `replaced` or nothing; of `fixed`
    it says whether our suggestion did it.
    """

    id: str
    root: str
    number: str
    body: str
    path: str
    line: int | None
    side: str
    commit: str
    keys: frozenset[str]
    kin: frozenset[str]
    state: str
    is_outdated: bool
    is_resolved: bool
    is_hidden: bool
    resolver: str
    may_resolve: bool
    rule: str = ""
    is_suggested: bool = False

    def is_settled_by_a_person(self, author: str) -> bool:
        """Whether somebody else than `author`, our own account, has resolved it: that stays."""
        ours = {author, author.removesuffix("[bot]"), ""}
        return self.is_resolved and self.resolver not in ours


def kin(finding: Finding) -> tuple[str, ...]:
    """Other names of a finding: by its code, wherever that moves, and by the function that it is in."""
    names = [("code", finding.source)] if finding.source else []
    names.append(("scope", f"{finding.path}\0{finding.scope}"))
    return tuple(
        sha256("\0".join((finding.rule, *name)).encode("utf-8", "replace")).hexdigest()[: markers.SHORT]
        for name in names
    )


async def read(client: Client, pull: Pull, author: str) -> tuple[Thread, ...]:
    """Our threads on the pull request, the oldest first: every page of them, and of their replies."""
    owner, _, name = pull.repository.partition("/")
    found: list[Thread] = []
    after: str | None = None
    while True:
        answer = await client.query(_OF_PULL, owner=owner, name=name, number=pull.number, after=after)
        page = answer["repository"]["pullRequest"]["reviewThreads"]
        for node in page["nodes"]:
            thread = await _whole(client, node, author)
            if thread is not None:
                found.append(thread)
        if not page["pageInfo"]["hasNextPage"]:
            return tuple(found)
        after = page["pageInfo"]["endCursor"]


async def reread(client: Client, thread: Thread, author: str) -> Thread | None:
    """The thread as it is now; None when it is gone."""
    node = (await client.query(_ONE, id=thread.id))["node"]
    return await _whole(client, node, author) if node is not None else None


async def _whole(client: Client, node: Mapping[str, Any], author: str) -> Thread | None:
    comments = list(node["comments"]["nodes"])
    page = node["comments"]["pageInfo"]
    if not comments or not _is_ours(comments[0], author):
        return None
    while page["hasNextPage"]:
        more = (await client.query(_ONE, id=node["id"], replies=page["endCursor"]))["node"]["comments"]
        comments += more["nodes"]
        page = more["pageInfo"]
    return _thread(node, comments, author)


def _thread(node: Mapping[str, Any], comments: Sequence[Mapping[str, Any]], author: str) -> Thread | None:
    root = comments[0]
    keys = markers.findings_in(root["body"])
    if not keys:
        return None
    resolved = bool(node["isResolved"])
    last = _last(each["body"] for each in comments if _is_ours(each, author))
    return Thread(
        id=node["id"],
        root=root["id"],
        number=str(root["fullDatabaseId"]),
        body=root["body"],
        path=node["path"],
        line=node["line"],
        side=node["diffSide"],
        commit=(root["originalCommit"] or {}).get("oid", ""),
        keys=frozenset(keys),
        kin=frozenset(markers.kin_in(root["body"])),
        state=markers.state_in(last),
        is_outdated=node["isOutdated"],
        is_resolved=resolved,
        is_hidden=root["isMinimized"],
        resolver=(node["resolvedBy"] or {}).get("login", ""),
        may_resolve=node["viewerCanUnresolve" if resolved else "viewerCanResolve"],
        rule=markers.rule_in(root["body"]),
        is_suggested=markers.is_suggested(last),
    )


def _last(bodies: Iterable[str]) -> str:
    """The last of our texts that says something of the thread's state."""
    return next((body for body in reversed(list(bodies)) if markers.state_in(body)), "")


def _is_ours(comment: Mapping[str, Any], author: str) -> bool:
    """GraphQL leaves out the brackets of an App's name, which no person can have; a pending comment is not yet said."""
    writer = comment["author"]
    if writer is None or comment["state"] == "PENDING":
        return False
    name = f"{writer['login']}[bot]" if writer["__typename"] == "Bot" else writer["login"]
    return bool(name == author)
