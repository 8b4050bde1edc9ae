"""Methods of builtin classes: what they give, and what their receiver is afterwards."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final

from checks.semantics.contents import MAX_ITEMS, bounded, element, join, mapping
from checks.semantics.invocation import Invocation
from checks.semantics.operations.arithmetic import combined, merged_dicts
from checks.semantics.operations.comparison import is_in
from checks.semantics.operations.containers import (
    copied,
    iteration_element,
    removed,
    set_of,
    stored,
    subscript,
)
from checks.semantics.operations.parts import (
    ANY_BOOL,
    ANY_INT,
    DICT,
    DICTS,
    INT,
    KEYS,
    LIST,
    SET,
    TEXTS,
    TUPLE,
    any_element,
    derived,
    either,
    elements_of,
    is_whole,
    key_of,
    listed,
    part_taints,
    plain,
    some,
    whole,
    wrap,
)
from checks.semantics.operations.text import TEXT_METHODS, Result, text_method
from checks.semantics.values import (
    FALSE,
    NONE,
    NOTHING,
    TRUE,
    UNKNOWN,
    Value,
    constant,
    instance,
    with_taints,
)

_Method = Callable[[Value, Invocation], Result]
_KEEP_ORDER: Final = frozenset({"append", "appendleft", "extend"})


def method(receiver: Value, name: str, call: Invocation) -> Result:
    """What `receiver.name(...)` gives, and the receiver after it, None where that is unchanged.

    None where nothing is known: the class is not a builtin one, or has no such method.
    """
    type_ = receiver.type
    if type_ is None:
        if name in TEXT_METHODS:
            return text_method(receiver, name, call)
        return _grown(receiver, call) if name in _KEEP_ORDER else None
    if type_.__class__ is not str:
        return None
    if type_ in TEXTS:
        return text_method(receiver, name, call)
    table = _TABLES.get(type_)
    if table is None:
        return None
    found = table.get(name)
    return None if found is None else found(receiver, call)


def _grown(receiver: Value, call: Invocation) -> Result:
    """`append` or `extend` on what is probably a list."""
    if receiver.name is not None or receiver.targets or len(call.positional) != 1:
        return None
    value = call.positional[0]
    if call.name.endswith("extend"):
        value = iteration_element(value)
    if not whole(value):
        return None
    return UNKNOWN, receiver.but(rest=either(receiver.rest, bounded(value)), const=NOTHING)


def _first(call: Invocation) -> Value:
    if call.positional:
        return call.positional[0]
    return UNKNOWN if call.more is None else call.more


def _without(value: Value) -> Value:
    """A container as its elements alone, without the sources of the whole."""
    return value.but(taints=()) if value.taints else value


def _with_elements(receiver: Value, elements: list[Value], rest: Value | None = None) -> Value:
    made = listed(receiver.type_name, elements, rest, receiver.taints)
    return made if receiver.facts is None else made.but(facts=receiver.facts)


def _known(receiver: Value) -> list[Value] | None:
    """A list's elements where all are known."""
    if not is_whole(receiver):
        return None
    return list((receiver.items or {}).values())


def _vague(receiver: Value, more: Value | None = None) -> Value:
    """A list of the same elements, and one more, at places that are not known."""
    one = any_element(receiver)
    if more is not None:
        one = (
            more
            if receiver.items is not None and not receiver.items and receiver.rest is None
            else join(one, more)
        )
    return some(receiver.type_name, one, receiver.taints)


# Lists


def _append(receiver: Value, call: Invocation) -> Result:
    value = bounded(_first(call))
    kept = _known(receiver)
    if kept is not None and len(kept) < MAX_ITEMS:
        return NONE, _with_elements(receiver, [*kept, value])
    rest = either(receiver.rest if receiver.items is not None else UNKNOWN, value)
    if receiver.rest is None and kept is not None:
        return NONE, _with_elements(receiver, [*kept, value])
    if receiver.items is None:
        return NONE, receiver.but(items={}, rest=rest, literal=False)
    literal = receiver.literal and value.literal
    if rest is receiver.rest and literal is receiver.literal:
        return NONE, None
    return NONE, receiver.but(rest=rest, literal=literal)


def _append_left(receiver: Value, call: Invocation) -> Result:
    kept = _known(receiver)
    if kept is not None:
        return NONE, _with_elements(receiver, [_first(call), *kept])
    return NONE, _vague(receiver, _first(call))


