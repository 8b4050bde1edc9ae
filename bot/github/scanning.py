"""Findings handed to GitHub's code scanning, where a team has turned that on."""

from __future__ import annotations

import base64
import gzip
import logging

from gidgethub import BadRequest

from bot.github.client import Client
from bot.github.comments import Pull
from checks.model import Report
from checks.report import sarif

log = logging.getLogger(__name__)

CATEGORY = "rubricate"
# 403: not turned on, or not bought; 404: not there for this server; 413 and 422: not taken, which no repetition changes
DECLINED = frozenset({403, 404, 413, 422})


async def upload(client: Client, pull: Pull, report: Report) -> bool:
    """Upload the report for the pull request's head; tells whether GitHub took it. Done twice it replaces itself.

    https://docs.github.com/en/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
    """
    text = sarif.render(report, category=CATEGORY).encode("utf-8", "replace")
    data = {
        "commit_sha": pull.head,
        "ref": f"refs/pull/{pull.number}/head",
        "sarif": base64.b64encode(gzip.compress(text, mtime=0)).decode(),
        "tool_name": "Rubricate",
    }
    url = f"/repos/{pull.repository}/code-scanning/sarifs"
    try:
        await client.insist(lambda: client.post(url, data=data))
    except BadRequest as refusal:
        if int(refusal.status_code) not in DECLINED:
            raise
        log.info("code scanning does not take %s#%d: %s", pull.repository, pull.number, refusal)
        return False
    return True
