"""Git's smart HTTP, by git's own `http-backend`."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process

from aiohttp import web

from tests.github.auth import Actor
from tests.github.errors import Refusal
from tests.github.git import ENVIRONMENT
from tests.github.model import Repository

SERVICES = {"info/refs", "git-upload-pack"}
CHUNK = 65_536


def check(actor: Actor, repository: Repository | None, service: str) -> Repository:
    """The repository, where the actor may fetch from it. Raises Refusal otherwise."""
    if repository is None or (
        repository.private and actor.kind != "anonymous" and not actor.reaches(repository)
    ):
        if actor.kind == "anonymous":
            raise unauthorized()
        raise Refusal(404, "Repository not found.")
    if not actor.may(repository, "contents", "read"):
        if actor.kind == "anonymous":
            raise unauthorized()
        raise Refusal(403, "Write access to repository not granted.")
    if service not in SERVICES:
        raise Refusal(403, "The stand-in takes no pushes: commit with Repository.git.commit")
    return repository


def unauthorized() -> Refusal:
    """git asks its user for a password when it sees this."""
    return Refusal(
        401,
        "Invalid username or token.",
        headers={"WWW-Authenticate": 'Basic realm="GitHub"'},
    )


async def serve(
    request: web.Request, repository: Repository, service: str, *, cut: bool = False
) -> web.StreamResponse:
    """Streams what http-backend says; with `cut`, ends the connection in the middle of it."""
    path = repository.git.path
    body = await request.read()
    environment = ENVIRONMENT | {
        "GIT_PROJECT_ROOT": str(path.parent),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": f"/{path.name}/{service}",
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.query_string,
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        "REMOTE_ADDR": "127.0.0.1",
    }
    process = await asyncio.create_subprocess_exec(
        "git", "http-backend", stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment
    )
    try:
        feeding = asyncio.create_task(_feed(process, body))
        response = await _answer(request, process, cut=cut)
        await feeding
        if cut:
            process.kill()
        await process.wait()
        return response
    except BaseException:
        # a process that nobody reads from any more is never seen to end: its pipes have to be closed first
        process._transport.close()  # type: ignore[attr-defined]
        await process.wait()
        raise


async def _feed(process: Process, body: bytes) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(body)
        await process.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        pass  # it answered without reading all of the request
    finally:
        process.stdin.close()


async def _answer(request: web.Request, process: Process, *, cut: bool) -> web.StreamResponse:
    assert process.stdout is not None
    response = web.StreamResponse()
    while line := (await process.stdout.readline()).decode().strip():
        name, _, value = line.partition(": ")
        if name == "Status":
            response.set_status(int(value.split()[0]))
        else:
            response.headers[name] = value
    await response.prepare(request)
    while chunk := await process.stdout.read(CHUNK):
        if cut:
            await response.write(chunk[: len(chunk) // 2])
            abort(request)
            return response
        await response.write(chunk)
    await response.write_eof()
    return response


def abort(request: web.Request) -> None:
    """Ends the connection as a broken network would."""
    if request.transport is not None:
        request.transport.abort()
