"""Fixes as commits or patches, the baseline, and reviews that are asked for again: by buttons and by commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commanding import changes
from bot.github import commits
from checks.baseline import BASELINE_FILE
from tests.bot.conftest import World
from tests.bot.people import WRITER, answers, press, reactions, reply, say
from tests.github import Entry, Fault, PullRequest, Repository

pytestmark = pytest.mark.slow

FIXABLE = "fine = 1\nodd = 2  # FIX odd\n"
BAD = "bad = 2  # DEFECT bad high\n"


@pytest.fixture
def pull(world: World) -> PullRequest:
    world.github.add_collaborator(world.repository, WRITER, "write")
    world.github.add_collaborator(world.repository, "rob", "read")
    return world.open({"new.py": FIXABLE, "dos.py": FIXABLE.replace("\n", "\r\n"), "bad.py": BAD})


@pytest.fixture
def granted(world: World) -> World:
    """The installation may write contents."""
    assert world.repository.installation is not None
    world.repository.installation.permissions["contents"] = "write"
    return world


def content(world: World, path: str, branch: str = "feature") -> bytes:
    found = world.repository.git.blob(f"refs/heads/{branch}", path)
    assert found is not None
    return found


def messages(world: World, pull: PullRequest) -> list[str]:
    """The subjects of the pull request's commits."""
    return world.repository.git.text("log", "--format=%s", f"main..{pull.head_ref}").split("\n")


async def test_fix_all_commits_every_safe_fix_once_on_the_branch(granted: World, pull: PullRequest) -> None:
    world, before = granted, pull.head_sha
    async with world.app():
        await world.hear(pull)
        await press(world, world.run, "fix-all")
        assert pull.head_sha != before
        assert world.repository.git.text("rev-parse", "feature^") == before
        assert content(world, "new.py") == b"fine = 1\nodd = 2\n"
        assert content(world, "dos.py") == b"fine = 1\r\nodd = 2\r\n"
        assert messages(world, pull)[0] == "Fix 2 findings of Rubricate"
        (answer,) = answers(world)
        assert answer.startswith(f"Committed {pull.head_sha[:10]}: Fix 2 findings of Rubricate.\n")
        await world.hear(pull, "synchronize")
    assert [thread.path for thread in world.github.threads if thread.resolved_by is None] == ["bad.py"]


async def test_a_command_makes_the_fixes_of_one_rule(granted: World, pull: PullRequest) -> None:
    world, before = granted, pull.head_sha
    async with world.app():
        comment = await say(world, pull, "/rubricate fix weak-hash")
        assert answers(world)[0].startswith("There is no safe fix to make.\n")
        assert (pull.head_sha, reactions(comment)) == (before, ["+1"])
        comment = await say(world, pull, "/rubricate fix weak-hsh")
        assert reactions(comment) == ["confused"]
        assert "Did you mean `security/weak-hash`?" in answers(world)[1]
        await say(world, pull, "/rubricate fix")
    assert messages(world, pull)[0] == "Fix 2 findings of Rubricate"


@pytest.mark.parametrize("branch", ["topic/one#2-%41+ö", "1" * 40])
async def test_a_branch_may_have_any_name(granted: World, branch: str) -> None:
    world = granted
    world.github.add_collaborator(world.repository, WRITER, "write")
    pull = world.open({"new.py": FIXABLE}, branch=branch)
    async with world.app():
        await world.hear(pull)
        await press(world, world.run, "fix-all")
    assert content(world, "new.py", branch) == b"fine = 1\nodd = 2\n"


async def test_the_right_to_write_is_asked_for_at_the_commit_alone(
    granted: World, pull: PullRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, str]] = []
    issue = granted.github.state.keyring.issue

    def noted(prefix: str, actor: object) -> str:
        asked.append(dict(getattr(actor, "permissions", None) or {}))
        return issue(prefix, actor)  # type: ignore[arg-type]

    monkeypatch.setattr(granted.github.state.keyring, "issue", noted)
    async with granted.app():
        await granted.hear(pull)
        assert [each["contents"] for each in asked] == ["read"]
        await press(granted, granted.run, "fix-all")
    assert asked[1:] == [{"metadata": "read", "contents": "write"}]


