"""Attributes of instances, by what the methods of their classes assign to `self`."""

from __future__ import annotations

import ast

from checks.semantics.contents import join
from checks.semantics.interpret.frame import Frame, Machine
from checks.semantics.interpret.targets import Class, Function, Parameter, parameters_of, shape_of
from checks.semantics.nodes import descendants
from checks.semantics.values import UNKNOWN, Value, instance


class Fields:
    """The attributes that methods assign."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._known: dict[ast.ClassDef, dict[str, list[Function]]] = {}

    def of(self, owner: Class, name: str, frame: Frame) -> Value | None:
        """What the methods of a class, and of those above it, assign to an attribute of `self`."""
        found: Value | None = None
        for method in self.assigners(owner, name):
            arguments = [UNKNOWN] * len(parameters_of(method.node))
            arguments[0] = instance(method.owner)
            summary = self._machine.summary(method, arguments)
            frame.uses.add(method.file.path)
            changed = (summary.changed or {}).get(0)
            value = (changed.items or {}).get(name) if changed is not None else None
            if value is not None:
                value = unbound(value, method)
                found = value if found is None else join(found, value)
        return found

    def assigners(self, owner: Class, name: str) -> tuple[Function, ...]:
        """The methods of a class, and of those above it, that assign an attribute of `self`."""
        classes, _ = owner.order()
        return tuple(method for one in classes for method in self._assigners(one).get(name, ()))

    def _assigners(self, owner: Class) -> dict[str, list[Function]]:
        """The methods of a class by the attributes of `self` that they assign."""
        known = self._known.get(owner.node)
        if known is None:
            known = self._known[owner.node] = {}
            for value in owner.env.values():
                for target in value.targets:
                    if isinstance(target, Function) and target.kind == "method":
                        for name in _assigned_to_self(target):
                            known.setdefault(name, []).append(target)
        return known


def unbound(value: Value, method: Function, depth: int = 3) -> Value:
    """A value without what stands for the parameters of the method that assigned it."""
    own = tuple(
        taint
        for taint in value.taints
        if not (isinstance(taint.origin, Parameter) and taint.origin.owner is method.node)
    )
    items, rest = value.items, value.rest
    if depth and items:
        items = {key: unbound(item, method, depth - 1) for key, item in items.items()}
    if depth and rest is not None:
        rest = unbound(rest, method, depth - 1)
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


def field_names(target: Class) -> list[str]:
    """The fields of a dataclass, a named tuple or the like, in order."""
    found: list[str] = []
    classes, bases = target.order()
    decorators = [inner for one in classes for inner in one.node.decorator_list]
    if not any(
        _ends_in(inner, "dataclass", "define", "frozen", "attrs", "s") for inner in decorators
    ) and not any(
        base.rpartition(".")[2] in ("NamedTuple", "BaseModel", "TypedDict", "Struct") for base in bases
    ):
        return found
    for one in reversed(classes):
        for statement in one.node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                found.append(statement.target.id)
    return found


def _ends_in(node: ast.expr, *names: str) -> bool:
    inner = node.func if isinstance(node, ast.Call) else node
    last = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
    return last in names
