"""Calls: of the project's functions by summaries, of libraries' by tables, of anything else by one decision.

What is not known hands on the sources of all that it was given, marked as not sure: some helpers that no table names
format, wrap or copy, most look something up. `docs/architecture.md` has the numbers.
"""

from __future__ import annotations

import ast

from checks.semantics.contents import join
from checks.semantics.interpret.arguments import Arguments, evaluated, invocation_of
from checks.semantics.interpret.attributes import attribute, forced, instance_of, named
from checks.semantics.interpret.binding import Binding, bind, result_of_call
from checks.semantics.interpret.builtin_calls import above, builtin_method, call_builtin, one_by_one
from checks.semantics.interpret.described import note_sinks, result_of, taints_of, unsure
from checks.semantics.interpret.doubt import guarding, validated
from checks.semantics.interpret.effects import record
from checks.semantics.interpret.fields import field_names
from checks.semantics.interpret.frame import Frame, evaluates
from checks.semantics.interpret.guards import looks_into_cache
from checks.semantics.interpret.later import called_later, is_elsewhere, partial
from checks.semantics.interpret.loops import leave
from checks.semantics.interpret.outcomes import has_member, note_effects
from checks.semantics.interpret.queries import in_doubt, made_anew, note_work, written_at
from checks.semantics.interpret.taking_over import take_over
from checks.semantics.interpret.targets import (
    Bound,
    Class,
    Function,
    Partial,
    parameters_of,
)
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry, any_receiver
from checks.semantics.operations.configuration import CONFIGURATION
from checks.semantics.rows import Rows
from checks.semantics.taints import join_taints
from checks.semantics.values import UNKNOWN, Value, all_taints, with_taints


@evaluates(ast.Call)
def call_node(frame: Frame, node: ast.Call) -> Value:
    """A call: what is called, its arguments, then what the call gives."""
    frame.step()
    function = node.func
    if function.__class__ is ast.Attribute:
        receiver = frame.evaluate(function.value)
        arguments = evaluated(frame, node)
        result = call_method(frame, node, receiver, function.attr, arguments)
    else:
        if function.__class__ is ast.Name and function.id == "super" and not node.args:
            return above(frame)
        callee = frame.evaluate(function)
        arguments = evaluated(frame, node)
        result = call(frame, node, callee, arguments)
    if frame.has_texts:
        refined = frame.env.get(f"`{ast.unparse(node)}")
        if refined is not None:
            return refined
    return result


def call_method(frame: Frame, node: ast.Call, receiver: Value, name: str, arguments: Arguments) -> Value:
    """A call of `receiver.name(...)`."""
    type_ = receiver.type_name
    if type_.startswith("builtins.") or type_ == CONFIGURATION or receiver.type is receiver.name is None:
        known = builtin_method(frame, node, receiver, name, arguments)
        if known is not None:
            return known
    later = called_later(name, receiver, arguments)
    if later is not None:
        return call(frame, node, *later)
    callee = attribute(frame, receiver, name, node.func)
    if callee.targets:
        return call(frame, node, callee, arguments, receiver)
    if callee.name is not None:
        return _library(frame, node, callee.name, callee.receiver or receiver, arguments)
    entry = frame.machine.knowledge.entry(any_receiver(name)) if receiver.type is None else None
    if entry is not None:
        return _described(frame, node, any_receiver(name), entry, receiver, arguments)
    return unknown_call(frame, node, name, arguments, receiver)


def call(
    frame: Frame, node: ast.Call, callee: Value, arguments: Arguments, receiver: Value | None = None
) -> Value:
    """What calling a value gives: joined over all that it may be."""
    callee = forced(frame, callee)
    if not callee.targets:
        if callee.name is not None:
            return _library(frame, node, callee.name, callee.receiver or receiver, arguments)
        if callee.type.__class__ is str:
            member = frame.machine.knowledge.member(callee.type, "__call__")
            if member is not None:
                return _described(frame, node, member[0], member[1], callee, arguments)
        return unknown_call(frame, node, "", arguments, join(callee, receiver) if receiver else callee)
    found: Value | None = None
    for target in callee.targets:
        one = _call_target(frame, node, target, callee, arguments)
        found = one if found is None else join(found, one)
    assert found is not None
    return found


def _call_target(frame: Frame, node: ast.Call, target: object, callee: Value, arguments: Arguments) -> Value:
    if isinstance(target, Function):
        return call_function(frame, node, target, arguments)
    if isinstance(target, Bound):
        return call_function(frame, node, target.function, arguments.after(target.receiver), node.func)
    if isinstance(target, Class):
        return construct(frame, node, target, arguments)
    if isinstance(target, Partial):
        whole = Arguments(
            (*target.positional, *arguments.positional),
            {**target.keywords, **arguments.keywords},
            arguments.more,
        )
        return call(frame, node, target.callee, whole)
    return unknown_call(frame, node, "", arguments, callee)


