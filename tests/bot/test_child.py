"""The child that reviews: what it is given, what it may take, and what is made of what it answers."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot import child
from bot.config import MEGABYTE, Limits
from tests.bot.conftest import FAKE_JOB
from tests.github.git import Git

LIMITS = Limits(memory=1024 * MEGABYTE, seconds=20, cpu_seconds=10, answer=4 * MEGABYTE)


@pytest.fixture
def git(tmp_path: Path) -> Git:
    made = Git.create(tmp_path / "r.git", "main")
    made.commit("main", {"a.py": "fine = 1\n"})
    return made


async def review(git: Git, code: str, limits: Limits = LIMITS, note: str = "") -> child.Answer:
    base = git.text("rev-parse", "main")
    head = git.commit("feature", {"a.py": f"fine = 1\n{code}\n"}, parents=[base])
    command = (sys.executable, "-I", FAKE_JOB, *([note] if note else []))
    return await child.review(command, limits, git.path, base, head)


async def failure(git: Git, code: str, limits: Limits = LIMITS) -> str:
    with pytest.raises(child.ReviewFailed) as caught:
        await review(git, code, limits)
    return str(caught.value)


async def test_the_answer_is_read_back(git: Git) -> None:
    answer = await review(git, "bad = 1  # FIX bad")
    assert [each.message for each in answer.report.findings] == ["`bad` is a defect"]
    assert [(each.kind, each.line, each.suggestion) for each in answer.placements] == [
        ("line", 2, "bad = 1\n")
    ]
    assert answer.diff.by_new("a.py") is not None


async def test_its_surroundings_are_bare(git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUBRICATE_PRIVATE_KEY", "secret")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    await review(git, "fine = 2", note=str(tmp_path / "noted.json"))
    noted = json.loads((tmp_path / "noted.json").read_text())
    assert set(noted["env"]) <= {"PATH", "LANG", "LC_ALL", "TZ", "HOME", "TMPDIR", "LC_CTYPE"}
    assert noted["cwd"] == []
    assert not Path(noted["env"]["HOME"]).exists()  # it is gone with the review


async def test_its_own_refusal_is_the_sentence(git: Git) -> None:
    assert (
        await failure(git, "# FAIL the configuration has no key `selct`")
        == "The configuration has no key `selct`."
    )


async def test_its_mistake_is_told_without_details(git: Git, caplog: pytest.LogCaptureFixture) -> None:
    sentence = await failure(git, "# BREAK ValueError: secret code of the project")
    assert sentence.startswith("The review failed because of a mistake in Rubricate.")
    assert "ValueError" in caplog.text
    assert "secret code" not in caplog.text


@pytest.mark.parametrize(
    "written",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 5_000,
        '{"version": 2}',
        '{"version": 1, "report": {}, "diff": {}, "placements": []}',
        '{"version": 1, "report": null, "diff": null, "placements": null}',
        '{"error": "text"}',
        '{"error": {"kind": "user"}}',
    ],
)
async def test_an_answer_that_is_none_fails_the_review_alone(git: Git, written: str) -> None:
    assert (await failure(git, f"# WRITE {written}")).startswith("The review ended without a readable result")


async def test_an_exit_without_an_answer(git: Git) -> None:
    assert (await failure(git, "# EXIT 7")).startswith("The review ended without a readable result")


async def test_too_long(git: Git) -> None:
    sentence = await failure(git, "# SLEEP 60", replace(LIMITS, seconds=2))
    assert sentence == "The review took longer than 2 seconds and was stopped."


async def test_too_much_memory(git: Git) -> None:
    sentence = await failure(git, "# EAT 2000")
    assert "want of memory" in sentence


async def test_too_much_processor_time(git: Git) -> None:
    sentence = await failure(git, "# SPIN", replace(LIMITS, cpu_seconds=1))
    assert sentence == "The review used more than 1 seconds of processor time and was stopped."


async def test_too_much_output(git: Git) -> None:
    assert await failure(git, "# FLOOD") == "The review's result was too large and was discarded."


async def test_cancelling_ends_it_and_all_that_it_started(git: Git, tmp_path: Path) -> None:
    noted = tmp_path / "noted.json"
    reviewing = asyncio.ensure_future(review(git, "# SLEEP 61.25", note=str(noted)))
    while not noted.exists():
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    reviewing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reviewing
    assert not _commands("sleep 61.25")
    assert not _commands(str(noted))


async def test_the_loop_stays_free_while_it_works(git: Git) -> None:
    reviewing = asyncio.ensure_future(review(git, "# SLEEP 1"))
    longest = 0.0
    while not reviewing.done():
        before = time.monotonic()
        await asyncio.sleep(0)
        longest = max(longest, time.monotonic() - before)
        await asyncio.sleep(0.005)
    assert longest < 0.5


def _commands(part: str) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    own = f"ps -eo args {os.getpid()}"
    return [line for line in listed.splitlines() if part in line and line != own]


async def told(git: Git, code: str) -> list[tuple[int, int]]:
    heard: list[tuple[int, int]] = []
    base = git.text("rev-parse", "main")
    head = git.commit("feature", {"a.py": f"fine = 1\n{code}\n"}, parents=[base])
    command = (sys.executable, "-I", FAKE_JOB)
    await child.review(
        command, LIMITS, git.path, base, head, progress=lambda done, total: heard.append((done, total))
    )
    return heard


async def test_its_progress_is_heard_while_it_works(git: Git) -> None:
    assert await told(git, "a = 1  # TELL 1 4\nb = 1  # TELL 4 4") == [(1, 4), (4, 4)]


@pytest.mark.parametrize(
    "text", ["5 4", "-1 4", "1", "1 two", "", "1 2 3", "9" * 30, "9" * 5_000, "x" * 70_000]
)
async def test_progress_that_makes_no_sense_is_not_heard(git: Git, text: str) -> None:
    assert await told(git, f"a = 1  # TELL {text}") == []
