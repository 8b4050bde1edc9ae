"""Names resolved to what they stand for: `get` to `requests.get`, `app.run` to `flask.Flask.run`.

Every node carries a link to its parent (`link_parents`); a scope's bindings are collected when first asked for.
A name that is bound more than once to different things resolves to nothing: when unsure, stay quiet.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from checks.semantics.nodes import children

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef | ast.Module
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Module)
_BUILTINS = frozenset(dir(builtins))
_DEPTH = 12
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


_OPAQUE = Binding("opaque")


def parent(node: ast.AST) -> ast.AST | None:
    """The node that holds this one, `None` for the module."""
    return getattr(node, "_parent", None)


def ancestors(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that hold this one, nearest first."""
    above = parent(node)
    while above is not None:
        yield above
        above = parent(above)


def link_parents(tree: ast.Module) -> list[ast.AST]:
    """Give every node a link to its parent; return all nodes in the order of the source.

    An own stack instead of recursion: a hostile file may nest deeper than the interpreter's limit.
    """
    ordered: list[ast.AST] = []
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        ordered.append(node)
        below = children(node)
        for child in below:
            child._parent = node  # type: ignore[attr-defined]
        below.reverse()
        stack += below
    return ordered


class Names:
    """The names of one module; its dotted name is used for what it defines itself and for relative imports."""

    def __init__(self, tree: ast.Module, module: str, *, package: bool = False) -> None:
        self._tree = tree
        self._module = module
        self._package = module if package else module.rpartition(".")[0]
        self._bindings: dict[ast.AST, dict[str, Binding]] = {}
        self._attributes: dict[ast.ClassDef, dict[str, Binding]] = {}
        self._values: dict[tuple[ast.AST, ...], str | None] = {}

    def resolve(self, node: ast.AST) -> str | None:
        """The dotted name that an expression stands for, or `None`.

        An instance resolves as its class: `requests.Session().get` is `requests.Session.get`.
        """
        return self._resolve(node, _DEPTH)

    def binding(self, name: str, at: ast.AST) -> Binding | None:
        """What a name is bound to where `at` stands."""
        inside_class = True
        for scope in self._scopes(at):
            if isinstance(scope, ast.ClassDef) and not inside_class:
                continue
            inside_class = False
            found = self.bindings(scope).get(name)
            if found is not None:
                return found
        return None

    def value(self, node: ast.AST) -> ast.AST:
        """The expression that a name was assigned, followed while it is bound once; else the node itself."""
        for _ in range(_DEPTH):
            if not isinstance(node, ast.Name):
                return node
            found = self.binding(node.id, node)
            if found is None or found.kind != "value" or found.node is None or found.node is node:
                return node
            node = found.node
        return node

    def result(self, name: str) -> str | None:
        """What calling a dotted name gives: for a class its instance, for a function of this module what it returns."""
        return self._result(name, _DEPTH)

    def _resolve(self, node: ast.AST, depth: int) -> str | None:
        if depth <= 0:
            return None
        if isinstance(node, ast.Name):
            return self._resolve_name(node, depth)
        if isinstance(node, ast.Attribute):
            base = self._resolve(node.value, depth)
            return f"{base}.{node.attr}" if base else self._resolve_attribute(node, depth)
        if isinstance(node, (ast.Call, ast.Await)):
            inner = node.func if isinstance(node, ast.Call) else node.value
            return self._result(self._resolve(inner, depth), depth)
        if isinstance(node, ast.NamedExpr):
            return self._resolve(node.value, depth)
        return None

    def _resolve_name(self, node: ast.Name, depth: int) -> str | None:
        found = self.binding(node.id, node)
        if found is None:
            return f"builtins.{node.id}" if node.id in _BUILTINS else None
        return self._resolve_binding(found, depth)

    def _resolve_binding(self, found: Binding, depth: int) -> str | None:
        if found.kind == "import":
            return found.target
        if found.kind == "definition":
            return f"{self._module}.{found.target}"
        if found.kind in ("value", "annotation") and found.node is not None:
            return self._resolve(found.node, depth - 1)
        return self._resolve_values(found.nodes, depth) if found.kind == "values" else None

    def _resolve_values(self, nodes: tuple[ast.AST, ...], depth: int) -> str | None:
        """What all of the values stand for; `None` when they differ, or when one is made from the name itself."""
        if nodes not in self._values:
            self._values[nodes] = None
            names = {self._resolve(node, depth - 1) for node in nodes if not _is_none(node)}
            self._values[nodes] = names.pop() if len(names) == 1 else None
        return self._values[nodes]

    def _resolve_attribute(self, node: ast.Attribute, depth: int) -> str | None:
        """What `self.name` stands for within a method: what the class and its methods assign to it."""
        owner = self.class_of_self(node.value)
        found = self.attributes(owner).get(node.attr) if owner is not None else None
        return (
            self._resolve_binding(found, depth) if found is not None and found.kind != "definition" else None
        )

    def _result(self, callee: str | None, depth: int) -> str | None:
        """What a call gives: an instance by its class's name; for a function of this module, what it returns."""
        if callee is None or not callee.startswith(f"{self._module}."):
            return callee
        found = self.bindings(self._tree).get(callee.removeprefix(f"{self._module}."))
        if found is None or not isinstance(found.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return callee
        results = {self._resolve(value, depth - 1) for value in _returned(found.node)}
        return results.pop() if len(results) == 1 else None

    def class_of_self(self, node: ast.AST) -> ast.ClassDef | None:
        """The class whose instance a name is: the first parameter of the method around it; `None` for other names."""
        if not isinstance(node, ast.Name):
            return None
        for scope in self._scopes(node):
            if isinstance(scope, ast.ClassDef) or node.id not in self.bindings(scope):
                continue
            above = parent(scope)
            first = _first_parameter(scope)
            return above if isinstance(above, ast.ClassDef) and first == node.id else None
        return None

    def attributes(self, owner: ast.ClassDef) -> dict[str, Binding]:
        """What a class's body binds, and what its methods assign to attributes of `self`."""
        known = self._attributes.get(owner)
        if known is None:
            known = self._attributes[owner] = dict(self.bindings(owner))
            for method in owner.body:
                if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    for name, binding in _assigned_to(_first_parameter(method), method):
                        known[name] = _joined(known.get(name), binding)
        return known

    def _scopes(self, node: ast.AST) -> Iterator[Scope]:
        """The scopes around a node, innermost first. A function's defaults and decorators belong outside it."""
        below: ast.AST = node
        for above in ancestors(node):
            if isinstance(above, _SCOPES) and _is_inside(above, below):
                yield above
            below = above
        if isinstance(node, ast.Module):
            yield node

    def bindings(self, scope: ast.AST) -> dict[str, Binding]:
        """The names that a scope binds; one bound to different kinds of things is opaque."""
        known = self._bindings.get(scope)
        if known is None:
            known = self._bindings[scope] = {}
            for name, binding in self._collect(scope):
                known[name] = _joined(known.get(name), binding)
        return known

    def _collect(self, scope: ast.AST) -> Iterator[tuple[str, Binding]]:
        if isinstance(scope, _FUNCTIONS):
            yield from _parameters(scope.args)
        body = (
            scope.body
            if isinstance(scope, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
            else []
        )
        stack: list[ast.AST] = list(reversed(body))
        while stack:
            node = stack.pop()
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                yield node.name, Binding("definition", _inside(node), node)
                continue
            yield from self._bound_by(node)
            if not isinstance(node, ast.Lambda):
                stack += reversed(children(node))

    def _bound_by(self, node: ast.AST) -> Iterator[tuple[str, Binding]]:  # noqa: C901 - one case a statement
        match node:
            case ast.Import():
                for alias in node.names:
                    top = alias.name.partition(".")[0]
                    yield alias.asname or top, Binding("import", alias.name if alias.asname else top)
            case ast.ImportFrom():
                origin = self._origin(node)
                for alias in node.names:
                    yield (
                        alias.asname or alias.name,
                        Binding("import", f"{origin}.{alias.name}" if origin else alias.name),
                    )
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
                yield node.name, _OPAQUE
            case ast.MatchMapping() if node.rest:
                yield node.rest, _OPAQUE
            case ast.Global() | ast.Nonlocal():
                for name in node.names:
                    yield name, _OPAQUE

    def _origin(self, node: ast.ImportFrom) -> str:
        """The dotted name of the module that a `from` import reads."""
        if not node.level:
            return node.module or ""
        parts = self._package.split(".") if self._package else []
        kept = parts[: len(parts) - (node.level - 1)] if node.level > 1 else parts
        return ".".join([*kept, *([node.module] if node.module else [])])


def _joined(before: Binding | None, binding: Binding) -> Binding:
    """One binding for a name that is bound once more."""
    if before is None or before == binding:
        return binding
    if before.kind not in ("value", "values") or binding.kind != "value" or binding.node is None:
        return _OPAQUE
    nodes = (*(before.nodes or (before.node,)), binding.node)
    if len(nodes) > _MAX_VALUES:
        return _OPAQUE
    return Binding("values", nodes=tuple(node for node in nodes if node is not None))


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _first_parameter(function: ast.AST) -> str | None:
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    given = [*function.args.posonlyargs, *function.args.args]
    static = any(isinstance(mark, ast.Name) and mark.id == "staticmethod" for mark in function.decorator_list)
    return given[0].arg if given and not static else None


def _assigned_to(owner: str | None, method: ast.AST) -> Iterator[tuple[str, Binding]]:
    """What a method assigns to attributes of its first parameter."""
    for node in ast.walk(method):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if (
                    isinstance(target, ast.Attribute)
                    and isinstance(target.value, ast.Name)
                    and target.value.id == owner
                ):
                    value = None if isinstance(node, ast.AugAssign) else node.value
                    yield target.attr, Binding("value", node=value) if value is not None else _OPAQUE


def _is_inside(scope: ast.AST, child: ast.AST) -> bool:
    """Whether a child of a scope's node is evaluated within the scope: bodies are, defaults and decorators are not."""
    if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return any(child is statement for statement in scope.body)
    if isinstance(scope, ast.Lambda):
        return child is scope.body
    return True


def _inside(node: ast.AST) -> str:
    """The qualified name of a definition within its module."""
    names = [cast("str", getattr(node, "name", ""))]
    names.extend(
        above.name
        for above in ancestors(node)
        if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )
    return ".".join(reversed(names))


def _targets(target: ast.AST, value: ast.AST | None) -> Iterator[tuple[str, Binding]]:
    if isinstance(target, ast.Name):
        yield target.id, Binding("value", node=value) if value is not None else _OPAQUE
    elif isinstance(target, (ast.Tuple, ast.List)):
        for element in target.elts:
            yield from _targets(element, None)
    elif isinstance(target, ast.Starred):
        yield from _targets(target.value, None)


def _parameters(arguments: ast.arguments) -> Iterator[tuple[str, Binding]]:
    for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        yield (
            argument.arg,
            Binding("annotation", node=argument.annotation) if argument.annotation else _OPAQUE,
        )
    for variadic in (arguments.vararg, arguments.kwarg):
        if variadic is not None:
            yield variadic.arg, _OPAQUE


def _returned(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.expr]:
    """The expressions that a function returns, not those of functions inside it."""
    found: list[ast.expr] = []
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Return) and node.value is not None:
            found.append(node.value)
        elif not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            stack += children(node)
    return found


def qualified_name(node: ast.AST) -> str:
    """The qualified name of the definition around a node (`Order.total`), empty at the top of a module."""
    names = [
        above.name
        for above in ancestors(node)
        if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    ]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        names.insert(0, node.name)
    return ".".join(reversed(names))
