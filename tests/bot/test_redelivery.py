"""What GitHub could not deliver is asked for: at the start, and each ten minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dbos import DBOS

from bot import redelivery
from tests.bot.conftest import World
from tests.github import Delivery, Fault
from tests.github.deliveries import Attempt

BAD = "fine = 1\nbad = 2  # DEFECT bad high\n"
NOWHERE = "http://127.0.0.1:9/webhooks/github"


async def missed(world: World, event: str, action: str, **given: Any) -> Delivery:
    """A delivery that nobody took."""
    return await world.github.deliver(event, world.github.payload(event, action, **given), url=NOWHERE)


async def sweep(world: World) -> Any:
    """The sweep that runs each ten minutes, now; returns what it notes."""
    world.github.webhook_url = f"{world.url}/webhooks/github"
    handle = await asyncio.to_thread(DBOS.trigger_schedule, "redeliver")
    get_result: Callable[[], Any] = handle.get_result
    result = await asyncio.to_thread(get_result)
    await asyncio.sleep(0.3)
    await world.settle()
    return result


def asked(world: World) -> int:
    return sum(request.operation == "apps/redeliver-webhook-delivery" for request in world.github.requests)


async def test_what_came_while_the_app_was_down_is_reviewed_after_its_start(world: World) -> None:
    pull = world.open({"new.py": BAD})
    assert (await missed(world, "pull_request", "opened", pull=pull)).status == 0
    async with world.app(catch_up_seconds=0.3):
        world.github.webhook_url = f"{world.url}/webhooks/github"
        await world.until(lambda: any(run.status == "completed" for run in world.github.check_runs))
        await world.settle()
    assert world.said() == ["bad"]
    assert asked(world) == 1


async def test_the_sweep_asks_once_for_what_it_then_gets(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        await missed(world, "pull_request", "opened", pull=pull)
        assert (await sweep(world))["sent"] == 1
        assert (await sweep(world))["sent"] == 0
    assert world.said() == ["bad"]
    assert asked(world) == 1


async def test_what_is_stored_already_is_not_asked_for(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        delivery = await world.hear(pull)
        late = Delivery(delivery.guid, delivery.event, delivery.payload, delivery.url, 0, {}, "timed out")
        world.github.state.attempts[:] = [
            Attempt(world.github.state.new_id(), world.github.state.now(), late, again=False)
        ]
        assert (await sweep(world))["sent"] == 0


async def test_what_no_handler_listens_to_is_not_asked_for(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        await missed(world, "pull_request", "converted_to_draft", pull=pull)
        assert (await sweep(world))["sent"] == 0


async def test_what_is_older_than_github_keeps_is_not_asked_for(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        delivery = await missed(world, "pull_request", "opened", pull=pull)
        old = world.github.state.now() - timedelta(days=3, hours=1)
        world.github.state.attempts[:] = [Attempt(world.github.state.new_id(), old, delivery, again=False)]
        assert (await sweep(world))["sent"] == 0


async def test_one_that_fails_again_and_again_is_let_go(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        delivery = await missed(world, "pull_request", "opened", pull=pull)
        for _ in range(redelivery.MOST_ATTEMPTS - 1):
            await world.github.redeliver(delivery)
        assert (await sweep(world))["sent"] == 0


async def test_all_pages_are_looked_through(world: World) -> None:
    pulls = [world.open({f"f{number}.py": "fine = 1\n"}, f"b{number}") for number in range(3)]
    async with world.app():
        first = await missed(world, "pull_request", "opened", pull=pulls[0])
        for number in range(120):
            late = Delivery(
                f"other-{number}", "pull_request", {"action": "converted_to_draft"}, first.url, 0, {}, ""
            )
            world.github.state.attempts.append(
                Attempt(world.github.state.new_id(), world.github.state.now(), late, again=False)
            )
        assert (await sweep(world))["sent"] == 1
    pages = [each for each in world.github.requests if each.operation == "apps/list-webhook-deliveries"]
    assert [("cursor" in each.query) for each in pages] == [False, True]


async def test_the_next_look_begins_where_the_last_ended_and_goes_back_for_what_is_open(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        first = await sweep(world)
        delivery = await missed(world, "pull_request", "opened", pull=pull)
        at = world.github.state.attempts[-1].at.timestamp()
        world.github.faults.add(Fault("POST /app/hook/deliveries/*", status=422))
        second = await sweep(world)
        assert first["since"] > 0
        assert int(second["since"]) <= int(at)
        assert (await sweep(world))["sent"] == 1
    assert delivery.status == 0
    assert world.said() == ["bad"]


async def test_interrupted_looks_do_not_pile_up(world: World) -> None:
    async with world.app(catch_up_seconds=0.1):
        fault = world.github.faults.add(Fault("GET /app/hook/deliveries", "delay", delay=20, times=None))
        await world.until(lambda: fault.hits > 0)
    world.github.faults.clear()
    asked = len(world.github.requests)
    async with world.app(catch_up_seconds=0):
        await world.until(lambda: len(world.github.requests) > asked)
        await world.settle()
        await asyncio.sleep(0.5)
        await world.settle()
    looks = [
        each for each in world.github.requests[asked:] if each.operation == "apps/list-webhook-deliveries"
    ]
    assert len(looks) == 1