def _insert(receiver: Value, call: Invocation) -> Result:
    if len(call.positional) != 2:
        return NONE, _vague(receiver, join(_first(call), UNKNOWN))
    index, value = call.positional
    kept = _known(receiver)
    if kept is not None and isinstance(index.const, int):
        kept.insert(index.const, value)
        return NONE, _with_elements(receiver, kept)
    return NONE, _vague(receiver, value)


def _extend(receiver: Value, call: Invocation) -> Result:
    given = _first(call)
    kept = _known(receiver)
    more = copied(given, LIST)
    if kept is not None and more.items is not None:
        others = list(more.items.values())
        made = _with_elements(receiver, [*kept, *others], more.rest)
        return NONE, with_taints(made, more.taints) if more.taints else made
    added = iteration_element(given)
    if kept is not None:
        return NONE, _with_elements(receiver, kept, added)
    rest = either(receiver.rest if receiver.items is not None else UNKNOWN, added)
    literal = receiver.literal and added.literal
    return NONE, receiver.but(items=receiver.items or {}, rest=rest, literal=literal)


def _pop(receiver: Value, call: Invocation) -> Result:
    index = call.positional[0] if call.positional else constant(-1)
    if call.more is not None or not isinstance(index.const, int):
        return element(receiver), _vague(receiver)
    value = subscript(receiver, index)
    kept = _known(receiver)
    if kept is not None:
        if -len(kept) <= index.const < len(kept):
            del kept[index.const]
            return value, _with_elements(receiver, kept)
        return UNKNOWN, None
    return value, removed(receiver, index)


def _pop_left(receiver: Value, call: Invocation) -> Result:
    kept = _known(receiver)
    if kept:
        return subscript(receiver, constant(0)), _with_elements(receiver, kept[1:])
    return element(receiver), _vague(receiver)


def _remove(receiver: Value, call: Invocation) -> Result:
    made, wanted = plain(receiver), plain(_first(call))
    if made.__class__ is list and wanted is not NOTHING:
        if wanted not in made:
            return UNKNOWN, None
        kept = _known(receiver) or []
        del kept[made.index(wanted)]
        return NONE, _with_elements(receiver, kept)
    return NONE, _vague(receiver)


def _clear(receiver: Value, call: Invocation) -> Result:
    return NONE, receiver.but(items={}, rest=None, taints=())


def _sort(receiver: Value, call: Invocation) -> Result:
    return NONE, arranged(receiver, call.keywords, receiver.type_name)


def arranged(receiver: Value, keywords: Any, kind: str) -> Value:
    """The elements sorted: exactly where all are constants and no key is given."""
    exact = copied(receiver, LIST) if kind == LIST else receiver
    made = plain(exact) if "key" not in keywords else NOTHING
    backwards = keywords["reverse"].const if "reverse" in keywords else False
    if made.__class__ is list and backwards in (True, False):
        try:
            order = sorted(range(len(made)), key=made.__getitem__, reverse=backwards)
        except TypeError:
            order = None
        if order is not None:
            elements = list((exact.items or {}).values())
            return listed(kind, [elements[index] for index in order])
    if is_whole(exact) and exact.items:
        return listed(kind, [any_element(exact)] * len(exact.items), taints=exact.taints)
    if is_whole(exact):
        return listed(kind, (), taints=exact.taints)
    return some(kind, any_element(exact), exact.taints)


def _reverse(receiver: Value, call: Invocation) -> Result:
    kept = _known(receiver)
    if kept is not None:
        return NONE, _with_elements(receiver, kept[::-1])
    return NONE, _vague(receiver)


def _copy(receiver: Value, call: Invocation) -> Result:
    return receiver.but(), None


def _index(receiver: Value, call: Invocation) -> Result:
    made, wanted = plain(receiver), plain(_first(call))
    if made.__class__ in (list, tuple) and wanted is not NOTHING and len(call.positional) == 1:
        return (wrap(made.index(wanted)) if wanted in made else UNKNOWN), None
    return ANY_INT, None


def _count(receiver: Value, call: Invocation) -> Result:
    made, wanted = plain(receiver), plain(_first(call))
    if made.__class__ in (list, tuple) and wanted is not NOTHING and len(call.positional) == 1:
        return wrap(made.count(wanted)), None
    return ANY_INT, None


# Dicts


def _get(receiver: Value, call: Invocation) -> Result:
    default = call.positional[1] if len(call.positional) > 1 else NONE
    return _looked_up(receiver, _first(call), default), None


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
    key = _first(call)
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
    return pair, receiver.but(rest=either(receiver.rest, _any_value(_without(receiver))))


