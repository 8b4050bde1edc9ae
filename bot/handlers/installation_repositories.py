"""Repositories are given to the App, or taken from it. One that was taken leaves nothing behind."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.deliveries import Delivery
from bot.handlers import Jobs

router = Router()


@router.register("installation_repositories", action="added")
async def added(event: Event, jobs: Jobs) -> None:
    """These repositories are offered a configuration."""
    await jobs.welcome(Delivery.from_record(event.data))


@router.register("installation_repositories", action="removed")
async def removed(event: Event, jobs: Jobs) -> None:
    """The clones of these repositories go."""
    delivery = Delivery.from_record(event.data)
    for repository in delivery.removed:
        await jobs.forget(delivery.installation, repository)
