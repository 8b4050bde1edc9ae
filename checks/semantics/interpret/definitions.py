"""Functions, classes and imports as statements: what they bind, and what decorators make of it."""

from __future__ import annotations

import ast

from checks.semantics.contents import join
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.assignment import default_values
from checks.semantics.interpret.calls import as_call, call
from checks.semantics.interpret.frame import Frame, executes
from checks.semantics.interpret.targets import Class, Function, Pending, Scope
from checks.semantics.values import Value

_KINDS = {"builtins.staticmethod": "static", "builtins.classmethod": "class"}


@executes(ast.FunctionDef, ast.AsyncFunctionDef)
def _function(frame: Frame, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    in_class = frame.is_class
    scope = frame.scope
    if in_class:
        assert scope.above is not None
        scope = scope.above
    function = Function(
        node, frame.file, f"{frame.name}.{node.name}", scope, default_values(frame, node.args),
        frame.owner, "method" if in_class else "function",
    )  # fmt: skip
    frame.defined.append(function)
    value = Value(targets=(function,))
    for decorator in reversed(node.decorator_list):
        value = _registered(frame, decorator, value) or _decorated(frame, decorator, function, value)
    frame.env[node.name] = value
    return True


def _registered(frame: Frame, decorator: ast.expr, value: Value) -> Value | None:
    """A function under `@shown.register`: what is called as `shown` may be it as well."""
    inner = decorator.func if isinstance(decorator, ast.Call) else decorator
    if not (
        isinstance(inner, ast.Attribute) and inner.attr == "register" and isinstance(inner.value, ast.Name)
    ):
        return None
    known = frame.env.get(inner.value.id)
    if known is None or not any(isinstance(target, Function) for target in known.targets):
        return None
    frame.env[inner.value.id] = join(known, value)
    return value


def _decorated(frame: Frame, decorator: ast.expr, function: Function, value: Value) -> Value:
    """A function under a decorator: one of the project is called; of others the function stays what it is."""
    found = frame.evaluate(decorator)
    name = found.name or ""
    if name in _KINDS:
        function.kind = _KINDS[name]
    elif name == "builtins.property" or name.endswith(("cached_property", ".hybrid_property")):
        function.kind = "property"
    elif isinstance(decorator, ast.Attribute) and decorator.attr in ("setter", "deleter", "expression"):
        return (
            frame.env.get(function.node.name, value) if isinstance(function.node, ast.FunctionDef) else value
        )
    elif found.targets and any(isinstance(target, Function | Class) for target in found.targets):
        made = call(frame, as_call(decorator), found, Arguments((value,), {}))
        frame.env.pop("!", None)
        return made if any(isinstance(target, Function) for target in made.targets) else value
    return value


@executes(ast.ClassDef)
def _class(frame: Frame, node: ast.ClassDef) -> bool:
    bases = tuple(_base(frame, base) for base in node.bases)
    scope = Scope({}, frame.scope if not frame.is_class else frame.scope.above)
    name = f"{frame.name}.{node.name}"
    made = Class(node, frame.file, name, bases, scope.env)
    inner = Frame(frame.machine, frame.file, scope, None, made)
    inner.name, inner.is_class, inner.calls, inner.uses = name, True, frame.calls, frame.uses
    inner.uses_of_rows = frame.uses_of_rows
    inner.run(node.body)
    made.env = inner.env
    frame.defined += inner.defined
    for reach in inner.reaches.values():
        frame.reach(reach)
    frame.sinks.update(inner.sinks)
    frame.classes.append(made)
    frame.classes += inner.classes
    frame.env[node.name] = Value(targets=(made,), name=None)
    return True


def _base(frame: Frame, base: ast.expr) -> Value:
    """A base class: `Generic[T]` counts as `Generic`; a factory's class as what it gives."""
    return frame.evaluate(base.value if isinstance(base, ast.Subscript) else base)


@executes(ast.Import)
def _import(frame: Frame, node: ast.Import) -> bool:
    for alias in node.names:
        dotted = alias.name if alias.asname else alias.name.partition(".")[0]
        frame.env[alias.asname or dotted] = Value(targets=(Pending(dotted, frame.file),))
    return True


@executes(ast.ImportFrom)
def _import_from(frame: Frame, node: ast.ImportFrom) -> bool:
    module = frame.file.names.imported_module(node)
    for alias in node.names:
        if alias.name != "*":
            pending = Pending(f"{module}.{alias.name}", frame.file)
            frame.env[alias.asname or alias.name] = Value(targets=(pending,))
    return True
