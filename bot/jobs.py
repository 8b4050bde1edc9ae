"""The durable workflows: receive a delivery, review a pull request, sweep. DBOS keeps them in SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from dbos import DBOS, SetEnqueueOptions, SetWorkflowID
from gidgethub.sansio import Event

from bot import housekeeping, logs, metrics, redelivery, runtime, welcome
from bot import review as reviewing
from bot import stock as taking_stock
from bot.commanding import carry_out as commanding
from bot.config import Config
from bot.deliveries import Delivery
from bot.github.client import is_transient
from bot.handlers import find_router
from bot.outcome import Outcome
from bot.review import Request
from bot.runtime import QUEUE, services, tracked
from bot.welcome import Candidate

log = logging.getLogger(__name__)

# Raised only when the steps of a workflow change: work that waits under another number is left alone.
QUEUE_FORMAT = "1"
KEPT_DAYS = 14
UNREACHABLE = (
    "GitHub could not be reached for this review. Push again or reopen the pull request to repeat it."
)
SERVED = "served"  # there is a review already: nothing is to be shown
FINISHED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
ROUTER = find_router()


class Requests:
    """What handlers ask for, made durable. Used inside the `receive` workflow only."""

    async def request_review(self, delivery: Delivery, *, asked: bool = False, quiet: bool = False) -> None:
        """Queue the review behind those of the same pull request; one that a person asked for though there was one."""
        first = replace(Request.of(delivery, services().config.review_hash), asked=asked, quiet=quiet)
        record = await next_attempt(first.to_record(), force=asked)
        if not quiet:
            await announce(record)
        request = Request.from_record(record)
        with SetWorkflowID(request.id), SetEnqueueOptions(queue_partition_key=request.partition):
            await DBOS.enqueue_workflow_async(QUEUE, review, record)

    async def carry_out(self, delivery: Delivery) -> None:
        """Queue what a person asked for behind what was asked for on the same pull request."""
        place = f"command/{delivery.repository}/{delivery.number}/"
        name = f"{delivery.event}/{delivery.comment}" if delivery.says == "command" else delivery.id
        with SetWorkflowID(f"{place}{name}"), SetEnqueueOptions(queue_partition_key=place):
            await DBOS.enqueue_workflow_async(QUEUE, command, delivery.to_record())

    async def welcome(self, delivery: Delivery) -> None:
        """Queue the repositories behind each other, unless the operator wants no such offers."""
        for repository, full_name in delivery.added if services().config.onboarding else ():
            candidate = Candidate(delivery.installation, repository, full_name, delivery.id)
            with SetWorkflowID(candidate.id), SetEnqueueOptions(queue_partition_key=candidate.partition):
                await DBOS.enqueue_workflow_async(QUEUE, onboard, candidate.to_record())

    async def take_stock(self, delivery: Delivery) -> None:
        """Count behind the reviews of the same pull request how its comments were received."""
        request = Request.of(delivery, "")
        with SetWorkflowID(f"stock/{delivery.id}"), SetEnqueueOptions(queue_partition_key=request.partition):
            await DBOS.enqueue_workflow_async(QUEUE, stock, request.to_record())

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
    delivery = Delivery.from_record(record)
    with tracked(), logs.about(**delivery.subject):
        await ROUTER.dispatch(Event(record, event=delivery.event, delivery_id=delivery.id), Requests())


@DBOS.workflow(name="review")
async def review(record: dict[str, Any]) -> dict[str, Any]:
    """Review, and see to it that the check run is completed in any case."""
    request = Request.from_record(record)
    with tracked(), logs.about(**request.subject):
        try:
            outcome = await perform(record)
        except Exception as error:  # what failed at every repetition, also when it did so before a restart
            log.warning("%s: given up: %s", request.id, error)
            metrics.ERRORS.labels("review").inc()
            outcome = Outcome("failed", UNREACHABLE).to_record()
        if outcome["word"] not in {"reviewed", SERVED}:
            await conclude(record, outcome)
        return outcome


@DBOS.workflow(name="stock")
async def stock(record: dict[str, Any]) -> dict[str, Any]:
    """Note how the comments on a pull request that is closed were received, which is for the status page alone."""
    request = Request.from_record(record)
    with tracked(), logs.about(**request.subject):
        try:
            return await take_stock(record)
        except Exception as error:
            log.warning("%s#%d: not counted: %s", request.full_name, request.number, error)
            return Outcome("stopped").to_record()


@DBOS.workflow(name="command")
async def command(record: dict[str, Any]) -> None:
    """Do what a person asked for, and review where that is to follow."""
    delivery = Delivery.from_record(record)
    with tracked(), logs.about(**delivery.subject):
        try:
            follows = await carry_out(record)
        except Exception as error:  # what failed at every repetition, also when it did so before a restart
            log.warning("what %s asked for: given up: %s", delivery.person, error)
            metrics.ERRORS.labels("command").inc()
            await admit(record)
            return
        if follows is not None:
            await Requests().request_review(Delivery.from_record(follows), asked=True)


@DBOS.workflow(name="onboard")
async def onboard(record: dict[str, Any]) -> dict[str, str]:
    """Offer a repository a configuration. What failed at every repetition is left: nobody waits for it."""
    candidate = Candidate.from_record(record)
    with tracked(), logs.about(**candidate.subject):
        try:
            return await offer(record)
        except Exception as error:
            log.warning("%s: given up: %s", candidate.id, error)
            metrics.ERRORS.labels("onboarding").inc()
            return {"word": "failed", "sentence": "GitHub could not be reached."}


@DBOS.workflow(name="sweep")
async def sweep(scheduled: datetime, context: Any) -> None:
    """Let old records go."""
    with tracked():
        await delete_old()


@DBOS.workflow(name="redeliver")
async def redeliver(scheduled: datetime, context: Any) -> dict[str, Any]:
    """Have GitHub send again what did not reach us. The result says from when on the next time has to look."""
    with tracked():
        return await send_missed(await last_look())


@DBOS.step()
async def next_attempt(record: dict[str, Any], force: bool = False) -> dict[str, Any]:
    """The attempt that serves this request: one that waits or that gave a review, else a new one; with `force` that."""
    request = Request.from_record(record)
    for each in await DBOS.list_workflows_async(workflow_id_prefix=request.series, load_input=False):
        request = replace(request, attempt=int(each.workflow_id.rsplit("/", 1)[1]))
        done = each.status == "SUCCESS" and _word(each.output) == "reviewed"
        if not force and (done or each.status == "ENQUEUED"):
            return request.to_record()
        request = replace(request, attempt=request.attempt + 1)
    return request.to_record()


async def _is_served(request: Request) -> bool:
    """Whether another attempt at the same commits gave a review, which may have ended while this one waited."""
    attempts = await DBOS.list_workflows_async(
        workflow_id_prefix=request.series, status="SUCCESS", load_input=False
    )
    return any(_word(each.output) == "reviewed" for each in attempts)


def _word(output: Any) -> str:
    return Outcome.from_record(output).word


@DBOS.step()
async def announce(record: dict[str, Any]) -> None:
    """Show the queued check run."""
    await reviewing.announce(services(), Request.from_record(record))


async def _is_transient(error: BaseException) -> bool:
    return is_transient(error)


@DBOS.step(
    retries_allowed=True, max_attempts=4, interval_seconds=5, backoff_rate=3, should_retry=_is_transient
)
async def perform(record: dict[str, Any]) -> dict[str, Any]:
    """Everything between the token and the posted review. What comes of it is stored as counts and a sentence."""
    request = Request.from_record(record)
    if request.quiet and await _is_served(request):
        return Outcome(SERVED).to_record()

    async def is_newer_queued() -> bool:
        waiting = await DBOS.list_workflows_async(
            workflow_id_prefix=request.partition,
            status="ENQUEUED",
            load_input=False,
            load_output=False,
        )
        return any(not each.workflow_id.startswith(request.series) for each in waiting)

    return (await reviewing.perform(services(), request, is_newer_queued)).to_record()


@DBOS.step(
    retries_allowed=True, max_attempts=4, interval_seconds=5, backoff_rate=3, should_retry=_is_transient
)
async def take_stock(record: dict[str, Any]) -> dict[str, Any]:
    """How people received our comments, as counts by rule."""
    return (await taking_stock.take(services(), Request.from_record(record))).to_record()


@DBOS.step(
    retries_allowed=True, max_attempts=9, interval_seconds=5, backoff_rate=2, should_retry=_is_transient
)
async def conclude(record: dict[str, Any], outcome: dict[str, Any]) -> None:
    """Complete the check run of a review that gave none."""
    await reviewing.conclude(services(), Request.from_record(record), Outcome.from_record(outcome))


@DBOS.step(
    retries_allowed=True, max_attempts=4, interval_seconds=5, backoff_rate=3, should_retry=_is_transient
)
async def carry_out(record: dict[str, Any]) -> dict[str, Any] | None:
    """What a person asked for. Returns the delivery to be reviewed, if a review is to follow."""
    follows = await commanding.carry_out(services(), Delivery.from_record(record))
    return None if follows is None else follows.to_record()


@DBOS.step(
    retries_allowed=True, max_attempts=4, interval_seconds=5, backoff_rate=3, should_retry=_is_transient
)
async def offer(record: dict[str, Any]) -> dict[str, str]:
    """The pull request with a configuration, or why there is none."""
    candidate = Candidate.from_record(record)

    async def opened() -> int:
        done = await DBOS.list_workflows_async(
            workflow_id_prefix=candidate.partition, status="SUCCESS", load_input=False
        )
        return sum(dict(each.output or {}).get("word") == welcome.OPENED for each in done)

    return await welcome.perform(services(), candidate, opened)


@DBOS.step()
async def admit(record: dict[str, Any]) -> None:
    """Show that what a person asked for was not done."""
    await commanding.admit(services(), Delivery.from_record(record))


@DBOS.step()
async def remove_clones(installation: int, repository: int | None) -> None:
    """Delete what is on disk, and the tokens in memory."""
    await housekeeping.remove(services(), installation, repository)


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
async def last_look() -> float:
    """From when on GitHub's deliveries have not been looked through to the end; 0 when they never were."""
    ended = await DBOS.list_workflows_async(
        name="redeliver", status="SUCCESS", limit=1, sort_desc=True, load_input=False
    )
    return float(ended[0].output["since"]) if ended and ended[0].output else 0.0


