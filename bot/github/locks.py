"""File locks that other processes see, awaited without a thread."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

POLL = 0.05


@contextlib.asynccontextmanager
async def locked(path: Path, *, shared: bool = False) -> AsyncIterator[None]:
    """Hold a lock on a file, which is made when it is missing."""
    with _opened(path) as descriptor:
        while not _take(descriptor, shared):
            await asyncio.sleep(POLL)
        yield


@contextlib.contextmanager
def locked_now(path: Path) -> Iterator[bool]:
    """Try once for an exclusive lock; yields whether it was free."""
    with _opened(path) as descriptor:
        yield _take(descriptor, shared=False)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int, shared: bool) -> bool:
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
