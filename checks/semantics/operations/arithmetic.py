"""Operators: arithmetic within bounds, texts and containers put together, unions of sets and dicts."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any, Final

from checks.semantics.contents import MAX_ITEMS, element, join, mapping
from checks.semantics.operations.formatting import percent
from checks.semantics.operations.parts import (
    BOOL,
    DICTS,
    FLOAT,
    INT,
    LIST,
    NUMBERS,
    SETS,
    STR,
    TEXTS,
    TUPLE,
    any_element,
    derived,
    either,
    is_small_power,
    is_whole,
    joined_taints,
    listed,
    plain,
    some,
    text_taints,
    wrap,
)
from checks.semantics.taints import join_taints
from checks.semantics.values import FALSE, MAX_TEXT, NOTHING, TRUE, UNKNOWN, Value, instance, with_taints

_PURE_PATHS: Final = frozenset(
    f"pathlib.{name}"
    for name in ("Path", "PurePath", "PosixPath", "PurePosixPath", "WindowsPath", "PureWindowsPath")
)
_FOLDS: Final[dict[type, Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
}
_BITS = 200
_KEEP_CLASS = (ast.BitOr, ast.BitAnd, ast.BitXor)


def binary(op: ast.operator, left: Value, right: Value) -> Value:
    """What `left op right` gives."""
    if left is UNKNOWN and right is UNKNOWN:
        return UNKNOWN
    kind = op.__class__
    if left.const is not NOTHING and right.const is not NOTHING:
        return _folded(kind, left, right)
    special = _SPECIAL.get(kind)
    if special is not None:
        found = special(left, right)
        if found is not None:
            return found
    return _general(kind, left, right)


def _folded(kind: type, left: Value, right: Value) -> Value:
    one, other = left.const, right.const
    if one.__class__ in (str, bytes) and kind is ast.Mod:
        return percent(left, right)
    if not _is_small(kind, one, other):
        return _general(kind, left, right)
    try:
        made = _FOLDS[kind](one, other)
    except (TypeError, ValueError, ArithmeticError, KeyError):
        return UNKNOWN
    if made.__class__ is complex:
        return Value(type="builtins.complex", literal=True)
    return wrap(made)


def _is_small(kind: type, one: Any, other: Any) -> bool:
    if kind is ast.Pow:
        return is_small_power(one, other)
    if kind is ast.LShift:
        return isinstance(other, int) and other <= _BITS
    if kind is ast.Mult:
        for text, count in ((one, other), (other, one)):
            if isinstance(text, (str, bytes)) and isinstance(count, int):
                return len(text) * count <= MAX_TEXT
    return True


def _general(kind: type, left: Value, right: Value) -> Value:
    """What is known of any result: its sources, and its class where that follows from the operands'."""
    taints = join_taints(text_taints(left), text_taints(right)) if _tainted(left, right) else ()
    one, other = left.type, right.type
    type_: Any = None
    if one.__class__ is str and other.__class__ is str:
        if one in NUMBERS and other in NUMBERS:
            type_ = _number(kind, one, other)
        elif one == other and (kind in _KEEP_CLASS or one == "decimal.Decimal"):
            type_ = one
    elif one is other and one is not None and kind in _KEEP_CLASS:
        type_ = one
    if type_ is None and not taints and not (left.literal and right.literal):
        return UNKNOWN
    return derived(type_, taints, literal=left.literal and right.literal)


def _tainted(left: Value, right: Value) -> bool:
    return bool(
        left.taints
        or right.taints
        or left.items
        or right.items
        or left.rest is not None
        or right.rest is not None
    )


def _number(kind: type, one: str, other: str) -> str | None:
    if kind is ast.Pow:
        return None  # of a negative exponent or base it is another class
    if kind is ast.Div or FLOAT in (one, other):
        return FLOAT
    if kind in _KEEP_CLASS and one == other == BOOL:
        return BOOL
    return INT


def _add(left: Value, right: Value) -> Value | None:
    if left.type is None and right.type is None:
        return None
    one, other = left.type_name, right.type_name
    if one in TEXTS or other in TEXTS:
        if (one and other and one != other) or left.optional or right.optional:
            return _text_with_another(left, right)
        taints = join_taints(text_taints(left), text_taints(right)) if _tainted(left, right) else ()
        literal = left.literal and right.literal
        return derived(one or other, taints, literal=literal, built=not literal)
    if one == other and one in (LIST, TUPLE):
        return _concatenated(one, left, right)
    if LIST in (one, other) and not (one and other):
        # of an unknown operand nothing but the elements of the other is sure
        known, unknown = (left, right) if one == LIST else (right, left)
        rest = join(element(known), element(unknown))
        return Value(type=LIST, items={}, rest=rest, taints=join_taints(left.taints, right.taints))
    return None


def _text_with_another(left: Value, right: Value) -> Value:
    """A text and what may not be one: a lazy text, a column, an error."""
    taints = join_taints(text_taints(left), text_taints(right))
    same = left.type_name == right.type_name
    literal = left.literal and right.literal
    return derived(left.type_name if same else None, taints, literal=literal, built=not literal)


