"""What a call does beside its result: objects that change, sources at sinks, notes for rules."""

from __future__ import annotations

import ast

from checks.semantics.contents import join
from checks.semantics.interpret.frame import Frame, Reach
from checks.semantics.invocation import Invocation
from checks.semantics.taints import Taints, harms, join_taints
from checks.semantics.values import UNKNOWN, Value, all_taints


def mutate(frame: Frame, node: ast.expr, old: Value, new: Value) -> None:
    """An object changed: wherever it is known under another name it is the new value too."""
    if old.items is not None or old.taints or old.rest is not None:
        frame.replace(old, new)
    if isinstance(node, ast.Name):
        if node.id in frame.env:
            frame.env[node.id] = new
    elif isinstance(node, ast.Attribute):
        holder = frame.evaluate(node.value)
        frame.replace(holder, holder.but(items={**(holder.items or {}), node.attr: new}))
    elif isinstance(node, ast.Subscript):
        holder = frame.evaluate(node.value)
        if all_taints(new):
            rest = new if holder.rest is None else join(holder.rest, new)
            mutate(frame, node.value, holder, holder.but(rest=rest))


def report(
    frame: Frame, kind: str, value: Value, expression: ast.expr, node: ast.AST, sink: str = ""
) -> None:
    """Note every source of a value that can do harm in a kind of sink."""
    for taint in shown(value, kind):
        if harms(taint, kind):
            frame.reach(Reach(kind, expression, node, frame.file, taint, sink))


def shown(value: Value, kind: str) -> Taints:
    """The sources of what a kind of sink makes of a value: no address is made of an object's attributes."""
    return value.taints if kind in _ADDRESSES and is_object(value) else all_taints(value)


def is_object(value: Value) -> bool:
    """Whether what it holds are attributes, not elements."""
    return value.items is not None and not value.type_name.startswith("builtins.")


_ADDRESSES = frozenset({"path", "redirect", "url"})


def record(frame: Frame, node: ast.Call, invocation: Invocation) -> None:
    if frame.calls is not None:
        frame.calls[node] = invocation


def change(frame: Frame, old: Value, new: Value) -> None:
    """The object of an argument after a call that changed it: it holds what the function put there."""
    if old is UNKNOWN:
        return
    items = {**(old.items or {}), **(new.items or {})}
    rest = old.rest if new.rest is None else new.rest if old.rest is None else join(old.rest, new.rest)
    taints = join_taints(old.taints, new.taints)
    frame.replace(old, old.but(items=items, rest=rest, taints=taints))
