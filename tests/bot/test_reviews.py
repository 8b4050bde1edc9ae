"""From a webhook to what stands on the pull request."""

from __future__ import annotations

import asyncio
import hashlib
import json

import pytest
from dbos import DBOS

from bot.github import markers
from tests.bot.conftest import World
from tests.github import Fault

BAD = "fine = 1\nbad = 2  # DEFECT bad high\n"


async def test_a_pull_request_gets_one_review_and_a_completed_check_run(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
    (review,) = world.reviews
    (comment,) = review.comments
    assert (review.state, review.commit_id) == ("COMMENTED", pull.head_sha)
    assert (comment.thread.path, comment.thread.line, comment.thread.side) == ("new.py", 2, "RIGHT")
    assert "`bad` is a defect" in comment.body
    (run,) = world.github.check_runs
    assert (run.status, run.conclusion, run.head_sha) == ("completed", "failure", pull.head_sha)
    assert run.title == "1 finding: 1 high"
    assert "Debug mode is off" in (run.summary or "")


async def test_a_clean_pull_request_gets_no_review_and_a_green_check_run(world: World) -> None:
    pull = world.open({"new.py": "fine = 1\n"})
    async with world.app():
        await world.hear(pull)
    assert world.reviews == []
    assert (world.run.conclusion, world.run.title) == ("success", "No findings")


async def test_findings_below_the_gate_are_neutral(world: World) -> None:
    pull = world.open({"new.py": "bad = 1  # DEFECT bad low\n"})
    async with world.app():
        await world.hear(pull)
    assert (world.run.conclusion, world.said()) == ("neutral", ["bad"])


async def test_a_safe_fix_is_a_suggestion_on_its_line(world: World) -> None:
    pull = world.open({"new.py": "fine = 1\nbad = 2  # FIX bad\n"})
    async with world.app():
        await world.hear(pull)
    ((comment,),) = (review.comments for review in world.reviews)
    assert "```suggestion\nbad = 2\n```" in comment.body
    assert (comment.thread.line, comment.thread.start_line) == (2, None)


async def test_a_redelivery_changes_nothing(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        delivery = await world.hear(pull)
        asked = len(world.github.requests)
        assert (await world.github.redeliver(delivery)).status == 202
        await world.settle()
        assert len(world.github.requests) == asked
    assert len(world.reviews) == 1


async def test_the_same_commit_heard_of_twice_is_reviewed_once(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
        await world.hear(pull, "reopened")
    assert (len(world.reviews), len(world.github.check_runs)) == (1, 1)


async def test_a_second_push_adds_only_what_is_new(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
        world.push({"new.py": "first = 0\n" + BAD + "worse = 3  # DEFECT worse\n"})
        await world.hear(pull, "synchronize")
    first, second = world.reviews
    assert [len(review.comments) for review in (first, second)] == [1, 1]
    assert "`worse` is a defect" in second.comments[0].body
    assert second.comments[0].thread.line == 4
    assert [run.conclusion for run in world.github.check_runs] == ["failure", "failure"]


async def test_a_push_without_anything_new_says_nothing(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
        world.push({"other.py": "fine = 1\n"})
        await world.hear(pull, "synchronize")
    assert len(world.reviews) == 1
    assert world.run.head_sha == pull.head_sha


async def test_a_force_push_that_rewrites_the_commit_does_not_repeat_a_comment(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
        world.push({"new.py": "moved = 0\n" * 5 + BAD}, start="main")
        await world.hear(pull, "synchronize")
    assert (len(world.reviews), world.run.conclusion) == (1, "failure")


async def test_a_mark_in_another_persons_comment_does_not_count(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
        mark = markers.finding(hashlib.sha256(b"new.py later").hexdigest()[:32])
        world.github.reply(world.github.threads[0], "mallory", f"Nothing to see here {mark}")
        world.push({"new.py": BAD + "more = 1  # DEFECT later\n"})
        await world.hear(pull, "synchronize")
    assert mark in world.github.threads[-1].comments[0].body
    assert world.said() == ["bad", "later"]


async def test_drafts_are_skipped(world: World) -> None:
    pull = world.open({"new.py": BAD}, draft=True)
    async with world.app():
        await world.hear(pull)
        assert (world.reviews, world.github.comments, world.run.conclusion) == ([], [], "skipped")
        assert world.run.summary == "The pull request is a draft."
        pull.draft = False
        await world.hear(pull, "ready_for_review")
    assert world.said() == ["bad"]


async def test_a_pull_request_that_became_a_draft_is_reviewed_once_it_is_ready(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        payload = world.github.payload("pull_request", "opened", pull=pull)
        pull.draft = True
        await world.github.deliver("pull_request", payload, url=f"{world.url}/webhooks/github")
        await world.settle()
        assert (world.reviews, world.run.conclusion) == ([], "skipped")
        pull.draft = False
        await world.hear(pull, "ready_for_review")
    assert (world.said(), world.run.conclusion) == (["bad"], "failure")


async def test_a_closed_pull_request_ends_quietly(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        payload = world.github.payload("pull_request", "opened", pull=pull)
        world.github.close_pull_request(pull)
        await world.github.deliver("pull_request", payload, url=f"{world.url}/webhooks/github")
        await world.settle()
        assert (world.reviews, world.run.conclusion) == ([], "skipped")
        assert world.run.summary == "The pull request is closed."
        pull.state = "open"
        await world.hear(pull, "reopened")
    assert world.said() == ["bad"]


async def test_a_deleted_repository_ends_quietly(world: World, caplog: pytest.LogCaptureFixture) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        payload = world.github.payload("pull_request", "opened", pull=pull)
        del world.github.state.repositories["octo/shop"]
        await world.github.deliver("pull_request", payload, url=f"{world.url}/webhooks/github")
        await world.settle()
        outcomes = await DBOS.list_workflows_async(name="review")
    assert [each.status for each in outcomes] == ["SUCCESS"]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_revoked_installation_ends_quietly(world: World, caplog: pytest.LogCaptureFixture) -> None:
    pull = world.open({"new.py": BAD})
    installation = world.repository.installation
    assert installation is not None
    async with world.app():
        payload = world.github.payload("pull_request", "opened", pull=pull)
        world.github.uninstall(installation)
        await world.github.deliver("pull_request", payload, url=f"{world.url}/webhooks/github")
        await world.settle()
    assert (world.reviews, world.github.check_runs) == ([], [])
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_forks_pull_request_is_reviewed_without_touching_the_fork(world: World) -> None:
    fork = world.github.fork(world.repository, "stranger")
    world.github.commit(fork, "feature", {"new.py": BAD}, start="main")
    pull = world.github.open_pull_request(world.repository, "main", "feature", fork=fork)
    async with world.app():
        await world.hear(pull)
    assert (world.said(), world.run.conclusion) == (["bad"], "failure")
    assert not [request for request in world.github.requests if request.path.startswith("/stranger/")]


async def test_a_newer_push_ends_the_review_of_an_older_one(world: World) -> None:
    pull = world.open({"new.py": "slow = 1  # SLEEP 60\nbad = 2  # DEFECT old\n"})
    async with world.app():
        await world.deliver("pull_request", "opened", pull=pull)
        await world.until((world.config.data_dir / "noted.json").exists)
        child = json.loads((world.config.data_dir / "noted.json").read_text())["pid"]
        world.push({"new.py": "bad = 2  # DEFECT new\n"})
        await world.hear(pull, "synchronize")
    assert world.said() == ["new"]
    old, new = world.github.check_runs
    assert (old.conclusion, old.summary) == ("cancelled", "A newer push has replaced this commit.")
    assert (new.conclusion, new.head_sha) == ("neutral", pull.head_sha)
    assert not _lives(child)


async def test_a_late_webhook_of_an_older_push_disturbs_nothing(world: World) -> None:
    pull = world.open({"new.py": "bad = 2  # DEFECT old\n"})
    late = world.github.payload("pull_request", "opened", pull=pull)
    world.push({"new.py": "slow = 1  # SLEEP 3\nbad = 2  # DEFECT new\n"})
    async with world.app():
        await world.deliver("pull_request", "synchronize", pull=pull)
        await world.until((world.config.data_dir / "noted.json").exists)
        await world.github.deliver("pull_request", late, url=f"{world.url}/webhooks/github")
        await world.settle()
    assert world.said() == ["new"]
    assert {run.head_sha: run.conclusion for run in world.github.check_runs} == {
        pull.head_sha: "neutral",
        late["pull_request"]["head"]["sha"]: "cancelled",
    }


async def test_twenty_comments_at_most_and_the_rest_as_annotations(world: World) -> None:
    lines = [f"x{number} = 1  # DEFECT low{number} low\n" for number in range(130)]
    lines[100] = "worst = 1  # DEFECT worst critical\n"
    pull = world.open({"new.py": "".join(lines)})
    async with world.app():
        await world.hear(pull)
        world.push({"other.py": "fine = 1\n"})
        await world.hear(pull, "synchronize")
    (review,) = world.reviews
    assert len(review.comments) == 20
    assert "worst" in world.said()
    assert "110 more stand in the check's annotations" in review.body
    for run in world.github.check_runs:
        assert len(run.annotations) == len({each.start_line for each in run.annotations}) == 110
        assert 101 not in {each.start_line for each in run.annotations}
        assert "110 findings stand in this check's annotations" in (run.summary or "")


async def test_what_the_diff_does_not_show_is_said_about_the_file_or_as_an_annotation(world: World) -> None:
    changed = "".join(f"line_{number} = {number}\n" for number in range(1, 30))
    pull = world.open(
        {"app.py": changed + "last = 1  # WHOLE whole\nmore = 1  # ELSEWHERE there\nz = 1  # DEFECT line\n"}
    )
    async with world.app():
        await world.hear(pull)
    (review,) = world.reviews
    assert review.state == "COMMENTED"
    assert {(each.thread.subject, each.thread.line) for each in review.comments} == {
        ("file", None),
        ("line", 32),
    }
    assert [(each.path, each.start_line) for each in world.run.annotations] == [("elsewhere.py", 31)]


async def test_a_comment_that_github_refuses_does_not_lose_the_review(world: World) -> None:
    pull = world.open({"new.py": "bad = 1  # DEFECT good\nbad = 2  # MISPLACED odd\nbad = 3  # FIX fixed\n"})
    async with world.app():
        await world.hear(pull)
        world.push({"other.py": "fine = 1\n"})
        await world.hear(pull, "synchronize")
    (review,) = world.reviews
    assert {(each.body.split("`")[1], each.thread.subject) for each in review.comments} == {
        ("good", "line"),
        ("odd", "file"),
        ("fixed", "line"),
    }


async def test_a_comment_without_any_place_stands_in_the_reviews_body(world: World) -> None:
    pull = world.open({"new.py": "bad = 1  # DEFECT good\nbad = 2  # LOST lost\n"})
    async with world.app():
        await world.hear(pull)
        world.push({"other.py": "fine = 1\n"})
        await world.hear(pull, "synchronize")
    (review,) = world.reviews
    assert world.said() == ["good"]
    assert "`new.py:2`:" in review.body
    assert "`lost` is a defect" in review.body


async def test_a_read_only_installation_still_gets_its_check_run(world: World) -> None:
    installation = world.repository.installation
    assert installation is not None
    installation.permissions = {
        "metadata": "read",
        "contents": "read",
        "pull_requests": "read",
        "checks": "write",
    }
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
    assert world.reviews == []
    assert (world.run.conclusion, [each.start_line for each in world.run.annotations]) == ("failure", [2])


async def test_a_refused_review_is_told_by_the_check_run(world: World) -> None:
    pull = world.open({"new.py": BAD})
    refused = Fault(
        "POST /repos/octo/shop/pulls/1/reviews", status=403, message="Conversation is locked", times=None
    )
    world.github.faults.add(refused)
    async with world.app():
        await world.hear(pull)
    assert world.reviews == []
    assert (world.run.conclusion, [each.start_line for each in world.run.annotations]) == ("failure", [2])


async def test_bytes_that_are_no_text_do_not_break_the_review(world: World) -> None:
    world.push({"caf\udce9.py": "bad = 1  # DEFECT odd\n", "new.py": BAD})
    pull = world.github.open_pull_request(world.repository, "main", "feature")
    async with world.app():
        await world.hear(pull)
    assert (world.said(), world.run.conclusion) == (["bad"], "failure")
    assert [each.path for each in world.run.annotations] == ["caf?.py"]


async def test_a_failed_review_completes_its_check_run_with_a_sentence(world: World) -> None:
    pull = world.open({"new.py": "x = 1  # FAIL .rubricate.yml: unknown key `selct`\n"})
    async with world.app():
        await world.hear(pull)
    assert (world.run.status, world.run.conclusion) == ("completed", "failure")
    assert world.run.summary == ".rubricate.yml: unknown key `selct`."


async def test_reviews_of_different_pull_requests_run_at_the_same_time(world: World) -> None:
    first = world.open({"new.py": "slow = 1  # SLEEP 20\n"}, "first")
    second = world.open({"new.py": "bad = 1  # DEFECT quick\n"}, "second")
    async with world.app():
        await world.deliver("pull_request", "opened", pull=first)
        await asyncio.sleep(0.3)
        await world.deliver("pull_request", "opened", pull=second)
        await world.until(lambda: world.said() == ["quick"], seconds=15)
        assert [run.status for run in world.github.check_runs if run.head_sha == first.head_sha] == [
            "in_progress"
        ]


async def test_clones_go_with_the_repository_and_with_the_installation(world: World) -> None:
    pull = world.open({"new.py": "fine = 1\n"})
    clones = world.config.data_dir / "clones"
    installation = world.repository.installation
    async with world.app():
        await world.hear(pull)
        assert list(clones.glob(f"*/{world.repository.id}.git/HEAD"))
        await world.deliver(
            "installation_repositories", "removed", installation=installation, repositories=[world.repository]
        )
        await world.settle()
        assert not list(clones.glob("*/*.git"))
        world.push({"new.py": "fine = 2\n"})
        await world.hear(pull, "synchronize")
        assert list(clones.glob("*/*.git"))
        await world.deliver("installation", "deleted", installation=installation)
        await world.settle()
        assert not list(clones.iterdir())


def _lives(pid: int) -> bool:
    from pathlib import Path

    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
