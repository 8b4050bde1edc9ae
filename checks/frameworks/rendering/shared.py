"""What a Flask application gives all of its templates: context processors, globals, filters that it adds by calls.

From Flask's documentation: "Templates" (Context Processors, Registering Filters), "API" (`add_template_global`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.frameworks.lookups import called, place_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Function, Module
from checks.semantics.source import File, Project
from checks.semantics.values import UNKNOWN, Value

_PROCESSORS = frozenset({"app_context_processor", "context_processor"})
_ADDING = {
    "add_app_template_filter": "filter",
    "add_app_template_global": "global",
    "add_template_filter": "filter",
    "add_template_global": "global",
}
_TABLES = {"filters": "filter", "globals": "global"}
_WORDS = ("context_processor", "template_global", "template_filter", "jinja_env")


@dataclass(frozen=True, slots=True)
class Added:
    """What a module adds: `kind` is `processor`, `filter` or `global`, `function` how the module writes it.

    A processor is known by the line of its definition instead; `apart` says that it is only for views of its blueprint.
    """

    kind: str
    path: str
    name: str
    function: str = ""
    line: int = 0
    apart: bool = False


def added(project: Project) -> tuple[Added, ...]:
    """What the application's modules add."""
    return project.once("jinja-added", lambda: tuple(_added(project)))


def shared_context(frame: Frame, project: Project, path: str) -> dict[str, Value]:
    """The names that every template of the application has; `path` is the file that renders."""
    found: dict[str, Value] = {}
    for one in added(project):
        file = (
            project.file(one.path) if one.kind != "filter" and (not one.apart or one.path == path) else None
        )
        if file is None:
            continue
        frame.uses.add(file.path)
        if one.kind == "global":
            found.setdefault(one.name, frame.machine.imported(f"{file.module}.{one.function}", file, None))
        else:
            found.update(_given(frame, file, one.line))
    return found


def _given(frame: Frame, file: File, line: int) -> Mapping[str, Value]:
    """What a context processor gives."""
    for node in file.nodes:
        if isinstance(node, ast.FunctionDef) and node.lineno == line:
            module = frame.machine.imported(file.module, file, None)
            for target in module.targets:
                if isinstance(target, Module):
                    function = Function(node, file, f"{file.module}.{node.name}", target.scope)
                    result = called(frame, Value(targets=(function,)), place_of(node))
                    items = (result or UNKNOWN).items or {}
                    return {key: value for key, value in items.items() if isinstance(key, str)}
    return {}


def _added(project: Project) -> Iterator[Added]:
    for path in project.mentioning(_WORDS, ".py"):
        file = project.file(path)
        for node in file.nodes if file is not None else ():
            if file is None:
                continue
            if isinstance(node, ast.FunctionDef):
                yield from _decorated(node, file)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield from _by_call(node, node.func, file)
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                yield from _by_key(node.targets[0], node.value, file)


def _decorated(node: ast.FunctionDef, file: File) -> Iterator[Added]:
    for decorator in node.decorator_list:
        inner = decorator.func if isinstance(decorator, ast.Call) else decorator
        if not isinstance(inner, ast.Attribute):
            continue
        if inner.attr in _PROCESSORS and not node.args.args:
            owner = file.resolve(inner.value) or ""
            apart = inner.attr == "context_processor" and owner.endswith("Blueprint")
            yield Added("processor", file.path, node.name, line=node.lineno, apart=apart)
        elif inner.attr in ("app_template_global", "template_global") and node in file.tree.body:
            name = (
                _text(decorator.args[0], file) if isinstance(decorator, ast.Call) and decorator.args else ""
            )
            yield Added("global", file.path, name or node.name, node.name)


def _by_call(call: ast.Call, func: ast.Attribute, file: File) -> Iterator[Added]:
    """`app.add_template_filter(credit, "credit")`, `app.jinja_env.globals.update(credit=credit)`."""
    kind = _ADDING.get(func.attr)
    if kind is not None and call.args and _is_name(call.args[0]):
        given = [keyword.value for keyword in call.keywords if keyword.arg == "name"] + call.args[1:2]
        function = ast.unparse(call.args[0])
        name = _text(given[0], file) if given else function.rpartition(".")[2]
        yield Added(kind, file.path, name, function)
    elif func.attr == "update" and isinstance(func.value, ast.Attribute) and func.value.attr in _TABLES:
        for keyword in call.keywords:
            if keyword.arg is not None and _is_name(keyword.value) and _is_environment(func.value):
                yield Added(_TABLES[func.value.attr], file.path, keyword.arg, ast.unparse(keyword.value))


def _by_key(target: ast.Subscript, value: ast.expr, file: File) -> Iterator[Added]:
    """`app.jinja_env.filters["credit"] = credit`."""
    table = target.value
    if (
        isinstance(table, ast.Attribute)
        and table.attr in _TABLES
        and _is_environment(table)
        and _is_name(value)
    ):
        yield Added(_TABLES[table.attr], file.path, _text(target.slice, file), ast.unparse(value))


def _is_environment(table: ast.Attribute) -> bool:
    return isinstance(table.value, ast.Attribute) and table.value.attr == "jinja_env"


def _is_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) or (isinstance(node, ast.Attribute) and _is_name(node.value))


def _text(node: ast.expr, file: File) -> str:
    folded = file.constant(node)
    return folded.value if folded is not None and isinstance(folded.value, str) else ""
