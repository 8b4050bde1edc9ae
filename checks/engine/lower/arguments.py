"""Parameters of a definition, arguments of a call, type parameters."""

import ast
from collections.abc import Sequence

import libcst as cst

from checks.engine import newer_nodes
from checks.engine.lower.context import LOAD, Lowering, identifier


def arguments(low: Lowering, node: cst.Parameters) -> ast.arguments:
    ordered = [*node.posonly_params, *node.params]
    return ast.arguments(
        posonlyargs=[_parameter(low, item) for item in node.posonly_params],
        args=[_parameter(low, item) for item in node.params],
        vararg=_parameter(low, node.star_arg) if isinstance(node.star_arg, cst.Param) else None,
        kwonlyargs=[_parameter(low, item) for item in node.kwonly_params],
        kw_defaults=[low.maybe(item.default) for item in node.kwonly_params],
        kwarg=_parameter(low, node.star_kwarg) if node.star_kwarg else None,
        defaults=[low.expr(item.default) for item in ordered if item.default is not None],
    )


def _parameter(low: Lowering, node: cst.Param) -> ast.arg:
    start, end = low.span(node.name)
    annotation = None
    if node.annotation is not None:
        annotation = low.expr(node.annotation.annotation)
        end = low.span(node.annotation)[1]
    return low.at(ast.arg(identifier(node.name), annotation), (start, end))


def call_arguments(low: Lowering, nodes: Sequence[cst.Arg]) -> tuple[list[ast.expr], list[ast.keyword]]:
    """Positional and keyword arguments of a call or of a class statement, each in the order of the text."""
    positional: list[ast.expr] = []
    keywords: list[ast.keyword] = []
    for node in nodes:
        value = low.expr(node.value)
        if node.star == "**":
            keywords.append(low.at(ast.keyword(None, value), low.span(node)))
        elif node.keyword is not None:
            keywords.append(low.at(ast.keyword(identifier(node.keyword), value), low.span(node)))
        elif node.star == "*":
            positional.append(low.at(ast.Starred(value, LOAD), low.span(node)))
        else:
            positional.append(value)
    return positional, keywords


def type_parameters(low: Lowering, node: cst.TypeParameters | None) -> list[newer_nodes.type_param]:
    return [] if node is None else [_type_parameter(low, item) for item in node.params]


def _type_parameter(low: Lowering, node: cst.TypeParam) -> newer_nodes.type_param:
    name = identifier(node.param.name)
    start, end = low.outer(node.param)
    default = None
    if node.default is not None:
        default, end = _default(low, node, node.default)
    kind: newer_nodes.type_param
    match node.param:
        case cst.TypeVar():
            if node.default is None:
                end = low.outer(node.param.bound or node.param.name)[1]
            kind = newer_nodes.TypeVar(name, low.maybe(node.param.bound), default)
        case cst.ParamSpec():
            kind = newer_nodes.ParamSpec(name, default)
        case _:
            kind = newer_nodes.TypeVarTuple(name, default)
    return low.at(kind, (start, end))


def _default(low: Lowering, node: cst.TypeParam, default: cst.BaseExpression) -> tuple[ast.expr, int]:
    value = low.expr(default)
    end = low.outer(default)[1]
    if node.star:
        star = low.outer(node.whitespace_after_star)[0] - len(node.star)
        value = low.at(ast.Starred(value, LOAD), (star, end))
    return value, end
