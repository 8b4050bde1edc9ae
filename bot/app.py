"""The server: the webhook's door in front, the durable workflows behind it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot import health, jobs, runtime
from bot.config import Config
from bot.keys import CONFIG
from bot.pages import frame, sign_in, status
from bot.pages.set_up import make_set_up
from bot.web import LARGEST_PAYLOAD, routes
from checks.errors import UserError

log = logging.getLogger(__name__)
SHUTDOWN_SECONDS = 5
FAREWELL_SECONDS = 1.0


def make_app(config: Config) -> web.Application:
    """The whole App. Starting it launches the workflows, and takes up what an earlier run left."""
    # Not even a body that nobody has signed is unpacked: GitHub sends none that is compressed.
    app = web.Application(client_max_size=LARGEST_PAYLOAD, handler_args={"auto_decompress": False})
    app[CONFIG] = config
    frame.furnish(app)
    for each in (routes, health.routes, sign_in.routes, status.routes):
        app.add_routes(each)
    app.cleanup_ctx.append(_workflows)
    return app


def make_worker(config: Config) -> web.Application:
    """A process that reviews and receives nothing; its port is for probes and metrics."""
    app = web.Application()
    app[CONFIG] = config
    app.add_routes(health.routes)
    app.cleanup_ctx.append(_worker)
    return app


def set_up(config: Config) -> bool:
    """Offer the set-up until it is done (true) or SIGTERM or SIGINT comes. Raises `UserError` as `run` does."""
    done: list[bool] = []

    def finish() -> None:
        def end() -> None:
            done.append(True)
            raise web.GracefulExit

        # the answer that says so goes out first
        asyncio.get_running_loop().call_later(FAREWELL_SECONDS, end)

    run(config, make_set_up(config, finish))
    return bool(done)


def run(config: Config, app: web.Application) -> int:
    """Serve until SIGTERM or SIGINT; 1 when the process had to end itself.

    Raises `UserError` when the port or the database can't be had.
    """
    log.info("serving on http://%s:%d", config.host, config.port)
    try:
        web.run_app(
            app,
            host=config.host,
            port=config.port,
            print=None,
            access_log=None,
            shutdown_timeout=SHUTDOWN_SECONDS,
        )
    except OSError as error:
        raise UserError(f"can't listen on {config.host}:{config.port}: {error.strerror}") from error
    except SQLAlchemyError as error:
        raise UserError(f"RUBRICATE_DATABASE_URL can't be used: {type(error).__name__}") from error
    return 1 if runtime.is_lost() else 0


async def _workflows(app: web.Application) -> AsyncIterator[None]:
    async with jobs.running(app[CONFIG]):
        yield


async def _worker(app: web.Application) -> AsyncIterator[None]:
    async with jobs.running(app[CONFIG], "worker"):
        yield
