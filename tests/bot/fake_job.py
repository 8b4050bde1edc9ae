"""A child that reviews by simple marks in the code, for tests of everything around the review.

On a line that the change added, `DEFECT name` is a finding there; `FIX name` one whose fix removes the comment;
`WHOLE name` one on the file's first line; `ELSEWHERE name` one in a file that the change does not touch; `RULE id` a
severe one of a rule that there is; `MISPLACED name` one that is placed on a line, and `LOST name` one in a file, that
the diff has not. `SLEEP seconds`, `EAT megabytes`, `SPIN`, `WRITE text`, `FLOOD`, `FAIL message`, `BREAK message` and
`EXIT code` misbehave; `TELL text` is said of the progress. With a path as the argument, the child's surroundings are
noted there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from checks import job as real
from checks.checklist import judge
from checks.diff import Diff, parse_diff
from checks.engine.change import Change
from checks.job import amended, identities
from checks.model import Confidence, Edit, Finding, Fix, Report, Severity, Span
from checks.placement import Placement, place
from checks.report.json import to_dict

MARK = re.compile(
    r"# (DEFECT|FIX|WHOLE|ELSEWHERE|MISPLACED|LOST|RULE) ([\w/-]+)(?: (low|medium|high|critical))?"
)
ACT = re.compile(r"# (SLEEP|EAT|SPIN|WRITE|FLOOD|FAIL|BREAK|EXIT|TELL)(?: (.*))?$")


def main() -> None:
    job = json.loads(sys.stdin.buffer.read())
    if job.get("only"):
        write(real.answer(job))
        return
    if len(sys.argv) > 1:
        noted = {"env": dict(os.environ), "argv": sys.argv, "cwd": os.listdir(), "pid": os.getpid()}  # noqa: PTH208
        Path(sys.argv[1]).write_text(json.dumps(noted))
    head, base = job["head"], git(job, "merge-base", job["base"], job["head"]).decode().strip()
    diff = parse_diff(git(job, "diff", "-M", "--full-index", base, head))
    sources, findings = {}, []
    for file in diff.files:
        if file.new_path is None:
            continue
        text = git(job, "cat-file", "blob", f"{head}:{file.new_path}").decode()
        sources[file.new_path] = text
        for number, line in enumerate(text.split("\n"), 1):
            if number in file.added:
                misbehave(line)
                findings += [finding(file.new_path, number, line, match) for match in MARK.finditer(line)]
    write(answer(job, findings, diff, sources))


def answer(
    job: dict[str, Any], findings: list[Finding], diff: Diff, sources: dict[str, str]
) -> dict[str, Any]:
    wrong = {"test/misplaced": ("new.py", 9_999), "test/lost": ("nowhere.py", 1)}
    placements = [
        Placement(each.fingerprint, wrong[each.rule][0], "line", wrong[each.rule][1])
        if each.rule in wrong
        else right
        for each, right in zip(findings, place(findings, diff, sources), strict=True)
    ]
    report = Report(tuple(findings), judge(findings, {}, (), Severity.HIGH), sources=sources)
    with Change.between(Path(job["repository"]), job["base"], job["head"]) as change:
        amendment, changed = amended(job, change, report), identities(change)
    return {
        "version": 1,
        "report": to_dict(report, sources=True),
        "diff": diff.to_dict(),
        "placements": [placement.to_dict() for placement in placements],
        "identities": changed,
        **({} if amendment is None else {"amendment": amendment.to_dict()}),
    }


def finding(path: str, number: int, line: str, match: re.Match[str]) -> Finding:
    kind, name, severity = match.groups()
    if kind == "ELSEWHERE":
        path = "elsewhere.py"
    number = 1 if kind == "WHOLE" else number
    edits = (Edit(path, number, number, line[: match.start()].rstrip() + "\n"),)
    return Finding(
        rule=name if kind == "RULE" else f"test/{kind.lower()}",
        checklist="security.debug-off",
        severity=Severity[(severity or ("high" if kind == "RULE" else "medium")).upper()],
        confidence=Confidence.HIGH,
        cwe=None,
        path=path,
        span=Span(number, 1, number, len(line) + 1),
        message=f"`{name}` is a defect",
        advice="Remove it",
        fingerprint=hashlib.sha256(f"{path} {name}".encode("utf-8", "replace")).hexdigest()[:32],
        fix=Fix("Remove it", True, edits) if kind == "FIX" else None,
    )


def misbehave(line: str) -> None:
    match = ACT.search(line)
    if match is None:
        return
    act, value = match[1], match[2] or ""
    if act == "SLEEP":
        subprocess.run(["sleep", value], check=True)
    elif act == "TELL":
        os.write(int(os.environ["RUBRICATE_PROGRESS"]), f"{value}\n".encode())
    elif act == "EAT":
        bytearray(int(value) * 1024 * 1024)
    elif act == "SPIN":
        while True:
            pass
    elif act == "WRITE":
        sys.stdout.write(value)
        sys.stdout.flush()
        os._exit(0)
    elif act == "FLOOD":
        while True:
            sys.stdout.write("x" * 65_536)
    elif act in {"FAIL", "BREAK"}:
        write({"error": {"kind": "user" if act == "FAIL" else "internal", "message": value}})
        os._exit(0)
    else:
        os._exit(int(value))


def git(job: dict[str, Any], *arguments: str) -> bytes:
    return subprocess.run(
        ["git", f"--git-dir={job['repository']}", *arguments], capture_output=True, check=True
    ).stdout


def write(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
