"""The server: the webhook's door in front, the durable workflows behind it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot import jobs
from bot.config import Config
from bot.web import CONFIG, LARGEST_PAYLOAD, routes
from checks.errors import UserError

log = logging.getLogger(__name__)
SHUTDOWN_SECONDS = 5


def make_app(config: Config) -> web.Application:
    """The whole App. Starting it launches the workflows, and takes up what an earlier run left."""
    app = web.Application(client_max_size=LARGEST_PAYLOAD)
    app[CONFIG] = config
    app.add_routes(routes)
    app.cleanup_ctx.append(_workflows)
    return app


def run(config: Config) -> None:
    """Serve until SIGTERM or SIGINT. Raises `UserError` when the port or the database can't be had."""
    log.info("serving on http://%s:%d", config.host, config.port)
    try:
        web.run_app(
            make_app(config),
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


async def _workflows(app: web.Application) -> AsyncIterator[None]:
    async with jobs.running(app[CONFIG]):
        yield
