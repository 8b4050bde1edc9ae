"""From a webhook to what stands on the pull request."""

from __future__ import annotations

from tests.bot.conftest import World


async def test_a_pull_request_gets_one_review_and_a_completed_check_run(world: World) -> None:
    pull = world.open({"new.py": "fine = 1\nbad = 2  # DEFECT bad high\n"})
    async with world.app():
        await world.hear(pull)
    (review,) = world.reviews
    (comment,) = review.comments
    assert (review.state, review.commit_id) == ("COMMENTED", pull.head_sha)
    assert (comment.thread.path, comment.thread.line, comment.thread.side) == ("new.py", 2, "RIGHT")
    assert "`bad` is a defect" in comment.body
    (run,) = world.github.check_runs
    assert (run.status, run.conclusion, run.head_sha) == ("completed", "failure", pull.head_sha)
    assert "Debug mode is off" in (run.summary or "")
