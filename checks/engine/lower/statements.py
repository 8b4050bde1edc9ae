"""Simple statements, those of one line."""

import ast
from collections.abc import Callable
from typing import Any

import libcst as cst

from checks.engine import newer_nodes
from checks.engine.lower.arguments import type_parameters
from checks.engine.lower.context import DEL, Lowering, NotPython, dotted, identifier
from checks.engine.lower.positions import Span

_AUGMENTED: dict[type[cst.BaseAugOp], ast.operator] = {
    cst.AddAssign: ast.Add(),
    cst.SubtractAssign: ast.Sub(),
    cst.MultiplyAssign: ast.Mult(),
    cst.MatrixMultiplyAssign: ast.MatMult(),
    cst.DivideAssign: ast.Div(),
    cst.FloorDivideAssign: ast.FloorDiv(),
    cst.ModuloAssign: ast.Mod(),
    cst.PowerAssign: ast.Pow(),
    cst.LeftShiftAssign: ast.LShift(),
    cst.RightShiftAssign: ast.RShift(),
    cst.BitOrAssign: ast.BitOr(),
    cst.BitAndAssign: ast.BitAnd(),
    cst.BitXorAssign: ast.BitXor(),
}


def simple_statement(low: Lowering, node: cst.BaseSmallStatement) -> tuple[ast.stmt, int]:
    """The statement, and where it ends with its semicolon: there ends the block whose last it is."""
    handler = _HANDLERS.get(type(node))
    if handler is None:
        raise NotPython(f"{type(node).__name__} is newer than this tool", node)
    start, end = span = _span(low, node)
    if isinstance(node.semicolon, cst.Semicolon):
        return low.at(handler(low, node), span), low.text.index(";", end) + 1
    return low.at(handler(low, node), (start, end)), end


def _span(low: Lowering, node: cst.CSTNode) -> Span:
    """From the first token to the last."""
    start, end = low.span(node)
    if isinstance(node, cst.TypeAlias):
        return start, low.outer(node.value)[1]  # libcst counts its semicolon in
    # A comma at the end takes the blanks behind it into its own node.
    return start, start + len(low.text[start:end].rstrip(" \t\f\\\r\n"))


def _expression(low: Lowering, node: cst.Expr) -> ast.stmt:
    return ast.Expr(low.expr(node.value))


def _pass(low: Lowering, node: cst.Pass) -> ast.stmt:
    return ast.Pass()


def _break(low: Lowering, node: cst.Break) -> ast.stmt:
    return ast.Break()


def _continue(low: Lowering, node: cst.Continue) -> ast.stmt:
    return ast.Continue()


def _return(low: Lowering, node: cst.Return) -> ast.stmt:
    return ast.Return(low.maybe(node.value))


def _raise(low: Lowering, node: cst.Raise) -> ast.stmt:
    return ast.Raise(low.maybe(node.exc), low.expr(node.cause.item) if node.cause else None)


def _assert(low: Lowering, node: cst.Assert) -> ast.stmt:
    return ast.Assert(low.expr(node.test), low.maybe(node.msg))


def _delete(low: Lowering, node: cst.Del) -> ast.stmt:
    if isinstance(node.target, cst.Tuple) and not node.target.lpar:
        return ast.Delete([low.target(element.value, DEL) for element in node.target.elements])
    return ast.Delete([low.target(node.target, DEL)])


def _assign(low: Lowering, node: cst.Assign) -> ast.stmt:
    return ast.Assign([low.target(item.target) for item in node.targets], low.expr(node.value))


def _annotated(low: Lowering, node: cst.AnnAssign) -> ast.stmt:
    target = low.target(node.target)
    assert isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
    annotation, value = low.expr(node.annotation.annotation), low.maybe(node.value)
    simple = int(isinstance(target, ast.Name) and not node.target.lpar)
    return ast.AnnAssign(target, annotation, value, simple)


def _augmented(low: Lowering, node: cst.AugAssign) -> ast.stmt:
    target = low.target(node.target)
    assert isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
    return ast.AugAssign(target, _AUGMENTED[type(node.operator)], low.expr(node.value))


def _import(low: Lowering, node: cst.Import) -> ast.stmt:
    return ast.Import([_alias(low, item) for item in node.names])


def _import_from(low: Lowering, node: cst.ImportFrom) -> ast.stmt:
    if isinstance(node.names, cst.ImportStar):
        names = [low.at(ast.alias("*"), low.span(node.names))]
    else:
        names = [_alias(low, item) for item in node.names]
    return ast.ImportFrom(dotted(node.module) if node.module else None, names, len(node.relative))


def _alias(low: Lowering, node: cst.ImportAlias) -> ast.alias:
    asname = None
    if node.asname is not None:
        assert isinstance(node.asname.name, cst.Name)
        asname = identifier(node.asname.name)
    return low.at(ast.alias(dotted(node.name), asname), low.span(node))


def _global(low: Lowering, node: cst.Global) -> ast.stmt:
    return ast.Global([identifier(item.name) for item in node.names])


def _nonlocal(low: Lowering, node: cst.Nonlocal) -> ast.stmt:
    return ast.Nonlocal([identifier(item.name) for item in node.names])


def _type_alias(low: Lowering, node: cst.TypeAlias) -> ast.stmt:
    name = low.target(node.name)
    assert isinstance(name, ast.Name)
    return newer_nodes.TypeAlias(name, type_parameters(low, node.type_parameters), low.expr(node.value))


_HANDLERS: dict[type[cst.CSTNode], Callable[[Lowering, Any], ast.stmt]] = {
    cst.Expr: _expression,
    cst.Pass: _pass,
    cst.Break: _break,
    cst.Continue: _continue,
    cst.Return: _return,
    cst.Raise: _raise,
    cst.Assert: _assert,
    cst.Del: _delete,
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.Global: _global,
    cst.Nonlocal: _nonlocal,
    cst.TypeAlias: _type_alias,
}
