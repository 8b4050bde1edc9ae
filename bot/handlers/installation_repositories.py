"""A repository that was taken from the App leaves nothing behind."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.deliveries import Delivery
from bot.handlers import Jobs

router = Router()


@router.register("installation_repositories", action="removed")
async def removed(event: Event, jobs: Jobs) -> None:
    """The clones of these repositories go."""
    delivery = Delivery.from_record(event.data)
    for repository in delivery.removed:
        await jobs.forget(delivery.installation, repository)
