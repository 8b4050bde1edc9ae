"""The webhook's door: who may come in, and what is kept of it."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import hmac
import io
import json
from typing import Any

import aiohttp
import pytest
from dbos import DBOS

from bot.config import MEGABYTE
from bot.web import LARGEST_PAYLOAD, is_signed
from tests.bot.conftest import World

SECRET = "It's a Secret to Everybody"


def test_githubs_own_example_of_a_signature_is_accepted() -> None:
    signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert is_signed(b"Hello, World!", signature, SECRET)
    assert not is_signed(b"Hello, World?", signature, SECRET)


async def send(world: World, body: bytes, **headers: str) -> tuple[int, str]:
    signature = hmac.new(world.config.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    sent = {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-GitHub-Event": "pull_request",
        "X-Hub-Signature-256": f"sha256={signature}",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in sent.items() if value}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{world.url}/webhooks/github", data=io.BytesIO(body), headers=sent) as answer,
    ):
        return answer.status, await answer.text()


async def test_refusals(world: World) -> None:
    body = json.dumps({"action": "opened"}).encode()
    sha1 = "sha1=" + hmac.new(SECRET.encode(), body, hashlib.sha1).hexdigest()
    async with world.app():
        assert await send(world, body, X_Hub_Signature_256="") == (401, "the signature is missing\n")
        assert (await send(world, body, X_Hub_Signature_256="sha256=00"))[0] == 401
        assert (await send(world, body, X_Hub_Signature_256="", X_Hub_Signature=sha1))[0] == 401
        assert (await send(world, body, X_Hub_Signature_256=sha1))[0] == 401
        assert (await send(world, body, X_GitHub_Event=""))[0] == 400
        assert (await send(world, body, X_GitHub_Delivery=""))[0] == 400
        assert (await send(world, body, X_GitHub_Delivery="review/1/2"))[0] == 400
        assert (await send(world, body, Content_Type="application/x-www-form-urlencoded"))[0] == 415
        assert await DBOS.list_workflows_async() == []


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"[" * 1_000_000,
        b'{"a":' * 1_000_000,
        b'{"number": ' + b"9" * 10_000 + b"}",
        b"\xff\xfe",
        b'{"action": {"deeply": 1}}',
        b'{"action": ["opened"]}',
        b'{"action": "opened", "pull_request": {"number": true}}',
        b'{"action": "opened", "pull_request": {"head": {"sha": "--upload-pack=x"}}}',
        b'{"action": "opened", "repository": {"full_name": "octo/../../etc"}}',
        b'{"action": "opened", "repository": {"full_name": "octo/.."}}',
        b'{"action": "opened", "repository": "octo"}',
        b'{"repositories_removed": {"id": 1}}',
    ],
    ids=lambda payload: payload[:40].decode("latin-1"),
)
async def test_a_signed_body_that_is_no_payload_is_refused(world: World, payload: bytes) -> None:
    async with world.app():
        status, text = await send(world, payload)
        assert status == 400
        assert text.endswith("\n")
        assert (await send(world, b"{}", X_GitHub_Event="ping"))[0] == 200  # it lives on


async def test_an_oversized_body_is_refused(world: World) -> None:
    async with world.app():
        status, _ = await send(world, b" " * (LARGEST_PAYLOAD + 1))
    assert status == 413


async def status_of(world: World, length: str, *body: bytes) -> str:
    """What a request gets whose body is written piece by piece, and not to its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(world.url.rpartition(":")[2]))
    head = f"POST /webhooks/github HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: sha256=00\r\n{length}\r\n\r\n"
    for piece in (head.encode(), *body):
        writer.write(piece)
        await writer.drain()
    answer = await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    return answer.split()[1].decode()


