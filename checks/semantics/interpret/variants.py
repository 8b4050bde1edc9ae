"""Which calls of a function can share a summary, and what stands for the arguments of those that do."""

from __future__ import annotations

from itertools import islice
from typing import Any

from checks.semantics.interpret.queries import rows_value
from checks.semantics.interpret.targets import Function, Scope, Shape, shape_of
from checks.semantics.rows import Row, Rows
from checks.semantics.taints import Taint
from checks.semantics.values import NOTHING, Value, constant


def variant(value: Value, shape: Shape, name: str) -> tuple[Any, ...] | None:
    """What of an argument makes a variant of the summary: what can be called or looked into, and what decides.

    `name` is the parameter that it is given to, by a function of this shape.
    """
    if value.targets:
        return ("targets", value.targets)
    if value.const is not NOTHING:
        if name in shape.tested and _is_small(value.const):
            return ("constant", value.const.__class__, value.const)
        return None
    type_ = value.type
    if type_ is None:
        return ("name", value.name) if value.name is not None else None
    if isinstance(value.record, Rows):
        return ("type", type_, value.record.variant)
    if type_.__class__ is str and type_.startswith("builtins."):
        if value.items and type_ == "builtins.dict" and name not in shape.whole:
            value = value.but(items={key: item for key, item in value.items.items() if key in shape.texts})
        return _held(value, _DEEP)
    fixed = value.facts.get("fixed") if value.facts is not None else None
    attributes = _attributes(value) if value.items and value.record is None else ()
    return ("type", type_) if fixed is None and not attributes else ("type", type_, fixed, attributes)


def _held(value: Value, depth: int) -> tuple[Any, ...] | None:
    """What rows and queries of a database a container holds, and where: they are read in other ways than texts."""
    record = value.record
    if isinstance(record, Rows):
        return ("type", value.type, record.variant)
    if isinstance(record, Row):
        return ("type", value.type) if value.type is not None else None
    if not depth or (not value.items and value.rest is None):
        return None
    items = tuple(
        (name, shape)
        for name, item in islice((value.items or {}).items(), _PARTS)
        if (shape := _held(item, depth - 1)) is not None
    )
    rest = _held(value.rest, depth - 1) if value.rest is not None else None
    return ("held", value.type, items, rest) if items or rest is not None else None


def _attributes(value: Value) -> tuple[tuple[str, Any], ...]:
    """The attributes of an instance that are, or hold, rows of a database: what is made around them."""
    return tuple(
        (name, shape)
        for name, item in (value.items or {}).items()
        if (shape := _held(item, _DEEP - 1)) is not None
    )[:_PARTS]


def standing_for(shape: tuple[Any, ...], taint: Taint) -> Value:
    """The symbol of a part that a caller gives, by its shape."""
    if shape[0] == "held":
        _, type_, items, rest = shape
        made = {name: standing_for(inner, taint.child(f"[{name}]")) for name, inner in items}
        other = taint.child("[]")
        more = standing_for(rest, other) if rest is not None else Value(taints=(other,))
        return Value(type=type_, items=made, rest=more, taints=(taint,))
    if len(shape) == 3:
        _, row_type, values, ordered, library = shape[2]
        rows = Rows(row_type, taint, values=values, ordered=ordered, pristine=True, library=library)
        return rows_value(rows, shape[1]).but(taints=(taint,))
    return Value(type=shape[1], record=Row(symbol=taint), taints=(taint,))


def with_attributes(symbol: Value, argument: Value, taint: Taint, fixed: Any, attributes: Any) -> Value:
    """An instance with the attribute that decides what its methods do, and those that are or hold rows."""
    items = {name: standing_for(shape, taint.child(name)) for name, shape in attributes}
    if fixed is not None:
        items[fixed[0]] = constant(fixed[1])
    return symbol.but(items=items, facts=argument.facts)


_SHORT = 40
_PARTS = 24
_DEEP = 2
_NAMED = 8


def variadic(value: Value) -> tuple[Any, ...] | None:
    """What `*args` or `**kwargs` makes a variant of: which places are filled, so that each keeps its own source."""
    if not value.items or value.rest is not None or value.taints or len(value.items) > _NAMED:
        return None
    return ("parts", value.type, tuple((name, _held(item, _DEEP - 1)) for name, item in value.items.items()))


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