async def test_without_the_right_to_write_a_patch_is_offered_that_applies(
    world: World, pull: PullRequest, tmp_path: Path
) -> None:
    before = pull.head_sha
    async with world.app():
        await world.hear(pull)
        suggestions = [thread.comments[0].body for thread in world.github.threads]
        await press(world, world.run, "fix-all")
    assert pull.head_sha == before
    (answer,) = answers(world)
    assert answer.startswith("Rubricate may not write to this branch. Here is a patch with 2 safe fixes")
    patch = answer.split("```diff\n")[1].split("```")[0]
    (tmp_path / "fixes.patch").write_bytes(patch.encode())
    checkout = tmp_path / "checkout"
    source = ["--branch=feature", str(world.repository.git.path), str(checkout)]
    subprocess.run(["git", "clone", "--quiet", *source], check=True)
    subprocess.run(["git", "apply", str(tmp_path / "fixes.patch")], cwd=checkout, check=True)
    assert (checkout / "new.py").read_bytes() == b"fine = 1\nodd = 2\n"
    assert (checkout / "dos.py").read_bytes() == b"fine = 1\r\nodd = 2\r\n"
    assert [thread.comments[0].body for thread in world.github.threads] == suggestions


async def test_what_is_too_large_for_githubs_interface_is_a_patch(
    granted: World, pull: PullRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "LARGEST", 10)
    before = pull.head_sha
    async with granted.app():
        comment = await say(granted, pull, "/rubricate fix")
        monkeypatch.setattr(changes, "LONGEST_PATCH", 10)
        await say(granted, pull, "/rubricate fix")
    assert (pull.head_sha, reactions(comment)) == (before, ["confused"])
    short, long = answers(granted)
    assert short.startswith("The files are too large to be committed")
    assert "```diff\n--- a/" in short
    assert "The patch is too long for a comment: run `rubricate fix` in a checkout." in long


async def test_the_real_engine_computes_what_is_committed(granted: World) -> None:
    world = granted
    world.github.add_collaborator(world.repository, WRITER, "write")
    pull = world.open({"client.py": "import requests\n\n\ndef ask(url):\n    return requests.get(url)\n"})
    async with world.app(child=(sys.executable, "-I", "-m", "checks.job")):
        await world.hear(pull)
        assert [thread.path for thread in world.github.threads] == ["client.py"]
        await say(world, pull, "/rubricate fix http-timeout-missing")
        assert b"requests.get(url, timeout=" in content(world, "client.py")
        await world.hear(pull, "synchronize")
    assert world.github.threads[0].resolved_by is world.github.state.app.bot
    assert world.run.conclusion == "success"


async def test_on_a_fork_a_patch_is_offered(granted: World) -> None:
    world = granted
    world.github.add_collaborator(world.repository, WRITER, "write")
    fork: Repository = world.github.fork(world.repository, "mona")
    world.github.commit(fork, "feature", {"new.py": FIXABLE}, start="main")
    pull = world.github.open_pull_request(world.repository, "main", "feature", fork=fork)
    before = pull.head_sha
    async with world.app():
        await world.hear(pull)
        await press(world, world.run, "fix-all")
    assert (pull.head_sha, fork.git.branch("feature")) == (before, before)
    assert "Here is a patch with 1 safe fix," in answers(world)[0]


async def test_what_githubs_interface_cannot_write_is_left_and_named(granted: World) -> None:
    world = granted
    world.github.add_collaborator(world.repository, WRITER, "write")
    files: dict[str, str | Entry] = {
        "new.py": FIXABLE,
        "script.py": Entry(FIXABLE.encode(), "100755"),
        ".github/workflows/ci.py": FIXABLE,
        "large.html": f"version https://git-lfs.github.com/spec/v1\n{FIXABLE}",
        "link.py": Entry(b"odd  # FIX odd", "120000"),
    }
    world.github.commit(world.repository, "feature", files, start="main")
    pull = world.github.open_pull_request(world.repository, "main", "feature")
    modes = world.repository.git.text("ls-tree", "feature", "script.py", "link.py")
    async with world.app():
        await world.hear(pull)
        await press(world, world.run, "fix-all")
    assert content(world, "new.py") == b"fine = 1\nodd = 2\n"
    assert world.repository.git.text("ls-tree", "feature", "script.py", "link.py") == modes
    (answer,) = answers(world)
    for path in ("script.py", ".github/workflows/ci.py", "large.html", "link.py"):
        assert f"`{path}` (" in answer
        assert b"# FIX odd" in content(world, path)


