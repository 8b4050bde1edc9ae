"""Lists, tuples, sets and dicts of values, as they are written out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from checks.semantics.contents import MAX_ITEMS, mapping, sequence
from checks.semantics.operations.arithmetic import merged_dicts
from checks.semantics.operations.containers import iteration_element, set_of, stored
from checks.semantics.operations.dicts import copied_dict
from checks.semantics.operations.parts import SETS, either, elements_of, key_of
from checks.semantics.values import NOTHING, Value


def display(kind: str, elements: Iterable[tuple[Value, bool]]) -> Value:
    """A list, tuple or set of elements, each with whether it is starred: its own elements then stand for it."""
    found: list[Value] = []
    rest: Value | None = None
    for value, starred in elements:
        exact = elements_of(value) if starred else [value]
        if exact is None:
            rest = either(rest, iteration_element(value))
        elif rest is None:
            found += exact
        else:  # behind elements whose number is not known
            for one in exact:
                rest = either(rest, one)
    if kind in SETS and rest is None:
        return set_of(found, kind)
    return sequence(kind, found, rest)


def dict_display(items: Iterable[tuple[Value | None, Value]]) -> Value:
    """A dict of keys and values in order; without a key stands a dict that is spread (`**`)."""
    known: dict[Any, Value] = {}
    made: Value | None = None
    for key, value in items:
        found = NOTHING if key is None else key_of(key)
        if made is None and found is not NOTHING and len(known) < MAX_ITEMS:
            known[found] = value
            continue
        made = mapping(known) if made is None else made
        made = merged_dicts(made, copied_dict(value)) if key is None else stored(made, key, value)
    return mapping(known) if made is None else made
