"""Whatever GitHub and the network do to requests: one review, one completed check run. And what ends without a word."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.bot.conftest import World
from tests.github import Fault
from tests.github.faults import Faults

pytestmark = pytest.mark.slow

BAD = "fine = 1\nbad = 2  # DEFECT bad high\n"
LIMITED = {"message": "You have exceeded a secondary rate limit", "headers": {"retry-after": "1"}}
KINDS: dict[str, dict[str, Any]] = {
    "server error": {"status": 500},
    "bad gateway after the work": {"status": 502, "applied": True},
    "unavailable": {"status": 503},
    "time-out after the work": {"status": 504, "applied": True},
    "secondary limit": {"status": 403, **LIMITED},
    "too many requests": {"status": 429, "headers": {"retry-after": "1"}},
    "reset": {"kind": "reset"},
    "truncated body": {"kind": "truncate"},
    "no answer after the work": {"kind": "cut"},
}


class NowAndThen(Faults):
    """Hits one request in six, git's included."""

    def __init__(self, **fault: Any) -> None:
        super().__init__()
        self.fault = fault
        self.chance = random.Random(6)
        self.hits = 0

    def take(self, method: str, path: str) -> Fault | None:
        if self.chance.random() >= 1 / 6:
            return None
        self.hits += 1
        return Fault("*", **self.fault)


@pytest.mark.parametrize("kind", KINDS)
async def test_one_request_in_six_fails_and_two_pushes_are_reviewed_once_each(
    world: World, kind: str
) -> None:
    pull = world.open({"new.py": BAD})
    faults = NowAndThen(**KINDS[kind])
    world.github._server.faults = faults
    async with world.app():
        await world.deliver("pull_request", "opened", pull=pull)
        await world.settle(90)
        head = pull.head_sha
        world.push({"more.py": BAD.replace("bad", "worse")})
        await world.deliver("pull_request", "synchronize", pull=pull)
        await world.settle(90)
    assert faults.hits >= 3
    assert world.said() == ["worse", "bad"]
    assert [review.commit_id for review in world.reviews] == [head, pull.head_sha]
    assert {run.status for run in world.github.check_runs} == {"completed"}
    assert world.run.conclusion == "failure"


async def test_a_deleted_branch_ends_quietly(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        world.github.faults.add(Fault("POST /octo/shop.git/git-upload-pack", "delay", delay=1))
        await world.deliver("pull_request", "opened", pull=pull)
        world.repository.git.run("update-ref", "-d", "refs/heads/feature")
        world.github.close_pull_request(pull)  # as GitHub does when the branch goes
        await world.settle()
    assert world.reviews == []
    assert world.github.comments == []
    assert {(run.status, run.conclusion) for run in world.github.check_runs} == {("completed", "skipped")}


async def test_a_suspended_installation_ends_quietly(world: World, caplog: pytest.LogCaptureFixture) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        assert world.repository.installation is not None
        world.github.suspend(world.repository.installation)
        await world.hear(pull)
    assert (world.reviews, world.github.check_runs) == ([], [])
    assert not [record for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}]
