"""What a project puts on requests: `request.event = ...` in a middleware, a decorator or a view's mixin."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.semantics.interpret.frame import Machine
from checks.semantics.interpret.targets import Class, Function, shape_of
from checks.semantics.nodes import descendants
from checks.semantics.roles import RUNNING
from checks.semantics.rows import Row
from checks.semantics.source import Project
from checks.semantics.values import Value

_MAX_FILES = 6


def request_attribute(machine: Machine, name: str) -> Value | None:
    """An attribute of a request that the project assigns, where all that it assigns is of one class of its own."""
    project = machine.project
    paths = project.once(f"request-attribute:{name}", lambda: _assigning(project, name))
    classes: set[Class] = set()
    for path in paths:
        file = project.file(path)
        for function in machine.module(file).defined if file is not None else ():
            if isinstance(function.node, ast.Lambda) or not _assigns(function.node, name):
                continue
            for value in _assigned(machine, function, name):
                if isinstance(value.type, Class):
                    classes.add(value.type)
    if len(classes) != 1:
        return None
    return Value(type=classes.pop(), record=Row())


def _assigning(project: Project, name: str) -> tuple[str, ...]:
    """The files with an assignment to the attribute of something called `request`, those of middleware first."""
    if not name.isidentifier() or name.startswith("_"):
        return ()
    found = [
        path
        for path in project.mentioning((f"request.{name} =",), ".py")
        if (file := project.file(path)) is not None and file.role in RUNNING
    ]
    return tuple(sorted(found, key=lambda path: ("middleware" not in path, path))[:_MAX_FILES])


def _assigns(node: ast.AST, name: str) -> bool:
    return any(
        isinstance(inner, ast.Attribute)
        and isinstance(inner.ctx, ast.Store)
        and inner.attr == name
        and _is_request(inner.value)
        for inner in descendants(node)
    )


def _is_request(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "request") or (
        isinstance(node, ast.Attribute) and node.attr == "request"
    )


def _assigned(machine: Machine, function: Function, name: str) -> Iterator[Value]:
    """What the attribute holds when the function has ended."""
    summary = machine.generic(function)
    for index, parameter in enumerate(shape_of(function.node).parameters):
        changed = (summary.changed or {}).get(index)
        if changed is None:
            continue
        held = changed if parameter == "request" else (changed.items or {}).get("request")
        value = (held.items or {}).get(name) if held is not None else None
        if value is not None:
            yield value
