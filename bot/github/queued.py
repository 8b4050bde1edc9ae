"""The review of a merge queue's commit: a check run, and no word on the pull request."""

from __future__ import annotations

from bot.github import checkruns, notes
from bot.github.client import Client
from bot.github.comments import Pull
from bot.github.plan import Plan
from bot.github.publish import Published
from bot.github.standing import standing
from checks.model import Report


async def publish(
    client: Client, pull: Pull, report: Report, *, author: str, external_id: str, web_url: str
) -> Published:
    """Complete the check run of the queue's commit, without what people decided to ignore on the pull request."""
    report = standing(report, await notes.read(client, pull, author)).report
    run = await checkruns.begin(client, pull, external_id, author)
    conclusion = checkruns.conclusion(report)
    await checkruns.complete(
        client,
        pull,
        run,
        conclusion=conclusion,
        title=checkruns.title(report),
        summary=checkruns.summary(
            report, Plan((), report.findings), f"{web_url}/{pull.repository}/blob/{pull.head}"
        ),
        annotations=[checkruns.annotation(finding) for finding in report.findings],
    )
    return Published(comments=0, annotations=len(report.findings), standing=0, conclusion=conclusion)
