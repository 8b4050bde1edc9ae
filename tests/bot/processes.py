"""The App's processes, for tests that kill, stop and pause them: a server, and workers beside it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import psycopg

from tests.bot.conftest import FAKE_JOB, World

SERVER = str(Path(__file__).with_name("server.py"))
UNFINISHED = "SELECT count(*) FROM {}workflow_status WHERE status IN ('PENDING', 'ENQUEUED')"


class Process:
    """One process of the App, with a data folder of its own."""

    def __init__(
        self, world: World, folder: Path | None = None, *, worker: bool = False, **changes: Any
    ) -> None:
        self.world = world
        self.worker = worker
        self.folder = folder or world.config.data_dir
        self.folder.mkdir(exist_ok=True)
        child = (sys.executable, "-I", FAKE_JOB, str(self.noted))
        self.config = replace(
            world.config, **{"data_dir": self.folder, "child": child, "retry_pause": 1.0, **changes}
        )
        self.settings = self.folder / "settings.json"
        self.log = self.folder / "log.txt"
        self.process: subprocess.Popen[bytes] | None = None
        self.url = ""

    @property
    def noted(self) -> Path:
        """Where the child that reviews notes that it runs."""
        return self.folder / "noted.json"

    async def start(self) -> None:
        """Start, and wait for the port; the world's webhooks go to a server."""
        values = asdict(self.config) | {"data_dir": str(self.folder), "worker": self.worker}
        del values["limits"]
        self.settings.write_text(json.dumps(values))
        port = self.settings.with_suffix(".port")
        port.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([sys.executable, SERVER, str(self.settings)], stderr=log)
        await self.world.until(port.exists, seconds=90)
        self.url = f"http://127.0.0.1:{port.read_text()}"
        if not self.worker:
            self.world.url = self.url
            self.world.github.webhook_url = f"{self.url}/webhooks/github"

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """`kill -9`."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """End in good order; the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        os.kill(self.process.pid, number)

    def child(self) -> int:
        """The process id of the child that reviews."""
        return int(json.loads(self.noted.read_text())["pid"])

    def unfinished(self) -> int:
        """The workflows that are still to be run, read from the database itself."""
        if self.config.is_shared:
            with psycopg.connect(self.config.database_url) as connection:
                found = connection.execute(UNFINISHED.format("dbos.")).fetchone()
        else:
            with sqlite3.connect(self.folder / "jobs.sqlite3", timeout=10) as database:
                found = database.execute(UNFINISHED.format("")).fetchone()
            database.close()
        assert found is not None
        return int(found[0])

    async def settle(self, seconds: float = 40) -> None:
        """Wait until nothing is left to be done."""
        await self.world.until(lambda: self.unfinished() == 0, seconds=seconds)


def everything_in(database_url: str) -> Mapping[str, str]:
    """All rows of all tables, as text."""
    listed = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('dbos', 'rubricate', 'public')"
    with psycopg.connect(database_url) as connection:
        tables = [f'"{schema}"."{name}"' for schema, name in connection.execute(listed)]
        return {
            table: "\n".join(row[0] for row in connection.execute(f"SELECT t::text FROM {table} t"))
            for table in tables
        }
