"""Expressions folded to the constants they stand for, as far as that is certain."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from checks.semantics.names import Names

_LIMIT = 10_000
_DEPTH = 24


@dataclass(frozen=True, slots=True)
class Constant:
    """A value known without running the code: text, number, bool, None, or a list, tuple or dict of such."""

    value: object


def fold(node: ast.AST, names: Names) -> Constant | None:
    """The constant that an expression stands for, following names that are bound once; `None` when unsure."""
    return _fold(node, names, _DEPTH)


def _fold(node: ast.AST, names: Names, depth: int) -> Constant | None:
    if depth <= 0:
        return None
    match node:
        case ast.Constant():
            return Constant(node.value)
        case ast.Name():
            bound = names.value(node)
            return _fold(bound, names, depth - 1) if bound is not node else None
        case ast.Tuple() | ast.List() | ast.Set():
            return _fold_all(node, names, depth)
        case ast.Dict():
            return _fold_dict(node, names, depth)
        case ast.UnaryOp(op=ast.Not()):
            inner = _fold(node.operand, names, depth - 1)
            return Constant(not inner.value) if inner else None
        case ast.UnaryOp(op=ast.USub()):
            inner = _fold(node.operand, names, depth - 1)
            return Constant(-inner.value) if inner and isinstance(inner.value, (int, float)) else None
        case ast.BinOp(op=ast.Add()):
            return _add(_fold(node.left, names, depth - 1), _fold(node.right, names, depth - 1))
        case ast.JoinedStr():
            return _join(node, names, depth)
    return None


def _fold_all(node: ast.Tuple | ast.List | ast.Set, names: Names, depth: int) -> Constant | None:
    if len(node.elts) > _LIMIT:
        return None
    values: list[object] = []
    for element in node.elts:
        folded = _fold(element, names, depth - 1)
        if folded is None:
            return None
        values.append(folded.value)
    return Constant(tuple(values) if isinstance(node, ast.Tuple) else values)


def _fold_dict(node: ast.Dict, names: Names, depth: int) -> Constant | None:
    if len(node.keys) > _LIMIT:
        return None
    result: dict[object, object] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        folded_key = _fold(key, names, depth - 1) if key is not None else None
        folded = _fold(value, names, depth - 1)
        if (
            folded_key is None
            or folded is None
            or not isinstance(folded_key.value, (str, int, bytes, float, type(None)))
        ):
            return None
        result[folded_key.value] = folded.value
    return Constant(result)


def _add(left: Constant | None, right: Constant | None) -> Constant | None:
    if left is None or right is None:
        return None
    one, other = left.value, right.value
    if isinstance(one, str) and isinstance(other, str) and len(one) + len(other) <= _LIMIT:
        return Constant(one + other)
    if isinstance(one, list) and isinstance(other, list) and len(one) + len(other) <= _LIMIT:
        return Constant(one + other)
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) + len(other) <= _LIMIT:
        return Constant(one + other)
    if isinstance(one, int) and isinstance(other, int):
        return Constant(one + other)
    return None


def _join(node: ast.JoinedStr, names: Names, depth: int) -> Constant | None:
    parts: list[str] = []
    for value in node.values:
        inner = value.value if isinstance(value, ast.FormattedValue) else value
        plain = not isinstance(value, ast.FormattedValue) or (
            value.conversion == -1 and value.format_spec is None
        )
        folded = _fold(inner, names, depth - 1) if plain else None
        if folded is None or not isinstance(folded.value, (str, int)):
            return None
        parts.append(str(folded.value))
    text = "".join(parts)
    return Constant(text) if len(text) <= _LIMIT else None
