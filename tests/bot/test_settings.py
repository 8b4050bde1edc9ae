"""What a repository says of how it wants to be spoken to: which pull requests are reviewed, and in what manner."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

from tests.bot.conftest import World
from tests.bot.people import WRITER, say
from tests.github import CheckRun, PullRequest

pytestmark = pytest.mark.slow

BAD = "fine = 1\nbad = 2  # DEFECT bad high\n"
BROKEN = "pull-request: {comments: many}\n"


def configure(world: World, text: str, branch: str = "main", **more: str) -> None:
    """The team configures, in braces: `skip-labels: [wip]`."""
    files = {".rubricate.yml": f"pull-request: {{{text}}}\n", **more}
    world.github.commit(world.repository, branch, files)


def skipped(run: CheckRun, part: str) -> bool:
    assert (run.status, run.conclusion, run.title) == ("completed", "skipped", "Not reviewed")
    return part in (run.summary or "")


async def relabel(world: World, pull: PullRequest, labels: list[str]) -> None:
    gone = [name for name in pull.labels if name not in labels]
    pull.labels[:] = labels
    assert gone
    await world.hear(pull, "unlabeled")


async def edit(world: World, pull: PullRequest, **changes: object) -> None:
    await world.deliver("pull_request", "edited", pull=pull, changes=changes)
    await world.settle()


# Which pull requests


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("mode: on-request", "when somebody asks"),
        ("skip-authors: ['mon*']", "skip-authors"),
        ("skip-labels: [wip]", "skip-labels"),
        ("skip-titles: [change]", "skip-titles"),
        ("base-branches: ['release/*']", "base-branches"),
        ("paths: [docs/]", "paths"),
    ],
)
async def test_a_pull_request_that_the_team_leaves_out_is_skipped_with_a_sentence(
    world: World, text: str, part: str
) -> None:
    configure(world, text)
    pull = world.open({"new.py": BAD})
    pull.labels.append("wip")
    async with world.app():
        await world.hear(pull)
    assert skipped(world.run, part)
    assert (world.reviews, world.github.comments, len(world.github.check_runs)) == ([], [], 1)


async def test_what_no_filter_speaks_of_is_reviewed(world: World) -> None:
    configure(
        world,
        "skip-authors: [ada], skip-labels: [wip], skip-titles: [WIP], base-branches: [main], paths: ['*.py']",
    )
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
    assert (world.said(), world.run.conclusion) == (["bad"], "failure")


async def test_a_change_that_removes_or_renames_a_named_file_touches_it(world: World) -> None:
    configure(world, "paths: [/elsewhere.py]")
    pull = world.open({"elsewhere.py": None, "new.py": BAD})
    async with world.app():
        await world.hear(pull)
    assert world.said() == ["bad"]


@pytest.mark.parametrize("text", ["mode: on-request", "skip-authors: ['*']"])
async def test_a_review_that_a_person_asks_for_passes_mode_and_filters(world: World, text: str) -> None:
    configure(world, text)
    world.github.add_collaborator(world.repository, WRITER)
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
        assert world.said() == []
        await say(world, pull, "/rubricate review")
    assert (world.said(), world.run.conclusion) == (["bad"], "failure")


async def test_drafts_are_reviewed_where_the_team_wants_it(world: World) -> None:
    configure(world, "drafts: true")
    pull = world.open({"new.py": BAD}, draft=True)
    async with world.app():
        await world.hear(pull)
        assert world.said() == ["bad"]
        pull.draft = False
        await world.hear(pull, "ready_for_review")
    assert (len(world.reviews), len(world.github.check_runs)) == (1, 1)


# Who configures


async def test_a_forks_pull_request_changes_none_of_it(world: World) -> None:
    configure(world, "skip-labels: [wip]")
    fork = world.github.fork(world.repository, "stranger")
    own = "pull-request: {skip-authors: ['*'], comments: 0, review-event: request-changes}\n"
    world.github.commit(fork, "feature", {"new.py": BAD, ".rubricate.yml": own}, start="main")
    pull = world.github.open_pull_request(world.repository, "main", "feature", fork=fork, author="stranger")
    async with world.app():
        await world.hear(pull)
    assert (world.said(), [review.state for review in world.reviews]) == (["bad"], ["COMMENTED"])


async def test_a_folder_s_configuration_governs_below_it_and_a_fork_s_does_not(world: World) -> None:
    rule = "maintainability/mutable-default"
    world.github.commit(world.repository, "main", {"apps/a/.rubricate.yml": f"ignore: [{rule}]\n"})
    fork = world.github.fork(world.repository, "stranger")
    loud = {f"apps/{name}/x.py": "def f(a=[]):\n    a.append(1)\n    return a\n" for name in "ab"}
    own = {"apps/b/.rubricate.yml": f"ignore: [{rule}]\n"}
    world.github.commit(fork, "feature", {**loud, **own}, start="main")
    pull = world.github.open_pull_request(world.repository, "main", "feature", fork=fork, author="stranger")
    async with world.app(child=(sys.executable, "-I", "-m", "checks.job")):
        await world.hear(pull)
    assert [thread.path for thread in world.github.threads] == ["apps/b/x.py"]
    assert "apps/b/.rubricate.yml" in (world.run.summary or "")


async def test_the_configuration_of_the_branch_that_is_merged_into_holds(world: World) -> None:
    configure(world, "mode: on-request")
    world.github.commit(world.repository, "stable", {".rubricate.yml": None}, start="main")
    world.push({"new.py": BAD})
    pull = world.github.open_pull_request(world.repository, "stable", "feature")
    async with world.app():
        await world.hear(pull)
    assert world.said() == ["bad"]


async def test_a_wrong_value_is_told_in_one_sentence_and_nothing_else_happens(world: World) -> None:
    world.github.commit(world.repository, "main", {".rubricate.yml": BROKEN})
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
    assert (world.reviews, world.run.conclusion) == ([], "failure")
    assert world.run.summary == (".rubricate.yml: `comments` must be a whole number from 0 to 100.")


async def test_pyproject_configures_as_well(world: World) -> None:
    table = '[tool.rubricate.pull-request]\nmode = "on-request"\n'
    world.github.commit(world.repository, "main", {"pyproject.toml": table})
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
    assert skipped(world.run, "when somebody asks")


# What an owner says for all of their repositories


def owner_says(world: World, text: str, installed: bool = True) -> None:
    files = {".rubricate.yml": text} if text else {"README.md": "Hello\n"}
    world.github.add_repository("octo/.github", private=True, files=files, installed=installed)


async def test_what_the_owner_says_holds_where_the_repository_says_nothing(world: World) -> None:
    owner_says(world, "pull-request: {comments: 1, review-event: request-changes, skip-titles: [change]}\n")
    configure(world, "skip-titles: []")
    pull = world.open({"new.py": "a = 1  # DEFECT a high\nb = 1  # DEFECT b critical\n"})
    async with world.app():
        await world.hear(pull)
    assert (world.said(), [review.state for review in world.reviews]) == (["b"], ["CHANGES_REQUESTED"])


async def test_the_owner_s_filters_hold_for_a_repository_without_configuration(world: World) -> None:
    owner_says(world, "pull-request: {mode: on-request}\n")
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
    assert skipped(world.run, "when somebody asks")


@pytest.mark.parametrize("installed", [True, False])
async def test_an_owner_s_repository_that_says_nothing_or_can_t_be_read_changes_nothing(
    world: World, installed: bool
) -> None:
    owner_says(world, "" if installed else "pull-request: {mode: on-request}\n", installed=installed)
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
    assert world.said() == ["bad"]


async def test_an_owner_s_repository_that_is_not_there_is_not_asked_for_with_each_push(world: World) -> None:
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
        world.push({"more.py": BAD})
        await world.hear(pull, "synchronize")
    tokens = [each.body for each in world.github.requests if each.path.endswith("/access_tokens")]
    assert len([body for body in tokens if body.get("repositories") == [".github"]]) == 1
    assert len(world.github.check_runs) == 2


async def test_a_mistake_of_the_owner_s_is_told_as_theirs(world: World) -> None:
    owner_says(world, BROKEN)
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
    assert world.run.summary == (
        "The owner's repository .github: .rubricate.yml: `comments` must be a whole number from 0 to 100."
    )


# In what manner


async def test_the_number_of_comments_their_bar_and_their_force_are_the_teams(world: World) -> None:
    configure(world, "comments: 1, comment-at: {severity: high}, review-event: request-changes")
    lines = ["a = 1  # DEFECT a medium", "b = 1  # DEFECT b high", "c = 1  # DEFECT c critical"]
    pull = world.open({"new.py": "\n".join(lines) + "\n"})
    async with world.app():
        await world.hear(pull)
    assert (world.said(), [review.state for review in world.reviews]) == (["c"], ["CHANGES_REQUESTED"])
    assert sorted(each.start_line for each in world.run.annotations) == [1, 2]


async def test_no_comments_at_all_leaves_everything_to_the_check_run(world: World) -> None:
    configure(world, "comments: 0")
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
    assert (world.reviews, world.run.conclusion) == ([], "failure")
    assert [each.start_line for each in world.run.annotations] == [2]


async def test_the_engine_itself_reads_them(world: World) -> None:
    configure(world, "skip-titles: [WIP], comments: 0")
    pull = world.open({"new.py": "import requests\n\n\ndef f(url):\n    return requests.get(url)\n"})
    async with world.app(child=(sys.executable, "-I", "-m", "checks.job")):
        await world.hear(pull)
    assert (world.reviews, len(world.run.annotations)) == ([], 1)


# When something else than the code changes


async def test_without_the_label_that_kept_it_out_it_is_reviewed(world: World) -> None:
    configure(world, "skip-labels: [wip]")
    pull = world.open({"new.py": BAD})
    pull.labels += ["wip", "shop"]
    async with world.app():
        await world.hear(pull)
        await relabel(world, pull, ["wip"])
        assert world.said() == []
        await relabel(world, pull, [])
    assert (world.said(), world.run.conclusion) == (["bad"], "failure")


async def test_under_another_title_it_is_reviewed(world: World) -> None:
    configure(world, "skip-titles: [WIP]")
    pull = world.open({"new.py": BAD}, title="WIP: a basket")
    async with world.app():
        await world.hear(pull)
        assert skipped(world.run, "skip-titles")
        pull.title = "A basket"
        await edit(world, pull, title={"from": "WIP: a basket"})
    assert (world.said(), world.run.conclusion) == (["bad"], "failure")


async def test_against_another_base_it_is_reviewed_anew(world: World) -> None:
    world.github.commit(world.repository, "stable", {"stable.py": "x = 1\n"}, start="main")
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
        before = pull.base_sha
        pull.base_ref = "stable"
        world.github.synchronize(world.repository)
        assert pull.base_sha != before
        await edit(world, pull, base={"ref": {"from": "main"}, "sha": {"from": before}})
    assert (len(world.github.check_runs), world.said()) == (2, ["bad"])


async def test_what_changes_no_code_repeats_no_review(world: World) -> None:
    pull = world.open({"new.py": BAD})
    pull.labels.append("shop")
    async with world.app():
        await world.hear(pull)
        asked = len(world.github.requests)
        await edit(world, pull, title={"from": "A"})
        await edit(world, pull, body={"from": "B"})
        await relabel(world, pull, [])
        await world.hear(pull, "converted_to_draft")
    assert (len(world.reviews), len(world.github.check_runs)) == (1, 1)
    assert len(world.github.requests) == asked


async def test_a_description_that_is_edited_asks_for_nothing(world: World) -> None:
    configure(world, "mode: on-request")
    pull = world.open({"new.py": BAD})
    async with world.app():
        await world.hear(pull)
        await edit(world, pull, body={"from": "B"})
    assert len(world.github.check_runs) == 1


async def test_a_title_that_is_edited_while_the_review_runs_repeats_nothing(world: World) -> None:
    pull = world.open({"new.py": "slow = 1  # SLEEP 1\n" + BAD})
    async with world.app():
        await world.deliver("pull_request", "opened", pull=pull)
        await world.until((world.config.data_dir / "noted.json").exists)
        await edit(world, pull, title={"from": "A"})
    assert (world.said(), len(world.github.check_runs), world.run.conclusion) == (["bad"], 1, "failure")


@pytest.mark.parametrize("what", ["draft", "label"])
async def test_what_leaves_it_out_while_the_review_runs_keeps_it_from_being_posted(
    world: World, what: str
) -> None:
    configure(world, "skip-labels: [wip]")
    pull = world.open({"new.py": "slow = 1  # SLEEP 1\n" + BAD})
    async with world.app():
        await world.deliver("pull_request", "opened", pull=pull)
        await world.until((world.config.data_dir / "noted.json").exists)
        if what == "draft":
            pull.draft = True
        else:
            pull.labels.append("wip")
        await world.settle()
    assert world.reviews == []
    assert skipped(world.run, "draft" if what == "draft" else "skip-labels")


async def test_settings_cost_little(world: World) -> None:
    """A review that is skipped starts no review's child: it would have noted its surroundings."""
    configure(world, "mode: on-request")
    pull = world.open({"new.py": BAD})
    async with world.app():
        await asyncio.wait_for(world.hear(pull), 20)
    assert not (world.config.data_dir / "noted.json").exists()
    assert "pull-request" not in json.dumps(world.run.summary)
