"""The processes under test, which are killed at random: one on SQLite, or a server with three workers on PostgreSQL."""

from __future__ import annotations

import asyncio
import random
import shutil
from pathlib import Path
from typing import Any

from tests.bot.conftest import World
from tests.bot.processes import Process

WORKERS = 3
LEASE = 6.0


class Fleet:
    """Starts, kills and replaces processes."""

    def __init__(self, world: World, folder: Path, database_url: str, seed: int) -> None:
        self._world = world
        self._folder = folder
        self._random = random.Random(seed)
        self._made = 0
        self._shared: dict[str, Any] = {"catch_up_seconds": 0.5}
        if database_url:
            self._shared |= {"database_url": database_url, "lease_seconds": LEASE, "reviews_at_once": 1}
        self.server = self._make("serve")
        self.workers = [self._worker() for _ in range(WORKERS if database_url else 0)]
        self.kills = 0
        self.taken_away = 0

    async def start(self) -> None:
        await asyncio.gather(*(each.start() for each in (self.server, *self.workers)))

    async def kill(self) -> None:
        """Kill one at any instant, and start another. A worker never comes back under its name.

        One kill in four takes a worker away with its disk, as a machine that is lost: the next begins with nothing.
        """
        self.kills += 1
        takes_machine = self.kills % 4 == 0 and bool(self.workers)
        victim = self._random.choice(self.workers if takes_machine else [self.server, *self.workers])
        victim.kill()
        if victim is self.server:
            await self.server.start()
            return
        self.workers.remove(victim)
        if takes_machine:
            self.taken_away += 1
            shutil.rmtree(victim.folder)
            heir = self._worker()
        else:
            heir = Process(self._world, victim.folder, worker=True, **self._shared)
        self.workers.append(heir)
        await heir.start()

    async def restart_server(self) -> None:
        """In good order, so that it asks for the deliveries that nobody took."""
        self.server.stop()
        await self.server.start()

    def end(self) -> None:
        for process in (self.server, *self.workers):
            if process.runs:
                process.kill()

    def complaints(self) -> list[str]:
        """What is called a mistake of our own in the logs."""
        logs = [each.log.read_text() for each in (self.server, *self.workers) if each.log.exists()]
        return [line for log in logs for line in log.splitlines() if "a mistake in Rubricate" in line]

    def _make(self, name: str, **changes: Any) -> Process:
        return Process(self._world, self._folder / name, **{**self._shared, **changes})

    def _worker(self) -> Process:
        self._made += 1
        return self._make(f"worker-{self._made}", worker=True)
