"""The HTTP server: from a request to an answer that GitHub's description allows."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import traceback
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from tests.github import contract, graphql, smart_http
from tests.github import web as pages
from tests.github.auth import ANONYMOUS, Actor
from tests.github.bodies import Bodies
from tests.github.contract import ContractError, Json, Operation
from tests.github.errors import Refusal, not_accessible, not_found
from tests.github.faults import Fault, Faults
from tests.github.limits import Limits
from tests.github.rest import Answer, Call, Handler, handlers
from tests.github.smart_http import abort
from tests.github.state import State

API, GRAPHQL = "/api/v3", "/api/graphql"
MAX_REQUEST = 64 * 1024 * 1024
DOCUMENTATION = "https://docs.github.com/rest"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was seen: `path` is below the API's base, `operation` GitHub's name for what was asked."""

    method: str
    path: str
    query: Mapping[str, str]
    status: int
    actor: str
    operation: str
    body: Any
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is read of a request before it is answered."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    raw: bytes
    url: str


class Server:
    """Answers on a port of 127.0.0.1. Requests take effect one at a time, on a thread of their own."""

    def __init__(self, state: State, limits: Limits, faults: Faults) -> None:
        self.state = state
        self.limits = limits
        self.faults = faults
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.errors: list[str] = []
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._worker = ThreadPoolExecutor(1, "github")

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=MAX_REQUEST)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
        self._worker.shutdown()

    @property
    def bodies(self) -> Bodies:
        return Bodies(self.url, self.url + API)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        # `rel_url.raw_path` would keep the percent-encoding that path parameters come with
        path = request.path.removeprefix(API) if request.path.startswith(API + "/") else request.path
        fault = self.faults.take(request.method, path)
        if fault is not None and fault.delay:
            await asyncio.sleep(fault.delay)
        if fault is not None and fault.kind == "reset":
            self._record(request.method, path, request, 0, "reset")
            abort(request)
            return web.Response()
        if fault is not None and fault.kind == "status" and not fault.applied:
            self._record(request.method, path, request, fault.status, "fault")
            return _faulted(fault)
        if path.partition(".git/")[1] and not request.path.startswith(("/api/",)):
            return await self._git(request, path, fault)
        if not request.path.startswith("/api/") and pages.is_there(request.method, path):
            return await self._page(request)
        incoming = Incoming(
            request.method,
            path,
            dict(request.query),
            {name.lower(): value for name, value in request.headers.items()},
            await request.read(),
            self.url + request.path,
        )
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._worker, self._answer, incoming, request.path)
        return await self._send(request, answer, fault)

    async def _send(self, request: web.Request, answer: Answer, fault: Fault | None) -> web.StreamResponse:
        if fault is not None and fault.kind == "status":
            return _faulted(fault)
        if fault is not None and fault.kind == "cut":
            abort(request)
            return web.Response()
        body = answer.body if isinstance(answer.body, bytes) else b""
        headers = dict(answer.headers)
        if body or answer.status not in {204, 304}:
            headers["Content-Type"] = answer.content_type
        if fault is not None and fault.kind == "truncate":
            response = web.StreamResponse(status=answer.status, headers=headers)
            response.content_length = len(body)
            await response.prepare(request)
            await response.write(body[: len(body) // 2])
            abort(request)
            return response
        return web.Response(status=answer.status, body=body, headers=headers)

    async def _git(self, request: web.Request, path: str, fault: Fault | None) -> web.StreamResponse:
        name, _, service = path.strip("/").partition(".git/")
        actor = ANONYMOUS
        try:
            actor = self.state.keyring.actor(
                request.headers.get("Authorization"), self.state.app, self.state.now()
            )
            repository = smart_http.check(actor, self.state.repositories.get(name.lower()), service)
        except Refusal as refusal:
            if refusal.status == 401:
                refusal = smart_http.unauthorized()
            self._record(request.method, path, request, refusal.status, actor.name)
            return web.Response(status=refusal.status, text=refusal.message, headers=refusal.headers)
        self._record(request.method, path, request, 200, actor.name)
        cut = fault is not None and fault.kind in {"truncate", "cut"}
        return await smart_http.serve(request, repository, service, cut=cut)

    async def _page(self, request: web.Request) -> web.StreamResponse:
        """One of the pages that people open in a browser."""
        form = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        visit = pages.Visit(self.state, self.url, request.path, dict(request.query), form)
        with self.state.lock:
            answer = pages.answer(request.method, visit)
        self.violations.extend(visit.violations)
        self._record(request.method, request.path, request, answer.status, self.state.visitor)
        return await self._send(request, answer, None)

    def _record(self, method: str, path: str, request: web.Request, status: int, actor: str) -> None:
        query = dict(request.query)
        self.requests.append(Request(method, path, query, status, actor, "", None, self.state.now()))

    # From here on: on the worker's thread.

    def _answer(self, incoming: Incoming, full_path: str) -> Answer:
        with self.state.lock:
            exchange = _Exchange(self, incoming)
            try:
                answer = exchange.graphql() if full_path == GRAPHQL else exchange.rest()
            except Refusal as refusal:
                answer = exchange.refused(refusal)
            except Exception:
                self.errors.append(traceback.format_exc())
                logging.getLogger("github").exception("the stand-in failed")
                answer = Answer(500, json.dumps({"message": "The stand-in failed"}).encode())
            self.requests.append(exchange.record(answer.status))
            return answer


class _Exchange:
    """One request of the API, on its way to an answer."""

    def __init__(self, server: Server, incoming: Incoming) -> None:
        self.server = server
        self.state = server.state
        self.incoming = incoming
        self.now = server.state.now()
        self.actor: Actor = ANONYMOUS
        self.operation: Operation | None = None
        self.name = ""
        self.body: Any = None

    def record(self, status: int) -> Request:
        incoming = self.incoming
        return Request(
            incoming.method,
            incoming.path,
            incoming.query,
            status,
            self.actor.name,
            self.name,
            self.body,
            self.now,
            {name: value for name, value in incoming.headers.items() if name != "authorization"},
        )

    def violated(self, fault: str) -> None:
        self.server.violations.append(f"{self.incoming.method} {self.incoming.path}: {fault}")

    def rest(self) -> Answer:
        found = contract.match(self.incoming.method, self.incoming.path)
        if found is None:
            self.violated("no such operation in the contract")
            raise not_found()
        self.operation, path = found
        self.name = self.operation.id
        self._parse()
        faults = contract.parameter_faults(self.operation, path, self.incoming.query)
        faults += contract.body_faults(self.operation, self.body)
        for fault in faults:
            self.violated(fault)
        self._authenticate()
        if self.name != "rate-limit/get":
            self.server.limits.count(self.actor, self.now)
        handler = handlers()[self.operation.id]
        call = self._call(path)
        authorize(call, handler)
        if faults:
            raise Refusal(422, "Invalid request.\n\n" + "\n".join(faults))
        if handler.creates:
            self.server.limits.create(self.actor, self.now)
        answer = handler.function(call)
        if not isinstance(answer, Answer):
            answer = Answer(handler.status, answer)
        return self._finished(answer, call)

    def _parse(self) -> None:
        raw = self.incoming.raw
        if not raw:
            self.body = {} if self.incoming.method != "GET" else None
            return
        try:
            self.body = json.loads(raw)
        except ValueError:
            self.violated("the body is no JSON")
            raise Refusal(400, "Problems parsing JSON") from None

    def _authenticate(self) -> None:
        headers = self.incoming.headers
        if not headers.get("user-agent"):
            self.violated("no User-Agent")
            raise Refusal(
                403,
                "Request forbidden by administrative rules. Please make sure your request has a User-Agent",
            )
        self.actor = self.state.keyring.actor(headers.get("authorization"), self.state.app, self.now)

    def _call(self, path: Mapping[str, str]) -> Call:
        assert self.operation is not None
        kinds = {parameter.name: parameter for parameter in self.operation.parameters}
        query = {
            name: contract.coerce(kinds[name], text)
            for name, text in self.incoming.query.items()
            if name in kinds
        }
        return Call(
            state=self.state,
            bodies=self.server.bodies,
            limits=self.server.limits,
            actor=self.actor,
            operation=self.operation,
            path={name: contract.coerce(kinds[name], text) for name, text in path.items()},
            query=query,
            body=self.body if isinstance(self.body, dict) else {},
            accept=self.incoming.headers.get("accept", ""),
            url=self.incoming.url,
        )

    def _finished(self, answer: Answer, call: Call) -> Answer:
        headers = self._headers() | dict(answer.headers)
        if isinstance(answer.body, bytes):
            return Answer(answer.status, answer.body, headers, answer.content_type)
        assert self.operation is not None
        contract.check_answer(self.operation, answer.status, answer.body)
        body = b"" if answer.body is None else json.dumps(answer.body).encode()
        if call.links:
            headers["Link"] = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in call.links.items())
        if self.incoming.method == "GET" and answer.status == 200:
            headers["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()}"'
            if self.incoming.headers.get("if-none-match") == headers["ETag"]:
                self.server.limits.uncount(self.actor)
                return Answer(304, b"", headers | self._headers())
        return Answer(answer.status, body, headers)

    def _headers(self) -> dict[str, str]:
        return {
            "X-GitHub-Request-Id": uuid.uuid4().hex[:20].upper(),
            "X-GitHub-Media-Type": "github.v3; format=json",
            "Server": "github.com",
            **self.server.limits.headers(self.actor, self.now),
        }

    def refused(self, refusal: Refusal) -> Answer:
        body: Json = {
            "message": refusal.message,
            "documentation_url": self.operation.documentation if self.operation else DOCUMENTATION,
        }
        if refusal.errors:
            body["errors"] = refusal.errors
        else:
            body["status"] = str(refusal.status)
        if self.operation is not None:
            try:
                contract.check_answer(self.operation, refusal.status, body)
            except ContractError as error:
                self.server.errors.append(str(error))
        return Answer(refusal.status, json.dumps(body).encode(), self._headers() | refusal.headers)

    def graphql(self) -> Answer:
        self.name = "graphql"
        if self.incoming.method != "POST":
            raise not_found()
        self._parse()
        self._authenticate()
        if self.actor.kind in {"anonymous", "app"}:
            raise Refusal(401, "This endpoint requires you to be authenticated.")
        try:
            self.server.limits.count(self.actor, self.now)
        except Refusal as refusal:  # GraphQL says so with status 200
            body = {"errors": [{"type": "RATE_LIMITED", "message": refusal.message}]}
            return Answer(200, json.dumps(body).encode(), self._headers())
        execution = graphql.Execution(
            self.state, self.server.bodies, self.server.limits, self.actor, self.violated
        )
        answer = execution.run(self.body)
        self.name = f"graphql {execution.names}".strip()
        return Answer(200, json.dumps(answer).encode(), self._headers())


def authorize(call: Call, handler: Handler) -> None:
    """Raises Refusal when the actor may not do what the operation does.

    https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#404-not-found-for-an-existing-resource
    """
    actor, needs = call.actor, handler.needs
    if needs == "app":
        if actor.kind != "app":
            raise Refusal(401, "A JSON web token could not be decoded")
        return
    if actor.kind == "app":
        raise not_accessible()
    if not needs:
        return
    repository = call.repository
    if repository.private and not actor.reaches(repository):
        raise not_found()
    names, _, level = needs.partition(":")
    if any(actor.may(repository, name, level) for name in names.split("|")):
        return
    if actor.kind == "anonymous":
        raise Refusal(401, "Requires authentication")
    raise not_accessible()


def _faulted(fault: Fault) -> web.Response:
    body = {"message": fault.message, "documentation_url": DOCUMENTATION}
    return web.json_response(body, status=fault.status, headers=dict(fault.headers))
