"""Commands in comments: who may give them, what each does, and that each is answered once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.commanding import deeds
from bot.commanding.parse import NAMES
from tests.bot.conftest import World
from tests.bot.people import WRITER, answers, hear, reactions, reply, say
from tests.github import Fault, PullRequest

pytestmark = pytest.mark.slow

BAD = "fine = 1\nbad = 2  # DEFECT bad high\n"
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "commands.md"


@pytest.fixture
def pull(world: World) -> PullRequest:
    world.github.add_collaborator(world.repository, WRITER, "write")
    for login, permission in (("mia", "maintain"), ("tom", "triage"), ("rob", "read")):
        world.github.add_collaborator(world.repository, login, permission)
    return world.open({"new.py": BAD})


async def test_review_reviews_again_though_there_was_a_review(world: World, pull: PullRequest) -> None:
    async with world.app():
        await world.hear(pull)
        comment = await say(world, pull, "Please\r\n/rubricate review")
    assert [run.conclusion for run in world.github.check_runs] == ["failure", "failure"]
    assert (len(world.reviews), world.said()) == (1, ["bad"])
    assert reactions(comment) == ["eyes"]
    (answer,) = answers(world)
    assert answer.startswith(f"Reviewing {pull.head_sha[:7]}.\n")


async def test_review_reviews_a_draft(world: World, pull: PullRequest) -> None:
    pull.draft = True
    async with world.app():
        await world.hear(pull)
        assert world.reviews == []
        await say(world, pull, "/rubricate review")
    assert world.said() == ["bad"]


@pytest.mark.parametrize("login", ["mia", "octo"])
async def test_maintainers_and_owners_may_command(world: World, pull: PullRequest, login: str) -> None:
    async with world.app():
        comment = await say(world, pull, "/rubricate pause", login)
    assert (len(answers(world)), reactions(comment)) == (1, ["+1"])


@pytest.mark.parametrize("login", ["tom", "rob", "stranger", "mona"])
async def test_who_may_not_write_gets_a_reaction_and_nothing_else(
    world: World, pull: PullRequest, login: str
) -> None:
    commands = "\n".join(f"/rubricate {name} this" for name in NAMES)
    async with world.app():
        await world.hear(pull)
        comment = await say(world, pull, commands, login)
        answer = await reply(world, world.github.threads[0], "/rubricate ignore this", login)
    assert answers(world) == []
    assert (reactions(comment), reactions(answer)) == (["confused"], ["confused"])
    assert len(world.github.check_runs) == 1
    assert world.github.threads[0].resolved_by is None
    assert len(world.github.threads[0].comments) == 2


async def test_bots_and_our_own_comments_command_nothing(world: World, pull: PullRequest) -> None:
    bot = world.github.state.user("other[bot]", "Bot")
    world.github.add_collaborator(world.repository, bot.login, "admin")
    ours = world.github.state.app.bot.login
    world.github.add_collaborator(world.repository, ours, "admin")
    async with world.app():
        for login in (bot.login, ours):
            comment = await say(world, pull, "/rubricate review", login)
            assert reactions(comment) == []
    assert world.github.check_runs == []


async def test_a_comment_without_a_command_costs_no_request(world: World, pull: PullRequest) -> None:
    async with world.app():
        asked = len(world.github.requests)
        await say(world, pull, "> /rubricate review\n\nI would not say /rubricate review here")
        assert len(world.github.requests) == asked


async def test_a_comment_on_an_issue_is_not_ours(world: World, pull: PullRequest) -> None:
    comment = world.github.comment(pull, WRITER, "/rubricate review")
    payload = world.github.payload("issue_comment", "created", comment=comment, sender=WRITER)
    del payload["issue"]["pull_request"]
    async with world.app():
        await world.github.deliver("issue_comment", payload, url=f"{world.url}/webhooks/github")
        await world.settle()
    assert (reactions(comment), answers(world)) == ([], [])


async def test_several_commands_are_answered_in_one_comment(world: World, pull: PullRequest) -> None:
    async with world.app():
        comment = await say(world, pull, "/rubricate pause\n/rubricate dance\n/rubricate resume")
    (answer,) = answers(world)
    places = [answer.index(text) for text in ("Paused:", "There is no command `dance`", "Resumed.")]
    assert places == sorted(places)
    assert reactions(comment) == ["confused"]
    assert world.said() == ["bad"]


async def test_an_unknown_command_gets_a_short_hint(world: World, pull: PullRequest) -> None:
    async with world.app():
        await say(world, pull, "/rubricate")
        await say(world, pull, "/rubricate @octo/team<b>`")
    assert [text.split("\n")[0] for text in answers(world)] == [
        "Comment `/rubricate help` for those that there are.",
        "There is no command `` @octo/team<b>` ``. Comment `/rubricate help` for those that there are.",
    ]


async def test_help_names_every_command(world: World, pull: PullRequest) -> None:
    async with world.app():
        comment = await say(world, pull, "/rubricate help")
    (answer,) = answers(world)
    assert [name for name in NAMES if name not in answer] == ["help"]
    assert reactions(comment) == ["+1"]


def test_every_command_is_documented() -> None:
    text = DOCUMENTATION.read_text()
    assert [name for name in NAMES if f"`/rubricate {name}" not in text] == []


# Ignoring


async def test_a_finding_is_ignored_in_its_thread_by_whom_and_why(world: World, pull: PullRequest) -> None:
    async with world.app():
        await world.hear(pull)
        (thread,) = world.github.threads
        comment = await reply(world, thread, "/rubricate ignore this it is a test key")
        assert thread.comments[-1].body.startswith("Ignored, for ada: it is a test key.\n")
        assert reactions(comment) == ["+1"]
        assert thread.comments[0].minimized == "resolved"
        assert world.run.conclusion == "success"
        assert "it is a test key" in (world.run.summary or "")
        world.push({"new.py": BAD + "more = 3\n"})
        await world.hear(pull, "synchronize")
    assert world.run.conclusion == "success"
    assert (len(thread.comments), len([each for each in world.reviews if each.body])) == (3, 1)


async def test_with_write_access_the_thread_of_an_ignored_finding_is_resolved(
    world: World, pull: PullRequest
) -> None:
    granted(world)
    async with world.app():
        await world.hear(pull)
        (thread,) = world.github.threads
        await reply(world, thread, "/rubricate ignore this")
    assert thread.resolved_by is world.github.state.app.bot
    assert thread.comments[-1].body.startswith("Ignored, for ada.\n")


def granted(world: World) -> None:
    """The installation may write contents."""
    assert world.repository.installation is not None
    world.repository.installation.permissions["contents"] = "write"


async def test_this_is_the_finding_of_a_thread_and_of_nothing_else(world: World, pull: PullRequest) -> None:
    async with world.app():
        await world.hear(pull)
        comment = await say(world, pull, "/rubricate ignore this")
        assert "reply in the thread of one" in answers(world)[-1]
        assert reactions(comment) == ["confused"]
    assert world.run.conclusion == "failure"


async def test_while_paused_a_decision_waits_for_the_next_review(world: World, pull: PullRequest) -> None:
    async with world.app():
        await world.hear(pull)
        await say(world, pull, "/rubricate pause")
        world.push({"new.py": BAD + "worse = 3  # DEFECT worse\n"})
        await world.hear(pull, "synchronize")
        await reply(world, world.github.threads[0], "/rubricate ignore this")
        assert (world.said(), world.run.conclusion) == (["bad"], "skipped")
        await say(world, pull, "/rubricate resume")
    assert (world.said(), world.run.conclusion) == (["bad", "worse"], "neutral")


async def test_a_rule_is_ignored_on_this_pull_request(world: World, pull: PullRequest) -> None:
    pull = world.open({"s.py": "# RULE security/weak-hash\n"}, branch="other")
    async with world.app():
        await world.hear(pull)
        assert world.run.conclusion == "failure"
        await say(world, pull, "/rubricate ignore weak-hash checksums only")
        assert answers(world)[-1].startswith(
            "Ignoring `security/weak-hash` on this pull request, for ada: checksums only.\n"
        )
        assert world.run.conclusion == "success"
        other = world.open({"t.py": "# RULE security/weak-hash\n"}, branch="third")
        await world.hear(other)
        assert world.run.conclusion == "failure"


async def test_a_rule_that_is_not_there_is_not_ignored(world: World, pull: PullRequest) -> None:
    async with world.app():
        for body in ("ignore", "ignore security/weak-hsh", "ignore security/*"):
            comment = await say(world, pull, f"/rubricate {body}")
            assert reactions(comment) == ["confused"]
    assert "Did you mean `security/weak-hash`?" in answers(world)[1]
    assert world.github.check_runs == []


INJECTED = (
    "@octo/team #1 <img src=x> [a](http://x) ![b](http://y) `c` --> <!-- rubricate:note:paused -->\u202e"
)


async def test_a_reason_is_echoed_as_plain_text_that_mentions_nobody(world: World, pull: PullRequest) -> None:
    async with world.app():
        await world.hear(pull)
        (thread,) = world.github.threads
        await reply(world, thread, f"/rubricate ignore this {INJECTED}")
        shown = thread.comments[-1].body.split("\n\n<!-- rubricate:answer")[0]
        assert "octo/team" in shown
        assert not re.findall(r"@octo|#1|(?<!\\)[<`\[(]|://x|\u202e", shown)
        world.push({"new.py": BAD + "more = 3\n"})
        await world.hear(pull, "synchronize")
    assert world.run.conclusion == "success"  # not paused
    assert not re.findall(r"@octo|(?<!\\)<(img|!--)|\]\(http://x", world.run.summary or "")


async def test_the_longest_comment_is_read(world: World, pull: PullRequest) -> None:
    body = "/rubricate ignore security/weak-hash " + "@team " * 10_000
    async with world.app():
        comment = await say(world, pull, (body + "\n/rubricate review\n" * 10)[:65_536])
    (answer,) = answers(world)
    assert len(answer) < 3_000
    assert reactions(comment) == ["eyes"]


# Explaining


async def test_explain_tells_a_rule_in_short(world: World, pull: PullRequest) -> None:
    async with world.app():
        await say(world, pull, "/rubricate explain Security/Weak-Hash")
        await say(world, pull, "/rubricate explain weak-hash")
        comment = await say(world, pull, "/rubricate explain weak-hsh")
    first, second, third = answers(world)
    assert first.startswith("**`security/weak-hash`**")
    assert "rules/security/weak-hash" in first
    assert len(first) < 3_500
    assert second.split("<!--")[0] == first.split("<!--")[0]
    assert third.startswith("There is no rule `weak-hsh`. Did you mean")
    assert reactions(comment) == ["confused"]


# Pausing


async def test_while_paused_pushes_are_not_reviewed_and_the_check_says_so(
    world: World, pull: PullRequest
) -> None:
    async with world.app():
        await say(world, pull, "/rubricate pause")
        await world.hear(pull)
        assert (world.run.status, world.run.conclusion) == ("completed", "skipped")
        assert "paused" in (world.run.summary or "")
        assert world.reviews == []
        await say(world, pull, "/rubricate review")
        assert (world.said(), world.run.conclusion) == (["bad"], "failure")
        world.push({"new.py": BAD + "worse = 3  # DEFECT worse\n"})
        await world.hear(pull, "synchronize")
        assert (world.said(), world.run.conclusion) == (["bad"], "skipped")
        await say(world, pull, "/rubricate resume")
    assert (world.said(), world.run.conclusion) == (["bad", "worse"], "failure")


async def test_a_pause_outlives_the_database(world: World, pull: PullRequest) -> None:
    async with world.app():
        await say(world, pull, "/rubricate pause")
    for file in world.config.data_dir.glob("jobs.sqlite3*"):
        file.unlink()
    async with world.app():
        await world.hear(pull)
    assert world.run.conclusion == "skipped"


async def test_a_stranger_cannot_pause_with_our_marks(world: World, pull: PullRequest) -> None:
    async with world.app():
        await say(world, pull, "/rubricate pause")
        await say(world, pull, "/rubricate resume")
        (paused, _) = answers(world)
        world.github.comment(pull, "stranger", paused)
        world.push({"new.py": BAD + "worse = 3  # DEFECT worse\n"})
        await world.hear(pull, "synchronize")
    assert world.said() == ["bad", "worse"]


# Once and only once


async def test_a_redelivery_answers_nothing_again(world: World, pull: PullRequest) -> None:
    async with world.app():
        comment = await say(world, pull, "/rubricate review")
        runs = len(world.github.check_runs)
        await world.github.redeliver(world.github.deliveries[-1])
        await world.settle()
        await hear(world, comment)
    assert (len(answers(world)), len(world.github.check_runs)) == (1, runs)


@pytest.mark.parametrize(
    "fault",
    [Fault("POST *", "cut"), Fault("POST *", "truncate"), Fault("POST *", status=503, applied=True)],
    ids=["cut", "truncated", "5xx"],
)
async def test_a_command_is_carried_out_once_whatever_becomes_of_the_answer(
    world: World, pull: PullRequest, fault: Fault
) -> None:
    places = (
        "/repos/octo/shop/issues/1/comments",
        "/repos/octo/shop/issues/comments/*/reactions",
        "/app/installations/*",
    )
    for place in places:
        world.github.faults.add(
            Fault(f"POST {place}", fault.kind, status=fault.status, applied=fault.applied)
        )
    async with world.app():
        comment = await say(world, pull, "/rubricate review\n/rubricate pause")
    assert (len(answers(world)), reactions(comment)) == (1, ["eyes"])
    assert world.said() == ["bad"]
    assert len(world.github.check_runs) == 1


async def test_a_comment_that_was_deleted_meanwhile_ends_quietly(world: World, pull: PullRequest) -> None:
    comment = world.github.comment(pull, WRITER, "/rubricate review")
    payload = world.github.payload("issue_comment", "created", comment=comment, sender=WRITER)
    pull.comments.remove(comment)
    async with world.app():
        await world.github.deliver("issue_comment", payload, url=f"{world.url}/webhooks/github")
        await world.settle()
    assert (answers(world), world.github.check_runs) == ([], [])


async def test_on_a_closed_pull_request_only_words_are_to_be_had(world: World, pull: PullRequest) -> None:
    world.github.close_pull_request(pull)
    async with world.app():
        comment = await say(world, pull, "/rubricate review")
        await say(world, pull, "/rubricate help")
    closed, told = answers(world)
    assert closed.startswith("The pull request is closed.\n")
    assert told.startswith("| Command |")
    assert (reactions(comment), world.github.check_runs) == (["confused"], [])


async def test_an_installation_that_may_not_comment_reviews_all_the_same(
    world: World, pull: PullRequest
) -> None:
    assert world.repository.installation is not None
    for name in ("pull_requests", "issues"):
        world.repository.installation.permissions[name] = "read"
    async with world.app():
        await say(world, pull, "/rubricate review")
    assert (answers(world), world.run.conclusion) == ([], "failure")


async def test_who_asked_learns_that_it_was_not_done(
    world: World, pull: PullRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*given: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setitem(deeds.__dict__, "carry_out", broken)
    async with world.app():
        comment = await say(world, pull, "/rubricate review")
    assert (reactions(comment), answers(world)) == (["confused"], [])
