"""Compound statements and the blocks that they hold."""

import ast
from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from checks.engine import newer_nodes
from checks.engine.lower.arguments import arguments, call_arguments, type_parameters
from checks.engine.lower.context import Lowering, NotPython, identifier
from checks.engine.lower.patterns import pattern
from checks.engine.lower.statements import simple_statement

# A statement or block, and the offset behind its last token.
Ended = tuple[ast.stmt, int]
Block = tuple[list[ast.stmt], int]


def body(low: Lowering, nodes: Sequence[cst.CSTNode]) -> Block:
    """The statements of a module or block, and where the last of them ends."""
    statements: list[ast.stmt] = []
    end = 0
    for node in nodes:
        if isinstance(node, cst.SimpleStatementLine):
            for small in node.body:
                statement, end = simple_statement(low, small)
                statements.append(statement)
        else:
            handler = _COMPOUND.get(type(node))
            if handler is None:
                raise NotPython(f"{type(node).__name__} is newer than this tool", node)
            statement, end = handler(low, node)
            statements.append(statement)
    return statements, end


def _suite(low: Lowering, node: cst.BaseSuite) -> Block:
    if isinstance(node, cst.IndentedBlock):
        return body(low, node.body)
    assert isinstance(node, cst.SimpleStatementSuite)
    ended = [simple_statement(low, small) for small in node.body]
    return [statement for statement, _ in ended], ended[-1][1]


def _optional(low: Lowering, node: cst.Else | cst.Finally | None, end: int) -> Block:
    """The block of an `else` or `finally`; without one, none, and the end so far."""
    return ([], end) if node is None else _suite(low, node.body)


def _ended(low: Lowering, node: cst.CSTNode, statement: ast.stmt, end: int) -> Ended:
    return low.at(statement, (low.span(node)[0], end)), end


def _if(low: Lowering, node: cst.If) -> Ended:
    test = low.expr(node.test)
    then, end = _suite(low, node.body)
    orelse: list[ast.stmt]
    if isinstance(node.orelse, cst.If):
        chained, end = _if(low, node.orelse)
        orelse = [chained]
    else:
        orelse, end = _optional(low, node.orelse, end)
    return _ended(low, node, ast.If(test, then, orelse), end)


def _while(low: Lowering, node: cst.While) -> Ended:
    test = low.expr(node.test)
    block, end = _suite(low, node.body)
    orelse, end = _optional(low, node.orelse, end)
    return _ended(low, node, ast.While(test, block, orelse), end)


def _for(low: Lowering, node: cst.For) -> Ended:
    target, source = low.target(node.target), low.expr(node.iter)
    block, end = _suite(low, node.body)
    orelse, end = _optional(low, node.orelse, end)
    kind = ast.For if node.asynchronous is None else ast.AsyncFor
    return _ended(low, node, kind(target, source, block, orelse), end)


def _with(low: Lowering, node: cst.With) -> Ended:
    items = [
        ast.withitem(low.expr(item.item), low.target(item.asname.name) if item.asname else None)
        for item in node.items
    ]
    block, end = _suite(low, node.body)
    kind = ast.With if node.asynchronous is None else ast.AsyncWith
    return _ended(low, node, kind(items, block), end)


def _try(low: Lowering, node: cst.Try | cst.TryStar) -> Ended:
    block, end = _suite(low, node.body)
    handlers = []
    for item in node.handlers:
        handler, end = _handler(low, item)
        handlers.append(handler)
    orelse, end = _optional(low, node.orelse, end)
    final, end = _optional(low, node.finalbody, end)
    kind = ast.Try if isinstance(node, cst.Try) else ast.TryStar
    return _ended(low, node, kind(block, handlers, orelse, final), end)


def _handler(low: Lowering, node: cst.ExceptHandler | cst.ExceptStarHandler) -> tuple[ast.ExceptHandler, int]:
    name = None
    if node.name is not None:
        assert isinstance(node.name.name, cst.Name)
        name = identifier(node.name.name)
    kind = low.maybe(node.type)
    block, end = _suite(low, node.body)
    return low.at(ast.ExceptHandler(kind, name, block), (low.span(node)[0], end)), end


def _function(low: Lowering, node: cst.FunctionDef) -> Ended:
    parameters = type_parameters(low, node.type_parameters)
    module = newer_nodes if parameters else ast
    kind = module.FunctionDef if node.asynchronous is None else module.AsyncFunctionDef
    block, end = _suite(low, node.body)
    function = kind(
        name=identifier(node.name),
        args=arguments(low, node.params),
        body=block,
        decorator_list=[low.expr(item.decorator) for item in node.decorators],
        returns=low.expr(node.returns.annotation) if node.returns else None,
    )
    if "type_params" in kind._fields:
        function.type_params = parameters
    return _ended(low, node, function, end)


def _class(low: Lowering, node: cst.ClassDef) -> Ended:
    parameters = type_parameters(low, node.type_parameters)
    kind = newer_nodes.ClassDef if parameters else ast.ClassDef
    bases, keywords = call_arguments(low, [*node.bases, *node.keywords])
    block, end = _suite(low, node.body)
    decorators = [low.expr(item.decorator) for item in node.decorators]
    class_: ast.ClassDef = kind(
        name=identifier(node.name), bases=bases, keywords=keywords, body=block, decorator_list=decorators
    )
    if "type_params" in kind._fields:
        class_.type_params = parameters  # type: ignore[attr-defined]
    return _ended(low, node, class_, end)


def _match(low: Lowering, node: cst.Match) -> Ended:
    subject = low.expr(node.subject)
    cases = []
    end = 0
    for item in node.cases:
        block, end = _suite(low, item.body)
        cases.append(ast.match_case(pattern(low, item.pattern), low.maybe(item.guard), block))
    return _ended(low, node, ast.Match(subject, cases), end)


_COMPOUND: dict[type[cst.CSTNode], Callable[[Lowering, Any], Ended]] = {
    cst.If: _if,
    cst.While: _while,
    cst.For: _for,
    cst.With: _with,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.FunctionDef: _function,
    cst.ClassDef: _class,
    cst.Match: _match,
}
