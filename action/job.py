"""The process that reviews: `python -I -m action.job CHOICE`, a job on standard input, an answer on standard output.

It speaks the language of `checks.job`, and takes a job without a base for a scan of the head. CHOICE is what the
inputs say over the configuration, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from checks.commands.common import Choice
from checks.commands.project import accepted, configured
from checks.diff import Diff
from checks.engine.analyse import usable_cpus
from checks.engine.change import Change
from checks.engine.run import Options, scan
from checks.engine.tree import CommitTree
from checks.errors import UserError
from checks.job import MAX_JOB
from checks.model import Report
from checks.placement import Placement, place
from checks.report.json import to_dict

BUG = "A bug of ours:"


def answer(job: Mapping[str, Any], choice: Choice) -> dict[str, Any]:
    """Review or scan what a job names. Never raises: what goes wrong is the answer's `error`."""
    try:
        return _review(job, choice) if job["base"] else _scan(job, choice)
    except UserError as error:
        return {"error": {"kind": "user", "message": str(error)}}
    except MemoryError:
        return {"error": {"kind": "user", "message": "the review needs more memory than it may use"}}
    except Exception as error:
        return {"error": {"kind": "user", "message": f"{BUG} {type(error).__name__}: {error}"[:500]}}


def _review(job: Mapping[str, Any], choice: Choice) -> dict[str, Any]:
    with Change.between(Path(job["repository"]), job["base"], job["head"]) as change:
        config = configured(change.trusted, choice, about=change.diff.paths)
        report = change.review(config, accepted(change.trusted), jobs=usable_cpus())
        return _told(report, change.diff, place(report.findings, change.diff, report.sources)) | {
            "settings": config.pull_requests.to_table()
        }


def _scan(job: Mapping[str, Any], choice: Choice) -> dict[str, Any]:
    with CommitTree(job["repository"], job["head"]) as tree:
        config = configured(tree, choice)
        report = scan(tree, config, baseline=accepted(tree), options=Options(usable_cpus()))
        return _told(report, Diff(()), ())


def _told(report: Report, diff: Diff, placements: Sequence[Placement]) -> dict[str, Any]:
    return {
        "version": 1,
        "report": to_dict(report),
        "diff": diff.to_dict(),
        "placements": [placement.to_dict() for placement in placements],
    }


def main() -> None:
    """Read the job, answer it, leave at once."""
    given = json.loads(sys.argv[1])
    choice = Choice(tuple(given["select"]), tuple(given["ignore"]), given["fail_on"] or None)
    text = json.dumps(answer(json.loads(sys.stdin.buffer.read(MAX_JOB)), choice), separators=(",", ":"))
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
