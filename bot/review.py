"""One review from start to end: is it still wanted, fetch, review in a child, publish. Knows no queue."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Self, TypeVar

from gidgethub import BadRequest

from bot import child, metrics, policy, silence
from bot.deliveries import Delivery
from bot.github import checkruns, notes, owners, queued
from bot.github.client import Unanswered, is_transient
from bot.github.clone import FetchFailed, Wanted
from bot.github.comments import Pull
from bot.github.manner import Manner, Voice
from bot.github.publish import Published, publish
from bot.github.tokens import is_gone
from bot.outcome import Outcome
from bot.progress import Progress, shown
from bot.services import Access, Services

log = logging.getLogger(__name__)

Result = TypeVar("Result")
WATCH_SECONDS = 1.0
FAILED = "Rubricate could not review this commit"
PAUSED = "Reviews of this pull request are paused. Comment `/rubricate resume` to have them again."


@dataclass(frozen=True, slots=True)
class Request:
    """Which review is wanted: a pull request's head against its base, and the how-manieth attempt at it.

    `asked`: by a person, who gets it though the team's settings or a pause say no. `group`: of a merge queue's commit.
    `quiet`: nothing was pushed, so that nothing is to be shown where these commits have been reviewed already.
    """

    installation: int
    repository: int
    full_name: str
    number: int
    head: str
    base: str
    configuration: str
    attempt: int = 1
    delivery: str = ""
    asked: bool = False
    group: bool = False
    quiet: bool = False

    @classmethod
    def of(cls, delivery: Delivery, configuration: str) -> Self:
        """The first attempt at what a delivery asks for."""
        return cls(
            installation=delivery.installation,
            repository=delivery.repository,
            full_name=delivery.full_name,
            number=delivery.number,
            head=delivery.head,
            base=delivery.base,
            configuration=configuration,
            delivery=delivery.id,
            group=delivery.group,
        )

    @property
    def partition(self) -> str:
        """The pull request: its reviews run one after the other."""
        return f"{'group' if self.group else 'review'}/{self.repository}/{self.number}/"

    @property
    def series(self) -> str:
        """All attempts at this review."""
        return f"{self.partition}{self.head}/{self.base}/{self.configuration}/"

    @property
    def id(self) -> str:
        """This attempt: the workflow's id, and the check run's external id."""
        return f"{self.series}{self.attempt}"

    @property
    def pull(self) -> Pull:
        """The pull request as the GitHub package knows it."""
        return Pull(self.full_name, self.number, self.head, self.base)

    @property
    def wanted(self) -> Wanted:
        """The commits as the clones know them."""
        return Wanted(self.installation, self.repository, self.full_name, self.number, self.base, self.head)

    @property
    def subject(self) -> dict[str, Any]:
        """What the log says that it is about."""
        return {
            "delivery": self.delivery,
            "repository": self.full_name,
            "pull_request": self.number,
            "head": self.head[:10],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """What `to_record` wrote, read back."""
        return cls(**record)

    def to_record(self) -> dict[str, Any]:
        """The request as JSON values."""
        return asdict(self)


class Stopped(Exception):
    """The review is not wanted any more; `conclusion` is for the check run."""

    def __init__(self, sentence: str, conclusion: str) -> None:
        super().__init__(sentence)
        self.conclusion = conclusion


async def announce(services: Services, request: Request) -> None:
    """Show that the review is queued. Left out where that fails: the review begins the check run, too."""
    try:
        access = await services.access(request.installation, request.repository)
        if access.may.check:
            await checkruns.begin(access.client, request.pull, request.id, access.author, "queued")
    except Exception as error:
        log.warning("%s: not announced: %s", request.id, error)


async def perform(
    services: Services, request: Request, is_newer_queued: Callable[[], Awaitable[bool]]
) -> Outcome:
    """Review and publish. Raises only what may go away by itself; everything else becomes an outcome."""
    started = time.monotonic()
    try:
        outcome = await _perform(services, request, is_newer_queued)
    except child.ReviewFailed as error:
        outcome = Outcome("failed", str(error))
    except FetchFailed as error:
        if error.passing:
            raise Unanswered(str(error)) from None
        outcome = _stopped(str(error)) if error.gone else Outcome("failed", str(error))
    except Stopped as stop:
        outcome = _stopped(str(stop), stop.conclusion)
    except BadRequest as error:
        if int(error.status_code) == 401:  # revoked before its time: the next try asks for a new one
            services.tokens.forget(request.installation)
            raise Unanswered("GitHub refused the token") from None
        outcome = Outcome(
            "stopped" if is_gone(error) else "failed", "GitHub refused a request of this review."
        )
        log.warning("%s: %s", request.id, error)
    except Exception as error:
        if is_transient(error):
            raise
        log.exception("%s: a mistake in Rubricate", request.id)
        metrics.ERRORS.labels("review").inc()
        outcome = Outcome("failed", "The review failed because of a mistake in Rubricate.")
    seconds = time.monotonic() - started
    metrics.reviewed(outcome.word, seconds, outcome.comments)
    subject = {"duration": round(seconds, 3), "outcome": outcome.word, "comments": outcome.comments}
    log.info("%s: %s %s", request.id, outcome.word, outcome.sentence, extra={"subject": subject})
    return replace(outcome, seconds=round(seconds, 3))


async def conclude(services: Services, request: Request, outcome: Outcome) -> None:
    """Complete the check run with one plain sentence. Quiet when there is none to complete and none can be made."""
    try:
        access = await services.access(request.installation, request.repository)
        if access.may.check:
            run = await checkruns.begin(access.client, request.pull, request.id, access.author)
            await checkruns.complete(
                access.client,
                request.pull,
                run,
                conclusion=outcome.conclusion,
                title=FAILED if outcome.word == "failed" else "Not reviewed",
                summary=outcome.sentence,
                actions=checkruns.buttons(),
            )
    except BadRequest as error:
        if not is_gone(error):
            raise


async def _perform(
    services: Services, request: Request, is_newer_queued: Callable[[], Awaitable[bool]]
) -> Outcome:
    access = await services.access(request.installation, request.repository)
    if not (access.may.comment or access.may.check):
        raise Stopped("Rubricate was granted the right to write neither reviews nor check runs.", "skipped")
    pull = await _check_wanted(access, request)
    await _check_paused(access, request)
    progress = Progress()
    async with await _shown(services, access, request, progress):
        work = _judge(services, request, access.token.value, pull, progress)
        settings, answer = await _until_replaced(work, services, request, is_newer_queued)
    access = await services.access(request.installation, request.repository)
    _check_policy(request, await _check_wanted(access, request), settings)
    if request.group:
        return await _publish_group(access, request, answer, services.config.github_url)
    published = await publish(
        access.client,
        request.pull,
        answer.report,
        answer.placements,
        voice=Voice(
            access.author,
            access.may,
            Manner.of(settings.pull_requests),
            lend=partial(services.narrowed, request.installation, request.repository),
        ),
        external_id=request.id,
        identities=answer.identities,
        web_url=services.config.github_url,
    )
    return replace(_reviewed(published, answer), received=published.received if access.may.comment else None)


async def _judge(
    services: Services, request: Request, token: str, pull: Mapping[str, Any], progress: Progress
) -> tuple[child.Settings, child.Answer]:
    """Review, if the configuration of the base, or else its owner's, lets it. Raises `Stopped`."""
    config = services.config
    defaults = await owners.defaults(request.full_name, partial(services.reading, request.installation))
    async with services.clones.holding(request.wanted, token) as clone:
        settings = await child.settings(
            config.child, config.limits, clone, request.base, request.head, defaults=defaults
        )
    _check_policy(request, pull, settings)
    return settings, await examine(services, request, token, progress=progress.files)


