"""The interpreter of one project: modules run once, functions summarised when first asked for.

A function that calls itself, alone or in a ring, begins with knowing nothing and is repeated until nothing new comes
out; what was found on the way with unfinished answers is thrown away. So no answer depends on who asked first.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from checks.semantics.definitions import is_reachable
from checks.semantics.interpret import conditions, displays, expressions, statements
from checks.semantics.interpret.attributes import attribute, forced
from checks.semantics.interpret.frame import Frame, OutOfSteps, Reach, Summary, join_env
from checks.semantics.interpret.statements import annotated_type
from checks.semantics.interpret.targets import (
    Class,
    Function,
    Module,
    Parameter,
    Scope,
    parameters_of,
    shape_of,
)
from checks.semantics.invocation import Invocation
from checks.semantics.library import Knowledge, Sink
from checks.semantics.nodes import descendants
from checks.semantics.source import File, Project
from checks.semantics.values import NONE, UNKNOWN, Taint, Value, all_taints, instance, join

REGISTERED = (conditions, displays, expressions, statements)
"""The modules whose evaluators and executors register on import."""

MAX_DEPTH = 120
ROUNDS = 5


class Framework(Protocol):
    """What a framework tells the interpreter of a project's functions and classes."""

    def parameters(self, function: Function) -> Mapping[str, Value]:
        """What the framework gives to a function that it calls itself: a view's request and URL arguments."""

    def result_sinks(self, function: Function) -> tuple[str, ...]:
        """The kinds of sinks that a function's result goes to: what a view returns is sent."""

    def attribute(self, owner: Class | str, name: str, receiver: Value) -> Value | None:
        """What an attribute is that the framework puts on classes and instances; `owner` is empty where unknown."""


@dataclass(slots=True)
class Facts:
    """What one file's functions do, seen from their own parameters.

    `reaches` are the sources that reach sinks, wherever these stand; `sinks` the calls of sinks in this file, with the
    value that goes in; `calls` those that rules asked for.
    """

    reaches: list[Reach] = field(default_factory=list)
    sinks: dict[tuple[ast.AST, str], tuple[Sink, Invocation, Value]] = field(default_factory=dict)
    calls: dict[ast.Call, Invocation] = field(default_factory=dict)
    uses: set[str] = field(default_factory=set)
    exhausted: list[str] = field(default_factory=list)


class _Active:
    """A computation under way: what it would answer now, and how far down the stack its own answer rests on."""

    __slots__ = ("answer", "asked", "key", "low", "tentative")

    def __init__(self, key: Any, answer: Any, low: int) -> None:
        self.key = key
        self.answer = answer
        self.low = low
        self.asked = False
        self.tentative: list[Any] = []


