"""What a rule is: a module under `checks/rules/` with a `Rule` and the hooks that it registers.

The id is the module's path, the documentation its docstring. Hooks are stateless functions over facts.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from checks.checklist import ITEMS
from checks.fingerprint import normalise
from checks.frameworks.django.models import Model
from checks.frameworks.setting import Setting
from checks.frameworks.templates import Hole, Tag, TemplateFile
from checks.frameworks.views import View
from checks.model import Confidence, Finding, Fix, Severity, Span, Step
from checks.semantics.flows import Asking, Flow, QueryUse, SinkUse
from checks.semantics.interpret.asked import Query
from checks.semantics.repeated import Unloaded
from checks.semantics.roles import RUNNING, Role
from checks.semantics.source import Call, Document, File, Function, Instruction, Text

LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL
LIKELY, POSSIBLE, CERTAIN = Confidence.MEDIUM, Confidence.LOW, Confidence.HIGH

MESSAGE_LIMIT = 100
_SOURCE_LIMIT = 2_000
HEADINGS = ("What it does", "Why it matters", "Example", "Use instead", "Limits", "References")

_F = TypeVar("_F", bound=Callable[..., Iterator[Finding]])

FOLLOWED = frozenset({"asking", "flow", "query", "repeated", "sink", "unloaded"})
"""The kinds of hooks that ask the interpreter."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A file that a change edits, before and after it; `sides` are those of all its files, None where absent."""

    before: File
    after: File
    sides: Sequence[tuple[File | None, File | None]] = ()


@dataclass(frozen=True, slots=True)
class Hook:
    """A function of a rule and what it is called for.

    `kind` is call, node, function, model, view, setting, flow, sink, unloaded, repeated, query, asking, change,
    document, markup, tag or test; `keys` are dotted names, node types, names of functions, settings or tags, kinds of
    sinks or documents, ways of asking; no keys means every one.
    """

    kind: str
    keys: tuple[Any, ...]
    function: Callable[..., Iterator[Finding]]


