"""What all operations share: kinds of values, values as Python's own objects and back, and texts put together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from checks.semantics.contents import MAX_ITEMS, element, join, sequence
from checks.semantics.library import INJECTIONS
from checks.semantics.taints import Taints, join_taints
from checks.semantics.values import (
    MAX_TEXT,
    NOTHING,
    UNKNOWN,
    Value,
    all_taints,
    constant,
    instance,
    with_taints,
)

STR, BYTES, LIST, TUPLE, DICT = (f"builtins.{name}" for name in ("str", "bytes", "list", "tuple", "dict"))
SET, FROZENSET, RANGE, SLICE = (f"builtins.{name}" for name in ("set", "frozenset", "range", "slice"))
INT, FLOAT, BOOL = (f"builtins.{name}" for name in ("int", "float", "bool"))

TEXTS: Final = frozenset({STR, BYTES, "builtins.bytearray"})
SETS: Final = frozenset({SET, FROZENSET})
LISTS: Final = frozenset({LIST, "collections.deque"})
DICTS: Final = frozenset({DICT, "collections.OrderedDict", "collections.defaultdict", "collections.Counter"})
VIEWS: Final = frozenset({"builtins.dict_keys", "builtins.dict_values", "builtins.dict_items"})
ITERATORS: Final = frozenset({"builtins.enumerate", "builtins.zip", "builtins.reversed", "builtins.iterator"})
ORDERED: Final = LISTS | VIEWS | {TUPLE, RANGE, "builtins.enumerate", "builtins.zip", "builtins.reversed"}
"""The kinds whose `items` are their elements by position, in the order in which a loop meets them."""

CONTAINERS: Final = ORDERED | SETS | DICTS
NUMBERS: Final = frozenset({INT, FLOAT, BOOL})
HARMLESS: Final = NUMBERS | {
    "builtins.complex",
    "builtins.NoneType",
    "datetime.date",
    "datetime.datetime",
    "datetime.time",
    "datetime.timedelta",
    "decimal.Decimal",
    "fractions.Fraction",
    "uuid.UUID",
}
"""Classes whose text can't be chosen by anyone outside: it does no harm in any other text."""

ANY_TEXT: Final = instance(STR)
ANY_BOOL: Final = instance(BOOL)
ANY_INT: Final = instance(INT)
SOME_TEXT: Final = Value(type=STR, literal=True)
BUILT_TEXT: Final = Value(type=STR, built=True)

_PLAIN: Final = frozenset({int, float, bool, str, bytes, type(None)})
_MAX_NODES = 512
_BITS = 200
_BUILDERS: Final[dict[str, Any]] = {LIST: list, TUPLE: tuple, SET: set, FROZENSET: frozenset}
_BUILTIN: Final[dict[type, str]] = {list: LIST, tuple: TUPLE, set: SET, frozenset: FROZENSET}


class _Keys:
    """The key under which a dict has the sources of those of its keys that are not known."""

    def __repr__(self) -> str:
        return "KEYS"


KEYS: Final = _Keys()


def plain(value: Value) -> Any:
    """The Python object that a value surely is: a constant, or a small container of such; else `NOTHING`."""
    const = value.const
    if const is not NOTHING:
        return const if const.__class__ in _PLAIN else NOTHING
    if value.items is None:
        return NOTHING
    return _plain(value, [_MAX_NODES], 4)


def _plain(value: Value, left: list[int], depth: int) -> Any:
    if value.const is not NOTHING:
        return value.const if value.const.__class__ in _PLAIN else NOTHING
    items = value.items
    left[0] -= len(items or ()) + 1
    if items is None or value.rest is not None or value.taints or value.optional or depth <= 0 or left[0] < 0:
        return NOTHING
    found = {}
    for key, item in items.items():
        made = _plain(item, left, depth - 1)
        if made is NOTHING:
            return NOTHING
        found[key] = made
    kind = value.type_name
    if kind == DICT:
        return found
    builder = _BUILDERS.get(kind)
    if builder is None:
        return NOTHING
    try:
        return builder(found.values())
    except TypeError:
        return NOTHING


def wrap(made: Any, depth: int = 4) -> Value:
    """The value of what Python computed from constants: exact where small, of its class and literal otherwise."""
    kind = made.__class__
    if kind in _PLAIN:
        if kind is float and math.isnan(made):
            return Value(type=FLOAT, literal=True)
        return constant(made)
    if kind is dict:
        if depth <= 0 or len(made) > MAX_ITEMS:
            return Value(type=DICT, items={}, rest=Value(literal=True), literal=True)
        return Value(
            type=DICT, items={key: wrap(item, depth - 1) for key, item in made.items()}, literal=True
        )
    name = _BUILTIN.get(kind)
    if name is None:
        return UNKNOWN
    if depth <= 0 or len(made) > MAX_TEXT:
        return Value(type=name, items={}, rest=Value(literal=True), literal=True)
    return sequence(name, (wrap(item, depth - 1) for item in made))