def _check_policy(request: Request, pull: Mapping[str, Any], settings: child.Settings) -> None:
    """Raises `Stopped` when the team wants no review of this pull request as it is now."""
    if request.group:
        return
    facts = policy.Facts.of(pull, settings.paths)
    decision = policy.decide(facts, settings.pull_requests, asked=request.asked)
    if decision.word == "skip":
        raise Stopped(decision.sentence, "skipped")


async def _shown(
    services: Services, access: Access, request: Request, progress: Progress
) -> AbstractAsyncContextManager[None]:
    """Begin the check run, and show in it what is being done."""
    if not access.may.check:
        return contextlib.nullcontext()
    run = await checkruns.begin(access.client, request.pull, request.id, access.author)

    async def show(title: str) -> None:
        await checkruns.show(access.client, request.pull, run, title)

    return shown(progress, show, services.config.progress_interval)


async def _publish_group(access: Access, request: Request, answer: child.Answer, web_url: str) -> Outcome:
    if not access.may.check:
        return Outcome("reviewed", "", checkruns.conclusion(answer.report), findings=_rules(answer))
    published = await queued.publish(
        access.client,
        request.pull,
        answer.report,
        author=access.author,
        external_id=request.id,
        web_url=web_url,
    )
    return _reviewed(published, answer)


