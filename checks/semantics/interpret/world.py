"""The interpreter of one project: its modules, the summaries of its functions, and the facts of single files."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from checks.semantics.interpret import conditions, definitions, displays, expressions, patterns, statements
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.asked import Query
from checks.semantics.interpret.calls import call as called
from checks.semantics.interpret.fields import Fields
from checks.semantics.interpret.frame import Frame, Machine, OutOfSteps, Reach, Summary
from checks.semantics.interpret.modules import Modules
from checks.semantics.interpret.progress import Progress
from checks.semantics.interpret.summaries import Summaries
from checks.semantics.interpret.targets import Class, Function, Pending, Scope, parameters_of
from checks.semantics.invocation import Invocation
from checks.semantics.library import Knowledge, Sink
from checks.semantics.repeated import Unloaded, unloaded
from checks.semantics.rows import Loop, Relation, Rows
from checks.semantics.source import File, Project
from checks.semantics.values import UNKNOWN, Value, instance

REGISTERED = (conditions, definitions, displays, expressions, patterns, statements)
"""The modules whose evaluators and executors register on import."""


class Framework(Protocol):
    """What a framework tells the interpreter of a project's functions and classes."""

    def parameters(self, function: Function) -> Mapping[str, Value]:
        """What the framework gives to a function that it calls itself: a view's request and URL arguments."""

    def result_sinks(self, function: Function) -> tuple[str, ...]:
        """The kinds of sinks that a function's result goes to: what a view returns is sent."""

    def attribute(self, machine: Machine, owner: Class | str, name: str, receiver: Value) -> Value | None:
        """What an attribute is that the framework puts on classes and instances; `owner` is empty where unknown."""

    def relation(self, machine: Machine, owner: Class | str, name: str) -> Relation | None:
        """What an attribute of a database's rows is."""


@dataclass(slots=True)
class Facts:
    """What one file's functions do, seen from their own parameters.

    `reaches` are the sources that reach sinks, wherever these stand; `sinks` the calls of sinks in this file, with the
    value that goes in; `calls` those that rules asked for. `queries` are the questions to databases that loops
    repeat, `unloaded` the queries whose rows ask for relations one by one, `asked` what calling each of the file's
    functions leads to, `uses_of_rows` how this file's code uses queries, with the loops around.
    """

    reaches: list[Reach] = field(default_factory=list)
    sinks: dict[tuple[ast.AST, str], tuple[Sink, Invocation, Value]] = field(default_factory=dict)
    calls: dict[ast.Call, Invocation] = field(default_factory=dict)
    queries: list[Query] = field(default_factory=list)
    unloaded: list[Unloaded] = field(default_factory=list)
    asked: dict[ast.AST, tuple[Query, ...]] = field(default_factory=dict)
    uses_of_rows: dict[tuple[ast.AST, str], tuple[Rows, tuple[Loop, ...]]] = field(default_factory=dict)
    uses: set[str] = field(default_factory=set)
    exhausted: list[str] = field(default_factory=list)


