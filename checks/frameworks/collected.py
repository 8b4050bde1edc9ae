"""Which functions a test runner collects: not views, helpers and models that happen to be called `test_...`."""

from __future__ import annotations

import ast
import re

from checks.semantics.definitions import bases
from checks.semantics.names import parent
from checks.semantics.nodes import children
from checks.semantics.source import File, Function

_FILE = re.compile(r"(^|/)(tests?_[^/]*|[^/]*_tests?|tests?)\.py$")
_ELSEWHERE = frozenset({"command", "fixture", "get", "overload", "post", "property", "route", "task"})
_TEST_CASE = re.compile(r"Test|Spec|Case")


def is_collected(test: Function, file: File) -> bool:
    """Whether pytest, unittest or Django's runner would run a function by its place, and what it gives is a test."""
    if _gives(test) or _is_skipped(file.tree.body):
        return False
    if any(_last(decorator) in _ELSEWHERE for decorator in test.decorator_list):
        return False
    owner = parent(test)
    if not isinstance(owner, ast.ClassDef):
        return _FILE.search(file.path) is not None
    above = list(bases(owner, file))
    if _is_switched_off(owner) or any(base is not None and _has(base, test.name) for _, base, _ in above):
        return False
    if owner.name.startswith("Test"):
        return not _has(owner, "__init__")
    return any(_TEST_CASE.search(name.rpartition(".")[2]) for name, _, _ in above)


def _gives(test: Function) -> bool:
    """Whether a function returns or yields values, as views and the fixtures of others do."""
    stack: list[ast.AST] = list(test.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)) or (
            isinstance(node, ast.Return) and node.value is not None
        ):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            stack.extend(children(node))
    return False


def _is_switched_off(owner: ast.ClassDef) -> bool:
    """Whether a class says `__test__ = False`, is skipped, or is expected to fail."""
    for statement in owner.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if "__test__" in names and not statement.value.value:
                return True
    return _is_skipped(owner.body) or any(_is_skip(decorator) for decorator in owner.decorator_list)


def _is_skipped(body: list[ast.stmt]) -> bool:
    """Whether `pytestmark` skips all tests of a module or class."""
    for statement in body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            value = statement.value
            marks = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
            if statement.targets[0].id == "pytestmark" and any(_is_skip(mark) for mark in marks):
                return True
    return False


def _is_skip(mark: ast.expr) -> bool:
    return _last(mark).lower().startswith(("skip", "xfail"))


def _has(owner: ast.ClassDef, name: str) -> bool:
    return any(getattr(statement, "name", None) == name for statement in owner.body)


def _last(decorator: ast.expr) -> str:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
