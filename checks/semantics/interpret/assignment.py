"""Targets bound to values: names, attributes, items, and the parts of what is unpacked."""

from __future__ import annotations

import ast

from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.attributes import attribute
from checks.semantics.interpret.calls import as_call, call
from checks.semantics.interpret.effects import mutate, report
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.queries import note_given
from checks.semantics.interpret.targets import Class
from checks.semantics.operations import stored, unpacked
from checks.semantics.taints import walked
from checks.semantics.values import UNKNOWN, Value


def assign(frame: Frame, target: ast.expr, value: Value) -> None:
    """Bind a target to a value."""
    kind = target.__class__
    if kind is ast.Name:
        bind_name(frame, target.id, value, target)  # type: ignore[attr-defined]
    elif kind is ast.Tuple or kind is ast.List:
        _unpack(frame, target.elts, value)  # type: ignore[attr-defined]
    elif kind is ast.Attribute:
        set_attribute(frame, target, value)  # type: ignore[arg-type]
    elif kind is ast.Subscript:
        set_item(frame, target, value)  # type: ignore[arg-type]
    elif kind is ast.Starred:
        assign(frame, target.value, value)  # type: ignore[attr-defined]


def bind_name(frame: Frame, identifier: str, value: Value, node: ast.AST) -> None:
    """Bind a name; tainted data notes the step."""
    if value.taints and not (len(value.taints) == 1 and value.taints[0].is_parameter):
        value = value.but(taints=walked(value.taints, frame.file.path, node, f"becomes `{identifier}`"))
    frame.env[identifier] = value
    if frame.has_texts:
        for text in [text for text in frame.env if text[0] == "`" and identifier in text]:
            del frame.env[text]


def _unpack(frame: Frame, targets: list[ast.expr], value: Value) -> None:
    stars = [index for index, target in enumerate(targets) if isinstance(target, ast.Starred)]
    before = stars[0] if stars else len(targets)
    after = len(targets) - before - 1 if stars else 0
    for target, part in zip(targets, unpacked(value, before, bool(stars), after), strict=True):
        assign(frame, target, part)


def set_attribute(frame: Frame, target: ast.Attribute, value: Value) -> None:
    """`object.name = value`."""
    holder = frame.evaluate(target.value)
    if holder.type is not None and holder.type.__class__ is str:
        found = frame.machine.knowledge.member(holder.type, f"{target.attr}=")
        if found is not None:
            for sink in found[1].sinks:
                report(frame, sink.kind, value, target, target)
    if holder is UNKNOWN or holder.targets:
        return
    if holder.record is not None:
        note_given(frame, holder, target.attr)
    grown = holder.but(items={**(holder.items or {}), target.attr: value})
    mutate(frame, target.value, holder, grown)


def set_item(frame: Frame, target: ast.Subscript, value: Value) -> None:
    """`container[key] = value`."""
    holder = frame.evaluate(target.value)
    key = frame.evaluate(target.slice) if not isinstance(target.slice, ast.Slice) else UNKNOWN
    owner = holder.type_name or holder.name or ""
    if owner and not owner.startswith("builtins."):
        found = frame.machine.knowledge.member(owner, "__setitem__")
        if found is not None:
            for sink in found[1].sinks:
                report(frame, sink.kind, key if sink.argument == 0 else value, target, target)
    if holder is UNKNOWN:
        return
    if isinstance(holder.type, Class):
        setter = attribute(frame, holder, "__setitem__", target)
        if setter.targets:
            call(frame, as_call(target.value), setter, Arguments((key, value), {}))
            return
    mutate(frame, target.value, holder, stored(holder, key, value))


def default_values(frame: Frame, arguments: ast.arguments) -> dict[str, Value]:
    """The defaults of a definition, evaluated where it stands."""
    found: dict[str, Value] = {}
    positional = [*arguments.posonlyargs, *arguments.args]
    if arguments.defaults:
        for parameter, default in zip(
            positional[-len(arguments.defaults) :], arguments.defaults, strict=True
        ):
            found[parameter.arg] = frame.evaluate(default)
    for parameter, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if given is not None:
            found[parameter.arg] = frame.evaluate(given)
    return found
