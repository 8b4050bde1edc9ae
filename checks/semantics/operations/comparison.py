"""Comparisons: certain where both sides are known, a bool otherwise."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any, Final

from checks.semantics.operations.parts import ANY_BOOL, CONTAINERS, DICTS, TEXTS, key_of, plain
from checks.semantics.values import FALSE, NOTHING, TRUE, UNKNOWN, Value

_FOLDS: Final[dict[type, Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def compare(op: ast.cmpop, left: Value, right: Value) -> Value:
    """What `left op right` gives: `TRUE` or `FALSE` where that is certain."""
    if left is UNKNOWN and right is UNKNOWN:
        return ANY_BOOL
    kind = op.__class__
    found: bool | None
    if kind is ast.Is or kind is ast.IsNot:
        found = _is_same(left, right)
        if found is not None and kind is ast.IsNot:
            found = not found
    elif kind is ast.In or kind is ast.NotIn:
        found = is_in(left, right)
        if found is not None and kind is ast.NotIn:
            found = not found
    else:
        found = _folded(kind, left, right)
    if found is None:
        return ANY_BOOL
    return TRUE if found else FALSE


def _folded(kind: type, left: Value, right: Value) -> bool | None:
    one, other = left.const, right.const
    if one is NOTHING or other is NOTHING:
        if left.items is None and right.items is None:
            return None
        one, other = plain(left), plain(right)
        if one is NOTHING or other is NOTHING:
            return _unequal(kind, left, right)
    try:
        made = _FOLDS[kind](one, other)
    except TypeError:
        return None
    return made if made.__class__ is bool else None


def _unequal(kind: type, left: Value, right: Value) -> bool | None:
    """Containers of several kinds differ whatever is in them, and those of which one has more elements."""
    if kind is not ast.Eq and kind is not ast.NotEq:
        return None
    one, other = _length(left), _length(right)
    if one is None or other is None or (one == other and left.type == right.type):
        return None
    return kind is ast.NotEq


def _length(value: Value) -> int | None:
    known = value.items is not None and value.rest is None and not value.optional
    return len(value.items or ()) if known and value.type_name in _COUNTED else None


_COUNTED: Final = frozenset({"builtins.list", "builtins.tuple", "builtins.dict"})


def _is_same(left: Value, right: Value) -> bool | None:
    if right.const is None:
        if left.const is not NOTHING:
            return left.const is None
        return False if surely_not_none(left) else None
    for one, other in ((left, right), (right, left)):
        const = one.const
        if const.__class__ in (bool, type(None), type(...)):
            if other.const is not NOTHING:
                return other.const is const
            if surely_not_none(other) and (const is None or other.type_name != "builtins.bool"):
                return False
            return None
    return None


def surely_not_none(value: Value) -> bool:
    """Whether a value, of which no constant is known, is no None nor any other single object."""
    if value.optional:
        return False
    if value.items is not None and value.type_name in CONTAINERS:
        return True
    if value.type_name in TEXTS:
        return value.built or value.literal
    return bool(value.targets) and value.type is None and not value.taints


def is_in(left: Value, right: Value) -> bool | None:
    """Whether `left in right`, None when that is not certain."""
    items = right.items
    if items is None:
        const: Any = right.const
        part: Any = left.const
        if (const.__class__ is str or const.__class__ is bytes) and part.__class__ is const.__class__:
            return operator.contains(const, part)
        return None
    if right.optional or right.taints or right.type_name not in CONTAINERS:
        return None
    if not items and right.rest is None:
        return False
    key = key_of(left)
    if key is NOTHING:
        return None
    if right.type_name in DICTS:
        return (key in items) if right.rest is None else None
    certain = right.rest is None
    for item in items.values():
        known = plain(item)
        if known is NOTHING:
            if not _differs(item, key):
                certain = False
        elif known == key:
            return True
    return False if certain else None


def _differs(item: Value, key: Any) -> bool:
    """Whether an element surely is of a class of which nothing equals the key."""
    return (
        item.items is not None
        and item.type_name in CONTAINERS
        and not item.optional
        and key.__class__ in _LEAVES
    )


_LEAVES: Final = frozenset({int, float, bool, str, bytes, type(None)})
