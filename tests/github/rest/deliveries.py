"""The App's webhook deliveries: what became of each attempt, and sending one again."""

from __future__ import annotations

from urllib.parse import urlencode

from tests.github.accounts import time
from tests.github.contract import Json, filled
from tests.github.deliveries import Attempt
from tests.github.errors import Refusal
from tests.github.rest import Answer, Call, found, operation


@operation("apps/list-webhook-deliveries", needs="app")
def list_deliveries(call: Call) -> list[Json]:
    """The newest first, in pages that a cursor leads through."""
    attempts = sorted(call.state.attempts, key=lambda attempt: attempt.id, reverse=True)
    if (wanted := call.query.get("status")) is not None:
        attempts = [each for each in attempts if each.succeeded == (wanted == "success")]
    if (cursor := call.query.get("cursor")) is not None:
        if not cursor.startswith("v1_"):
            raise Refusal(400, "The cursor is invalid")
        attempts = [each for each in attempts if each.id < int(cursor.removeprefix("v1_"))]
    size = min(max(int(call.query.get("per_page", 30)), 1), 100)
    page = attempts[:size]
    if len(attempts) > size:
        call.links = {"next": f"{call.url}?{urlencode(call.query | {'cursor': f'v1_{page[-1].id}'})}"}
    return [filled("hook-delivery-item", _body(each)) for each in page]


@operation("apps/redeliver-webhook-delivery", needs="app", status=202)
def redeliver(call: Call) -> Answer:
    attempt = found(call.state.attempts, lambda each: each.id == call.path["delivery_id"])
    call.state.send_again(attempt)
    return Answer(202, {})


def _body(attempt: Attempt) -> Json:
    payload = attempt.delivery.payload
    return {
        "id": attempt.id,
        "guid": attempt.delivery.guid,
        "delivered_at": time(attempt.at),
        "redelivery": attempt.again,
        "duration": 0.1,
        "status": "OK" if attempt.succeeded else f"Invalid HTTP Response: {attempt.delivery.status}",
        "status_code": attempt.delivery.status,
        "event": attempt.delivery.event,
        "action": payload.get("action"),
        "installation_id": (payload.get("installation") or {}).get("id"),
        "repository_id": (payload.get("repository") or {}).get("id"),
    }
