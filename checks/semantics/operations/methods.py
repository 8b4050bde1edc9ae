"""Methods of builtin classes: what they give, and what their receiver is afterwards."""

from __future__ import annotations

from typing import Final

from checks.semantics.contents import bounded
from checks.semantics.invocation import Invocation
from checks.semantics.operations.configuration import CONFIGURATION, CONFIGURATION_METHODS
from checks.semantics.operations.containers import iteration_element
from checks.semantics.operations.dicts import DICT_METHODS
from checks.semantics.operations.lists import DEQUE_METHODS, LIST_METHODS, TUPLE_METHODS
from checks.semantics.operations.parts import (
    DICTS,
    INT,
    LIST,
    SET,
    TEXTS,
    TUPLE,
    derived,
    either,
    whole,
    wrap,
)
from checks.semantics.operations.receivers import Method, Result, undecided
from checks.semantics.operations.sets import FROZENSET_METHODS, SET_METHODS
from checks.semantics.operations.text import TEXT_METHODS, text_method
from checks.semantics.values import NOTHING, UNKNOWN, Value, instance

_GROWING: Final = frozenset({"append", "appendleft", "extend"})


def method(receiver: Value, name: str, call: Invocation) -> Result:
    """What `receiver.name(...)` gives, and the receiver after it, None where that is unchanged.

    None where nothing is known: the class is not a builtin one, or has no such method.
    """
    type_ = receiver.type
    if type_ is None:
        if name in TEXT_METHODS:
            return text_method(receiver, name, call)
        return _grown(receiver, name, call) if name in _GROWING else None
    if type_.__class__ is not str:
        return None
    if type_ in TEXTS:
        return text_method(receiver, name, call)
    table = _TABLES.get(type_)
    if table is None:
        return None
    found = table.get(name)
    return None if found is None else found(receiver, call)


def _grown(receiver: Value, name: str, call: Invocation) -> Result:
    """`append` or `extend` on what is probably a list."""
    if receiver.name is not None or receiver.targets or len(call.positional) != 1:
        return None
    value = call.positional[0]
    if name == "extend":
        value = iteration_element(value)
    if not whole(value):
        return None
    return UNKNOWN, receiver.but(rest=either(receiver.rest, bounded(value)), const=NOTHING)


def _as(kind: str) -> Method:
    def apply(receiver: Value, call: Invocation) -> Result:
        return derived(kind, receiver.taints, receiver.literal), None

    return apply


def _bit_length(receiver: Value, call: Invocation) -> Result:
    const = receiver.const
    return (wrap(int(const).bit_length()) if isinstance(const, int) else instance(INT)), None


_TABLES: Final[dict[str, dict[str, Method]]] = {
    LIST: LIST_METHODS,
    "collections.deque": DEQUE_METHODS,
    TUPLE: TUPLE_METHODS,
    **dict.fromkeys(DICTS, DICT_METHODS),
    CONFIGURATION: CONFIGURATION_METHODS,
    SET: SET_METHODS,
    "builtins.frozenset": FROZENSET_METHODS,
    INT: {"bit_length": _bit_length, "bit_count": _as(INT), "to_bytes": _as("builtins.bytes")},
    "builtins.float": {"is_integer": undecided, "hex": _as("builtins.str")},
}