class Rule:
    """A defect that is looked for.

    `checklist` is the item that it answers; `message` a template of at most 100 characters whose fields are given to
    `finding`; `advice` says what to do instead, in words; `roles` are the kinds of files in which it speaks.
    `one_for_place` says that of several findings at one place, made from several files, that with the most steps stays.
    `suspects` is the rule whose findings of the same parts in a file are surer: then its own are not said.
    """

    def __init__(  # noqa: PLR0913 - what a rule says of itself, by name
        self,
        module: str,
        *,
        checklist: str,
        severity: Severity,
        message: str,
        advice: str,
        confidence: Confidence = Confidence.HIGH,
        cwe: int | None = None,
        roles: Iterable[Role] = RUNNING,
        one_for_place: bool = False,
        suspects: str = "",
    ) -> None:
        if checklist not in ITEMS:
            raise ValueError(f"{module}: no checklist item {checklist!r}")
        self.module = module
        self.id = "/".join(module.split(".")[-2:]).replace("_", "-")
        self.checklist = checklist
        self.severity = severity
        self.confidence = confidence
        self.cwe = cwe
        self.message = message
        self.advice = advice
        self.roles = frozenset(roles)
        self.one_for_place = one_for_place
        self.suspects = suspects
        self.hooks: list[Hook] = []

    def on_call(self, *names: str) -> Callable[[_F], _F]:
        """Called with `(Call, File)` for calls of these dotted names; `*.name` is a method of any receiver."""
        return self._register("call", names)

    def on_node(self, *types: type[ast.AST]) -> Callable[[_F], _F]:
        """Called with `(node, File)` for each node of these types."""
        return self._register("node", types)

    def on_function(self, *names: str) -> Callable[[_F], _F]:
        """Called with `(function, File)` for each function, methods included; with names, for those of these alone."""
        if names:
            return self._register("function", names)
        return self._register("node", (ast.FunctionDef, ast.AsyncFunctionDef))

    def on_class(self) -> Callable[[_F], _F]:
        """Called with `(class, File)` for each class."""
        return self._register("node", (ast.ClassDef,))

    def on_model(self) -> Callable[[_F], _F]:
        """Called with `(Model, File)` for each Django model."""
        return self._register("model", ())

    def on_view(self) -> Callable[[_F], _F]:
        """Called with `(View, File)` for each view that the file defines: function, class, or method with a route."""
        return self._register("view", ())

    def on_setting(self, *names: str) -> Callable[[_F], _F]:
        """Called with `(Setting, File)` where a Django setting or Flask configuration key of these names is given."""
        return self._register("setting", names)

    def on_flow(self, *kinds: str) -> Callable[[_F], _F]:
        """Called with `(Flow, File)` for each source that reaches a sink of these kinds, in the sink's file."""
        return self._register("flow", kinds)

    def on_sink(self, *kinds: str) -> Callable[[_F], _F]:
        """Called with `(SinkUse, File)` for each call of a sink of these kinds, whatever goes in."""
        return self._register("sink", kinds)

    def on_unloaded(self) -> Callable[[_F], _F]:
        """Called with `(Unloaded, File)` for each query whose rows ask for relations one by one."""
        return self._register("unloaded", ())

    def on_repeated_query(self, *hows: str) -> Callable[[_F], _F]:
        """Called with `(Query, File)` for each question to a database that a loop repeats.

        `hows` are its ways of asking: methods' names (`get`, `count`, `save`) and uses (`iterate`, `len`, `bool`,
        `index`).
        """
        return self._register("repeated", hows)

    def on_queryset_use(self, *hows: str) -> Callable[[_F], _F]:
        """Called with `(QueryUse, File)` where the file runs or goes on with a query, in a loop or not."""
        return self._register("query", hows)

    def on_asking(self) -> Callable[[_F], _F]:
        """Called with `(Asking, File)` for each function that asks a database, or waits for long work, when called."""
        return self._register("asking", ())

    def on_change(self) -> Callable[[_F], _F]:
        """Called with `(Edited, File)` for each Python file that a change edits: both sides of it; never in a scan."""
        return self._register("change", ())

    def on_document(self, *kinds: str) -> Callable[[_F], _F]:
        """Called with `(Document,)` for files that are not Python, of these kinds (`dockerfile`)."""
        return self._register("document", kinds)

    def on_markup(self) -> Callable[[_F], _F]:
        """Called with `(Hole, TemplateFile)` for each value that a template prints, with its place in the HTML."""
        return self._register("markup", ())

    def on_template_tag(self, *names: str) -> Callable[[_F], _F]:
        """Called with `(Tag, TemplateFile)` for each tag of these names in a template; without names, for every tag."""
        return self._register("tag", names)

    def on_test(self) -> Callable[[_F], _F]:
        """Called with `(function, File)` for each test function or method that a runner would collect."""
        return self._register("test", ())

    def _register(self, kind: str, keys: tuple[Any, ...]) -> Callable[[_F], _F]:
        def register(function: _F) -> _F:
            self.hooks.append(Hook(kind, keys, function))
            return function

        return register

    def finding(
        self,
        at: ast.AST | Instruction | Span,
        file: Text,
        *,
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        trace: tuple[Step, ...] = (),
        fix: Fix | None = None,
        cause_hint: str = "",
        parts: tuple[str, ...] = (),
        **values: str,
    ) -> Finding:
        """A finding of this rule at a node, an instruction or a stretch of text; a possible one is medium at most.

        `parts` name what it sums up; `values` fill the message; `cause_hint` is a regular expression for the deleted
        line that would have caused it.
        """
        span, scope, source = _place(at, file)
        confidence = confidence or self.confidence
        severity = severity or self.severity
        if confidence is Confidence.LOW:
            severity = min(severity, Severity.MEDIUM)  # what is only possible must not fail a run by itself
        return Finding(
            rule=self.id,
            checklist=self.checklist,
            severity=severity,
            confidence=confidence,
            cwe=self.cwe,
            path=file.path,
            span=span,
            message=fill(self.message, values),
            advice=fix.title if fix else self.advice,
            scope=scope,
            source=normalise(source),
            trace=trace,
            fix=fix,
            cause_hint=cause_hint,
            parts=parts,
        )

    def flow(
        self,
        flow: Flow,
        *,
        fix: Fix | None = None,
        severity: Severity | None = None,
        doubts: int = 0,
        **values: str,
    ) -> Finding:
        """A finding where a source reaches a sink, with the way as its trace; `{text}` is filled with the expression.

        What is doubted on its way, by an unknown call or a check that can't be read, is only possible: of such findings
        on well-kept projects hardly one in ten is right. `doubts` are the rule's own.
        """
        return self.finding(
            flow.node,
            flow.file,
            severity=severity,
            confidence=Confidence(max(1, self.confidence - doubts - (2 if flow.doubts else 0))),
            trace=flow.trace,
            fix=fix,
            parts=(),
            text=flow.text,
            **values,
        )

    @property
    def follows(self) -> bool:
        """Whether it asks where values come from, which other files may decide."""
        return any(hook.kind in FOLLOWED for hook in self.hooks)

    @property
    def documentation(self) -> str:
        """The module's docstring: a title line, then sections under `## ` headings."""
        return sys.modules[self.module].__doc__ or ""

    @cached_property
    def title(self) -> str:
        """The docstring's first line."""
        return self.documentation.strip().partition("\n")[0].rstrip(".")

    @cached_property
    def sections(self) -> dict[str, str]:
        """The docstring's sections by heading."""
        parts = re.split(r"^## +(.+)$", self.documentation, flags=re.MULTILINE)
        return {
            heading.strip(): body.strip("\n") for heading, body in zip(parts[1::2], parts[2::2], strict=True)
        }