@DBOS.step(retries_allowed=True, max_attempts=3, interval_seconds=5, should_retry=_is_transient)
async def send_missed(since: float) -> dict[str, Any]:
    """Ask GitHub for what failed, and to send it again where it is of use and is not stored.

    One that was interrupted and taken up again leaves it to a later one, if there is.
    """
    newest = await DBOS.list_workflows_async(
        name="redeliver", limit=1, sort_desc=True, load_input=False, load_output=False
    )
    if newest and newest[0].workflow_id != DBOS.workflow_id:
        return redelivery.Look(since, 0).to_record()
    look = await redelivery.look(services(), since, _is_wanted, _stored)
    metrics.REDELIVERED.inc(look.sent)
    return look.to_record()


def _is_wanted(event: str, action: str | None) -> bool:
    """Whether a handler listens to this kind of delivery."""
    return bool(ROUTER.fetch(Event({"action": action or ""}, event=event, delivery_id="")))


async def _stored(guids: Sequence[str]) -> frozenset[str]:
    kept = await DBOS.list_workflows_async(workflow_ids=list(guids), load_input=False, load_output=False)
    return frozenset(each.workflow_id for each in kept)


async def forget(guid: str) -> None:
    """Let go of a delivery that was handed on, so that it can be taken in anew. One that is being handed on stays."""
    kept = await DBOS.list_workflows_async(
        workflow_ids=[guid], name="receive", status=list(FINISHED), load_input=False, load_output=False
    )
    await DBOS.delete_workflows_async([each.workflow_id for each in kept])


