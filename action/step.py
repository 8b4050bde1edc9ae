"""From the event to the review: what the Action's last step does."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from action import log
from action.comments import Said, comment
from action.event import Nothing, Review, Scan, subject
from action.history import Commits, Remote, commits
from action.inputs import Choice, Inputs, Surroundings, read_inputs
from action.job import BUG
from bot import child
from bot.config import MEGABYTE, Limits
from bot.github.comments import Pull
from bot.github.manner import Manner
from checks.cli import CLEAN, CRASHED, FOUND, USER_ERROR
from checks.errors import UserError
from checks.model import Report

# A runner is there for one job and ends with it: more of it may be used than of a server that others use as well.
LIMITS = Limits(memory=6144 * MEGABYTE, seconds=3600, cpu_seconds=14_400, answer=256 * MEGABYTE)


def main(env: Mapping[str, str], argv: Sequence[str], out: TextIO) -> int:
    """Review what the event is about, and say it in every place that the token and GitHub's limits leave.

    Returns 0 clean, 1 findings at or above the gate, 2 user error, 3 a bug of ours.
    """
    outputs = Path(env["GITHUB_OUTPUT"]) if env.get("GITHUB_OUTPUT") else None
    try:
        if argv:
            raise UserError(f"`python -m action` takes no arguments, and was given {argv[0]!r}")
        around = Surroundings.from_env(env)
        return _run(around, read_inputs(env, around.workspace), out)
    except (UserError, child.ReviewFailed) as error:
        log.notice(str(error), out, "error")
        code = CRASHED if str(error).startswith(BUG) else USER_ERROR
    except Exception as error:
        if env.get("RUBRICATE_TRACEBACK"):
            raise
        log.notice(f"{BUG} {type(error).__name__}: {error} (please report it)", out, "error")
        code = CRASHED
    log.write_outputs(outputs, {"findings": "", "verdict": "error", "sarif-file": ""})
    return code


def _run(around: Surroundings, inputs: Inputs, out: TextIO) -> int:
    todo = subject(around, inputs)
    if isinstance(todo, Nothing):
        log.notice(f"Nothing to review: {todo.reason}.", out)
        log.write_summary(around.summary, f"Nothing to review: {todo.reason}.")
        log.write_outputs(around.outputs, {"findings": "0", "verdict": "skipped", "sarif-file": ""})
        return CLEAN
    remote = Remote(around.server_url, around.repository, inputs.token)
    with commits(todo, inputs.path, remote, around.temporary) as found:
        answer = asyncio.run(_review(found, inputs.choice))
        said, notes = _say(around, inputs, todo, found, answer)
    report = answer.report
    log.write_report(report, out)
    hidden = log.annotate(report, said.unsaid, out)
    for note in notes:
        log.notice(note, out)
    blob_url = f"{around.server_url}/{around.repository}/blob/{found.head}"
    log.summarize(around.summary, report, [*notes, hidden], blob_url)
    sarif = _write_sarif(report, inputs.sarif_file)
    verdict = "fail" if report.failed else "attention" if report.findings else "pass"
    told = {"findings": str(len(report.findings)), "verdict": verdict, "sarif-file": sarif}
    log.write_outputs(around.outputs, told)
    return FOUND if report.failed else CLEAN


async def _review(found: Commits, choice: Choice) -> child.Answer:
    """Review in a process of its own, which sees no token and is ended when it takes too much."""
    command = (sys.executable, "-I", "-m", "action.job", choice.to_json())
    return await child.review(command, LIMITS, found.repository, found.base or "", found.head)


def _say(
    around: Surroundings, inputs: Inputs, todo: Review | Scan, found: Commits, answer: child.Answer
) -> tuple[Said, list[str]]:
    """Comment where there is a pull request to comment on; say why where that is not so."""
    notes = []
    said = Said(0, answer.report.findings)
    if isinstance(todo, Review) and todo.number is not None and found.base is not None:
        if inputs.comment and inputs.token:
            pull = Pull(around.repository, todo.number, found.head, found.base)
            manner = Manner.of(answer.pull_requests)
            said = asyncio.run(
                comment(around, inputs.token, pull, answer.report, answer.placements, manner, app=inputs.app)
            )
            notes.append(said.note)
        elif inputs.comment:
            notes.append("There is no token, so nothing was commented on the pull request.")
    if isinstance(todo, Review) and found.base is None:
        notes.append("What was there before the push is gone, so the commit was checked as a whole.")
    return said, [note for note in notes if note]


def _write_sarif(report: Report, path: Path | None) -> str:
    """Write the file in one step, in place of what is there: a link of the reviewed project is not followed."""
    if path is None:
        return ""
    from checks.registry import all_rules
    from checks.report import render

    text = render(report, "sarif", rules={rule.id: rule.documentation for rule in all_rules()})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".rubricate-", delete=False) as file:
            file.write(text.encode("utf-8", "backslashreplace"))
        os.chmod(file.name, 0o644)  # noqa: PTH101
        os.replace(file.name, path)  # noqa: PTH105
    except OSError as error:
        raise UserError(f"sarif-file {path}: {error.strerror}") from None
    return str(path)
