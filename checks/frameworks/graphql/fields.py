"""What a type of GraphQL is made of, whichever library declares it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Class, Function
from checks.semantics.rows import Path
from checks.semantics.source import File
from checks.semantics.values import UNKNOWN, Value

Given = Callable[[Function, Value], Arguments]
"""The arguments of a resolver, by the object whose field it resolves."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a type.

    - `name`: the attribute that is read where there is no resolver
    - `node` in `file`: where it is declared
    - `of`: the type of the objects that it gives, None for plain values; `many` says that it gives a list of them
    - `resolver`: the project's function
    - `managed`: its library begins with all rows of the type's model, and hands rows to the type's `get_queryset`
    - `falls_back`: it begins with all rows also where its resolver gives nothing
    - `by_key`: its library fetches the one row that a client names
    - `loads`: the relations that an optimizer loads for it, by its hints; `unsure` where only running tells which
    - `out_of_sight`: what gives its rows has methods of its own, which may load relations along
    """

    name: str
    node: ast.AST
    file: File
    of: Class | None = None
    many: bool = False
    resolver: Value | None = None
    managed: bool = False
    falls_back: bool = False
    by_key: bool = False
    loads: tuple[Path, ...] = ()
    unsure: bool = False
    out_of_sight: bool = False


@dataclass(frozen=True, slots=True)
class Type:
    """A type of GraphQL, by the class that declares it.

    `model` is the class of the rows that it shows. `given` makes the arguments of its resolvers. `calls` says that a
    method is called where it is read as a field, `optimized` that what clients ask for is loaded along, `seen` that
    the schema around it can be seen: nothing else loads what its resolvers read.
    """

    owner: Class
    model: Class | str | None
    fields: tuple[Field, ...]
    given: Given
    calls: bool = False
    optimized: bool = False
    seen: bool = True


def class_named(frame: Frame, node: ast.expr, file: File) -> Value:
    """The class, or function, that a name in a file stands for."""
    if not isinstance(node, ast.Name | ast.Attribute):
        return UNKNOWN
    module = frame.machine.module(file)
    frame.uses.add(file.path)
    found = module.evaluate(node)
    return frame.machine.forced(found)


def class_of(value: Value) -> Class | None:
    """The class of the project that a value is."""
    return next((target for target in value.targets if isinstance(target, Class)), None)


def function_of(value: Value | None) -> Value | None:
    """A value that is a function of the project."""
    if value is None or not any(isinstance(target, Function) for target in value.targets):
        return None
    return value
