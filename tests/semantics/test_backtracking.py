"""Patterns that take exponential time, each proven by its attack; and those that do not."""

from __future__ import annotations

import random
import re
import signal
import time

import pytest

from checks.semantics.automaton import Unsure, automaton_of
from checks.semantics.backtracking import Attack, attack_on

SLOW = 0.1
COPIES = 45
"""Copies that no pattern of polynomial time notices, while 2 ** 45 steps would take a year."""


def is_slow(pattern: str | bytes, attack: Attack, method: str, flags: int = 0) -> bool:
    """Whether the engine needs long for the attack on a pattern, with few copies of what is repeated."""

    def interrupt(_number: int, _frame: object) -> None:
        raise TimeoutError

    matcher = getattr(re.compile(pattern, flags), method)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for copies in range(2, COPIES):
            text = attack.text(copies)
            signal.setitimer(signal.ITIMER_REAL, SLOW)
            assert matcher(text if isinstance(pattern, str) else text.encode()) is None
    except TimeoutError:
        return True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    return False


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(?:a+?)*b",
        r"(a*)*b",
        r"^(a|aa)+$",
        r"^(\w+\s?)*$",
        r"(^(a+)+)$",
        r"(x+x+)+y",
        r"^(\d+)*[a-z]$",
        r'^(?:[^"\\]|\\.|.)*"$',
        r"(?:a?b?)*c",
        r"(.*,)*P",
        r"(a{1,3})+$",
        r"(a{1,80})+$",
        r"^([\w.-]+)+@example\.com$",
        r"^(([a-z0-9])+.)+[A-Z]([a-z])+$",
    ],
)
def test_an_attack_takes_exponential_time(pattern: str) -> None:
    attack = attack_on(pattern)
    assert attack is not None
    assert is_slow(pattern, attack, "search")


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[a-z]+(-[a-z]+)*$",
        r'^(?:[^"\\]|\\.)*"$',
        r"(a{2})+$",
        r"\s+$",
        r"a+a+$",
        r"(\w+\s?)+",
        r"(a|b)*c",
        r"(?:a|a)*$",
        r"^(?:\d{1,3}\.){3}\d{1,3}$",
        r"(?P<year>[0-9]{4})/(?P<slug>[\w-]+)/$",
        r"[a-z]{2,40}\.[a-z]{2,63}$",
        "",
        r"^$",
    ],
)
def test_other_repetitions_are_left_alone(pattern: str) -> None:
    assert attack_on(pattern) is None


@pytest.mark.parametrize(
    "pattern", [r"(?=x)(a+)+$", r"(a+)\1+$", r"(?:\ba+)+$", r"(?>a+)+$", "(", "a" * 3_000]
)
def test_what_is_no_regular_expression_is_not_judged(pattern: str) -> None:
    with pytest.raises(Unsure):
        automaton_of(pattern, 0)
    assert attack_on(pattern) is None


def test_what_must_match_hangs_on_the_method() -> None:
    assert attack_on(r"(a+)+", method="match") is None
    attack = attack_on(r"(a+)+", method="fullmatch")
    assert attack is not None
    assert is_slow(r"(a+)+", attack, "fullmatch")


def test_flags_change_what_is_the_same() -> None:
    assert attack_on(r"^(a|Ab)+$") is None
    assert attack_on(r"^(?:a|A|aA)+$") is not None
    assert attack_on(r"^( a+ ) +$", re.VERBOSE) is not None
    attack = attack_on(r"^(?:ab|AB)+$", re.IGNORECASE)
    assert attack is not None
    assert is_slow(r"^(?:ab|AB)+$", attack, "search", re.IGNORECASE)


def test_bytes_are_judged_like_text() -> None:
    attack = attack_on(rb"^(\w+)+;$")
    assert attack is not None
    assert is_slow(rb"^(\w+)+;$", attack, "match")


def some_pattern(dice: random.Random, depth: int) -> str:
    """A pattern as dice have it."""
    kind = dice.random()
    if depth == 0 or kind < 0.3:
        return dice.choice(["a", "b", "c", ".", r"\w", "[ab]", "[^a]", "ab", r"\d", r"\s"])
    if kind < 0.5:
        return some_pattern(dice, depth - 1) + some_pattern(dice, depth - 1)
    if kind < 0.65:
        return f"(?:{some_pattern(dice, depth - 1)}|{some_pattern(dice, depth - 1)})"
    times = dice.choice(["*", "+", "?", "{2,4}", "{1,}", "*?", "+?", "{3}", "{0,30}"])
    return f"({some_pattern(dice, depth - 1)}){times}"


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_given_is_proven(seed: int) -> None:
    dice = random.Random(seed)
    proven = 0
    for _ in range(40):
        pattern = some_pattern(dice, 4) + dice.choice(["", "$", "c", "x", r"\Z"])
        method = dice.choice(["search", "match", "fullmatch"])
        attack = attack_on(pattern, 0, method)
        if attack is not None:
            assert is_slow(pattern, attack, method), (pattern, method, attack)
            proven += 1
    assert proven


@pytest.mark.parametrize(
    "pattern",
    [
        "(" * 900 + "a" + ")" * 900,
        "(a?){49}" * 40,
        "(?:" + "|".join(f"a{n}" for n in range(150)) + ")*" * 1,
        "((((a{49}){49}){49})+)+$",
    ],
)
def test_hostile_patterns_are_judged_in_bounded_time(pattern: str) -> None:
    begun = time.perf_counter()
    attack_on(pattern)
    assert time.perf_counter() - begun < 2
