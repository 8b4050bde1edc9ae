"""Functions summarised when first asked for: what calling them does, in terms of their parameters."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.semantics.interpret.annotations import annotated_type
from checks.semantics.interpret.attributes import by_framework, provider, seen_as
from checks.semantics.interpret.finished import all_of, says_no_more, summarised
from checks.semantics.interpret.frame import Frame, Machine, OutOfSteps, Summary
from checks.semantics.interpret.progress import Progress
from checks.semantics.interpret.queries import note
from checks.semantics.interpret.targets import Class, Function, Scope, parameters_of, shape_of
from checks.semantics.interpret.variants import (
    captured_by,
    is_generic,
    standing_for,
    variadic,
    variant,
    with_attributes,
)
from checks.semantics.invocation import Invocation
from checks.semantics.library import Sink
from checks.semantics.rows import Loop, Rows
from checks.semantics.source import File
from checks.semantics.taints import Taint
from checks.semantics.values import NONE, UNKNOWN, Value, instance

MAX_DEPTH = 120
ROUNDS = 5
MAX_SHARED = 16
BOTTOM = Summary(returns=UNKNOWN, symbols=())


@dataclass(frozen=True, slots=True)
class Seen:
    """The calls in a function: of sinks with what goes in, and those that rules asked for."""

    sinks: dict[tuple[ast.AST, str], tuple[Sink, Invocation, Value]]
    calls: dict[ast.Call, Invocation]
    uses_of_rows: dict[tuple[ast.AST, str], tuple[Rows, tuple[Loop, ...]]]


class Summaries:
    """The summaries of a project's functions; `seen` are the calls in those that were run for their own file."""

    def __init__(
        self,
        machine: Machine,
        progress: Progress,
        module: Callable[[File], Frame],
        given: Callable[[Function], Mapping[str, Value]],
        exhausted: Callable[[File, str], None],
    ) -> None:
        self._machine = machine
        self._progress = progress
        self._module = module
        self._given = given
        self._exhausted = exhausted
        self._summaries: dict[Any, Summary] = {}
        self._closures: dict[Any, tuple[tuple[Value | None, ...], Summary]] = {}
        self._shared: dict[Any, list[tuple[Class, Summary]]] = {}
        self._compared: set[Any] = set()
        self.seen: dict[ast.AST, Seen] = {}

    def forget(self, keys: Iterable[Any]) -> None:
        """Take back summaries."""
        for key in keys:
            self._summaries.pop(key, None)
            self._closures.pop(key, None)
            self._shared.pop(_family(key), None)

    def generic(self, function: Function) -> Summary:
        """The summary of a function for callers that nothing is known of."""
        arguments = [UNKNOWN] * len(parameters_of(function.node))
        if function.owner is not None and arguments and function.kind in ("method", "property"):
            arguments[0] = instance(function.owner)
        return self.of(function, arguments)

    def of(self, function: Function, arguments: Sequence[Value]) -> Summary:
        """What calling a function does, for arguments of these types."""
        own = shape_of(function.node)
        shape = tuple(
            variant(value, own, name) for name, value in zip(own.parameters, arguments, strict=False)
        )
        given = function.node.args
        if given.vararg is not None or given.kwarg is not None:
            shape = _with_variadic(function, arguments, shape)
        key = (function.node, shape)
        captured: tuple[Value | None, ...] = ()
        if function.is_nested:
            captured = captured_by(function)
            kept = self._closures.get(key)
            if kept is not None and len(kept[0]) == len(captured) and all(map(_is, kept[0], captured)):
                return kept[1]
        else:
            known = self._summaries.get(key)
            if known is None and shape and shape[0] is not None and isinstance(arguments[0].type, Class):
                known = self._of_relative(key, arguments[0].type)
            if known is not None:
                return known
        active = self._progress.asked_again(key)
        if active is not None:
            active.asked = True
            return active.answer if active.answer is not None else BOTTOM
        if self._progress.depth >= MAX_DEPTH or self._progress.is_spent:
            self._exhausted(function.file, function.name)
            return BOTTOM
        found = self._fixed(key, function, arguments, shape)
        if function.is_nested:
            self._closures[key] = (captured, found)
        return found

    def _of_relative(self, key: Any, owner: Class) -> Summary | None:
        """The summary for an instance of another class that gets all attributes that count from the same places."""
        relatives = self._shared.get(_family(key), ())
        if not relatives or key in self._compared:
            return None  # what an attribute is may hang on what this very method gives
        self._compared.add(key)
        try:
            for other, summary in relatives:
                if self._is_alike(owner, other, summary):
                    self._summaries[key] = summary
                    return summary
        finally:
            self._compared.discard(key)
        return None

    def _is_alike(self, owner: Class, other: Class, summary: Summary) -> bool:
        """Whether a class gets each attribute that counted for another from where that got it."""
        return all(
            _comes_from(self._machine, owner, name) == found_at
            for (looked_into, name), found_at in summary.lookups.items()
            if looked_into is other
        )

    def _fixed(
        self, key: Any, function: Function, arguments: Sequence[Value], shape: tuple[Any, ...]
    ) -> Summary:
        """A summary that stands still: repeated while it was asked for itself and says something new."""
        active = self._progress.begin(key)
        generic = not function.is_nested and is_generic(function, shape)
        try:
            for _ in range(ROUNDS):
                active.asked = False
                self.forget(active.tentative)
                active.tentative.clear()
                found = self._run(function, arguments, shape, generic)
                if not active.asked or says_no_more(found, active.answer):
                    break
                active.answer = found
        finally:
            self._progress.end()
        if not function.is_nested:
            self._summaries[key] = found
            if shape and isinstance(arguments[0].type, Class) and active.low >= self._progress.depth:
                shared = self._shared.setdefault(_family(key), [])
                if len(shared) < MAX_SHARED:
                    shared.append((arguments[0].type, found))
        self._progress.hand_down(active, key)
        return found

    def _run(
        self, function: Function, arguments: Sequence[Value], shape: tuple[Any, ...], generic: bool
    ) -> Summary:
        symbols = self._symbols(function, arguments, shape, generic)
        names = shape_of(function.node).parameters
        scope = Scope(dict(zip(names, symbols, strict=True)), function.scope)
        frame = Frame(self._machine, function.file, scope, function, function.owner)
        frame.tracked = frozenset(symbol.type for symbol in symbols if isinstance(symbol.type, Class))
        if generic or function.is_nested:
            frame.calls, frame.uses_of_rows = {}, {}
        node = function.node
        try:
            if isinstance(node, ast.Lambda):
                frame.returns.append((frame.evaluate(node.body), frame.env))
            elif frame.run(node.body):
                frame.returns.append((NONE, frame.env))
            self._nested(frame)
        except (OutOfSteps, RecursionError):
            self._exhausted(function.file, function.name)
            frame.returns.append((all_of(symbols), frame.env))
        self._progress.spend(frame.steps)
        if frame.calls is not None:
            self.seen[node] = Seen(frame.sinks, frame.calls, frame.uses_of_rows or {})
        return summarised(frame, function, symbols, generic)

    def _nested(self, frame: Frame) -> None:
        """Functions defined within and not called there: views of a factory, callbacks that are handed out."""
        for function in frame.defined:
            before = len(frame.returns)
            summary = self.generic(function)
            frame.uses |= summary.uses
            for reach in summary.reaches:
                if not reach.taint.is_parameter or reach.taint.origin.owner is not function.node:  # type: ignore[attr-defined]
                    frame.reach(reach)
            for asked in summary.queries:
                if asked.loop is not None and not asked.is_open:
                    note(frame, asked)
            seen = self.seen.get(function.node)
            if seen is not None and frame.calls is not None:
                frame.sinks.update(seen.sinks)
                frame.calls.update(seen.calls)
                if frame.uses_of_rows is not None:
                    frame.uses_of_rows.update(seen.uses_of_rows)
            del frame.returns[before:]

    def _symbols(
        self, function: Function, arguments: Sequence[Value], shape: tuple[Any, ...], generic: bool
    ) -> tuple[Value, ...]:
        """What stands for the arguments: of a type where one is known, and each its own source."""
        given = self._given(function)
        found: list[Value] = []
        variadic = function.node.args.vararg, function.node.args.kwarg
        origins = shape_of(function.node).origins
        for index, parameter in enumerate(parameters_of(function.node)):
            kind = shape[index] if index < len(shape) else None
            taints = (Taint("", origins[index]),)
            known = given.get(parameter.arg)
            if kind is not None and kind[0] == "constant":
                found.append(arguments[index])
            elif kind is not None and kind[0] == "parts":
                parts = {
                    key: Value(taints=(part,)) if inner is None else standing_for(inner, part)
                    for key, inner in kind[2]
                    for part in (taints[0].child(f"[{key}]"),)
                }
                found.append(Value(type=kind[1], items=parts))
            elif kind is not None and kind[0] == "held":
                found.append(standing_for(kind, taints[0]))
            elif kind is not None:
                argument = arguments[index]
                symbol = Value(
                    type=argument.type, targets=argument.targets, name=argument.name, taints=taints
                )
                if len(kind) == 4:
                    symbol = with_attributes(symbol, argument, taints[0], kind[2], kind[3])
                elif isinstance(argument.record, Rows):
                    symbol = standing_for(kind, taints[0])
                found.append(symbol)
            elif known is not None:
                found.append(known.but(taints=(*known.taints, *taints)))
            elif parameter is variadic[0]:
                found.append(Value(type="builtins.tuple", taints=taints))
            elif parameter is variadic[1]:
                found.append(Value(type="builtins.dict", taints=taints))
            else:
                type_ = None
                if parameter.annotation is not None:
                    module = self._module(function.file)
                    type_ = annotated_type(module, parameter.annotation)
                found.append(Value(type=type_, taints=taints))
        return tuple(found)