# At the seventeenth minute for what is kept too long; each ten minutes for what GitHub could not deliver.
SCHEDULES: tuple[dict[str, Any], ...] = (
    {"schedule_name": "sweep", "workflow_fn": sweep, "schedule": "17 * * * *"},
    {"schedule_name": "redeliver", "workflow_fn": redeliver, "schedule": "*/10 * * * *"},
)


@contextlib.asynccontextmanager
async def running(config: Config, role: str = "serve") -> AsyncIterator[None]:
    """The workflows at work, until the end of the block; `serve` also asks at once for what was missed meanwhile.

    Raises `UserError` when another server has the data folder.
    """
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(runtime.running(config, role, QUEUE_FORMAT, SCHEDULES))
        chores = [asyncio.ensure_future(housekeeping.keep(runtime.services()))]
        if role == "serve":
            chores.append(asyncio.ensure_future(_catch_up(config.catch_up_seconds)))
        stack.push_async_callback(runtime.ended, *chores)
        yield


async def _catch_up(seconds: float) -> None:
    """Look for missed deliveries once the port is open, so that they find somebody."""
    await asyncio.sleep(seconds)
    with SetWorkflowID(f"redeliver/start/{uuid.uuid4()}"):
        await DBOS.start_workflow_async(redeliver, datetime.now(UTC), None)
