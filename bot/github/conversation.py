"""Comments of people, on the conversation or in a thread, and our answers: one to each, found before it is repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gidgethub import BadRequest

from bot.github import markers
from bot.github.client import Client
from bot.github.comments import LONGEST_BODY, Pull, sendable
from bot.github.notes import is_by
from bot.github.tokens import is_gone

Reaction = Literal["+1", "confused", "eyes"]


@dataclass(frozen=True, slots=True)
class Said:
    """A comment: its own id, whether it is one on the diff, and there the id of the first comment of its thread."""

    repository: str
    id: int
    on_diff: bool = False
    root: int = 0

    @property
    def url(self) -> str:
        """The comment's address in the REST interface."""
        return f"/repos/{self.repository}/{'pulls' if self.on_diff else 'issues'}/comments/{self.id}"

    @property
    def name(self) -> str:
        """Names it among all comments: the two kinds number theirs apart."""
        return f"{'diff' if self.on_diff else 'conversation'}-{self.id}"


async def fetch(client: Client, url: str) -> Mapping[str, Any] | None:
    """A comment as it is now; None when it is gone."""
    try:
        return dict(await client.getitem(url))
    except BadRequest as error:
        if is_gone(error):
            return None
        raise


async def react(client: Client, said: Said, reaction: Reaction) -> None:
    """React once: GitHub keeps one of a kind from each account. Quiet where that can't be done."""
    try:
        await client.insist(lambda: client.post(f"{said.url}/reactions", data={"content": reaction}))
    except BadRequest as error:
        if not is_gone(error) and int(error.status_code) != 422:
            raise


async def find_answer(
    client: Client, pull: Pull, said: Said, author: str, since: str = ""
) -> Mapping[str, Any] | None:
    """Our answer to a comment. `since` is when that was written: no answer is older."""
    return await _find(client, _list_of(pull, said, since), author, markers.answer(said.name))


async def answer(
    client: Client, pull: Pull, said: Said, author: str, text: str, notes: Sequence[str], since: str = ""
) -> Mapping[str, Any]:
    """Answer a comment where it was made, with its mark and notes at the end, or find that we did."""
    url = f"{pull.url}/comments/{said.root}/replies" if said.on_diff else _conversation(pull)
    marks = (markers.answer(said.name), *notes)
    return await _once(client, _list_of(pull, said, since), url, author, text, marks)


async def say(client: Client, pull: Pull, author: str, name: str, text: str, notes: Sequence[str]) -> None:
    """Comment on the conversation, once under this name."""
    url = _conversation(pull)
    await _once(client, f"{url}?per_page=100", url, author, text, (markers.answer(name), *notes))


async def _once(
    client: Client, listing: str, url: str, author: str, text: str, marks: Sequence[str]
) -> Mapping[str, Any]:
    """Post a comment that the first of its marks names, or find that it stands."""
    closing = "\n".join(marks)
    room = LONGEST_BODY - len(closing) - 2

    async def find() -> Mapping[str, Any] | None:
        return await _find(client, listing, author, marks[0])

    async def create() -> Mapping[str, Any]:
        return dict(await client.post(url, data={"body": f"{sendable(text)[:room]}\n\n{closing}"}))

    return await client.ensure(find, create)


async def _find(client: Client, listing: str, author: str, mark: str) -> Mapping[str, Any] | None:
    async for comment in client.getiter(listing):
        if is_by(comment, author) and mark in markers.closing(comment["body"] or ""):
            return dict(comment)
    return None


def _list_of(pull: Pull, said: Said, since: str) -> str:
    url = f"{pull.url}/comments" if said.on_diff else _conversation(pull)
    return f"{url}?{f'since={since}&' if since else ''}per_page=100"


async def edit(client: Client, said: Said, body: str) -> None:
    """Write a comment of our own anew, which notifies nobody."""
    await client.insist(lambda: client.patch(said.url, data={"body": body}))


def _conversation(pull: Pull) -> str:
    return f"/repos/{pull.repository}/issues/{pull.number}/comments"
