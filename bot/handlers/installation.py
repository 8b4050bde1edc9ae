"""The App comes to an account, or leaves it. One that was removed leaves nothing behind."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.deliveries import Delivery
from bot.handlers import Jobs

router = Router()


@router.register("installation", action="created")
async def created(event: Event, jobs: Jobs) -> None:
    """Its repositories are offered a configuration."""
    await jobs.welcome(Delivery.from_record(event.data))


@router.register("installation", action="deleted")
async def deleted(event: Event, jobs: Jobs) -> None:
    """The clones of the whole account go."""
    delivery = Delivery.from_record(event.data)
    await jobs.forget(delivery.installation)
