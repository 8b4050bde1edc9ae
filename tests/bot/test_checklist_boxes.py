"""The checklist as a comment: people tick what rules can't judge, and ticks hold while the code stands."""

from __future__ import annotations

import pytest

from bot.github import markers
from bot.github.checklist import abouts, boxes, restored, ticked_by
from bot.github.notes import Notes, Ticked
from checks.model import ChecklistEntry, Place, Verdict
from tests.bot.conftest import World
from tests.bot.people import WRITER, answers, edit, say, tick
from tests.github import Fault, IssueComment, PullRequest

pytestmark = pytest.mark.slow

TITLE = "Queries are optimized"
CODE = "fine = 1\nbad = 2  # DEFECT bad high\n"


@pytest.fixture
def pull(world: World) -> PullRequest:
    for login in (WRITER, "bob"):
        world.github.add_collaborator(world.repository, login, "write")
    return world.open({"new.py": CODE})


async def listed(world: World, pull: PullRequest) -> IssueComment:
    """Our checklist, asked for."""
    await say(world, pull, "/rubricate checklist")
    return world.github.comments[-1]


def line(comment: IssueComment, title: str = TITLE) -> str:
    (found,) = (each for each in comment.body.split("\n") if title in each)
    return found.partition(" <!--")[0]


async def test_the_checklist_has_boxes_for_what_a_person_must_judge(world: World, pull: PullRequest) -> None:
    async with world.app():
        comment = await listed(world, pull)
    assert f"**Checklist at {pull.head_sha[:7]}.**" in comment.body
    assert line(comment) == "- [ ] Queries are optimized, without N\\+1"
    assert line(comment, "Debug mode").startswith("- ❌ Debug mode is off in production:")
    assert len(comment.body) < 20_000


async def test_a_tick_names_the_person_in_the_comment_and_in_the_check(
    world: World, pull: PullRequest
) -> None:
    async with world.app():
        comment = await listed(world, pull)
        await tick(world, comment, TITLE)
        assert line(comment) == "- [x] Queries are optimized, without N\\+1 (ticked by ada)"
        await tick(world, comment, "Caching is used", "bob")
        assert line(comment).endswith("(ticked by ada)")
        assert line(comment, "Caching").endswith("(ticked by bob)")
        await say(world, pull, "/rubricate review")
    assert "Ticked by ada" in (world.run.summary or "")


async def test_a_tick_stays_while_its_code_stands_and_goes_with_it(world: World, pull: PullRequest) -> None:
    async with world.app():
        await world.hear(pull)
        comment = await listed(world, pull)
        await tick(world, comment, TITLE)
        world.github.commit(world.repository, "main", {"elsewhere.py": "there = 2\n"})
        merged = world.repository.git.merge("main", "feature", "Merge main")
        assert merged is not None
        world.repository.git.update_ref("refs/heads/feature", merged)
        world.github.synchronize(world.repository)
        await world.hear(pull, "synchronize")
        assert pull.head_sha[:7] in comment.body
        assert line(comment).endswith("(ticked by ada)")
        world.push({"new.py": CODE + "more = 3\n"})
        await world.hear(pull, "synchronize")
        assert pull.head_sha[:7] in comment.body
        assert line(comment) == "- [ ] Queries are optimized, without N\\+1"
    assert "Ticked by" not in (world.run.summary or "")


async def test_a_tick_can_be_taken_back(world: World, pull: PullRequest) -> None:
    async with world.app():
        comment = await listed(world, pull)
        await tick(world, comment, TITLE)
        await tick(world, comment, TITLE, "bob", mark=" ")
        assert line(comment) == "- [ ] Queries are optimized, without N\\+1"
        await tick(world, comment, TITLE, "bob")
        assert line(comment).endswith("(ticked by bob)")


async def test_there_is_one_checklist_which_is_brought_up_to_date(world: World, pull: PullRequest) -> None:
    async with world.app():
        comment = await listed(world, pull)
        await tick(world, comment, TITLE)
        world.push({"new.py": "fine = 1\n"})
        await say(world, pull, "/rubricate checklist")
    first, second = answers(world)
    assert pull.head_sha[:7] in first
    assert f"#issuecomment-{comment.id}" in second
    assert not markers.is_checklist(second)
    assert line(comment) == "- [ ] Queries are optimized, without N\\+1"


