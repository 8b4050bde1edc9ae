"""`rubricate serve` and `rubricate worker` as a user starts them: processes with settings in the environment."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from tests.bot.conftest import World

RUBRICATE = (sys.executable, "-I", "-m", "checks")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_for(world: World, folder: Path, **changes: str) -> dict[str, str]:
    """All that a process is told: of a stand-in, a data folder and a port of its own."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder.parent),
        "RUBRICATE_APP_ID": str(world.github.app_id),
        "RUBRICATE_PRIVATE_KEY": world.github.private_key_pem.replace("\n", "\\n"),
        "RUBRICATE_WEBHOOK_SECRET": world.github.webhook_secret,
        "RUBRICATE_DATA_DIR": str(folder),
        "RUBRICATE_GITHUB_URL": world.github.url,
        "RUBRICATE_GITHUB_API_URL": world.github.api_url,
        "RUBRICATE_PORT": str(free_port()),
        **{f"RUBRICATE_{name.upper()}": value for name, value in changes.items()},
    }


class Running:
    """One command at work."""

    def __init__(self, command: str, settings: Mapping[str, str], log: Path) -> None:
        self.log = log
        self.url = f"http://127.0.0.1:{settings['RUBRICATE_PORT']}"
        with log.open("wb") as file:
            self.process = subprocess.Popen([*RUBRICATE, command], env=dict(settings), stderr=file)

    async def ask(self, path: str, method: str = "GET") -> tuple[int, str]:
        """What its port answers; 0 where nobody does."""
        async with aiohttp.ClientSession() as session:
            try:
                async with session.request(method, f"{self.url}{path}") as answer:
                    return answer.status, await answer.text()
            except aiohttp.ClientError:
                return 0, ""

    async def is_ready(self, world: World) -> None:
        """Wait until it says that it is."""
        for _ in range(600):
            if (await self.ask("/readyz"))[0] == 200:
                break
            assert self.process.poll() is None, self.log.read_text()
            await asyncio.sleep(0.05)
        world.url = self.url

    def stop(self) -> tuple[int, float]:
        """SIGTERM: the exit code, and after how many seconds."""
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30), time.monotonic() - started
