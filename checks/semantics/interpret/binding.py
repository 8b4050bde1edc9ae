"""A summary put into terms of its caller: what stands for a parameter becomes what the argument is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from checks.semantics.contents import element, mapping, sequence
from checks.semantics.interpret.doubt import DOUBT
from checks.semantics.interpret.effects import is_object, shown
from checks.semantics.interpret.frame import Reach, Summary
from checks.semantics.interpret.queries import rows_value
from checks.semantics.interpret.taking_over import bound_row, bound_rows
from checks.semantics.interpret.targets import Function, Parameter, Scope, shape_of
from checks.semantics.library import ADDRESSES
from checks.semantics.rows import Rows
from checks.semantics.taints import Taint, Taints, Trail, harms, join_taints
from checks.semantics.values import NOTHING, UNKNOWN, Implication, Value, all_taints, cleaned


def bind(
    function: Function, positional: Sequence[Value], keywords: Mapping[str, Value], more: Value | None
) -> list[Value]:
    """The arguments by the parameters' order: what is not given is the default, or what `*args` may bring."""
    given = function.node.args
    names = [parameter.arg for parameter in (*given.posonlyargs, *given.args)]
    found: list[Value] = []
    left = dict(keywords)
    for index, name in enumerate(names):
        if index < len(positional):
            found.append(positional[index])
        elif name in left:
            found.append(left.pop(name))
        else:
            found.append(_left_out(more, function.defaults.get(name)))
    if given.vararg is not None:
        found.append(sequence("builtins.tuple", positional[len(names) :], more))
    for parameter in given.kwonlyargs:
        name = parameter.arg
        found.append(left.pop(name) if name in left else _left_out(more, function.defaults.get(name)))
    if given.kwarg is not None:
        found.append(mapping(left, more))
    return found


def _left_out(more: Value | None, default: Value | None) -> Value:
    """A parameter that no argument in sight is for: with a default, nobody knows whether `**kwargs` bring it."""
    if more is None:
        return default or UNKNOWN
    return more if default is None else cleaned(more, DOUBT)


class Binding:
    """One call: the arguments, and where it stands for the trails."""

    __slots__ = ("_here", "_parts", "_substituted", "arguments", "node", "owner", "path", "text")

    def __init__(self, function: Function, arguments: Sequence[Value], path: str, node: ast.AST) -> None:
        self.owner = function.node
        self.arguments = arguments
        self.path = path
        self.node = node
        self.text = f"goes into `{function.name.rpartition('.')[2]}`"
        self._here: Trail | None = None
        self._parts: dict[Any, Value] = {}
        self._substituted: dict[tuple[Value, int], Value] = {}

    def is_own(self, taint: Taint) -> bool:
        """Whether a taint stands for a parameter of the called function."""
        origin = taint.origin
        return origin.__class__ is Parameter and origin.owner is self.owner

    def part(self, taint: Taint) -> Value:
        """What a parameter's path is in the argument."""
        known = self._parts.get(taint.key)
        if known is not None:
            return known
        index = taint.origin.index  # type: ignore[attr-defined]
        value = self.arguments[index] if index < len(self.arguments) else UNKNOWN
        for step in taint.path:
            if value is UNKNOWN:
                break
            value = _part(value, step)
        self._parts[taint.key] = value
        return value

    def taints(self, value: Value, symbolic: Taint) -> Taints:
        """The sources of an argument's part, with what happened to them in the called function."""
        found = value.taints if is_object(value) else all_taints(value)
        if not found:
            return ()
        return tuple([self._through(taint, symbolic) for taint in found])

    def reaches(self, summary: Summary, is_file: Callable[[str], bool]) -> Iterator[Reach]:
        """What reaches a sink in the called function, for these arguments."""
        for reach in summary.reaches:
            symbolic = reach.taint
            if not symbolic.is_parameter:
                if not summary.generic:  # else the function's own file says so
                    yield reach
                continue
            if not self.is_own(symbolic):
                yield reach
                continue
            part = self.part(symbolic)
            if part is UNKNOWN:
                continue
            if reach.kind in ADDRESSES and is_file(part.type_name):
                continue
            for taint in shown(part, reach.kind):
                if harms(taint, reach.kind) and harms(symbolic, reach.kind):
                    through = self._through(taint, symbolic)
                    yield Reach(reach.kind, reach.node, reach.call, reach.file, through, reach.sink)

    def substituted(self, value: Value, depth: int = 4) -> Value:
        """A value with every parameter of the called function replaced."""
        if not value.taints and value.rest is None and not value.items and value.record is None:
            return _rebound(value, self, depth) if value.targets and depth else value
        key = (value, depth)
        known = self._substituted.get(key)
        if known is None:
            known = self._substituted[key] = _substitute(value, self, depth)
        return known

    def _through(self, taint: Taint, symbolic: Taint) -> Taint:
        before = taint.trail
        if before is None:
            trail = self._here
            if trail is None:
                trail = self._here = Trail(self.path, self.node, self.text)
        elif before.path == self.path and before.place[0] == getattr(self.node, "lineno", 1):
            trail = before
        else:
            trail = Trail(self.path, self.node, self.text, before)
        if trail.length < _LONGEST and symbolic.trail is not None:
            trail = symbolic.trail.behind(trail)
        return taint.changed(
            clean=taint.clean | symbolic.clean, sure=taint.sure and symbolic.sure, trail=trail
        )


