"""How findings are said: how many, which, with what force, and when nothing is said at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import aiohttp
import pytest

from bot.github import markers
from bot.github.manner import Capabilities, Manner
from bot.github.plan import causes
from checks.model import (
    Confidence,
    DeletedLine,
    Edit,
    Finding,
    Fix,
    Problem,
    Report,
    Severity,
    Span,
    Step,
)
from checks.placement import place
from tests.bot.desk import Desk, desk_in
from tests.github import Fault, Github, reviews

BAD = "bad = 1  # DEFECT bad high\n"
GOOD = "bad = 1\n"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with aiohttp.ClientSession() as session, Github(tmp_path / "github") as github:
        yield desk_in(github, session)


def blocking(desk: Desk) -> None:
    desk.manner = replace(desk.manner, review_event="request-changes")


def states(desk: Desk) -> list[str]:
    return [review.state for review in desk.github.reviews if review.body]


# How many, and which


async def test_the_number_of_comments_is_chosen_and_the_worst_and_surest_come_first(desk: Desk) -> None:
    desk.manner = Manner(most_comments=2)
    names = ["a low", "b high", "c critical", "d high"]
    desk.push({"new.py": "".join(f"x{n} = 1  # DEFECT {name}\n" for n, name in enumerate(names))})
    found, _, _ = desk.judged()
    unsure = [replace(each, confidence=Confidence.MEDIUM) if each.span.line == 2 else each for each in found]
    published = await desk.review(findings=unsure)
    assert [desk.words(number) for number in range(2)] == [["c"], ["d"]]
    assert (published.comments, [each.start_line for each in desk.run.annotations]) == (2, [2, 1])
    assert "2 more stand in the check's annotations." in desk.github.reviews[0].body
    assert "2 findings stand in this check's annotations" in (desk.run.summary or "")


async def test_what_was_left_to_the_check_is_not_said_on_the_next_push(desk: Desk) -> None:
    desk.manner = Manner(most_comments=1)
    desk.push({"new.py": "a = 1  # DEFECT a\nb = 1  # DEFECT b\n"})
    await desk.review()
    desk.push({"other.py": "fine = 1\n"})
    await desk.review()
    assert (len(desk.threads), [each.start_line for each in desk.run.annotations]) == (1, [2])


@pytest.mark.parametrize(
    ("who", "at", "says"),
    [
        ("github-actions[bot]", "here", 0),
        ("github-actions[bot]", "another commit", 1),
        ("github-actions[bot]", "quoted", 1),
        ("mona", "here", 1),
        ("coverage[bot]", "here", 1),
    ],
)
async def test_one_of_action_and_app_is_enough_and_nobody_else_silences_it(
    desk: Desk, who: str, at: str, says: int
) -> None:
    desk.push({"new.py": BAD})
    pull = desk.pull
    assert pull is not None
    mark = markers.review("0" * 40 if at == "another commit" else pull.head_sha, pull.base_sha)
    body = f"1 new finding.\n\n{mark}" + ("\n\nis what it says" if at == "quoted" else "")
    state = desk.github.state
    user = state.user(who, "Bot" if "[" in who else "User")
    reviews.create_review(state, pull, user, body=body, event="COMMENT", commit=None, drafts=())
    await desk.review()
    assert len(desk.threads) == says
    assert (desk.run.conclusion, len(desk.run.annotations)) == ("failure", 1 - says)


async def test_what_a_repeated_review_finds_in_addition_goes_to_the_check(desk: Desk) -> None:
    desk.push({"new.py": "a = 1  # DEFECT a\nb = 1  # DEFECT b\n"})
    found = desk.judged()[0]
    await desk.review(findings=found[:1])
    desk.repository.runs.clear()  # as after a click on "Re-run", which makes a run of its own
    await desk.review(findings=found)
    assert (len(desk.threads), [each.start_line for each in desk.run.annotations]) == (1, [2])


async def test_findings_of_one_cause_share_a_comment_that_names_the_other_places(desk: Desk) -> None:
    desk.push({"new.py": "a = 1  # DEFECT a\nb = 1  # DEFECT b\nc = 1  # DEFECT c\n"})
    end = Step("elsewhere.py", 7, "it does harm here")
    found = [replace(each, trace=(end,)) if each.span.line != 2 else each for each in desk.judged()[0]]
    await desk.review(findings=found)
    first, _ = desk.threads
    assert "The same cause shows in:\n\n- `new.py:3`: `c` is a defect" in first.comments[0].body
    assert desk.words(1) == ["b"]
    assert desk.run.annotations == []


async def test_a_shared_comment_is_closed_once_all_its_findings_are_gone(desk: Desk) -> None:
    def found() -> list[Finding]:
        return [replace(each, trace=(Step("elsewhere.py", 7, "here"),)) for each in desk.judged()[0]]

    desk.push({"new.py": "a = 1  # DEFECT a\nb = 1  # DEFECT b\n"})
    await desk.review(findings=found())
    desk.push({"new.py": "a = 1\nb = 1  # DEFECT b\n"})
    await desk.review(findings=found())
    assert desk.words() == ["a"]
    desk.push({"new.py": "a = 1\nb = 1\n"})
    await desk.review(findings=found())
    assert len(desk.words()) == 2


async def test_a_further_place_of_a_cause_that_was_said_is_left_to_the_check(desk: Desk) -> None:
    def found() -> list[Finding]:
        return [replace(each, trace=(Step("elsewhere.py", 7, "here"),)) for each in desk.judged()[0]]

    desk.push({"new.py": "a = 1  # DEFECT a\n"})
    await desk.review(findings=found())
    desk.push({"new.py": "a = 1  # DEFECT a\nb = 1  # DEFECT b\n"})
    await desk.review(findings=found())
    assert (len(desk.threads), [each.start_line for each in desk.run.annotations]) == (1, [2])


def finding(line: int, **more: object) -> Finding:
    given: dict[str, object] = {
        "rule": "test/rule",
        "checklist": "security.csrf",
        "severity": Severity.HIGH,
        "confidence": Confidence.HIGH,
        "cwe": None,
        "path": "a.py",
        "span": Span(line, 1, line, 5),
        "message": "a defect",
        "fingerprint": f"f{line}",
    }
    return Finding(**given | more)  # type: ignore[arg-type]


FIX = Fix("Do it", True, (Edit("a.py", 9, 9, "x\n"),))


@pytest.mark.parametrize(
    ("shared", "alone"),
    [
        ({"fix": FIX}, {"fix": replace(FIX, edits=(Edit("a.py", 8, 8, "x\n"),))}),
        ({"caused_by": DeletedLine("a.py", 4)}, {"caused_by": DeletedLine("b.py", 4)}),
        ({"trace": (Step("b.py", 1, "one"), Step("c.py", 2, "two"))}, {"trace": (Step("b.py", 1, "one"),)}),
        ({"fix": FIX}, {"fix": FIX, "rule": "test/other"}),
    ],
)
def test_one_cause_is_one_rule_with_one_edit_one_deleted_line_or_one_end(
    shared: dict[str, object], alone: dict[str, object]
) -> None:
    found = [finding(1, **shared), finding(2, **alone), finding(3, **shared)]
    groups = [[each.span.line for each in group] for group in causes(found)]
    assert groups == [[1, 3], [2]]


def test_the_same_advice_is_no_common_cause() -> None:
    assert len(causes([finding(line, fix=Fix("Advice", True)) for line in (1, 2)])) == 2


# Quiet


async def test_below_the_bar_for_comments_a_finding_is_an_annotation_and_nothing_is_said(desk: Desk) -> None:
    desk.manner = Manner(severity=Severity.HIGH)
    desk.push({"new.py": "a = 1  # DEFECT a medium\n"})
    await desk.review(gate=Severity.MEDIUM)
    assert (desk.github.reviews, desk.run.conclusion) == ([], "failure")
    assert [each.start_line for each in desk.run.annotations] == [1]


async def test_the_bar_asks_for_confidence_too(desk: Desk) -> None:
    desk.manner = Manner(confidence=Confidence.HIGH)
    desk.push({"new.py": "a = 1  # DEFECT a\nb = 1  # DEFECT b\n"})
    first, second = desk.judged()[0]
    await desk.review(findings=[replace(first, confidence=Confidence.MEDIUM), second])
    assert [desk.words(0)] == [["b"]]


async def test_a_lower_bar_lets_a_later_push_speak_of_what_was_below(desk: Desk) -> None:
    desk.manner = Manner(severity=Severity.HIGH)
    desk.push({"new.py": "a = 1  # DEFECT a medium\n"})
    await desk.review()
    desk.manner = Manner()
    desk.push({"other.py": "fine = 1\n"})
    await desk.review()
    assert desk.words() == ["a"]


async def test_nothing_to_say_is_not_said(desk: Desk) -> None:
    desk.push({"new.py": "fine = 1\n"})
    blocking(desk)
    await desk.review()
    assert (desk.github.reviews, desk.github.comments, desk.run.conclusion) == ([], [], "success")


# Force


async def test_a_review_blocks_the_merge_only_where_that_is_wanted_and_the_gate_is_reached(
    desk: Desk,
) -> None:
    blocking(desk)
    desk.push({"new.py": "a = 1  # DEFECT a low\n"})
    await desk.review()
    assert states(desk) == ["COMMENTED"]
    desk.push({"new.py": "a = 1  # DEFECT a low\n" + BAD})
    await desk.review()
    assert states(desk) == ["COMMENTED", "CHANGES_REQUESTED"]


async def test_our_request_is_dismissed_once_nothing_that_reaches_the_gate_stands(desk: Desk) -> None:
    blocking(desk)
    desk.push({"new.py": BAD + "a = 1  # DEFECT a low\n"})
    await desk.review()
    desk.push({"new.py": BAD})
    await desk.review()
    assert states(desk) == ["CHANGES_REQUESTED"]
    desk.push({"new.py": GOOD + "a = 1  # DEFECT a low\n"})
    for _ in range(2):
        await desk.review()
        assert states(desk) == ["DISMISSED"]
    assert desk.pull is not None
    review = next(each for each in desk.github.reviews if each.body)
    assert review.dismissal == f"Nothing that blocks the merge stands in {desk.pull.head_sha[:7]}."


async def test_a_request_of_a_person_is_not_dismissed(desk: Desk) -> None:
    desk.push({"new.py": BAD})
    await desk.review()
    review = desk.github.reviews[0]
    review.state, review.user = "CHANGES_REQUESTED", desk.github.state.user("mona")
    desk.push({"new.py": GOOD})
    await desk.review()
    assert review.state == "CHANGES_REQUESTED"


async def test_a_review_that_could_not_judge_all_dismisses_nothing(desk: Desk) -> None:
    blocking(desk)
    desk.push({"new.py": BAD})
    await desk.review()
    desk.push({"new.py": GOOD})
    await desk.review(problems=[Problem("other.py", "crash", "a rule crashed")])
    assert states(desk) == ["CHANGES_REQUESTED"]


async def test_a_finding_that_comes_back_blocks_again(desk: Desk) -> None:
    blocking(desk)
    for code in (BAD, GOOD, BAD):
        desk.push({"new.py": code})
        await desk.review()
        await desk.review()
    assert states(desk) == ["DISMISSED", "CHANGES_REQUESTED"]
    assert len(desk.threads) == 1


async def test_on_our_own_pull_request_a_review_comments(desk: Desk) -> None:
    blocking(desk)
    desk.push({"new.py": BAD})
    assert desk.pull is not None
    desk.pull.author = desk.github.state.app.bot
    await desk.review()
    assert (states(desk), desk.words()) == (["COMMENTED"], ["bad"])


async def test_a_refused_dismissal_does_not_fail_the_review(desk: Desk) -> None:
    blocking(desk)
    desk.push({"new.py": BAD})
    await desk.review()
    desk.push({"new.py": GOOD})
    desk.github.faults.add(Fault("PUT *", status=403, message="Only those named may dismiss", times=None))
    assert (await desk.review()).conclusion == "success"


# What the token allows


async def test_without_check_runs_the_review_lists_what_has_no_comment(desk: Desk) -> None:
    desk.may, desk.manner = Capabilities(check=False), Manner(most_comments=1)
    desk.push({"new.py": "a = 1  # DEFECT a\nb = 1  # DEFECT b\nc = 1  # ELSEWHERE c\n"})
    await desk.review()
    desk.push({"other.py": "fine = 1\n"})
    await desk.review()
    (review,) = [each for each in desk.github.reviews if each.body]
    assert "2 more stand in the list below." in review.body
    assert "- medium: `elsewhere.py:3`: `c` is a defect" in review.body
    assert "- medium: `new.py:2`: `b` is a defect" in review.body
    assert desk.github.check_runs == []


async def test_without_check_runs_a_finding_in_an_untouched_file_is_still_told(desk: Desk) -> None:
    desk.may = Capabilities(check=False)
    desk.push({"new.py": "c = 1  # ELSEWHERE c\n"})
    await desk.review()
    await desk.review()
    (review,) = desk.github.reviews
    assert review.body.startswith("1 finding in ")
    assert "`elsewhere.py:1`" in review.body


async def test_an_action_leaves_the_rest_to_its_own_annotations(desk: Desk) -> None:
    desk.may, desk.manner = Capabilities(check=False, aside=True), Manner(most_comments=1)
    desk.push({"new.py": "a = 1  # DEFECT a\nb = 1  # DEFECT b\n"})
    await desk.review()
    (review,) = desk.github.reviews
    assert "1 more stands in the check's annotations." in review.body
    assert "new.py:2" not in review.body


async def test_a_token_that_may_only_read_writes_nothing(desk: Desk) -> None:
    installation = desk.repository.installation
    assert installation is not None
    installation.permissions = dict.fromkeys(("checks", "contents", "metadata", "pull_requests"), "read")
    desk.may = Capabilities(comment=False, check=False)
    desk.push({"new.py": BAD})
    await desk.review()
    writes = [each for each in desk.github.requests if each.method in {"PATCH", "PUT", "DELETE"}]
    assert (desk.github.reviews, desk.github.check_runs, writes) == ([], [], [])


async def test_a_list_of_thousands_fits_into_a_review(desk: Desk) -> None:
    desk.may, desk.manner = Capabilities(check=False), Manner(most_comments=1)
    desk.push({"new.py": "".join(f"x{n} = 1  # DEFECT a_rather_long_name_{n}\n" for n in range(2_000))})
    await desk.review()
    (review,) = desk.github.reviews
    assert len(review.body) <= 65_536
    assert "more findings" in review.body
    desk.push({"other.py": "fine = 1\n"})
    await desk.review()
    assert len(desk.github.reviews) == 1


@pytest.mark.parametrize("count", [1_500, 7_100])
async def test_thousands_that_found_no_room_are_remembered(desk: Desk, count: int) -> None:
    desk.manner = Manner(most_comments=1)
    desk.push({"new.py": "".join(f"x{n} = 1\n" for n in range(20))})
    found = [finding(1, fingerprint=sha256(b"%d" % n).hexdigest()[:32], path="new.py") for n in range(count)]
    _, diff, sources = desk.judged()
    report = Report(tuple(found), (), sources=sources)
    for _ in range(2):
        await desk.publish(report, place(found, diff, sources))
        desk.push({"other.py": "fine = 1\n"})
        _, diff, sources = desk.judged()
    assert len(desk.threads) == (1 if count < 7_000 else 2)


# What is told to whom, and what is not done


async def test_a_push_is_one_notification(desk: Desk) -> None:
    desk.push({"new.py": "".join(f"x{n} = 1  # DEFECT d{n}\n" for n in range(30))})
    await desk.review()
    told = [
        each.operation
        for each in desk.github.requests
        if each.method == "POST" and each.operation.startswith(("pulls/", "issues/"))
    ]
    assert told == ["pulls/create-review"]
    assert desk.github.comments == []


async def test_a_review_commits_nothing(desk: Desk) -> None:
    desk.push({"new.py": "a = 1  # FIX a\n"})
    assert desk.pull is not None
    before = (desk.pull.head_sha, desk.repository.git.text("for-each-ref"))
    await desk.review()
    assert (desk.pull.head_sha, desk.repository.git.text("for-each-ref")) == before
    sent = [each.body["query"] for each in desk.github.requests if each.path.endswith("/graphql")]
    assert not [document for document in sent if "createCommitOnBranch" in document]
