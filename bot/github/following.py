"""Threads followed from push to push: closed when their finding is gone, opened again when it is back.

A step leaves a mark once it is done, and is done in an order that lets a second run, after an interruption at any
instant, tell what is missing. What people wrote, and what they resolved, is never touched.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gidgethub import BadRequest, QueryError

from bot.github import markers, threads
from bot.github.client import Client
from bot.github.comments import Pull
from bot.github.threads import Thread
from checks.model import Finding, Report

log = logging.getLogger(__name__)

RESOLVE = "mutation Resolve($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { id } } }"
UNRESOLVE = "mutation Unresolve($id: ID!) { unresolveReviewThread(input: {threadId: $id}) { thread { id } } }"
HIDE = """
mutation Hide($id: ID!, $why: ReportedContentClassifiers!) {
  minimizeComment(input: {subjectId: $id, classifier: $why}) { minimizedComment { isMinimized } }
}
"""
SHOW = """
mutation Show($id: ID!) {
  unminimizeComment(input: {subjectId: $id}) { unminimizedComment { isMinimized } }
}
"""
REPLY = """
mutation Reply($id: ID!, $body: String!) {
  addPullRequestReviewThreadReply(input: {pullRequestReviewThreadId: $id, body: $body}) { comment { id } }
}
"""
# A rule that crashed or was short of time may be silent anywhere, not only where it stopped.
ANYWHERE = frozenset({"crash", "time", "configuration"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What a review of the new head saw: the keys of its findings, and where it could not look.

    `left_out` holds the keys of those that people ignore or accept: their threads are as people left them.
    """

    keys: frozenset[str]
    left_out: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    is_partial: bool = False
    exempted: frozenset[str] = frozenset()

    @classmethod
    def by(cls, report: Report, left_out: Iterable[Finding] = ()) -> Seen:
        """What a report saw, beside the findings that were taken out of it."""
        return cls(
            keys=frozenset(markers.key(each.fingerprint) for each in report.findings),
            left_out=frozenset(markers.key(each.fingerprint) for each in left_out),
            unread=frozenset(problem.path for problem in report.problems),
            is_partial=any(problem.kind in ANYWHERE for problem in report.problems),
            exempted=frozenset(each.path for each in report.exemptions if each.kind == "suppression"),
        )

    def misses(self, thread: Thread) -> bool:
        """Whether none of the thread's findings is there any more, in a file that was judged."""
        there = thread.keys & (self.keys | self.left_out)
        return not (there or self.is_partial or thread.path in self.unread)


async def follow(client: Client, pull: Pull, found: Sequence[Thread], seen: Seen, author: str) -> None:
    """Bring every thread to where its finding is. What GitHub refuses (a locked conversation) is left as it is."""
    successors = replacements(found, seen, pull.head)
    for thread in found:
        if thread.is_settled_by_a_person(author):
            continue
        try:
            if thread.id in successors:
                await _replace(client, pull, thread)
            elif thread.keys & seen.keys:
                await _keep_open(client, pull, thread, author)
            elif seen.misses(thread) and thread.state not in {"fixed", "replaced"}:
                await _close(client, pull, thread, author, exempted=thread.path in seen.exempted)
        except (QueryError, BadRequest) as refusal:
            log.warning("a thread of %s#%d is left as it is: %s", pull.repository, pull.number, refusal)


def replacements(found: Sequence[Thread], seen: Seen, head: str) -> Mapping[str, str]:
    """The threads that have a newer one in their place, by id.

    That is one about the same finding, or about one of its kin that has come up with this head: each takes one place.
    """
    in_order = sorted(found, key=lambda thread: not thread.is_outdated)
    newest = {key: thread.id for thread in in_order for key in thread.keys}
    free = [thread for thread in found if thread.commit == head and thread.keys & seen.keys]
    replaced: dict[str, str] = {}
    for thread in found:
        if thread.state == "fixed":
            continue
        if thread.is_outdated and all(newest[key] != thread.id for key in thread.keys):
            replaced[thread.id] = newest[min(thread.keys)]
        elif seen.misses(thread) and thread.commit != head:
            if (heir := _nearest(thread, free)) is not None:
                free.remove(heir)
                replaced[thread.id] = heir.id
    return replaced


def _nearest(thread: Thread, others: Collection[Thread]) -> Thread | None:
    kindred = [other for other in others if thread.kin & other.kin]
    return max(kindred, key=lambda other: len(thread.kin & other.kin), default=None)


async def _close(client: Client, pull: Pull, thread: Thread, author: str, *, exempted: bool) -> None:
    """Resolve, then say so: a thread with the reply that is open again was opened by a person, and stays so."""
    await _shut(client, thread, "RESOLVED")
    word = "Not reported any more, with an exemption in the code," if exempted else "Fixed"
    await _say(client, thread, author, "fixed", f"{word} in {pull.head[:7]}.\n\n{markers.fixed(pull.head)}")


async def _keep_open(client: Client, pull: Pull, thread: Thread, author: str) -> None:
    """Open again what we closed; a thread that is open, or that a person hid, is as it should be."""
    closed = thread.state in {"fixed", "replaced"}
    if not (closed or thread.is_resolved):
        return
    if thread.is_resolved:
        await client.insist(lambda: client.query(UNRESOLVE, id=thread.id))
    if thread.is_hidden and closed:
        await client.insist(lambda: client.query(SHOW, id=thread.root))
    if thread.state == "fixed":
        text = f"Reported again in {pull.head[:7]}.\n\n{markers.reopened(pull.head)}"
        await _say(client, thread, author, "reopened", text)
    elif thread.state == "replaced":
        await edit(client, pull, thread, markers.without_state(thread.body))


async def _replace(client: Client, pull: Pull, thread: Thread) -> None:
    """Hide it as outdated. The mark in our own comment, which notifies nobody, comes last."""
    if thread.state == "replaced":
        return
    await client.insist(lambda: client.query(HIDE, id=thread.root, why="OUTDATED"))
    if thread.may_resolve and not thread.is_resolved:
        await client.insist(lambda: client.query(RESOLVE, id=thread.id))
    await edit(client, pull, thread, f"{thread.body.rstrip()}\n{markers.replaced(pull.head)}")


async def _shut(client: Client, thread: Thread, why: str) -> None:
    """Resolve the thread. Where the token may not, our own comment is folded up instead.

    An App needs `contents: write` to resolve: https://github.com/github/gh-aw/issues/35726
    """
    if thread.is_resolved:
        return
    if thread.may_resolve:
        await client.insist(lambda: client.query(RESOLVE, id=thread.id))
    elif not thread.is_hidden:
        await client.insist(lambda: client.query(HIDE, id=thread.root, why=why))


async def _say(client: Client, thread: Thread, author: str, state: str, body: str) -> None:
    """Reply once: before it is repeated, the thread is read for what was said in it."""

    async def find() -> Thread | None:
        now = await threads.reread(client, thread, author)
        return thread if now is None or now.state == state else None

    async def reply() -> Thread:
        await client.query(REPLY, id=thread.id, body=body)
        return thread

    await client.ensure(find, reply)


async def edit(client: Client, pull: Pull, thread: Thread, body: str) -> None:
    """Write our own comment anew."""
    url = f"/repos/{pull.repository}/pulls/comments/{thread.number}"
    await client.insist(lambda: client.patch(url, data={"body": body}))
