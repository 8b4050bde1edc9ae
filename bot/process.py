"""Child processes of the App: by exec, in a group of their own, under limits, ended with all that they started."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCHER = str(Path(__file__).with_name("limits.py"))
COMPLAINT = 4096
CHUNK = 65_536
LONGEST_LINE = 1024
PROGRESS = "RUBRICATE_PROGRESS"


class TooLong(Exception):
    """The process was ended because its time was over."""


class TooMuch(Exception):
    """The process was ended because it wrote more than it may."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a process ended: its exit code (negative: the signal), what it wrote, and the end of what it complained."""

    code: int
    output: bytes
    complaint: str


async def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    seconds: float,
    most: int,
    limits: Mapping[str, int],
    stdin: bytes = b"",
    hear: Callable[[bytes], None] | None = None,
) -> Finished:
    """Run a program to its end, or end it: after `seconds`, beyond `most` bytes, when the caller is cancelled.

    `limits` are names and values of `setrlimit`, as `AS` or `FSIZE`. With `hear` the program finds the number of a pipe
    in `RUBRICATE_PROGRESS`, and each line that it writes there is heard at once. Raises `TooLong` and `TooMuch`.
    """
    async with _ear(hear) as ear:
        return await _run(argv, {**env, **ear}, cwd, seconds, most, limits, stdin)


async def _run(
    argv: Sequence[str],
    env: Mapping[str, str],
    cwd: Path,
    seconds: float,
    most: int,
    limits: Mapping[str, int],
    stdin: bytes,
) -> Finished:
    launch = (sys.executable, "-I", "-S", LAUNCHER, str(os.getpid()))
    named = (f"{name}={value}" for name, value in limits.items())
    process = await asyncio.create_subprocess_exec(
        *launch,
        *named,
        "--",
        *argv,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=dict(env),
        cwd=cwd,
        start_new_session=True,
        pass_fds=[int(env[PROGRESS])] if PROGRESS in env else [],
    )
    try:
        async with asyncio.timeout(seconds):
            return await _attend(process, stdin, most)
    except TimeoutError:
        raise TooLong(f"no end after {seconds:g} seconds") from None
    finally:
        await _end(process)


@contextlib.asynccontextmanager
async def _ear(hear: Callable[[bytes], None] | None) -> AsyncIterator[Mapping[str, str]]:
    """A pipe whose lines are heard: yields what the environment has to say of it."""
    if hear is None:
        yield {}
        return
    ours, theirs = os.pipe()
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours, "rb", buffering=0)
    )
    listening = asyncio.ensure_future(_listen(reader, hear))
    try:
        yield {PROGRESS: str(theirs)}
    finally:
        os.close(theirs)
        listening.cancel()
        transport.close()


async def _listen(reader: asyncio.StreamReader, hear: Callable[[bytes], None]) -> None:
    """A line that is too long is the end of it: nothing is owed to a program that writes such."""
    with contextlib.suppress(ValueError):
        while line := await reader.readline():
            hear(line.rstrip())


async def _attend(process: asyncio.subprocess.Process, stdin: bytes, most: int) -> Finished:
    assert process.stdin and process.stdout and process.stderr
    tasks = [
        asyncio.ensure_future(_feed(process.stdin, stdin)),
        asyncio.ensure_future(_read(process.stdout, most)),
        asyncio.ensure_future(_tail(process.stderr)),
    ]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    code = await process.wait()
    output, complaint = tasks[1].result(), tasks[2].result()
    assert output is not None and complaint is not None
    return Finished(code, output, complaint.decode(errors="replace"))


async def _feed(stream: asyncio.StreamWriter, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        stream.write(data)
        await stream.drain()
    stream.close()


async def _read(stream: asyncio.StreamReader, most: int) -> bytes:
    taken = bytearray()
    while chunk := await stream.read(CHUNK):
        taken += chunk
        if len(taken) > most:
            raise TooMuch(f"more than {most:,} bytes of output")
    return bytes(taken)


async def _tail(stream: asyncio.StreamReader) -> bytes:
    tail = b""
    while chunk := await stream.read(CHUNK):
        tail = (tail + chunk)[-COMPLAINT:]
    return tail


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill the whole group, also after a normal end: what the program left behind goes with it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    # `wait` returns only once the pipes are at their end, which one that nobody reads any more never reaches:
    # https://docs.python.org/3/library/asyncio-subprocess.html#asyncio.subprocess.Process.wait
    process._transport.close()  # type: ignore[attr-defined]
    await process.wait()