class World:
    """The project as the interpreter sees it."""

    def __init__(
        self,
        project: Project,
        knowledge: Knowledge,
        frameworks: Sequence[Framework] = (),
        wanted: Iterable[str] = (),
    ) -> None:
        self.project = project
        self.knowledge = knowledge
        self.wanted = frozenset(wanted)
        self._frameworks = frameworks
        self._summaries: dict[Any, Summary] = {}
        self._closures: dict[Any, tuple[tuple[Value | None, ...], Summary]] = {}
        self._modules: dict[str, Frame] = {}
        self._imports: dict[tuple[str, str], Module | None] = {}
        self._stack: list[_Active] = []
        self._active: dict[Any, int] = {}
        self._facts: dict[ast.AST, Facts] = {}
        self._fields: dict[ast.ClassDef, dict[str, list[Function]]] = {}
        self.exhausted: dict[str, list[str]] = {}

    def facts(self, file: File) -> Facts:
        """Everything that the functions of a file do. Crashes are the caller's to report."""
        found = Facts()
        module = self.module(file)
        found.uses |= module.uses
        _gather(found, module.reaches.values(), module.sinks, module.calls or {})
        for function in module.defined:
            summary = self.root(function)
            found.uses |= summary.uses
            seen = self._facts.get(function.node)
            _gather(
                found,
                summary.reaches,
                seen.sinks if seen is not None else {},
                seen.calls if seen is not None else {},
            )
        for owner in module.classes:
            self._inherited(owner, found)
        found.exhausted = self.exhausted.get(file.path, [])
        return found

    def root(self, function: Function) -> Summary:
        """The summary of a function for callers that nothing is known of."""
        arguments = [UNKNOWN] * len(parameters_of(function.node))
        if function.owner is not None and arguments and function.kind in ("method", "property"):
            arguments[0] = instance(function.owner)
        return self.summary(function, arguments, None)

    def _inherited(self, owner: Class, found: Facts) -> None:
        """What a class does through methods that it inherits within the project, with its own attributes."""
        classes, _ = owner.order()
        if len(classes) < 2 or not self._is_entered(owner):
            return
        seen = {name for name, value in owner.env.items() if value.targets}
        for base in classes[1:]:
            for name, value in base.env.items():
                for target in value.targets:
                    if isinstance(target, Function) and name not in seen and target.kind == "method":
                        seen.add(name)
                        arguments = [UNKNOWN] * len(parameters_of(target.node))
                        if arguments:
                            arguments[0] = instance(owner)
                            summary = self.summary(target, arguments, None)
                            found.uses |= summary.uses
                            _gather(found, summary.reaches, {}, {})

    def _is_entered(self, owner: Class) -> bool:
        """Whether a framework calls methods of a class by itself."""
        return any(getattr(framework, "enters", _never)(owner) for framework in self._frameworks)

    def module(self, file: File) -> Frame:
        """A module with its names as they stand at its end; as far as it has come, while it is being run."""
        known = self._modules.get(file.path)
        if known is not None and known.file is file:
            index = self._active.get(file.path)
            if index is not None:
                self._rest_on(index)
            return known
        frame = Frame(self, file, Scope({}), None, None)
        frame.calls = {}
        self._modules[file.path] = frame
        active = self._push(file.path, None)
        try:
            frame.run(file.tree.body)
        except (OutOfSteps, RecursionError):
            self._exhaust(file, "<module>")
        self._pop()
        for key in active.tentative:
            self._summaries.pop(key, None)
        for identifier in _declared_global(file):
            if identifier in frame.env:
                frame.env[identifier] = UNKNOWN
        frame.uses.add(file.path)
        return frame

    def imported(self, dotted: str, file: File, frame: Frame | None) -> Value:
        """What an imported name stands for."""
        parts = dotted.split(".")
        if parts[0] in sys.stdlib_module_names and parts[0] != file.module.partition(".")[0]:
            return Value(name=self.knowledge.canonical(dotted))
        for split in range(len(parts), 0, -1):
            module = self._module_named(".".join(parts[:split]), file)
            if module is None:
                continue
            value = Value(targets=(module,))
            for index, part in enumerate(parts[split:]):
                asking = frame or self._modules[module.file.path]
                if index == 0:
                    asking.uses.add(module.file.path)
                    found = self._of_module(module, part, asking)
                    if found is None:
                        return Value(name=dotted)
                    value = found
                else:
                    value = forced(asking, attribute(asking, value, part, module.file.tree))
            return value
        return Value(name=self.knowledge.canonical(dotted))

    def _of_module(self, module: Module, name: str, frame: Frame) -> Value | None:
        """A name of a module, without its submodules: those were tried before."""
        inner = self.module(module.file)
        found = inner.env.get(name)
        if found is None:
            for starred in module.file.names.star_modules():
                found = self.starred(starred, module.file, frame).get(name)
                if found is not None:
                    break
        if found is None:
            return None
        key = ("name", module.file.path, name)
        if key in self._active:
            return UNKNOWN
        self._active[key] = len(self._stack)
        try:
            return forced(frame, found)
        finally:
            del self._active[key]

    def _module_named(self, dotted: str, file: File) -> Module | None:
        key = (dotted, file.path.rpartition("/")[0])
        if key not in self._imports:
            found = self.project.module(dotted, file.path)
            if found is not None and not is_reachable(found.path, dotted.split("."), file.path):
                found = None
            self._imports[key] = None if found is None else Module(found, Scope({}))
        module = self._imports[key]
        if module is None:
            return None
        return Module(module.file, self.module(module.file).scope)

    def starred(self, module: str, file: File, frame: Frame | None) -> dict[str, Value]:
        """The names of a module that a star brings; of a library's module none are known."""
        found = self._module_named(module, file)
        if found is None or found.file is file:
            return {}
        if frame is not None:
            frame.uses.add(found.file.path)
        inner = self.module(found.file)
        key = ("star", found.file.path)
        if key in self._active:
            return inner.env
        self._active[key] = len(self._stack)
        try:
            further = [self.starred(name, found.file, frame) for name in found.file.names.star_modules()]
        finally:
            del self._active[key]
        if not further:
            return inner.env
        merged: dict[str, Value] = {}
        for names in further:
            merged.update(names)
        merged.update(inner.env)
        return merged

    def field(self, owner: Class, name: str, frame: Frame) -> Value | None:
        """What the methods of a class, and of those above it, assign to an attribute of `self`."""
        found: Value | None = None
        classes, _ = owner.order()
        for one in classes:
            for method in self._assigners(one).get(name, ()):
                arguments = [UNKNOWN] * len(parameters_of(method.node))
                arguments[0] = instance(owner)
                summary = self.summary(method, arguments, frame)
                frame.uses.add(one.file.path)
                changed = (summary.changed or {}).get(0)
                value = (changed.items or {}).get(name) if changed is not None else None
                if value is not None:
                    value = _unbound(value, method)
                    found = value if found is None else join(found, value)
        return found

    def _assigners(self, owner: Class) -> dict[str, list[Function]]:
        """The methods of a class by the attributes of `self` that they assign."""
        known = self._fields.get(owner.node)
        if known is None:
            known = self._fields[owner.node] = {}
            for value in owner.env.values():
                for target in value.targets:
                    if isinstance(target, Function) and target.kind == "method":
                        for name in _assigned_to_self(target):
                            known.setdefault(name, []).append(target)
        return known

    def attribute(self, owner: Class | str, name: str, receiver: Value) -> Value | None:
        """What a framework knows of an attribute."""
        for framework in self._frameworks:
            found = framework.attribute(owner, name, receiver)
            if found is not None:
                return found
        return None

    def result_sinks(self, function: Function) -> tuple[str, ...]:
        """The kinds of sinks that a function's result goes to."""
        for framework in self._frameworks:
            found = framework.result_sinks(function)
            if found:
                return found
        return ()

    def summary(self, function: Function, arguments: Sequence[Value], frame: Frame | None) -> Summary:
        """What calling a function does, for arguments of these types."""
        shape = tuple(
            _kind(value, name in shape_of(function.node).tested)
            for name, value in zip(shape_of(function.node).parameters, arguments, strict=False)
        )
        key = (function.node, shape)
        captured: tuple[Value | None, ...] = ()
        if function.is_nested:
            captured = _captured(function)
            kept = self._closures.get(key)
            if kept is not None and len(kept[0]) == len(captured) and all(map(_is, kept[0], captured)):
                return kept[1]
        else:
            known = self._summaries.get(key)
            if known is not None:
                return known
        index = self._active.get(key)
        if index is not None:
            self._rest_on(index)
            self._stack[index].asked = True
            provisional = self._stack[index].answer
            return provisional if provisional is not None else _BOTTOM
        if len(self._stack) >= MAX_DEPTH:
            return _BOTTOM
        found = self._fixed(key, function, arguments, shape)
        if function.is_nested:
            self._closures[key] = (captured, found)
        return found

    def _fixed(
        self, key: Any, function: Function, arguments: Sequence[Value], shape: tuple[Any, ...]
    ) -> Summary:
        """A summary that stands still: repeated while it was asked for itself and says something new."""
        active = self._push(key, None)
        generic = not function.is_nested and _is_generic(function, shape)
        for _ in range(ROUNDS):
            active.asked = False
            for tentative in active.tentative:
                self._summaries.pop(tentative, None)
            active.tentative.clear()
            found = self._run(function, arguments, shape, generic)
            if not active.asked or _says_no_more(found, active.answer):
                break
            active.answer = found
        self._pop()
        depth = len(self._stack)
        if not function.is_nested:
            self._summaries[key] = found
        if active.low < depth:
            head = self._stack[active.low]
            head.tentative.append(key)
            head.tentative += active.tentative
            self._rest_on(active.low)
        return found

    def _push(self, key: Any, answer: Any) -> _Active:
        active = _Active(key, answer, len(self._stack))
        self._active[key] = len(self._stack)
        self._stack.append(active)
        return active

    def _pop(self) -> None:
        active = self._stack.pop()
        del self._active[active.key]

    def _rest_on(self, index: int) -> None:
        """Note that the innermost answer rests on one that is not finished."""
        if self._stack:
            top = self._stack[-1]
            top.low = min(top.low, index)

    def _run(
        self, function: Function, arguments: Sequence[Value], shape: tuple[Any, ...], generic: bool
    ) -> Summary:
        symbols = self._symbols(function, arguments, shape, generic)
        names = shape_of(function.node).parameters
        scope = Scope(dict(zip(names, symbols, strict=True)), function.scope)
        frame = Frame(self, function.file, scope, function, function.owner)
        frame.calls = {} if generic or function.is_nested else None
        node = function.node
        try:
            if isinstance(node, ast.Lambda):
                frame.returns.append((frame.evaluate(node.body), frame.env))
            elif frame.run(node.body):
                frame.returns.append((NONE, frame.env))
            self._nested(frame)
        except OutOfSteps:
            self._exhaust(function.file, function.name)
            frame.returns.append((_all_of(symbols), frame.env))
        if frame.calls is not None:
            self._facts[node] = Facts(sinks=frame.sinks, calls=frame.calls)
        return _summarised(frame, function, symbols, generic)

    def _nested(self, frame: Frame) -> None:
        """Functions defined within and not called there: views of a factory, callbacks that are handed out."""
        for function in frame.defined:
            before = len(frame.returns)
            summary = self.root(function)
            frame.uses |= summary.uses
            for reach in summary.reaches:
                if not reach.taint.is_parameter or reach.taint.origin.owner is not function.node:  # type: ignore[attr-defined]
                    frame.reach(reach)
            seen = self._facts.get(function.node)
            if seen is not None and frame.calls is not None:
                frame.sinks.update(seen.sinks)
                frame.calls.update(seen.calls)
            del frame.returns[before:]

    def _symbols(
        self, function: Function, arguments: Sequence[Value], shape: tuple[Any, ...], generic: bool
    ) -> tuple[Value, ...]:
        """What stands for the arguments: of a type where one is known, and each its own source."""
        given: Mapping[str, Value] = {}
        for framework in self._frameworks:
            given = framework.parameters(function)
            if given:
                break
        found: list[Value] = []
        variadic = function.node.args.vararg, function.node.args.kwarg
        for index, parameter in enumerate(parameters_of(function.node)):
            kind = shape[index] if index < len(shape) else None
            taints = (Taint("", Parameter(function.node, index)),)
            known = given.get(parameter.arg)
            if kind is not None and kind[0] == "constant":
                found.append(arguments[index])
            elif kind is not None:
                argument = arguments[index]
                found.append(
                    Value(type=argument.type, targets=argument.targets, name=argument.name, taints=taints)
                )
            elif known is not None:
                found.append(known.but(taints=(*known.taints, *taints)))
            elif parameter is variadic[0]:
                found.append(Value(type="builtins.tuple", taints=taints))
            elif parameter is variadic[1]:
                found.append(Value(type="builtins.dict", taints=taints))
            else:
                type_ = None
                if parameter.annotation is not None:
                    module = self.module(function.file)
                    type_ = annotated_type(module, parameter.annotation)
                found.append(Value(type=type_, taints=taints))
        return tuple(found)

    def _exhaust(self, file: File, name: str) -> None:
        self.exhausted.setdefault(file.path, []).append(name)