async def test_ignored_findings_are_not_fixed(granted: World, pull: PullRequest) -> None:
    world = granted
    async with world.app():
        await world.hear(pull)
        (thread,) = (each for each in world.github.threads if each.path == "dos.py")
        await reply(world, thread, "/rubricate ignore this")
        await press(world, world.run, "fix-all")
    assert b"# FIX odd" in content(world, "dos.py")
    assert b"# FIX odd" not in content(world, "new.py")


async def test_a_branch_that_moved_meanwhile_is_left_alone(granted: World, pull: PullRequest) -> None:
    world = granted
    world.push({"slow.py": "x = 1  # SLEEP 2\n"})
    async with world.app():
        run_of = pull.head_sha
        comment = world.github.comment(pull, WRITER, "/rubricate fix")
        await world.deliver("issue_comment", "created", comment=comment, sender=WRITER)
        await world.until((world.config.data_dir / "noted.json").exists)
        moved = world.push({"other.py": "y = 1\n"})
        await world.settle()
    assert run_of != moved
    assert pull.head_sha == moved
    assert answers(world)[0].startswith("The branch has moved on meanwhile.")


async def test_no_code_and_no_token_is_kept_or_logged(
    granted: World, pull: PullRequest, caplog: pytest.LogCaptureFixture
) -> None:
    world = granted
    with caplog.at_level("DEBUG"):
        async with world.app():
            await world.hear(pull)
            await say(world, pull, "/rubricate ignore weak-hash a confidential reason")
            await press(world, world.run, "fix-all")
    kept = b"".join(path.read_bytes() for path in world.config.data_dir.glob("jobs.sqlite3*"))
    secrets = [*world.github.state.keyring.tokens, "FIX odd", "odd = 2", "a confidential reason"]
    assert len(secrets) > 4
    assert [each for each in secrets if each.encode() in kept or each in caplog.text] == []


@pytest.mark.parametrize("button", ["fix-all", "baseline"])
async def test_a_button_does_nothing_for_who_may_not_write(
    granted: World, pull: PullRequest, button: str
) -> None:
    world, before = granted, pull.head_sha
    async with world.app():
        await world.hear(pull)
        for login in ("rob", "stranger"):
            await press(world, world.run, button, login)
    assert (pull.head_sha, answers(world)) == (before, [])


@pytest.mark.parametrize(
    "fault",
    [Fault("", "cut"), Fault("", "truncate"), Fault("", status=502, applied=True), Fault("", "reset")],
    ids=["cut", "truncated", "5xx after it", "reset"],
)
async def test_a_commit_is_made_once_whatever_becomes_of_the_answer(
    granted: World, pull: PullRequest, fault: Fault
) -> None:
    world = granted
    async with world.app():
        await world.hear(pull)
        for match in ("POST /api/graphql", "POST /repos/octo/shop/issues/1/comments"):
            world.github.faults.add(Fault(match, fault.kind, status=fault.status, applied=fault.applied))
        await press(world, world.run, "fix-all")
    assert messages(world, pull).count("Fix 2 findings of Rubricate") == 1
    (answer,) = answers(world)
    assert answer.startswith(f"Committed {pull.head_sha[:10]}: ")


async def test_accepting_what_stands_silences_it_on_this_pull_request(
    world: World, pull: PullRequest
) -> None:
    async with world.app():
        await world.hear(pull)
        assert world.run.conclusion == "failure"
        await press(world, world.run, "baseline")
        assert answers(world)[0].startswith("Accepted 3 findings as they stand, for ada.\n")
        assert world.run.conclusion == "success"
        world.push({"more.py": "worse = 1  # DEFECT worse high\n"})
        await world.hear(pull, "synchronize")
    assert world.run.title == "1 finding: 1 high"
    assert world.repository.git.blob("feature", BASELINE_FILE) is None


async def test_accepting_commits_the_baseline_where_that_is_granted(
    granted: World, pull: PullRequest
) -> None:
    world = granted
    async with world.app():
        await world.hear(pull)
        await press(world, world.run, "baseline")
        (answer,) = answers(world)
        assert f"The baseline is committed as {pull.head_sha[:10]}." in answer
        await world.hear(pull, "synchronize")
    assert messages(world, pull)[0] == "Accept 3 findings of Rubricate"
    entries = json.loads(content(world, BASELINE_FILE))["findings"]
    assert sorted(entry["path"] for entry in entries) == ["bad.py", "dos.py", "new.py"]
    assert world.run.conclusion == "success"


