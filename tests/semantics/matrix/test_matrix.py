"""The interpreter says of small programs what running them shows: thousands of them, put together from tables."""

from __future__ import annotations

from functools import cache

import pytest

from tests.semantics.matrix.answers import Truth, reported, truths
from tests.semantics.matrix.not_yet_seen import NOT_YET_SEEN
from tests.semantics.matrix.programs import KINDS, Program, programs

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("matrix")]

RIGHT = 0.99
"""The share of programs of which the interpreter has to say what their runs show."""


@cache
def _programs() -> list[Program]:
    return programs()


@cache
def _truths() -> dict[str, Truth]:
    return truths(_programs())


@cache
def _wrong() -> dict[str, str]:
    """The programs that the interpreter is wrong about, by name: `missed` or `alarm`."""
    said = reported(_programs())
    return {
        one.name: "missed" if _truths()[one.package].harm is not None else "alarm"
        for one in _programs()
        if (_truths()[one.package].harm is not None) is not (one.package in said)
    }


def test_programs_are_many_and_told_apart() -> None:
    assert len(_programs()) >= 3_000
    assert len(KINDS) >= 10
    assert len({one.name for one in _programs()}) == len(_programs())


def test_the_programs_are_always_the_same() -> None:
    assert [one.files for one in programs()] == [one.files for one in _programs()]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_sink_is_harmed_by_some_programs_and_not_by_others(kind: str) -> None:
    found = [_truths()[one.package].harm is not None for one in _programs() if one.kind == kind]
    assert min(found.count(True), found.count(False)) >= 20


def test_most_programs_reach_their_sinks() -> None:
    reached = sum(_truths()[one.package].reached for one in _programs())
    assert reached >= 0.9 * len(_programs())


def test_the_interpreter_says_what_runs_show() -> None:
    wrong = _wrong()
    assert 1 - len(wrong) / len(_programs()) >= RIGHT
    new = {name: how for name, how in wrong.items() if name not in NOT_YET_SEEN}
    assert new == {}


def test_what_is_not_yet_seen_is_still_not_seen() -> None:
    wrong = _wrong()
    assert {name for name in NOT_YET_SEEN if name not in wrong} == set()
    assert all(NOT_YET_SEEN.values())
