"""Work shared out among forked processes, so that each does little that another one does too.

Files that are near each other ask the same of the rest of the project. So the first process takes them from the front
and the others from the back: each goes through one stretch, and what it has read for one file serves the next.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.context import BaseContext
from multiprocessing.sharedctypes import SynchronizedArray
from typing import Any, Protocol, TypeVar

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")

CHUNK = 16
"""Files that a process takes at once."""


class Judge(Protocol[T_co]):
    """What a process does with a path."""

    def reopen(self) -> None:
        """Take over what a fork can't share."""

    def judge(self, path: str) -> T_co:
        """The answer for one path."""

    def make_room(self) -> None:
        """Let go of what memory holds when it is much; asked between files."""


def can_fork() -> bool:
    """Whether this system has processes that share what was there before them."""
    return "fork" in multiprocessing.get_all_start_methods()


def shared_out(judge: Judge[T], paths: Sequence[str], jobs: int) -> Iterator[T]:
    """The answers for some paths, a stretch at a time as they come.

    Paths in need of the same things should stand together. Where a process ends early, as the system's killer has it,
    nothing more comes: what is missing was not answered.
    """
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    context = multiprocessing.get_context("fork")
    share = _Share(judge, chunks, context)
    with ProcessPoolExecutor(min(jobs, len(chunks)), context, _begin, (share,)) as pool:
        for future in as_completed([pool.submit(_next) for _ in chunks]):
            try:
                yield from future.result()
            except BrokenProcessPool:
                return


@dataclass(slots=True)
class _Mine:
    share: _Share
    is_first: bool


class _Share:
    """The work, and how much of it was taken: from the front, from the back, and by how many processes."""

    def __init__(self, judge: Judge[Any], chunks: Sequence[Sequence[str]], context: BaseContext) -> None:
        self.judge = judge
        self.chunks = chunks
        self._taken: SynchronizedArray[int] = context.Array("i", [0, 0, 0])

    def join(self) -> bool:
        """Count a process; whether it is the first."""
        with self._taken.get_lock():
            self._taken[2] += 1
            return self._taken[2] == 1

    def take(self, from_front: bool) -> int:
        """The number of the next chunk; there are as many as are asked for."""
        with self._taken.get_lock():
            if from_front:
                self._taken[0] += 1
                return self._taken[0] - 1
            self._taken[1] += 1
            return len(self.chunks) - self._taken[1]


_mine: _Mine | None = None


def _begin(share: _Share) -> None:
    """In a forked process: join the work."""
    global _mine  # noqa: PLW0603 - a pool's initializer has no other way to hand over what its tasks share
    _mine = _Mine(share, share.join())
    share.judge.reopen()


def _next() -> list[Any]:
    assert _mine is not None
    share = _mine.share
    answers = []
    for path in share.chunks[share.take(_mine.is_first)]:
        answers.append(share.judge.judge(path))
        share.judge.make_room()
    return answers
