"""A template walked in the order of its rendering: loops, conditions, includes, blocks of parents, macros."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from checks.frameworks.lookups import Place
from checks.frameworks.rendering import tags
from checks.frameworks.rendering.expressions import Evaluator, Names
from checks.frameworks.templates import DJANGO, Assignment, Hole, Include, Loop, Node, Tag, TemplateFile
from checks.frameworks.templates.context import templates_named
from checks.frameworks.templates.expressions import parse_expression
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import enter, in_loop
from checks.semantics.interpret.queries import note_run
from checks.semantics.interpret.targets import Class, Scope
from checks.semantics.operations import iteration_element, unpacked
from checks.semantics.values import UNKNOWN, Value

MAX_DEPTH = 12
"""Templates within templates: more are a cycle, or made to be slow."""

_BRANCHES = frozenset({"elif", "else", "empty"})
_CONDITION = re.compile(r"\s+(?:and|or|in|not in|is not|is|==|!=|<=|>=|<|>|not)\s+|^not\s+")
_SPREAD = 3


def render(frame: Frame, template: TemplateFile, context: Mapping[str, Value]) -> None:
    """Go through a template for a function: its questions to the database are the function's.

    Nothing is done where the context holds neither rows nor objects of the project.
    """
    if not any(is_telling(value) for value in context.values()):
        return
    inner = Frame(frame.machine, frame.file, Scope({}), None, None)
    inner.queries, inner.plain_queries, inner.loops = frame.queries, frame.plain_queries, frame.loops
    inner.uses, inner.steps, inner.given = frame.uses, frame.steps, frame.given
    try:
        _Rendering(inner, template).all(dict(context))
    finally:
        frame.steps, frame.plain_queries = inner.steps, inner.plain_queries


def telling(context: Mapping[str, Value]) -> dict[str, Value]:
    """The part of a context that going through a template can tell something of."""
    return {name: value for name, value in context.items() if is_telling(value)}


def is_telling(value: Value, depth: int = _SPREAD) -> bool:
    """Whether a value is, or holds, rows or an object of the project."""
    if value.record is not None or isinstance(value.type, Class):
        return True
    if not depth:
        return False
    held = (*(value.items or {}).values(), *((value.rest,) if value.rest is not None else ()))
    return any(is_telling(item, depth - 1) for item in held)


class _Rendering:
    """One template within what is rendered; `overrides` are the blocks of templates that extend it, the last first."""

    def __init__(
        self,
        frame: Frame,
        template: TemplateFile,
        overrides: Mapping[str, _Chain] | None = None,
        depth: int = 0,
    ) -> None:
        self._frame = frame
        self._file = template
        self._template = template.template
        self._overrides = overrides or {}
        self._above: list[_Chain] = []
        self._depth = depth
        self._loops = {id(loop.tag): loop for loop in self._template.loops}
        self._includes = {id(include.tag): include for include in self._template.includes}
        self._assignments: dict[int, list[Assignment]] = {}
        for assignment in self._template.assignments:
            self._assignments.setdefault(id(assignment.tag), []).append(assignment)
        self._tags = tags.tags_of(template, frame)
        self._evaluator = Evaluator(frame, template, self._tags)

    def all(self, names: Names) -> None:
        """The whole template: its parent's, with its own blocks, where it extends one."""
        frame, outer = self._frame, self._frame.file
        frame.file = self._file  # type: ignore[assignment]
        frame.uses.add(self._file.path)
        try:
            self._evaluator.macros.update(self._macros())
            if self._template.extends is None:
                self._nodes(self._template.root.children, names)
                return
            for node in self._template.root.children:
                if (
                    isinstance(node, Node)
                    and node.tag is not None
                    and node.tag.name in ("set", "import", "from")
                ):
                    self._node(node, names)
            overrides = dict(self._overrides)
            for name, node in self._blocks(self._template.root):
                overrides[name] = (*self._overrides.get(name, ()), (self, node))
            for parent in self._named(self._template.extends):
                _Rendering(frame, parent, overrides, self._depth + 1).all(names)
        finally:
            frame.file = outer

    def _named(self, name: str | None) -> Iterator[TemplateFile]:
        project = self._file.project
        if name and project is not None and self._depth < MAX_DEPTH:
            found = next(templates_named(name, project), None)
            if found is not None:
                yield found

    def _blocks(self, node: Node) -> Iterator[tuple[str, Node]]:
        for child in node.children:
            if isinstance(child, Node) and child.tag is not None:
                if child.tag.name == "block" and child.tag.arguments:
                    yield child.tag.arguments.split()[0], child
                yield from self._blocks(child)

    def _macros(self) -> dict[str, tuple[_Rendering, Node]]:
        found: dict[str, tuple[_Rendering, Node]] = {}
        for node in self._template.root.children:
            if isinstance(node, Node) and node.tag is not None and node.tag.name == "macro":
                found[node.tag.arguments.partition("(")[0].strip()] = (self, node)
        return found

    def call_macro(self, node: Node, positional: Sequence[Value], keywords: Mapping[str, Value]) -> None:
        """What a macro prints for its arguments."""
        assert node.tag is not None
        given = node.tag.arguments.partition("(")[2].rpartition(")")[0]
        parts = [part.partition("=") for part in given.split(",")]
        parameters = [name.strip() for name, _, _ in parts]
        place = Place(node.tag.span)
        names = {name.strip(): self._default(text.strip(), place) for name, given, text in parts if given}
        names.update(zip(parameters, positional, strict=False))
        names.update({name: value for name, value in keywords.items() if name in parameters})
        frame, outer = self._frame, self._frame.file
        frame.file = self._file  # type: ignore[assignment]
        try:
            self._nodes(node.children, names)
        finally:
            frame.file = outer

    def _default(self, text: str, place: Place) -> Value:
        expression = parse_expression(text, self._template.language, lambda _start, _end: place.span)
        return self._evaluator.value(expression, {}, place) if expression.literal else UNKNOWN

    def _nodes(self, nodes: Sequence[Node | Hole], names: Names) -> None:
        for node in nodes:
            self._frame.step()
            if isinstance(node, Hole) and node.expression.path in _SUPER and self._above:
                self._innermost(self._above[-1], names)
            elif isinstance(node, Hole):
                self._evaluator.printed(node.expression, names, Place(node.span))
            else:
                self._node(node, names)

    def _node(self, node: Node, names: Names) -> None:
        tag = node.tag
        assert tag is not None
        if tag.name == "for":
            self._for(node, names)
        elif tag.name in ("if", "elif", "ifchanged", "ifequal", "ifnotequal", "unless"):
            truth = self._condition(tag, names)
            self._nodes(_left(node.children, truth if tag.name == "if" else None), names)
        elif tag.name == "include":
            self._include(self._includes.get(id(tag)), names)
        elif tag.name == "block":
            self._block(node, names)
        elif tag.name in ("macro", "comment", "load", "extends"):
            return
        elif tag.name in ("import", "from"):
            self._import(tag)
        elif tag.name == "set" and not node.children:
            self._assign(tag, names, names)
        elif id(tag) in self._assignments:
            inner = dict(names)
            self._assign(tag, inner, names)
            self._nodes(node.children, inner)
        elif tag.name == "regroup":
            self._regroup(tag, names)
        else:
            self._other(node, tag, names)

    def _assign(self, tag: Tag, into: Names, names: Names) -> None:
        for assignment in self._assignments.get(id(tag), ()):
            value = self._evaluator.value(assignment.value, names, Place(tag.span))
            if len(assignment.names) == 1:
                # what is set on one way only is not known
                into[assignment.names[0]] = value if value.const.__class__ is not bool else UNKNOWN
            else:
                parts = unpacked(value, len(assignment.names), False, 0)
                into.update(zip(assignment.names, parts, strict=True))

    def _for(self, node: Node, names: Names) -> None:
        assert node.tag is not None
        loop = self._loops.get(id(node.tag))
        if loop is None:
            self._nodes(node.children, names)
            return
        place = Place(node.tag.span)
        iterable = self._evaluator.value(loop.iterated, names, place)
        body, otherwise = _split(node.children)
        outer = self._frame.loops
        entered = enter(self._frame, iterable, place, node.tag)
        inner = {**names, **_bound(loop, in_loop(iteration_element(iterable), entered))}
        inner.pop("forloop", None)
        if loop.condition is not None:  # `{% for order in orders if order.customer %}`
            self._evaluator.value(loop.condition, inner, place)
        self._nodes(body, inner)
        self._frame.loops = outer
        self._nodes(otherwise, names)

    def _condition(self, tag: Tag, names: Names) -> bool | None:
        """What a condition reads; whether it holds, where a flag alone decides."""
        place, text = Place(tag.span), tag.arguments.strip()
        if self._template.language == DJANGO:
            parts = [part.strip(" ()") for part in _CONDITION.split(text)]
        else:
            parts = [text.removeprefix("not ")]
        truths = [self._tested(part, names, place) for part in parts if part]
        if len(truths) != 1 or truths[0] is None:
            return None
        return truths[0] is not text.startswith("not ")

    def _tested(self, text: str, names: Names, place: Place) -> bool | None:
        expression = parse_expression(text, self._template.language, lambda _start, _end: place.span)
        value = self._evaluator.value(expression, names, place)
        if value.record is not None:
            note_run(self._frame, value, place, "bool")
        is_flag = bool(expression.path) and not expression.filters and value.const.__class__ is bool
        return bool(value.const) if is_flag else None

    def _include(self, include: Include | None, names: Names) -> None:
        if include is None:
            return
        place = Place(include.tag.span)
        given = {name: self._evaluator.value(value, names, place) for name, value in include.bindings}
        name = include.name
        if name is None:
            found = self._evaluator.value(include.expression, names, place).const
            name = found if isinstance(found, str) else None
        for template in self._named(name):
            inner = dict(given) if include.only else {**names, **given}
            if any(is_telling(value) for value in inner.values()):
                rendering = _Rendering(self._frame, template, None, self._depth + 1)
                rendering.all(inner)

    def _block(self, node: Node, names: Names) -> None:
        assert node.tag is not None
        name = node.tag.arguments.split()[0] if node.tag.arguments else ""
        self._innermost((*self._overrides.get(name, ()), (self, node)), names)

    def _innermost(self, chain: _Chain, names: Names) -> None:
        """The block of the template that extends the others; what is above it is printed where it says so."""
        if not chain:
            return
        (rendering, own), *above = chain
        outer = self._frame.file
        self._frame.file = rendering._file  # type: ignore[assignment]
        rendering._above.append(tuple(above))
        try:
            rendering._nodes(own.children, dict(names))
        finally:
            rendering._above.pop()
            self._frame.file = outer

    def _import(self, tag: Tag) -> None:
        """`{% import "x" as forms %}`, `{% from "x" import field as f %}`."""
        text = tag.arguments
        match = re.match(r"""\s*["']([^"']+)["']\s+(as|import)\s+(.+)""", text, re.DOTALL)
        for template in self._named(match[1] if match is not None else None):
            assert match is not None
            other = _Rendering(self._frame, template, None, self._depth + 1)
            macros = other._macros()
            other._evaluator.macros.update(macros)
            if match[2] == "as":
                self._evaluator.modules[match[3].split()[0]] = macros
                continue
            for part in match[3].replace("with context", "").replace("without context", "").split(","):
                name, _, local = (word.strip() for word in part.partition(" as "))
                if name in macros:
                    self._evaluator.macros[local or name] = macros[name]

    def _regroup(self, tag: Tag, names: Names) -> None:
        """`{% regroup orders by customer.name as groups %}`."""
        words = tag.arguments.split()
        if len(words) != 5 or words[1] != "by" or words[3] != "as":
            return
        place = Place(tag.span)
        expression = parse_expression(words[0], self._template.language, lambda _start, _end: place.span)
        iterable = self._evaluator.value(expression, names, place)
        outer = self._frame.loops
        entered = enter(self._frame, iterable, place, tag)
        one = in_loop(iteration_element(iterable), entered)
        grouper = self._evaluator.followed(one, tuple(words[2].split(".")), place)
        self._frame.loops = outer
        group = Value(type="builtins.dict", items={"grouper": grouper, "list": _list_of(iterable)})
        names[words[4]] = Value(type="builtins.list", items={}, rest=group)

    def _other(self, node: Node, tag: Tag, names: Names) -> None:
        """Any other tag: of the project's, what it does; else what its words read."""
        place = Place(tag.span)
        found = self._tags.tag(tag.name)
        if found is not None:
            for template, context in self._evaluator.tag(found, tag, names, place):
                for included in self._named(template):
                    _Rendering(self._frame, included, None, self._depth + 1).all(dict(context))
        elif tag.name[:3] != "end" and tag.name not in _BRANCHES:
            self._evaluator.words(tag, names, place)
        elif tag.name == "elif":
            self._condition(tag, names)
        self._nodes(node.children, names)


