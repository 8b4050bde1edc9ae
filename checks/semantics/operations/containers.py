"""Containers: their elements read, written and removed, slices, unpacking and what loops meet."""

from __future__ import annotations

from typing import Any, Final

from checks.semantics.contents import MAX_ITEMS, bounded, element, gone_through, join
from checks.semantics.operations.parts import (
    BYTES,
    CONTAINERS,
    DICTS,
    INT,
    KEYS,
    LIST,
    LISTS,
    ORDERED,
    SETS,
    SLICE,
    STR,
    TEXTS,
    TUPLE,
    VIEWS,
    any_element,
    derived,
    either,
    elements_of,
    joined,
    key_of,
    listed,
    merged,
    part_taints,
    some,
    whole,
    wrap,
)
from checks.semantics.values import NOTHING, UNKNOWN, Value, constant, instance, with_taints

_UNROLLED: Final = 16
_EMPTY: Final[dict[Any, Value]] = {}


def subscript(value: Value, key: Value) -> Value:
    """What `value[key]` gives."""
    if value is UNKNOWN:
        return UNKNOWN
    if key.type.__class__ is str and key.type == SLICE:
        bounds = key.items or _EMPTY
        return sliced(value, *(bounds.get(name) for name in ("start", "stop", "step")))
    if value.const is not NOTHING:
        return _constant_part(value, key)
    kind = value.type
    if kind.__class__ is str and kind in TEXTS:
        return derived(INT if kind != STR else STR, value.taints, value.literal)
    if value.items is None and value.rest is None:
        if not value.taints:
            return UNKNOWN
        return Value(taints=part_taints(value, key_of(key)))
    found = key_of(key)
    part = any_element(value) if found is NOTHING else _part(value, found)
    return with_taints(part, part_taints(value, found)) if value.taints else part


def _constant_part(value: Value, key: Value) -> Value:
    const = value.const
    if const.__class__ not in (str, bytes):
        return UNKNOWN
    index = key.const
    if index is NOTHING:
        return instance(STR if const.__class__ is str else INT)
    try:
        return wrap(const[index])
    except (IndexError, TypeError):
        return UNKNOWN


def _part(value: Value, key: Any) -> Value:
    """The element under a known key, without the sources of the whole."""
    items, rest, kind = value.items or _EMPTY, value.rest, value.type_name
    if kind in ORDERED:
        if key.__class__ is bool:
            key = int(key)
        if key.__class__ is not int:
            return UNKNOWN
        if key < 0:
            if rest is not None:
                return any_element(value)
            key += len(items)
    found = items.get(key)
    if found is None:
        return UNKNOWN if rest is None else rest
    if not kind:
        return join(found, UNKNOWN)  # what it is a part of may be another thing altogether
    return found


def sliced(value: Value, lower: Value | None, upper: Value | None, step: Value | None) -> Value:
    """What `value[lower:upper:step]` gives."""
    if value is UNKNOWN:
        return UNKNOWN
    bounds = _bounds(lower, upper, step)
    const = value.const
    if const is not NOTHING:
        if const.__class__ not in (str, bytes):
            return UNKNOWN
        if bounds is None:
            return derived(STR if const.__class__ is str else BYTES, literal=True)
        return wrap(const[bounds])
    kind = value.type_name
    if kind in TEXTS:
        return derived(kind, value.taints, value.literal, value.built)
    if kind in ORDERED and value.items is not None:
        return _sliced_elements(value, kind, bounds)
    if kind in ORDERED:
        return Value(type=kind, taints=value.taints)
    rest = any_element(value) if value.items or value.rest is not None else None
    if not value.taints and rest is None:
        return UNKNOWN
    return Value(items=None if rest is None else {}, rest=rest, taints=value.taints)


def _sliced_elements(value: Value, kind: str, bounds: slice | None) -> Value:
    kept = list((value.items or _EMPTY).values())
    if bounds is not None:
        if value.rest is None:
            return listed(kind, kept[bounds], taints=value.taints)
        start, stop = bounds.start or 0, bounds.stop
        if bounds.step is None and start >= 0:
            if stop is not None and 0 <= stop <= len(kept):
                return listed(kind, kept[start:stop], taints=value.taints)
            if stop is None or stop > 0:
                return listed(kind, kept[start:], value.rest, value.taints)
    if not kept and value.rest is None:
        return listed(kind, (), taints=value.taints)
    return some(kind, any_element(value), value.taints)


