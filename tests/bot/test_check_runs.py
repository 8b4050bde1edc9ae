"""The check run: what it shows while a review goes on, and what it offers once it is over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bot.github import checkruns
from bot.progress import Progress, shown
from checks.model import Problem
from tests.bot.conftest import World
from tests.bot.desk import Desk, desk_in
from tests.github import Fault, Github


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with aiohttp.ClientSession() as session, Github(tmp_path / "github") as github:
        yield desk_in(github, session)


def offered(desk: Desk) -> list[str]:
    return [button["identifier"] for button in desk.run.actions]


async def test_a_long_review_shows_how_far_it_is(world: World) -> None:
    pull = world.open({"new.py": "a = 1  # TELL 40 120\nb = 1  # SLEEP 3\nc = 1  # DEFECT c\n"})
    async with world.app(progress_interval=0.1):
        await world.deliver("pull_request", "opened", pull=pull)
        await world.until(lambda: world.github.check_runs and world.run.title == "Reviewing 40 of 120 files")
        assert world.run.status == "in_progress"
        await world.settle()
    assert (world.run.status, world.run.title) == ("completed", "1 finding: 1 medium")


async def test_progress_is_shown_only_when_it_has_changed_and_not_after_the_end() -> None:
    said: list[str] = []
    going = asyncio.Event()

    async def show(title: str) -> None:
        await asyncio.sleep(0.05)
        said.append(title)
        going.set()

    progress = Progress()
    async with shown(progress, show, 0.01):
        await going.wait()
        await asyncio.sleep(0.05)
        progress.files(1, 2)
        await asyncio.sleep(0.03)  # the second write is on its way
    assert said == ["Fetching the commits", "Reviewing 1 of 2 files"]
    await asyncio.sleep(0.1)
    assert len(said) == 2


async def test_progress_that_can_not_be_shown_does_not_end_the_review() -> None:
    async def show(title: str) -> None:
        raise OSError("no network")

    async with shown(Progress(), show, 0.01):
        await asyncio.sleep(0.05)


async def test_a_short_review_writes_no_progress(desk: Desk) -> None:
    async def show(title: str) -> None:
        raise AssertionError(title)

    async with shown(Progress(), show, 5):
        await asyncio.sleep(0)


async def test_a_button_is_there_only_when_it_makes_sense(desk: Desk) -> None:
    desk.push({"new.py": "fine = 1\n"})
    await desk.review()
    assert offered(desk) == ["re-run"]
    desk.push({"new.py": "a = 1  # DEFECT a\n"})
    await desk.review()
    assert offered(desk) == ["re-run", "baseline"]
    desk.push({"new.py": "a = 1  # FIX a\n"})
    await desk.review()
    assert offered(desk) == ["fix-all", "re-run", "baseline"]


async def test_an_unsafe_fix_is_not_made_at_a_click(desk: Desk) -> None:
    desk.push({"new.py": "a = 1  # FIX a\n"})
    (found,), _, _ = desk.judged()
    assert found.fix is not None
    await desk.review(findings=[replace(found, fix=replace(found.fix, safe=False))])
    assert "fix-all" not in offered(desk)


async def test_a_failed_review_can_be_repeated_at_a_click(world: World) -> None:
    pull = world.open({"new.py": "x = 1  # EXIT 3\n"})
    async with world.app():
        await world.hear(pull)
    assert [button["identifier"] for button in world.run.actions] == ["re-run"]


def test_the_buttons_are_within_githubs_limits() -> None:
    for button in (checkruns.FIX_ALL, checkruns.RE_RUN, checkruns.BASELINE):
        assert len(button["label"]) <= 20
        assert len(button["description"]) <= 40
        assert len(button["identifier"]) <= 20


async def test_annotations_beyond_fifty_come_by_updates(desk: Desk) -> None:
    desk.manner = replace(desk.manner, most_comments=0)
    desk.push({"new.py": "".join(f"x{n} = 1  # DEFECT d{n}\n" for n in range(120))})
    await desk.review()
    assert [each.start_line for each in desk.run.annotations] == list(range(1, 121))
    sent = [each.body["output"] for each in desk.github.requests if each.operation == "checks/update"]
    assert [len(output.get("annotations", ())) for output in sent] == [50, 50, 20]


async def test_refused_annotations_leave_the_findings_in_the_summary(desk: Desk) -> None:
    desk.manner = replace(desk.manner, most_comments=0)
    desk.push({"new.py": "a = 1  # DEFECT a high\n"})
    desk.github.faults.add(Fault("PATCH *", status=422, message="annotation refused"))
    await desk.review()
    assert (desk.run.status, desk.run.conclusion, desk.run.annotations) == ("completed", "failure", [])
    assert "GitHub refused the annotations" in (desk.run.summary or "")
    assert "`new.py:1`" in (desk.run.summary or "")


async def test_the_summary_shows_the_checklist_with_its_evidence_and_what_was_not_checked(desk: Desk) -> None:
    desk.push({"new.py": "a = 1  # DEFECT a high\n"})
    await desk.review(problems=[Problem("other.py", "syntax", "does not parse", 3)])
    summary = desk.run.summary or ""
    (row,) = [line for line in summary.split("\n") if "Debug mode is off in production" in line]
    assert row.startswith("| ❌ fail | Debug mode is off in production | 0 places checked")
    assert "does not parse" in summary
