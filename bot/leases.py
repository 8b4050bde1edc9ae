"""Who is alive: each process holds its name by a lease, and takes over the work of names that nobody holds any more."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
import uuid
from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from dbos import DBOS
from sqlalchemy.exc import SQLAlchemyError

from bot.database import NOW, TURNS, WORKERS, Database

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Others may have taken this process for dead, and be at its work already."""


class Lease:
    """This process's name, and its right to work. A name is new with each start: none is mistaken for an older one.

    Renewed each sixth of `seconds`. Work that others left is taken over with the renewal after their lease has ended.
    """

    def __init__(self, database: Database, role: str, seconds: float) -> None:
        self.id = f"{role}-{socket.gethostname()}-{uuid.uuid4().hex[:12]}"
        self._database = database
        self._seconds = seconds
        self._renewed = time.monotonic()

    async def take(self) -> None:
        """Be known as alive, before any work is begun under this name."""
        await self._database.run(
            lambda connection: connection.execute(
                sa.insert(WORKERS).values(id=self.id, started=NOW, seen=NOW)
            )
        )
        self._renewed = time.monotonic()

    async def give_up(self) -> None:
        """Say that this process is done: what it left is taken over at once."""
        try:
            await self._database.run(
                lambda connection: connection.execute(sa.delete(WORKERS).where(WORKERS.c.id == self.id))
            )
        except SQLAlchemyError as error:  # then it just ends by time
            log.warning("the lease could not be given up: %s", type(error).__name__)

    async def keep(self) -> None:
        """Renew the lease and look after the dead, for ever. Raises `LeaseLost`."""
        beat = self._seconds / 6
        while True:
            await asyncio.sleep(beat)
            try:
                async with asyncio.timeout(beat):  # an address that is cut off answers with nothing at all
                    await self._renew()
            except (SQLAlchemyError, TimeoutError) as error:
                log.warning("the lease could not be renewed: %s", type(error).__name__)
                if time.monotonic() - self._renewed >= 4 * beat:
                    raise LeaseLost("the database did not answer for too long") from None
                continue
            try:
                async with asyncio.timeout(beat):
                    await self._take_over()
            except Exception as error:  # the next beat comes, and other processes look as well
                log.warning("could not look after the others: %s", type(error).__name__)

    async def _renew(self) -> None:
        def renew(connection: sa.Connection) -> int:
            alive = WORKERS.c.id == self.id, WORKERS.c.seen > self._deadline()
            return connection.execute(sa.update(WORKERS).where(*alive).values(seen=NOW)).rowcount

        started = time.monotonic()
        if not await self._database.run(renew):
            raise LeaseLost("the lease had ended")
        self._renewed = started

    async def _take_over(self) -> None:
        """Queue again what is pending under names that nobody holds.

        Who has pending work is asked first, who is alive second: a process that starts in between is alive.
        """
        pending = await DBOS.list_workflows_async(status="PENDING", load_input=False, load_output=False)
        names = {each.executor_id for each in pending if each.executor_id}
        dead = sorted(names - await self.alive())
        if dead:
            log.warning("taking over the work of %s", ", ".join(dead))
            await asyncio.to_thread(recover, dead)

    async def alive(self) -> frozenset[str]:
        """The names that are held now; those whose time is over are deleted."""

        def ask(connection: sa.Connection) -> frozenset[str]:
            connection.execute(sa.delete(WORKERS).where(WORKERS.c.seen <= self._deadline()))
            connection.execute(sa.delete(TURNS).where(TURNS.c.due < NOW - timedelta(hours=1)))
            return frozenset(connection.scalars(sa.select(WORKERS.c.id)))

        return await self._database.run(ask)

    def _deadline(self) -> sa.ColumnElement[object]:
        return NOW - timedelta(seconds=self._seconds)


def recover(dead: Iterable[str]) -> None:
    """Queue the pending workflows of these names again. Asked for twice, or by two processes, it is done once.

    DBOS keeps this call for a service of its own: its version is held to one minor release, and a test holds the call.
    """
    DBOS._recover_pending_workflows(list(dead))
