"""What every lowering function needs: the text, the spans, and the way to the function for a child."""

import ast
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import libcst as cst

from checks.engine.lower.positions import Lines, Recorder, Span

Node = TypeVar("Node", bound=ast.AST)
Handler = Callable[["Lowering", Any], ast.expr]
Handlers = dict[type[cst.CSTNode], Handler]

# CPython too shares one instance of each context in all its trees.
LOAD, STORE, DEL = ast.Load(), ast.Store(), ast.Del()


class NotPython(Exception):
    """libcst's parser lets through what no Python reads."""

    def __init__(self, message: str, node: cst.CSTNode) -> None:
        super().__init__(message)
        self.node = node


class Lowering:
    """One module on its way from concrete to abstract syntax."""

    def __init__(self, text: str, module: cst.Module, handlers: Mapping[type[cst.CSTNode], Handler]) -> None:
        self.text = text
        self._handlers = handlers
        recorder = Recorder(text, module)
        self._inner, self._outer = recorder.inner, recorder.outer
        self._place = Lines(text).place

    def expr(self, node: cst.CSTNode) -> ast.expr:
        """The expression or pattern value that `node` is, read and not written to."""
        handler = self._handlers.get(type(node))
        if handler is None:
            raise NotPython(f"{type(node).__name__} is newer than this tool", node)
        return handler(self, node)

    def maybe(self, node: cst.CSTNode | None) -> ast.expr | None:
        return None if node is None else self.expr(node)

    def exprs(self, nodes: Sequence[cst.CSTNode]) -> list[ast.expr]:
        return [self.expr(node) for node in nodes]

    def target(self, node: cst.CSTNode, context: ast.expr_context = STORE) -> ast.expr:
        """The expression that `node` is, assigned to or deleted."""
        lowered = self.expr(node)
        _set_context(lowered, context)
        return lowered

    def at(self, node: Node, span: Span) -> Node:
        """`node`, placed at the characters of `span`."""
        start, end = span
        node.lineno, node.col_offset = self._place(start)  # type: ignore[attr-defined]
        node.end_lineno, node.end_col_offset = self._place(end)  # type: ignore[attr-defined]
        return node

    def line(self, node: cst.CSTNode) -> int:
        return self._place(self.outer(node)[0])[0]

    def span(self, node: cst.CSTNode) -> Span:
        """Where `node` stands, without the parentheses around it."""
        return self._inner.get(id(node)) or self._outer[id(node)]

    def outer(self, node: cst.CSTNode) -> Span:
        """Where `node` stands with its parentheses and the blanks that it owns."""
        return self._outer[id(node)]

    def bracketed(self, node: cst.Tuple | cst.GeneratorExp) -> Span:
        """Where `node` stands with the innermost of its parentheses."""
        return self.outer(node.lpar[-1])[0], self.outer(node.rpar[0])[1]

    def token(self, node: cst.Comma | cst.Colon) -> Span:
        """Where the one character of a comma or colon stands."""
        start = self.outer(node.whitespace_before)[1]
        return start, start + 1


def _set_context(node: ast.expr, context: ast.expr_context) -> None:
    match node:
        case ast.Tuple() | ast.List():
            node.ctx = context
            for element in node.elts:
                _set_context(element, context)
        case ast.Starred():
            node.ctx = context
            _set_context(node.value, context)
        case ast.Name() | ast.Attribute() | ast.Subscript():
            node.ctx = context


def identifier(name: cst.Name) -> str:
    """The name as Python knows it (https://docs.python.org/3/reference/lexical_analysis.html#identifiers)."""
    value = name.value
    return value if value.isascii() else unicodedata.normalize("NFKC", value)


def dotted(name: cst.BaseExpression) -> str:
    """`a.b.c` of an import, whatever blanks stand in it."""
    parts = []
    while isinstance(name, cst.Attribute):
        parts.append(identifier(name.attr))
        name = name.value
    assert isinstance(name, cst.Name)
    parts.append(identifier(name))
    return ".".join(reversed(parts))
