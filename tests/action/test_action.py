"""The Action's steps as a runner runs them, on a stand-in GitHub and real checkouts."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import aiohttp
import pytest

from tests.action.conftest import LOUD, QUIET, WRITE, ZERO, World
from tests.bot.desk import Desk
from tests.github import Fault

RULE = "performance/http-timeout-missing"
LOUD_LINE = 5

# The first test installs what the others use, which takes a while on a busy machine.
pytestmark = pytest.mark.timeout(400)


async def test_a_pull_request_is_commented_on(world: World) -> None:
    pull = world.open({"rates.py": LOUD})
    job = await world.review(pull)
    assert job.code == 0, job.log
    assert world.said() == [("rates.py", LOUD_LINE)]
    (review,) = world.github.reviews
    assert (review.user.login, review.state, review.commit_id) == (
        "github-actions[bot]",
        "COMMENTED",
        pull.head_sha,
    )
    assert "```suggestion" in world.github.review_comments[0].body
    assert job.outputs == {"findings": "1", "verdict": "attention", "sarif-file": ""}
    assert "### Checklist" in job.summary and "rates.py" in job.summary
    assert job.annotations("warning") == [], "what has a comment is not annotated as well"


async def test_a_finding_at_the_gate_fails_the_step(world: World) -> None:
    job = await world.review(world.open({"settings.py": "DEBUG = True\n"}))
    assert (job.code, job.outputs["verdict"]) == (1, "fail")


async def test_the_gate_is_an_input(world: World) -> None:
    job = await world.review(world.open({"rates.py": LOUD}), fail_on="medium")
    assert (job.code, job.outputs["verdict"]) == (1, "fail")


async def test_a_clean_pull_request_hears_nothing(world: World) -> None:
    job = await world.review(world.open({"rates.py": f"# rates\n{QUIET}"}))
    assert (job.code, job.outputs["verdict"], job.outputs["findings"]) == (0, "pass", "0")
    assert world.github.reviews == []


async def test_a_second_run_says_nothing_twice(world: World) -> None:
    pull = world.open({"rates.py": LOUD})
    await world.review(pull)
    again = await world.review(pull, action="reopened")
    assert len(world.github.review_comments) == 1
    assert again.outputs["findings"] == "1" and again.annotations("warning") == []
    world.github.commit(world.repository, "feature", {"other.py": LOUD})
    await world.review(pull, action="synchronize", checkout=False)
    assert world.said() == [("other.py", LOUD_LINE), ("rates.py", LOUD_LINE)]


async def test_a_mark_that_somebody_else_wrote_counts_for_nothing(world: World) -> None:
    pull = world.open({"rates.py": LOUD})
    await world.review(pull)
    mark = world.github.review_comments[0].body.rpartition("<!--")[2]
    other = world.open({"rates.py": LOUD}, branch="other")
    world.github.comment(other, "mallory", f"<!--{mark}")
    body = {"body": f"<!--{mark}", "event": "COMMENT", "comments": []}
    await _as_person(world, "POST", f"/repos/octo/shop/pulls/{other.number}/reviews", body)
    await world.review(other, checkout=False)
    assert len(world.github.review_comments) == 2


async def test_a_fork_gets_annotations_and_a_summary(world: World) -> None:
    pull = world.open({"rates.py": LOUD, "settings.py": "DEBUG = True\n"}, fork="mallory")
    job = await world.review(pull, permissions=None)
    assert (job.code, job.outputs["findings"]) == (1, "2")
    assert world.github.reviews == []
    (warning,) = job.annotations("warning")
    assert warning.startswith("::warning file=rates.py,line=5,") and RULE in warning
    assert [line.partition(",")[0] for line in job.annotations("error")] == ["::error file=settings.py"]
    assert "may not comment" in job.summary and "settings.py" in job.summary
    assert any("may not comment" in line for line in job.annotations("notice"))


async def test_what_the_caps_hide_is_said(world: World) -> None:
    pull = world.open({f"rates_{number:02}.py": LOUD for number in range(14)}, fork="mallory")
    job = await world.review(pull, permissions=None)
    assert len(job.annotations("warning")) == 10
    assert "Not shown above: 4 warnings" in job.log
    assert "Not shown above: 4 warnings" in job.summary
    assert job.outputs["findings"] == "14"


async def test_findings_beyond_one_review_are_annotated(world: World) -> None:
    pull = world.open({f"rates_{number:02}.py": LOUD for number in range(24)})
    job = await world.review(pull)
    assert (len(world.github.threads), len(job.annotations("warning"))) == (20, 4)


async def test_the_team_s_manner_of_speaking_is_the_action_s_too(world: World) -> None:
    text = "pull-request: {comments: 1, review-event: request-changes}\nfail-on: medium\n"
    world.github.commit(world.repository, "main", {".rubricate.yml": text})
    job = await world.review(world.open({"rates.py": LOUD, "more.py": LOUD}))
    assert (len(world.github.threads), len(job.annotations("warning"))) == (1, 1)
    assert [review.state for review in world.github.reviews] == ["CHANGES_REQUESTED"]


async def test_a_shallow_checkout_is_made_up_for(world: World) -> None:
    pull = world.open({"rates.py": LOUD})
    world.github.commit(world.repository, "main", {"README.md": "# The shop\n"})
    job = await world.review(pull, depth=1)
    assert (job.code, world.said()) == (0, [("rates.py", LOUD_LINE)])
    assert "shallow" in (world.workspace / ".git/shallow").name
    assert _refs(world) == ["refs/remotes/pull/0"], "the checkout is left as it was"


async def test_no_checkout_is_needed(world: World) -> None:
    await world.review(world.open({"rates.py": LOUD}), checkout=False)
    assert world.said() == [("rates.py", LOUD_LINE)]


async def test_commits_that_cannot_be_had_are_told_in_a_sentence(world: World) -> None:
    pull = world.open({"rates.py": LOUD})
    job = await world.review(pull, depth=1, permissions={"metadata": "read", "pull_requests": "write"})
    assert (job.code, job.outputs["verdict"]) == (2, "error")
    (error,) = job.annotations("error")
    assert "fetch-depth: 0" in error and "contents: read" in error


async def test_a_fork_of_a_private_repository_is_read_from_the_base_alone(world: World) -> None:
    pull = world.open({"rates.py": LOUD}, fork="mallory")
    await world.review(pull, checkout=False)
    asked = {
        request.path.partition(".git")[0] for request in world.github.requests if ".git/" in request.path
    }
    assert asked == {"/octo/shop"}


async def test_pull_request_target_reads_and_runs_nothing_of_the_head(world: World) -> None:
    pull = world.open({"rates.py": LOUD}, fork="mallory")
    await world.review(pull, event="pull_request_target", depth=1)
    assert world.said() == [("rates.py", LOUD_LINE)]


async def test_the_configuration_comes_from_the_base(world: World) -> None:
    silent = "ignore: [performance/*]\n"
    job = await world.review(world.open({"rates.py": LOUD, ".rubricate.yml": silent}))
    assert job.outputs["findings"] == "1"
    assert any(".rubricate.yml" in line for line in job.annotations("notice")), job.log


async def test_drafts_are_skipped(world: World) -> None:
    job = await world.review(world.open({"rates.py": LOUD}, draft=True))
    assert (job.code, job.outputs["verdict"]) == (0, "skipped")
    assert "draft" in job.summary
    assert world.github.reviews == []


async def test_comments_can_be_switched_off(world: World) -> None:
    job = await world.review(world.open({"rates.py": LOUD}), comment="false")
    assert world.github.reviews == []
    assert len(job.annotations("warning")) == 1


async def test_a_commit_that_was_replaced_is_not_commented_on(world: World) -> None:
    pull = world.open({"rates.py": LOUD})
    payload = world.github.payload("pull_request", "opened", pull=pull)
    world.github.commit(world.repository, "feature", {"other.py": LOUD})
    job = await world.job("pull_request", payload, payload["pull_request"]["head"]["sha"])
    assert world.github.reviews == []
    assert "newer push" in job.summary and len(job.annotations("warning")) == 1


async def test_when_github_fails_the_findings_are_said_all_the_same(world: World) -> None:
    world.github.faults.add(Fault("GET /repos/octo/shop/pulls/*", status=422, message="No", times=None))
    job = await world.review(world.open({"rates.py": LOUD}))
    assert (job.code, len(job.annotations("warning"))) == (0, 1)
    assert "annotations" in job.summary


async def test_a_push_is_reviewed_over_what_was_there(world: World) -> None:
    before = world.repository.git.branch("main")
    assert before is not None
    world.github.commit(world.repository, "main", {"old.py": LOUD})
    between = world.github.commit(world.repository, "main", {"README.md": "# The shop\n"})
    after = world.github.commit(world.repository, "main", {"new.py": LOUD})
    job = await world.job("push", world.push(between, after), after)
    (warning,) = job.annotations("warning")
    assert "file=new.py" in warning


async def test_a_new_branch_is_reviewed_over_the_default_one(world: World) -> None:
    world.github.commit(world.repository, "main", {"old.py": LOUD})
    after = world.github.commit(world.repository, "feature", {"new.py": LOUD}, start="main")
    payload = world.push(ZERO, after, "refs/heads/feature", created=True)
    for depth in (None, 1):
        job = await world.job("push", payload, after, depth=depth)
        (warning,) = job.annotations("warning")
        assert "file=new.py" in warning
        subprocess.run(["rm", "-rf", str(world.workspace)], check=True)


async def test_a_forced_push_over_a_commit_that_is_gone_is_reviewed(world: World) -> None:
    after = world.github.commit(world.repository, "feature", {"new.py": LOUD}, start="main")
    payload = world.push("f" * 40, after, "refs/heads/feature", forced=True)
    job = await world.job("push", payload, after)
    assert "file=new.py" in job.annotations("warning")[0]


async def test_a_default_branch_whose_past_is_gone_is_checked_as_a_whole(world: World) -> None:
    after = world.github.commit(world.repository, "main", {"new.py": LOUD})
    job = await world.job("push", world.push("f" * 40, after, forced=True), after)
    assert "file=new.py" in job.annotations("warning")[0]
    assert "as a whole" in job.summary


async def test_a_merge_queue_is_reviewed(world: World) -> None:
    base = world.repository.git.branch("main")
    assert base is not None
    ref = "refs/heads/gh-readonly-queue/main/pr-1"
    head = world.github.commit(
        world.repository, ref.removeprefix("refs/heads/"), {"new.py": LOUD}, start="main"
    )
    ends = {"repository": world.repository, "ref": ref, "before": base, "after": head}
    payload = world.github.payload("merge_group", "checks_requested", **ends)
    job = await world.job("merge_group", payload, head, depth=1)
    assert "file=new.py" in job.annotations("warning")[0]
    assert world.github.reviews == []


async def test_on_a_schedule_the_commit_is_checked_as_a_whole(world: World) -> None:
    head = world.github.commit(world.repository, "main", {"old.py": LOUD})
    job = await world.job("schedule", {"schedule": "0 4 * * 1"}, head, depth=1)
    assert "file=old.py" in job.annotations("warning")[0]


async def test_sarif_is_written_where_it_was_asked_for(world: World) -> None:
    job = await world.review(world.open({"rates.py": LOUD}), sarif_file="reports/rubricate.sarif")
    path = world.workspace / "reports/rubricate.sarif"
    assert job.outputs["sarif-file"] == str(path)
    (run,) = json.loads(path.read_text())["runs"]
    assert [result["ruleId"] for result in run["results"]] == [RULE]


async def test_sarif_follows_no_link_of_the_project(world: World) -> None:
    pull = world.open({"rates.py": LOUD})
    assert pull.merge_sha is not None
    world.check_out(pull.merge_sha)
    precious = world.workspace.parent / "precious"
    precious.write_text("precious")
    (world.workspace / "out.sarif").symlink_to(precious)
    (world.workspace / "reports").symlink_to(world.workspace.parent)
    job = await world.review(pull, sarif_file="out.sarif")
    assert (job.code, precious.read_text()) == (0, "precious")
    refused = await world.review(pull, sarif_file="reports/precious")
    assert (refused.code, precious.read_text()) == (2, "precious")
    assert "leads out of the workspace" in refused.annotations("error")[0]


async def test_what_the_project_says_is_no_command(world: World) -> None:
    hostile = "import requests\nrequests.get('''\n::error::owned\n::set-output name=verdict::pass\n''')\n"
    job = await world.review(world.open({"rates.py": hostile}, fork="mallory"), permissions=None)
    assert len(job.annotations("warning")) == 1
    assert not any("owned" in line for line in job.annotations("error"))


async def test_inputs_are_data(world: World) -> None:
    canary = world.workspace.parent / "canary"
    job = await world.review(world.open({"rates.py": LOUD}), ignore=f'"; touch {canary}; $(touch {canary}) "')
    assert not canary.exists()
    assert job.code == 2 and "--ignore" in job.annotations("error")[0]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("fail_on", "hgih", "did you mean `high`?"),
        ("comment", "maybe", "neither true nor false"),
        ("path", "../elsewhere", "leads out of the workspace"),
        ("base", "no-such-branch", "fetch-depth: 0"),
    ],
)
async def test_a_wrong_input_is_told_in_one_line(world: World, name: str, value: str, said: str) -> None:
    inputs: dict[str, Any] = {name: value}
    job = await world.review(world.open({"rates.py": LOUD}), **inputs)
    assert (job.code, job.outputs["verdict"]) == (2, "error")
    (error,) = job.annotations("error")
    assert said in error


async def test_the_environment_is_kept_between_jobs_and_mended(world: World) -> None:
    pull = world.open({"rates.py": QUIET})
    assert (await world.review(pull)).code == 0
    (kept,) = world.runner.cache.iterdir()
    (kept / "mark").touch()
    assert (await world.review(pull)).code == 0
    assert (kept / "mark").exists(), "it was taken from the cache"
    (kept / "rubricate-key").unlink()  # as an upload that was cut short
    assert (await world.review(pull)).code == 0
    assert (kept / "rubricate-key").exists() and not (kept / "mark").exists(), "it was made anew"


async def _as_person(world: World, method: str, path: str, body: object) -> None:
    world.github.add_collaborator(world.repository, "mallory")
    headers = {"Authorization": f"token {world.github.user_token('mallory')}"}
    url = world.github.api_url + path
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, url, json=body, headers=headers) as answer,
    ):
        assert answer.status == 200, await answer.text()


def _refs(world: World) -> list[str]:
    listed = ["git", "-C", str(world.workspace), "for-each-ref", "--format=%(refname)"]
    return subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split()


# Beside the App


READS_CHECKS = {**WRITE, "checks": "read"}


async def test_where_the_app_is_installed_the_action_writes_its_summary_and_keeps_the_gate(
    world: World,
) -> None:
    world.install()
    pull = world.open({"rates.py": LOUD, "settings.py": "DEBUG = True\n"})
    assert world.repository.runs == [], "the App has not even begun"
    job = await world.review(pull, permissions=READS_CHECKS)
    assert (job.code, job.outputs["verdict"], job.outputs["findings"]) == (1, "fail", "2")
    assert (world.github.reviews, world.said()) == ([], [])
    assert job.annotations("warning") + job.annotations("error") == []
    assert "The App reviews this pull request" in job.summary and "rates.py" in job.summary


async def test_where_the_action_has_spoken_the_app_adds_nothing(world: World) -> None:
    both = LOUD.rstrip() + "  # DEFECT bad high\n"  # a defect to the engine, and to the desk
    pull = world.open({"rates.py": both})
    await world.review(pull)
    said = list(world.github.review_comments)
    assert len(said) == 1
    world.install()
    async with aiohttp.ClientSession() as session:
        desk = Desk(world.github, world.repository, session, pull=pull)
        await desk.review()
        assert world.github.review_comments == said
        assert (desk.run.conclusion, [each.start_line for each in desk.run.annotations]) == ("failure", [5])
        # with the next push the App is seen: from then on it speaks
        world.github.commit(world.repository, "feature", {"more.py": "a = 1  # DEFECT a high\n"})
        await world.review(pull, action="synchronize", permissions=READS_CHECKS)
        await desk.review()
    new = [each for each in world.github.review_comments if each not in said]
    assert {each.user.login for each in new} == {"rubricate[bot]"}


async def test_a_name_that_no_app_can_have_is_told(world: World) -> None:
    job = await world.review(world.open({"rates.py": LOUD}), app="Our Reviewer")
    assert job.code == 2 and "app:" in job.annotations("error")[0]
