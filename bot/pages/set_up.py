"""Setting the App up in the browser: who knows the log's code registers it on GitHub, and its credentials are kept.

GitHub gives a code for the manifest, and for that the credentials, within an hour. `state` ties both ways together: it
is known to this process, good once, and only from the browser that was given it. Once there are credentials all is
closed.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
from aiohttp import web

from bot import credentials
from bot.config import Config
from bot.keys import CONFIG
from bot.pages.conversion import NotGiven, Registered, exchange
from bot.pages.frame import furnish, message, page, refusal
from bot.pages.manifest import REGISTERED, Wish, address, manifest
from bot.pages.one_time import OneTimeCode
from bot.pages.ways import SECONDS, Ways

log = logging.getLogger(__name__)

COOKIE = "rubricate-set-up"
_CODE = re.compile(r"[\w-]{1,200}", re.ASCII)
routes = web.RouteTableDef()


class SetUp:
    """One set-up. `finish` is called when the credentials are written and the server can start anew with them."""

    def __init__(self, config: Config, finish: Callable[[], None]) -> None:
        self.config = config
        self.finish = finish
        self.code = OneTimeCode(f"{config.public_url}/setup")
        self.ways = Ways()
        self.lock = asyncio.Lock()
        self.is_closed = False


SET_UP = web.AppKey("set_up", SetUp)
SESSION = web.AppKey("session", aiohttp.ClientSession)


def make_set_up(config: Config, finish: Callable[[], None]) -> web.Application:
    """A server that offers the set-up, its own health, and nothing else."""
    app = web.Application(client_max_size=64 * 1024)
    app[CONFIG] = config
    furnish(app, sends_forms_to=config.github_url)
    app.add_routes(routes)
    app.cleanup_ctx.append(_opened)
    app.on_startup.append(_start(finish))
    return app


def _start(finish: Callable[[], None]) -> Callable[[web.Application], Any]:
    async def start(app: web.Application) -> None:
        app[SET_UP] = SetUp(app[CONFIG], finish)

    return start


async def _opened(app: web.Application) -> AsyncIterator[None]:
    async with aiohttp.ClientSession(trust_env=True) as session:
        app[SESSION] = session
        yield


@routes.get("/healthz")
async def healthz(request: web.Request) -> web.Response:
    """Alive by answering at all."""
    return web.Response(text="alive\n")


@routes.get("/readyz")
async def readyz(request: web.Request) -> web.Response:
    """Not ready: there is no App yet whose work could be done."""
    return web.json_response({"ready": False, "set up": False}, status=503)


@routes.get("/")
async def index(request: web.Request) -> web.Response:
    """All that there is to do."""
    raise web.HTTPSeeOther("/setup")


@routes.get("/setup")
async def ask(request: web.Request) -> web.Response:
    """Ask for the code, and for what the App is to be."""
    _open_set_up(request)
    return page("set_up", wrong="")


@routes.post("/setup")
async def check(request: web.Request) -> web.Response:
    """Take the code, and show the button that leads to GitHub."""
    set_up = _open_set_up(request)
    form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    wish = Wish(form.get("organization", "").strip(), "commits" in form)
    if not wish.is_valid:
        return page("set_up", status=400, wrong="No organization on GitHub has such a name.")
    if not set_up.code.accepts(form.get("code", "")):
        return page("set_up", status=403, wrong="That is not the code which the server's log shows last.")
    state, browser = set_up.ways.begin(prints=form.get("keep") == "print")
    config = set_up.config
    response = page(
        "register",
        address=address(config, wish, state),
        manifest=manifest(config, wish),
        github_url=config.github_url,
        organization=wish.organization,
    )
    secure = config.public_url.startswith("https://")
    response.set_cookie(
        COOKIE,
        browser,
        max_age=SECONDS,
        path="/setup",
        httponly=True,
        samesite="Lax",
        secure=secure,
    )
    return response


@routes.get(REGISTERED)
async def registered(request: web.Request) -> web.Response:
    """GitHub sends the person back with a code: exchange it, and keep what comes."""
    set_up = _open_set_up(request)
    async with set_up.lock:
        _open_set_up(request)
        state, code = request.query.get("state", ""), request.query.get("code", "")
        way = set_up.ways.end(state, request.cookies.get(COOKIE, ""))
        if way is None or not _CODE.fullmatch(code):
            return _refused("This way to GitHub was not begun here in this browser, or too long ago.", 403)
        try:
            app = await exchange(request.app[SESSION], set_up.config, code)
        except NotGiven as error:
            log.warning("GitHub did not give the credentials: %s", error)
            if error.may_come:  # then the page may be loaded again
                set_up.ways.begin_again(state, way)
            return _refused("GitHub did not give the App's credentials for its code.", 502)
        return _keep(set_up, app, prints=way.prints)


def _keep(set_up: SetUp, app: Registered, *, prints: bool) -> web.Response:
    """Write the credentials, or show them this once; then it is over."""
    set_up.is_closed = True
    path = ""
    if not prints:
        try:
            path = str(credentials.write(set_up.config.data_dir, app.values))
        except OSError as error:  # they exist now, and would be lost
            log.error("the credentials can't be written: %s", error.strerror)
    log.warning("the App %s is registered", app.values[credentials.APP_ID])
    if path:
        set_up.finish()
    response = page(
        "registered",
        app=app.name,
        install=app.install,
        path=path,
        lines="" if path else credentials.to_lines(app.values),
        failed=not path and not prints,
    )
    response.del_cookie(COOKIE, path="/setup")
    return response


def _open_set_up(request: web.Request) -> SetUp:
    """The set-up. Raises 410 once there are credentials, wherever they came from."""
    set_up = request.app[SET_UP]
    if set_up.is_closed or (set_up.config.data_dir / credentials.FILE).exists():
        sentence = "The App is set up. To set up another one, take its credentials away first."
        raise refusal(web.HTTPGone, "Closed", sentence)
    return set_up


def _refused(sentence: str, status: int) -> web.Response:
    return message("Not registered", sentence, status=status, link=("/setup", "Begin again"))
