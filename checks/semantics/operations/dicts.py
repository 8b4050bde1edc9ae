"""Methods of dicts, and dicts made of other things."""

from __future__ import annotations

from typing import Final

from checks.semantics.contents import element, join, mapping
from checks.semantics.invocation import Invocation
from checks.semantics.operations.arithmetic import merged_dicts
from checks.semantics.operations.comparison import is_in
from checks.semantics.operations.containers import iteration_element, removed, stored, subscript
from checks.semantics.operations.parts import (
    DICT,
    DICTS,
    KEYS,
    TUPLE,
    either,
    elements_of,
    is_whole,
    listed,
    part_taints,
    some,
    wrap,
)
from checks.semantics.operations.receivers import Method, Result, cleared, copy_of, first, without
from checks.semantics.values import NONE, UNKNOWN, Value, constant, with_taints


def _get(receiver: Value, call: Invocation) -> Result:
    default = call.positional[1] if len(call.positional) > 1 else NONE
    return _looked_up(receiver, first(call), default), None


def _looked_up(receiver: Value, key: Value, default: Value | None) -> Value:
    """The value under a key, or the default where it may be missing."""
    found = subscript(receiver, key)
    if default is None:
        return found
    present = is_in(key, receiver)
    if present is True:
        return found
    if present is False:
        return default
    if receiver.items is not None and not receiver.items and receiver.rest is None and not receiver.taints:
        return default
    return join(found, default)


def _items(receiver: Value, call: Invocation) -> Result:
    return _view(receiver, "builtins.dict_items"), None


def _keys(receiver: Value, call: Invocation) -> Result:
    return _view(receiver, "builtins.dict_keys"), None


def _values(receiver: Value, call: Invocation) -> Result:
    return _view(receiver, "builtins.dict_values"), None


def _view(receiver: Value, kind: str) -> Value:
    known = elements_of(receiver) if not receiver.optional else None
    if known is not None and receiver.items is not None:
        values = [
            with_taints(value, part_taints(receiver, key)) if receiver.taints else value
            for key, value in receiver.items.items()
        ]
        if kind == "builtins.dict_keys":
            return listed(kind, known)
        if kind == "builtins.dict_values":
            return listed(kind, values)
        return listed(kind, [listed(TUPLE, pair) for pair in zip(known, values, strict=True)])
    if kind == "builtins.dict_keys":
        return some(kind, iteration_element(receiver))
    value = _any_value(receiver)
    if kind == "builtins.dict_values":
        return some(kind, value)
    return some(kind, listed(TUPLE, (iteration_element(receiver), value)))


def _any_value(receiver: Value) -> Value:
    if receiver.items is not None and KEYS in receiver.items:
        kept = {key: value for key, value in receiver.items.items() if key is not KEYS}
        return element(receiver.but(items=kept))
    return element(receiver)


def _pop_key(receiver: Value, call: Invocation) -> Result:
    default = call.positional[1] if len(call.positional) > 1 else None
    key = first(call)
    value = _looked_up(receiver, key, default)
    if is_in(key, receiver) is False:
        return value, None
    return value, removed(receiver, key)


def _pop_item(receiver: Value, call: Invocation) -> Result:
    if is_whole(receiver) and receiver.items and not receiver.taints:
        items = dict(receiver.items)
        key, value = items.popitem()
        return listed(TUPLE, (wrap(key), value)), receiver.but(items=items)
    pair = listed(TUPLE, (iteration_element(receiver), _any_value(receiver)))
    return pair, receiver.but(rest=either(receiver.rest, _any_value(without(receiver))))


def _set_default(receiver: Value, call: Invocation) -> Result:
    key = first(call)
    default = call.positional[1] if len(call.positional) > 1 else NONE
    present = is_in(key, receiver)
    if present is True:
        return subscript(receiver, key), None
    if present is False:
        return default, stored(receiver, key, default)
    value = _looked_up(receiver, key, default)
    return value, stored(receiver, key, join(subscript(without(receiver), key), default))


def _update(receiver: Value, call: Invocation) -> Result:
    changed = receiver
    if call.positional:
        given = copied_dict(call.positional[0])
        changed = merged_dicts(changed, given)
    if call.keywords:
        changed = merged_dicts(changed, mapping(dict(call.keywords)))
    if call.more is not None:
        changed = merged_dicts(changed, Value(type=DICT, items={}, rest=element(call.more)))
    return NONE, changed.but(facts=receiver.facts) if receiver.facts else changed


def copied_dict(value: Value) -> Value:
    """A new dict of what `dict(value)` is given: another dict, or pairs."""
    if value.type_name in DICTS:
        return value.but(type=DICT)
    pairs = elements_of(value)
    if pairs is not None:
        made = Value(type=DICT, items={}, literal=True)
        for pair in pairs:
            found = elements_of(pair)
            if found is None or len(found) != 2:
                made = stored(made, UNKNOWN, element(pair))
            else:
                made = stored(made, found[0], found[1])
        return made
    if value.items is None and value.rest is None:
        return Value(type=DICT, taints=value.taints)
    if value.type is not None:
        pair = iteration_element(value)
        made = Value(type=DICT, items={}, taints=value.taints)
        return stored(made, join(subscript(pair, constant(0)), UNKNOWN), subscript(pair, constant(1)))
    items = {key: join(item, UNKNOWN) for key, item in (value.items or {}).items() if isinstance(key, str)}
    return Value(type=DICT, items=items, rest=join(element(value), UNKNOWN), taints=value.taints)


def dict_from_keys(keys: Value, value: Value) -> Value:
    """`dict.fromkeys(keys, value)`."""
    known = elements_of(keys)
    made = Value(type=DICT, items={}, literal=True)
    for key in known if known is not None else (join(iteration_element(keys), UNKNOWN),):
        made = stored(made, key, value)
    return made


DICT_METHODS: Final[dict[str, Method]] = {
    "get": _get,
    "items": _items,
    "keys": _keys,
    "values": _values,
    "pop": _pop_key,
    "popitem": _pop_item,
    "setdefault": _set_default,
    "update": _update,
    "copy": copy_of,
    "clear": cleared,
}