class World:
    """The project as the interpreter sees it; `wanted` are the last parts of the names of calls to be recorded."""

    def __init__(
        self,
        project: Project,
        knowledge: Knowledge,
        frameworks: Sequence[Framework] = (),
        wanted: Iterable[str] = (),
    ) -> None:
        self.knowledge = knowledge
        self.wanted = frozenset(wanted)
        self._frameworks = frameworks
        self._parameters: dict[ast.AST, Mapping[str, Value]] = {}
        self._results: dict[ast.AST, tuple[str, ...]] = {}
        self._exhausted: dict[str, list[str]] = {}
        self._relations: dict[object, Any] = {}
        self._project = project
        self._progress = progress = Progress()
        self._summaries = Summaries(self, progress, self.module, self._given, self._exhaust)
        self._modules = Modules(project, self, progress, self._summaries.forget, self._exhaust)
        self._fields = Fields(self)

    @property
    def project(self) -> Project:
        """The project's files."""
        return self._project

    def facts(self, file: File) -> Facts:
        """Everything that the functions of a file do. Crashes are the caller's to report."""
        found = Facts()
        self._progress.begin_file()
        module = self.module(file)
        found.uses |= module.uses
        _gather(found, module.reaches.values(), module.sinks, module.calls or {})
        found.queries += module.queries.values()
        found.uses_of_rows.update(module.uses_of_rows or {})
        for function in module.defined:
            summary = self._summaries.generic(function)
            found.uses |= summary.uses
            found.queries += summary.queries
            found.asked[function.node] = summary.queries
            seen = self._summaries.seen.get(function.node)
            _gather(
                found,
                summary.reaches,
                seen.sinks if seen is not None else {},
                seen.calls if seen is not None else {},
            )
            found.uses_of_rows.update(seen.uses_of_rows if seen is not None else {})
            self._acted_on(function, found)
        for owner in module.classes:
            self._inherited(owner, found)
            self._acted(owner, found)
        found.unloaded = unloaded(found.queries, self.relation)
        found.exhausted = self._exhausted.get(file.path, [])
        return found

    def _inherited(self, owner: Class, found: Facts) -> None:
        """What a class does through methods that it inherits within the project, with its own attributes."""
        classes, _ = owner.order()
        if len(classes) < 2 or not self._is_entered(owner):
            return
        seen = {name for name, value in owner.env.items() if value.targets}
        for base in classes[1:]:
            for name, value in base.env.items():
                for target in value.targets:
                    if isinstance(target, Function) and name in _VERBS - seen and target.kind == "method":
                        seen.add(name)
                        arguments = [UNKNOWN] * len(parameters_of(target.node))
                        if arguments:
                            arguments[0] = instance(owner)
                            summary = self._summaries.of(target, arguments)
                            found.uses |= summary.uses
                            _gather(found, summary.reaches, {}, {})

    def _acted(self, owner: Class, found: Facts) -> None:
        """What frameworks do with a class by themselves: show its rows, render its template."""
        for framework in self._frameworks:
            act = getattr(framework, "act", None)
            if act is not None:
                frame = Frame(self, owner.file, Scope({}), None, owner)
                frame.name = owner.name
                self._apart(frame, partial(act, frame, owner), found)

    def _acted_on(self, function: Function, found: Facts) -> None:
        """What frameworks do with a function by themselves: hand what it gives to templates."""
        for framework in self._frameworks:
            act = getattr(framework, "act_on", None)
            if act is not None:
                frame = Frame(self, function.file, Scope({}), None, None)
                self._apart(frame, partial(act, frame, function), found)

    def _apart(self, frame: Frame, does: Callable[[], None], found: Facts) -> None:
        try:
            does()
        except (OutOfSteps, RecursionError):
            self._exhaust(frame.file, frame.name)
        self._progress.spend(frame.steps)
        found.uses |= frame.uses
        found.queries += frame.queries.values()

    def _is_entered(self, owner: Class) -> bool:
        """Whether a framework calls methods of a class by itself."""
        return any(getattr(framework, "enters", _never)(owner) for framework in self._frameworks)

    def module(self, file: File) -> Frame:
        """A module with its names as they stand at its end; as far as it has come, while it is being run."""
        return self._modules.module(file)

    def imported(self, dotted: str, file: File, frame: Frame | None) -> Value:
        """What an imported name stands for."""
        return self._modules.imported(dotted, file, frame)

    def starred(self, module: str, file: File, frame: Frame | None) -> dict[str, Value]:
        """The names of a module that a star brings."""
        return self._modules.starred(module, file, frame)

    def generic(self, function: Function) -> Summary:
        """What a function does for callers that nothing is known of."""
        return self._summaries.generic(function)

    def summary(self, function: Function, arguments: Sequence[Value]) -> Summary:
        """What calling a function does, for arguments of these types."""
        return self._summaries.of(function, arguments)

    def field(self, owner: Class, name: str, frame: Frame) -> Value | None:
        """What the methods of a class, and of those above it, assign to an attribute of `self`."""
        return self._fields.of(owner, name, frame)

    def attribute(self, owner: Class | str, name: str, receiver: Value) -> Value | None:
        """What a framework knows of an attribute."""
        for framework in self._frameworks:
            found = framework.attribute(self, owner, name, receiver)
            if found is not None:
                return found
        return None

    def relation(self, owner: Class | str, name: str) -> Relation | None:
        """What an attribute of a database's rows is; asked once for each class and name."""
        key = (owner, name)
        known = self._relations.get(key)
        return known[0] if known is not None else self._asked_relation(key)

    def _asked_relation(self, key: tuple[Class | str, str]) -> Relation | None:
        def found() -> Relation | None:
            answers = (framework.relation(self, *key) for framework in self._frameworks)
            return next((one for one in answers if one is not None), None)

        return self._project.remember(self._relations, key, found)

    def behind_relation(self, owner: Class | str, name: str) -> frozenset[str]:
        """What the answer to `relation` rests on."""
        return self._relations[owner, name][1]  # type: ignore[no-any-return]

    def call(self, frame: Frame, node: ast.Call, callee: Value, arguments: Arguments) -> Value:
        """What calling a value gives."""
        return called(frame, node, callee, arguments)

    def made(self, frame: Frame, target: Class, call: Invocation) -> Value | None:
        """What a framework does when an instance of a class is made, and the instance where it knows more of it."""
        found = [
            make(frame, target, call) for one in self._frameworks if (make := getattr(one, "made", None))
        ]
        return next((value for value in found if value is not None), None)

    def forced(self, value: Value) -> Value:
        """The value behind an import that nobody had asked for."""
        for target in value.targets:
            if isinstance(target, Pending):
                return self._modules.imported(target.dotted, target.file, None)
        return value

    def result_sinks(self, function: Function) -> tuple[str, ...]:
        """The kinds of sinks that a function's result goes to."""
        known = self._results.get(function.node)
        if known is None:
            found = (framework.result_sinks(function) for framework in self._frameworks)
            known = self._results[function.node] = next(filter(None, found), ())
        return known

    def assigners(self, owner: Class, name: str) -> tuple[Function, ...]:
        """The methods of a class, and of those above it, that assign an attribute of their instance."""
        return self._fields.assigners(owner, name)

    def _given(self, function: Function) -> Mapping[str, Value]:
        """What a framework gives to a function; asked once, since its routes are looked for in the whole project."""
        known = self._parameters.get(function.node)
        if known is None:
            found = (framework.parameters(function) for framework in self._frameworks)
            known = self._parameters[function.node] = next(filter(None, found), {})
        return known

    def _exhaust(self, file: File, name: str) -> None:
        self._exhausted.setdefault(file.path, []).append(name)


def _never(_owner: Class) -> bool:
    return False


_VERBS = frozenset(
    {
        "get",
        "post",
        "put",
        "patch",
        "delete",
        "create",
        "list",
        "retrieve",
        "update",
        "partial_update",
        "destroy",
    }
)


def _gather(
    found: Facts,
    reaches: Iterable[Reach],
    sinks: Mapping[tuple[ast.AST, str], tuple[Sink, Invocation, Value]],
    calls: Mapping[ast.Call, Invocation],
) -> None:
    found.reaches += [reach for reach in reaches if not reach.taint.is_parameter]
    found.sinks.update(sinks)
    found.calls.update(calls)