_LONGEST = 20


def _part(value: Value, step: str) -> Value:
    """An attribute, element or call's result of a value, as far as the value alone tells."""
    items = value.items
    if items:
        if step[0] == "[":
            key = step[1:-1]
            if key in items:
                return items[key]
            if key.lstrip("-").isdigit() and int(key) in items:
                return items[int(key)]
            if not key:
                return element(value)
        elif step in items:
            return items[step]
    taints = tuple(taint.child(step) for taint in value.taints)
    if value.rest is not None:
        return value.rest if not taints else value.rest.but(taints=join_taints(value.rest.taints, taints))
    return Value(taints=taints) if taints else UNKNOWN


def result_of_call(summary: Summary, binding: Binding, texts: Callable[[], Mapping[int, str]]) -> Value:
    """What a call gives; `texts` are the expressions that gave the arguments, by index."""
    value = summary.returns
    assert value is not None
    for index, symbol in enumerate(summary.symbols):
        if value is symbol and index < len(binding.arguments):
            return binding.arguments[index]
    made = binding.substituted(value)
    if value.true or value.false:
        said = texts()
        made = made.but(
            true=_implications(value.true, summary, binding, said),
            false=_implications(value.false, summary, binding, said),
        )
    return made


def _implications(
    implications: tuple[Implication, ...], summary: Summary, binding: Binding, texts: Mapping[int, str]
) -> tuple[Implication, ...]:
    """What a helper's answer says of the arguments that it was given."""
    found = []
    for implied in implications:
        for index, symbol in enumerate(summary.symbols):
            if implied.subject is symbol and index < len(binding.arguments):
                argument = binding.arguments[index]
                found.append(Implication(argument, texts.get(index, ""), implied.clean, implied.value))
    return tuple(found)


def _with_record(value: Value, binding: Binding) -> Value:
    """A query or a row in the caller's terms; what it is of a parameter that brought none is not known."""
    record = value.record
    if isinstance(record, Rows):
        rows = bound_rows(record, binding)
        if rows is record:
            return value
        if rows is None:
            return value.but(record=None)
        return value.but(record=rows, rest=rows_value(rows, value.type).rest)
    assert record is not None
    return value.but(record=bound_row(record, binding))


def _rebound(value: Value, binding: Binding, depth: int) -> Value:
    """A function that the called one made and gives: what it reads around it is what the caller gave."""
    targets = tuple(
        _with_given(target, binding, depth)
        if target.__class__ is Function and target.scope.above is not None
        else target
        for target in value.targets
    )
    changed = any(one is not other for one, other in zip(targets, value.targets, strict=True))
    return value.but(targets=targets) if changed else value


def _with_given(function: Function, binding: Binding, depth: int) -> Function:
    env = function.scope.env
    given = {
        name: binding.substituted(env[name], depth - 1)
        for name in shape_of(function.node).read
        if name in env and any(binding.is_own(taint) for taint in env[name].taints)
    }
    if not given:
        return function
    scope = Scope({**env, **given}, function.scope.above)
    return Function(
        function.node, function.file, function.name, scope, function.defaults, function.owner, function.kind
    )


def _substitute(value: Value, binding: Binding, depth: int) -> Value:
    """A value with every parameter of the called function replaced."""
    if value.record is not None:
        value = _with_record(value, binding)
    items, rest = value.items, value.rest
    if depth and items:
        changed = {key: binding.substituted(item, depth - 1) for key, item in items.items()}
        if any(changed[key] is not item for key, item in items.items()):
            items = changed
    if depth and rest is not None:
        rest = binding.substituted(rest, depth - 1)
    own = [taint for taint in value.taints if binding.is_own(taint)]
    if not own:
        if items is value.items and rest is value.rest:
            return value
        return value.but(items=items, rest=rest)
    taints: Taints = tuple(taint for taint in value.taints if not binding.is_own(taint))
    part: Value | None = None
    for symbolic in own:
        part = binding.part(symbolic)
        taints = join_taints(taints, binding.taints(part, symbolic))
        if items is not None and is_object(part):
            items = {**(part.items or {}), **items}
    if (
        len(own) == 1
        and len(value.taints) == 1
        and part is not None
        and value.items is None
        and value.rest is None
    ):
        # It is nothing but that part of the argument: its type and contents come along.
        whole = cleaned(part, own[0].clean) if own[0].clean else part
        const = whole.const if value.type in (None, whole.type) and not own[0].clean else NOTHING
        is_row = whole.record is not None and value.type == whole.type
        if (value.type is None or is_row) and not value.built:
            return whole.but(const=const, taints=taints if whole.items is None else whole.taints)
    return value.but(
        taints=taints, items=items, rest=rest, literal=value.literal and not taints, true=(), false=()
    )
