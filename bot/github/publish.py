"""From a report to what stands on the pull request: the one entry for both the App and the Action."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from gidgethub import BadRequest

from bot.github import checkruns, markers, reviews
from bot.github.client import Client
from bot.github.comments import Earlier, Plan, Pull, earlier, plan
from checks.model import Report
from checks.placement import Placement

log = logging.getLogger(__name__)
MOST_COMMENTS = 20


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the token may write."""

    comment: bool = True
    check: bool = True


@dataclass(frozen=True, slots=True)
class Published:
    """What was said: new comments, findings left to annotations, findings that have a comment of an earlier push."""

    comments: int
    annotations: int
    standing: int
    conclusion: str


async def publish(
    client: Client,
    pull: Pull,
    report: Report,
    placements: Sequence[Placement],
    *,
    author: str,
    external_id: str,
    may: Capabilities = Capabilities(),
    web_url: str = "https://github.com",
) -> Published:
    """Post the new findings in one review, and complete the check run with the checklist.

    `author` is the login that the token writes under, `web_url` the server that people see. Everything is looked for
    before it is written: a second call, after an interruption at any instant, adds nothing twice.
    """
    said = await earlier(client, pull, author)
    # one review per push: what a repeated review of the same commits finds in addition goes to the check run
    spoken = said.review(markers.review(pull.head, pull.base)) is not None
    todo = plan(report, placements, said, MOST_COMMENTS if may.comment and not spoken else 0)
    if todo.comments:
        try:
            await reviews.post(client, pull, todo, author)
        except BadRequest as refusal:  # a locked conversation, say: then the check run has to tell everything
            if not may.check or int(refusal.status_code) not in {403, 422}:
                raise
            log.warning("GitHub refused the review of %s#%d: %s", pull.repository, pull.number, refusal)
            todo = plan(report, placements, said, 0)
    if may.check:
        run = await checkruns.begin(client, pull, external_id, author)
        await _conclude(client, pull, run, report, todo, web_url)
    return Published(
        comments=len(todo.comments),
        annotations=len(todo.annotated),
        standing=_standing(report, said),
        conclusion=checkruns.conclusion(report),
    )


async def _conclude(
    client: Client, pull: Pull, run: checkruns.Run, report: Report, todo: Plan, web_url: str
) -> None:
    await checkruns.complete(
        client,
        pull,
        run,
        conclusion=checkruns.conclusion(report),
        title=checkruns.title(report),
        summary=checkruns.summary(report, todo, f"{web_url}/{pull.repository}/blob/{pull.head}"),
        annotations=[checkruns.annotation(finding) for finding in todo.annotated],
    )


def _standing(report: Report, said: Earlier) -> int:
    return sum(said.knows(finding.fingerprint) for finding in report.findings)
