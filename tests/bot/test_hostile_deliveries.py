"""Deliveries that somebody has kept and sends again: the signature covers the body, and not the delivery's id."""

from __future__ import annotations

import pytest

from tests.bot.conftest import World
from tests.bot.people import WRITER, answers, edit, hear, say
from tests.github.contract import Json

BAD = "fine = 1\nbad = 2  # DEFECT bad high\n"


async def replay(world: World, event: str, payload: Json, times: int = 1) -> None:
    """The same signed bytes, each time under an id of their own."""
    for _ in range(times):
        delivery = await world.github.deliver(event, payload, url=f"{world.url}/webhooks/github")
        assert delivery.status == 202
        await world.settle()


@pytest.mark.slow
async def test_a_push_that_is_replayed_under_other_ids_is_reviewed_once(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        delivery = await world.hear(pull)
        await replay(world, "pull_request", delivery.payload, 3)
        assert (len(world.reviews), len(world.github.check_runs)) == (1, 1)
        world.push({"new.py": BAD + "more = 3  # DEFECT more\n"})
        await world.hear(pull, "synchronize")
    assert world.said() == ["bad", "more"]


@pytest.mark.slow
async def test_an_old_delivery_of_an_old_head_changes_nothing_of_the_new_one(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        old = await world.hear(pull)
        world.push({"new.py": "fine = 1\n"})
        await world.hear(pull, "synchronize")
        stood = [(run.head_sha, run.conclusion) for run in world.github.check_runs]
        said = [len(thread.comments) for thread in world.github.threads]
        await replay(world, "pull_request", old.payload)
    assert [(run.head_sha, run.conclusion) for run in world.github.check_runs] == stood
    assert [len(thread.comments) for thread in world.github.threads] == said


@pytest.mark.slow
async def test_a_command_that_is_replayed_is_not_carried_out_again(world: World) -> None:
    world.github.add_collaborator(world.repository, WRITER, "write")
    pull = world.open({"new.py": BAD})
    async with world.app():
        await say(world, pull, "/rubricate pause")
        paused = world.github.deliveries[-1].payload
        await say(world, pull, "/rubricate resume")
        await replay(world, "issue_comment", paused, 2)
        assert len(answers(world)) == 2
        world.push({"new.py": BAD + "more = 3  # DEFECT more\n"})
        await world.hear(pull, "synchronize")
        assert world.said() == ["bad", "more"]
        await say(world, pull, "/rubricate pause")
        world.push({"new.py": BAD})
        await world.hear(pull, "synchronize")
    assert world.run.conclusion == "skipped"


async def test_a_command_that_is_edited_into_a_comment_is_none(world: World) -> None:
    world.github.add_collaborator(world.repository, WRITER, "write")
    pull = world.open({"new.py": BAD})
    async with world.app():
        comment = await say(world, pull, "Looks good")
        asked = len(world.github.requests)
        await edit(world, comment, "/rubricate pause")
        assert (answers(world), len(world.github.requests)) == ([], asked)
        await hear(world, world.github.comment(pull, WRITER, "/rubricate pause"))
    assert len(answers(world)) == 1


async def test_the_comment_s_author_must_have_the_right_whoever_sent_the_event(world: World) -> None:
    world.github.add_collaborator(world.repository, WRITER, "write")
    pull = world.open({"new.py": BAD})
    async with world.app():
        comment = world.github.comment(pull, "stranger", "/rubricate pause")
        await world.deliver("issue_comment", "created", comment=comment, sender=WRITER)
        await world.settle()
        assert answers(world) == []
        await say(world, pull, "/rubricate pause")
    assert len(answers(world)) == 1
