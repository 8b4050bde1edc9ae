"""One walk per file: each node goes to the hooks that registered for its type, each call to those for its name."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from checks.engine.newer_nodes import node_type
from checks.frameworks.django.models import model_of
from checks.frameworks.settings import settings_of
from checks.frameworks.templates import TemplateFile
from checks.frameworks.views import view_of
from checks.model import Finding, Problem
from checks.rule import FOLLOWED, Rule
from checks.semantics.flows import Asking, QueryUse, SinkUse, flows
from checks.semantics.interpret.world import Facts
from checks.semantics.names import ancestors
from checks.semantics.roles import Role
from checks.semantics.source import Call, Document, File, Function

Check = Callable[..., Iterator[Finding]]
Entry = tuple[Rule, Check]
Question = tuple[Rule, Check, tuple[object, ...]]

MAX_FINDINGS = 2_000
"""Findings of one file; a generated or hostile file may have millions."""


class Hooks:
    """The hooks that speak in files of one role: by kind, then by key, an empty key for those that want every one."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[Any, list[Entry]]] = {}
        self.calls: dict[str, dict[str, list[Entry]]] = {}

    def add(self, rule: Rule) -> None:
        """Enter a rule's hooks."""
        for hook in rule.hooks:
            entry = (rule, hook.function)
            for key in hook.keys or ("",):
                self.table(hook.kind).setdefault(key, []).append(entry)
                if hook.kind == "call":
                    self.calls.setdefault(key.rpartition(".")[2], {}).setdefault(key, []).append(entry)

    def table(self, kind: str) -> dict[Any, list[Entry]]:
        """The hooks of one kind by key."""
        return self._tables.setdefault(kind, {})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules said of one file. `checked` counts the dispatches to the rules of each checklist item."""

    findings: tuple[Finding, ...]
    checked: dict[str, int]
    problems: tuple[Problem, ...]


class Dispatcher:
    """The rules of a run, arranged for the walk. `strict` lets a rule's crash pass, as tests want it."""

    def __init__(self, rules: Iterable[Rule], *, strict: bool = False) -> None:
        self._hooks = {role: Hooks() for role in Role}
        self._strict = strict
        for rule in rules:
            for role in rule.roles:
                self._hooks[role].add(rule)

    @property
    def called(self) -> frozenset[str]:
        """The last parts of the names of calls that rules ask for."""
        return frozenset(word for hooks in self._hooks.values() for word in hooks.calls)

    def follows(self, role: Role) -> bool:
        """Whether any rule asks where the values in files of a role come from."""
        hooks = self._hooks[role]
        return any(hooks.table(kind) for kind in FOLLOWED)

    def run(
        self,
        subject: File | Document,
        applies: Callable[[str], bool] = lambda _rule: True,
        facts: Facts | None = None,
    ) -> Outcome:
        """Ask every rule that applies about a file; a rule that crashes is a `Problem`, and the others go on.

        `facts` are what the interpreter knows of the file, where it was asked.
        """
        hooks = self._hooks[subject.role]
        questions = (
            _about_document(subject, hooks)
            if isinstance(subject, Document)
            else _about_file(subject, hooks, facts or Facts())
        )
        findings: list[Finding] = []
        crashes: dict[str, Problem] = {}
        checked: Counter[str] = Counter()
        try:
            for rule, check, arguments in questions:
                if rule.id in crashes or not applies(rule.id):
                    continue
                checked[rule.checklist] += 1
                try:
                    findings.extend(check(*arguments))
                except Exception as error:
                    if self._strict:
                        raise
                    crashes[rule.id] = _crash(subject.path, f"rule {rule.id}", error)
                if len(findings) > MAX_FINDINGS:
                    message = f"more than {MAX_FINDINGS} findings: the rest of the file is not reported"
                    crashes["limit"] = Problem(subject.path, "too-large", message)
                    break
        except Exception as error:
            if self._strict:
                raise
            crashes["facts"] = _crash(subject.path, "reading the file's facts", error)
        return Outcome(tuple(findings[:MAX_FINDINGS]), dict(checked), tuple(crashes.values()))


def _crash(path: str, what: str, error: Exception) -> Problem:
    return Problem(path, "crash", f"{what} crashed: {type(error).__name__}: {error}"[:300])


def _about_document(document: Document, hooks: Hooks) -> Iterator[Question]:
    for rule, check in hooks.table("document").get(document.kind, ()):
        yield rule, check, (document,)
    if isinstance(document, TemplateFile):
        yield from _about_template(document, hooks)


def _about_template(document: TemplateFile, hooks: Hooks) -> Iterator[Question]:
    """The questions that a template raises, which is parsed only where there are any."""
    markup, tags = hooks.table("markup").get("", ()), hooks.table("tag")
    for hole in document.template.holes if markup else ():
        yield from ((rule, check, (hole, document)) for rule, check in markup)
    for tag in document.template.tags if tags else ():
        for rule, check in (*tags.get(tag.name, ()), *tags.get("", ())):
            yield rule, check, (tag, document)


