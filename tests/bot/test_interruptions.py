"""The server is killed at every instant that matters: nothing is lost, nothing is said twice."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.conftest import BASE, World
from tests.bot.processes import SERVER, Process
from tests.github import Fault, PullRequest

CODE = "fine = 1\nbad = 2  # DEFECT bad high\n"
# its last line alone changes, so that the diff does not show the first
FAR = BASE["app.py"] + "odd = 3  # WHOLE whole\n"


@pytest.fixture
def server(world: World) -> Iterator[Process]:
    server = Process(world)
    yield server
    if server.runs:
        server.kill()


def reviewed_exactly_once(world: World, pull: PullRequest) -> None:
    (review,) = world.reviews
    assert (review.state, review.commit_id) == ("COMMENTED", pull.head_sha)
    assert sorted(comment.body.split("`")[1] for comment in review.comments) == ["bad", "whole"]
    (run,) = world.github.check_runs
    assert (run.status, run.conclusion) == ("completed", "failure")


INSTANTS = {
    "asking for a token": "POST /app/installations/*",
    "announcing": "POST /repos/octo/shop/check-runs",
    "beginning": "PATCH /repos/octo/shop/check-runs/*",
    "fetching": "POST /octo/shop.git/git-upload-pack",
    "opening the review": "POST /repos/octo/shop/pulls/1/reviews",
    "adding a file's comment": "POST /api/graphql",
    "submitting the review": "POST /repos/octo/shop/pulls/1/reviews/*/events",
}


@pytest.mark.parametrize("instant", INSTANTS)
async def test_killed_after_a_request_took_effect_and_before_its_answer(
    world: World, server: Process, instant: str
) -> None:
    pull = world.open({"new.py": CODE, "app.py": FAR})
    fault = world.github.faults.add(Fault(INSTANTS[instant], "cut"))
    await server.start()
    delivery = await world.deliver("pull_request", "opened", pull=pull)
    await world.until(lambda: fault.hits == 1)
    await asyncio.sleep(0.1)
    server.kill()
    await server.start()
    await server.settle()
    await world.github.deliver(
        "pull_request", delivery.payload, url=f"{world.url}/webhooks/github", guid=delivery.guid
    )
    await server.settle()
    reviewed_exactly_once(world, pull)


async def test_killed_while_the_check_run_is_completed(world: World, server: Process) -> None:
    lines = "".join(f"x{number} = 1  # DEFECT d{number} low\n" for number in range(140))
    pull = world.open({"new.py": lines})
    fault = world.github.faults.add(Fault("PATCH /repos/octo/shop/check-runs/*", "cut", skip=2))
    await server.start()
    await world.deliver("pull_request", "opened", pull=pull)
    await world.until(lambda: fault.hits == 1)
    await asyncio.sleep(0.1)
    server.kill()
    await server.start()
    await server.settle()
    assert len(world.reviews) == 1
    (run,) = world.github.check_runs
    assert run.status == "completed"
    assert len(run.annotations) == len({each.start_line for each in run.annotations}) == 120


async def test_killed_while_the_child_reviews(world: World, server: Process) -> None:
    pull = world.open({"new.py": "slow = 1  # SLEEP 3\n" + CODE, "app.py": FAR})
    noted = world.config.data_dir / "noted.json"
    await server.start()
    await world.deliver("pull_request", "opened", pull=pull)
    await world.until(noted.exists)
    await asyncio.sleep(0.2)
    child = json.loads(noted.read_text())["pid"]
    server.kill()
    await world.until(lambda: not _lives(child))  # it ends with its server
    await server.start()
    await server.settle()
    reviewed_exactly_once(world, pull)


async def test_ended_in_good_order_while_the_child_reviews(world: World, server: Process) -> None:
    pull = world.open({"new.py": "slow = 1  # SLEEP 3\n" + CODE, "app.py": FAR})
    noted = world.config.data_dir / "noted.json"
    await server.start()
    await world.deliver("pull_request", "opened", pull=pull)
    await world.until(noted.exists)
    await asyncio.sleep(0.2)
    assert server.stop() == 0
    assert not _lives(json.loads(noted.read_text())["pid"])
    await server.start()
    await server.settle()
    reviewed_exactly_once(world, pull)


async def test_a_second_server_in_the_same_folder_is_refused(world: World, server: Process) -> None:
    await server.start()
    second = subprocess.run(
        [sys.executable, SERVER, str(server.settings)], capture_output=True, text=True, check=False
    )
    assert second.returncode != 0
    assert "another server is running in" in second.stderr


def _lives(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