def _never(_owner: Class) -> bool:
    return False


def _is(one: object, other: object) -> bool:
    return one is other


_BOTTOM = Summary(returns=UNKNOWN, symbols=())


def _gather(
    found: Facts,
    reaches: Iterable[Reach],
    sinks: Mapping[tuple[ast.AST, str], tuple[Sink, Invocation, Value]],
    calls: Mapping[ast.Call, Invocation],
) -> None:
    found.reaches += [reach for reach in reaches if not reach.taint.is_parameter]
    found.sinks.update(sinks)
    found.calls.update(calls)


def _kind(value: Value, tested: bool) -> tuple[Any, ...] | None:
    """What of an argument makes a variant of the summary: what can be called or looked into, and what decides."""
    if value.targets:
        return ("targets", value.targets)
    if value.const is not _NOTHING:
        if tested and (value.const.__class__ is not str or len(value.const) <= _SHORT):
            return ("constant", value.const.__class__, value.const)
        return None
    type_ = value.type
    if type_ is None:
        return ("name", value.name) if value.name is not None else None
    if type_.__class__ is str and type_.startswith("builtins."):
        return None
    return ("type", type_)


_NOTHING = UNKNOWN.const
_SHORT = 40


def _is_generic(function: Function, shape: tuple[Any, ...]) -> bool:
    """Whether a summary is the one that every file makes of its own functions."""
    first = ("type", function.owner) if function.owner is not None else None
    return all(kind is None or (index == 0 and kind == first) for index, kind in enumerate(shape))


