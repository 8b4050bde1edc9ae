"""What stands around a node."""

from __future__ import annotations

import ast

import pytest

from checks.semantics.enclosing import (
    called,
    calls_in,
    class_around,
    function_around,
    kept,
    scope_around,
    words_called,
)
from tests.files import file_of, marked

TEXT = """
mark(1)


class Order:
    total = mark(2)

    def pay(self):
        def inner():
            return mark(3)
        return mark(4)
"""


def test_the_nearest_function_and_class_are_found() -> None:
    nodes = marked(file_of(TEXT))
    functions = [function.name if (function := function_around(node)) else None for node in nodes]
    classes = [owner.name if (owner := class_around(node)) else None for node in nodes]
    assert functions == [None, None, "inner", "pay"]
    assert classes == [None, "Order", "Order", "Order"]


def test_a_scope_is_a_function_or_the_module() -> None:
    scopes = [scope_around(node) for node in marked(file_of(TEXT))]
    assert [type(scope) for scope in scopes] == [ast.Module, ast.Module, ast.FunctionDef, ast.FunctionDef]


@pytest.mark.parametrize(("text", "word"), [("a.b.run()", "run"), ("run()", "run"), ("runs[0]()", "")])
def test_a_call_is_known_by_its_last_word(text: str, word: str) -> None:
    (call,) = calls_in(ast.parse(text))
    assert called(call) == word


def test_what_is_called_is_looked_for_once() -> None:
    tree = ast.parse("a.run(b())")
    assert words_called(tree) == {"run", "b"}
    assert words_called(tree) is words_called(tree)
    assert kept(tree, "name", lambda: 1) == kept(tree, "name", lambda: 2) == 1
