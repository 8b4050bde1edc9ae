"""The App with an address for people, a browser that follows no link by itself, and a real one."""

from __future__ import annotations

import asyncio
import contextlib
import html
import logging
import re
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from aiohttp import web

from bot import logs
from bot.config import Config
from bot.pages.set_up import make_set_up
from tests.bot.conftest import World, config_for
from tests.github import Github

OWNER, MEMBER = "rubricate-makers", "mona"


@dataclass
class Answer:
    """What a browser would be shown."""

    status: int
    text: str
    headers: Mapping[str, str]
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def to(self) -> str:
        return self.headers.get("Location", "")

    def field(self, name: str) -> str:
        """The value of a form's field."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, self.text
        return html.unescape(found[1])

    @property
    def action(self) -> str:
        found = re.search(r'<form method="post" action="([^"]*)"', self.text)
        assert found, self.text
        return html.unescape(found[1])


class Browser:
    """Sends requests, keeps cookies, runs nothing."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session = session
        self.url = url

    async def get(self, path: str, **options: Any) -> Answer:
        return await self._send("GET", path, **options)

    async def post(
        self, path: str, form: Mapping[str, str] | aiohttp.FormData | None = None, **options: Any
    ) -> Answer:
        return await self._send("POST", path, data=form or {}, **options)

    async def _send(self, method: str, path: str, **options: Any) -> Answer:
        url = path if path.startswith("http") else self.url + path
        async with self.session.request(method, url, allow_redirects=False, **options) as answer:
            set_cookies = {line.partition("=")[0]: line for line in answer.headers.getall("Set-Cookie", [])}
            return Answer(answer.status, await answer.text(), dict(answer.headers), set_cookies)

    async def authorize(self, to: str) -> Answer:
        """Say yes on GitHub's page, and come back."""
        asked = await self.get(to)
        assert asked.status == 200, asked.text
        hidden = {name: asked.field(name) for name in ("redirect_uri", "state", "code_challenge")}
        said = await self.post(
            urlsplit(to)._replace(path="/login/oauth/authorize", query="").geturl(), hidden
        )
        return await self.get(said.to)

    async def sign_in(self) -> Answer:
        return await self.authorize((await self.get("/sign-in")).to)

    def cookie(self, name: str) -> str:
        """A cookie's value, empty where there is none."""
        return next((each.value for each in self.session.cookie_jar if each.key == name), "")


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@contextlib.asynccontextmanager
async def browsing(url: str) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield Browser(session, url)


@dataclass
class SetUpServer:
    """A server that is to be set up."""

    config: Config
    url: str
    lines: list[str]
    finished: asyncio.Event

    @property
    def said(self) -> str:
        """All of the log."""
        return "\n".join(self.lines)

    @property
    def code(self) -> str:
        """The code that the log shows last."""
        codes: list[str] = re.findall(r"one-time code (\S+)", self.said)
        return codes[-1]


class Lines(logging.Handler):
    """Keeps what is logged, as the server would write it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.Text())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """What is logged from now on, as the server would write it."""
    handler, root = Lines(), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield handler.lines
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
async def set_up_server(github: Github, tmp_path: Path, lines: list[str]) -> AsyncIterator[SetUpServer]:
    port = free_port()
    (tmp_path / "new").mkdir(mode=0o700)
    config = replace(
        config_for(github, tmp_path / "new"),
        app_id="",
        private_key="",
        webhook_secret="",
        public_url=f"http://127.0.0.1:{port}",
        port=port,
    )
    finished = asyncio.Event()
    async with served(make_set_up(config, finished.set), port):
        yield SetUpServer(config, config.public_url, lines, finished)


@contextlib.asynccontextmanager
async def served(app: web.Application, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def shown(world: World) -> World:
    """The App with its sign-in, owned by an organization that `mona` belongs to, and installed there."""
    port = free_port()
    world.config = replace(
        world.config,
        public_url=f"http://127.0.0.1:{port}",
        port=port,
        client_id=world.github.state.app.client_id,
        client_secret=world.github.state.app.client_secret,
    )
    world.github.state.app.callback_urls = [f"{world.config.public_url}/signed-in"]
    world.github.install(OWNER, {**world.github.state.app.permissions, "members": "read"})
    world.github.add_member(OWNER, MEMBER)
    return world
