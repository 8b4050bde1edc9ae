"""The patterns of a `match` statement."""

import ast
from collections.abc import Callable
from typing import Any

import libcst as cst

from checks.engine.lower.context import Lowering, NotPython, identifier


def pattern(low: Lowering, node: cst.MatchPattern | cst.MatchStar | cst.MatchSequenceElement) -> ast.pattern:
    """The pattern that `node` is; one in parentheses stands where it stands without them, but for sequences."""
    lowered = _HANDLERS[type(node)](low, node)
    assert isinstance(lowered, ast.pattern)
    return lowered


def _value(low: Lowering, node: cst.MatchValue) -> ast.pattern:
    return low.at(ast.MatchValue(low.expr(node.value)), low.span(node.value))


def _singleton(low: Lowering, node: cst.MatchSingleton) -> ast.pattern:
    constant = low.expr(node.value)
    if not isinstance(constant, ast.Constant) or not isinstance(constant.value, bool | None):
        raise NotPython("invalid pattern", node)
    return low.at(ast.MatchSingleton(constant.value), low.span(node.value))


def _element(low: Lowering, node: cst.MatchSequenceElement) -> ast.pattern:
    return pattern(low, node.value)


def _star(low: Lowering, node: cst.MatchStar) -> ast.pattern:
    start = low.span(node)[0]
    if node.name is None:
        return low.at(ast.MatchStar(None), (start, low.outer(node.whitespace_before_name)[1] + 1))
    return low.at(ast.MatchStar(identifier(node.name)), (start, low.span(node.name)[1]))


def _list(low: Lowering, node: cst.MatchList) -> ast.pattern:
    patterns = [pattern(low, item) for item in node.patterns]
    return low.at(ast.MatchSequence(patterns), low.span(node) if node.lbracket else _open_span(low, node))


def _open_span(low: Lowering, node: cst.MatchList) -> tuple[int, int]:
    """From the first of `case a, b:` to the last, or to the comma after it."""
    last = node.patterns[-1]
    if isinstance(last.comma, cst.Comma):
        end = low.token(last.comma)[1]
    else:
        end = low.outer(last.value)[1] if isinstance(last, cst.MatchSequenceElement) else low.span(last)[1]
    return low.span(node)[0], end


def _tuple(low: Lowering, node: cst.MatchTuple) -> ast.pattern:
    patterns = [pattern(low, item) for item in node.patterns]
    return low.at(ast.MatchSequence(patterns), (low.outer(node.lpar[-1])[0], low.outer(node.rpar[0])[1]))


def _mapping(low: Lowering, node: cst.MatchMapping) -> ast.pattern:
    keys = [low.expr(item.key) for item in node.elements]
    patterns = [pattern(low, item.pattern) for item in node.elements]
    rest = identifier(node.rest) if node.rest else None
    return low.at(ast.MatchMapping(keys, patterns, rest), low.span(node))


def _class(low: Lowering, node: cst.MatchClass) -> ast.pattern:
    positional = [pattern(low, item) for item in node.patterns]
    names = [identifier(item.key) for item in node.kwds]
    keywords = [pattern(low, item.pattern) for item in node.kwds]
    return low.at(ast.MatchClass(low.expr(node.cls), positional, names, keywords), low.span(node))


def _as(low: Lowering, node: cst.MatchAs) -> ast.pattern:
    inner = pattern(low, node.pattern) if node.pattern else None
    return low.at(ast.MatchAs(inner, identifier(node.name) if node.name else None), low.span(node))


def _or(low: Lowering, node: cst.MatchOr) -> ast.pattern:
    return low.at(ast.MatchOr([pattern(low, item.pattern) for item in node.patterns]), low.span(node))


_HANDLERS: dict[type[cst.CSTNode], Callable[[Lowering, Any], ast.pattern]] = {
    cst.MatchValue: _value,
    cst.MatchSingleton: _singleton,
    cst.MatchSequenceElement: _element,
    cst.MatchStar: _star,
    cst.MatchList: _list,
    cst.MatchTuple: _tuple,
    cst.MatchMapping: _mapping,
    cst.MatchClass: _class,
    cst.MatchAs: _as,
    cst.MatchOr: _or,
}
