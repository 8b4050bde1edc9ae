"""The child process that reviews a pull request: one job as JSON on standard input, one answer on standard output.

It is started by `python -I -m checks.job`, so that nothing of the reviewed project is on its path, under limits that
its starter sets. The job: `{"repository", "base", "head"}`, with `"jobs"` where it may be several processes, and with
`"amend": {"what": "fixes" | "baseline", "rules": [], "without": [], "without_rules": []}` to be told what a commit on
top would change; `without` are the beginnings of fingerprints that are left out. The answer: `{"version": 1, "report",
"diff", "placements", "identities", "amendment"}`, the last one only when it was asked for, or
`{"error": {"kind": "user" | "internal", "message"}}`.

With `"only": "settings"` nothing is reviewed, and the answer is `{"version": 1, "settings", "paths"}`: the base's table
`pull-request` over that of `"defaults"`, the text of another `.rubricate.yml`, and, where that table asks for some
files, one of those that the change touches, if there is any. With `"only": "onboarding"` and a head alone the answer is
`{"version": 1, "onboarding"}`: what a first pull request would add to the project (`checks.onboarding`).
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from checks.errors import UserError
from checks.model import Report

if TYPE_CHECKING:
    from checks.amend import Amendment
    from checks.config import Files
    from checks.engine.analyse import Progress
    from checks.engine.change import Change

MAX_JOB = 1 << 20
TELL_EVERY = 0.5  # seconds


def answer(job: Mapping[str, Any]) -> dict[str, Any]:
    """Review what a job names. Never raises: what goes wrong is the answer's `error`."""
    try:
        return ANSWERS[job.get("only")](job)
    except UserError as error:
        return {"error": {"kind": "user", "message": str(error)}}
    except MemoryError:
        return {"error": {"kind": "user", "message": "the change needs more memory than a review may use"}}
    except Exception as error:
        return {"error": {"kind": "internal", "message": f"{type(error).__name__}: {error}"[:500]}}


def _review(job: Mapping[str, Any]) -> dict[str, Any]:
    from checks.commands.project import accepted, configured
    from checks.engine.change import Change
    from checks.placement import place
    from checks.report.json import to_dict

    with Change.between(Path(job["repository"]), job["base"], job["head"]) as change:
        config = configured(change.trusted, about=change.diff.paths)
        report = change.review(
            config, accepted(change.trusted), jobs=int(job.get("jobs", 1)), progress=told_progress()
        )
        placements = place(report.findings, change.diff, report.sources)
        amendment = amended(job, change, report)
        return {
            "version": 1,
            "report": to_dict(replace(report, sources=_shown(report)), sources=True),
            "diff": change.diff.to_dict(),
            "placements": [placement.to_dict() for placement in placements],
            "identities": identities(change),
            **({} if amendment is None else {"amendment": amendment.to_dict()}),
        }


def _settings(job: Mapping[str, Any]) -> dict[str, Any]:
    """What the base says of pull requests. The head is compared, which takes longer, only where that matters.

    Patterns and paths are matched here, under a review's limits, and not by the server: they are foreign and many.
    """
    from checks.config import load_pull_requests
    from checks.engine.change import Change
    from checks.engine.tree import CommitTree
    from checks.globs import matches

    repository = Path(job["repository"])
    with CommitTree(repository, job["base"]) as base:
        wanted = load_pull_requests(base, _defaults(job))
    paths: frozenset[str] = frozenset()
    if wanted.paths:
        with Change.between(repository, job["base"], job["head"]) as change:
            paths = change.diff.paths
    named = (path for path in sorted(paths) if any(matches(entry, path) for entry in wanted.paths))
    return {"version": 1, "settings": wanted.to_table(), "paths": list(islice(named, 1))}


def _onboarding(job: Mapping[str, Any]) -> dict[str, Any]:
    """What a first pull request would add to the project as it stands at the head."""
    from checks.engine.tree import CommitTree
    from checks.onboarding import onboarding

    with CommitTree(Path(job["repository"]), job["head"]) as tree:
        return {"version": 1, "onboarding": onboarding(tree, _defaults(job)).to_dict()}


def _defaults(job: Mapping[str, Any]) -> Files:
    """The owner's configuration for all of their repositories, as a tree."""
    from checks.config import CONFIG_FILE
    from checks.engine.tree import DictTree

    text = job.get("defaults")
    return DictTree({CONFIG_FILE: text} if text else {})


ANSWERS: Mapping[str | None, Callable[[Mapping[str, Any]], dict[str, Any]]] = MappingProxyType(
    {None: _review, "settings": _settings, "onboarding": _onboarding}
)


def told_progress() -> Progress | None:
    """Tells the starter through its pipe, where there is one: `40 120`, files done of files to do, twice a second.

    Each file is read as it was and as it is, so two readings are one file.
    """
    pipe = os.environ.get("RUBRICATE_PROGRESS", "")
    if not pipe.isdigit():
        return None
    first = passed = 0
    told = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal first, passed, told
        first = first or total
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            files = max(passed + total, 2 * first) // 2
            with contextlib.suppress(OSError):
                os.write(int(pipe), b"%d %d\n" % (min((passed + done) // 2, files), files))
        if done == total:
            passed += total

    return tell


def amended(job: Mapping[str, Any], change: Change, report: Report) -> Amendment | None:
    """What a commit on top would change, when the job asks for it."""
    from checks import amend

    wanted = job.get("amend")
    if wanted is None:
        return None
    findings = [
        each
        for each in report.findings
        if not each.fingerprint.startswith(tuple(wanted["without"]))
        and each.rule not in wanted["without_rules"]
    ]
    if wanted["what"] == "baseline":
        return amend.baseline(findings, change.head)
    modes = amend.modes(Path(job["repository"]), job["head"])
    return amend.fixes(findings, change.head, modes, rules=wanted["rules"])


def identities(change: Change) -> dict[str, str]:
    """What git calls the content of each file that the change touches, as it leaves it: nothing for deleted ones."""
    return {
        path: change.head.identity(path) if path in change.head else ""
        for path in (file.new_path or file.old_path for file in change.diff.files)
        if path is not None
    }


def _shown(report: Report) -> dict[str, str]:
    """The texts that comments show: those of the files that fixes change, where a fix is drawn as a diff."""
    changed = {edit.path for finding in report.findings if finding.fix for edit in finding.fix.edits}
    return {path: text for path, text in report.sources.items() if path in changed}


def main() -> None:
    """Read the job, answer it, leave at once."""
    gc.disable()  # it would walk all trees once
    job = json.loads(sys.stdin.buffer.read(MAX_JOB))
    text = json.dumps(answer(job), separators=(",", ":"))
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
