"""Code scanning gets the findings where a team has turned it on, and nothing hangs on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.bot.desk import Desk, desk_in
from tests.github import Fault, Github

PERMISSIONS = {
    "checks": "write",
    "contents": "read",
    "metadata": "read",
    "pull_requests": "write",
    "security_events": "write",
}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with (
        aiohttp.ClientSession() as session,
        Github(tmp_path / "github", permissions=PERMISSIONS) as github,
    ):
        desk = desk_in(github, session)
        desk.manner = replace(desk.manner, code_scanning=True)
        desk.push({"new.py": "bad = 1  # DEFECT bad high\n"})
        yield desk


async def test_the_findings_of_the_head_are_uploaded(desk: Desk) -> None:
    await desk.review()
    assert desk.pull is not None
    (uploaded,) = desk.repository.sarifs
    assert (uploaded.commit_sha, uploaded.ref) == (desk.pull.head_sha, "refs/pull/1/head")
    run: Any = uploaded.document["runs"][0]  # type: ignore[index]
    assert [result["ruleId"] for result in run["results"]] == ["test/defect"]
    assert run["automationDetails"]["id"].startswith("rubricate")


async def test_nothing_is_uploaded_unless_it_is_turned_on(desk: Desk) -> None:
    desk.manner = replace(desk.manner, code_scanning=False)
    await desk.review()
    assert desk.repository.sarifs == []


async def test_without_the_permission_nothing_is_uploaded_and_the_review_stands(desk: Desk) -> None:
    assert desk.repository.installation is not None
    del desk.repository.installation.permissions["security_events"]
    await desk.review()
    assert (desk.repository.sarifs, desk.words()) == ([], ["bad"])


@pytest.mark.parametrize("status", [403, 404, 413])
async def test_a_repository_without_code_scanning_is_passed_over(desk: Desk, status: int) -> None:
    desk.github.faults.add(Fault("POST */code-scanning/sarifs", status=status, message="not enabled"))
    published = await desk.review()
    assert (published.conclusion, desk.run.status, desk.words()) == ("failure", "completed", ["bad"])
