"""A pull request that came, moved, came back or is ready is reviewed; a draft is not."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.deliveries import Delivery
from bot.handlers import Jobs

router = Router()


@router.register("pull_request", action="opened")
@router.register("pull_request", action="synchronize")
@router.register("pull_request", action="reopened")
@router.register("pull_request", action="ready_for_review")
async def changed(event: Event, jobs: Jobs) -> None:
    """There is a head to be reviewed, unless its author says that it isn't ready."""
    delivery = Delivery.from_record(event.data)
    if not delivery.draft:
        await jobs.request_review(delivery)
