"""Whether a number that comes from outside is held against a limit on its way."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from checks.model import Step
from checks.semantics.enclosing import called, function_around, scope_around
from checks.semantics.nodes import descendants
from checks.semantics.source import File

_LIMITING = frozenset({"clamp", "clip", "min"})
_ORDER = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)
_FIELDS = (".IntegerField", ".forms.ChoiceField", ".TypedChoiceField", ".fields.Integer", ".fields.Int")


def is_bounded(node: ast.AST, steps: Iterable[Step], file: File) -> bool:
    """Whether a number is limited where it is used, or in the functions that its way leads through.

    A call of `min`, a comparison with something larger or smaller, or a list of what is allowed counts, since those
    say that somebody has thought of it.
    """
    return any(_limits(scope, names) for scope, names in _scopes(node, steps, file))


def _scopes(node: ast.AST, steps: Iterable[Step], file: File) -> Iterator[tuple[ast.AST, set[str]]]:
    """The functions on the way, each with the names that the number may have there."""
    names = {inner.id for inner in descendants(node) if isinstance(inner, ast.Name)}
    lines: dict[str, set[int]] = {file.path: {getattr(node, "lineno", 0)}}
    for step in steps:
        lines.setdefault(step.path, set()).add(step.line)
    for path, numbers in lines.items():
        home = file if path == file.path else file.project.file(path)
        seen: set[ast.AST] = set()
        for inner in home.nodes if home is not None else ():
            if isinstance(inner, ast.stmt) and inner.lineno in numbers:
                names |= _assigned(inner)
                scope = function_around(inner) or scope_around(inner)
                if scope not in seen:
                    seen.add(scope)
                    yield scope, names


def _assigned(statement: ast.stmt) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return {
        inner.id if isinstance(inner, ast.Name) else inner.attr
        for target in targets
        if target is not None
        for inner in descendants(target)
        if isinstance(inner, (ast.Attribute, ast.Name))
    }


def _limits(scope: ast.AST, names: set[str]) -> bool:
    for node in descendants(scope):
        if isinstance(node, ast.Call) and called(node) in _LIMITING and (len(node.args) > 1 or node.keywords):
            return True
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (*_ORDER, ast.In, ast.NotIn)):
            sides = (node.left, *node.comparators) if isinstance(node.ops[0], _ORDER) else (node.left,)
            if any(_is_named(side, names) for side in sides) and not _is_zero(node):
                return True
    return False


def _is_named(side: ast.expr, names: set[str]) -> bool:
    """Whether a side of a comparison is the number itself, converted or not."""
    return any(
        (isinstance(inner, ast.Name) and inner.id in names)
        or (isinstance(inner, ast.Attribute) and inner.attr in names)
        for inner in descendants(side)
    )


def _is_zero(node: ast.Compare) -> bool:
    """`size > 0` says nothing of how large it may be."""
    sides = (node.left, *node.comparators)
    return any(isinstance(side, ast.Constant) and side.value in (0, 1) for side in sides)
