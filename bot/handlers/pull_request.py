"""A pull request that came, moved, came back or became ready is reviewed, unless its team wants that otherwise.

What the team wants, also of drafts, stands in the repository and is decided by the review itself (`bot.policy`). A
label that was put on, or a pull request that became a draft, asks for nothing: a review that waits or runs sees it.
"""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.deliveries import Delivery
from bot.handlers import Jobs

router = Router()


@router.register("pull_request", action="opened")
@router.register("pull_request", action="synchronize")
@router.register("pull_request", action="reopened")
async def changed(event: Event, jobs: Jobs) -> None:
    """There is a head to be reviewed."""
    await jobs.request_review(Delivery.from_record(event.data))


@router.register("pull_request", action="ready_for_review")
@router.register("pull_request", action="unlabeled")
async def freed(event: Event, jobs: Jobs) -> None:
    """What may have kept it from being reviewed is gone; if nothing had, it has its review already."""
    await jobs.request_review(Delivery.from_record(event.data), quiet=True)


@router.register("pull_request", action="closed")
async def closed(event: Event, jobs: Jobs) -> None:
    """Nothing is reviewed any more. What people resolved since the last push is known only now."""
    await jobs.take_stock(Delivery.from_record(event.data))


@router.register("pull_request", action="edited")
async def edited(event: Event, jobs: Jobs) -> None:
    """Against another base it is another change; under another title it may be one that is to be reviewed."""
    delivery = Delivery.from_record(event.data)
    if delivery.changed:
        await jobs.request_review(delivery, quiet="base" not in delivery.changed)
