"""A commit of a merge queue is reviewed like a pull request, and gets a check run alone."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.deliveries import Delivery
from bot.handlers import Jobs

router = Router()


@router.register("merge_group", action="checks_requested")
async def requested(event: Event, jobs: Jobs) -> None:
    """The commit against what stands before it in the queue."""
    await jobs.request_review(Delivery.from_record(event.data))
