"""Signing in with GitHub, and out again."""

from __future__ import annotations

import logging
import re
import secrets

from aiohttp import web

from bot import runtime
from bot.config import Config
from bot.keys import CONFIG
from bot.pages import sessions
from bot.pages.comparing import is_same
from bot.pages.cookies import Cookie
from bot.pages.frame import message, refusal
from bot.pages.manifest import SIGNED_IN
from bot.pages.members import NotAdmitted, admitted, authorize_url

log = logging.getLogger(__name__)

WAY = Cookie("sign-in", 600)
_CODE = re.compile(r"[\w-]{1,200}", re.ASCII)
AGAIN = ("/", "Back to the start")
routes = web.RouteTableDef()


@routes.get("/sign-in")
async def sign_in(request: web.Request) -> web.Response:
    """Send the person to GitHub; the browser keeps what it must show when it comes back."""
    config = _config(request)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    response = web.Response(status=303, headers={"Location": authorize_url(config, state, verifier)})
    WAY.put(response, config, {"state": state, "verifier": verifier})
    return response


@routes.get(SIGNED_IN)
async def signed_in(request: web.Request) -> web.Response:
    """GitHub sends the person back. They go on to our first page, wherever the link that brought them here leads."""
    config = _config(request)
    response = await _come_back(request, config)
    WAY.drop(response, config)
    return response


async def _come_back(request: web.Request, config: Config) -> web.Response:
    way = WAY.take(request, config)
    if way is None or not is_same(request.query.get("state"), str(way["state"])):
        return message(
            "Not signed in",
            "This sign-in was not begun in this browser, or too long ago.",
            status=403,
            link=AGAIN,
        )
    code = request.query.get("code", "")
    if not _CODE.fullmatch(code):
        return message("Not signed in", "GitHub was told not to.", status=403, link=AGAIN)
    try:
        login = await admitted(runtime.services(), code, str(way["verifier"]))
    except NotAdmitted as refused:
        return message("Not signed in", str(refused), status=403, link=AGAIN)
    log.info("%s has signed in", login)
    response = web.Response(status=303, headers={"Location": "/"})
    sessions.begin(response, config, login)
    return response


@routes.post("/sign-out")
async def sign_out(request: web.Request) -> web.Response:
    """End the session in this browser."""
    config = _config(request)
    await sessions.sender(request, config)
    response = web.Response(status=303, headers={"Location": "/"})
    sessions.end(response, config)
    return response


def _config(request: web.Request) -> Config:
    config = request.app[CONFIG]
    if not config.has_sign_in:
        raise refusal(web.HTTPNotFound, "No sign-in", "This server has none.", link=AGAIN)
    return config
