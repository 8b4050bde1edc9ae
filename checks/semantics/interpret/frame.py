"""One function being interpreted: its names as they stand, what reached a sink, and how to evaluate and run nodes.

The evaluators and executors of single node types register in two tables here: one look-up by class finds them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from checks.semantics.contents import join
from checks.semantics.interpret.prefixes import ADDRESS
from checks.semantics.interpret.targets import Class, Definition, Function, Scope
from checks.semantics.invocation import Invocation
from checks.semantics.library import Knowledge, Sink
from checks.semantics.rows import Loop, Relation, Rows
from checks.semantics.source import File, Project
from checks.semantics.taints import Taint, Trail, harms
from checks.semantics.values import UNKNOWN, Implication, Value, cleaned

if TYPE_CHECKING:
    from checks.semantics.interpret.arguments import Arguments
    from checks.semantics.interpret.asked import Query

MAX_STEPS = 20_000
"""Statements and calls that one run of a function may take; nested loops multiply."""

MAX_REACHES = 60


Env = dict[str, Value]


class OutOfSteps(Exception):
    """A function took more steps than one may."""


class Reach:
    """A source that reaches a sink: which kind, at which expression of which call, in which file.

    `sink` is the dotted name of what is called. Where the taint is a parameter's it is a demand on the callers.
    """

    __slots__ = ("call", "file", "key", "kind", "node", "sink", "taint")

    def __init__(
        self, kind: str, node: ast.expr, call: ast.AST, file: File, taint: Taint, sink: str = ""
    ) -> None:
        self.kind = kind
        self.node = node
        self.call = call
        self.file = file
        self.taint = taint
        self.sink = sink
        self.key = (kind, node, *taint.key)


@dataclass(frozen=True, slots=True)
class Summary:
    """What calling a function does, in terms of its parameters.

    `returns` is None where it never returns. `changed` maps a parameter's index to what became of its object,
    `checked` to the kinds of sinks that it can't harm where the function returned, `outer` the names around a nested
    function that it bound anew, `queries` what it asks of databases.
    """

    returns: Value | None
    symbols: tuple[Value, ...]
    reaches: tuple[Reach, ...] = ()
    changed: Mapping[int, Value] | None = None
    checked: Mapping[int, frozenset[str]] | None = None
    uses: frozenset[str] = frozenset()
    generic: bool = True
    lookups: Mapping[tuple[Class, Any], Any] = field(default_factory=dict)
    outer: Mapping[str, Value] | None = None
    queries: tuple[Query, ...] = ()


class Machine(Protocol):
    """What a frame asks of the interpreter as a whole."""

    @property
    def knowledge(self) -> Knowledge:
        """The tables of all libraries."""

    def summary(self, function: Function, arguments: Sequence[Value]) -> Summary:
        """What calling a function with arguments of these types does."""

    def imported(self, dotted: str, file: File, frame: Frame | None) -> Value:
        """What an imported name stands for: of the project, or a library's."""

    def starred(self, module: str, file: File, frame: Frame | None) -> dict[str, Value]:
        """The names that `from module import *` brings."""

    def field(self, owner: Class, name: str, frame: Frame) -> Value | None:
        """What the methods of a class assign to an attribute of their instance."""

    def assigners(self, owner: Class, name: str) -> tuple[Function, ...]:
        """The methods of a class, and of those above it, that assign an attribute of their instance."""

    def attribute(self, owner: Class | str, name: str, receiver: Value) -> Value | None:
        """What a framework knows of an attribute of a class or of its instances."""

    def relation(self, owner: Class | str, name: str) -> Relation | None:
        """What an attribute of a database's rows is, None where it is none of theirs."""

    def behind_relation(self, owner: Class | str, name: str) -> frozenset[str]:
        """The questions about files that the answer to `relation` rests on."""

    @property
    def project(self) -> Project:
        """The project's files."""

    def module(self, file: File) -> Frame:
        """A module with its names as they stand at its end."""

    def generic(self, function: Function) -> Summary:
        """What a function does for callers that nothing is known of."""

    def call(self, frame: Frame, node: ast.Call, callee: Value, arguments: Arguments) -> Value:
        """What calling a value gives."""

    def made(self, frame: Frame, target: Class, call: Invocation) -> Value | None:
        """What a framework does when an instance of a class is made, and the instance where it knows more of it."""

    def forced(self, value: Value) -> Value:
        """The value behind an import that nobody had asked for."""

    def result_sinks(self, function: Function) -> tuple[str, ...]:
        """The kinds of sinks that what a function returns goes to."""


