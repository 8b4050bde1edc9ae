"""Values that hold others: how they are made, read where the key is not known, and joined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checks.semantics.rows import Record, Rows
from checks.semantics.rows import joined as joined_records
from checks.semantics.taints import join_taints
from checks.semantics.values import MAX_DEPTH, NOTHING, SIZED, UNKNOWN, Value, all_taints, with_taints

MAX_ITEMS = 64
"""Elements that a container is followed by; one with more is known by their join alone."""
MAX_TARGETS = 6
_WEIGHT = 2_000


def sequence(kind: str, elements: Iterable[Value], rest: Value | None = None) -> Value:
    """A list, tuple or set of these elements in order, and of others like `rest`."""
    listed = [bounded(element) for element in elements]
    literal = (rest is None or rest.literal) and all(element.literal for element in listed)
    if len(listed) > MAX_ITEMS:
        return Value(type=kind, items={}, rest=_join_all(listed, rest), literal=literal)
    return Value(type=kind, items=dict(enumerate(listed)), rest=rest, literal=literal)


def mapping(items: Mapping[Any, Value], rest: Value | None = None, kind: str = "builtins.dict") -> Value:
    """A dict of these items, and of others like `rest` under keys that are not known."""
    literal = (rest is None or rest.literal) and all(value.literal for value in items.values())
    if len(items) > MAX_ITEMS:
        return Value(type=kind, items={}, rest=_join_all(items.values(), rest), literal=literal)
    return Value(
        type=kind, items={key: bounded(value) for key, value in items.items()}, rest=rest, literal=literal
    )


def bounded(value: Value) -> Value:
    """The value as part of another: without its contents, but for their sources, where these are deep or many.

    So that no walk through what a value holds takes long, however often code nests one container in the next.
    """
    if (not value.items and value.rest is None) or _weight(value, MAX_DEPTH - 1, _WEIGHT) >= 0:
        return value
    return value.but(items=None, rest=None, taints=all_taints(value))


def _weight(value: Value, depth: int, left: int) -> int:
    """What is left of an allowance after counting all that a value holds, negative when it doesn't suffice."""
    left -= 1
    if value.items or value.rest is not None:
        if depth <= 0:
            return -1
        for item in (value.items or {}).values():
            left = _weight(item, depth - 1, left)
            if left < 0:
                return left
        if value.rest is not None:
            left = _weight(value.rest, depth - 1, left)
    return left


def _join_all(values: Iterable[Value], rest: Value | None) -> Value | None:
    for value in values:
        rest = value if rest is None else join(rest, value)
    return rest


HELD = "held"
"""The fact of an object that is gone through as what one of its attributes holds: that attribute."""


def gone_through(value: Value) -> Value:
    """What a loop over a value runs over: mostly itself."""
    if value.facts is None or HELD not in value.facts:
        return value
    return (value.items or {}).get(value.facts[HELD], UNKNOWN)


def element(value: Value) -> Value:
    """What a loop over a container gives, or an index that is not known: all of its elements joined."""
    value = gone_through(value)
    found = value.rest
    if isinstance(value.record, Rows):
        return UNKNOWN if found is None else found  # what else it holds are attributes
    for item in (value.items or {}).values():
        found = item if found is None else join(found, item)
    if value.taints:
        parts = tuple(taint.child("[]") for taint in value.taints)
        found = Value(taints=parts) if found is None else with_taints(found, parts)
    return UNKNOWN if found is None else found


def join(one: Value, other: Value) -> Value:
    """What holds of both: the first itself where the second adds nothing to it."""
    if one is other:
        return one
    if one is UNKNOWN and _says_nothing(other):
        return one
    const = one.const if _same(one.const, other.const) else NOTHING
    taints = join_taints(one.taints, other.taints)
    targets = _join_targets(one.targets, other.targets)
    type_ = _join_types(one, other)
    name = one.name if one.name == other.name else None
    items, rest = _join_items(one, other)
    literal = one.literal and other.literal
    built = one.built or other.built
    optional = one.optional or other.optional or (one.const is None) is not (other.const is None)
    record = _join_records(one, other)
    if (
        const is one.const
        and taints is one.taints
        and targets is one.targets
        and type_ is one.type
        and name is one.name
        and items is one.items
        and rest is one.rest
        and literal is one.literal
        and built is one.built
        and optional is one.optional
        and record is one.record
        and _links_alike(one, other)
    ):
        return one
    return Value(
        name=name,
        type=type_,
        const=const,
        items=items,
        rest=rest,
        taints=taints,
        targets=targets,
        literal=literal,
        built=built,
        optional=optional,
        true=one.true if one.true is other.true else (),
        false=one.false if one.false is other.false else (),
        part_of=one.part_of if one.part_of is other.part_of else None,
        receiver=one.receiver if one.receiver is other.receiver else None,
        facts=one.facts if one.facts == other.facts else None,
        record=record,
    )


def _says_nothing(value: Value) -> bool:
    """Whether an unknown value stays unknown joined with it."""
    return not value.taints and not value.targets and value.items is None and value.record is None


