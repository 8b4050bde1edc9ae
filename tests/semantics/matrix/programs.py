"""The programs of the matrix: sources, ways, guards and sinks put together, always the same ones."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from tests.semantics.matrix.fragments import Fragment, around, filled, fragments

SOURCES = fragments("sources")
WAYS = tuple(
    fragment
    for table in ("propagators-text", "propagators-containers", "propagators-calls", "propagators-control")
    for fragment in fragments(table)
)
GUARDS = fragments("escapes") + fragments("guards")
SINKS = fragments("sinks")
KINDS = tuple(dict.fromkeys(sink.options["kind"] for sink in SINKS))


@dataclass(frozen=True, slots=True)
class Program:
    """A package of a few modules whose `views.view` does with a request what its pieces say.

    `kind` is the sink's; `inputs` says what the source can give: `any` text, or a `line` without line breaks.
    """

    package: str
    pieces: tuple[Fragment, ...]
    kind: str
    inputs: str
    files: dict[str, str]

    @property
    def name(self) -> str:
        """The names of the pieces, from the source to the sink."""
        return " > ".join(piece.name for piece in self.pieces)


def programs() -> list[Program]:
    """All programs; each source with every sink, each way and guard with a third of the kinds, and many pairs."""
    found: dict[tuple[str, ...], Program] = {}
    for pieces in _combinations():
        titles = tuple(piece.title for piece in pieces)
        if titles not in found:
            found[titles] = _program(f"p{len(found):04}", pieces)
    return list(found.values())


def _combinations() -> Iterator[tuple[Fragment, ...]]:
    for sink in SINKS:
        for source in SOURCES:
            if _fits(source, sink):
                yield source, sink
    for number, one in enumerate((*WAYS, *GUARDS)):
        for kind in KINDS[number % 3 :: 3]:
            sinks = [sink for sink in SINKS if sink.options["kind"] == kind]
            yield _with_source(number, (one,), sinks[number % len(sinks)])
    yield from _pairs(WAYS, GUARDS, 800)
    yield from _pairs(GUARDS, GUARDS, 250)
    yield from _pairs(WAYS, WAYS, 800)


def _pairs(
    ones: Sequence[Fragment], others: Sequence[Fragment], count: int
) -> Iterator[tuple[Fragment, ...]]:
    """Pairs of pieces, spread evenly over both tables and all sinks."""
    stride = max(1, len(others) * 7 // 11) | 1
    for number, one in enumerate(islice(cycle(ones), count)):
        other = others[(number * stride + number // len(ones)) % len(others)]
        if one is not other:
            yield _with_source(number, (one, other), SINKS[number * 5 % len(SINKS)])


def _with_source(number: int, middle: tuple[Fragment, ...], sink: Fragment) -> tuple[Fragment, ...]:
    """A source of the sink's framework that gives what a client chooses."""
    fitting = [source for source in SOURCES[:20] if _fits(source, sink) and not source.options.get("inputs")]
    return (fitting[number % len(fitting)], *middle, sink)


def _fits(source: Fragment, sink: Fragment) -> bool:
    """Whether both are of one framework, and the sink can harm others than who sends the request."""
    if source.options.get("spares") == sink.options["kind"]:
        return False
    frameworks = {source.options.get("framework"), sink.options.get("framework")} - {None}
    return len(frameworks) < 2


def _program(package: str, pieces: tuple[Fragment, ...]) -> Program:
    flask = any(piece.options.get("framework") == "flask" for piece in pieces)
    tops: list[str] = []
    files = {f"{package}/__init__.py": ""}
    code, incoming = "REST", "v0"
    for number, piece in enumerate(pieces):
        me = re.sub(r"\W", "", piece.name.replace(" ", "_").replace("-", "_")) + f"_{number}"
        outgoing = f"v{number}" if re.search(r"\bOUT\b", piece.body) else incoming
        body = filled(piece.body, me, incoming, outgoing)
        incoming = outgoing
        code = around(code, body if number == len(pieces) - 1 else around(body, "REST"))
        tops.append(filled(piece.top, me, "IN", "OUT"))
        for path, text in piece.files.items():
            files[f"{package}/{filled(path, me, 'IN', 'OUT')}"] = filled(text, me, "IN", "OUT")
    files[f"{package}/views.py"] = _module(tops, code, flask=flask)
    inputs = pieces[0].options.get("inputs", "any")
    return Program(package, pieces, pieces[-1].options["kind"], inputs, files)


def _module(tops: list[str], code: str, *, flask: bool) -> str:
    lines = ["from flask import Flask, request", "app = Flask(__name__)"] if flask else []
    lines += [top for top in tops if top]
    head = ['@app.route("/")', "def view():"] if flask else ["def view(request):"]
    return "\n".join([*lines, *head, textwrap.indent(code, "    "), ""])