async def test_a_tick_that_comes_with_other_line_ends_counts(world: World, pull: PullRequest) -> None:
    async with world.app():
        comment = await listed(world, pull)
        await edit(
            world, comment, comment.body.replace("- [ ] Queries", "- [x] Queries").replace("\n", "\r\n")
        )
    assert line(comment).endswith("(ticked by ada)")
    assert "\r" not in comment.body


async def test_an_edit_by_who_may_not_write_is_undone(world: World, pull: PullRequest) -> None:
    async with world.app():
        comment = await listed(world, pull)
        await tick(world, comment, TITLE)
        await tick(world, comment, "Caching is used", "stranger")
        await tick(world, comment, TITLE, "stranger", mark=" ")
    assert line(comment).endswith("(ticked by ada)")
    assert line(comment, "Caching").startswith("- [ ] ")


async def test_edits_of_other_comments_and_our_own_edits_cost_no_request(
    world: World, pull: PullRequest
) -> None:
    async with world.app():
        comment = await listed(world, pull)
        theirs = world.github.comment(pull, WRITER, comment.body)
        asked = len(world.github.requests)
        await edit(world, theirs, comment.body.replace("[ ]", "[x]"))
        await edit(world, comment, comment.body, world.github.state.app.bot.login)
        assert len(world.github.requests) == asked


async def test_a_checklist_that_another_bot_copied_is_not_ours(world: World, pull: PullRequest) -> None:
    world.github.state.user("other[bot]", "Bot")
    async with world.app():
        comment = await listed(world, pull)
        copy = world.github.comment(pull, "other[bot]", comment.body)
        await edit(world, copy, comment.body.replace("[ ]", "[x]"))
    assert "ticked by" not in copy.body
    assert not [
        each for each in world.github.requests if each.method == "PATCH" and str(copy.id) in each.path
    ]


@pytest.mark.parametrize("kind", ["cut", "truncate", "reset"])
async def test_a_tick_is_kept_whatever_becomes_of_the_answer(
    world: World, pull: PullRequest, kind: str
) -> None:
    async with world.app():
        comment = await listed(world, pull)
        world.github.faults.add(Fault("PATCH /repos/octo/shop/issues/comments/*", kind))  # type: ignore[arg-type]
        await tick(world, comment, TITLE)
    assert line(comment).endswith("(ticked by ada)")


async def test_a_review_that_fails_is_told(world: World, pull: PullRequest) -> None:
    world.push({"new.py": "x = 1  # FAIL no luck\n"})
    async with world.app():
        await say(world, pull, "/rubricate checklist")
        await say(world, pull, "/rubricate fix")
    assert [text.split("\n")[0] for text in answers(world)] == ["No luck.", "No luck."]


# What a tick is about


def entry(item: str, *paths: str, verdict: Verdict = Verdict.MANUAL) -> ChecklistEntry:
    return ChecklistEntry(item, item, verdict, 0, (), "", tuple(Place(path, 1) for path in paths))


def test_an_item_is_about_the_files_with_its_places_or_else_about_all() -> None:
    entries = [
        entry("testing.coverage"),
        entry("security.csrf", "a.py"),
        entry("x.y", verdict=Verdict.PASS),
    ]
    before = abouts(entries, {"a.py": "1", "b.py": "2"})
    assert set(before) == {"testing.coverage", "security.csrf"}
    after = abouts(entries, {"a.py": "1", "b.py": "3"})
    assert before["security.csrf"] == after["security.csrf"]
    assert before["testing.coverage"] != after["testing.coverage"]
    deleted = abouts(entries, {"a.py": "", "b.py": "2"})
    assert {item for item in before if before[item] == deleted[item]} == set()


def test_boxes_are_read_from_lines_of_ours_alone() -> None:
    about = "0" * 16
    body = (
        f"- [x] A <!-- rubricate:item:security.csrf:{about} -->\r\n"
        f"- [X] B <!-- rubricate:item:security.xss:{about} -->\n"
        f"- [ ] C <!-- rubricate:item:testing.coverage:{about} -->\n"
        "- [x] D\n"
        f"> - [x] E <!-- rubricate:item:security.headers:{about} -->\n\n{markers.checklist()}"
    )
    assert set(boxes(body)) == {"security.csrf", "security.xss"}
    noted = ticked_by(body, "ada")
    assert Notes.of([noted]).ticked == {
        item: Ticked("ada", about) for item in ("security.csrf", "security.xss")
    }
    assert markers.is_checklist(noted)
    assert ticked_by(noted, "bob") == noted
    assert restored(noted) == noted
    assert boxes(restored(noted.replace("[x]", "[ ]"))) == boxes(noted)