def _with_variadic(function: Function, arguments: Sequence[Value], shape: tuple[Any, ...]) -> tuple[Any, ...]:
    """The shape of a call of a function with `*args` or `**kwargs`: with the places that these fill."""
    given = function.node.args
    return tuple(
        variadic(value) if parameter is given.vararg or parameter is given.kwarg else kind
        for parameter, value, kind in zip(parameters_of(function.node), arguments, shape, strict=False)
    )


def _family(key: Any) -> Any:
    """What summaries have in common that may serve several classes of the first argument."""
    node, shape = key
    return (node, shape[1:], shape[0][2:] if shape and shape[0] is not None else ())


def _is(one: object, other: object) -> bool:
    return one is other


def _comes_from(machine: Machine, owner: Class, name: Any) -> object:
    """Where a class gets an attribute from; what a framework puts there depends on the libraries' classes above it."""
    plain, behind = name if isinstance(name, tuple) else (name, None)
    relation = machine.relation(owner, plain) if behind is None else None
    if relation is not None:
        return ("relation", relation)
    given = machine.attribute(owner, plain, instance(owner)) if behind is None else None
    if given is not None:
        return by_framework(owner, given)
    found_at = provider(machine, owner, plain, behind)
    return seen_as(found_at, plain) if behind is None else found_at