def _join_records(one: Value, other: Value) -> Record | None:
    """What is known of rows on both ways; where one of them gives nothing, what is known on the other."""
    if one.record is other.record:
        return one.record
    if other.record is None and (other.const is None or other is UNKNOWN or _is_empty(other)):
        return one.record
    if one.record is None and (one.const is None or one is UNKNOWN or _is_empty(one)):
        return other.record
    return joined_records(one.record, other.record)


def _is_empty(value: Value) -> bool:
    """Whether a value is a list or the like that the code writes with nothing in it."""
    return value.items is not None and not value.items and value.rest is None and not value.taints


def _links_alike(one: Value, other: Value) -> bool:
    """Whether what the first says of other values, and what frameworks note of it, holds of both."""
    return (
        (one.true is other.true or not one.true)
        and (one.false is other.false or not one.false)
        and (one.part_of is other.part_of or one.part_of is None)
        and (one.receiver is other.receiver or one.receiver is None)
        and (one.facts is None or one.facts == other.facts)
    )


def _same(one: Any, other: Any) -> bool:
    if one is other:
        return True
    kind = one.__class__
    return kind is other.__class__ and one == other and (kind is not float or repr(one) == repr(other))


def _join_types(one: Value, other: Value) -> Any:
    """The class of both; one that may also be None keeps its class."""
    if one.type is other.type or one.type == other.type:
        return one.type
    if other.const is None or (one.record is not None and _is_empty(other)):
        return one.type
    if one.const is None or (other.record is not None and _is_empty(one)):
        return other.type
    return None


def _join_targets(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    if one is other or not other:
        return one
    if not one:
        return other
    more = tuple(target for target in other if target not in one)
    return (*one, *more)[:MAX_TARGETS] if more and len(one) < MAX_TARGETS else one


def _join_items(one: Value, other: Value) -> tuple[Mapping[Any, Value] | None, Value | None]:
    """The elements of both by key; those that only one has join the rest, as do all when they grow many.

    A dict, or an instance, keeps the keys that only one has; a dict joins them to its rest too.
    """
    if one.items is other.items and one.rest is other.rest:
        return one.items, one.rest
    sized = one.type_name in SIZED and one.type == other.type
    rest, others = one.rest, other.rest
    if other.items is None and others is None:
        if not sized:
            return one.items, rest
        others = UNKNOWN
    if one.items is None and rest is None:
        if not sized:
            return other.items, others
        rest = UNKNOWN
    mine, theirs = one.items or {}, other.items or {}
    if not sized:
        return _join_attributes(one, mine, theirs, rest if others is None else _either(rest, others))
    if one.type_name != "builtins.dict":
        return _join_positions(one, mine, theirs, rest if others is None else _either(rest, others))
    return _join_keys(one, (mine, rest), (theirs, others))


def _join_keys(
    one: Value,
    mine: tuple[Mapping[Any, Value], Value | None],
    theirs: tuple[Mapping[Any, Value], Value | None],
) -> tuple[Mapping[Any, Value] | None, Value | None]:
    """The items of two dicts by key: where only one has a key, the other's rest may still have it."""
    joined: dict[Any, Value] = {}
    changed = one.items is None
    rest, others = mine[1], theirs[1]
    absent = rest if others is None else _either(rest, others)
    for key, value in mine[0].items():
        met = theirs[0].get(key, others)
        joined[key] = value if met is None else join(value, met)
        changed = changed or joined[key] is not value
        if key not in theirs[0]:
            absent = _either(absent, value)
    for key, value in theirs[0].items():
        if key not in mine[0]:
            absent = _either(absent, value)
            if len(joined) < MAX_ITEMS:
                changed = True
                joined[key] = value if rest is None else join(value, rest)
    return (joined if changed else one.items), absent


def _join_attributes(
    one: Value, mine: Mapping[Any, Value], theirs: Mapping[Any, Value], rest: Value | None
) -> tuple[Mapping[Any, Value] | None, Value | None]:
    """The attributes of two instances by name, or the elements of what is no builtin container by key."""
    joined: dict[Any, Value] = {}
    changed = one.items is None
    for key, value in mine.items():
        joined[key] = join(value, theirs[key]) if key in theirs else value
        changed = changed or joined[key] is not value
    for key, value in theirs.items():
        if key not in mine:
            if len(joined) < MAX_ITEMS:
                changed = True
                joined[key] = value
            else:
                rest = _either(rest, value)
    return (joined if changed else one.items), rest


def _join_positions(
    one: Value, mine: Mapping[Any, Value], theirs: Mapping[Any, Value], rest: Value | None
) -> tuple[Mapping[Any, Value], Value | None]:
    """The elements of two lists, tuples or sets by position, as far as both go, and the rest of both."""
    joined: dict[Any, Value] = {}
    changed = one.items is None or len(theirs) < len(mine)
    for key, value in mine.items():
        if key in theirs:
            joined[key] = join(value, theirs[key])
            changed = changed or joined[key] is not value
        else:
            rest = _either(rest, value)
    for key, value in theirs.items():
        if key not in mine:
            rest = _either(rest, value)
    return (joined if changed or one.items is None else one.items), rest


def _either(one: Value | None, other: Value) -> Value:
    return other if one is None else join(one, other)
