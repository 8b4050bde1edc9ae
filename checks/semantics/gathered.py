"""What a local name is given in the course of a function: a text that grows by `+=`, a list by `append`."""

from __future__ import annotations

import ast

from checks.semantics.nodes import ancestors, descendants, parent

_MAX_NODES = 5_000
_BLOCKS = ("body", "orelse", "finalbody")
_GROWING = frozenset({"add", "append", "extend", "insert"})


def given_to(name: ast.Name) -> list[ast.expr] | None:
    """All that a function assigns to one of its names and adds to it, from the last time that it begins anew.

    `None` where that is not all in sight: for parameters, names of loops over other than literals, what `with` or
    unpacking gives, and in functions of enormous size.
    """
    function = next(
        (one for one in ancestors(name) if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))), None
    )
    if function is None or name.id in _parameters(function):
        return None
    found: list[ast.expr] = []
    begins = _beginning(name, function)
    for number, node in enumerate(descendants(function)):
        given = _given(node, name.id)
        if given is None or number > _MAX_NODES:
            return None
        found += [value for value in given if value.lineno >= begins]
    return found or None


def _beginning(name: ast.Name, function: ast.AST) -> int:
    """The line of the last assignment that is made in any case before a name is used; 0 without one."""
    node: ast.AST = name
    while node is not function and (above := parent(node)) is not None:
        for block in (getattr(above, field, None) for field in _BLOCKS):
            if isinstance(block, list) and node in block:
                for earlier in reversed(block[: block.index(node)]):
                    if isinstance(earlier, ast.Assign) and any(_is(one, name.id) for one in earlier.targets):
                        return earlier.lineno
        node = above
    return 0


def _given(node: ast.AST, name: str) -> list[ast.expr] | None:
    """What one node gives a name: nothing, values, or something that can't be said (`None`)."""
    if isinstance(node, ast.Assign):
        if any(_is(target, name) for target in node.targets):
            return [node.value]
        return None if any(_binds(target, name) for target in node.targets) else []
    if isinstance(node, (ast.AugAssign, ast.AnnAssign, ast.NamedExpr)):
        return [node.value] if _is(node.target, name) and node.value is not None else []
    if isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)) and _binds(node.target, name):
        is_literal = isinstance(node.iter, (ast.Tuple, ast.List)) and _is(node.target, name)
        return list(node.iter.elts) if is_literal else None  # type: ignore[attr-defined]
    if isinstance(node, ast.withitem) and node.optional_vars is not None:
        return None if _binds(node.optional_vars, name) else []
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return None if name in node.names else []
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _GROWING:
        return list(node.args) if _is(node.func.value, name) else []
    return []


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _binds(target: ast.AST, name: str) -> bool:
    return any(_is(node, name) for node in descendants(target))


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    given = function.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    every += [one for one in (given.vararg, given.kwarg) if one is not None]
    return {one.arg for one in every}
