"""Many processes on one PostgreSQL: nothing is run twice, and what a dead one left is taken over."""

from __future__ import annotations

import asyncio
import importlib.metadata
import inspect
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from dbos import DBOS
from sqlalchemy.exc import OperationalError

from bot.database import Database
from bot.leases import Lease, LeaseLost
from tests.bot.conftest import World
from tests.bot.processes import Process, everything_in
from tests.github import Fault, PullRequest

pytestmark = pytest.mark.slow

CODE = "fine = 1\nbad = 2  # DEFECT bad high\n"
LEASE = 3.0

Make = Callable[..., Process]


@pytest.fixture
def make(world: World, postgresql: str, tmp_path: Path) -> Iterator[Make]:
    """Makes processes, each with a folder of its own; those that still run at the end are killed."""
    made: list[Process] = []

    def make(name: str, **changes: Any) -> Process:
        shared = {"database_url": postgresql, "lease_seconds": LEASE, "reviews_at_once": 1}
        made.append(Process(world, tmp_path / name, **{**shared, **changes}))
        return made[-1]

    yield make
    for process in made:
        if process.runs:
            process.kill()
        print(f"--- {process.folder.name}\n{process.log.read_text() if process.log.exists() else ''}")


def reviewed_exactly_once(world: World, pull: PullRequest) -> None:
    (review,) = pull.reviews
    assert (review.state, review.commit_id) == ("COMMENTED", pull.head_sha)
    assert [comment.body.split("`")[1] for comment in review.comments] == ["bad"]
    assert [(run.status, run.conclusion) for run in world.github.check_runs] == [("completed", "failure")]


async def test_a_worker_reviews_what_a_server_received(world: World, make: Make) -> None:
    pull = world.open({"new.py": CODE})
    server, worker = make("serve", reviews_at_once=0), make("worker", worker=True)
    await server.start()
    await worker.start()
    await world.deliver("pull_request", "opened", pull=pull)
    await server.settle()
    reviewed_exactly_once(world, pull)
    assert worker.noted.exists()
    assert not list((server.folder / "clones").glob("*/*.git"))


async def test_what_a_dead_worker_left_is_taken_over_by_another(world: World, make: Make) -> None:
    pull = world.open({"new.py": "slow = 1  # SLEEP 2\n" + CODE})
    server = make("serve", reviews_at_once=0)
    workers = [make("one", worker=True), make("two", worker=True)]
    for process in (server, *workers):
        await process.start()
    await world.deliver("pull_request", "opened", pull=pull)
    await world.until(lambda: any(each.noted.exists() for each in workers))
    (dead,) = [each for each in workers if each.noted.exists()]
    dead.kill()
    killed = time.monotonic()
    (heir,) = [each for each in workers if each is not dead]
    await world.until(heir.noted.exists)
    assert time.monotonic() - killed < 2 * LEASE + 2  # with the lease of 30 seconds, well within a minute
    await server.settle()
    reviewed_exactly_once(world, pull)


async def test_what_a_dead_server_received_is_done_without_it(world: World, make: Make) -> None:
    pull = world.open({"new.py": CODE})
    server, worker = make("serve", reviews_at_once=0), make("worker", worker=True)
    await server.start()
    await worker.start()
    fault = world.github.faults.add(Fault("POST /app/installations/*", "delay", delay=1.0))
    delivery = await world.deliver("pull_request", "opened", pull=pull)
    await world.until(lambda: fault.hits == 1)
    server.kill()
    assert delivery.status == 202
    await worker.settle()
    reviewed_exactly_once(world, pull)


async def test_a_worker_that_starts_leaves_alone_what_a_live_one_runs(world: World, make: Make) -> None:
    pull = world.open({"new.py": "slow = 1  # SLEEP 8\n" + CODE})
    server, first, second = (
        make("serve", reviews_at_once=0),
        make("one", worker=True),
        make("two", worker=True),
    )
    await server.start()
    await first.start()
    await world.deliver("pull_request", "opened", pull=pull)
    await world.until(first.noted.exists)
    child = first.child()
    await second.start()
    await server.settle()
    assert first.child() == child
    assert not second.noted.exists()
    reviewed_exactly_once(world, pull)


async def test_a_worker_that_was_away_for_too_long_ends_itself(world: World, make: Make) -> None:
    pull = world.open({"new.py": "slow = 1  # SLEEP 2\n" + CODE})
    server, frozen = make("serve", reviews_at_once=0), make("frozen", worker=True)
    await server.start()
    await frozen.start()
    await world.deliver("pull_request", "opened", pull=pull)
    await world.until(frozen.noted.exists)
    frozen.signal(signal.SIGSTOP)
    heir = make("heir", worker=True)
    await heir.start()
    await world.until(heir.noted.exists)
    frozen.signal(signal.SIGCONT)
    await server.settle()
    await world.until(lambda: not frozen.runs)
    assert "the lease had ended: ending, so that nothing is done twice" in frozen.log.read_text()
    reviewed_exactly_once(world, pull)


