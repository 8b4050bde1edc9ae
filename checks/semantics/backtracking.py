"""Patterns that Python's engine needs exponential time for, found with the text that shows it.

The engine tries one way after the other. Where a repetition can match the same text in two ways, each further copy of
that text doubles the ways, and all of them are tried when no match follows. So three things are looked for: a state
from which two different paths read the same text and meet at it again (the pump), a path from the start to it (the
prefix), and an end after which the whole does not match. A pattern is given only where all are found.

Weideman et al., "Analyzing Matching Time Behavior of Backtracking Regular Expression Matchers", CIAA 2016.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from checks.semantics.automaton import END, Automaton, Unsure, accepts, automaton_of, character_of

_BUDGET = 100_000
_TRIED = 25  # copies of the pump with which an end is tried
_ENDS = ("!", "", "\x00", "a", "0", " ", "-", "~", "/", "é")

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Attack:
    """A text that makes a pattern take exponential time: `prefix`, many times `pump`, then `end`."""

    prefix: str
    pump: str
    end: str

    def text(self, copies: int) -> str:
        """The text with so many copies of the pump; each doubles the time, at the least."""
        return self.prefix + self.pump * copies + self.end


@lru_cache(maxsize=4_096)
def attack_on(pattern: str | bytes, flags: int = 0, method: str = "search") -> Attack | None:
    """The attack on a pattern that is used by a method: match, fullmatch or search, which stands for all others.

    `None` where there is none, and where the pattern has parts that are not judged (lookarounds, references).
    """
    try:
        automaton = automaton_of(pattern, flags)
        for prefix, pump in _pumps(automaton):
            for end in _ENDS:
                tried = Attack(prefix, pump, end)
                if not accepts(
                    automaton,
                    tried.text(_TRIED),
                    anywhere=method == "search",
                    whole=method == "fullmatch",
                ):
                    return tried
    except Unsure:
        pass
    return None


def _pumps(automaton: Automaton) -> Iterator[tuple[str, str]]:
    """A prefix and a pump for each part of the automaton that goes round in two ways."""
    budget = [_BUDGET]
    for component in _components(automaton):
        found = _pump(automaton, component, budget)
        if found is None:
            continue
        start, pump = found
        prefix = _word(automaton, automaton.first, start, None)
        if prefix is not None:
            yield prefix, pump


def _pump(automaton: Automaton, component: frozenset[int], budget: list[int]) -> tuple[int, str] | None:
    """A state and a text that leads from it back to it in two ways, within states that reach each other."""
    for source in sorted(component):
        for target, ways in automaton.steps[source].items():
            if ways > 1 and target in component:
                back = (
                    _word(automaton, automaton.steps[target], source, component) if target != source else ""
                )
                if back is not None:
                    return source, character_of(automaton.labels[target]) + back
    return _pump_of_pairs(automaton, component, budget)


def _pump_of_pairs(
    automaton: Automaton, component: frozenset[int], budget: list[int]
) -> tuple[int, str] | None:
    """Two paths from one state that read the same, part, and meet: a search among pairs of states."""
    before: dict[Pair, tuple[Pair, str]] = {}
    waiting: deque[Pair] = deque((state, state) for state in sorted(component))
    while waiting:
        pair = waiting.popleft()
        for one in automaton.steps[pair[0]]:
            for other in automaton.steps[pair[1]]:
                budget[0] -= 1
                if budget[0] < 0:
                    raise Unsure("too many pairs")
                bits = automaton.labels[one] & automaton.labels[other] & ~END
                if not bits or one not in component or other not in component:
                    continue
                after = (min(one, other), max(one, other))
                apart = pair[0] != pair[1]
                if one != other and after not in before:
                    before[after] = (pair, character_of(bits))
                    waiting.append(after)
                elif one == other and apart:
                    start, word = _traced(pair, before)
                    back = "" if one == start else _word(automaton, automaton.steps[one], start, component)
                    if back is not None:
                        return start, word + character_of(bits) + back
    return None


def _traced(pair: Pair, before: dict[Pair, tuple[Pair, str]]) -> tuple[int, str]:
    """The state at which two paths parted, and what they read since."""
    word = ""
    while pair[0] != pair[1]:
        pair, character = before[pair]
        word = character + word
    return pair[0], word


def _word(
    automaton: Automaton, sources: dict[int, int], target: int, within: frozenset[int] | None
) -> str | None:
    """The shortest text that leads through one of the sources to a state."""
    before: dict[int, int | None] = dict.fromkeys(sources)
    waiting = deque(state for state in sources)
    while waiting:
        state = waiting.popleft()
        if not automaton.labels[state] & ~END or (within is not None and state not in within):
            continue
        if state == target:
            word = ""
            step: int | None = state
            while step is not None:
                word = character_of(automaton.labels[step] & ~END) + word
                step = before[step]
            return word
        for after in automaton.steps[state]:
            if after not in before:
                before[after] = state
                waiting.append(after)
    return None


def _components(automaton: Automaton) -> list[frozenset[int]]:
    """The sets of states that reach each other, of those that reach themselves (Kosaraju's algorithm)."""
    usable = [bool(label & ~END) for label in automaton.labels]
    order: list[int] = []
    seen: set[int] = set()
    for root in range(len(automaton.labels)):
        if root in seen or not usable[root]:
            continue
        seen.add(root)
        stack = [(root, iter(automaton.steps[root]))]
        while stack:
            state, targets = stack[-1]
            after = next((target for target in targets if target not in seen and usable[target]), None)
            if after is None:
                order.append(state)
                stack.pop()
            else:
                seen.add(after)
                stack.append((after, iter(automaton.steps[after])))
    return _grouped(automaton, order)


def _grouped(automaton: Automaton, order: list[int]) -> list[frozenset[int]]:
    into: dict[int, list[int]] = {}
    for source in order:
        for target in automaton.steps[source]:
            into.setdefault(target, []).append(source)
    left = set(order)
    found = []
    for root in reversed(order):
        if root not in left:
            continue
        left.discard(root)
        group, stack = {root}, [root]
        while stack:
            for source in into.get(stack.pop(), ()):
                if source in left:
                    left.discard(source)
                    group.add(source)
                    stack.append(source)
        if len(group) > 1 or root in automaton.steps[root]:
            found.append(frozenset(group))
    return found