def _about_file(file: File, hooks: Hooks, facts: Facts) -> Iterator[Question]:
    """The questions that a file raises, in the order of its source."""
    nodes, functions, models, tests, views = (
        hooks.table("node"),
        hooks.table("function"),
        hooks.table("model").get("", ()),
        hooks.table("test").get("", ()),
        hooks.table("view").get("", ()),
    )
    other_names = _other_names(file) if hooks.calls else {}
    for node in file.nodes:
        for rule, check in nodes.get(node_type(node), ()):
            yield rule, check, (node, file)
        if functions and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from ((rule, check, (node, file)) for rule, check in functions.get(node.name, ()))
        if views and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            view = view_of(node, file)
            yield from ((rule, check, (view, file)) for rule, check in views if view is not None)
        if isinstance(node, ast.Call):
            yield from _about_call(node, file, hooks.calls, other_names, facts)
        elif models and isinstance(node, ast.ClassDef):
            model = model_of(node, file)
            yield from ((rule, check, (model, file)) for rule, check in models if model is not None)
        elif tests and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_test(node, file):
            yield from ((rule, check, (node, file)) for rule, check in tests)
    settings = hooks.table("setting")
    for setting in settings_of(file) if settings else ():
        for rule, check in (*settings.get(setting.name, ()), *settings.get("", ())):
            yield rule, check, (setting, file)
    yield from _about_values(file, hooks, facts)
    yield from _about_queries(file, hooks, facts)


def _about_values(file: File, hooks: Hooks, facts: Facts) -> Iterator[Question]:
    """What goes into sinks: the flows, which may end in other files, and the calls of sinks in this one.

    A sink that nothing flows into was looked at too, and counts.
    """
    kinds, sinks = hooks.table("flow"), hooks.table("sink")
    reached: set[tuple[ast.AST, str]] = set()
    for flow in flows(facts.reaches) if kinds else ():
        reached.add((flow.call, flow.kind))
        for rule, check in (*kinds.get(flow.kind, ()), *kinds.get("", ())):
            if flow.file.role in rule.roles:
                yield rule, check, (flow, flow.file)
    for (node, kind), (sink, invocation, value) in facts.sinks.items():
        if kind in kinds and (node, kind) not in reached:
            yield from ((rule, _nothing, ()) for rule, _ in kinds[kind])
        if kind in sinks and isinstance(node, ast.Call):
            use = SinkUse(kind, invocation.expression(sink.argument), invocation, value)
            yield from ((rule, check, (use, file)) for rule, check in sinks[kind])


def _about_queries(file: File, hooks: Hooks, facts: Facts) -> Iterator[Question]:
    """What is asked of databases: row by row, in loops, and wherever a query is run."""
    for one in facts.unloaded if hooks.table("unloaded") else ():
        at = one.origin.file if one.origin is not None else one.loop.file
        for rule, check in hooks.table("unloaded")[""]:
            if at.role in rule.roles:
                yield rule, check, (one, at)
    repeated = hooks.table("repeated")
    for asked in facts.queries if repeated else ():
        if asked.loop is not None and asked.kind == "rows":
            for rule, check in (*repeated.get(asked.how, ()), *repeated.get("", ())):
                if asked.at is not None and asked.at[0].role in rule.roles:
                    yield rule, check, (asked, file)
    asking = hooks.table("asking")
    for node, queries in facts.asked.items() if asking else ():
        if queries:
            yield from ((rule, check, (Asking(node, queries, file), file)) for rule, check in asking[""])
    uses = hooks.table("query")
    for (node, how), (rows, loops) in facts.uses_of_rows.items() if uses else ():
        for rule, check in (*uses.get(how, ()), *uses.get("", ())):
            yield rule, check, (QueryUse(how, node, rows, loops, file), file)


def _nothing() -> Iterator[Finding]:
    """What is said of a sink that nothing flows into."""
    yield from ()


def _about_call(
    node: ast.Call,
    file: File,
    calls: dict[str, dict[str, list[Entry]]],
    other_names: dict[str, set[str]],
    facts: Facts,
) -> Iterator[Question]:
    """Calls are resolved only when the last part of their name is one that a rule asked for."""
    if isinstance(node.func, ast.Attribute):
        words = {node.func.attr}
    elif isinstance(node.func, ast.Name):
        words = other_names.get(node.func.id, set()) | {node.func.id}
    else:
        return
    for word in words & calls.keys():
        by_name = calls[word]
        name = file.resolve(node.func)
        for rule, check in by_name.get(name, ()) if name is not None else ():
            yield rule, check, (Call(node, name or "", file, facts.calls.get(node)), file)
        if isinstance(node.func, ast.Attribute):
            for rule, check in by_name.get(f"*.{word}", ()):
                yield rule, check, (Call(node, name or f"*.{word}", file, facts.calls.get(node)), file)


def _other_names(file: File) -> dict[str, set[str]]:
    """The last parts of what goes by another name: `from requests import get as fetch` gives fetch: {get}.

    So does `fetch = requests.get`.
    """
    found: dict[str, set[str]] = {}
    for node in file.nodes:
        if isinstance(node, ast.ImportFrom | ast.Import):
            for alias in node.names:
                if alias.asname:
                    found.setdefault(alias.asname, set()).add(alias.name.rpartition(".")[2])
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Attribute | ast.Name):
            value = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, set()).add(value)
    return found


def is_test(node: Function, file: File) -> bool:
    """Whether a runner collects a function as a test: by its name, at the top of a test file or in a class there."""
    if file.role is not Role.TEST or not node.name.startswith("test"):
        return False
    if any((file.resolve(decorator) or "").endswith("fixture") for decorator in node.decorator_list):
        return False
    return all(isinstance(above, (ast.ClassDef, ast.Module, ast.If, ast.Try)) for above in ancestors(node))
