"""What Django's admin classes are for: the models that they are registered for, and those that inlines hang on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.contrib_models import is_contrib_model
from checks.frameworks.django.schema import Column, schema_of
from checks.semantics.interpret.frame import Machine
from checks.semantics.interpret.targets import Class
from checks.semantics.nodes import ancestors
from checks.semantics.source import File
from checks.semantics.values import UNKNOWN, Value


def attribute_of(owner: Class, name: str) -> Value:
    """What a class says of an option, itself or by a class above it."""
    return next((one.env[name] for one in owner.order()[0] if name in one.env), UNKNOWN)


def registered_for(machine: Machine, owner: Class) -> Iterator[Class | str]:
    """The models that an admin's class is registered for in its own file; those of Django by their dotted names."""
    file = owner.file
    for node in _registered(owner, file):
        name = file.resolve(node)
        found = machine.imported(name, file, None) if name is not None else UNKNOWN
        if found.name is not None and is_contrib_model(found.name):
            yield found.name
        for target in found.targets:
            if isinstance(target, Class) and schema_of(target.node, target.file) is not None:
                yield target


def _registered(owner: Class, file: File) -> Iterator[ast.expr]:
    """`@admin.register(Order)` above the class, `admin.site.register(Order, OrderAdmin)` somewhere."""
    for decorator in owner.node.decorator_list:
        if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute | ast.Name):
            if (file.resolve(decorator.func) or "").rpartition(".")[2] == "register":
                yield from decorator.args
    if "register(" not in file.text:
        return
    for node in file.nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "register"
        ):
            if _is_for_debugging(node):
                continue
            if len(node.args) > 1 and getattr(node.args[1], "id", "") == owner.node.name:
                first = node.args[0]
                yield from first.elts if isinstance(first, ast.List | ast.Tuple) else (first,)


def _is_for_debugging(node: ast.AST) -> bool:
    """Whether code only runs while the project is worked on: `if settings.DEBUG:`."""
    return any(
        isinstance(above, ast.If) and isinstance(above.test, ast.Attribute) and above.test.attr == "DEBUG"
        for above in ancestors(node)
    )


def links_to_parents(machine: Machine, inline: Class, model: Class) -> list[Column]:
    """The keys by which an inline's rows hang on what is edited: what the admins that show it are registered for."""
    schema = schema_of(model.node, model.file)
    keys = [column for column in schema.columns.values() if column.to and not column.many] if schema else []
    given = attribute_of(inline, "fk_name").const
    if isinstance(given, str):
        return [column for column in keys if column.name == given]
    if len(keys) < 2:
        return keys
    parents = _parents(machine, inline)
    related = {column.name: machine.relation(model, column.name) for column in keys}
    return [
        column for column in keys if (known := related[column.name]) is not None and known.type in parents
    ] or keys


def _parents(machine: Machine, inline: Class) -> list[Class | str]:
    """The models whose admins list an inline, in its own file."""
    found: list[Class | str] = []
    for one in machine.module(inline.file).classes:
        listed = attribute_of(one, "inlines").items or {}
        if any(inline in item.targets for item in listed.values()):
            found += registered_for(machine, one)
    return found
