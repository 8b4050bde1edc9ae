"""What is done to one thread of a pull request: each act may be done twice without harm."""

from __future__ import annotations

from dataclasses import dataclass

from bot.github import threads
from bot.github.client import Client
from bot.github.comments import Pull
from bot.github.manner import Lender
from bot.github.threads import Thread

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


@dataclass(slots=True)
class Hand:
    """Acts on threads as `author`, our own account.

    GitHub lets an App resolve a thread only with `contents: write`, though nothing of them is written: where the token
    lacks it, one that has it is lent, once and only when a thread is to be resolved.
    https://github.com/github/gh-aw/issues/35726
    """

    client: Client
    pull: Pull
    author: str
    lend: Lender | None = None
    _lent: Client | None = None

    async def resolve(self, thread: Thread) -> bool:
        """Resolve the thread, where we may; tells whether that is so."""
        client = await self._resolving(thread)
        if client is not None:
            await client.insist(lambda: client.query(RESOLVE, id=thread.id))
        return client is not None

    async def unresolve(self, thread: Thread) -> None:
        """Open a resolved thread again, where we may."""
        client = await self._resolving(thread)
        if client is not None:
            await client.insist(lambda: client.query(UNRESOLVE, id=thread.id))

    async def hide(self, thread: Thread, why: str) -> None:
        """Fold our own comment up, as `OUTDATED` or `RESOLVED`."""
        if not thread.is_hidden:
            await self.client.insist(lambda: self.client.query(HIDE, id=thread.root, why=why))

    async def show(self, thread: Thread) -> None:
        """Show our own comment again."""
        await self.client.insist(lambda: self.client.query(SHOW, id=thread.root))

    async def edit(self, thread: Thread, body: str) -> None:
        """Write our own comment anew: nobody is told of that."""
        url = f"/repos/{self.pull.repository}/pulls/comments/{thread.number}"
        await self.client.insist(lambda: self.client.patch(url, data={"body": body}))

    async def reply(self, thread: Thread, state: str, body: str) -> None:
        """Reply once: before it is repeated, the thread is read for whether the reply, with its `state`, is there."""

        async def find() -> Thread | None:
            now = await threads.reread(self.client, thread, self.author)
            return thread if now is None or now.state == state else None

        async def send() -> Thread:
            await self.client.query(REPLY, id=thread.id, body=body)
            return thread

        await self.client.ensure(find, send)

    async def _resolving(self, thread: Thread) -> Client | None:
        if thread.may_resolve:
            return self.client
        if self.lend is not None:
            self._lent, self.lend = await self.lend(contents="write", pull_requests="write"), None
        return self._lent
