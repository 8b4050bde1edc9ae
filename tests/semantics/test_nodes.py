"""The nodes below a node and those above it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from checks.semantics.nodes import ancestors, children, link_parents, parent

STANDARD_LIBRARY = Path(ast.__file__).parent
MODULES = ("ast.py", "typing.py", "dataclasses.py", "asyncio/tasks.py", "contextlib.py")
SHARED = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)


@pytest.mark.parametrize("name", MODULES)
def test_children_are_those_that_the_library_finds_but_contexts_and_operators(name: str) -> None:
    tree = ast.parse((STANDARD_LIBRARY / name).read_text())
    for node in ast.walk(tree):
        expected = [child for child in ast.iter_child_nodes(node) if not isinstance(child, SHARED)]
        assert children(node) == expected


@pytest.mark.parametrize(
    "text",
    [
        "match x:\n    case {'a': [1, *b], **c} | A(d=e): ...\n",
        "async def f(a, /, b: int = 1, *c, d=2, **e) -> None:\n    async with f() as g: ...\n",
        "x = {**a, 'b': f'{c!r:>{d}}'}\n",
        "@a\nclass B(C, key=d): ...\n",
        "try: ...\nexcept* A as b: ...\nelse: ...\nfinally: ...\n",
        "x: int\nx[1:2, ...] = yield\nlambda: (await y)\ndel x, y\nglobal z\n",
    ],
)
def test_every_kind_of_child_is_found(text: str) -> None:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        assert children(node) == [
            child for child in ast.iter_child_nodes(node) if not isinstance(child, SHARED)
        ]


def test_every_node_is_linked_to_the_one_that_holds_it() -> None:
    tree = ast.parse("def f(a=1):\n    return [b for b in a]\n")
    nodes = link_parents(tree)
    assert nodes[0] is tree
    assert parent(tree) is None
    assert all(node in children(above) for node in nodes[1:] if (above := parent(node)) is not None)
    assert len(nodes) == len({id(node) for node in nodes})


def test_nodes_are_listed_in_the_order_of_the_source() -> None:
    text = "import a\nclass B:\n    def c(self):\n        return d(e, f=g)\nh = {i: j}\n"
    lines = [node.lineno for node in link_parents(ast.parse(text)) if isinstance(node, ast.stmt | ast.expr)]
    assert lines == sorted(lines)


def test_ancestors_are_told_from_the_nearest() -> None:
    tree = ast.parse("class A:\n    def f(self):\n        return x\n")
    name = next(node for node in link_parents(tree) if isinstance(node, ast.Name))
    assert [type(node).__name__ for node in ancestors(name)] == [
        "Return",
        "FunctionDef",
        "ClassDef",
        "Module",
    ]


def test_a_tree_deeper_than_the_interpreter_s_stack_is_linked() -> None:
    inner: ast.expr = ast.Name("x")
    for _ in range(sys.getrecursionlimit() * 2):
        inner = ast.UnaryOp(ast.Not(), inner)
    assert len(link_parents(inner)) == sys.getrecursionlimit() * 2 + 1