def _left(children: Sequence[Node | Hole], truth: bool | None) -> Sequence[Node | Hole]:
    """What a condition leaves of a block: what stands before its other branches, or those, or all."""
    if truth is None:
        return children
    at = next(
        (
            index
            for index, child in enumerate(children)
            if isinstance(child, Node) and child.tag is not None and child.tag.name in _BRANCHES
        ),
        len(children),
    )
    return children[:at] if truth else children[at:]


_Chain = tuple[tuple[_Rendering, Node], ...]
_SUPER = (("block", "super"), ("super",))
"""How a block prints the one that it takes the place of, in both languages."""


def _split(children: Sequence[Node | Hole]) -> tuple[Sequence[Node | Hole], Sequence[Node | Hole]]:
    """What a loop repeats, and what stands in its `empty` or `else`."""
    for index, child in enumerate(children):
        if isinstance(child, Node) and child.tag is not None and child.tag.name in ("empty", "else"):
            return children[:index], children[index + 1 :]
    return children, ()


def _bound(loop: Loop, element: Value) -> Names:
    if len(loop.names) == 1:
        return {loop.names[0]: element}
    return dict(zip(loop.names, unpacked(element, len(loop.names), False, 0), strict=True))


def _list_of(iterable: Value) -> Value:
    """The rows of a query as the lists that a grouping makes of them."""
    return Value(type="builtins.list", items={}, rest=iterable.rest or UNKNOWN)
