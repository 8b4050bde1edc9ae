"""Methods of sets and frozen sets."""

from __future__ import annotations

import ast
from typing import Final

from checks.semantics.contents import MAX_ITEMS, bounded, element, join
from checks.semantics.invocation import Invocation
from checks.semantics.operations.arithmetic import combined
from checks.semantics.operations.containers import copied, set_of
from checks.semantics.operations.parts import ANY_BOOL, SET, either, key_of, plain, some
from checks.semantics.operations.receivers import (
    Method,
    Result,
    cleared,
    copy_of,
    first,
    known_elements,
    undecided,
    vague,
    with_elements,
)
from checks.semantics.values import FALSE, NONE, NOTHING, TRUE, UNKNOWN, Value, with_taints


def _add(receiver: Value, call: Invocation) -> Result:
    value = bounded(first(call))
    kept = known_elements(receiver)
    if kept is not None and len(kept) < MAX_ITEMS:
        made = set_of([*kept, value], receiver.type_name)
        return NONE, with_taints(made, receiver.taints) if receiver.taints else made
    rest = either(receiver.rest if receiver.items is not None else UNKNOWN, value)
    return NONE, receiver.but(
        items=receiver.items or {}, rest=rest, literal=receiver.literal and value.literal
    )


def _discard(receiver: Value, call: Invocation) -> Result:
    made, wanted = plain(receiver), key_of(first(call))
    if made.__class__ in (set, frozenset) and wanted is not NOTHING:
        kept = [value for value in (receiver.items or {}).values() if plain(value) != wanted]
        return NONE, with_elements(receiver, kept)
    return NONE, vague(receiver)


def _pop_any(receiver: Value, call: Invocation) -> Result:
    return element(receiver), vague(receiver)


def _by(op: type[ast.operator], changes: bool) -> Method:
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


def _is_disjoint(receiver: Value, call: Invocation) -> Result:
    one, other = plain(receiver), plain(copied(first(call), SET))
    if one is NOTHING or other is NOTHING:
        return ANY_BOOL, None
    return (TRUE if one.isdisjoint(other) else FALSE), None


FROZENSET_METHODS: Final[dict[str, Method]] = {
    "union": _by(ast.BitOr, False),
    "intersection": _by(ast.BitAnd, False),
    "difference": _by(ast.Sub, False),
    "symmetric_difference": _by(ast.BitXor, False),
    "issubset": undecided,
    "issuperset": undecided,
    "isdisjoint": _is_disjoint,
    "copy": copy_of,
}
SET_METHODS: Final[dict[str, Method]] = {
    **FROZENSET_METHODS,
    "update": _by(ast.BitOr, True),
    "intersection_update": _by(ast.BitAnd, True),
    "difference_update": _by(ast.Sub, True),
    "symmetric_difference_update": _by(ast.BitXor, True),
    "add": _add,
    "discard": _discard,
    "remove": _discard,
    "pop": _pop_any,
    "clear": cleared,
}
