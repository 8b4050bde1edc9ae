"""What our own account said earlier on a pull request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.github import markers, threads
from bot.github.client import Client
from bot.github.comments import Pull
from bot.github.notes import is_by
from bot.github.threads import Thread

ACTION = "github-actions[bot]"  # under whose name a workflow's own token writes


@dataclass(frozen=True, slots=True)
class Earlier:
    """What we said: findings with a comment, findings left to a check run, the reviews and the threads.

    `action_reviews` are the texts of what the Action said in the same place, where we are the App.
    """

    commented: frozenset[str]
    told: frozenset[str]
    reviews: tuple[Mapping[str, Any], ...]
    threads: tuple[Thread, ...] = ()
    action_reviews: tuple[str, ...] = ()

    def knows(self, fingerprint: str) -> bool:
        """Whether this finding was said before, in whichever form."""
        return markers.key(fingerprint) in self.commented or markers.is_told(fingerprint, self.told)

    def review(self, mark: str) -> Mapping[str, Any] | None:
        """The submitted review that carries the mark."""
        return next(
            (each for each in self.reviews if mark in each["body"] and each["state"] != "PENDING"), None
        )

    def is_said_by_the_action(self, mark: str) -> bool:
        """Whether the Action has submitted the review of this mark, which must stand among those at its end."""
        return any(mark in markers.closing(body) for body in self.action_reviews)

    @property
    def pending(self) -> Mapping[str, Any] | None:
        """A review that was begun and never submitted: only its author sees it."""
        return next((each for each in self.reviews if each["state"] == "PENDING"), None)

    @property
    def requests(self) -> tuple[Mapping[str, Any], ...]:
        """Our reviews that block the merge."""
        return tuple(each for each in self.reviews if each["state"] == "CHANGES_REQUESTED")


async def earlier(client: Client, pull: Pull, author: str) -> Earlier:
    """Read what `author` wrote on the pull request, every page of it."""
    every = [each async for each in client.getiter(f"{pull.url}/reviews?per_page=100")]
    reviews = [each for each in every if is_by(each, author)]
    others = [each["body"] or "" for each in every if author != ACTION and is_by(each, ACTION)]
    found = await threads.read(client, pull, author)
    commented = {key for thread in found for key in thread.keys}
    told: set[str] = set()
    for review in reviews:
        commented |= markers.findings_in(review["body"] or "") if review["state"] != "PENDING" else set()
        told |= markers.told_in(review["body"] or "")
    return Earlier(frozenset(commented), frozenset(told), tuple(reviews), found, tuple(others))