class Frame:
    """A function, class body or module while it is interpreted."""

    __slots__ = (
        "breaks",
        "calls",
        "classes",
        "continues",
        "defined",
        "env",
        "file",
        "function",
        "given",
        "has_texts",
        "is_class",
        "lookups",
        "loops",
        "machine",
        "name",
        "owner",
        "plain_queries",
        "queries",
        "raised",
        "reaches",
        "returns",
        "scope",
        "sinks",
        "steps",
        "tracked",
        "uses",
        "uses_of_rows",
        "yields",
    )

    def __init__(
        self, machine: Machine, file: File, scope: Scope, function: Function | None, owner: Class | None
    ) -> None:
        self.machine = machine
        self.file = file
        self.scope = scope
        self.env: dict[str, Value] = scope.env
        self.function = function
        self.owner = owner
        self.returns: list[tuple[Value, dict[str, Value]]] = []
        self.yields: Value | None = None
        self.breaks: list[dict[str, Value]] = []
        self.continues: list[dict[str, Value]] = []
        self.raised: list[dict[str, Value]] | None = None
        self.reaches: dict[Any, Reach] = {}
        self.sinks: dict[tuple[ast.AST, str], tuple[Sink, Invocation, Value]] = {}
        self.calls: dict[ast.Call, Invocation] | None = None
        self.defined: list[Function] = []
        self.classes: list[Class] = []
        self.name = file.module if function is None else function.name
        self.is_class = False
        self.steps = 0
        self.lookups: dict[tuple[Class, Any], Any] = {}
        self.tracked: frozenset[Class] = frozenset()
        self.uses: set[str] = set()
        self.has_texts = False
        self.loops: tuple[Loop, ...] = ()
        self.queries: dict[Any, Query] = {}
        self.plain_queries = 0
        self.given: set[Any] = set()
        self.uses_of_rows: dict[tuple[ast.AST, str], tuple[Rows, tuple[Loop, ...]]] | None = None

    def evaluate(self, node: ast.expr) -> Value:
        """The value of an expression, with its effects on the frame."""
        evaluator = EVALUATORS.get(node.__class__)
        return UNKNOWN if evaluator is None else evaluator(self, node)

    def run(self, statements: Iterable[ast.stmt]) -> bool:
        """Run statements in order; whether control comes out at the end of them."""
        for statement in statements:
            self.step()
            executor = EXECUTORS.get(statement.__class__)
            if executor is not None and not executor(self, statement):
                return False
            if "!" in self.env:  # a call in it never returns
                del self.env["!"]
                return False
        return True

    def step(self) -> None:
        """Count a step; `OutOfSteps` when there were too many."""
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise OutOfSteps

    def looked_up(self, owner: Class, name: object, provider: object) -> None:
        """Note where an attribute of a parameter's class came from: for others that get it there, nothing changes."""
        if owner in self.tracked:
            self.lookups[owner, name] = provider

    def set_env(self, env: dict[str, Value]) -> None:
        """Go on with these names; functions defined within see them too."""
        self.env = env
        self.scope.env = env

    def replace(self, old: Value, new: Value) -> None:
        """Put a value wherever another stands: its object changed, or more is known of it."""
        if old is new or old is UNKNOWN:
            return
        env = self.env
        for name, value in list(env.items()):
            if value is old:
                env[name] = new
            elif value.items and value is not new:
                changed = {key: new for key, item in value.items.items() if item is old}
                if changed:
                    grown = value.but(items={**value.items, **changed})
                    for other, same in list(env.items()):
                        if same is value:
                            env[other] = grown

    def returned_at(self, value: Value, node: ast.Return) -> None:
        """Note that a value is returned: a text that a view returns, alone or with a status, goes out."""
        if self.function is None or node.value is None or not (value.taints or value.items):
            return
        body = (
            value.items[0] if value.type == "builtins.tuple" and value.items and 0 in value.items else value
        )
        if body.type not in _TEXTS:
            return
        for kind in self.machine.result_sinks(self.function):
            for taint in body.taints:
                # What an unknown call made is mostly a response.
                if harms(taint, kind) and (taint.sure or body.type is not None):
                    self.reach(Reach(kind, node.value, node, self.file, taint))

    def caught(self, kind: Value, handler: ast.ExceptHandler) -> Value:
        """An exception that a handler names: its text tells of the inside."""
        label = Taint(
            "exception",
            (self.file.path, handler.lineno, handler.col_offset),
            trail=Trail(self.file.path, handler, f"caught as `{handler.name}`"),
        )
        classes = [target for target in kind.targets if isinstance(target, Class)]
        return Value(type=classes[0] if classes else kind.name, taints=(label,))

    def apply(self, implications: tuple[Implication, ...]) -> None:
        """Note what a test told."""
        for implied in implications:
            if implied.subject is not None:
                self._refine(implied.subject, implied)
                self._refine_whole(implied.subject.part_of, implied.clean)
            if implied.text and implied.subject is not None:
                self.env[f"`{implied.text}"] = _refined(implied.subject, implied)
                self.has_texts = True

    def _refine_whole(self, whole: Value | None, clean: frozenset[str]) -> None:
        """A check of a part, such as an address's host, says of the whole what that part decides."""
        kinds = ADDRESS if "*" in clean else clean & ADDRESS
        while whole is not None and kinds:
            self.replace(whole, cleaned(whole, kinds))
            whole = whole.part_of

    def _refine(self, subject: Value, implied: Implication) -> None:
        if subject is not UNKNOWN and (subject.taints or subject.items or not subject.is_constant):
            self.replace(subject, _refined(subject, implied))

    def reach(self, reach: Reach) -> None:
        """Note a source at a sink; of one that comes several ways the shortest stays."""
        known = self.reaches.get(reach.key)
        if known is None:
            if len(self.reaches) < MAX_REACHES:
                self.reaches[reach.key] = reach
        elif _length(reach) < _length(known):
            self.reaches[reach.key] = reach