def _bounds(*given: Value | None) -> slice | None:
    """The slice that constant bounds make, None where they are not known or wrong."""
    found: list[int | None] = []
    for value in given:
        const = None if value is None else value.const
        if const is not None and const.__class__ not in (int, bool):
            return None
        found.append(const if const is None else int(const))
    return None if found[2] == 0 else slice(*found)


def stored(container: Value, key: Value, value: Value) -> Value:
    """The container after `container[key] = value`."""
    kind = container.type_name
    if container.const is not NOTHING or kind in TEXTS or kind == TUPLE or kind in SETS or kind in VIEWS:
        return container  # which raises
    value = bounded(value)
    found = key_of(key)
    if kind in LISTS:
        return _stored_at(container, key, found, value)
    literal = container.literal and value.literal and key.literal
    items = container.items if container.items is not None else _EMPTY
    rest = container.rest
    if container.items is None and rest is None and kind in DICTS:
        rest = UNKNOWN
    if found is not NOTHING and (found in items or len(items) < MAX_ITEMS):
        return container.but(items=merged(items, found, value), rest=rest, literal=literal)
    if found is NOTHING:
        items = _maybe_written(items, whole(key), value)
        taints = whole(key)
        if taints:
            keys = Value(type=key.type, taints=taints)
            items = merged(items, KEYS, join(items[KEYS], keys) if KEYS in items else keys)
    return container.but(items=items, rest=either(rest, value), literal=literal)


def _maybe_written(items: Any, chosen: Any, value: Value) -> dict[Any, Value]:
    """The known items of a dict after one under an unknown key was written.

    Whoever chooses the key chooses which. Where nobody outside does, the key is taken to be another than the known
    ones, though no constant stays certain.
    """
    if chosen:
        return {key: join(item, value) if key is not KEYS else item for key, item in items.items()}
    unsure = Value(literal=value.literal)
    return {key: unsure if item.is_constant else item for key, item in items.items()}


def _stored_at(container: Value, key: Value, found: Any, value: Value) -> Value:
    items = container.items
    literal = container.literal and value.literal
    if key.type_name == SLICE or items is None:
        joined_rest = join(any_element(container), element(value) if key.type_name == SLICE else value)
        return container.but(items={}, rest=joined_rest, literal=literal)
    if found.__class__ in (int, bool):
        index = int(found)
        if index < 0 and container.rest is None:
            index += len(items)
        if index in items:
            return container.but(items=merged(items, index, value), literal=literal)
        if container.rest is None:
            return container  # out of range: which raises
        if index >= 0:
            return container.but(rest=join(container.rest, value), literal=literal)
    written = {index: join(item, value) for index, item in items.items()}
    rest = None if container.rest is None else join(container.rest, value)
    return container.but(items=written, rest=rest, literal=literal)


def removed(container: Value, key: Value) -> Value:
    """The container after `del container[key]`."""
    items = container.items
    if items is None or container.const is not NOTHING:
        return container
    found = key_of(key)
    kind = container.type_name
    if kind in LISTS:
        kept = list(items.values())
        if container.rest is None and found.__class__ in (int, bool):
            if -len(kept) <= found < len(kept):
                del kept[found]
                return listed(kind, kept, taints=container.taints)
            return container
        if found.__class__ is int and found >= 0:
            return listed(kind, kept[:found], either(joined(kept[found:]), container.rest or UNKNOWN))
        bounds = _bounds(*(key.items or _EMPTY).values()) if key.type_name == SLICE else None
        if bounds is not None and container.rest is None:
            del kept[bounds]
            return listed(kind, kept, taints=container.taints)
        return some(kind, any_element(container), container.taints)
    if kind == TUPLE or kind in SETS:
        return container
    if found is not NOTHING:
        return container.but(items={name: item for name, item in items.items() if name != found})
    if not items and container.rest is None:
        return container
    return container.but(rest=any_element(container))


def attribute_set(obj: Value, name: str, value: Value) -> Value:
    """The object after `obj.name = value`."""
    if obj.const is not NOTHING or obj.type_name in CONTAINERS:
        return obj
    value = bounded(value)
    items = obj.items if obj.items is not None else _EMPTY
    literal = obj.literal and value.literal
    if name in items or len(items) < MAX_ITEMS:
        return obj.but(items=merged(items, name, value), literal=literal)
    return obj.but(rest=either(obj.rest, value), literal=literal)


