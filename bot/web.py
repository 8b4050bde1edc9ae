"""The webhook's door: bytes in, a verified and stored delivery, 202 out."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from typing import Any

from aiohttp import web
from gidgethub.sansio import Event

from bot import jobs, logs, metrics
from bot.deliveries import Delivery
from bot.keys import CONFIG

log = logging.getLogger(__name__)

LARGEST_PAYLOAD = 25 * 1024 * 1024  # https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap
BODY_SECONDS = 10
routes = web.RouteTableDef()


@routes.post("/webhooks/github")
async def webhook(request: web.Request) -> web.Response:
    """Take a delivery in, and count what was refused."""
    try:
        return await _take(request)
    except web.HTTPException as refusal:
        metrics.DELIVERIES.labels("", f"refused with {refusal.status}").inc()
        raise


async def _take(request: web.Request) -> web.Response:
    """Verify first, over the raw bytes; parse then; answer once the delivery is stored."""
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not signature:
        raise web.HTTPUnauthorized(text="the signature is missing\n")
    body = await _body(request)
    if not is_signed(body, signature, request.app[CONFIG].webhook_secret):
        raise web.HTTPUnauthorized(text="the signature is wrong\n")
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="the content type must be application/json\n")
    name, guid = request.headers.get("X-GitHub-Event", ""), request.headers.get("X-GitHub-Delivery", "")
    if not name or not guid:
        raise web.HTTPBadRequest(text="X-GitHub-Event and X-GitHub-Delivery are required\n")
    payload = _parsed(body)
    if name == "ping":
        return web.Response(text="pong\n")
    delivery = _delivery(guid, name, payload)
    if not jobs.ROUTER.fetch(Event(delivery.to_record(), event=delivery.event, delivery_id=delivery.id)):
        metrics.DELIVERIES.labels(name, "nothing to do").inc()
        return web.Response(status=202, text="nothing to do\n")
    await jobs.start(delivery)
    metrics.DELIVERIES.labels(name, "stored").inc()
    with logs.about(**delivery.subject):
        log.info("stored %s %s", delivery.event, delivery.action)
    return web.Response(status=202, text="stored\n")


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether GitHub, who shares the secret, signed these bytes; compared in constant time.

    https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries
    """
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape"))


async def _body(request: web.Request) -> bytes:
    """The raw bytes, within the application's size limit (413) and a time limit (408)."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout(text="the body did not arrive in time\n") from None


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest(text="the body is not JSON\n") from None


def _delivery(guid: str, name: str, payload: Any) -> Delivery:
    try:
        return Delivery.from_payload(guid, name, payload)
    except ValueError as error:
        raise web.HTTPBadRequest(text=f"{error}\n") from None
