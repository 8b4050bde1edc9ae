"""Commands in the conversation of a pull request, and boxes that people tick in our checklist there."""

from __future__ import annotations

from gidgethub.routing import Router
from gidgethub.sansio import Event

from bot.deliveries import Delivery
from bot.handlers import Jobs

router = Router()


@router.register("issue_comment", action="created")
async def created(event: Event, jobs: Jobs) -> None:
    """A person's comment with a command; not one on an issue, and not one that was changed into a command later."""
    delivery = Delivery.from_record(event.data)
    if delivery.number and delivery.person and delivery.says == "command":
        await jobs.carry_out(delivery)


@router.register("issue_comment", action="edited")
async def edited(event: Event, jobs: Jobs) -> None:
    """A person's edit of our checklist; our own edits are an App's."""
    delivery = Delivery.from_record(event.data)
    if delivery.number and delivery.person and delivery.says == "checklist":
        await jobs.carry_out(delivery)
