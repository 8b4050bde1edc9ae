"""Lengths of time as settings write them: `60 * 60 * 24`, `timedelta(days=30)`, a name for either.

A variable of the environment counts by its default: a deployment that does not set it runs with that.
"""

from __future__ import annotations

import ast

from checks.frameworks.environment import unset_value
from checks.semantics.source import File

MINUTE, HOUR, DAY = 60, 3_600, 86_400
_UNITS = {
    "weeks": 7 * DAY,
    "days": DAY,
    "hours": HOUR,
    "minutes": MINUTE,
    "seconds": 1,
    "milliseconds": 0.001,
    "microseconds": 0.000_001,
}
_POSITIONS = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")
_DEPTH = 12
_LONGEST = 1e15


def seconds_of(node: ast.AST | None, file: File) -> float | None:
    """The seconds that a number or a `timedelta` stands for, `None` when that is not certain."""
    return None if node is None else _seconds(node, file, _DEPTH)


def worded(seconds: float) -> str:
    """A length of time for people: `30 days`, `1 hour`."""
    for name, unit in (("year", 365 * DAY), ("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        if seconds >= unit:
            number = f"{seconds / unit:.1f}".removesuffix(".0")
            return f"{number} {name}{'' if number == '1' else 's'}"
    number = f"{seconds:g}"
    return f"{number} second{'' if number == '1' else 's'}"


def _seconds(node: ast.AST, file: File, depth: int) -> float | None:
    if depth <= 0:
        return None
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int() | float() as number):
            return float(number) if abs(number) < _LONGEST else None
        case ast.Name():
            bound = file.names.value(node)
            return None if bound is node else _seconds(bound, file, depth - 1)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _seconds(operand, file, depth - 1)
            return None if inner is None else -inner
        case ast.BinOp():
            return _combined(node, file, depth)
        case ast.Call():
            return _called(node, file, depth)
    return _unset(node, file)


def _unset(node: ast.AST, file: File) -> float | None:
    value = unset_value(node, file)
    number = value.value if value is not None else None
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    return float(number) if abs(number) < _LONGEST else None


def _combined(node: ast.BinOp, file: File, depth: int) -> float | None:
    # Of products of products only the left side may be deep: `60 * 60 * 24 * 365`.
    right = _seconds(node.right, file, min(depth - 1, 5))
    left = _seconds(node.left, file, depth - 1) if right is not None else None
    if left is None or right is None:
        return None
    match node.op:
        case ast.Mult():
            result = left * right
        case ast.Add():
            result = left + right
        case ast.Sub():
            result = left - right
        case _:
            return None
    return result if abs(result) < _LONGEST else None


def _called(node: ast.Call, file: File, depth: int) -> float | None:
    """A `timedelta` with its units, or a plain conversion by `int`."""
    name = file.resolve(node.func)
    if name == "builtins.int" and len(node.args) == 1 and not node.keywords:
        inner = _seconds(node.args[0], file, depth - 1)
        return _unset(node, file) if inner is None else inner
    if name != "datetime.timedelta":
        return _unset(node, file)
    if len(node.args) > len(_POSITIONS):
        return None
    given = [*zip(_POSITIONS, node.args, strict=False), *((item.arg, item.value) for item in node.keywords)]
    total = 0.0
    for unit, value in given:
        number = _seconds(value, file, min(depth - 1, 5)) if unit in _UNITS else None
        if number is None or unit is None:
            return None
        total += number * _UNITS[unit]
    return total if abs(total) < _LONGEST else None
