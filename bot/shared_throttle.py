"""The turns of many processes, kept in their database: an installation has one pace, however many write to it."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from bot.database import NOW, TURNS, Database
from bot.github.throttle import Kind, Pace


class SharedThrottle:
    """As `LocalThrottle`, with the times of writes in the database. A held key's reads wait in this process alone."""

    def __init__(self, database: Database, pace: Pace) -> None:
        self._database = database
        self._pace = pace
        self._held: dict[str, float] = {}

    async def turn(self, key: str, kind: Kind) -> None:
        """Wait for the turn; turns are given in the order in which the database is asked."""
        wait = self._held.get(key, 0.0) - time.monotonic()
        for name, distance, burst in self._pace.steps(key, kind):
            if distance:
                wait = max(wait, await self._step(name, distance, burst))
        if wait > 0:
            await asyncio.sleep(wait)

    async def hold(self, key: str, seconds: float) -> None:
        """Hold the key, for all processes."""
        self._held[key] = max(self._held.get(key, 0.0), time.monotonic() + seconds)
        due = NOW + timedelta(seconds=seconds + self._pace.write * self._pace.burst)
        row = insert(TURNS).values(key=key, due=due)
        latest = sa.func.greatest(TURNS.c.due, row.excluded.due)
        statement = row.on_conflict_do_update(index_elements=[TURNS.c.key], set_={"due": latest})
        await self._database.run(lambda connection: connection.execute(statement))

    async def _step(self, name: str, distance: float, burst: int) -> float:
        """Move the key's time on; returns the seconds until the turn."""
        step = timedelta(seconds=distance)
        row = insert(TURNS).values(key=name, due=NOW + step)
        statement = row.on_conflict_do_update(
            index_elements=[TURNS.c.key], set_={"due": sa.func.greatest(TURNS.c.due, NOW) + step}
        ).returning(sa.extract("epoch", TURNS.c.due - NOW))
        ahead = await self._database.run(lambda connection: connection.execute(statement).scalar_one())
        return float(ahead) - distance * burst