def call_function(
    frame: Frame, node: ast.Call, function: Function, arguments: Arguments, first: ast.expr | None = None
) -> Value:
    """A call of a function of the project: its summary with the arguments put in."""
    known = _table_of_project(frame, node, function.name, arguments, of_method=first is not None)
    if known is not None:
        return known
    if function.kind == "class" and not arguments.positional:
        return UNKNOWN
    invocation = invocation_of(function.name, node, None, arguments)
    record(frame, node, invocation)
    bound = bind(function, arguments.positional, arguments.keywords, arguments.more)
    summary = frame.machine.summary(function, bound)
    frame.uses.add(function.file.path)
    frame.uses |= summary.uses
    if frame.tracked:
        for (owner, name), found_at in summary.lookups.items():
            frame.looked_up(owner, name, found_at)
    binding = Binding(function, bound, frame.file.path, node)
    for reach in binding.reaches(summary, frame.machine.knowledge.is_file):
        frame.reach(reach)
    if summary.queries and not is_elsewhere(node, function):
        take_over(frame, node, summary.queries, binding, generic=summary.generic)
    if summary.checked or summary.changed or summary.outer:
        note_effects(frame, function, summary, binding, lambda: _texts(node, function, first))
    if summary.returns is None:
        frame.env["!"] = UNKNOWN  # never returns: the statement that holds the call ends its block
        return UNKNOWN
    result = result_of_call(summary, binding, lambda: _texts(node, function, first))
    if frame.loops:
        result = made_anew(frame, result, summary.returns)
    if isinstance(result.record, Rows):
        result = _given_back(frame, result, node, function)
    if result.type_name == "builtins.bool":
        return guarding(result, node, arguments.positional[0 if first is None else 1 :])
    return validated(result, summary.returns, function)


def _given_back(frame: Frame, rows: Value, node: ast.Call, function: Function) -> Value:
    """A query that a function gave, as its caller writes it; one that may be what a prefetch holds stays open."""
    cached = function.file.once(("cache of rows", function.node), lambda: looks_into_cache(function.node))
    rows = written_at(rows, frame.file, node)
    return in_doubt(rows) if cached else rows


def _texts(node: ast.Call, function: Function, first: ast.expr | None) -> dict[int, str]:
    """The expressions that gave the arguments, by index, where they are no plain names."""
    found: dict[int, str] = {}
    offset = 0
    if first is not None and isinstance(first, ast.Attribute):
        offset = 1
    for index, given in enumerate(node.args):
        if isinstance(given, ast.Attribute | ast.Subscript | ast.Call):
            found[index + offset] = ast.unparse(given)
    names = {parameter.arg: index for index, parameter in enumerate(parameters_of(function.node))}
    for keyword in node.keywords:
        if keyword.arg in names and isinstance(keyword.value, ast.Attribute | ast.Subscript | ast.Call):
            found[names[keyword.arg]] = ast.unparse(keyword.value)
    return found


def construct(frame: Frame, node: ast.Call, target: Class, arguments: Arguments) -> Value:
    """An instance of a class of the project: what `__init__` puts into it, or its fields in order."""
    known = _table_of_project(frame, node, target.name, arguments)
    if known is not None:
        return known
    frame.uses.add(target.file.path)
    given = frame.machine.made(frame, target, invocation_of(target.name, node, None, arguments))
    if given is not None:
        return given
    made = instance_of(target)
    found = attribute(frame, made, "__init__", node)
    initialisers = [one for one in found.targets if isinstance(one, Bound)]
    if initialisers:
        name = "`made"
        frame.env[name] = made
        call_function(frame, node, initialisers[0].function, arguments.after(made), node.func)
        made = frame.env.pop(name, made)
        frame.env.pop("!", None)
        return made
    record(frame, node, invocation_of(target.name, node, None, arguments))
    if has_member(frame, target, invocation_of(target.name, node, None, arguments)):
        return made
    names = field_names(target)
    if names:
        items = dict(zip(names, arguments.positional, strict=False))
        items.update({name: value for name, value in arguments.keywords.items() if name in names})
        return made.but(items=items, rest=arguments.more)
    _, bases = target.order()
    for base in bases:
        entry = frame.machine.knowledge.entry(base)
        if entry is not None:
            described = _described(frame, node, base, entry, None, arguments)
            return made.but(taints=described.taints, items={**(described.items or {})}, rest=described.rest)
    held = taints_of(arguments.every())
    return made.but(items=dict(arguments.keywords), taints=unsure(held)) if bases else made