def _captured(function: Function) -> tuple[Value | None, ...]:
    """The values of the names that a nested function reads from around it."""
    found: list[Value | None] = []
    for identifier in sorted(shape_of(function.node).read):
        scope: Scope | None = function.scope
        while scope is not None and scope.above is not None:
            value = scope.env.get(identifier)
            if value is not None:
                found.append(value)
                break
            scope = scope.above
    return tuple(found)


def _all_of(symbols: Sequence[Value]) -> Value:
    """Anything made of the parameters."""
    taints: tuple[Taint, ...] = ()
    for symbol in symbols:
        taints += tuple(taint.changed(sure=False) for taint in symbol.taints)
    return Value(taints=taints[:8])


def _summarised(frame: Frame, function: Function, symbols: tuple[Value, ...], generic: bool) -> Summary:
    """A finished frame as its callers will see it."""
    shape = shape_of(function.node)
    returned: Value | None = None
    for value, _ in frame.returns:
        returned = value if returned is None else join(returned, value)
    if shape.yields or frame.yields is not None:
        returned = Value(type="builtins.generator", items={}, rest=frame.yields)
    changed: dict[int, Value] = {}
    checked: dict[int, frozenset[str]] = {}
    for index, (identifier, symbol) in enumerate(zip(shape.parameters, symbols, strict=True)):
        if identifier in shape.assigned:
            continue
        ends = [env.get(identifier, symbol) for _, env in frame.returns]
        grown = [end for end in ends if _holds_more(end, symbol)]
        if grown:
            joined = grown[0]
            for end in grown[1:]:
                joined = join(joined, end)
            changed[index] = joined
        if ends and symbol.taints:
            clean = frozenset.intersection(*(_clean(end) for end in ends)) - _clean(symbol)
            if clean:
                checked[index] = clean
    reaches = tuple(frame.reaches.values())
    return Summary(
        returned, symbols, reaches, changed or None, checked or None, frozenset(frame.uses), generic
    )


