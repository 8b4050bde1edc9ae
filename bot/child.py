"""A review in a process of its own: JSON goes in, JSON comes out, under limits and without secrets."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bot import process
from bot.config import Limits
from checks.amend import Amendment
from checks.config import read_pull_requests
from checks.diff import Diff
from checks.errors import UserError
from checks.model import Report
from checks.onboarding import Onboarding
from checks.placement import Placement
from checks.pull_request import PullRequests
from checks.report.json import from_dict

log = logging.getLogger(__name__)
Read = TypeVar("Read")
JOB_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT")


class ReviewFailed(Exception):
    """The child gave no review. The message is one plain sentence for the pull request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child found, and where each finding may be said.

    `identities` is what git calls the content of each file that the change touches, empty for a deleted one.
    `pull_requests` is what the configuration says of them, where the child was told to say so (the Action's is).
    """

    report: Report
    diff: Diff
    placements: tuple[Placement, ...]
    identities: Mapping[str, str] = field(default_factory=dict)
    amendment: Amendment | None = None
    pull_requests: PullRequests = field(default_factory=PullRequests)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the base's configuration says of pull requests, and a file that it names and the change touches."""

    pull_requests: PullRequests
    paths: tuple[str, ...] = ()


async def settings(
    command: Sequence[str], limits: Limits, repository: Path, base: str, head: str, *, defaults: str = ""
) -> Settings:
    """Read how the team wants its pull requests reviewed, of `base` alone. Raises `ReviewFailed`.

    `defaults` is the text of its owner's configuration, which holds where the base's says nothing.
    """
    job = {
        "repository": str(repository),
        "base": base,
        "head": head,
        "only": "settings",
        "defaults": defaults,
    }
    finished = await _run(command, limits, job)
    return await asyncio.to_thread(_read, finished, limits, _settings)


async def onboarding(
    command: Sequence[str], limits: Limits, repository: Path, head: str, *, defaults: str = ""
) -> Onboarding:
    """What a first pull request would add to the project at `head`. Raises `ReviewFailed`.

    `defaults` is the text of its owner's configuration.
    """
    job = {"repository": str(repository), "head": head, "only": "onboarding", "defaults": defaults}
    finished = await _run(command, limits, job)
    return await asyncio.to_thread(
        _read, finished, limits, lambda answer: Onboarding.from_dict(answer["onboarding"])
    )


async def review(
    command: Sequence[str],
    limits: Limits,
    repository: Path,
    base: str,
    head: str,
    *,
    amend: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Answer:
    """Review `head` against `base`, both commits in the bare `repository`. Raises `ReviewFailed`.

    With `amend` (see `checks.job`) the answer has an amendment: what a commit on top would change. `progress` is told
    how many files of how many are done. Cancelling the awaiting task ends the child and all that it started.
    """
    asked: dict[str, Any] = {} if amend is None else {"amend": dict(amend)}
    job = {"repository": str(repository), "base": base, "head": head, **asked}
    finished = await _run(command, limits, job, None if progress is None else partial(_hear, progress))
    return await asyncio.to_thread(_read, finished, limits, _answer)


async def _run(
    command: Sequence[str],
    limits: Limits,
    job: Mapping[str, Any],
    hear: Callable[[bytes], None] | None = None,
) -> process.Finished:
    with tempfile.TemporaryDirectory(prefix="rubricate-job-", ignore_cleanup_errors=True) as home:
        try:
            return await process.run(
                command,
                env=_environment(home),
                cwd=Path(home),
                seconds=limits.seconds,
                most=limits.answer,
                limits={
                    "AS": limits.memory,
                    "CPU": limits.cpu_seconds,
                    "FSIZE": limits.file_size,
                    "NOFILE": limits.open_files,
                    "CORE": 0,
                },
                stdin=json.dumps(job).encode(),
                hear=hear,
            )
        except process.TooLong:
            raise ReviewFailed(
                f"The review took longer than {limits.seconds} seconds and was stopped."
            ) from None
        except process.TooMuch:
            raise ReviewFailed("The review's result was too large and was discarded.") from None


def _hear(progress: Callable[[int, int], None], line: bytes) -> None:
    """What the child says of its progress; it may say anything, since it reads foreign code."""
    done, _, total = line.partition(b" ")
    if done.isdigit() and total.isdigit() and len(line) < 20 and int(done) <= int(total):
        progress(int(done), int(total))


def _environment(home: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in JOB_ENVIRONMENT if name in os.environ}
    return {**kept, "HOME": home, "TMPDIR": home}


def _read(
    finished: process.Finished, limits: Limits, understand: Callable[[Mapping[str, Any]], Read]
) -> Read:
    if finished.code == -signal.SIGXCPU:
        raise ReviewFailed(
            f"The review used more than {limits.cpu_seconds} seconds of processor time and was stopped."
        )
    try:
        answer = json.loads(finished.output)
        if "error" in answer:
            raise ReviewFailed(_error(answer["error"]))
        if finished.code == 0 and answer["version"] == 1:
            return understand(answer)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, UserError):
        pass
    raise ReviewFailed(_ending(finished.code))


def _answer(answer: Mapping[str, Any]) -> Answer:
    return Answer(
        report=from_dict(answer["report"]),
        diff=Diff.from_dict(answer["diff"]),
        placements=tuple(Placement.from_dict(each) for each in answer["placements"]),
        identities=dict(answer.get("identities", {})),
        amendment=Amendment.from_dict(answer["amendment"]) if "amendment" in answer else None,
        pull_requests=read_pull_requests(answer.get("settings", {})),
    )


def _settings(answer: Mapping[str, Any]) -> Settings:
    """The child has read foreign text, so what it says is checked like a configuration."""
    return Settings(read_pull_requests(answer["settings"]), tuple(map(str, answer["paths"])))


def _error(error: Mapping[str, Any]) -> str:
    message = str(error["message"])[:1000]
    if error["kind"] == "user":
        return f"{message[:1].upper()}{message[1:].rstrip('.')}."
    log.error(
        "the review process failed: %s", message.partition(":")[0]
    )  # the rest may quote the project's code
    return "The review failed because of a mistake in Rubricate. The operator's log has the details."


def _ending(code: int) -> str:
    if code < 0:
        return f"The review was ended by signal {-code}, most likely for want of memory."
    return "The review ended without a readable result, most likely for want of memory."
