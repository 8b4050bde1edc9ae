"""The server is killed while it carries out what somebody asked for: it is done once, and answered once."""

from __future__ import annotations

import asyncio

import pytest

from tests.bot.conftest import World
from tests.bot.people import WRITER, answers, reactions
from tests.bot.processes import Process
from tests.bot.test_interruptions import server
from tests.github import Fault, PullRequest

pytestmark = pytest.mark.slow

__all__ = ["server"]

CODE = "odd = 2  # FIX odd\nbad = 2  # DEFECT bad high\n"


@pytest.fixture
def pull(world: World) -> PullRequest:
    world.github.add_collaborator(world.repository, WRITER, "write")
    assert world.repository.installation is not None
    world.repository.installation.permissions["contents"] = "write"
    return world.open({"new.py": CODE})


INSTANTS = {
    "asking for the right to write": "POST /app/installations/*",
    "committing": "POST /api/graphql",
    "answering": "POST /repos/octo/shop/issues/1/comments",
    "reacting": "POST /repos/octo/shop/issues/comments/*/reactions",
}


@pytest.mark.parametrize("instant", INSTANTS)
async def test_killed_after_a_request_took_effect_and_before_its_answer(
    world: World, server: Process, pull: PullRequest, instant: str
) -> None:
    comment = world.github.comment(pull, WRITER, "/rubricate fix\n/rubricate pause")
    fault = world.github.faults.add(
        Fault(INSTANTS[instant], "cut", skip=instant == "asking for the right to write")
    )
    await server.start()
    await world.deliver("issue_comment", "created", comment=comment, sender=WRITER)
    await world.until(lambda: fault.hits == 1)
    await asyncio.sleep(0.1)
    server.kill()
    await server.start()
    await server.settle()
    await world.deliver("pull_request", "synchronize", pull=pull)
    await server.settle()
    log = world.repository.git.text("log", "--format=%s", "main..feature").split("\n")
    assert log == ["Fix 1 finding of Rubricate", "Change"]
    assert len(answers(world)) == 1
    assert (reactions(comment), world.run.conclusion) == (["+1"], "skipped")
