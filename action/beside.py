"""Whether the App reviews the commit as well: then it alone speaks on the pull request.

GitHub makes a check suite for each App with `checks: write` as soon as something is pushed, before any workflow
starts, so the answer does not depend on who is quicker: https://docs.github.com/en/rest/guides/using-the-rest-api-to-interact-with-checks#about-check-suites
For a fork's push there is none; there the App's check run tells, which it makes when it hears of the pull request.
"""

from __future__ import annotations

from gidgethub import BadRequest

from bot.github import checkruns
from bot.github.client import Client
from bot.github.comments import Pull

ACTIONS = "github-actions"


async def app_reviews(client: Client, pull: Pull, slug: str) -> bool:
    """Whether the App of this slug has a suite on the head, or any App a check run of ours.

    Where the token may not read checks it is not known, and taken for no.
    """
    commit = f"/repos/{pull.repository}/commits/{pull.head}"
    runs = f"{commit}/check-runs?check_name={checkruns.NAME}&per_page=100"
    try:
        async for suite in client.getiter(f"{commit}/check-suites?per_page=100", iterable_key="check_suites"):
            if (suite["app"] or {}).get("slug") == slug:
                return True
        async for run in client.getiter(runs, iterable_key="check_runs"):
            if (run["app"] or {}).get("slug", ACTIONS) != ACTIONS:
                return True
    except BadRequest as error:
        if int(error.status_code) not in {403, 404}:
            raise
    return False