_TEXTS = frozenset({None, "builtins.str", "builtins.bytes"})


def _length(reach: Reach) -> int:
    return reach.taint.trail.length if reach.taint.trail is not None else 0


def _refined(subject: Value, implied: Implication) -> Value:
    """A value after a test: cleaned, or of the constant or type that the test showed."""
    if implied.value is None:
        return cleaned(subject, implied.clean)
    shown = implied.value
    if shown.is_constant:
        return shown
    return cleaned(subject.but(type=shown.type or subject.type), implied.clean)


def join_env(one: dict[str, Value], other: dict[str, Value]) -> bool:
    """Take into `one` what may also hold; whether that changed anything."""
    changed = False
    get = one.get
    for name, value in other.items():
        known = get(name)
        if known is not value:
            if known is None:
                if name[0] != "`":
                    one[name] = value
                    changed = True
            elif name[0] == "`":
                continue
            else:
                joined = join(known, value)
                if joined is not known:
                    one[name] = joined
                    changed = True
    for name in [name for name in one if name[0] == "`" and name not in other]:
        del one[name]
    return changed


def join_all(frame: Frame, ends: list[Env]) -> bool:
    """Take into the frame's names what may also hold; whether that changed anything."""
    changed = False
    for env in ends:
        changed = join_env(frame.env, env) or changed
    return changed


_E = TypeVar("_E", bound=Callable[..., Value])
_X = TypeVar("_X", bound=Callable[..., bool])
EVALUATORS: dict[type, Callable[[Frame, Any], Value]] = {}
EXECUTORS: dict[type, Callable[[Frame, Any], bool]] = {}


def evaluates(*types: type[ast.expr]) -> Callable[[_E], _E]:
    """Register the evaluator of node types."""

    def register(function: _E) -> _E:
        for kind in types:
            EVALUATORS[kind] = function
        return function

    return register


def executes(*types: type[ast.stmt]) -> Callable[[_X], _X]:
    """Register the executor of node types: it says whether control goes on behind the statement."""

    def register(function: _X) -> _X:
        for kind in types:
            EXECUTORS[kind] = function
        return function

    return register


__all__ = [
    "Definition",
    "Frame",
    "Machine",
    "OutOfSteps",
    "Reach",
    "Summary",
    "evaluates",
    "executes",
    "join_env",
]
