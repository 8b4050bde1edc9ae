"""What a review is doing, for people who wait for it: written now and then, and of no consequence."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

log = logging.getLogger(__name__)

FETCHING = "Fetching the commits"
PATIENCE = 10.0


class Progress:
    """The latest word on a review. A short review is over before the first is written."""

    def __init__(self) -> None:
        self.title = FETCHING

    def files(self, done: int, total: int) -> None:
        """So many of so many files are done."""
        self.title = f"Reviewing {done:,} of {total:,} files"


@contextlib.asynccontextmanager
async def shown(
    progress: Progress, show: Callable[[str], Awaitable[None]], every: float
) -> AsyncIterator[None]:
    """Show the progress every few seconds until the end of the block, after which nothing is written any more.

    A write that is on its way is waited for: it must not overtake what is written next.
    """
    ended = asyncio.Event()
    task = asyncio.ensure_future(_show(progress, show, every, ended))
    try:
        yield
    finally:
        ended.set()
        await asyncio.wait({task}, timeout=PATIENCE)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _show(
    progress: Progress, show: Callable[[str], Awaitable[None]], every: float, ended: asyncio.Event
) -> None:
    last = ""
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), every)
            return
        if progress.title != last:
            last = progress.title
            try:
                await show(last)
            except Exception as error:
                log.info("the progress is not shown: %s", error)
