"""The durable side: databases, other GitHub servers, retries, what is kept and what goes."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from dbos import DBOS

from bot import housekeeping, jobs
from bot.deliveries import Delivery
from bot.github.throttle import Pace
from bot.handlers import find_router
from bot.review import Request
from tests.bot.conftest import World
from tests.github import Fault

BAD = "fine = 1\nbad = 2  # DEFECT bad high\n"


async def test_the_same_review_works_on_postgresql(world: World, postgresql: str) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app(database_url=postgresql):
        delivery = await world.hear(pull)
        await world.github.redeliver(delivery)
        await world.settle()
    assert world.said() == ["bad"]
    assert (len(world.reviews), world.run.conclusion) == (1, "failure")
    assert not (world.config.data_dir / "jobs.sqlite3-wal").exists()


async def test_a_review_that_meets_a_broken_github_is_repeated(world: World) -> None:
    pull = world.open({"new.py": BAD})
    world.github.faults.add(Fault("GET /repos/octo/shop/pulls/1", status=502, times=6))
    async with world.app():
        await world.hear(pull)
    assert (world.said(), world.run.conclusion) == (["bad"], "failure")


async def test_faults_of_every_kind_in_a_row_double_nothing(world: World) -> None:
    pull = world.open({"new.py": BAD})
    for match in ("POST *", "PATCH *"):
        world.github.faults.add(Fault(match, "cut"))
        world.github.faults.add(Fault(match, "truncate"))
        world.github.faults.add(Fault(match, status=503, applied=True))
        world.github.faults.add(Fault(match, "reset"))
    async with world.app():
        await world.hear(pull)
    assert world.said() == ["bad"]
    assert [(len(world.reviews), run.status, run.conclusion) for run in world.github.check_runs] == [
        (1, "completed", "failure")
    ]


async def test_a_revoked_token_is_asked_for_anew(world: World) -> None:
    pull = world.open({"new.py": "slow = 1  # SLEEP 1\n" + BAD})
    async with world.app():
        await world.deliver("pull_request", "opened", pull=pull)
        await world.until((world.config.data_dir / "noted.json").exists)
        world.github.expire_tokens()
        await world.settle()
    assert (world.said(), world.run.conclusion) == (["bad"], "failure")


async def test_writes_keep_their_distance(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app(pace=Pace(0.4, 0.4, 1)):
        started = time.monotonic()
        await world.hear(pull)
        took = time.monotonic() - started
    writes = [request for request in world.github.requests if request.method in {"POST", "PATCH"}]
    reading = ("git-upload-pack", "/graphql")  # asked for by POST, and read all the same
    kept = [request for request in writes if not request.path.endswith(reading)]
    assert len(kept) >= 5
    assert took >= 0.4 * (len(kept) - 1)


async def test_old_records_go_and_young_ones_stay(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
        kept = len(await DBOS.list_workflows_async())
        assert kept >= 2  # a scheduled one may have come in between
        assert await jobs.delete_old() == 0
        monkeypatch.setattr(jobs, "KEPT_DAYS", -1)
        assert await jobs.delete_old() == kept
        assert await DBOS.list_workflows_async() == []


async def test_the_sweep_runs(world: World) -> None:
    async with world.app():
        handle = await asyncio.to_thread(DBOS.trigger_schedule, "sweep")
        await world.settle()
        assert (await asyncio.to_thread(handle.get_status)).status == "SUCCESS"
        schedules = {each["schedule_name"]: each["schedule"] for each in await DBOS.list_schedules_async()}
        assert schedules == {"sweep": "17 * * * *", "redeliver": "*/10 * * * *"}


async def test_clones_beyond_their_room_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "EVICT_SECONDS", 0.2)
    pull = world.open({"new.py": BAD})
    async with world.app(clones_size=1):
        await world.hear(pull)
        await world.until(lambda: not list((world.config.data_dir / "clones").glob("*/*.git")))


async def test_work_of_another_queue_format_is_left_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull = world.open({"new.py": "slow = 1  # SLEEP 30\n"})
    async with world.app():
        await world.deliver("pull_request", "opened", pull=pull)
        await world.until((world.config.data_dir / "noted.json").exists)
    monkeypatch.setattr(jobs, "QUEUE_FORMAT", "2")
    (world.config.data_dir / "noted.json").unlink()
    async with world.app():
        await asyncio.sleep(1.5)
        assert not (world.config.data_dir / "noted.json").exists()
        assert [each.status for each in await DBOS.list_workflows_async(name="review")] == ["PENDING"]


async def test_an_attempt_is_new_only_when_the_last_gave_no_review(world: World) -> None:
    pull = world.open({"new.py": "x = 1  # FAIL no\n"})
    async with world.app():
        await world.hear(pull)
        await world.hear(pull, "reopened")
        ids = [each.workflow_id for each in await DBOS.list_workflows_async(name="review")]
    assert [each.rsplit("/", 1)[1] for each in ids] == ["1", "2"]
    assert ids[0].split("/")[:5] == ["review", str(world.repository.id), "1", pull.head_sha, pull.base_sha]


def test_every_handler_is_found() -> None:
    router = find_router()
    handled = {event: set(routes["action"]) for event, routes in router._deep_routes.items()}
    assert handled["pull_request"] >= {"opened", "synchronize", "reopened", "ready_for_review"}
    assert handled["check_run"] == {"requested_action", "rerequested"}
    assert handled["issue_comment"] == {"created", "edited"}
    assert {"check_suite", "installation", "installation_repositories", "merge_group"} <= handled.keys()
    assert all(
        len(callbacks) == 1
        for routes in router._deep_routes.values()
        for callbacks in routes["action"].values()
    )


def test_records_survive_json() -> None:
    delivery = Delivery("d", "pull_request", "opened", 1, 2, "octo/shop", 3, "a" * 40, "b" * 40, True, (4, 5))
    assert Delivery.from_record(delivery.to_record()) == delivery
    request = Request.of(delivery, "c")
    assert Request.from_record(request.to_record()) == request
    assert request.id == f"review/2/3/{'a' * 40}/{'b' * 40}/c/1"


async def test_no_token_or_code_is_logged(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens: list[str] = []
    issue = world.github.state.keyring.issue

    def noted(*given: Any, **named: Any) -> str:
        tokens.append(issue(*given, **named))
        return tokens[-1]

    monkeypatch.setattr(world.github.state.keyring, "issue", noted)
    pull = world.open({"new.py": "secret_code = 2  # DEFECT bad high\nx = 1  # MISPLACED odd\n"})
    world.github.faults.add(Fault("GET /repos/octo/shop/pulls/1", status=502, times=2))
    with caplog.at_level("DEBUG"):
        async with world.app():
            await world.hear(pull)
    assert tokens
    for secret in (*tokens, "secret_code", world.config.webhook_secret, "PRIVATE KEY"):
        assert secret not in caplog.text
    stored = b"".join(path.read_bytes() for path in Path(world.config.data_dir).glob("jobs.sqlite3*"))
    assert not [secret for secret in (*tokens, "secret_code") if secret.encode() in stored]
