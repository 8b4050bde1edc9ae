"""A call as a library's table describes it: its sinks, what its result is, and what it tells of its arguments."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from checks.semantics.contents import element, join
from checks.semantics.interpret.attributes import source_taint
from checks.semantics.interpret.effects import report
from checks.semantics.interpret.frame import Frame
from checks.semantics.invocation import Invocation
from checks.semantics.library import ADDRESSES, Entry
from checks.semantics.taints import Taints, join_taints
from checks.semantics.values import UNKNOWN, Implication, Value, all_taints, cleaned, instance

MAX_DEPTH = 3


def note_sinks(frame: Frame, entry: Entry, invocation: Invocation) -> None:
    for sink in entry.sinks:
        if sink.when is not None and not sink.when(invocation):
            continue
        for given in invocation.arguments(sink.argument):
            value = _first(given) if sink.first else given
            if sink.kind in ADDRESSES and frame.machine.knowledge.is_file(value.type_name):
                continue
            if sink.or_file and value.type is None and not value.built:
                value = cleaned(value, frozenset({f"?{sink.kind}"}))
            key = (invocation.node, sink.kind)
            known = frame.sinks.get(key)
            frame.sinks[key] = (sink, invocation, value if known is None else join(known[2], value))
            report(
                frame,
                sink.kind,
                value,
                invocation.expression(sink.argument),
                invocation.node,
                invocation.name,
            )


def _first(value: Value) -> Value:
    """The first element of a list; a text is all of a command line."""
    if value.type_name not in ("builtins.list", "builtins.tuple"):
        return value
    if value.items and 0 in value.items:
        return value.items[0]
    return element(value) if value.items is None else value.rest or UNKNOWN


def result_of(frame: Frame, node: ast.Call, name: str, entry: Entry, invocation: Invocation) -> Value:
    values = [value for place in entry.passes for value in invocation.arguments(place)]
    taints: Taints = ()
    for value in values:
        found = all_taints(value)
        if value is invocation.receiver and found:
            found = tuple(taint.child(_key_step(invocation)) for taint in found)
        taints = join_taints(taints, found)
    if entry.cleans and taints:
        taints = tuple(taint.changed(clean=taint.clean | entry.cleans) for taint in taints)
    if entry.source is not None:
        key = invocation.constant(0)
        if not (isinstance(key, str) and key in entry.safe_keys):
            taints = join_taints(taints, (source_taint(frame, entry.source, node, name, entry.cleans),))
    true, false = _implied(frame, entry, invocation)
    type_ = _type(entry, invocation)
    part_of = None
    if entry.part_of is not None:
        part_of = invocation.argument(entry.part_of)
    if not (taints or true or false or part_of):
        return UNKNOWN if type_ is None else instance(type_)
    return Value(type=type_, taints=taints, true=true, false=false, part_of=part_of)


def _key_step(invocation: Invocation) -> str:
    """What a method takes of its receiver: `get("name")` takes `[name]`."""
    key = invocation.constant(0)
    return f"[{key}]" if isinstance(key, str) else "()"


def _type(entry: Entry, invocation: Invocation) -> object:
    returns = entry.returns
    if returns == "self" and invocation.receiver is not None:
        return invocation.receiver.type
    if returns == "argument":
        found = invocation.argument(0)
        return None if found is None else found.type
    return None if returns in ("self", "elements") else returns


def _implied(
    frame: Frame, entry: Entry, invocation: Invocation
) -> tuple[tuple[Implication, ...], tuple[Implication, ...]]:
    """What a check says of its argument: at once, or for the branches that ask for its truth."""
    true: list[Implication] = []
    false: list[Implication] = []
    for check in entry.checks:
        subject = invocation.argument(check.argument)
        if subject is None or not all_taints(subject):
            continue
        if check.after and not all(check.after in taint.clean for taint in all_taints(subject)):
            continue
        expression = invocation.expression(check.argument)
        text = "" if isinstance(expression, ast.Name) else ast.unparse(expression)
        implied = Implication(subject, text, check.clean)
        if check.when == "returns":
            frame.apply((implied,))
        else:
            (true if check.when == "true" else false).append(implied)
    return tuple(true), tuple(false)


def taints_of(values: Sequence[Value]) -> Taints:
    found: Taints = ()
    for value in values:
        found = join_taints(found, all_taints(value, MAX_DEPTH))
    return found


def unsure(taints: Taints) -> Taints:
    return tuple(taint.changed(sure=False) if taint.sure else taint for taint in taints)
