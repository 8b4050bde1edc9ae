"""A process of ours at work: services, DBOS, and on a shared database the lease. One for each Python process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer

from bot import metrics
from bot.config import Config
from bot.github.locks import locked_now
from bot.leases import Lease, LeaseLost
from bot.older_sqlite import tell_subseconds
from bot.services import Services, serving
from checks.errors import UserError

log = logging.getLogger(__name__)

QUEUE = "reviews"

_running: Services | None = None
_tasks: set[asyncio.Task[Any]] = set()
_lease: Lease | None = None
_lost = False


def services() -> Services:
    """The services of the process at work."""
    assert _running is not None, "no server is running"
    return _running


def is_lost() -> bool:
    """Whether this process ended because it had lost its lease."""
    return _lost


@contextlib.contextmanager
def tracked() -> Iterator[None]:
    """The current task is a workflow: it ends with the process, and not by itself after it."""
    task = asyncio.current_task()
    assert task is not None
    _tasks.add(task)
    try:
        yield
    finally:
        _tasks.discard(task)


@contextlib.asynccontextmanager
async def running(
    config: Config, role: str, version: str, schedules: Sequence[Mapping[str, Any]]
) -> AsyncIterator[None]:
    """The workflows at work, until the end of the block. What that interrupts goes on elsewhere, or at the next start.

    SQLite belongs to one process: raises `UserError` when another has the data folder. On a shared database the process
    has a name of its own, held by a lease; when it loses that it ends itself.
    """
    global _running, _lease  # noqa: PLW0603 - DBOS is one for a process, and finds workflows by name
    async with contextlib.AsyncExitStack() as stack:
        if not config.is_shared and not stack.enter_context(locked_now(config.data_dir / "serve.lock")):
            raise UserError(f"another server is running in {config.data_dir}")
        _running = await stack.enter_async_context(serving(config))
        stack.callback(_forget)
        if _running.database is not None:
            _lease = Lease(_running.database, role, config.lease_seconds)
            await _lease.take()
            stack.push_async_callback(_lease.give_up)
        stack.push_async_callback(_stop)
        await _launch(config, _lease.id if _lease else "serve", version, schedules)
        if _lease is not None:
            stack.push_async_callback(ended, asyncio.ensure_future(_hold(_lease)))
        yield


async def is_ready() -> Mapping[str, bool]:
    """Whether the database answers and the queue is being worked on."""
    try:
        async with asyncio.timeout(5):
            await DBOS.list_queues_async()
        database = True
    except Exception:
        log.warning("the database does not answer", exc_info=True)
        database = False
    working = services().config.reviews_at_once > 0
    queue = any(thread.name == f"queue-worker-{QUEUE}" for thread in threading.enumerate())
    return {"database": database, "queue": queue or not working}


async def depth() -> Mapping[str, int]:
    """How many reviews wait and how many run, on all processes together."""
    counts = {}
    for state, status in (("waiting", "ENQUEUED"), ("running", "PENDING")):
        found = await DBOS.list_workflows_async(
            queue_name=QUEUE, status=status, load_input=False, load_output=False
        )
        counts[state] = len(found)
    return counts


async def alive() -> int:
    """How many processes work on these jobs."""
    return len(await _lease.alive()) if _lease is not None else 1


async def _launch(config: Config, name: str, version: str, schedules: Sequence[Mapping[str, Any]]) -> None:
    tell_subseconds()
    settings = DBOSConfig(
        name="rubricate",
        system_database_url=config.database,
        application_version=version,
        executor_id=name,
        serializer=DBOSPortableJSONSerializer(),
        log_level="WARNING",
        notification_listener_polling_interval_sec=config.poll_interval,
    )
    DBOS(config=settings)
    logging.getLogger("dbos").handlers.clear()  # what it says goes where our own lines go, and as they do
    logging.getLogger("dbos").propagate = True
    if not config.reviews_at_once:
        DBOS.listen_queues([])
    DBOS.launch()  # on this thread: its event loop is where the workflows are to run
    await DBOS.register_queue_async(
        QUEUE,
        worker_concurrency=config.reviews_at_once or 1,
        partition_concurrency=1,
        polling_interval_sec=config.poll_interval,
        on_conflict="always_update" if config.reviews_at_once else "never_update",
    )
    await DBOS.apply_schedules_async(list(schedules))  # type: ignore[arg-type]


async def _hold(lease: Lease) -> None:
    """Keep the lease. Without it others do this process's work, so it must not go on for a moment."""
    global _lost  # noqa: PLW0603
    try:
        await lease.keep()
    except LeaseLost as lost:
        metrics.ERRORS.labels("lease").inc()
        log.error("%s: ending, so that nothing is done twice", lost)
    except Exception:
        metrics.ERRORS.labels("lease").inc()
        log.exception("the lease can't be kept: ending")
    _lost = True
    for task in list(_tasks):
        task.cancel()
    os.kill(os.getpid(), signal.SIGTERM)


async def _stop() -> None:
    """End the running workflows where they are: they are recorded as pending, and are taken up again."""
    # To DBOS a cancelled task is worth a warning; here it is how a server ends.
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
    tasks = list(_tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.to_thread(DBOS.destroy)


async def ended(*tasks: asyncio.Future[None]) -> None:
    """End tasks, and wait until they have."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _forget() -> None:
    global _running, _lease  # noqa: PLW0603
    _running = _lease = None