async def test_accepting_nothing_says_nothing(granted: World) -> None:
    world = granted
    world.github.add_collaborator(world.repository, WRITER, "write")
    pull = world.open({"new.py": "fine = 1\n"})
    before = pull.head_sha
    async with world.app():
        await world.hear(pull)
        await press(world, world.run, "baseline")
    assert (answers(world), pull.head_sha) == ([], before)


@pytest.mark.parametrize("event", ["check_run", "check_suite"])
async def test_a_review_that_is_requested_again_is_a_new_attempt(
    world: World, pull: PullRequest, event: str
) -> None:
    async with world.app():
        await world.hear(pull)
        (first,) = world.github.check_runs
        await world.deliver(event, "rerequested", run=first, sender=WRITER)
        await world.settle()
    assert [run.conclusion for run in world.github.check_runs] == ["failure", "failure"]
    assert len({run.external_id for run in world.github.check_runs}) == 2
    assert len(world.reviews) == 1


async def test_a_button_asks_for_the_review_again(world: World, pull: PullRequest) -> None:
    async with world.app():
        await world.hear(pull)
        await press(world, world.run, "re-run")
    assert len(world.github.check_runs) == 2


async def test_the_run_of_another_is_not_ours(world: World, pull: PullRequest) -> None:
    async with world.app():
        await world.hear(pull)
        run, asked = world.run, len(world.github.requests)
        for foreign in ("", "review/1/1/x", f"review/999/1/{'a' * 40}/{'b' * 40}/c/1", "../" * 60):
            run.external_id = foreign
            await press(world, run, "fix-all")
        assert len(world.github.requests) == asked


# Merge queues


def queue(world: World, pull: PullRequest) -> tuple[str, str, str]:
    """A merge queue's branch for the pull request: its name, what it stands on, and its commit."""
    git = world.repository.git
    base = git.branch("main")
    assert base is not None
    commit = git.merge(base, pull.head_sha, "Merge")
    assert commit is not None
    ref = f"refs/heads/gh-readonly-queue/main/pr-{pull.number}-{base}"
    git.update_ref(ref, commit)
    return ref, base, commit


async def ask(world: World, ref: str, before: str, after: str) -> None:
    await world.deliver(
        "merge_group",
        "checks_requested",
        repository=world.repository,
        ref=ref,
        before=before,
        after=after,
    )
    await world.settle()


async def test_a_merge_queues_commit_gets_a_check_run_and_no_comment(world: World, pull: PullRequest) -> None:
    ref, before, after = queue(world, pull)
    async with world.app():
        await ask(world, ref, before, after)
    (run,) = world.github.check_runs
    assert (run.head_sha, run.status, run.conclusion) == (after, "completed", "failure")
    assert sorted(each.path for each in run.annotations) == ["bad.py", "dos.py", "new.py"]
    assert (world.reviews, world.github.comments) == ([], [])
    assert not [each for each in world.github.requests if each.method == "POST" and "/pulls/" in each.path]


async def test_what_is_ignored_on_the_pull_request_is_ignored_in_the_queue(
    world: World, pull: PullRequest
) -> None:
    async with world.app():
        await world.hear(pull)
        await press(world, world.run, "baseline")
        await ask(world, *queue(world, pull))
    assert (world.run.conclusion, world.run.annotations) == ("success", [])


async def test_the_run_of_a_commit_that_the_queue_has_dropped_is_completed(
    world: World, pull: PullRequest
) -> None:
    ref, before, after = queue(world, pull)
    async with world.app():
        world.repository.git.update_ref(ref, None)
        await ask(world, ref, before, after)
    assert world.run.status == "completed"


async def test_a_merge_queues_review_is_requested_again(world: World, pull: PullRequest) -> None:
    async with world.app():
        await ask(world, *queue(world, pull))
        await world.deliver("check_run", "rerequested", run=world.run, sender=WRITER)
        await world.settle()
    assert [run.conclusion for run in world.github.check_runs] == ["failure", "failure"]
    assert world.reviews == []
