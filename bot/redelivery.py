"""Deliveries that did not reach us: GitHub keeps them for three days, and sends one again only when it is asked to.

https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from gidgethub import BadRequest

from bot.services import Services

log = logging.getLogger(__name__)

KEPT_SECONDS = 3 * 24 * 3600
MOST_ATTEMPTS = 6
# A delivery is listed when it has ended, up to ten seconds (Enterprise Server: thirty) after its time.
OVERLAP = 60
# How many attempts are looked through for a page, and for one delivery of which only the id is known.
LISTED = 200
SEARCHED = 5_000

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Look:
    """What a look through the deliveries came to: from when on the next has to look, and how many were asked for."""

    since: float
    sent: int

    def to_record(self) -> dict[str, Any]:
        """The look as JSON values."""
        return asdict(self)


async def look(
    services: Services,
    since: float,
    is_wanted: Callable[[str, str | None], bool],
    stored: Callable[[Sequence[str]], Awaitable[Collection[str]]],
) -> Look:
    """Have sent again what failed since then, is wanted and is not stored. One that fails again and again is let go."""
    now = time.time()
    missed = [
        entries
        for entries in (await _deliveries(services, max(since - OVERLAP, now - KEPT_SECONDS))).values()
        if not any(_arrived(entry) for entry in entries)
        and is_wanted(entries[0]["event"], entries[0]["action"])
    ]
    known = await stored([entries[0]["guid"] for entries in missed]) if missed else ()
    sent, again = 0, now
    for entries in missed:
        guid = entries[0]["guid"]
        if guid in known:  # it arrived, and our answer did not
            continue
        if len(entries) >= MOST_ATTEMPTS:
            log.error("delivery %s failed %d times and is let go", guid, len(entries))
            continue
        sent += await _send(services, entries[0])
        again = min(again, _time(entries[-1]))
    return Look(again, sent)


async def failed(services: Services, most: int) -> list[Entry]:
    """The newest failed attempts at deliveries, one for each delivery that has not arrived since."""
    found: dict[str, Entry] = {}
    arrived: set[str] = set()
    async for entry in _listed(services, LISTED):
        if _arrived(entry):
            arrived.add(entry["guid"])
        elif entry["guid"] not in arrived:
            found.setdefault(entry["guid"], entry)
    return list(found.values())[:most]


async def again(services: Services, guid: str, forget: Callable[[str], Awaitable[None]]) -> bool:
    """Have a delivery sent again, as by its button on GitHub; whether GitHub still has it and does so.

    What is stored of it is forgotten first: else its coming would change nothing.
    """
    async for entry in _listed(services, SEARCHED):
        if entry["guid"] == guid:
            await forget(guid)
            return await _send(services, entry)
    return False


async def _listed(services: Services, most: int) -> AsyncIterator[Entry]:
    """The newest attempts at deliveries."""
    count, url = 0, "/app/hook/deliveries?per_page=100"
    async for entry in services.app_client().getiter(url, jwt=services.tokens.jwt()):
        yield entry
        count += 1
        if count >= most:
            return


async def _deliveries(services: Services, since: float) -> dict[str, list[Entry]]:
    """The failed attempts since then by their delivery's id, the newest first.

    A GitHub that does not know the filter yet lists all of them, so they are told apart here as well.
    """
    found: dict[str, list[Entry]] = {}
    url = "/app/hook/deliveries?per_page=100&status=failure"
    async for entry in services.app_client().getiter(url, jwt=services.tokens.jwt()):
        if _time(entry) < since:
            break
        found.setdefault(entry["guid"], []).append(entry)
    return found


async def _send(services: Services, entry: Entry) -> bool:
    client, url = services.app_client(), f"/app/hook/deliveries/{entry['id']}/attempts"
    try:
        await client.insist(lambda: client.post(url, data=b"", jwt=services.tokens.jwt()))
    except BadRequest as refusal:
        log.warning("GitHub does not send delivery %s again: %s", entry["guid"], refusal)
        return False
    log.info("asked GitHub for delivery %s again (%s)", entry["guid"], entry["status"])
    return True


def _arrived(entry: Entry) -> bool:
    return 200 <= int(entry["status_code"]) < 300


def _time(entry: Entry) -> float:
    return datetime.fromisoformat(entry["delivered_at"].replace("Z", "+00:00")).timestamp()
