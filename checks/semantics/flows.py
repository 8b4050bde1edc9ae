"""What rules ask the interpreter: which sources reach which sinks, and what goes into a call."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.model import Step
from checks.semantics.interpret.asked import Query
from checks.semantics.interpret.frame import Reach
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Loops, Rows
from checks.semantics.source import File
from checks.semantics.taints import Taint
from checks.semantics.values import Value, all_taints


@dataclass(frozen=True, slots=True)
class Flow:
    """A source that reaches a sink and can do harm there.

    `kind` is the sink's, `label` the source's (`request`, `secret`, `exception`); `node` the expression at the sink,
    `call` what holds it, `file` the file of both. `doubts` are what its way leaves open: one for a check that can't be
    read, two for code that nothing is known of. `taken` is what was taken of the source: attributes, `[key]`, `()`;
    `sink` the dotted name of what is called.
    """

    kind: str
    label: str
    node: ast.expr
    call: ast.AST
    file: File
    doubts: int
    trace: tuple[Step, ...]
    taken: tuple[str, ...]
    source: str
    sink: str

    @property
    def sure(self) -> bool:
        """Whether nothing on its way is doubted."""
        return not self.doubts

    @property
    def text(self) -> str:
        """The expression as it is written."""
        return self.file.segment(self.node)


@dataclass(frozen=True, slots=True)
class SinkUse:
    """A call of a sink with the value that goes in, tainted or not."""

    kind: str
    node: ast.expr
    invocation: Invocation
    value: Value

    @property
    def is_literal(self) -> bool:
        """Whether the value is made of nothing but what stands in the code."""
        return self.value.literal

    @property
    def is_tainted(self) -> bool:
        """Whether a source is known, be it a parameter: what flows is for `on_flow` to say."""
        return any(not taint.is_parameter for taint in all_taints(self.value))


@dataclass(frozen=True, slots=True)
class QueryUse:
    """A use of a query: `how` it is run (`count`, `iterate`, `len`, `bool`, a method's name), and at which node.

    `loops` are those around, the innermost last.
    """

    how: str
    node: ast.AST
    rows: Rows
    loops: Loops
    file: File


@dataclass(frozen=True, slots=True)
class Asking:
    """What calling a function leads to: questions to databases, and work that makes its caller wait."""

    node: ast.AST
    queries: tuple[Query, ...]
    file: File


def flows(reaches: Iterable[Reach]) -> Iterator[Flow]:
    """The flows of a file, one for each sink and label: the surest way, of those the shortest."""
    best: dict[tuple[str, str, ast.AST], Reach] = {}
    for reach in reaches:
        key = (reach.kind, reach.taint.label, reach.node)
        known = best.get(key)
        if known is None or _order(reach) < _order(known):
            best[key] = reach
    for reach in best.values():
        yield _flow(reach)


def steps_of(taint: Taint) -> tuple[Step, ...]:
    """The way that tainted data took, as a report shows it."""
    trail = taint.trail
    return (
        tuple(Step(step.path, step.place[0], step.text) for step in trail.steps())
        if trail is not None
        else ()
    )


def _doubts(reach: Reach) -> int:
    """Two for unknown code; one where a check let it through (`?`) or it may be cleaned for this kind (`?kind`)."""
    taint = reach.taint
    if not taint.sure:
        return 2
    return 1 if "?" in taint.clean or f"?{reach.kind}" in taint.clean else 0


def _order(reach: Reach) -> tuple[int, int, list[tuple[str, tuple[int, int, int, int]]]]:
    steps = reach.taint.trail.steps() if reach.taint.trail is not None else []
    return (_doubts(reach), len(steps), [(step.path, step.place) for step in steps])


def _flow(reach: Reach) -> Flow:
    trace = list(steps_of(reach.taint))
    last = Step(reach.file.path, reach.node.lineno, "is used here")
    if not trace or (trace[-1].path, trace[-1].line) != (last.path, last.line):
        trace.append(last)
    return Flow(
        kind=reach.kind,
        label=reach.taint.label,
        node=reach.node,
        call=reach.call,
        file=reach.file,
        doubts=_doubts(reach),
        trace=tuple(trace),
        taken=reach.taint.path,
        source=trace[0].message,
        sink=reach.sink,
    )
