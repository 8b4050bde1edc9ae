"""The buttons of our check run. GitHub tells an App of its own runs only."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.deliveries import Delivery
from bot.handlers import Jobs

router = Router()


@router.register("check_run", action="rerequested")
@router.register("check_run", action="requested_action")
async def pressed(event: Event, jobs: Jobs) -> None:
    """A button of a run that is about a pull request or a merge queue's commit."""
    delivery = Delivery.from_record(event.data)
    about = delivery.at_run(delivery.run)
    if about.number and (about.person or not about.button):
        await jobs.carry_out(about)
