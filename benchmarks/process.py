"""What a command costs, its child processes included: wall and CPU seconds, and the peak of their memory together."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import IO

SAMPLE_SECONDS = 0.02
SAMPLE_SHARE = 0.05
"""Of the time at most: while the system counts a process's pages, that process waits."""
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock and of the processors, by a process and all of its children."""

    wall: float
    cpu: float


class Failed(Exception):
    """A measured command that did not end as it should: its time means nothing."""


def time_of(argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], codes: Sequence[int] = (0,)) -> Cost:
    """Run a command and say what time it took. Raises Failed for an exit code that is none of `codes`."""
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        child = _start(argv, cwd, env, said.fileno())
        usage = _end(child)
        wall = time.perf_counter() - started
        _check(child, codes, said)
    return Cost(wall, usage.ru_utime + usage.ru_stime)


def memory_of(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], codes: Sequence[int] = (0,)
) -> float:
    """Run a command and return its peak memory in MiB, all of its processes together, shared pages counted once.

    Where the system does not tell of each process (other than Linux), it is the peak of the largest one.
    """
    with tempfile.TemporaryFile() as said:
        child = _start(argv, cwd, env, said.fileno())
        sampler = _Sampler(child.pid)
        sampler.start()
        usage = _end(child)
        peak = sampler.finish()
        _check(child, codes, said)
    largest: int = usage.ru_maxrss * 1024
    return max(peak, largest) / MIB


def _start(argv: Sequence[str], cwd: Path, env: Mapping[str, str], said: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
    )


def _end(child: subprocess.Popen[bytes]) -> resource.struct_rusage:
    """Wait for a child; the time that it and the children it waited for have used."""
    try:
        _, status, usage = os.wait4(child.pid, 0)
    except BaseException:
        child.send_signal(signal.SIGKILL)
        child.wait()
        raise
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage


def _check(child: subprocess.Popen[bytes], codes: Sequence[int], said: IO[bytes]) -> None:
    if child.returncode not in codes:
        said.seek(0)
        words = said.read()[-2000:].decode("utf-8", "replace")
        raise Failed(f"{child.args!r}: exit code {child.returncode}\n{words}")


class _Sampler(Thread):
    """Adds up the memory of a process and its descendants, many times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._over = Event()
        self._peak = 0

    def run(self) -> None:
        """Sample until told to stop."""
        took = 0.0
        while not self._over.wait(max(SAMPLE_SECONDS, took / SAMPLE_SHARE)):
            started = time.perf_counter()
            self._peak = max(self._peak, sum(map(_proportional, _family(self._pid))))
            took = time.perf_counter() - started

    def finish(self) -> int:
        """Stop, and return the peak in bytes."""
        self._over.set()
        self.join()
        return self._peak


def _family(pid: int) -> Iterator[int]:
    """A process and its descendants, by `/proc`."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            yield from _family(int(child))


def _proportional(pid: int) -> int:
    """The bytes of a process, its part of what it shares with others; 0 when it has ended."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:"))