async def test_a_process_that_ends_in_good_order_gives_its_work_away_at_once(
    world: World, make: Make
) -> None:
    pull = world.open({"new.py": "slow = 1  # SLEEP 2\n" + CODE})
    server = make("serve", reviews_at_once=0, lease_seconds=60)
    workers = [make(name, worker=True, lease_seconds=60) for name in ("one", "two")]
    await asyncio.gather(*(each.start() for each in (server, *workers)))
    await world.deliver("pull_request", "opened", pull=pull)
    await world.until(lambda: any(each.noted.exists() for each in workers))
    (ended,) = [each for each in workers if each.noted.exists()]
    assert ended.stop() == 0
    (heir,) = [each for each in workers if each is not ended]
    await world.until(heir.noted.exists, seconds=25)  # a lease that just ran out would take a minute
    await server.settle()
    reviewed_exactly_once(world, pull)


async def test_every_process_deletes_the_clones_of_a_removed_installation(
    world: World, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull = world.open({"new.py": CODE})
    server, worker = make("serve", reviews_at_once=0), make("worker", worker=True)
    await server.start()
    await worker.start()
    await world.deliver("pull_request", "opened", pull=pull)
    await server.settle()
    assert list((worker.folder / "clones").glob("*/*.git"))
    await world.deliver("installation", "deleted", installation=world.repository.installation)
    await world.until(lambda: not list((worker.folder / "clones").glob("*/*.git")), seconds=25)


async def test_records_hold_no_payload_token_or_code(world: World, make: Make) -> None:
    tokens: list[str] = []
    issue = world.github.state.keyring.issue

    def noted(*given: Any, **named: Any) -> str:
        tokens.append(issue(*given, **named))
        return tokens[-1]

    world.github.state.keyring.issue = noted  # type: ignore[method-assign]
    pull = world.open({"new.py": "secret_code = 2  # DEFECT bad high\n"}, title="A secret title")
    broken = world.open({"other.py": "x = 1  # BREAK KeyError: secret_code stood here\n"}, "broken")
    server, worker = make("serve"), make("worker", worker=True)
    await server.start()
    await worker.start()
    await world.deliver("pull_request", "opened", pull=pull)
    await world.deliver("pull_request", "opened", pull=broken)
    await server.settle()
    assert tokens
    stored = everything_in(server.config.database_url)
    assert any("review/" in rows for rows in stored.values())
    secrets = [
        *tokens,
        "secret_code",
        "secret title",
        "PRIVATE KEY",
        "eyJ",
        world.config.webhook_secret,
        "ghs_",
    ]
    assert not [(table, each) for each in secrets for table, rows in stored.items() if each in rows]
    for process in (server, worker):
        log = process.log.read_text()
        assert not [each for each in secrets if each in log]


def test_dbos_is_the_release_whose_private_call_is_used() -> None:
    assert importlib.metadata.version("dbos").startswith("3.4.")
    assert list(inspect.signature(DBOS._recover_pending_workflows).parameters) == ["executor_ids"]


async def test_two_processes_that_take_over_the_same_dead_one_start_its_work_once(
    world: World, make: Make
) -> None:
    pulls = [world.open({f"f{n}.py": CODE}, f"branch-{n}") for n in range(3)]
    server = make("serve", reviews_at_once=0)
    dead = make("dead", worker=True, reviews_at_once=3)
    await server.start()
    await dead.start()
    fault = world.github.faults.add(
        Fault("POST /octo/shop.git/git-upload-pack", "delay", delay=2, times=None)
    )
    for pull in pulls:
        await world.deliver("pull_request", "opened", pull=pull)
    await world.until(lambda: fault.hits > 0)
    dead.kill()
    world.github.faults.clear()
    heirs = [make("one", worker=True), make("two", worker=True)]
    await asyncio.gather(*(each.start() for each in heirs))
    await server.settle()
    assert [len(pull.reviews) for pull in pulls] == [1, 1, 1]
    with psycopg.connect(server.config.database_url) as connection:
        query = "SELECT max(recovery_attempts) FROM dbos.workflow_status WHERE name = 'review'"
        found = connection.execute(query).fetchone()
    assert found is not None
    assert found[0] <= 2


class Unreachable:
    """A database that does not answer: with an error, or with nothing at all."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error

    async def run(self, work: Any) -> Any:
        if self.error is not None:
            raise self.error
        await asyncio.Event().wait()


@pytest.mark.parametrize("error", [OperationalError("", None, Exception()), None])
async def test_a_process_that_cannot_renew_its_lease_gives_up_before_others_take_over(
    error: Exception | None,
) -> None:
    lease = Lease(cast("Database", Unreachable(error)), "worker", 1.2)
    started = time.monotonic()
    with pytest.raises(LeaseLost):
        await lease.keep()
    assert 0.8 <= time.monotonic() - started < 1.2


def test_no_two_starts_have_one_name() -> None:
    nowhere = cast("Database", Unreachable(None))
    assert Lease(nowhere, "worker", 30).id != Lease(nowhere, "worker", 30).id
