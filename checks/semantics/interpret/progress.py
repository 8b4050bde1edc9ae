"""What the interpreter is in the middle of: a stack of unfinished answers, and which answers rest on them.

A function that calls itself, alone or in a ring, begins with knowing nothing and is repeated until nothing new comes
out. What was found on the way with unfinished answers is thrown away, so that no answer depends on who asked first.
"""

from __future__ import annotations

from typing import Any


class Active:
    """A computation under way: what it would answer now, and how far down the stack its own answer rests on."""

    __slots__ = ("answer", "asked", "key", "low", "tentative")

    def __init__(self, key: Any, low: int) -> None:
        self.key = key
        self.answer: Any = None
        self.low = low
        self.asked = False
        self.tentative: list[Any] = []


MAX_FILE_STEPS = 1_000_000
"""Steps that following one file may take, through all that it calls: ten times what the largest real ones took."""

MAX_RUN_STEPS = 40_000_000


class Progress:
    """The stack, and the steps that are left: of the file whose functions are followed, and of the run."""

    def __init__(self) -> None:
        self._left_of_run = MAX_RUN_STEPS
        self._left_of_file = MAX_FILE_STEPS
        self._stack: list[Active] = []
        self._places: dict[Any, int] = {}

    @property
    def depth(self) -> int:
        """How many computations are under way."""
        return len(self._stack)

    def begin_file(self) -> None:
        """Begin to follow another file."""
        self._left_of_file = MAX_FILE_STEPS

    def spend(self, steps: int) -> None:
        """Note steps that were taken."""
        self._left_of_file -= steps
        self._left_of_run -= steps

    @property
    def is_spent(self) -> bool:
        """Whether no steps are left."""
        return self._left_of_file <= 0 or self._left_of_run <= 0

    def begin(self, key: Any) -> Active:
        """Begin a computation."""
        active = Active(key, len(self._stack))
        self._places[key] = len(self._stack)
        self._stack.append(active)
        return active

    def end(self) -> None:
        """End the innermost computation."""
        del self._places[self._stack.pop().key]

    def asked_again(self, key: Any) -> Active | None:
        """The computation of a key that is under way; the innermost one rests on it from now on."""
        index = self._places.get(key)
        if index is None:
            return None
        self.rest_on(index)
        return self._stack[index]

    def rest_on(self, index: int) -> None:
        """Note that the innermost answer rests on one that is not finished."""
        if self._stack:
            top = self._stack[-1]
            top.low = min(top.low, index)

    def hand_down(self, ended: Active, key: Any) -> None:
        """An ended answer that rests on an unfinished one is thrown away when that one begins anew."""
        if ended.low < len(self._stack):
            head = self._stack[ended.low]
            head.tentative.append(key)
            head.tentative += ended.tentative
            self.rest_on(ended.low)
