"""What each process does for its own disk: clones within their size, and none of what was taken from the App."""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import timedelta

import sqlalchemy as sa

from bot import metrics
from bot.database import NOW, REMOVALS, Database
from bot.services import Services

log = logging.getLogger(__name__)

EVICT_SECONDS = 3600.0
LOOK_SECONDS = 10.0
REMOVALS_KEPT = timedelta(days=90)


async def keep(services: Services) -> None:
    """Look after this process's clones, for ever."""
    done, next_eviction = 0, 0.0
    while True:
        try:
            if services.database is not None:
                done = await _remove_noted(services, services.database, done)
            if time.monotonic() >= next_eviction:
                next_eviction = time.monotonic() + EVICT_SECONDS
                await services.clones.evict()
        except Exception:  # the next time comes
            metrics.ERRORS.labels("housekeeping").inc()
            log.exception("housekeeping failed")
        await asyncio.sleep(min(LOOK_SECONDS, EVICT_SECONDS))


async def remove(services: Services, installation: int, repository: int | None) -> None:
    """Delete the clones and tokens of a repository, or of all of an installation, and tell the other processes."""
    await _remove(services, installation, repository)
    if services.database is not None:
        note = sa.insert(REMOVALS).values(installation=installation, repository=repository, at=NOW)
        await services.database.run(lambda connection: connection.execute(note))


async def _remove(services: Services, installation: int, repository: int | None) -> None:
    services.tokens.forget(installation)
    await services.clones.remove(installation, repository)


async def _remove_noted(services: Services, database: Database, done: int) -> int:
    """Follow what was noted after the note `done`; returns the last. At a start all are followed, which is no harm."""

    def ask(connection: sa.Connection) -> list[tuple[int, int, int | None]]:
        connection.execute(sa.delete(REMOVALS).where(REMOVALS.c.at < NOW - REMOVALS_KEPT))
        columns = REMOVALS.c.id, REMOVALS.c.installation, REMOVALS.c.repository
        found = connection.execute(sa.select(*columns).where(REMOVALS.c.id > done).order_by(REMOVALS.c.id))
        return [(row[0], row[1], row[2]) for row in found]

    for number, installation, repository in await database.run(ask):
        await _remove(services, installation, repository)
        done = number
    return done
