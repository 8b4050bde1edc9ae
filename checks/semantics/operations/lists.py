"""Methods of lists, deques and tuples."""

from __future__ import annotations

from typing import Any, Final

from checks.semantics.contents import bounded, element, join
from checks.semantics.invocation import Invocation
from checks.semantics.operations.containers import copied, iteration_element, removed, subscript
from checks.semantics.operations.parts import (
    ANY_INT,
    LIST,
    any_element,
    either,
    is_whole,
    listed,
    plain,
    some,
    wrap,
)
from checks.semantics.operations.receivers import (
    Method,
    Result,
    cleared,
    copy_of,
    first,
    known_elements,
    vague,
    with_elements,
)
from checks.semantics.values import NONE, NOTHING, UNKNOWN, Value, constant, with_taints


def _append(receiver: Value, call: Invocation) -> Result:
    value = bounded(first(call))
    kept = known_elements(receiver)
    if kept is not None:
        return NONE, with_elements(receiver, [*kept, value])
    rest = either(receiver.rest if receiver.items is not None else UNKNOWN, value)
    if receiver.items is None:
        return NONE, receiver.but(items={}, rest=rest, literal=False)
    literal = receiver.literal and value.literal
    if rest is receiver.rest and literal is receiver.literal:
        return NONE, None
    return NONE, receiver.but(rest=rest, literal=literal)


def _append_left(receiver: Value, call: Invocation) -> Result:
    kept = known_elements(receiver)
    if kept is not None:
        return NONE, with_elements(receiver, [first(call), *kept])
    return NONE, vague(receiver, first(call))


def _insert(receiver: Value, call: Invocation) -> Result:
    if len(call.positional) != 2:
        return NONE, vague(receiver, join(first(call), UNKNOWN))
    index, value = call.positional
    kept = known_elements(receiver)
    if kept is not None and isinstance(index.const, int):
        kept.insert(index.const, value)
        return NONE, with_elements(receiver, kept)
    return NONE, vague(receiver, value)


def _extend(receiver: Value, call: Invocation) -> Result:
    given = first(call)
    kept = known_elements(receiver)
    more = copied(given, LIST)
    if kept is not None and more.items is not None:
        others = list(more.items.values())
        made = with_elements(receiver, [*kept, *others], more.rest)
        return NONE, with_taints(made, more.taints) if more.taints else made
    added = iteration_element(given)
    if kept is not None:
        return NONE, with_elements(receiver, kept, added)
    rest = either(receiver.rest if receiver.items is not None else UNKNOWN, added)
    literal = receiver.literal and added.literal
    return NONE, receiver.but(items=receiver.items or {}, rest=rest, literal=literal)


def _pop(receiver: Value, call: Invocation) -> Result:
    index = call.positional[0] if call.positional else constant(-1)
    if call.more is not None or not isinstance(index.const, int):
        return element(receiver), vague(receiver)
    value = subscript(receiver, index)
    kept = known_elements(receiver)
    if kept is not None:
        if -len(kept) <= index.const < len(kept):
            del kept[index.const]
            return value, with_elements(receiver, kept)
        return UNKNOWN, None
    return value, removed(receiver, index)


def _pop_left(receiver: Value, call: Invocation) -> Result:
    kept = known_elements(receiver)
    if kept:
        return subscript(receiver, constant(0)), with_elements(receiver, kept[1:])
    return element(receiver), vague(receiver)


def _remove(receiver: Value, call: Invocation) -> Result:
    made, wanted = plain(receiver), plain(first(call))
    if made.__class__ is list and wanted is not NOTHING:
        if wanted not in made:
            return UNKNOWN, None
        kept = known_elements(receiver) or []
        del kept[made.index(wanted)]
        return NONE, with_elements(receiver, kept)
    return NONE, vague(receiver)


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
    kept = known_elements(receiver)
    if kept is not None:
        return NONE, with_elements(receiver, kept[::-1])
    return NONE, vague(receiver)


def _index(receiver: Value, call: Invocation) -> Result:
    made, wanted = plain(receiver), plain(first(call))
    if made.__class__ in (list, tuple) and wanted is not NOTHING and len(call.positional) == 1:
        return (wrap(made.index(wanted)) if wanted in made else UNKNOWN), None
    return ANY_INT, None


def _count(receiver: Value, call: Invocation) -> Result:
    made, wanted = plain(receiver), plain(first(call))
    if made.__class__ in (list, tuple) and wanted is not NOTHING and len(call.positional) == 1:
        return wrap(made.count(wanted)), None
    return ANY_INT, None


LIST_METHODS: Final[dict[str, Method]] = {
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "remove": _remove,
    "clear": cleared,
    "sort": _sort,
    "reverse": _reverse,
    "copy": copy_of,
    "index": _index,
    "count": _count,
}
DEQUE_METHODS: Final[dict[str, Method]] = {**LIST_METHODS, "appendleft": _append_left, "popleft": _pop_left}
TUPLE_METHODS: Final[dict[str, Method]] = {"index": _index, "count": _count}