async def test_an_oversized_body_that_does_not_tell_its_length_is_refused(world: World) -> None:
    piece = f"{MEGABYTE:x}\r\n".encode() + bytes(MEGABYTE) + b"\r\n"
    async with world.app():
        pieces = [piece] * (LARGEST_PAYLOAD // MEGABYTE + 1)
        assert await status_of(world, "Transfer-Encoding: chunked", *pieces) == "413"
        assert (await send(world, b"{}", X_GitHub_Event="ping"))[0] == 200


async def test_a_body_that_does_not_arrive_is_not_waited_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web.BODY_SECONDS", 0.2)
    async with world.app():
        assert await status_of(world, "Content-Length: 100", b"{") == "408"
        assert (await send(world, b"{}", X_GitHub_Event="ping"))[0] == 200


async def test_a_compressed_body_is_not_unpacked(world: World) -> None:
    bomb, small = gzip.compress(bytes(64 * MEGABYTE)), b'{"action": "opened"}'
    signature = f"sha256={hmac.new(world.config.webhook_secret.encode(), small, hashlib.sha256).hexdigest()}"
    async with world.app():
        assert (await send(world, bomb, Content_Encoding="gzip", X_Hub_Signature_256="sha256=00"))[0] == 401
        packed = gzip.compress(small)
        assert (await send(world, packed, Content_Encoding="gzip", X_Hub_Signature_256=signature))[0] == 401
        assert (await send(world, b"{}", X_GitHub_Event="ping"))[0] == 200


async def test_a_ping_is_answered_and_not_stored(world: World) -> None:
    async with world.app():
        assert (await world.deliver("ping", "")).status == 200
        assert await DBOS.list_workflows_async() == []


async def test_an_event_without_a_handler_is_taken_and_not_stored(world: World) -> None:
    pull = world.open({"new.py": "fine = 1\n"})
    async with world.app():
        delivery = await world.deliver("pull_request", "converted_to_draft", pull=pull)
        assert (delivery.status, delivery.body) == (202, "nothing to do\n")
        assert await DBOS.list_workflows_async() == []


async def test_what_is_kept_of_a_delivery_is_names_and_numbers(world: World) -> None:
    pull = world.open({"new.py": "secret_code = 1  # DEFECT name\n"}, title="A title to be forgotten")
    async with world.app():
        delivery = await world.hear(pull)
        kept = await DBOS.list_workflows_async()
        steps = [step for each in kept for step in await DBOS.list_workflow_steps_async(each.workflow_id)]
    record = next(each.input["args"][0] for each in kept if each.workflow_id == delivery.guid and each.input)
    assert record == {
        "id": delivery.guid,
        "event": "pull_request",
        "action": "opened",
        "installation": world.repository.installation.id if world.repository.installation else None,
        "repository": world.repository.id,
        "full_name": "octo/shop",
        "number": pull.number,
        "head": pull.head_sha,
        "base": pull.base_sha,
        "draft": False,
        "removed": [],
        "person": "mona",
        "comment": 0,
        "says": "",
        "button": "",
        "run": "",
        "suite": 0,
        "group": False,
        "changed": [],
        "added": [],
    }
    everything = repr(kept) + repr(steps)
    assert "to be forgotten" not in everything
    assert "secret_code" not in everything
    assert "ghs_" not in everything
    assert "ghs_" not in (world.config.data_dir / "jobs.sqlite3").read_bytes().decode("latin-1")


async def test_health_tells_that_it_lives_and_is_ready(world: World) -> None:
    async with world.app(), aiohttp.ClientSession() as session:
        answer = await _get(session, f"{world.url}/readyz")
        assert answer == (200, {"ready": True, "database": True, "queue": True})


async def test_health_says_when_the_database_is_gone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken() -> None:
        raise OSError("no database")

    async with world.app(), aiohttp.ClientSession() as session:
        monkeypatch.setattr(DBOS, "list_queues_async", broken)
        status, told = await _get(session, f"{world.url}/readyz")
        async with session.get(f"{world.url}/healthz") as alive:
            assert alive.status == 200
    assert (status, told["ready"], told["database"]) == (503, False, False)


async def _get(session: aiohttp.ClientSession, url: str) -> tuple[int, Any]:
    async with session.get(url) as answer:
        return answer.status, await answer.json()
