"""`isinstance` and `issubclass`: certain for constants and containers, else with what they imply."""

from __future__ import annotations

import collections.abc
from typing import Final

from checks.semantics.contents import join
from checks.semantics.invocation import Invocation
from checks.semantics.library import INJECTIONS
from checks.semantics.operations.comparison import surely_not_none
from checks.semantics.operations.parts import (
    ANY_BOOL,
    BOOL,
    CONTAINERS,
    DICTS,
    HARMLESS,
    LIST,
    TEXTS,
    TUPLE,
    any_element,
    some,
)
from checks.semantics.values import FALSE, NOTHING, TRUE, UNKNOWN, Implication, Value, instance

_CLASSES: Final[dict[str, type]] = {
    **{
        f"builtins.{kind.__name__}": kind
        for kind in (
            str, bytes, bytearray, int, float, complex, bool, list, tuple, dict, set, frozenset, range, type(None),
            object, slice,
        )
    },
    **{
        f"collections.abc.{name}": getattr(collections.abc, name)
        for name in (
            "Collection", "Container", "Hashable", "Iterable", "Mapping", "MutableMapping", "MutableSequence",
            "MutableSet", "Sequence", "Set", "Sized",
        )
    },
}  # fmt: skip


_KNOWN: Final = CONTAINERS | TEXTS | HARMLESS


def is_instance(call: Invocation) -> Value:
    """`isinstance(value, classes)`."""
    if len(call.positional) != 2 or call.more is not None:
        return ANY_BOOL
    value, classes = call.positional
    names = _names(classes)
    if names is None:
        return ANY_BOOL
    own = _own_class(value)
    if own is not None:
        wanted = [_CLASSES.get(name) for name in names]
        if any(kind is not None and issubclass(own, kind) for kind in wanted):
            return TRUE
        if all(kind is not None for kind in wanted):
            return FALSE
        return ANY_BOOL
    return _implying(value, names)


def _implying(value: Value, names: list[str]) -> Value:
    """A test that tells, where it is true, which class a value is of."""
    if value.const is not NOTHING or not names:
        return ANY_BOOL
    clean = INJECTIONS if all(name in HARMLESS for name in names) else frozenset()
    shown: Value | None = None
    if len(names) == 1 and names[0] != "builtins.object":
        shown = _of_class(value, names[0])
    if not clean and shown is None:
        return ANY_BOOL
    return Value(type=BOOL, true=(Implication(value, clean=clean, value=shown),))


def _of_class(value: Value, name: str) -> Value:
    """A value of which a test told the class: what may be something else no longer is."""
    if value.items is None and value.rest is None:
        return value.but(type=name, optional=False) if value.taints else instance(name)
    if value.type is not None or name not in _KNOWN:
        return value.but(type=name, optional=False)
    if name in DICTS:
        items = {key: join(item, UNKNOWN) for key, item in (value.items or {}).items()}
        return Value(type=name, items=items, rest=any_element(value), taints=value.taints)
    if name in CONTAINERS:
        return some(name, any_element(value), value.taints)
    return Value(type=name, taints=value.taints)


def _names(classes: Value) -> list[str] | None:
    """The dotted names of the classes tested for, None where one has none."""
    if classes.type_name in (TUPLE, LIST) and classes.items is not None and classes.rest is None:
        found = []
        for item in classes.items.values():
            if item.name is None:
                return None
            found.append(item.name)
        return found
    return None if classes.name is None else [classes.name]


def _own_class(value: Value) -> type | None:
    """The class that a value surely is of itself: not one derived from it."""
    if value.const is not NOTHING:
        return value.const.__class__ if value.const is not ... else None
    if (value.items is not None and not value.optional) or surely_not_none(value):
        return _CLASSES.get(value.type_name)
    return None


def is_subclass(call: Invocation) -> Value:
    """`issubclass(one, classes)`."""
    if len(call.positional) != 2 or call.more is not None:
        return ANY_BOOL
    names = _names(call.positional[1])
    own = _CLASSES.get(call.positional[0].name or "")
    if names is None or own is None or "builtins.type" in names:
        return ANY_BOOL
    wanted = [_CLASSES.get(name) for name in names]
    if any(kind is not None and issubclass(own, kind) for kind in wanted):
        return TRUE
    return FALSE if all(kind is not None for kind in wanted) else ANY_BOOL
