"""The evaluators of expressions, all but calls."""

from __future__ import annotations

import ast
import builtins

from checks.semantics.contents import join
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.assignment import assign, default_values
from checks.semantics.interpret.attributes import attribute, descriptor, forced, named
from checks.semantics.interpret.builtin_calls import show
from checks.semantics.interpret.calls import call
from checks.semantics.interpret.frame import Frame, evaluates
from checks.semantics.interpret.outcomes import emptied, has_found
from checks.semantics.interpret.prefixes import begun_by, built_on, longer
from checks.semantics.interpret.queries import limited, note_run, united
from checks.semantics.interpret.targets import Bound, Class, Function
from checks.semantics.operations import (
    binary,
    formatted,
    iteration_element,
    sliced,
    subscript,
    unary,
)
from checks.semantics.rows import Rows
from checks.semantics.values import UNKNOWN, Value, constant, instance

LARGE = 200
"""Elements of a display from which on it is not note_run: tables of data."""


@evaluates(ast.Constant)
def _constant(_frame: Frame, node: ast.Constant) -> Value:
    known: Value | None = getattr(node, "_value", None)
    if known is None:
        known = node._value = constant(node.value)  # type: ignore[attr-defined]
    return known


@evaluates(ast.Name)
def name(frame: Frame, node: ast.Name) -> Value:
    """A name: of this function, of those around it, of the module, of what it imports by a star, or built in."""
    found = frame.env.get(node.id)
    if found is None:
        return lookup(frame, node.id, node)
    if found.targets:
        real = forced(frame, found)
        if real is not found:
            if real.name is not None and not real.targets:
                real = named(frame, real.name, None, node)
            else:
                frame.env[node.id] = real
            return real
    return found


def lookup(frame: Frame, identifier: str, node: ast.AST) -> Value:
    """A name that this scope does not bind."""
    scope = frame.scope.above
    while scope is not None:
        found = scope.env.get(identifier)
        if found is not None:
            real = forced(frame, found)
            if real.name is not None and not real.targets and real.type is None:
                return named(frame, real.name, None, node)
            return real
        scope = scope.above
    for module in frame.file.names.star_modules() if identifier[0] != "_" else ():
        found = frame.machine.starred(module, frame.file, frame).get(identifier)
        if found is not None:
            return forced(frame, found)
    return _BUILTINS.get(identifier, UNKNOWN)


_BUILTINS = {name: Value(name=f"builtins.{name}") for name in vars(builtins) if not name.startswith("_")}
_BUILTINS["__file__"] = instance("builtins.str")
_BUILTINS["__import__"] = Value(name="builtins.__import__")


@evaluates(ast.Attribute)
def _attribute(frame: Frame, node: ast.Attribute) -> Value:
    if frame.has_texts:
        refined = frame.env.get(f"`{ast.unparse(node)}")
        if refined is not None:
            return refined
    value = frame.evaluate(node.value)
    found = attribute(frame, value, node.attr, node)
    if isinstance(found.type, Class) and isinstance(value.type, Class):
        getter = descriptor(frame, value.type, node.attr, found)
        if getter is not None:
            return call(frame, _getter_call(node), getter, Arguments((value, UNKNOWN), {}))
    for target in found.targets:
        if isinstance(target, Bound) and target.function.kind == "property":
            return call(frame, _getter_call(node), found, Arguments((), {}))
    return forced(frame, found) if found.targets else found


def _getter_call(node: ast.Attribute) -> ast.Call:
    """A property read as the call that it is."""
    made: ast.Call | None = getattr(node, "_call", None)
    if made is None:
        made = ast.Call(func=node, args=[], keywords=[])
        ast.copy_location(made, node)
        made._parent = getattr(node, "_parent", None)  # type: ignore[attr-defined]
        node._call = made  # type: ignore[attr-defined]
    return made


@evaluates(ast.Subscript)
def _subscript(frame: Frame, node: ast.Subscript) -> Value:
    if frame.has_texts:
        refined = frame.env.get(f"`{ast.unparse(node)}")
        if refined is not None:
            return refined
    value = frame.evaluate(node.value)
    if isinstance(node.slice, ast.Slice):
        parts = (node.slice.lower, node.slice.upper, node.slice.step)
        bounds = [None if part is None else frame.evaluate(part) for part in parts]
        if isinstance(value.record, Rows):
            return limited(value, bounds[1])
        return sliced(value, *bounds)
    key = frame.evaluate(node.slice)
    if isinstance(value.record, Rows):
        note_run(frame, value, node, "index", anew=True)
        return value.rest or UNKNOWN
    if value.type is not None and not value.type_name.startswith("builtins."):
        return _item(frame, node, value, key)
    if value is UNKNOWN:
        return UNKNOWN
    if value.name is not None and value.type is None and not value.taints:
        return _item(frame, node, value, key)
    if key.taints:
        has_found(frame, value, key, node.slice)
    return subscript(value, key)