def key_of(value: Value) -> Any:
    """The key that a value surely is, else `NOTHING`."""
    key = value.const
    if key is not NOTHING:
        return key
    if value.items is None:
        return NOTHING
    key = plain(value)
    if key is NOTHING or key.__class__ in (list, dict, set):
        return NOTHING
    try:
        hash(key)
    except TypeError:
        return NOTHING
    return key


def step(key: Any) -> str:
    """What a taint's path calls the part under a key: `[name]`, `[0]`, or `[]` where it is not known."""
    if key.__class__ is str:
        return f"[{key}]" if len(key) <= 60 else "[]"
    return f"[{key}]" if key.__class__ is int else "[]"


def part_taints(value: Value, key: Any) -> Taints:
    """The sources of a part, as parts of those of the whole."""
    if not value.taints:
        return ()
    name = step(key)
    return tuple(taint.child(name) for taint in value.taints)


def listed(kind: str, elements: Iterable[Value], rest: Value | None = None, taints: Taints = ()) -> Value:
    """A new list, tuple, set or the like."""
    made = sequence(kind, elements, rest)
    return with_taints(made, taints) if taints else made


def some(kind: str, one: Value | None, taints: Taints = ()) -> Value:
    """A new container of which no more is known than one value for all of its elements."""
    one = UNKNOWN if one is None else one
    return Value(type=kind, items={}, rest=one, taints=taints, literal=one.literal and not taints)


def any_element(value: Value) -> Value:
    """All elements of a container joined, without the sources of the whole; no constant of what may be none."""
    found = element(value.but(taints=()) if value.taints else value)
    return join(found, UNKNOWN) if value.type is None else found


def either(one: Value | None, other: Value) -> Value:
    """What is joined so far, with one more."""
    return other if one is None else join(one, other)


def joined(values: Iterable[Value]) -> Value | None:
    """What holds of all, None where there are none."""
    found: Value | None = None
    for value in values:
        found = value if found is None else join(found, value)
    return found


def whole(value: Value) -> Taints:
    """The sources of a value and of all that it holds."""
    if value.items is None and value.rest is None:
        return value.taints
    return all_taints(value)


def text_taints(value: Value, harmless: bool = False) -> Taints:
    """The sources of a value that becomes text: those of numbers, dates and the like do no harm there."""
    taints = whole(value)
    if taints and (harmless or value.type_name in HARMLESS):
        return clean(taints, INJECTIONS)
    return taints


def clean(taints: Taints, kinds: frozenset[str]) -> Taints:
    """The sources, harmless for some kinds of sinks."""
    return tuple(
        taint if kinds <= taint.clean else taint.changed(clean=taint.clean | kinds) for taint in taints
    )


def joined_taints(values: Iterable[Value]) -> Taints:
    """The sources of all values."""
    found: Taints = ()
    for value in values:
        if value.taints or value.items or value.rest is not None:
            found = join_taints(found, whole(value))
    return found


def derived(type_: str | None, taints: Taints = (), literal: bool = False, built: bool = False) -> Value:
    """A value computed from others."""
    if not taints:
        if literal:
            return SOME_TEXT if type_ == STR else Value(type=type_, literal=True)
        if not built:
            return UNKNOWN if type_ is None else instance(type_)
        if type_ == STR:
            return BUILT_TEXT
    return Value(type=type_, taints=taints, literal=literal and not taints, built=built)


def is_small_power(base: Any, exponent: Any) -> bool:
    """Whether a power has so few digits that it is worth computing."""
    if base.__class__ is not int or exponent.__class__ is not int:
        return True
    return bool(abs(exponent) * base.bit_length() <= _BITS)


def is_whole(value: Value) -> bool:
    """Whether exactly the elements in sight are in a container."""
    return value.items is not None and value.rest is None and not value.optional


def elements_of(value: Value) -> list[Value] | None:
    """The elements in order where all are known, those of a tainted whole with its sources."""
    items = value.items
    if items is None or value.rest is not None:
        return None
    kind = value.type_name
    if kind in DICTS:
        found = [wrap(key) for key in items]
        taints = part_taints(value, NOTHING)
        return [with_taints(key, taints) for key in found] if taints else found
    if kind not in ORDERED:
        return None
    found = list(items.values())
    if value.taints:
        return [with_taints(item, part_taints(value, index)) for index, item in enumerate(found)]
    return found


def merged(items: Mapping[Any, Value], key: Any, value: Value) -> dict[Any, Value]:
    """A copy of a container's elements with one more."""
    copy = dict(items)
    copy[key] = value
    return copy
