"""A busy time in fast motion: deliveries, faults and kills, and afterwards the account of what stands on GitHub."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.bot.conftest import BASE, World, config_for
from tests.github import Github, Limits, PullRequest
from tests.soak.faults import RandomFaults
from tests.soak.fleet import Fleet
from tests.soak.traffic import Message, Traffic

SHARE = 0.05
MANY = 10**9


@dataclass(frozen=True, slots=True)
class Scale:
    """How much happens.

    Seconds: `pause` between two deliveries on average, `rest` at most from a start to the next kill, `patience` for
    all to be settled at the end.
    """

    deliveries: int
    repositories: int
    kills: int
    pause: float
    rest: float
    patience: float


@dataclass(frozen=True, slots=True)
class Account:
    """What came of it; `wrong` names each sentence of the promise that was broken."""

    seconds: float
    deliveries: int
    refused: int
    redelivered: int
    pulls: int
    heads: int
    reviews: int
    comments: int
    check_runs: int
    requests: int
    faults: dict[str, int]
    kills: int
    taken_away: int
    wrong: tuple[str, ...]


async def soak(folder: Path, scale: Scale, database_url: str = "", seed: int = 1) -> Account:
    """Run it once: on SQLite with one process, or on the PostgreSQL at `database_url` with a server and workers."""
    started = time.monotonic()
    limits = Limits(per_hour=MANY, content_per_minute=MANY, content_per_hour=MANY)
    async with Github(folder / "github", limits=limits) as github:
        faults = RandomFaults(SHARE, seed)
        github._server.faults = github.faults = faults
        world = World(github, github.add_repository("octo/spare", files=BASE), config_for(github, folder))
        fleet = Fleet(world, folder, database_url, seed)
        traffic = Traffic(github, scale.repositories, seed)
        try:
            await fleet.start()
            await _play(world, traffic, fleet, scale, seed)
            await fleet.restart_server()
            await asyncio.sleep(2)
            await fleet.server.settle(scale.patience)
        finally:
            fleet.end()
        wrong = [fault for pull, planted in traffic.planted.items() for fault in _wrong(pull, planted)]
        wrong += [
            f"check run {run.id} is {run.status}" for run in github.check_runs if run.status != "completed"
        ]
        first = {delivery.guid for delivery in github.deliveries}
        arrived = {delivery.guid for delivery in github.deliveries if delivery.status == 202}
        return Account(
            seconds=time.monotonic() - started,
            deliveries=scale.deliveries,
            refused=sum(delivery.status != 202 for delivery in github.deliveries),
            redelivered=len(github.deliveries) - scale.deliveries,
            pulls=len(traffic.planted),
            heads=sum(map(len, traffic.planted.values())),
            reviews=len(github.reviews),
            comments=len(github.review_comments),
            check_runs=len(github.check_runs),
            requests=faults.asked,
            faults=dict(faults.hits),
            kills=fleet.kills,
            taken_away=fleet.taken_away,
            wrong=(*wrong, *fleet.complaints(), *sorted(first - arrived)),
        )


async def _play(world: World, traffic: Traffic, fleet: Fleet, scale: Scale, seed: int) -> None:
    """Send the messages while processes are killed at moments of their own."""
    choice = random.Random(seed)
    doomed = sorted(choice.sample(range(scale.deliveries), scale.kills))
    killing = asyncio.Queue[None]()
    killer = asyncio.ensure_future(_kill(fleet, killing, choice, scale.rest))
    sending: list[asyncio.Future[None]] = []
    number = 0
    async for message in traffic.messages(scale.deliveries):
        sending.append(asyncio.ensure_future(_send(world, message)))
        if number in doomed:
            killing.put_nowait(None)
        number += 1
        await asyncio.sleep(choice.uniform(0, 2 * scale.pause))
    await asyncio.gather(*sending)
    over = asyncio.ensure_future(killing.join())
    await asyncio.wait({over, killer}, return_when=asyncio.FIRST_COMPLETED)
    over.cancel()
    if killer.done():
        killer.result()  # what it failed with
    killer.cancel()


async def _kill(fleet: Fleet, wanted: asyncio.Queue[None], choice: random.Random, rest: float) -> None:
    while True:
        await wanted.get()
        await asyncio.sleep(choice.uniform(0, rest))
        await fleet.kill()
        wanted.task_done()


async def _send(world: World, message: Message) -> None:
    url = f"{world.url}/webhooks/github"
    await world.github.deliver("pull_request", message.payload, url=url, guid=message.guid)


def _wrong(pull: PullRequest, planted: list[str]) -> list[str]:
    """What is not as promised on one pull request: its last head reviewed once, and each defect said once."""
    where = f"{pull.repository.full_name}#{pull.number}"
    reviews = [review for review in pull.reviews if review.commit_id == pull.head_sha]
    said = Counter(thread.comments[0].body.split("`")[1] for thread in pull.threads)
    wrong = [f"{where}: {len(reviews)} reviews of its last head"] if len(reviews) != 1 else []
    wrong += [f"{where}: {name} was said {said[name]} times" for name in planted if said[name] != 1]
    wrong += [f"{where}: {name} is not there" for name in said if name not in planted]
    wrong += [f"{where}: a review was not submitted" for review in pull.reviews if review.state == "PENDING"]
    runs = [run for run in pull.repository.runs if run.head_sha == pull.head_sha]
    if "failure" not in {run.conclusion for run in runs}:
        wrong.append(f"{where}: the last head's check runs say {[run.conclusion for run in runs]}")
    return wrong
