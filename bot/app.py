"""The server: the webhook's door in front, the durable workflows behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from aiohttp import web

from bot import jobs
from bot.config import Config
from bot.web import CONFIG, LARGEST_PAYLOAD, routes


def make_app(config: Config) -> web.Application:
    """The whole App. Starting it launches the workflows, and takes up what an earlier run left."""
    app = web.Application(client_max_size=LARGEST_PAYLOAD)
    app[CONFIG] = config
    app.add_routes(routes)
    app.cleanup_ctx.append(_workflows)
    return app


async def _workflows(app: web.Application) -> AsyncIterator[None]:
    async with jobs.running(app[CONFIG]):
        yield
