"""A regular expression as an automaton whose states are the characters of the pattern, with its ways counted.

Glushkov's construction over Python's own parse of the pattern. A step from one state to another keeps whether there are
several ways to take it: `(a+)+` goes from `a` to `a` by the inner and by the outer repetition. Sets of characters are
bits over a small alphabet, ASCII and a few others: what is found for it holds for all of Unicode.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from re import _parser  # type: ignore[attr-defined]  # typeshed does not know it
from typing import Any

# No newline: `$` may match before one.
ALPHABET = "".join(chr(code) for code in range(128) if code != 10) + "é中٣"
END = 1 << len(ALPHABET)
"""The bit of what `$` matches: the end of the text."""

_ALL = END - 1
_ASCII = (1 << 127) - 1
_LONGEST = 2_000
_MAX_STATES = 300
_MAX_STEPS = 20_000
_UNROLLED = 49  # repetitions that are copied; more are taken for any number

Steps = dict[int, int]


class Unsure(Exception):
    """The pattern can't be judged: not valid, too large, or with parts that are no regular expression."""


@dataclass(slots=True)
class Automaton:
    """`labels` are the states' sets of characters, `steps` from each to others with 1, or 2 for several ways.

    `first` are the states that begin a match, `last` those that end one; `empty` says that nothing is matched too, and
    `anchored` that a match begins where the text does.
    """

    labels: list[int] = field(default_factory=list)
    steps: list[Steps] = field(default_factory=list)
    first: Steps = field(default_factory=dict)
    last: frozenset[int] = frozenset()
    empty: bool = False
    anchored: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    empty: bool
    first: Steps
    last: Steps


_NOTHING = _Part(True, {}, {})


def automaton_of(pattern: str | bytes, flags: int) -> Automaton:
    """The automaton of a pattern. Raises Unsure for lookarounds, references, atomic groups and what is too large."""
    if len(pattern) > _LONGEST:
        raise Unsure("too long")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _parser.parse(pattern, flags)
        builder = _Builder(isinstance(pattern, bytes))
        whole = builder.build(tree, tree.state.flags, 0)
    except (re.error, RecursionError, OverflowError, ValueError, TypeError, MemoryError) as error:
        raise Unsure(str(error)) from None
    made = builder.made
    made.first, made.last, made.empty = whole.first, frozenset(whole.last), whole.empty
    made.anchored = _is_anchored(tree, tree.state.flags)
    return made


def character_of(bits: int) -> str:
    """One character of a set, a plain one where there is one."""
    for character in "ab01 -_.x/":
        if bits & _BIT[character]:
            return character
    return ALPHABET[(bits & -bits).bit_length() - 1]


def accepts(automaton: Automaton, text: str, *, anywhere: bool, whole: bool) -> bool:
    """Whether a text is matched: from its start or `anywhere`, to its end where `whole`. Unknown characters: no."""
    if automaton.empty and not whole:
        return True
    anywhere = anywhere and not automaton.anchored
    current: set[int] = set()
    for index, character in enumerate(text):
        fresh = automaton.first if anywhere or index == 0 else ()
        current = _after(automaton, current, fresh, _BIT.get(character, 0))
        if not whole and not current.isdisjoint(automaton.last):
            return True
    if whole and not current.isdisjoint(automaton.last):
        return True
    ended = _after(automaton, current, automaton.first if anywhere or not text else (), END)
    return not ended.isdisjoint(automaton.last)


def _is_anchored(items: Any, flags: int) -> bool:
    """Whether a pattern begins with `^` or `\\A`, within groups too."""
    while items:
        operation, argument = items[0]
        if str(operation) != "SUBPATTERN":
            starts = (
                ("AT_BEGINNING_STRING",) if flags & re.MULTILINE else ("AT_BEGINNING", "AT_BEGINNING_STRING")
            )
            return str(operation) == "AT" and str(argument) in starts
        items = argument[3]
    return False


def _after(automaton: Automaton, current: set[int], fresh: Iterable[int], bit: int) -> set[int]:
    reached = set(fresh)
    for state in current:
        reached |= automaton.steps[state].keys()
    return {state for state in reached if automaton.labels[state] & bit}


_BIT = {character: 1 << index for index, character in enumerate(ALPHABET)}
_DIGITS = sum(bit for character, bit in _BIT.items() if character.isdecimal())
_SPACES = sum(bit for character, bit in _BIT.items() if character.isspace())
_WORDS = sum(bit for character, bit in _BIT.items() if character.isalnum() or character == "_")
_CATEGORIES = {
    "CATEGORY_DIGIT": (_DIGITS, False),
    "CATEGORY_NOT_DIGIT": (_DIGITS, True),
    "CATEGORY_SPACE": (_SPACES, False),
    "CATEGORY_NOT_SPACE": (_SPACES, True),
    "CATEGORY_WORD": (_WORDS, False),
    "CATEGORY_NOT_WORD": (_WORDS, True),
}


