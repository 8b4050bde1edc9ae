"""Names resolved to what they stand for: `get` to `requests.get`, `app.run` to `flask.Flask.run`.

Every node carries a link to its parent (`link_parents`); a scope's bindings are collected when first asked for.
A name that is bound more than once to different things resolves to nothing: when unsure, stay quiet.

Answers are kept wherever an expression can ask for several others: files exist, and can be written on purpose, in which
every name is made from two more.
"""

from __future__ import annotations

import ast
import builtins
from collections import defaultdict
from collections.abc import Iterable

from checks.semantics.bindings import (
    Binding,
    assigned_to_self,
    collected,
    first_parameter,
    imported_from,
    joined,
    returned,
    scopes,
)
from checks.semantics.nodes import ancestors, descendants, link_parents, parent

__all__ = ["Binding", "Names", "ancestors", "link_parents", "parent", "qualified_name"]

_BUILTINS = frozenset(dir(builtins))
_DEPTH = 12
_HINT_LENGTH = 200
_TRANSPARENT = frozenset({"Annotated", "ClassVar", "Final", "Optional", "Required", "NotRequired", "Union"})
_TYPING = ("typing", "typing_extensions")


class Names:
    """The names of one module; its dotted name is used for what it defines itself and for relative imports.

    `nodes` are all nodes of the tree, where they are known already.
    """

    def __init__(
        self, tree: ast.Module, module: str, *, package: bool = False, nodes: Iterable[ast.AST] | None = None
    ) -> None:
        self._tree = tree
        self._module = module
        self._package = module if package else module.rpartition(".")[0]
        self._own: dict[ast.AST, dict[str, Binding]] = {}
        self._bindings: dict[ast.AST, dict[str, Binding]] = {}
        self._attributes: dict[ast.ClassDef, dict[str, Binding]] = {}
        self._answers: dict[tuple[ast.AST, ...], str | None] = {}
        self._results: dict[str, str | None] = {}
        self._declared: dict[ast.AST, set[str]] = defaultdict(set)
        self._lent: dict[ast.AST, list[tuple[str, ast.AST]]] = defaultdict(list)
        self._imports: list[ast.ImportFrom] = []
        for node in nodes if nodes is not None else descendants(tree):
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                self._declare(node)
            elif isinstance(node, ast.ImportFrom):
                self._imports.append(node)
        self._stars = tuple(
            imported_from(node, self._package) for node in self._imports if node.names[0].name == "*"
        )

    def resolve(self, node: ast.AST) -> str | None:
        """The dotted name that an expression stands for, or `None`.

        An instance resolves as its class: `requests.Session().get` is `requests.Session.get`.
        """
        return self._resolve(node, _DEPTH)

    def binding(self, name: str, at: ast.AST) -> Binding | None:
        """What a name is bound to where `at` stands."""
        inside_class = True
        for scope in scopes(at):
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

    def class_of_self(self, node: ast.AST) -> ast.ClassDef | None:
        """The class whose instance a name is: the first parameter of the method around it; `None` for other names."""
        if not isinstance(node, ast.Name):
            return None
        for scope in scopes(node):
            if isinstance(scope, ast.ClassDef) or node.id not in self.bindings(scope):
                continue
            above = parent(scope)
            return above if isinstance(above, ast.ClassDef) and first_parameter(scope) == node.id else None
        return None

    def attributes(self, owner: ast.ClassDef) -> dict[str, Binding]:
        """What a class's body binds, and what its methods assign to attributes of `self`."""
        known = self._attributes.get(owner)
        if known is None:
            known = self._attributes[owner] = dict(self.bindings(owner))
            for method in owner.body:
                if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    for name, binding in assigned_to_self(method):
                        known[name] = joined(known.get(name), binding)
        return known

    def bindings(self, scope: ast.AST) -> dict[str, Binding]:
        """The names that a scope binds; one bound to different kinds of things is opaque."""
        known = self._bindings.get(scope)
        if known is None:
            known = self._own_bindings(scope)
            if scope in self._declared or scope in self._lent:
                known = {
                    name: binding for name, binding in known.items() if name not in self._declared[scope]
                }
                for name, function in self._lent[scope]:
                    binding = self._own_bindings(function).get(name)
                    if binding is not None and (name in known or scope is self._tree):
                        known[name] = joined(known.get(name), binding)
            self._bindings[scope] = known
        return known

    def imported_module(self, node: ast.ImportFrom) -> str:
        """The dotted name of the module that a `from` import reads."""
        return imported_from(node, self._package)

    def star_modules(self) -> tuple[str, ...]:
        """The modules whose names this one takes by `from module import *`, in order."""
        return self._stars

    def _own_bindings(self, scope: ast.AST) -> dict[str, Binding]:
        if scope not in self._own:
            self._own[scope] = collected(scope, self._package)
        return self._own[scope]

    def _declare(self, node: ast.Global | ast.Nonlocal) -> None:
        """Note that a function's names are those of the module, or of a function around it."""
        function, *around = scopes(node)
        if function is self._tree:
            return
        self._declared[function].update(node.names)
        homes = [self._tree] if isinstance(node, ast.Global) else around[:-1]
        for home in homes:
            self._lent[home].extend((name, function) for name in node.names)

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
        if found.kind == "annotation" and found.node is not None:
            return self._resolve_hint(found.node, depth - 1)
        if found.kind == "value" and found.node is not None:
            holder = parent(found.node)
            hint = holder.annotation if isinstance(holder, ast.AnnAssign) else None
            answer = self._resolve(found.node, depth - 1)
            return self._resolve_hint(hint, depth - 1) if answer is None and hint is not None else answer
        return self._resolve_all(found.nodes, depth) if found.kind == "values" else None

    def _resolve_all(self, nodes: tuple[ast.AST, ...], depth: int) -> str | None:
        """What all of the values stand for; `None` when they differ, or when one is made from the name itself."""
        if nodes not in self._answers:
            self._answers[nodes] = None
            names = {self._resolve(node, depth - 1) for node in nodes if not _is_none(node)}
            self._answers[nodes] = names.pop() if len(names) == 1 else None
        return self._answers[nodes]

    def _resolve_hint(self, hint: ast.AST, depth: int) -> str | None:
        """The class that a type hint names, of `Optional[Session]`, `Session | None` and `"Session"` the inner one."""
        if (hint,) not in self._answers:
            self._answers[(hint,)] = None
            options = self._options(hint, depth)
            if options is None:
                answer = self._resolve(hint, depth)
            else:
                named = {self._resolve_hint(option, depth - 1) for option in options if not _is_none(option)}
                answer = named.pop() if len(named) == 1 and depth > 0 else None
            self._answers[(hint,)] = answer
        return self._answers[(hint,)]

    def _options(self, hint: ast.AST, depth: int) -> list[ast.expr] | None:
        """What a hint is made of that says nothing by itself; `None` for a hint that does."""
        if isinstance(hint, ast.Constant) and isinstance(hint.value, str):
            return _quoted(hint, hint.value)
        if isinstance(hint, ast.BinOp) and isinstance(hint.op, ast.BitOr):
            return [hint.left, hint.right]
        if not isinstance(hint, ast.Subscript):
            return None
        module, _, name = (self._resolve(hint.value, depth) or "").rpartition(".")
        if module not in _TYPING or name not in _TRANSPARENT:
            return None
        given = hint.slice.elts if isinstance(hint.slice, ast.Tuple) else [hint.slice]
        return given[:1] if name == "Annotated" else given

    def _resolve_attribute(self, node: ast.Attribute, depth: int) -> str | None:
        """What `self.name` stands for within a method: what the class and its methods assign to it."""
        owner = self.class_of_self(node.value)
        found = self.attributes(owner).get(node.attr) if owner is not None else None
        if found is None or found.kind == "definition":
            return None
        return self._resolve_binding(found, depth)

    def _result(self, callee: str | None, depth: int) -> str | None:
        """What a call gives: an instance by its class's name; for a function of this module, what it returns."""
        if callee is None or not callee.startswith(f"{self._module}."):
            return callee
        if callee not in self._results:
            self._results[callee] = None
            self._results[callee] = self._returned(callee, depth)
        return self._results[callee]

    def _returned(self, callee: str, depth: int) -> str | None:
        found = self.bindings(self._tree).get(callee.removeprefix(f"{self._module}."))
        if found is None or not isinstance(found.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return callee
        results = {self._resolve(value, depth - 1) for value in returned(found.node)}
        return results.pop() if len(results) == 1 else None


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


def _quoted(hint: ast.Constant, text: str) -> list[ast.expr]:
    """The expression within a quoted hint, set where the hint stands; nothing where it can't be read."""
    try:
        inner = ast.parse(text.strip(), mode="eval").body if len(text) <= _HINT_LENGTH else None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    if inner is None:
        return []
    link_parents(inner)
    inner._parent = parent(hint)  # type: ignore[attr-defined]
    return [inner]


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
