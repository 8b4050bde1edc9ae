"""A server of measurements: imports a framework once, and forks a process for each page that it is given.

It reads a `Job` as a line of JSON and answers a `Measurement`, or `{"error": traceback}`. What a page changes or breaks
ends with its process.
"""

from __future__ import annotations

import gc
import importlib
import io
import json
import os
import re
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any, TypedDict

FEW, MANY = 3, 30
_SECONDS = 30
_TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')
_REQUEST = re.compile(r"(?P<method>[A-Z]+) (?P<path>\S+)(?: (?P<data>.+?))?(?: -> (?P<status>\d+))?")


class Job(TypedDict):
    """A project, and what to ask of it."""

    files: dict[str, str]
    requests: list[str]
    call: str


class Run(TypedDict):
    """What one number of rows led to: the SQL, the answers, and the rows that stand in the tables afterwards."""

    statements: list[str]
    answers: list[str]
    state: str


class Measurement(TypedDict):
    """A project run at few rows and at many."""

    few: Run
    many: Run


class Request(TypedDict):
    """A line of a page's requests, read."""

    method: str
    path: str
    data: str
    status: int


def serve(measure: Callable[[Job], Measurement]) -> None:
    """Answer the jobs that come in at stdin, until it ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    gc.disable()  # a collection in a child would copy all memory that it shares with the server
    for line in sys.stdin:
        answers.write(_in_child(measure, json.loads(line)) + "\n")
        answers.flush()


def read_request(line: str) -> Request:
    """A request such as `POST /orders/ name=Tea -> 302`. Raises ValueError for a line that is none."""
    match = _REQUEST.fullmatch(line)
    if match is None:
        raise ValueError(f"{line!r} is no request")
    return Request(
        method=match["method"],
        path=match["path"],
        data=match["data"] or "",
        status=int(match["status"] or 200),
    )


def answer_of(status: int, body: bytes, request: Request) -> str:
    """The body of a response without its tokens. Raises ValueError for another status than the page says."""
    text = body.decode()
    if status != request["status"]:
        raise ValueError(f"{request['method']} {request['path']} answered {status}: {text[:2000]}")
    return _TOKEN.sub(r"\1", text)


def call_dotted(line: str) -> str:
    """Call a function by its dotted name with the words behind it; what it returned and printed."""
    dotted, *arguments = line.split()
    module, _, name = dotted.rpartition(".")
    printed = io.StringIO()
    with redirect_stdout(printed):
        returned = getattr(importlib.import_module(module), name)(*arguments)
    return f"{returned!r}\n{printed.getvalue()}"


def _in_child(measure: Callable[[Job], Measurement], job: Job) -> str:
    """The measurement as JSON, made by a process of its own."""
    folder = Path(tempfile.mkdtemp(prefix="orm-page-"))
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            signal.alarm(_SECONDS)
            with os.fdopen(writer, "w", encoding="utf-8") as pipe:
                pipe.write(json.dumps(_measured(measure, job, folder)))
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    shutil.rmtree(folder)
    return answer or json.dumps({"error": f"the page's process ended with status {status}"})


def _measured(measure: Callable[[Job], Measurement], job: Job, folder: Path) -> Mapping[str, Any]:
    try:
        with _project(job["files"], folder):
            return measure(job)
    except BaseException:
        return {"error": traceback.format_exc()}


@contextmanager
def _project(files: Mapping[str, str], folder: Path) -> Iterator[None]:
    """The files in a folder that is the working directory and the first place of imports."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(folder))
    os.chdir(folder)
    yield
