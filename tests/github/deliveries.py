"""Sending webhooks, as GitHub does."""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from tests.github.contract import ContractError, Json

# https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks
ANSWER_WITHIN = 10
MAX_PAYLOAD = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook as it was sent, and what came back; `status` is 0 when nothing did."""

    guid: str
    event: str
    payload: Json
    url: str
    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a delivery, as GitHub lists it for the App."""

    id: int
    at: datetime
    delivery: Delivery
    again: bool

    @property
    def succeeded(self) -> bool:
        return 200 <= self.delivery.status < 300


def signature(secret: str, body: bytes, algorithm: str = "sha256") -> str:
    """https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries"""
    return f"{algorithm}={hmac.new(secret.encode(), body, algorithm).hexdigest()}"


async def send(
    event: str,
    payload: Json,
    url: str,
    *,
    guid: str | None,
    secret: str,
    app_id: int,
    headers: Mapping[str, str],
) -> Delivery:
    """Signs and posts a payload. `headers` replace GitHub's own; an empty one is left out."""
    body = json.dumps(payload, separators=(",", ":")).encode()
    if len(body) > MAX_PAYLOAD:
        raise ContractError("GitHub sends no payload of more than 25 MB")
    guid = guid or str(uuid.uuid4())
    sent = {
        "Accept": "*/*",
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/0000001",
        "X-GitHub-Delivery": guid,
        "X-GitHub-Event": event,
        "X-GitHub-Hook-ID": "1",
        "X-GitHub-Hook-Installation-Target-ID": str(app_id),
        "X-GitHub-Hook-Installation-Target-Type": "integration",
        "X-Hub-Signature": signature(secret, body, "sha1"),
        "X-Hub-Signature-256": signature(secret, body),
    }
    sent = {name: value for name, value in (sent | dict(headers)).items() if value}
    timeout = aiohttp.ClientTimeout(total=ANSWER_WITHIN)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, data=body, headers=sent, allow_redirects=False) as answer,
        ):
            return Delivery(
                guid, event, payload, url, answer.status, dict(answer.headers), await answer.text()
            )
    except (aiohttp.ClientError, TimeoutError) as error:
        return Delivery(guid, event, payload, url, 0, {}, str(error))