class _Builder:
    """Makes the states and steps of a pattern's parts."""

    def __init__(self, binary: bool) -> None:
        self.made = Automaton()
        self._binary = binary
        self._loops = 0
        self._count = 0

    def build(self, items: Iterable[tuple[Any, Any]], flags: int, depth: int) -> _Part:
        part = _NOTHING
        for operation, argument in items:
            part = self._joined(part, self._one(str(operation), argument, flags, depth + 1))
        return part

    def _one(self, operation: str, argument: Any, flags: int, depth: int) -> _Part:
        match operation:
            case "LITERAL" | "NOT_LITERAL" | "IN" | "ANY":
                return self._state(self._characters(operation, argument, flags))
            case "SUBPATTERN":
                _, added, removed, inner = argument
                return self.build(inner, (flags | added) & ~removed, depth)
            case "BRANCH":
                options = [self.build(option, flags, depth) for option in argument[1]]
                return _either(options)
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, inner = argument
                return self._repeated(least, most, inner, flags, depth)
            case "AT" if not self._loops:
                ends = str(argument) in ("AT_END", "AT_END_STRING")
                return self._state(END) if ends else _NOTHING
        raise Unsure(operation)

    def _repeated(self, least: int, most: int, inner: Any, flags: int, depth: int) -> _Part:
        endless = most > max(_UNROLLED, least)
        self._loops += most > 1
        part = _NOTHING
        for _ in range(least - 1 if endless and least else least):
            part = self._joined(part, self.build(inner, flags, depth))
        if endless:
            again = self._looped(self.build(inner, flags, depth))
            part = self._joined(part, again if least else _Part(True, again.first, again.last))
        else:
            rest = _NOTHING
            for _ in range(most - least):
                longer = self._joined(self.build(inner, flags, depth), rest)
                rest = _Part(True, longer.first, longer.last)
            part = self._joined(part, rest)
        self._loops -= most > 1
        return part

    def _looped(self, part: _Part) -> _Part:
        self._connect(part.last, part.first)
        return part

    def _joined(self, one: _Part, other: _Part) -> _Part:
        if one is _NOTHING:
            return other
        self._connect(one.last, other.first)
        first = _sum(one.first, other.first) if one.empty else one.first
        last = _sum(one.last, other.last) if other.empty else other.last
        return _Part(one.empty and other.empty, first, last)

    def _connect(self, sources: Steps, targets: Steps) -> None:
        self._count += len(sources) * len(targets)
        if self._count > _MAX_STEPS:
            raise Unsure("too many steps")
        for source, ways in sources.items():
            steps = self.made.steps[source]
            for target, more in targets.items():
                steps[target] = min(2, steps.get(target, 0) + ways * more)

    def _state(self, characters: int) -> _Part:
        state = len(self.made.labels)
        if state >= _MAX_STATES:
            raise Unsure("too many states")
        self.made.labels.append(characters)
        self.made.steps.append({})
        return _Part(False, {state: 1}, {state: 1})

    def _characters(self, operation: str, argument: Any, flags: int) -> int:
        if operation == "ANY":
            return self._visible(_ALL)
        if operation in ("LITERAL", "NOT_LITERAL"):
            bits = _folded(_range(argument, argument), flags)
            return self._visible(bits if operation == "LITERAL" else _ALL & ~bits)
        bits, negated = 0, False
        for kind, value in argument:
            name = str(kind)
            if name == "NEGATE":
                negated = True
            elif name == "CATEGORY":
                bits |= self._category(str(value), flags)
            else:
                bits |= _folded(_range(*(value if name == "RANGE" else (value, value))), flags)
        return self._visible(_ALL & ~bits if negated else bits)

    def _category(self, name: str, flags: int) -> int:
        if name not in _CATEGORIES:
            raise Unsure(name)
        bits, negated = _CATEGORIES[name]
        if self._binary or flags & re.ASCII:
            bits &= _ASCII
        return _ALL & ~bits if negated else bits

    def _visible(self, bits: int) -> int:
        return bits & _ASCII if self._binary else bits


def _range(low: int, high: int) -> int:
    """The characters of the alphabet from one code to another."""
    return sum(bit for character, bit in _BIT.items() if low <= ord(character) <= high)


def _folded(bits: int, flags: int) -> int:
    """The characters in both cases, where a pattern ignores it."""
    if not flags & re.IGNORECASE:
        return bits
    for character, bit in _BIT.items():
        if bits & bit and (other := _BIT.get(character.swapcase())) is not None:
            bits |= other
    return bits


def _either(options: list[_Part]) -> _Part:
    first: Steps = {}
    last: Steps = {}
    for option in options:
        first, last = _sum(first, option.first), _sum(last, option.last)
    return _Part(any(option.empty for option in options), first, last)


def _sum(one: Steps, other: Steps) -> Steps:
    total = dict(one)
    for state, ways in other.items():
        total[state] = min(2, total.get(state, 0) + ways)
    return total
