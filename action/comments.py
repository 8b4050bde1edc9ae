"""The review on the pull request, by the code that the App uses; what can't be said there is left to annotations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
from gidgethub import BadRequest, GitHubException

from action.beside import app_reviews
from action.inputs import Surroundings
from bot.github import markers
from bot.github.client import Client, Unanswered
from bot.github.comments import Pull
from bot.github.earlier import earlier
from bot.github.manner import Capabilities, Manner, Voice
from bot.github.publish import publish
from checks.model import Finding, Report
from checks.placement import Placement

PATIENCE = 300.0  # seconds in all that a rate limit may cost: a runner's minutes are paid for
READ_ONLY = (
    "The token may not comment on this pull request, as is usual for one from a fork: findings stand as annotations "
    "and in the summary. Elsewhere the job needs `pull-requests: write`."
)
LEFT_TO_THE_APP = (
    "The App reviews this pull request and speaks there. This step writes its summary and keeps the gate."
)
WHO = "query { viewer { login } }"


@dataclass(frozen=True, slots=True)
class Said:
    """What came of commenting: new comments, findings that have no comment now, and what a person should know of it."""

    comments: int
    unsaid: tuple[Finding, ...]
    note: str = ""


async def comment(
    around: Surroundings,
    token: str,
    pull: Pull,
    report: Report,
    placements: Sequence[Placement],
    manner: Manner,
    app: str,
) -> Said:
    """Post what is new, as the team wants, unless the App of the slug `app` does.

    Never raises for what GitHub answers: findings are said elsewhere then.
    """
    async with aiohttp.ClientSession(trust_env=True) as session:
        client = Client(session, token=token, api_url=around.api_url, patience=PATIENCE)
        try:
            if await app_reviews(client, pull, app):
                return Said(0, (), LEFT_TO_THE_APP)
            return await _comment(client, around, pull, report, placements, manner)
        except BadRequest as error:
            status = int(error.status_code)
            if status in (403, 404):
                return Said(0, report.findings, READ_ONLY)
            why = "GitHub refused the token" if status == 401 else f"GitHub refused a request ({status})"
        except (GitHubException, Unanswered, aiohttp.ClientError, TimeoutError) as error:
            why = f"GitHub gave no answer that could be used ({type(error).__name__})"
    return Said(0, report.findings, f"{why}: findings stand as annotations and in the summary.")


async def _comment(
    client: Client,
    around: Surroundings,
    pull: Pull,
    report: Report,
    placements: Sequence[Placement],
    manner: Manner,
) -> Said:
    current = await client.getitem(pull.url)
    if current["head"]["sha"] != pull.head:
        return Said(0, report.findings, "A newer push has replaced this commit, so nothing was commented.")
    author = (await client.query(WHO))["viewer"]["login"]
    published = await publish(
        client,
        pull,
        report,
        placements,
        voice=Voice(author, Capabilities(comment=True, check=False, aside=True), manner),
        external_id="",
        web_url=around.server_url,
    )
    said = await earlier(client, pull, author)
    unsaid = (each for each in report.findings if markers.key(each.fingerprint) not in said.commented)
    return Said(published.comments, tuple(unsaid))
