"""What the status page shows, asked for when somebody looks. What can't be had is said, and the rest is shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from bot import redelivery, runtime
from bot.config import Config
from bot.pages import reviews
from bot.pages.reviews import BROKEN, Entry, Tally
from bot.services import Services

log = logging.getLogger(__name__)

Found = TypeVar("Found")
SECONDS = 8
SHOWN = 30
MOST_INSTALLATIONS = 100
MISHANDLED = "It came, and was not handed on because of a mistake: the log of that time says more."


@dataclass(frozen=True, slots=True)
class Installation:
    """The App on one account."""

    account: str
    repositories: str
    since: datetime
    suspended: bool
    url: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that went wrong, by the delivery that it began with."""

    at: datetime
    delivery: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All of the page. None for what could not be asked."""

    queue: Mapping[str, int] | None
    installations: Sequence[Installation] | None
    pulls: Sequence[Entry]
    reviews: Sequence[Entry]
    rules: Sequence[Tally]
    errors: Sequence[Trouble]
    deliveries_known: bool
    database_known: bool


async def look(services: Services) -> Overview:
    """Ask the database and GitHub, at once."""
    queue, found, lost, installations, failed = await asyncio.gather(
        _tried("the queue", runtime.depth()),
        _tried("the reviews", reviews.entries()),
        _tried("the mishandled", reviews.mishandled(SHOWN)),
        _tried("the installations", _installations(services)),
        _tried("the deliveries", redelivery.failed(services, SHOWN)),
    )
    entries = found or []
    made = [each for each in entries if each.is_review]
    newest = reviews.newest(entries)
    broken = [_broken(each) for each in newest if each.word in {"failed", BROKEN}]
    lost_ones = [Trouble(at, guid, what, MISHANDLED) for at, guid, what in lost or ()]
    errors = [*map(_undelivered, failed or ()), *lost_ones, *broken]
    return Overview(
        queue=queue,
        installations=installations,
        pulls=newest[:SHOWN],
        reviews=made[:SHOWN],
        rules=reviews.tallies(entries),
        errors=sorted(errors, key=lambda each: each.at, reverse=True)[:SHOWN],
        deliveries_known=failed is not None,
        database_known=found is not None,
    )


async def _tried(what: str, asking: Awaitable[Found]) -> Found | None:
    try:
        async with asyncio.timeout(SECONDS):
            return await asking
    except Exception as error:
        log.warning("%s can't be shown: %s", what, type(error).__name__)
        return None


async def _installations(services: Services) -> list[Installation]:
    client, url = services.app_client(), f"/app/installations?per_page={MOST_INSTALLATIONS}"
    answer = await client.getitem(url, jwt=services.tokens.jwt())
    return [_installation(each, services.config) for each in islice(answer, MOST_INSTALLATIONS)]


def _installation(answer: Mapping[str, Any], config: Config) -> Installation:
    url = str(answer["html_url"])
    return Installation(
        account=(answer["account"] or {}).get("login") or (answer["account"] or {}).get("slug", "?"),
        repositories=answer["repository_selection"],
        since=_time(answer["created_at"]),
        suspended=answer["suspended_at"] is not None,
        url=url if url.startswith(f"{config.github_url}/") else "",
    )


def _undelivered(entry: Mapping[str, Any]) -> Trouble:
    event = " ".join(filter(None, (entry["event"], entry["action"])))
    return Trouble(
        _time(entry["delivered_at"]), entry["guid"], event, f"GitHub could not deliver it: {entry['status']}"
    )


def _broken(entry: Entry) -> Trouble:
    return Trouble(entry.at, entry.delivery, f"review of {entry.repository}#{entry.number}", entry.said)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
