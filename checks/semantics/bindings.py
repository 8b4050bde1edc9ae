"""What a scope binds: imports, definitions, assignments, parameters; and which scopes are around a node.

https://docs.python.org/3/reference/executionmodel.html#resolution-of-names
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from checks.semantics.nodes import ancestors, children, parent, statements

Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.Module | Comprehension
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Module, *_COMPREHENSIONS)
_MAX_VALUES = 8


@dataclass(frozen=True, slots=True)
class Binding:
    """What a name is bound to: `kind` is import, definition, value, values, annotation or opaque.

    `values` is a name assigned several times: `nodes` holds the expressions, of which any may be the one that counts.
    It stands for something where all of them do, `None` left aside.
    """

    kind: str
    target: str = ""
    node: ast.AST | None = None
    nodes: tuple[ast.AST, ...] = ()


OPAQUE = Binding("opaque")


def scopes(node: ast.AST) -> Iterator[Scope]:
    """The scopes around a node, innermost first.

    A function's defaults and decorators belong outside it, and so does what the first `for` of a comprehension runs
    over.
    """
    below: ast.AST = node
    outside: ast.AST | None = None
    for above in ancestors(node):
        if isinstance(above, ast.comprehension):
            whole = parent(above)
            if below is above.iter and isinstance(whole, _COMPREHENSIONS) and whole.generators[0] is above:
                outside = whole
        elif isinstance(above, _SCOPES) and above is not outside and _is_inside(above, below):
            yield above
        below = above
    if isinstance(node, ast.Module):
        yield node


def collected(scope: ast.AST, package: str) -> dict[str, Binding]:
    """The names bound within a scope, those that it declares `global` or `nonlocal` as well.

    `package` is what relative imports start from. A name bound to different kinds of things is opaque.
    """
    found: dict[str, Binding] = {}
    for name, binding in _collect(scope, package):
        found[name] = joined(found.get(name), binding)
    return found


def joined(before: Binding | None, binding: Binding) -> Binding:
    """One binding for a name that is bound once more; what it is where it is not `None` counts."""
    if before is None or before == binding or _is_none(before.node):
        return binding
    if _is_none(binding.node):
        return before
    if before.kind not in ("value", "values") or binding.kind != "value" or binding.node is None:
        return OPAQUE
    nodes = (*(before.nodes or (before.node,)), binding.node)
    if len(nodes) > _MAX_VALUES:
        return OPAQUE
    return Binding("values", nodes=tuple(node for node in nodes if node is not None))


def first_parameter(function: ast.AST) -> str | None:
    """The name by which a method knows its instance or class, `None` for a static one."""
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    given = [*function.args.posonlyargs, *function.args.args]
    static = any(isinstance(mark, ast.Name) and mark.id == "staticmethod" for mark in function.decorator_list)
    return given[0].arg if given and not static else None


def assigned_to_self(method: ast.AST) -> Iterator[tuple[str, Binding]]:
    """What a method assigns to attributes of its first parameter."""
    owner = first_parameter(method)
    for node in statements(method):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if (
                    isinstance(target, ast.Attribute)
                    and isinstance(target.value, ast.Name)
                    and target.value.id == owner
                ):
                    value = None if isinstance(node, ast.AugAssign) else node.value
                    yield target.attr, Binding("value", node=value) if value is not None else OPAQUE


def returned(function: ast.AST) -> list[ast.expr]:
    """The expressions that a function returns, but `None`; nothing for a generator, whose calls give something else."""
    found: list[ast.expr] = []
    stack: list[ast.AST] = list(getattr(function, "body", []))
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return []
        if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
            found.append(node.value)
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            stack += children(node)
    return found


def imported_from(node: ast.ImportFrom, package: str) -> str:
    """The dotted name of the module that a `from` import reads."""
    if not node.level:
        return node.module or ""
    parts = package.split(".") if package else []
    kept = parts[: max(0, len(parts) - (node.level - 1))]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _collect(scope: ast.AST, package: str) -> Iterator[tuple[str, Binding]]:
    if isinstance(scope, _COMPREHENSIONS):
        for generator in scope.generators:
            yield from _targets(generator.target, None)
        return
    if isinstance(scope, FUNCTIONS):
        yield from _parameters(scope.args)
    body = getattr(scope, "body", [])
    stack: list[ast.AST] = list(reversed(body)) if isinstance(body, list) else [body]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, Binding("definition", _inside(node), node)
            continue
        yield from _imported_by(node, package)
        yield from _bound_by(node)
        if not isinstance(node, ast.Lambda):
            stack += reversed(children(node))


def _imported_by(node: ast.AST, package: str) -> Iterator[tuple[str, Binding]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            yield alias.asname or top, Binding("import", alias.name if alias.asname else top)
    elif isinstance(node, ast.ImportFrom):
        origin = imported_from(node, package)
        for alias in node.names:
            if alias.name != "*":
                target = f"{origin}.{alias.name}" if origin else alias.name
                yield alias.asname or alias.name, Binding("import", target)


def _bound_by(node: ast.AST) -> Iterator[tuple[str, Binding]]:  # noqa: C901 - one case a statement
    match node:
        case ast.Assign():
            for target in node.targets:
                yield from _targets(target, node.value)
        case ast.AnnAssign():
            if node.value is not None:
                yield from _targets(node.target, node.value)
            elif isinstance(node.target, ast.Name):
                yield node.target.id, Binding("annotation", node=node.annotation)
        case ast.NamedExpr():
            yield from _targets(node.target, node.value)
        case ast.withitem():
            if node.optional_vars is not None:
                yield from _targets(node.optional_vars, node.context_expr)
        case ast.For() | ast.AsyncFor() | ast.AugAssign():
            yield from _targets(node.target, None)
        case ast.Delete():
            for target in node.targets:
                yield from _targets(target, None)
        case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar() if node.name:
            yield node.name, OPAQUE
        case ast.MatchMapping() if node.rest:
            yield node.rest, OPAQUE


def _targets(target: ast.AST, value: ast.AST | None) -> Iterator[tuple[str, Binding]]:
    if isinstance(target, ast.Name):
        yield target.id, Binding("value", node=value) if value is not None else OPAQUE
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _targets(element, None)
    elif isinstance(target, ast.Starred):
        yield from _targets(target.value, None)


def _parameters(arguments: ast.arguments) -> Iterator[tuple[str, Binding]]:
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        hint = argument.annotation
        yield argument.arg, Binding("annotation", node=hint) if hint is not None else OPAQUE
    for variadic in (arguments.vararg, arguments.kwarg):
        if variadic is not None:
            yield variadic.arg, OPAQUE


def _is_inside(scope: Scope, child: ast.AST) -> bool:
    """Whether a child of a scope's node is evaluated within the scope: bodies are, defaults and decorators are not."""
    if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return isinstance(child, ast.stmt)
    return child is scope.body if isinstance(scope, ast.Lambda) else True


def _inside(node: ast.AST) -> str:
    """The qualified name of a definition within its module."""
    names = [cast("str", getattr(node, "name", ""))]
    names.extend(
        above.name
        for above in ancestors(node)
        if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )
    return ".".join(reversed(names))


def _is_none(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
