"""Which calls of a function can share a summary."""

from __future__ import annotations

from typing import Any

from checks.semantics.interpret.targets import Function, Scope, shape_of
from checks.semantics.rows import Row, Rows
from checks.semantics.values import NOTHING, Value


def variant(value: Value, tested: bool) -> tuple[Any, ...] | None:
    """What of an argument makes a variant of the summary: what can be called or looked into, and what decides."""
    if value.targets:
        return ("targets", value.targets)
    if value.const is not NOTHING:
        if tested and _is_small(value.const):
            return ("constant", value.const.__class__, value.const)
        return None
    type_ = value.type
    if type_ is None:
        return ("name", value.name) if value.name is not None else None
    if isinstance(value.record, Rows):
        return ("type", type_, value.record.variant)
    if type_.__class__ is str and type_.startswith("builtins."):
        return _elements(value)
    fixed = value.facts.get("fixed") if value.facts is not None else None
    held = _held(value) if value.items else ()
    return ("type", type_) if fixed is None and not held else ("type", type_, fixed, held)


def _held(value: Value) -> tuple[tuple[str, Any], ...]:
    """The attributes of an instance that are rows of a database, with their classes: what is made around them."""
    found = [
        (name, item.type)
        for name, item in (value.items or {}).items()
        if isinstance(item.record, Row) and item.type is not None
    ]
    return tuple(found[:_PARTS]) if value.record is None else ()


def _elements(value: Value) -> tuple[Any, ...] | None:
    """What a list or the like holds, where these are rows of a database: each reads its relations."""
    one = value.rest
    if one is None and value.items:
        one = next(iter(value.items.values()))
    if one is None or one.type is None or not isinstance(one.record, Row):
        return None
    return ("elements", value.type, one.type)


_SHORT = 40
_PARTS = 8


def variadic(value: Value) -> tuple[Any, ...] | None:
    """What `*args` or `**kwargs` makes a variant of: which places are filled, so that each keeps its own source."""
    if not value.items or value.rest is not None or value.taints or len(value.items) > _PARTS:
        return None
    return ("parts", value.type, tuple(value.items))


def _is_small(const: object) -> bool:
    """Whether a constant is one of few: counters and texts that grow with each call would never end."""
    if const.__class__ is int:
        return const in (-1, 0, 1)
    return const.__class__ is not str or len(const) <= _SHORT


def is_generic(function: Function, shape: tuple[Any, ...]) -> bool:
    """Whether a summary is the one that every file makes of its own functions."""
    first = ("type", function.owner) if function.owner is not None else None
    return all(kind is None or (index == 0 and kind == first) for index, kind in enumerate(shape))


def captured_by(function: Function) -> tuple[Value | None, ...]:
    """The values of the names that a nested function reads from around it."""
    found: list[Value | None] = []
    for identifier in sorted(shape_of(function.node).read):
        scope: Scope | None = function.scope
        while scope is not None and scope.above is not None:
            value = scope.env.get(identifier)
            if value is not None:
                found.append(value)
                break
            scope = scope.above
    return tuple(found)
