"""The pace of writes in one installation, as GitHub asks for it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal["read", "write", "notice"]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between the writes of one installation, once more than `burst` of them came together.

    GitHub asks for a second between writes when they are many, and allows 80 that make content in a minute:
    https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#pause-between-mutative-requests
    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
    A review or a comment notifies people; GitHub says that such endpoints have lower limits and names none. Its own
    client leaves three seconds between them: https://github.com/octokit/plugin-throttling.js
    """

    write: float = 1.0
    notice: float = 3.0
    burst: int = 5

    def steps(self, key: str, kind: Kind) -> tuple[tuple[str, float, int], ...]:
        """The queues that a request stands in, each with its distance in seconds and how many may go together."""
        if kind == "read":
            return ()
        write = (key, self.write, self.burst)
        return (write, (f"{key}/notice", self.notice, 1)) if kind == "notice" else (write,)


class Throttle(Protocol):
    """Gives requests their turns."""

    async def turn(self, key: str, kind: Kind) -> None:
        """Wait until this key may send a request of this kind."""

    async def hold(self, key: str, seconds: float) -> None:
        """Let this key send nothing for a while: GitHub said so to one of its requests."""


class LocalThrottle:
    """The turns of one process. A key's time moves on with each write and may run ahead of the clock by a burst."""

    def __init__(self, pace: Pace | None = None) -> None:
        self._pace = pace or Pace()
        self._due: dict[str, float] = {}
        self._held: dict[str, float] = {}

    async def turn(self, key: str, kind: Kind) -> None:
        """Wait for the turn; reads wait only while the key is held."""
        now = time.monotonic()
        until = self._held.get(key, now)
        for name, distance, burst in self._pace.steps(key, kind):
            self._due[name] = max(self._due.get(name, now), now) + distance
            until = max(until, self._due[name] - distance * burst)
        if until > now:
            await asyncio.sleep(until - now)

    async def hold(self, key: str, seconds: float) -> None:
        """Hold the key."""
        self._held[key] = max(self._held.get(key, 0.0), time.monotonic() + seconds)