def _table_of_project(
    frame: Frame, node: ast.Call, name: str, arguments: Arguments, *, of_method: bool = False
) -> Value | None:
    """What the project's own tables say of one of its functions, which then counts instead of its code."""
    entry = frame.machine.knowledge.entry(name)
    if entry is None:
        return None
    receiver = arguments.positional[0] if of_method else None
    if of_method:
        arguments = Arguments(arguments.positional[1:], arguments.keywords, arguments.more)
    return _described(frame, node, name, entry, receiver, arguments)


def _library(frame: Frame, node: ast.Call, name: str, receiver: Value | None, arguments: Arguments) -> Value:
    """A call of a library's function, class or method by its dotted name."""
    if name == "functools.partial" and arguments.positional:
        return Value(targets=(partial(arguments),))
    if name.startswith("builtins."):
        if receiver is None and name.count(".") == 2 and arguments.positional:  # `str.strip(text)`
            first, given = arguments.positional[0], arguments.behind_first()
            return call_method(frame, node, first, name.rpartition(".")[2], given)
        known = call_builtin(frame, node, name, arguments)
        if known is not None:
            described = frame.machine.knowledge.entry(name)
            if described is not None and described.sinks:
                note_sinks(frame, described, invocation_of(name, node, None, arguments))
            return known
    knowledge = frame.machine.knowledge
    entry = knowledge.entry(name)
    if entry is None:
        head, _, last = name.rpartition(".")
        above = knowledge.entry(head)
        member = knowledge.member(above.returns, last) if above is not None and above.returns else None
        if member is not None:
            owner = named(frame, head, None, node)
            return _described(frame, node, member[0], member[1], receiver or owner, arguments)
        record(frame, node, invocation_of(name, node, receiver, arguments))
        result = unknown_call(frame, node, name, arguments, receiver)
        return result.but(type=name) if last[:1].isupper() and not last.isupper() else result
    return _described(frame, node, name, entry, receiver, arguments)


def _described(
    frame: Frame, node: ast.Call, name: str, entry: Entry, receiver: Value | None, arguments: Arguments
) -> Value:
    """A call by its table's entry."""
    invocation = invocation_of(name, node, receiver, arguments)
    record(frame, node, invocation)
    note_sinks(frame, entry, invocation)
    if entry.stores and receiver is not None:
        held = [value for place in entry.stores for value in invocation.arguments(place)]
        taints = taints_of(held)
        if taints:
            frame.replace(receiver, with_taints(receiver, taints))
    if entry.work is not None:
        note_work(frame, node, entry.work, name)
    if entry.does is not None:
        result = entry.does(frame, invocation)
        if result is not None:
            return result
    if entry.apply is not None:
        result = entry.apply(invocation)
        if result is not None:
            return result
    if entry.calls is not None:
        return _called_back(frame, node, entry, invocation)
    if entry.ends:
        frame.env["!"] = UNKNOWN
        return UNKNOWN
    return result_of(frame, node, name, entry, invocation)


def _called_back(frame: Frame, node: ast.Call, entry: Entry, invocation: Invocation) -> Value:
    """What is called with the elements of another argument."""
    assert entry.calls is not None
    callee, items = (invocation.argument(place) for place in entry.calls)
    if callee is None:
        return UNKNOWN
    ones = [UNKNOWN] if items is None else one_by_one(frame, node, [items])
    result = call(frame, node, callee, Arguments(tuple(ones), {}))
    if items is not None:
        leave(frame)
    return Value(type="builtins.list", items={}, rest=result)


def unknown_call(
    frame: Frame, node: ast.Call, name: str, arguments: Arguments, receiver: Value | None
) -> Value:
    """A call of which nothing is known: its result comes from all that it was given, and nobody can be sure of it.

    Functions that it was given may be called with what else it was given.
    """
    record(frame, node, invocation_of(name, node, receiver, arguments))
    for value in arguments.every():
        for target in value.targets:
            if isinstance(target, Function) and target.is_nested:
                call_function(frame, node, target, Arguments((), {}, UNKNOWN))
                frame.env.pop("!", None)
    taints = taints_of(arguments.every())
    if receiver is not None:
        taints = join_taints(taints, tuple(taint.child("()") for taint in all_taints(receiver)))
    return guarding(Value(taints=unsure(taints)), node, arguments.positional) if taints else UNKNOWN


def as_call(node: ast.expr) -> ast.Call:
    """A call that the code makes without writing it: of a decorator, of `__enter__`, of `__iter__`."""
    made = ast.Call(func=node, args=[], keywords=[])
    return ast.copy_location(made, node)
