"""The pace of writes: of one process, and of many that share a database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.database import Database
from bot.github.throttle import Kind, LocalThrottle, Pace, Throttle
from bot.shared_throttle import SharedThrottle

SLOW = Pace(write=0.3, notice=0.6, burst=1)


@pytest.fixture
async def database(postgresql: str) -> AsyncIterator[Database]:
    database = Database(postgresql)
    await database.prepare()
    yield database
    await database.close()


@pytest.fixture
async def local() -> LocalThrottle:
    return LocalThrottle(SLOW)


@pytest.fixture
async def shared(database: Database) -> SharedThrottle:
    return SharedThrottle(database, SLOW)


async def took(throttle: Throttle, key: str, *kinds: Kind) -> float:
    started = time.monotonic()
    for kind in kinds:
        await throttle.turn(key, kind)
    return time.monotonic() - started


@pytest.mark.parametrize("which", ["local", "shared"])
async def test_writes_of_one_installation_are_spaced_and_others_are_not_held_up(
    which: str, local: LocalThrottle, shared: SharedThrottle
) -> None:
    throttle: Throttle = local if which == "local" else shared
    assert await took(throttle, "a", "write") < 0.2
    assert await took(throttle, "b", "write") < 0.2
    assert await took(throttle, "a", "read", "read") < 0.1
    assert 0.3 <= await took(throttle, "a", "write", "write") < 0.9


@pytest.mark.parametrize("which", ["local", "shared"])
async def test_what_people_are_told_of_is_spaced_wider(
    which: str, local: LocalThrottle, shared: SharedThrottle
) -> None:
    throttle: Throttle = local if which == "local" else shared
    assert 1.1 <= await took(throttle, "a", "notice", "notice", "notice") < 1.8
    assert await took(throttle, "a", "write") < 0.5


@pytest.mark.parametrize("which", ["local", "shared"])
async def test_a_held_installation_waits_and_others_do_not(
    which: str, local: LocalThrottle, shared: SharedThrottle
) -> None:
    throttle: Throttle = local if which == "local" else shared
    await throttle.hold("a", 0.6)
    assert await took(throttle, "b", "write") < 0.2
    assert await took(throttle, "a", "read") >= 0.4
    await throttle.hold("a", 0.6)
    assert await took(throttle, "a", "write") >= 0.6


async def test_a_few_writes_may_come_together_and_many_keep_the_pace() -> None:
    throttle = LocalThrottle(Pace(write=0.2, notice=0, burst=5))
    assert await took(throttle, "a", "write", "write", "write", "write", "write") < 0.1
    assert await took(throttle, "a", "write", "write", "write", "write", "write") >= 0.9


async def test_two_processes_share_one_pace(database: Database) -> None:
    first, second = SharedThrottle(database, SLOW), SharedThrottle(database, SLOW)
    started = time.monotonic()
    await asyncio.gather(*(each.turn("a", "write") for each in (first, second, first, second)))
    assert 0.85 <= time.monotonic() - started < 1.8
    await first.hold("a", 0.8)
    assert await took(second, "a", "write") >= 0.8


def test_the_pace_keeps_githubs_limit_on_content() -> None:
    """80 a minute: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api"""
    pace = Pace()
    assert pace.burst + 60 / pace.write <= 80
    assert pace.notice >= 3
