"""All checks of a commit that are asked for again."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.deliveries import Delivery
from bot.handlers import Jobs

router = Router()


@router.register("check_suite", action="rerequested")
async def rerequested(event: Event, jobs: Jobs) -> None:
    """The review that our newest run in the suite was about."""
    await jobs.carry_out(Delivery.from_record(event.data))