def _set_default(receiver: Value, call: Invocation) -> Result:
    key = _first(call)
    default = call.positional[1] if len(call.positional) > 1 else NONE
    present = is_in(key, receiver)
    if present is True:
        return subscript(receiver, key), None
    if present is False:
        return default, stored(receiver, key, default)
    value = _looked_up(receiver, key, default)
    return value, stored(receiver, key, join(subscript(_without(receiver), key), default))


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


# Sets


def _add(receiver: Value, call: Invocation) -> Result:
    value = bounded(_first(call))
    kept = _known(receiver)
    if kept is not None and len(kept) < MAX_ITEMS:
        made = set_of([*kept, value], receiver.type_name)
        return NONE, with_taints(made, receiver.taints) if receiver.taints else made
    rest = either(receiver.rest if receiver.items is not None else UNKNOWN, value)
    return NONE, receiver.but(
        items=receiver.items or {}, rest=rest, literal=receiver.literal and value.literal
    )


def _discard(receiver: Value, call: Invocation) -> Result:
    made, wanted = plain(receiver), key_of(_first(call))
    if made.__class__ in (set, frozenset) and wanted is not NOTHING:
        kept = [value for value in (receiver.items or {}).values() if plain(value) != wanted]
        return NONE, _with_elements(receiver, kept)
    return NONE, _vague(receiver)


def _pop_any(receiver: Value, call: Invocation) -> Result:
    return element(receiver), _vague(receiver)


def _by(op: type[ast.operator], changes: bool) -> _Method:
    def apply(receiver: Value, call: Invocation) -> Result:
        made = receiver
        for given in call.positional:
            made = combined(op, receiver.type_name, made, copied(given, SET))
        if call.more is not None:
            made = some(receiver.type_name, join(element(made), element(call.more)), made.taints)
        if not call.positional and call.more is None:
            made = receiver.but()
        return (NONE, made) if changes else (made, None)

    return apply


def _set_test(receiver: Value, call: Invocation) -> Result:
    return ANY_BOOL, None


def _is_disjoint(receiver: Value, call: Invocation) -> Result:
    one, other = plain(receiver), plain(copied(_first(call), SET))
    if one is NOTHING or other is NOTHING:
        return ANY_BOOL, None
    return (TRUE if one.isdisjoint(other) else FALSE), None


# Numbers


def _as(kind: str) -> _Method:
    def apply(receiver: Value, call: Invocation) -> Result:
        return derived(kind, receiver.taints, receiver.literal), None

    return apply


def _bit_length(receiver: Value, call: Invocation) -> Result:
    const = receiver.const
    return (wrap(int(const).bit_length()) if isinstance(const, int) else instance(INT)), None


_LIST: Final[dict[str, _Method]] = {
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "remove": _remove,
    "clear": _clear,
    "sort": _sort,
    "reverse": _reverse,
    "copy": _copy,
    "index": _index,
    "count": _count,
}
_DICT: Final[dict[str, _Method]] = {
    "get": _get,
    "items": _items,
    "keys": _keys,
    "values": _values,
    "pop": _pop_key,
    "popitem": _pop_item,
    "setdefault": _set_default,
    "update": _update,
    "copy": _copy,
    "clear": _clear,
}
_READ_SET: Final[dict[str, _Method]] = {
    "union": _by(ast.BitOr, False),
    "intersection": _by(ast.BitAnd, False),
    "difference": _by(ast.Sub, False),
    "symmetric_difference": _by(ast.BitXor, False),
    "issubset": _set_test,
    "issuperset": _set_test,
    "isdisjoint": _is_disjoint,
    "copy": _copy,
}
_SET: Final[dict[str, _Method]] = {
    **_READ_SET,
    "update": _by(ast.BitOr, True),
    "intersection_update": _by(ast.BitAnd, True),
    "difference_update": _by(ast.Sub, True),
    "symmetric_difference_update": _by(ast.BitXor, True),
    "add": _add,
    "discard": _discard,
    "remove": _discard,
    "pop": _pop_any,
    "clear": _clear,
}
_TABLES: Final[dict[str, dict[str, _Method]]] = {
    LIST: _LIST,
    "collections.deque": {**_LIST, "appendleft": _append_left, "popleft": _pop_left},
    TUPLE: {"index": _index, "count": _count},
    **dict.fromkeys(DICTS, _DICT),
    SET: _SET,
    "builtins.frozenset": _READ_SET,
    INT: {"bit_length": _bit_length, "bit_count": _as(INT), "to_bytes": _as("builtins.bytes")},
    "builtins.float": {"is_integer": _set_test, "hex": _as("builtins.str")},
}
