"""What a supervisor and an operator ask of each process: is it alive, can it work, how is it doing."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot import metrics
from bot.runtime import alive, depth, is_ready

routes = web.RouteTableDef()


@routes.get("/healthz")
async def healthz(request: web.Request) -> web.Response:
    """Alive by answering at all: a process that does not is to be started anew."""
    return web.Response(text="alive\n")


@routes.get("/readyz")
async def readyz(request: web.Request) -> web.Response:
    """Whether work is taken: the database answers, and the queue is worked on."""
    parts = await is_ready()
    ready = all(parts.values())
    return web.json_response({"ready": ready, **parts}, status=200 if ready else 503)


@routes.get("/metrics")
async def show(request: web.Request) -> web.Response:
    """Everything that is counted, for Prometheus. What all processes share is asked for now."""
    for state, count in (await depth()).items():
        metrics.QUEUE.labels(state).set(count)
    metrics.WORKERS.set(await alive())
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
