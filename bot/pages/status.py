"""The first page: what the App is doing, for who has signed in, and for nobody else."""

from __future__ import annotations

import logging
import re
from types import MappingProxyType

from aiohttp import web

from bot import jobs, redelivery, runtime
from bot.github.receptions import HOW
from bot.keys import CONFIG
from bot.pages import sessions
from bot.pages.frame import page, refusal
from bot.pages.overview import look
from bot.pages.reviews import LOOKED_AT
from checks import __version__

log = logging.getLogger(__name__)

# What the page says after a button was pressed. Only these words can be put on it from outside.
NOTICES = MappingProxyType(
    {
        "sent": "GitHub was asked to send the delivery again.",
        "gone": "GitHub does not have this delivery any more: it keeps them for three days.",
    }
)
_DELIVERY = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)
routes = web.RouteTableDef()


@routes.get("/")
async def index(request: web.Request) -> web.Response:
    """What the App is doing; who has not signed in learns that it runs, and where to sign in."""
    config = request.app[CONFIG]
    person = sessions.current(request, config)
    if person is None:
        return page("welcome", version=__version__, can_sign_in=config.has_sign_in)
    return page(
        "status",
        person=person,
        github_url=config.github_url,
        ways=HOW,
        looked_at=LOOKED_AT,
        notice=NOTICES.get(request.query.get("notice", ""), ""),
        now=await look(runtime.services()),
    )


@routes.post("/redeliver")
async def redeliver(request: web.Request) -> web.Response:
    """Have GitHub send a delivery again."""
    person = await sessions.sender(request, request.app[CONFIG])
    guid = (await request.post()).get("delivery", "")
    if not isinstance(guid, str) or not _DELIVERY.fullmatch(guid):
        raise refusal(
            web.HTTPBadRequest, "Not sent", "That is no delivery's id.", link=("/", "Back to the start")
        )
    log.info("%s asks for delivery %s again", person.login, guid)
    sent = await redelivery.again(runtime.services(), guid, jobs.forget)
    return web.Response(status=303, headers={"Location": f"/?notice={'sent' if sent else 'gone'}"})


@routes.get("/setup")
@routes.post("/setup")
async def closed(request: web.Request) -> web.Response:
    """There is an App: there is nothing to set up any more."""
    raise refusal(web.HTTPGone, "Closed", "The App is set up.", link=("/", "To its first page"))