def _reviewed(published: Published, answer: child.Answer) -> Outcome:
    return Outcome(
        "reviewed",
        "" if published.comments else silence.reason(answer.report, answer.diff, published),
        published.conclusion,
        published.comments,
        published.annotations,
        findings=_rules(answer),
    )


def _rules(answer: child.Answer) -> Mapping[str, int]:
    return dict(Counter(finding.rule for finding in answer.report.findings))


def _stopped(sentence: str, conclusion: str = "cancelled") -> Outcome:
    return Outcome("stopped", sentence, conclusion)


async def examine(
    services: Services,
    request: Request,
    token: str,
    *,
    amend: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> child.Answer:
    """Fetch and review in a child; with `amend`, see `checks.job`, also what a commit on top would change."""
    config = services.config
    async with services.clones.holding(request.wanted, token) as clone:
        return await child.review(
            config.child,
            config.limits,
            clone,
            request.base,
            request.head,
            amend=amend,
            progress=progress,
        )


async def _check_wanted(access: Access, request: Request) -> Mapping[str, Any]:
    """Ask GitHub, which alone knows: webhooks come late and out of order. Raises `Stopped`, else gives its answer."""
    if request.group:  # the queue deletes its commits when it has no use for them: then the fetch tells
        return {}
    pull: Mapping[str, Any] = await access.client.getitem(request.pull.url)
    if pull["head"]["sha"] != request.head:
        raise Stopped("A newer push has replaced this commit.", "cancelled")
    if pull["state"] != "open":
        raise Stopped("The pull request is closed.", "skipped")
    return pull


async def _check_paused(access: Access, request: Request) -> None:
    """Raises `Stopped` when people asked for a pause, unless this review was asked for after that."""
    if request.asked or request.group:
        return
    if (await notes.read(access.client, request.pull, access.author)).paused:
        raise Stopped(PAUSED, "skipped")


async def _until_replaced(
    work: Awaitable[Result],
    services: Services,
    request: Request,
    is_newer_queued: Callable[[], Awaitable[bool]],
) -> Result:
    """The work's result, unless a newer push makes it pointless first: then it is ended. Raises `Stopped`."""
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_replaced(services, request, is_newer_queued))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise watching.result()
        return working.result()
    finally:
        for task in (working, watching):
            task.cancel()
        await asyncio.gather(working, watching, return_exceptions=True)


async def _replaced(
    services: Services, request: Request, is_newer_queued: Callable[[], Awaitable[bool]]
) -> Stopped:
    """Returns once the review is not wanted any more. Another queued one is a hint: it may be of an older head."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        try:
            if await is_newer_queued():
                await _check_wanted(await services.access(request.installation, request.repository), request)
        except Stopped as stop:
            return stop
        except Exception as error:  # the review goes on, and asks again before it is posted
            log.warning("%s: can't tell whether it is still wanted: %s", request.id, error)