def iterated(value: Value) -> tuple[Value, ...] | None:
    """The elements that a loop meets, in order, where all are known and at most sixteen; else None."""
    if value.items is not None:
        if len(value.items) > _UNROLLED:
            return None
        found = elements_of(value)
        return None if found is None else tuple(found)
    const = value.const
    if const.__class__ in (str, bytes) and len(const) <= _UNROLLED:
        return tuple(constant(part) for part in const)
    return None


def iteration_element(value: Value) -> Value:
    """What a loop over a value meets: elements, a dict's keys, a text's characters; all of them joined."""
    if value is UNKNOWN:
        return UNKNOWN
    value = gone_through(value)
    kind = value.type_name
    if kind in DICTS and value.items is not None:
        return _any_key(value)
    if kind in TEXTS:
        return derived(STR if kind == STR else INT, value.taints, value.literal)
    if value.type is None and (value.items or value.rest is not None):
        return join(element(value), UNKNOWN)
    return element(value)


def _any_key(value: Value) -> Value:
    items = value.items or _EMPTY
    found = joined(wrap(key) for key in items if key is not KEYS)
    if value.rest is not None:
        keys = items.get(KEYS, UNKNOWN)
        found = keys if found is None else join(join(found, UNKNOWN), keys)
    if found is None:
        found = UNKNOWN
    return with_taints(found, part_taints(value, NOTHING)) if value.taints else found


def unpacked(value: Value, before: int, star: bool, after: int) -> list[Value]:
    """The values of targets: those before a starred one, its list, and those after it."""
    count = before + after + (1 if star else 0)
    if value is UNKNOWN:
        found = [UNKNOWN] * count
        if star:
            found[before] = Value(type=LIST)
        return found
    exact = elements_of(value)
    if exact is None and value.const.__class__ in (str, bytes) and len(value.const) <= MAX_ITEMS:
        exact = [constant(part) for part in value.const]
    if exact is not None and (len(exact) >= before + after if star else len(exact) == before):
        return _spread(exact, before, star, after)
    return _guessed(value, before, star, after)


def _spread(exact: list[Value], before: int, star: bool, after: int) -> list[Value]:
    if not star:
        return exact
    end = len(exact) - after
    return [*exact[:before], listed(LIST, exact[before:end]), *exact[end:]]


def _guessed(value: Value, before: int, star: bool, after: int) -> list[Value]:
    """The targets' values where the number of elements is not known."""
    by_index = value.type_name in ORDERED or value.items is None
    if by_index and value.type_name not in TEXTS and value.type_name not in DICTS:
        first = [subscript(value, constant(index)) for index in range(before)]
    else:
        first = [iteration_element(value)] * before
    if not star:
        return first
    any_element = iteration_element(value)
    return [*first, some(LIST, any_element), *[any_element] * after]


def copied(value: Value, kind: str) -> Value:
    """A new container of a kind with the elements of any iterable, in their order where they have one."""
    exact = elements_of(value)
    if exact is None and value.const.__class__ in (str, bytes) and len(value.const) <= MAX_ITEMS:
        exact = [constant(part) for part in value.const]
    if exact is not None:
        return _collected(kind, exact)
    if value.type_name in ORDERED and value.items is not None and kind not in SETS:
        taints = value.taints
        return listed(kind, value.items.values(), value.rest, taints)
    if value.type_name in SETS and value.items is not None:
        if kind in SETS:
            return value.but(type=kind)
        if not value.items and value.rest is None:
            return listed(kind, ())
        if len(value.items) == 1 and value.rest is None and not value.taints:
            return listed(kind, value.items.values())
        return some(kind, any_element(value), value.taints)
    if value.items is None and value.rest is None and value.type_name not in TEXTS:
        if not value.taints and value.const is NOTHING:
            return Value(type=kind)
        return Value(type=kind, taints=value.taints)
    return some(kind, iteration_element(value))


def _collected(kind: str, elements: list[Value]) -> Value:
    """A container of exactly these elements; a set has equal constants once."""
    if kind not in SETS:
        return listed(kind, elements)
    return set_of(elements, kind)


def set_of(elements: list[Value], kind: str = "builtins.set") -> Value:
    """A set of exactly these elements: equal constants are in it once."""
    seen = set()
    found = []
    for value in elements:
        key = key_of(value)
        if key is not NOTHING:
            if key in seen:
                continue
            seen.add(key)
        found.append(value)
    return listed(kind, found)