def fill(message: str, values: dict[str, str]) -> str:
    """The message with its fields filled, in one line of at most 100 characters: the longest values are shortened."""
    clean = {name: " ".join(value.split()).replace("`", "'") for name, value in values.items()}
    while len(filled := message.format(**clean)) > MESSAGE_LIMIT:
        longest = max(clean, key=lambda name: len(clean[name]), default=None)
        if longest is None or len(clean[longest]) <= 8:
            return filled[: MESSAGE_LIMIT - 1] + "…"
        keep = max(7, len(clean[longest]) - (len(filled) - MESSAGE_LIMIT) - 1)
        clean[longest] = clean[longest][:keep].rstrip("…") + "…"
    return filled


def _place(at: ast.AST | Instruction | Span, file: Text) -> tuple[Span, str, str]:
    """Where a finding stands: span, enclosing qualified name, source text."""
    if isinstance(at, ast.AST):
        assert isinstance(file, File), "a node stands in a Python file"
        return file.place(at), file.scope(at), file.segment(at)
    if isinstance(at, Instruction):
        return at.span, "", "\n".join(file.lines[at.span.line - 1 : at.span.end_line])
    return at, "", _stretch(at, file)


def _stretch(span: Span, file: Text) -> str:
    """The text of a stretch, as far as it tells one from another: a document of one line may hold thousands."""
    lines = file.lines[span.line - 1 : span.end_line]
    if not lines:
        return ""
    if len(lines) >= span.end_line - span.line + 1:
        lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "\n".join(lines)[:_SOURCE_LIMIT]


__all__ = [
    "CERTAIN",
    "CRITICAL",
    "HIGH",
    "LIKELY",
    "LOW",
    "MEDIUM",
    "POSSIBLE",
    "Asking",
    "Call",
    "Document",
    "Edited",
    "File",
    "Finding",
    "Flow",
    "Function",
    "Hole",
    "Hook",
    "Instruction",
    "Model",
    "Query",
    "QueryUse",
    "Role",
    "Rule",
    "Setting",
    "SinkUse",
    "Tag",
    "TemplateFile",
    "Unloaded",
    "View",
]
