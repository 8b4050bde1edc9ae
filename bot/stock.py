"""What has become of the comments on a pull request that is over. Knows no queue."""

from __future__ import annotations

from bot.github import notes, receptions, threads
from bot.outcome import Outcome
from bot.review import Request
from bot.services import Services


async def take(services: Services, request: Request) -> Outcome:
    """Count how the comments were received. Raises gidgethub's exceptions."""
    access = await services.access(request.installation, request.repository)
    if not access.may.comment:
        return Outcome("stopped")
    found = await threads.read(access.client, request.pull, access.author)
    decided = await notes.read(access.client, request.pull, access.author)
    return Outcome("counted", received=receptions.count(found, decided, access.author))