def _item(frame: Frame, node: ast.Subscript, value: Value, key: Value) -> Value:
    """`value[key]` of an object: what its class's `__getitem__` gives, else its part."""
    made = _subscript_call(node)
    getter = attribute(frame, value, "__getitem__", made) if value.type is not None else UNKNOWN
    if getter.targets:
        return call(frame, made, getter, Arguments((key,), {}))
    if isinstance(key.const, str) and value.name is not None and value.type is not None:
        entry = frame.machine.knowledge.entry(value.name)
        if entry is not None and key.const in entry.safe_keys:
            return UNKNOWN
    if getter.name is not None and getter.receiver is not None:
        return call(frame, made, getter, Arguments((key,), {}), value)
    return subscript(value, key)


def _subscript_call(node: ast.Subscript) -> ast.Call:
    made: ast.Call | None = getattr(node, "_call", None)
    if made is None:
        made = ast.Call(func=node.value, args=[node.slice], keywords=[])
        ast.copy_location(made, node)
        node._call = made  # type: ignore[attr-defined]
    return made


@evaluates(ast.BinOp)
def _binary(frame: Frame, node: ast.BinOp) -> Value:
    chain: list[ast.BinOp] = []
    leftmost: ast.expr = node
    while isinstance(leftmost, ast.BinOp):  # a sum of thousands of terms leans to the left
        chain.append(leftmost)
        leftmost = leftmost.left
    value = frame.evaluate(leftmost)
    prefix = longer("", value)
    for step in reversed(chain):
        right = frame.evaluate(step.right)
        if step.op.__class__ is ast.Mod:
            for shown in (right.items or {}).values() if right.type_name in _SHOWN_EACH else (right,):
                show(frame, step, shown)
        if step.op.__class__ is ast.Mod and isinstance(value.const, str):
            prefix = begun_by(value.const, _first_shown(right), percent=True)
            value = built_on(prefix, binary(step.op, value, right))
            continue
        if step.op.__class__ is ast.Add:
            right = built_on(prefix, right)
            prefix = longer(prefix, right)
        if isinstance(value.record, Rows) and isinstance(right.record, Rows):
            value = united(value, right)
            continue
        value = binary(step.op, value, right)
    return value


_SHOWN_EACH = frozenset({"builtins.tuple", "builtins.dict"})


def _first_shown(right: Value) -> Value | None:
    """What the first directive of a `%` format shows."""
    return (right.items or {}).get(0) if right.type_name in ("builtins.tuple", "builtins.dict") else right


@evaluates(ast.UnaryOp)
def _unary(frame: Frame, node: ast.UnaryOp) -> Value:
    operand = frame.evaluate(node.operand)
    if operand.record is not None and node.op.__class__ is ast.Not:
        note_run(frame, operand, node.operand, "bool")
    result = unary(node.op, operand)
    if node.op.__class__ is ast.Not and (operand.true or operand.false or operand.taints):
        return result.but(true=operand.false or emptied(operand), false=operand.true)
    return result


@evaluates(ast.JoinedStr)
def _joined(frame: Frame, node: ast.JoinedStr) -> Value:
    parts: list[tuple[Value, str, Value | None]] = []
    prefix = ""
    for piece in node.values:
        if isinstance(piece, ast.FormattedValue):
            value = built_on(prefix, frame.evaluate(piece.value))
            show(frame, piece.value, value, chr(piece.conversion) if piece.conversion > 0 else "")
            spec = frame.evaluate(piece.format_spec) if piece.format_spec is not None else None
            conversion = chr(piece.conversion) if piece.conversion > 0 else ""
        else:
            value, conversion, spec = frame.evaluate(piece), "", None
        parts.append((value, conversion, spec))
        prefix = longer(prefix, value)
    return formatted(parts)


@evaluates(ast.Lambda)
def _lambda(frame: Frame, node: ast.Lambda) -> Value:
    defaults = default_values(frame, node.args)
    scope = frame.scope.above if frame.is_class and frame.scope.above is not None else frame.scope
    function = Function(node, frame.file, f"{frame.name}.<lambda>", scope, defaults, frame.owner)
    return Value(targets=(function,))


@evaluates(ast.Await)
def _await(frame: Frame, node: ast.Await) -> Value:
    return frame.evaluate(node.value)


@evaluates(ast.Starred)
def _starred(frame: Frame, node: ast.Starred) -> Value:
    return frame.evaluate(node.value)


@evaluates(ast.NamedExpr)
def _walrus(frame: Frame, node: ast.NamedExpr) -> Value:
    value = frame.evaluate(node.value)
    assign(frame, node.target, value)
    return value


@evaluates(ast.Yield)
def _yield(frame: Frame, node: ast.Yield) -> Value:
    value = frame.evaluate(node.value) if node.value is not None else constant(None)
    frame.yields = value if frame.yields is None else join(frame.yields, value)
    return UNKNOWN


@evaluates(ast.YieldFrom)
def _yield_from(frame: Frame, node: ast.YieldFrom) -> Value:
    iterable = frame.evaluate(node.value)
    note_run(frame, iterable, node.value, "iterate")
    value = iteration_element(iterable)
    frame.yields = value if frame.yields is None else join(frame.yields, value)
    return UNKNOWN
