"""The check run: queued, in progress, and completed whatever happens; the checklist is its summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from gidgethub import InvalidField, ValidationError

from bot.github.client import Client
from bot.github.comments import Pull, sendable
from bot.github.plan import Plan
from checks.model import Finding, Report, Severity
from checks.report import markdown

NAME = "Rubricate"
# https://docs.github.com/en/rest/checks/runs#create-a-check-run
ANNOTATIONS_A_REQUEST = 50
LONGEST_SUMMARY = 65_535
LONGEST_MESSAGE = 64_000
LONGEST_TITLE = 255
# label 20 characters, description 40, identifier 20
FIX_ALL = {"label": "Fix all", "description": "Commit every safe fix to this branch", "identifier": "fix-all"}
RE_RUN = {"label": "Re-run", "description": "Review this commit once more", "identifier": "re-run"}
BASELINE = {"label": "Baseline", "description": "Accept what stands here", "identifier": "baseline"}

Run = Mapping[str, Any]


async def find(client: Client, pull: Pull, external_id: str, author: str) -> Run | None:
    """Our own check run of this review, when there is one."""
    url = f"/repos/{pull.repository}/commits/{pull.head}/check-runs?check_name={NAME}&filter=all&per_page=100"
    async for run in client.getiter(url, iterable_key="check_runs"):
        if run["external_id"] == external_id and f"{(run['app'] or {}).get('slug')}[bot]" == author:
            return dict(run)
    return None


async def begin(
    client: Client, pull: Pull, external_id: str, author: str, status: str = "in_progress"
) -> Run:
    """The check run of this review: made when it is missing, moved on from `queued` when it is to be."""

    async def create() -> Run:
        data = {"name": NAME, "head_sha": pull.head, "external_id": external_id, "status": status}
        return dict(await client.post(f"/repos/{pull.repository}/check-runs", data=data))

    async def find_ours() -> Run | None:
        return await find(client, pull, external_id, author)

    run = await client.ensure(find_ours, create)
    if run["status"] == "queued" and status == "in_progress":
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        await client.insist(lambda: client.patch(_url(pull, run), data={"status": status, "started_at": now}))
    return run


async def show(client: Client, pull: Pull, run: Run, title: str) -> None:
    """What the review is doing, as the title of a run that is in progress. It is no matter if it fails."""
    output = {"title": title, "summary": "The findings will stand here."}
    await client.patch(_url(pull, run), data={"output": output})


async def complete(
    client: Client,
    pull: Pull,
    run: Run,
    *,
    conclusion: str,
    title: str,
    summary: str,
    annotations: Sequence[Any] = (),
    actions: Sequence[Mapping[str, str]] = (),
) -> Run:
    """Complete a run with all its annotations and buttons. Done anew after an interruption it goes on where it was."""
    current = run

    async def find_completed() -> Run | None:
        nonlocal current
        current = dict(await client.getitem(_url(pull, run)))
        return current if current["status"] == "completed" else None

    async def send() -> Run:
        rest = annotations[current["output"]["annotations_count"] :]
        output = {"title": title[:LONGEST_TITLE], "summary": summary[:LONGEST_SUMMARY]}
        while len(rest) > ANNOTATIONS_A_REQUEST:
            batch, rest = rest[:ANNOTATIONS_A_REQUEST], rest[ANNOTATIONS_A_REQUEST:]
            await client.patch(_url(pull, run), data={"output": {**output, "annotations": batch}})
        ending = {
            "status": "completed",
            "conclusion": conclusion,
            "output": {**output, "annotations": list(rest)},
            "actions": list(actions),
        }
        return dict(await client.patch(_url(pull, run), data=ending))

    try:
        return await client.ensure(find_completed, send)
    except (InvalidField, ValidationError):
        if not annotations:
            raise
        said = (
            "\n\nGitHub refused the annotations of this run, so the findings stand in the list above alone."
        )
        summary = summary[: LONGEST_SUMMARY - len(said)] + said
        return await complete(
            client, pull, run, conclusion=conclusion, title=title, summary=summary, actions=actions
        )


def conclusion(report: Report) -> str:
    """`failure` when a finding reaches the gate, `neutral` when there is only something to look at, else `success`."""
    if report.failed:
        return "failure"
    return "neutral" if report.findings else "success"


def title(report: Report) -> str:
    """The counts in one line, the worst first."""
    if not report.findings:
        return "No findings"
    counts = Counter(finding.severity for finding in report.findings)
    parts = ", ".join(f"{counts[severity]} {severity.label}" for severity in sorted(counts, reverse=True))
    return f"{len(report.findings)} finding{'s' if len(report.findings) != 1 else ''}: {parts}"


def summary(report: Report, plan: Plan, blob_url: str | None = None) -> str:
    """The checklist, and a sentence that says where the findings stand that have no comment.

    With `blob_url` (`https://github.com/OWNER/NAME/blob/COMMIT`) places are links.
    """
    note = ""
    if plan.annotated:
        count = len(plan.annotated)
        stand = "s stand" if count != 1 else " stands"
        note = f"\n\n{count} finding{stand} in this check's annotations, without a comment."
    return sendable(markdown.summary(report, limit=LONGEST_SUMMARY - len(note), blob_url=blob_url)) + note


def buttons(report: Report | None = None) -> list[Mapping[str, str]]:
    """The buttons that make sense: GitHub takes three at most, with short words, and tells us of a click."""
    findings = report.findings if report is not None else ()
    fixable = any(each.fix is not None and each.fix.safe and each.fix.edits for each in findings)
    return [*([FIX_ALL] if fixable else []), RE_RUN, *([BASELINE] if findings else [])]


def annotation(finding: Finding) -> dict[str, Any]:
    """A finding as an annotation of the check run; columns are allowed on a single line only."""
    span = finding.span
    level = (
        "failure"
        if finding.severity >= Severity.HIGH
        else "warning"
        if finding.severity is Severity.MEDIUM
        else "notice"
    )
    told: dict[str, Any] = {
        "path": sendable(finding.path),
        "start_line": span.line,
        "end_line": max(span.line, span.end_line),
        "annotation_level": level,
        "title": finding.rule[:LONGEST_TITLE],
        "message": sendable("\n\n".join(filter(None, (finding.message, finding.advice))))[:LONGEST_MESSAGE],
    }
    if span.line == span.end_line and span.end_column > span.column:
        told |= {"start_column": span.column, "end_column": span.end_column}
    return told


def _url(pull: Pull, run: Run) -> str:
    return f"/repos/{pull.repository}/check-runs/{run['id']}"
