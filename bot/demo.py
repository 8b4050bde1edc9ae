"""`rubricate demo`: the whole path on this machine, from a webhook to the review that stands on the pull request."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from aiohttp import web

from bot.app import make_app
from bot.config import Config
from bot.demo_page import show
from checks.errors import UserError

if TYPE_CHECKING:
    from tests.github import Github, PullRequest, Repository

CHECKOUT = Path(__file__).parent.parent
EXAMPLES = CHECKOUT / "examples"
NOT_COPIED = ("defects", "__pycache__", ".*_cache", "*.sqlite3", "*.egg-info", ".venv", "node_modules")
LONGEST_WAIT = 120
TITLE = "Import books from suppliers, with a quick mode"


def main(*, plain: bool = False) -> int:
    """Run the demo; 0 when every planted defect was found, 1 when not. Raises `UserError` outside a checkout."""
    if not (EXAMPLES / "defects" / "defects.patch").exists() or not (CHECKOUT / "tests" / "github").exists():
        raise UserError(
            "the demo needs the source checkout, with its examples/ and tests/: run `make demo` there"
        )
    if shutil.which("git") is None:
        raise UserError("the demo needs git, which is not on the PATH")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with _ended_by_sigterm():
        return asyncio.run(_demo(plain))


async def _demo(plain: bool) -> int:
    with tempfile.TemporaryDirectory(prefix="rubricate-demo-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        async with _github(root / "github") as github, _app(github, root / "app") as url:
            _say(f"The App waits for webhooks at {url}/webhooks/github")
            repository, pull = _open_pull_request(github, root)
            _say(f"{repository.full_name}#{pull.number} is open: {pull.title}")
            started = time.monotonic()
            delivery = await github.deliver(
                "pull_request",
                github.payload("pull_request", "opened", pull=pull),
                url=f"{url}/webhooks/github",
            )
            _say(f"The signed webhook was answered with {delivery.status}")
            await _reviewed(github)
            _say(f"Reviewed after {time.monotonic() - started:.1f} s")
            expected = json.loads((EXAMPLES / "defects" / "expected.json").read_text(encoding="utf-8"))
            return show(github, pull, expected, plain=plain)


@contextlib.asynccontextmanager
async def _github(folder: Path) -> AsyncIterator[Github]:
    """The stand-in of the tests: real git over HTTP, and GitHub's own refusals."""
    if str(CHECKOUT) not in sys.path:
        sys.path.append(str(CHECKOUT))
    standin = importlib.import_module("tests.github")
    async with standin.Github(folder) as github:
        _say(f"A stand-in for GitHub listens at {github.url}")
        yield github


@contextlib.asynccontextmanager
async def _app(github: Github, folder: Path) -> AsyncIterator[str]:
    """The App on its embedded default, SQLite, on a free port."""
    folder.mkdir()
    config = Config(
        app_id=str(github.app_id),
        private_key=github.private_key_pem,
        webhook_secret=github.webhook_secret,
        data_dir=folder,
        github_url=github.url,
        api_url=github.api_url,
    )
    runner = web.AppRunner(make_app(config), access_log=None)
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _open_pull_request(github: Github, root: Path) -> tuple[Repository, PullRequest]:
    """A repository of the examples, and a branch on it with the patch that plants the defects."""
    tree = root / "tree"
    shutil.copytree(EXAMPLES, tree, ignore=shutil.ignore_patterns(*NOT_COPIED))
    before = _files(tree)
    patch = EXAMPLES / "defects" / "defects.patch"
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CEILING_DIRECTORIES": str(root)}
    subprocess.run(["git", "apply", str(patch)], cwd=tree, env=environment, check=True, capture_output=True)
    after = _files(tree)
    changed = {
        path: after.get(path) for path in before.keys() | after.keys() if before.get(path) != after.get(path)
    }
    repository = github.add_repository("rubricate-demo/bookshop", files=before)
    github.commit(repository, "import-from-suppliers", changed, start="main", message=TITLE)
    return repository, github.open_pull_request(repository, "main", "import-from-suppliers", title=TITLE)


def _files(tree: Path) -> dict[str, bytes]:
    paths = (path for path in sorted(tree.rglob("*")) if path.is_file())
    return {path.relative_to(tree).as_posix(): path.read_bytes() for path in paths}


async def _reviewed(github: Github) -> None:
    """Wait for the check run to be completed, which is the App's last word."""
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            while not any(run.status == "completed" for run in github.check_runs):
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise UserError(f"no review after {LONGEST_WAIT} seconds: is this machine very busy?") from None


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends the demo as Ctrl-C does: in good order."""

    def interrupt(number: int, frame: object) -> None:
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say(text: str) -> None:
    click.echo(text, err=True)
