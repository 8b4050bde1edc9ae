"""Pages run against a real database, in a process that is not this one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.orm.forks import Job, Measurement
from tests.orm.page import Page

ROOT = Path(__file__).parents[2]


class PageFailedError(AssertionError):
    """A page did not run: its traceback."""


class Databases:
    """A server of measurements per framework, started when it is first asked."""

    def __init__(self) -> None:
        self._servers: dict[str, subprocess.Popen[str]] = {}
        self._known: dict[str, Measurement] = {}

    def measure(self, page: Page, files: Mapping[str, str] | None = None) -> Measurement:
        """What a page does, with its own files or with others in their place. Raises PageFailedError."""
        job = Job(
            files={**(page.files if files is None else files), "rows.py": page.rows},
            requests=list(page.requests),
            call=page.call,
        )
        line = json.dumps(job)
        if line not in self._known:
            answer = self._ask(page.framework, line)
            if "error" in answer:
                raise PageFailedError(f"{page}\n{answer['error']}")
            self._known[line] = Measurement(few=answer["few"], many=answer["many"])
        return self._known[line]

    def close(self) -> None:
        """End the servers."""
        for server in self._servers.values():
            server.communicate()

    def _ask(self, framework: str, line: str) -> dict[str, Any]:
        server = self._server(framework)
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(line + "\n")
        server.stdin.flush()
        answer: dict[str, Any] = json.loads(server.stdout.readline() or '{"error": "the server ended"}')
        return answer

    def _server(self, framework: str) -> subprocess.Popen[str]:
        if framework not in self._servers:
            self._servers[framework] = subprocess.Popen(
                [sys.executable, "-m", f"tests.orm.{framework}_runner"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        return self._servers[framework]


def growth(measurement: Measurement) -> int:
    """How many more queries there are at many rows than at few."""
    return len(measurement["many"]["statements"]) - len(measurement["few"]["statements"])


def in_words(measurement: Measurement) -> str:
    """The counts, and the statements that were sent most often."""
    few, many = measurement["few"]["statements"], measurement["many"]["statements"]
    often = "\n".join(f"{count:4} {sql[:300]}" for sql, count in Counter(many).most_common(6))
    return f"{len(few)} queries at few rows, {len(many)} at many:\n{often}"


def says_more(measurement: Measurement) -> bool:
    """Whether many rows lead to other answers than few, or leave other rows behind: the page is about them."""
    few, many = measurement["few"], measurement["many"]
    return (few["answers"], few["state"]) != (many["answers"], many["state"])