def _concatenated(kind: str, left: Value, right: Value) -> Value:
    taints = join_taints(left.taints, right.taints)
    if left.rest is None and left.items is not None:
        others = list((right.items or {}).values())
        rest = right.rest if right.items is not None else either(right.rest, UNKNOWN)
        return listed(kind, [*left.items.values(), *others], rest, taints)
    rest = join(any_element(left), any_element(right))
    return listed(kind, (left.items or {}).values(), rest, taints)


def _multiply(left: Value, right: Value) -> Value | None:
    for repeated, count in ((left, right), (right, left)):
        kind = repeated.type_name
        if kind in TEXTS:
            if repeated.optional:
                return None
            return derived(kind, repeated.taints, repeated.literal and count.literal, built=repeated.built)
        if kind in (LIST, TUPLE):
            times = count.const
            if is_whole(repeated) and isinstance(times, int):
                items = list((repeated.items or {}).values())
                if not items or len(items) * times <= MAX_ITEMS:
                    return listed(kind, items * times if items else (), taints=repeated.taints)
            return some(kind, any_element(repeated), repeated.taints)
    return None


def _modulo(left: Value, right: Value) -> Value | None:
    kind = left.type_name
    if kind in TEXTS:
        return percent(left, right)
    if not kind and (right.type_name == TUPLE or right.type_name in DICTS or right.type_name == STR):
        return percent(left, right)
    return None


def _divide(left: Value, right: Value) -> Value | None:
    kind = left.type_name if left.type_name in _PURE_PATHS else right.type_name
    if kind not in _PURE_PATHS:
        return None
    return Value(
        type=kind,
        taints=join_taints(text_taints(left), text_taints(right)),
        literal=left.literal and right.literal,
        facts=left.facts,
    )


def _union(left: Value, right: Value) -> Value | None:
    one, other = left.type_name, right.type_name
    if one in DICTS and one == other:
        return merged_dicts(left, right)
    if one in SETS and other in SETS:
        return combined(ast.BitOr, one, left, right)
    return None


def merged_dicts(left: Value, right: Value) -> Value:
    """`left | right`: the items of both, the right's where both have a key."""
    mine = left.items or {}
    rest = left.rest if left.items is not None else either(left.rest, UNKNOWN)
    if right.items is None:
        known = any_element(right)
        items = {key: join(value, known) for key, value in mine.items()}
        made = mapping(items, either(rest, known), left.type_name)
    elif right.rest is None:
        made = mapping({**mine, **right.items}, rest, left.type_name)
    else:
        items = {key: join(value, right.rest) for key, value in mine.items()}
        items.update(
            {key: join(mine[key], value) if key in mine else value for key, value in right.items.items()}
        )
        made = mapping(items, either(rest, right.rest), left.type_name)
    return with_taints(made, join_taints(left.taints, right.taints))


def combined(op: type[ast.operator], kind: str, left: Value, right: Value) -> Value:
    """The union, intersection or difference of two sets."""
    one, other = plain(left), plain(right)
    if one is not NOTHING and other is not NOTHING:
        try:
            return wrap(_FOLDS[op](one, other))
        except TypeError:
            return UNKNOWN
    if op is ast.Sub:
        return some(kind, any_element(left), left.taints)
    taints = join_taints(left.taints, right.taints)
    if op is ast.BitOr and left.rest is None and right.rest is None and left.items and right.items:
        return listed(kind, [*left.items.values(), *right.items.values()], taints=taints)
    found = join(any_element(left), any_element(right))
    if op is ast.BitAnd and (left.literal or right.literal):
        # what is in a set that the code spells out is what the code says
        return some(kind, Value(type=found.type, literal=True))
    return some(kind, found, taints)


def _by_sets(op: type[ast.operator]) -> Callable[[Value, Value], Value | None]:
    def apply(left: Value, right: Value) -> Value | None:
        if left.type_name in SETS and right.type_name in SETS:
            return combined(op, left.type_name, left, right)
        return None

    return apply


_SPECIAL: Final[dict[type, Callable[[Value, Value], Value | None]]] = {
    ast.Add: _add,
    ast.Mult: _multiply,
    ast.Mod: _modulo,
    ast.Div: _divide,
    ast.BitOr: _union,
    ast.BitAnd: _by_sets(ast.BitAnd),
    ast.Sub: _by_sets(ast.Sub),
    ast.BitXor: _by_sets(ast.BitXor),
}


def unary(op: ast.unaryop, operand: Value) -> Value:
    """What `op operand` gives."""
    kind = op.__class__
    if kind is ast.Not:
        truth = operand.truth()
        if truth is not None:
            return FALSE if truth else TRUE
        if operand.true or operand.false:
            return Value(type=BOOL, true=operand.false, false=operand.true)
        return instance(BOOL)
    if operand is UNKNOWN:
        return UNKNOWN
    const = operand.const
    if isinstance(const, (int, float)):
        return wrap(-const if kind is ast.USub else +const if kind is ast.UAdd else _inverted(const))
    type_ = operand.type_name
    if type_ in NUMBERS:
        type_ = INT if type_ == BOOL else type_
        return derived(type_, joined_taints((operand,)), operand.literal)
    return operand.but(const=NOTHING, items=None, rest=None) if operand.taints or operand.type else UNKNOWN


def _inverted(const: float) -> Any:
    return ~const if isinstance(const, int) else None
