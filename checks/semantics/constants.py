"""Expressions folded to the constants they stand for, as far as that is certain."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from checks.semantics.names import Names

_LIMIT = 10_000
_DEPTH = 24
_LARGEST = 1 << 64
_STEPS = 20_000
"""Expressions looked at for one answer: names made of two names each would take a time that doubles with every one."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A value known without running the code: text, number, bool, None, or a list, tuple or dict of such.

    A set is given as the list of its elements.
    """

    value: object


def fold(node: ast.AST, names: Names) -> Constant | None:
    """The constant that an expression stands for, following names that are bound once; `None` when unsure."""
    return _Folder(names).fold(node, _DEPTH)


class _Folder:
    """One answer in the making, with what it may still cost."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._left = _STEPS

    def fold(self, node: ast.AST | None, depth: int) -> Constant | None:
        self._left -= 1
        if depth <= 0 or self._left < 0:
            return None
        match node:
            case ast.Constant():
                return Constant(node.value)
            case ast.Name():
                bound = self._names.value(node)
                return self.fold(bound, depth - 1) if bound is not node else None
            case ast.Tuple() | ast.List() | ast.Set():
                return self._elements(node, depth)
            case ast.Dict():
                return self._dict(node, depth)
            case ast.UnaryOp():
                return _unary(node.op, self.fold(node.operand, depth - 1))
            case ast.BinOp(op=ast.Add()):
                return _add(self.fold(node.left, depth - 1), self.fold(node.right, depth - 1))
            case ast.BinOp(op=ast.Mult()):
                return _multiply(self.fold(node.left, depth - 1), self.fold(node.right, depth - 1))
            case ast.JoinedStr():
                return self._joined(node, depth)
        return None

    def _elements(self, node: ast.Tuple | ast.List | ast.Set, depth: int) -> Constant | None:
        if len(node.elts) > _LIMIT:
            return None
        values: list[object] = []
        for element in node.elts:
            folded = self.fold(element, depth - 1)
            if folded is None:
                return None
            values.append(folded.value)
        return Constant(tuple(values) if isinstance(node, ast.Tuple) else values)

    def _dict(self, node: ast.Dict, depth: int) -> Constant | None:
        if len(node.keys) > _LIMIT:
            return None
        result: dict[object, object] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            folded_key = self.fold(key, depth - 1)
            folded = self.fold(value, depth - 1)
            if folded_key is None or folded is None:
                return None
            if not isinstance(folded_key.value, (str, int, bytes, float, type(None))):
                return None
            result[folded_key.value] = folded.value
        return Constant(result)

    def _joined(self, node: ast.JoinedStr, depth: int) -> Constant | None:
        """An f-string without conversions and formats."""
        text = ""
        for value in node.values:
            inner: ast.AST = value
            if isinstance(value, ast.FormattedValue):
                if value.conversion != -1 or value.format_spec is not None:
                    return None
                inner = value.value
            folded = self.fold(inner, depth - 1)
            if folded is None or not isinstance(folded.value, (str, int)) or len(text) > _LIMIT:
                return None
            text += str(folded.value)
        return _text(text)


def _unary(op: ast.unaryop, inner: Constant | None) -> Constant | None:
    if inner is None:
        return None
    if isinstance(op, ast.Not):
        return Constant(not inner.value)
    if isinstance(op, ast.USub) and isinstance(inner.value, (int, float)):
        return Constant(-inner.value)
    return None


def _add(left: Constant | None, right: Constant | None) -> Constant | None:
    if left is None or right is None:
        return None
    one, other = left.value, right.value
    if isinstance(one, str) and isinstance(other, str):
        return _text(one + other)
    if isinstance(one, list) and isinstance(other, list) and len(one) + len(other) <= _LIMIT:
        return Constant(one + other)
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) + len(other) <= _LIMIT:
        return Constant(one + other)
    if isinstance(one, int) and isinstance(other, int) and max(one, other, -one, -other) < _LARGEST:
        return Constant(one + other)
    return None


def _multiply(left: Constant | None, right: Constant | None) -> Constant | None:
    """A product of numbers, as settings write times and sizes: `60 * 60 * 24`."""
    if left is None or right is None:
        return None
    one, other = left.value, right.value
    if isinstance(one, bool) or isinstance(other, bool):
        return None
    if isinstance(one, int) and isinstance(other, int) and max(one, other, -one, -other) < _LARGEST:
        return Constant(one * other)
    return None


def _text(text: str) -> Constant | None:
    return Constant(text) if len(text) <= _LIMIT else None
