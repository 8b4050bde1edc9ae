"""The walks that people take, in a real browser: from nothing to the status page, and what a phone shows of it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Browser, Page, Request, async_playwright

from bot import credentials
from bot.pages.overview import Overview
from tests.bot.conftest import World
from tests.bot.pages.conftest import OWNER, free_port
from tests.bot.pages.test_status import overview_of
from tests.github import Github
from tests.needs import require_browser

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
# Names lead nowhere: what a page would load from elsewhere fails, and is seen.
FLAGS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
BAD = "fine = 1\nbad = 2  # DEFECT bad high\n"


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    program = require_browser()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


async def open_page(chromium: Browser, size: dict[str, int], complaints: list[str]) -> Page:
    """A window without scripts allowed, in which everything that the browser complains of is noted."""
    context = await chromium.new_context(viewport=size, java_script_enabled=False)  # type: ignore[arg-type]
    page = await context.new_page()
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.extend(_failures(request)))
    page.set_default_timeout(15_000)
    return page


def _failures(request: Request) -> list[str]:
    """What could not be loaded, but for what nobody waited for any more."""
    return [f"{request.url} {request.failure}"] if request.failure != "net::ERR_ABORTED" else []


async def fits(page: Page) -> bool:
    """Whether the page is no wider than the window."""
    width: int = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width <= 0


async def test_from_an_empty_server_to_the_status_page(
    github: Github, chromium: Browser, tmp_path: Path
) -> None:
    port = free_port()
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "RUBRICATE_DATA_DIR": str(tmp_path / "data"),
        "RUBRICATE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "RUBRICATE_PORT": str(port),
        "RUBRICATE_GITHUB_URL": github.url,
        "RUBRICATE_GITHUB_API_URL": github.api_url,
    }
    github.add_member(OWNER, "mona")
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", "checks", "serve"), env=env, stderr=asyncio.subprocess.PIPE
    )
    log = _Log(server)
    complaints: list[str] = []
    try:
        code = (await log.until(r"one-time code (\S+)"))[1]
        page = await open_page(chromium, PHONE, complaints)
        await until_answered(f"{env['RUBRICATE_PUBLIC_URL']}/healthz")
        await page.goto(f"{env['RUBRICATE_PUBLIC_URL']}/")
        await page.get_by_label("Code").fill(code)
        await page.get_by_label("Organization").fill(OWNER)
        await page.get_by_role("button", name="Go on").click()
        await page.get_by_role("button", name="Register on GitHub").click()
        await page.get_by_role("button", name=f"Create GitHub App for {OWNER}").click()
        assert "is registered" in (await page.get_by_role("heading", level=1).text_content() or "")
        install = await page.get_by_role("link", name="Install it").get_attribute("href")
        assert install == f"{github.url}/github-apps/rubricate/installations/new"
        await until_answered(f"{env['RUBRICATE_PUBLIC_URL']}/readyz")
        github.install(OWNER)
        await page.get_by_role("link", name="Open Rubricate").click()
        await page.get_by_role("link", name="Sign in with GitHub").click()
        await page.get_by_role("button", name="Authorize as mona").click()
        assert await page.get_by_role("heading", level=1).text_content() == "Status"
        assert await page.get_by_role("cell", name=OWNER).count() == 1
    finally:
        if server.returncode is None:
            server.send_signal(signal.SIGTERM)
        await server.wait()
        await log.ended()
    assert server.returncode == 0
    assert complaints == []
    assert (tmp_path / "data" / credentials.FILE).stat().st_mode & 0o077 == 0
    for secret in (github.state.app.client_secret, github.webhook_secret, "PRIVATE KEY", "ghu_"):
        assert secret not in log.text


async def test_the_status_page_on_a_desk_and_on_a_phone(shown: World, chromium: Browser) -> None:
    names = ["feature", "broken"]
    pulls = [
        shown.open({"new.py": text}, name)
        for text, name in zip((BAD, "fine = 1  # EXIT 3\n"), names, strict=True)
    ]
    complaints: list[str] = []
    async with shown.app():
        for pull in pulls:
            await shown.hear(pull)
        desk = await open_page(chromium, DESK, complaints)
        await desk.goto(shown.url)
        await desk.get_by_role("link", name="Sign in with GitHub").click()
        await desk.get_by_role("button", name="Authorize as mona").click()
        assert await desk.locator("#reviews tbody tr").count() == 2
        shown.github.webhook_url = f"{shown.url}/webhooks/github"
        await desk.get_by_role("button", name="Redeliver").click()
        assert "asked to send" in (await desk.get_by_role("status").text_content() or "")
        await shown.until(lambda: len(shown.github.deliveries) == 3)
        await shown.settle()
        await desk.set_viewport_size(PHONE)  # type: ignore[arg-type]
        await desk.goto(shown.url)
        assert await desk.locator("#reviews tbody tr").count() == 3
        assert await fits(desk)
        assert await desk.locator("thead").first.is_hidden()
        await desk.get_by_role("button", name="Sign out").click()
        assert await desk.get_by_role("link", name="Sign in with GitHub").count() == 1
        assert await fits(desk)
    assert complaints == []


async def test_long_names_make_no_page_wider_than_a_phone(
    shown: World, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = iter(["a" * 100, "word " * 30])

    async def look(services: object) -> Overview:
        return overview_of(next(names))

    monkeypatch.setattr("bot.pages.status.look", look)
    complaints: list[str] = []
    page = await open_page(chromium, PHONE, complaints)
    async with shown.app():
        await page.goto(f"{shown.url}/sign-in")
        await page.get_by_role("button", name="Authorize as mona").click()
        assert "aaaa" in await page.content()
        assert await fits(page)
        await page.goto(shown.url)
        assert "word word" in await page.content()
        assert await fits(page)
    assert complaints == []


async def until_answered(url: str) -> None:
    async with asyncio.timeout(20), aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.05)


class _Log:
    """What a process writes to its stderr, as it comes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.text = ""
        self._reading = asyncio.ensure_future(self._read(process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        while line := await process.stderr.readline():
            self.text += line.decode()

    async def until(self, pattern: str) -> re.Match[str]:
        async with asyncio.timeout(20):
            while (found := re.search(pattern, self.text)) is None:
                assert not self._reading.done(), self.text
                await asyncio.sleep(0.05)
        return found

    async def ended(self) -> None:
        await self._reading
