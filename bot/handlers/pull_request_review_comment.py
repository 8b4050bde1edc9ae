"""Commands in the threads of a pull request."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.deliveries import Delivery
from bot.handlers import Jobs

router = Router()


@router.register("pull_request_review_comment", action="created")
async def created(event: Event, jobs: Jobs) -> None:
    """A person's comment or reply with a command."""
    delivery = Delivery.from_record(event.data)
    if delivery.number and delivery.person and delivery.says == "command":
        await jobs.carry_out(delivery)
