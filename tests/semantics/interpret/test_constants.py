"""Branches that constants rule out are not taken; loops stand still."""

from __future__ import annotations

import pytest

from tests.semantics.interpret.reached import lines

DEAD = [
    "if 2 ** 3 == 9:",
    "if not (1 < 2 < 3):",
    "if len('abc') != 3:",
    "if 'abc'[1:] == 'ab':",
    "if [1, 2, 3][-1] == 2:",
    "if {'a': 1}['a'] > 1:",
    "if 'x' in ('a', 'b'):",
    "if ' b '.strip() == ' b ':",
    "if isinstance('a', int):",
    "if None is not None:",
    "if (1 if False else 0):",
    "while False:",
    "for _ in ():",
]


@pytest.mark.parametrize("test", DEAD)
def test_what_never_runs_reports_nothing(test: str) -> None:
    assert lines(f"def view(request):\n    {test}\n        eval(request.GET['q'])\n") == set()


@pytest.mark.parametrize("test", DEAD[:11])
def test_the_other_branch_is_taken(test: str) -> None:
    code = f"def view(request):\n    {test}\n        pass\n    else:\n        eval(request.GET['q'])\n"
    assert lines(code) == {5}


def test_what_a_loop_hands_from_turn_to_turn_arrives() -> None:
    code = (
        "def view(request):\n    a = request.GET['q']\n    b = c = d = 'ok'\n"
        "    for _ in range(9):\n        d = c\n        c = b\n        b = a\n    eval(d)\n"
    )
    assert lines(code) == {8}


def test_a_list_that_grows_in_a_loop_ends() -> None:
    code = (
        "def view(request):\n    found = []\n    while request:\n        found.append([found, request.GET['q']])\n"
        "    eval(found[0][1])\n"
    )
    assert lines(code) == {5}
