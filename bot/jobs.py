"""The durable workflows: receive a delivery, review a pull request, sweep. DBOS keeps them in SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetEnqueueOptions, SetWorkflowID
from gidgethub.sansio import Event

from bot import review as reviewing
from bot.config import Config
from bot.deliveries import Delivery
from bot.github.client import is_transient
from bot.github.locks import locked_now
from bot.handlers import find_router
from bot.older_sqlite import tell_subseconds
from bot.review import Outcome, Request
from bot.services import Services, serving
from checks.errors import UserError

log = logging.getLogger(__name__)

# Raised only when the steps of a workflow change: work that waits under another number is left alone.
QUEUE_FORMAT = "1"
QUEUE = "reviews"
KEPT_DAYS = 14
UNREACHABLE = (
    "GitHub could not be reached for this review. Push again or reopen the pull request to repeat it."
)
FINISHED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
ROUTER = find_router()

_running: Services | None = None
_tasks: set[asyncio.Task[Any]] = set()


class Requests:
    """What handlers ask for, made durable. Used inside the `receive` workflow only."""

    async def request_review(self, delivery: Delivery) -> None:
        """Queue the review behind those of the same pull request."""
        first = Request.of(delivery, _services().config.review_hash)
        record = await next_attempt(first.to_record())
        await announce(record)
        request = Request.from_record(record)
        with SetWorkflowID(request.id), SetEnqueueOptions(queue_partition_key=request.partition):
            await DBOS.enqueue_workflow_async(QUEUE, review, record)

    async def forget(self, installation: int, repository: int | None = None) -> None:
        """Remove clones and tokens."""
        await remove_clones(installation, repository)


async def start(delivery: Delivery) -> None:
    """Take a delivery in: once this returns it is stored. One that is stored already changes nothing."""
    with SetWorkflowID(delivery.id):
        await DBOS.start_workflow_async(receive, delivery.to_record())


@DBOS.workflow(name="receive")
async def receive(record: dict[str, Any]) -> None:
    """Hand a stored delivery to its handler."""
    with _tracked():
        delivery = Delivery.from_record(record)
        await ROUTER.dispatch(Event(record, event=delivery.event, delivery_id=delivery.id), Requests())


@DBOS.workflow(name="review")
async def review(record: dict[str, Any]) -> dict[str, Any]:
    """Review, and see to it that the check run is completed in any case."""
    with _tracked():
        try:
            outcome = await perform(record)
        except Exception as error:  # what failed at every repetition, also when it did so before a restart
            log.warning("%s: given up: %s", Request.from_record(record).id, error)
            outcome = Outcome("failed", UNREACHABLE).to_record()
        if outcome["word"] != "reviewed":
            await conclude(record, outcome)
        return outcome


@DBOS.workflow(name="sweep")
async def sweep(scheduled: datetime, context: Any) -> None:
    """Let old records and clones go."""
    with _tracked():
        await delete_old()
        await evict_clones()


@DBOS.step()
async def next_attempt(record: dict[str, Any]) -> dict[str, Any]:
    """The attempt that serves this request: one that waits or that gave a review, else a new one."""
    request = Request.from_record(record)
    for each in await DBOS.list_workflows_async(workflow_id_prefix=request.series, load_input=False):
        request = replace(request, attempt=int(each.workflow_id.rsplit("/", 1)[1]))
        if each.status == "ENQUEUED" or (each.status == "SUCCESS" and _word(each.output) == "reviewed"):
            return request.to_record()
        request = replace(request, attempt=request.attempt + 1)
    return request.to_record()


def _word(output: Any) -> str:
    return Outcome.from_record(output).word


@DBOS.step()
async def announce(record: dict[str, Any]) -> None:
    """Show the queued check run."""
    await reviewing.announce(_services(), Request.from_record(record))


async def _is_transient(error: BaseException) -> bool:
    return is_transient(error)


@DBOS.step(
    retries_allowed=True, max_attempts=4, interval_seconds=5, backoff_rate=3, should_retry=_is_transient
)
async def perform(record: dict[str, Any]) -> dict[str, Any]:
    """Everything between the token and the posted review. What comes of it is stored as counts and a sentence."""
    request = Request.from_record(record)

    async def is_newer_queued() -> bool:
        waiting = await DBOS.list_workflows_async(
            workflow_id_prefix=request.partition,
            status="ENQUEUED",
            load_input=False,
            load_output=False,
            limit=1,
        )
        return bool(waiting)

    return (await reviewing.perform(_services(), request, is_newer_queued)).to_record()


@DBOS.step(
    retries_allowed=True, max_attempts=9, interval_seconds=5, backoff_rate=2, should_retry=_is_transient
)
async def conclude(record: dict[str, Any], outcome: dict[str, Any]) -> None:
    """Complete the check run of a review that gave none."""
    await reviewing.conclude(_services(), Request.from_record(record), Outcome.from_record(outcome))


@DBOS.step()
async def remove_clones(installation: int, repository: int | None) -> None:
    """Delete what is on disk, and the tokens in memory."""
    services = _services()
    services.tokens.forget(installation)
    await services.clones.remove(installation, repository)


@DBOS.step()
async def delete_old() -> int:
    """Delete what was finished longer ago than GitHub redelivers."""
    before = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).isoformat()
    deleted = 0
    while old := await DBOS.list_workflows_async(
        status=list(FINISHED), completed_before=before, limit=500, load_input=False, load_output=False
    ):
        await DBOS.delete_workflows_async([each.workflow_id for each in old])
        deleted += len(old)
    return deleted


@DBOS.step()
async def evict_clones() -> int:
    """Keep the clones within their size."""
    return await _services().clones.evict()


@contextlib.asynccontextmanager
async def running(config: Config) -> AsyncIterator[None]:
    """The workflows at work, until the end of the block. Raises `UserError` when another server has the data folder.

    What is interrupted by the end goes on with the next start.
    """
    global _running  # noqa: PLW0603 - DBOS is one for a process, and finds workflows by name
    with locked_now(config.data_dir / "serve.lock") as free:
        if not free:
            raise UserError(f"another server is running in {config.data_dir}")
        async with serving(config) as services:
            _running = services
            try:
                await _launch(config)
                yield
            finally:
                await _stop()
                _running = None


async def is_ready() -> Mapping[str, bool]:
    """Whether the database answers and the queue is being worked on."""
    try:
        async with asyncio.timeout(5):
            await DBOS.list_queues_async()
        database = True
    except Exception:
        log.warning("the database does not answer", exc_info=True)
        database = False
    queue = any(thread.name == f"queue-worker-{QUEUE}" for thread in threading.enumerate())
    return {"database": database, "queue": queue}


async def _launch(config: Config) -> None:
    tell_subseconds()
    settings = DBOSConfig(
        name="rubricate",
        system_database_url=config.database,
        application_version=QUEUE_FORMAT,
        executor_id="serve",
        serializer=DBOSPortableJSONSerializer(),
        log_level="WARNING",
        notification_listener_polling_interval_sec=config.poll_interval,
    )
    DBOS(config=settings)
    DBOS.launch()
    await DBOS.register_queue_async(
        QUEUE,
        worker_concurrency=config.reviews_at_once,
        partition_concurrency=1,
        polling_interval_sec=config.poll_interval,
        on_conflict="always_update",
    )
    await DBOS.apply_schedules_async(
        [{"schedule_name": "sweep", "workflow_fn": sweep, "schedule": "17 * * * *"}]
    )


async def _stop() -> None:
    """End the running workflows where they are: they are recorded as pending, and are taken up again."""
    # To DBOS a cancelled task is worth a warning; here it is how a server ends.
    logging.getLogger("dbos").setLevel(logging.ERROR)
    tasks = list(_tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.to_thread(DBOS.destroy)


@contextlib.contextmanager
def _tracked() -> Any:
    task = asyncio.current_task()
    assert task is not None
    _tasks.add(task)
    try:
        yield
    finally:
        _tasks.discard(task)


def _services() -> Services:
    assert _running is not None, "no server is running"
    return _running