def _holds_more(end: Value, symbol: Value) -> bool:
    """Whether a parameter's object holds other things at the end than at the beginning."""
    return end is not symbol and (end.items is not symbol.items or end.rest is not symbol.rest)


def _clean(value: Value) -> frozenset[str]:
    """The kinds of sinks that no source of a value can harm."""
    kinds = [taint.clean for taint in value.taints]
    if not kinds:
        return frozenset({"*"}) if value.is_constant else frozenset()
    return frozenset.intersection(*kinds)


def _says_no_more(found: Summary, before: Summary | None) -> bool:
    """Whether a repetition brought nothing that the one before did not say."""
    if before is None:
        return not found.reaches and found.returns is not None and not all_taints(found.returns)
    if {reach.key for reach in found.reaches} != {reach.key for reach in before.reaches}:
        return False
    if (found.returns is None) != (before.returns is None):
        return False
    if found.returns is not None and before.returns is not None:
        one = {(taint.key, taint.clean) for taint in all_taints(found.returns)}
        other = {(taint.key, taint.clean) for taint in all_taints(before.returns)}
        return one == other
    return True


def _unbound(value: Value, method: Function, depth: int = 3) -> Value:
    """A value without what stands for the parameters of the method that assigned it."""
    own = tuple(
        taint
        for taint in value.taints
        if not (isinstance(taint.origin, Parameter) and taint.origin.owner is method.node)
    )
    items, rest = value.items, value.rest
    if depth and items:
        items = {key: _unbound(item, method, depth - 1) for key, item in items.items()}
    if depth and rest is not None:
        rest = _unbound(rest, method, depth - 1)
    if len(own) == len(value.taints) and items == value.items and rest is value.rest:
        return value
    return value.but(taints=own, items=items, rest=rest)


def _assigned_to_self(function: Function) -> set[str]:
    """The attributes of its first parameter that a method assigns."""
    parameters = shape_of(function.node).parameters
    if not parameters:
        return set()
    first = parameters[0]
    return {
        inner.attr
        for inner in descendants(function.node)
        if isinstance(inner, ast.Attribute)
        and isinstance(inner.ctx, ast.Store)
        and isinstance(inner.value, ast.Name)
        and inner.value.id == first
    }


def _declared_global(file: File) -> set[str]:
    """The module's names that functions assign."""
    return {name for node in file.nodes if isinstance(node, ast.Global) for name in node.names}


__all__ = ["Callable", "Facts", "Framework", "World", "join_env"]
