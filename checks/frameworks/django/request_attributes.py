"""What a project puts on requests: `request.event = ...` in a middleware, a decorator or a view's mixin."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from checks.semantics.interpret.frame import Machine
from checks.semantics.interpret.targets import Class, Function, shape_of
from checks.semantics.nodes import ancestors
from checks.semantics.roles import RUNNING, role_of
from checks.semantics.rows import Row
from checks.semantics.source import File, Project
from checks.semantics.values import Value

_MAX_FILES = 6


Known = dict[object, Any]
"""What the attributes of requests are, by name, each with what the answer rests on."""


def request_attribute(machine: Machine, name: str, known: Known) -> Value | None:
    """An attribute of a request that the project assigns, where all that it assigns is of one class of its own."""
    return machine.project.remember(known, name, lambda: _attribute(machine, name))


def _attribute(machine: Machine, name: str) -> Value | None:
    project = machine.project
    places = project.once(f"request-attribute:{name}", lambda: _assigning(project, name))
    classes: set[Class] = set()
    for path, lines in places:
        file = project.file(path)
        for function in machine.module(file).defined if file is not None else ():
            if function.node.lineno in lines:
                for value in _assigned(machine, function, name):
                    if isinstance(value.type, Class):
                        classes.add(value.type)
    if len(classes) != 1:
        return None
    return Value(type=classes.pop(), record=Row())


def _assigning(project: Project, name: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The files with functions that assign the attribute of a request, and the lines where these begin.

    Those of middleware come first.
    """
    if not name.isidentifier() or name.startswith("_"):
        return ()
    found = []
    for path in project.mentioning((f"request.{name} =",), ".py"):
        file = project.file(path) if role_of(path) in RUNNING else None
        lines = tuple(_functions(file, name)) if file is not None else ()
        if lines:
            found.append((path, lines))
    return tuple(sorted(found, key=lambda one: ("middleware" not in one[0], one[0]))[:_MAX_FILES])


def _functions(file: File, name: str) -> Iterator[int]:
    for node in file.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and node.attr == name:
            if _is_request(node.value):
                for above in ancestors(node):
                    if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
                        yield above.lineno
                        break


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
