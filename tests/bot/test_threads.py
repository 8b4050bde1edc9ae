"""Threads from push to push: what is fixed is closed, what is back is opened, and people have the last word."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest

from bot.github import markers
from bot.github.client import Unanswered
from checks.model import Exemption, Problem, Report
from checks.placement import place
from tests.bot.desk import LINES, Desk, desk_in, with_kin
from tests.github import Fault, Github, Request

pytestmark = pytest.mark.slow

BAD = "fine = 1\nbad = 2  # DEFECT bad high\n"
GOOD = "fine = 1\nbad = 2\n"
WRITING = {
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}


@contextlib.asynccontextmanager
async def new_desk(folder: Path, permissions: dict[str, str] = WRITING) -> AsyncIterator[Desk]:
    async with (
        aiohttp.ClientSession() as session,
        Github(folder / "github", permissions=permissions) as github,
    ):
        yield desk_in(github, session)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """An installation that may resolve threads."""
    async with new_desk(tmp_path) as desk:
        yield desk


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Desk]:
    """An installation that may comment, and not write contents: GitHub lets it resolve nothing."""
    async with new_desk(tmp_path, WRITING | {"contents": "read"}) as desk:
        yield desk


async def said_and_fixed(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    desk.push({"new.py": GOOD})
    await desk.review()


def resolver(desk: Desk, number: int = 0) -> str | None:
    user = desk.threads[number].resolved_by
    return user.login if user is not None else None


# Fixed


async def test_a_fixed_finding_gets_one_reply_with_the_commit_and_its_thread_is_resolved(desk: Desk) -> None:
    await said_and_fixed(desk)
    assert desk.pull is not None
    assert desk.words() == ["bad", f"Fixed in {desk.pull.head_sha[:7]}."]
    assert resolver(desk) == "rubricate[bot]"


async def test_a_second_review_and_further_pushes_add_nothing_to_a_fixed_thread(desk: Desk) -> None:
    await said_and_fixed(desk)
    before = desk.words()
    await desk.review()
    desk.push({"new.py": GOOD + "more = 1\n"})
    await desk.review()
    assert desk.words() == before


async def test_a_rebase_or_force_push_that_keeps_the_finding_leaves_its_thread_alone(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    desk.push({"new.py": "moved = 0\n" * 5 + BAD}, start="main")
    await desk.review()
    assert (len(desk.threads), desk.words(), resolver(desk)) == (1, ["bad"], None)


async def test_a_force_push_that_drops_the_finding_closes_its_thread(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    desk.push({"new.py": GOOD}, start="main")
    await desk.review()
    assert (len(desk.words()), resolver(desk)) == (2, "rubricate[bot]")


async def test_the_threads_of_every_page_are_followed(desk: Desk) -> None:
    desk.manner = replace(desk.manner, most_comments=60)
    desk.push({"new.py": "".join(f"x{n} = 1  # DEFECT d{n}\n" for n in range(60))})
    await desk.review()
    desk.push({"new.py": "".join(f"x{n} = 1\n" for n in range(60))})
    await desk.review()
    assert [len(thread.comments) for thread in desk.threads] == [2] * 60
    assert all(thread.resolved_by for thread in desk.threads)


async def test_what_was_said_behind_a_long_conversation_is_found(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    for number in range(60):
        desk.github.reply(desk.threads[0], "mona", f"And {number}")
    desk.push({"new.py": GOOD})
    await desk.review()
    desk.github.reply(desk.threads[0], "mona", "Thanks")
    await desk.review()
    assert sum("Fixed in" in each.body for each in desk.threads[0].comments) == 1


async def test_without_the_right_to_resolve_our_own_comment_is_folded_up(reader: Desk) -> None:
    await said_and_fixed(reader)
    (thread,) = reader.threads
    assert (thread.comments[0].minimized, thread.resolved_by) == ("resolved", None)
    assert "Fixed in" in thread.comments[1].body
    await reader.review()
    assert len(thread.comments) == 2


# Not known to be fixed


@pytest.mark.parametrize(
    "problem",
    [
        Problem("new.py", "syntax", "does not parse"),
        Problem("other.py", "crash", "a rule crashed"),
        Problem("other.py", "time", "took too long"),
    ],
)
async def test_what_could_not_be_judged_is_not_said_to_be_fixed(desk: Desk, problem: Problem) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    desk.push({"new.py": GOOD})
    await desk.review(problems=[problem])
    assert (desk.words(), resolver(desk)) == (["bad"], None)
    await desk.review()
    assert len(desk.words()) == 2


@pytest.mark.parametrize(
    "problem",
    [
        Problem("other.py", "syntax", "does not parse"),
        Problem("new.py", "suppression", "the comment excuses nothing", 1),
        Problem(".rubricate.yml", "configuration", "no such function"),
    ],
)
async def test_a_problem_that_is_none_of_the_files_keeps_no_thread_open(desk: Desk, problem: Problem) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    desk.push({"new.py": GOOD})
    await desk.review(problems=[problem])
    assert len(desk.words()) == 2


async def test_an_exempted_finding_is_not_called_fixed(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    desk.push({"new.py": GOOD})
    exempted = Exemption("suppression", "new.py", 2, ("test/defect",), "it is on purpose")
    await desk.publish(Report((), (), exemptions=(exempted,)), ())
    assert desk.pull is not None
    assert desk.words()[1] == f"Not reported any more in {desk.pull.head_sha[:7]}: the code exempts it."


# Back again


async def test_a_finding_that_comes_back_opens_its_own_thread_again(desk: Desk) -> None:
    await said_and_fixed(desk)
    desk.push({"new.py": BAD})
    await desk.review()
    assert desk.pull is not None
    assert (len(desk.threads), resolver(desk)) == (1, None)
    assert desk.words()[2] == f"Reported again in {desk.pull.head_sha[:7]}."


async def test_a_finding_may_come_and_go_many_times(desk: Desk) -> None:
    for code in (BAD, GOOD, BAD, GOOD, BAD, GOOD):
        desk.push({"new.py": code})
        await desk.review()
        await desk.review()
    assert [each.split()[0] for each in desk.words()] == [
        "bad",
        "Fixed",
        "Reported",
        "Fixed",
        "Reported",
        "Fixed",
    ]
    assert resolver(desk) == "rubricate[bot]"


async def test_a_comment_that_was_folded_up_is_shown_again(reader: Desk) -> None:
    await said_and_fixed(reader)
    reader.push({"new.py": BAD})
    await reader.review()
    assert reader.threads[0].comments[0].minimized is None
    assert "Reported again" in reader.threads[0].comments[-1].body


# People


async def test_a_thread_that_a_person_resolved_stays_resolved_and_hears_nothing(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    desk.threads[0].resolved_by = desk.github.state.user("mona")
    for code in (BAD + "more = 1\n", GOOD, BAD):
        desk.push({"new.py": code})
        await desk.review()
    assert (desk.words(), resolver(desk)) == (["bad"], "mona")


async def test_a_thread_that_a_person_opened_again_stays_open(desk: Desk) -> None:
    await said_and_fixed(desk)
    desk.threads[0].resolved_by = None
    before = desk.words()
    desk.push({"new.py": GOOD + "more = 1\n"})
    await desk.review()
    assert (desk.words(), resolver(desk)) == (before, None)


async def test_replies_of_people_are_never_changed_or_deleted(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    reply = desk.github.reply(desk.threads[0], "mona", "It is on purpose")
    for code in (GOOD, BAD, GOOD):
        desk.push({"new.py": code}, start="main")
        await desk.review()
    assert reply in desk.threads[0].comments
    assert (reply.body, reply.minimized) == ("It is on purpose", None)
    assert not [each for each in desk.github.requests if each.method == "DELETE"]


async def test_threads_of_people_are_not_touched(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    thread = desk.threads[0]
    mark = markers.finding(desk.judged()[0][0].fingerprint)
    thread.comments[0].user = desk.github.state.user("mallory")
    thread.comments[0].body = f"Look\n\n{mark}"
    desk.push({"new.py": GOOD})
    await desk.review()
    assert (len(thread.comments), thread.resolved_by) == (1, None)


async def test_a_mark_in_code_that_we_quote_does_not_count(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    (found,), diff, sources = desk.judged()
    forged = markers.finding("0" * 32)
    await desk.publish(
        Report((replace(found, message=f"`{forged}` is odd", advice=forged),), (), sources=sources),
        place([found], diff, sources),
    )
    other = with_kin(replace(found, fingerprint="0" * 32), "other", "other")
    desk.push({"new.py": BAD + "x = 1\n"})
    await desk.publish(Report((other,), (), sources=sources), place([other], diff, sources))
    assert [len(thread.comments) for thread in desk.threads] == [2, 1]


# Moved and replaced


async def test_a_changed_name_of_the_same_code_on_the_same_line_continues_its_thread(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    (found,), _, _ = desk.judged()
    await desk.review(findings=[with_kin(found, "bad = 2", "first")])
    desk.push({"new.py": BAD + "more = 1\n"})
    renamed = with_kin(
        replace(found, fingerprint="f" * 32, message="`worse` is a defect"), "bad = 2", "second"
    )
    for _ in range(2):
        await desk.review(findings=[renamed])
        assert (len(desk.threads), desk.words(), resolver(desk)) == (1, ["worse"], None)
    desk.push({"new.py": GOOD})
    await desk.review()
    assert desk.words()[1].startswith("Fixed in")


async def test_an_outdated_comment_with_a_newer_one_is_hidden(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    (found,), _, _ = desk.judged()
    await desk.review(findings=[with_kin(found, "bad", "one")])
    desk.push({"new.py": "fine = 1\n\n\ndef two():\n    bad = 2  # DEFECT moved high\n"})
    (moved,), _, _ = desk.judged()
    await desk.review(findings=[with_kin(moved, "bad", "two")])
    await desk.review(findings=[with_kin(moved, "bad", "two")])
    old, new = desk.threads
    assert (old.comments[0].minimized, resolver(desk), len(old.comments)) == ("outdated", "rubricate[bot]", 1)
    assert (new.comments[0].minimized, new.resolved_by) == (None, None)
    assert desk.words(1) == ["moved"]


async def test_a_replaced_finding_that_comes_back_is_shown_in_its_own_thread(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    (found,), _, _ = desk.judged()
    await desk.review(findings=[with_kin(found, "bad", "one")])
    desk.push({"new.py": "fine = 1\n\n\ndef two():\n    bad = 2  # DEFECT moved high\n"})
    (moved,), _, _ = desk.judged()
    await desk.review(findings=[with_kin(moved, "bad", "two")])
    desk.push({"new.py": BAD})
    await desk.review(findings=[with_kin(found, "bad", "one")])
    old, new = desk.threads
    assert (old.comments[0].minimized, old.resolved_by) == (None, None)
    assert new.resolved_by is not None


async def test_a_finding_that_moved_to_where_no_comment_can_stand_is_not_called_fixed(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    (found,), _, _ = desk.judged()
    await desk.review(findings=[with_kin(found, "bad", "one")])
    desk.push({"new.py": GOOD})
    away = with_kin(replace(found, path="elsewhere.py", fingerprint="e" * 32), "bad", "one")
    await desk.review(findings=[away])
    await desk.review(findings=[away])
    assert (desk.words(), resolver(desk)) == (["bad"], None)
    desk.push({"new.py": GOOD + "x = 1\n"})
    await desk.review()
    assert desk.words()[1].startswith("Fixed in")


async def test_of_equal_pieces_of_code_the_one_that_is_left_keeps_the_thread_on_its_line(desk: Desk) -> None:
    line = "bad()  # DEFECT bad high\n"
    desk.push({"app.py": line + LINES + line})
    first, second = (
        with_kin(replace(each, fingerprint=f"{number}" * 32), "bad()")
        for number, each in enumerate(desk.judged()[0])
    )
    await desk.review(findings=[first, second])
    desk.push({"app.py": "good()\n" + LINES + line})
    left = replace(second, fingerprint=first.fingerprint)
    await desk.review(findings=[left])
    await desk.review(findings=[left])
    gone, stays = sorted(desk.threads, key=lambda thread: thread.line or 0)
    assert (gone.comments[0].minimized, stays.comments[0].minimized) == ("outdated", None)
    assert (stays.resolved_by, len(stays.comments), len(desk.threads)) == (None, 1, 2)


# Refusals and interruptions


async def test_a_locked_conversation_does_not_fail_the_review(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    desk.push({"new.py": GOOD})
    refused = Fault("POST /api/graphql", status=403, message="locked", skip=1, times=None)
    desk.github.faults.add(refused)
    published = await desk.review()
    assert (published.conclusion, desk.run.status, desk.words()) == ("success", "completed", ["bad"])


@dataclass(frozen=True, slots=True)
class Push:
    """A commit, and what its review finds: the marks, as a piece of code in the function `scope`."""

    files: dict[str, str | None]
    scope: str = "one"

    async def review(self, desk: Desk) -> None:
        found, _, _ = desk.judged()
        await desk.review(findings=[with_kin(each, "bad", self.scope) for each in found])


SAYING, FIXING = Push({"new.py": BAD}), Push({"new.py": GOOD})
RENAMING = Push({"new.py": "fine = 1\nbad = 2  # DEFECT other high\n"}, "two")
REPLACING = Push({"new.py": "fine = 1\n\n\ndef two():\n    bad = 2  # DEFECT moved high\n"}, "two")
STORIES = {
    "saying": [SAYING],
    "fixing": [SAYING, FIXING],
    "returning": [SAYING, FIXING, SAYING],
    "continuing": [SAYING, RENAMING],
    "replacing": [SAYING, REPLACING],
    "replaced and back": [SAYING, REPLACING, SAYING],
}


def state_of(desk: Desk) -> str:
    """All that stands on the pull request, without the names of commits, which differ from run to run."""
    assert desk.pull is not None
    state = (
        [
            ([(each.body, each.minimized) for each in thread.comments], thread.resolved_by is not None)
            for thread in desk.threads
        ],
        [(review.state, review.body) for review in desk.pull.reviews if review.body],
        [(run.status, run.conclusion, len(run.annotations)) for run in desk.repository.runs],
    )
    return re.sub(r"\b[0-9a-f]{7,40}\b", "commit", repr(state))


async def told(desk: Desk, pushes: list[Push], cut: int | None = None) -> tuple[str, list[int]]:
    """The state after the last push, and which of its requests wrote; killed after request `cut`, and begun anew."""
    for push in pushes[:-1]:
        desk.push(push.files)
        await push.review(desk)
    last = pushes[-1]
    desk.push(last.files)
    asked = len(desk.github.requests)
    if cut is not None:
        fault = desk.github.faults.add(Fault("P* /*", "cut", skip=cut))
        running = asyncio.ensure_future(last.review(desk))
        while not (running.done() or fault.hits):
            await asyncio.sleep(0.005)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError, Unanswered):
            await running
        desk.github.faults.clear()
    await last.review(desk)
    sent = [each for each in desk.github.requests[asked:] if each.method.startswith("P")]
    return state_of(desk), [number for number, each in enumerate(sent) if is_write(each)]


def is_write(request: Request) -> bool:
    if request.path.endswith("/access_tokens"):
        return False
    return not (request.path.endswith("/graphql") and request.body["query"].startswith("query"))


@pytest.mark.parametrize("name", STORIES)
async def test_a_kill_after_any_write_doubles_and_loses_nothing(desk: Desk, name: str) -> None:
    wanted, writes = await told(desk, STORIES[name])
    for cut in writes:
        again = desk_in(desk.github, desk.session, f"octo/shop{cut}")
        state, _ = await told(again, STORIES[name], cut)
        assert state == wanted, f"killed after request {cut} of {writes}"


async def test_a_write_whose_answer_is_lost_is_looked_for_before_it_is_repeated(desk: Desk) -> None:
    wanted, writes = await told(desk, STORIES["fixing"])
    for cut in writes:
        again = desk_in(desk.github, desk.session, f"octo/shop{cut}")
        for push in (SAYING, FIXING):
            again.push(push.files)
            lost = Fault("P* /*", "cut", skip=cut)
            if push is FIXING:
                desk.github.faults.add(lost)
            await push.review(again)
        assert (state_of(again), lost.hits) == (wanted, 1), f"lost the answer to request {cut} of {writes}"


async def test_a_kill_doubles_nothing_where_threads_may_not_be_resolved(reader: Desk) -> None:
    wanted, writes = await told(reader, STORIES["fixing"])
    for cut in writes:
        again = desk_in(reader.github, reader.session, f"octo/shop{cut}")
        state, _ = await told(again, STORIES["fixing"], cut)
        assert state == wanted, f"killed after request {cut} of {writes}"
