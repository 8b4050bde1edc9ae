"""Work shared out among forked processes."""

from __future__ import annotations

import os
import time
from itertools import pairwise

import pytest

from checks.engine.processes import CHUNK, can_fork, shared_out

pytestmark = pytest.mark.skipif(not can_fork(), reason="this system has no fork")

PATHS = [f"{number:03}.py" for number in range(10 * CHUNK + 3)]


class Toy:
    """Says which process answered; it ends at a path when told so."""

    def __init__(self, fatal: str = "") -> None:
        self.fatal = fatal
        self.reopened = 0
        self.rooms = 0

    def reopen(self) -> None:
        self.reopened += 1

    def judge(self, path: str) -> tuple[str, int, int]:
        if path == self.fatal:
            os._exit(9)
        time.sleep(0.001)
        return path, os.getpid(), self.reopened

    def make_room(self) -> None:
        self.rooms += 1


def test_every_path_is_answered_once() -> None:
    answers = list(shared_out(Toy(), PATHS, 3))
    assert sorted(path for path, _, _ in answers) == PATHS
    assert os.getpid() not in {process for _, process, _ in answers}
    assert {reopened for _, _, reopened in answers} == {1}


def test_two_processes_work_towards_each_other() -> None:
    answers = {path: process for path, process, _ in shared_out(Toy(), PATHS, 2)}
    walked = [answers[path] for path in PATHS]
    changes = sum(one != other for one, other in pairwise(walked))
    assert changes <= 1


def test_a_process_that_ends_takes_only_what_was_not_answered_with_it() -> None:
    answered = {path for path, _, _ in shared_out(Toy(fatal=PATHS[-1]), PATHS, 2)}
    assert PATHS[-1] not in answered
    assert answered < set(PATHS)
