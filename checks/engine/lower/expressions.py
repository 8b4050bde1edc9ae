"""Expressions, but for strings."""

import ast

import libcst as cst

from checks.engine.lower.arguments import arguments, call_arguments
from checks.engine.lower.context import LOAD, Handlers, Lowering, NotPython, identifier
from checks.engine.lower.positions import Span

_CONSTANTS = {"None": None, "True": True, "False": False}

BINARY: dict[type[cst.BaseBinaryOp], ast.operator] = {
    cst.Add: ast.Add(),
    cst.Subtract: ast.Sub(),
    cst.Multiply: ast.Mult(),
    cst.MatrixMultiply: ast.MatMult(),
    cst.Divide: ast.Div(),
    cst.FloorDivide: ast.FloorDiv(),
    cst.Modulo: ast.Mod(),
    cst.Power: ast.Pow(),
    cst.LeftShift: ast.LShift(),
    cst.RightShift: ast.RShift(),
    cst.BitOr: ast.BitOr(),
    cst.BitAnd: ast.BitAnd(),
    cst.BitXor: ast.BitXor(),
}
UNARY: dict[type[cst.BaseUnaryOp], ast.unaryop] = {
    cst.Plus: ast.UAdd(),
    cst.Minus: ast.USub(),
    cst.BitInvert: ast.Invert(),
    cst.Not: ast.Not(),
}
BOOLEAN: dict[type[cst.BaseBooleanOp], ast.boolop] = {cst.And: ast.And(), cst.Or: ast.Or()}
COMPARISON: dict[type[cst.BaseCompOp], ast.cmpop] = {
    cst.Equal: ast.Eq(),
    cst.NotEqual: ast.NotEq(),
    cst.LessThan: ast.Lt(),
    cst.LessThanEqual: ast.LtE(),
    cst.GreaterThan: ast.Gt(),
    cst.GreaterThanEqual: ast.GtE(),
    cst.Is: ast.Is(),
    cst.IsNot: ast.IsNot(),
    cst.In: ast.In(),
    cst.NotIn: ast.NotIn(),
}


def name(low: Lowering, node: cst.Name) -> ast.expr:
    if node.value in _CONSTANTS:
        return low.at(ast.Constant(_CONSTANTS[node.value]), low.span(node))
    return low.at(ast.Name(identifier(node), LOAD), low.span(node))


def number(low: Lowering, node: cst.Integer | cst.Float | cst.Imaginary) -> ast.expr:
    digits = node.value.replace("_", "")
    value: complex
    try:
        if isinstance(node, cst.Integer):
            value = int(digits, 0)
        elif isinstance(node, cst.Float):
            value = float(digits)
        else:
            value = complex(0, float(digits[:-1]))
    except ValueError as error:
        raise NotPython(str(error), node) from None
    return low.at(ast.Constant(value), low.span(node))


def ellipsis(low: Lowering, node: cst.Ellipsis) -> ast.expr:
    return low.at(ast.Constant(...), low.span(node))


def attribute(low: Lowering, node: cst.Attribute) -> ast.expr:
    return low.at(ast.Attribute(low.expr(node.value), identifier(node.attr), LOAD), low.span(node))


def binary(low: Lowering, node: cst.BinaryOperation) -> ast.expr:
    operator = BINARY[type(node.operator)]
    return low.at(ast.BinOp(low.expr(node.left), operator, low.expr(node.right)), low.span(node))


def unary(low: Lowering, node: cst.UnaryOperation) -> ast.expr:
    return low.at(ast.UnaryOp(UNARY[type(node.operator)], low.expr(node.expression)), low.span(node))


def boolean(low: Lowering, node: cst.BooleanOperation) -> ast.expr:
    """`a and b and c` is one node of three values in `ast`, and two nested ones in libcst."""
    kind = type(node.operator)
    values: list[cst.BaseExpression] = []
    left: cst.BaseExpression = node
    while (
        isinstance(left, cst.BooleanOperation)
        and type(left.operator) is kind
        and (left is node or not left.lpar)
    ):
        values.append(left.right)
        left = left.left
    values.append(left)
    return low.at(ast.BoolOp(BOOLEAN[kind], low.exprs(values[::-1])), low.span(node))


def comparison(low: Lowering, node: cst.Comparison) -> ast.expr:
    operators = [COMPARISON[type(target.operator)] for target in node.comparisons]
    comparators = [low.expr(target.comparator) for target in node.comparisons]
    return low.at(ast.Compare(low.expr(node.left), operators, comparators), low.span(node))


def conditional(low: Lowering, node: cst.IfExp) -> ast.expr:
    test, body, orelse = low.expr(node.test), low.expr(node.body), low.expr(node.orelse)
    return low.at(ast.IfExp(test, body, orelse), low.span(node))


def named(low: Lowering, node: cst.NamedExpr) -> ast.expr:
    target = low.target(node.target)
    assert isinstance(target, ast.Name)
    return low.at(ast.NamedExpr(target, low.expr(node.value)), low.span(node))


def lambda_(low: Lowering, node: cst.Lambda) -> ast.expr:
    return low.at(ast.Lambda(arguments(low, node.params), low.expr(node.body)), low.span(node))


def await_(low: Lowering, node: cst.Await) -> ast.expr:
    return low.at(ast.Await(low.expr(node.expression)), low.span(node))


def yield_(low: Lowering, node: cst.Yield) -> ast.expr:
    if isinstance(node.value, cst.From):
        return low.at(ast.YieldFrom(low.expr(node.value.item)), low.span(node))
    value = low.maybe(node.value)
    return low.at(ast.Yield(value), low.span(node))


def call(low: Lowering, node: cst.Call) -> ast.expr:
    func = low.expr(node.func)
    span = low.span(node)
    positional, keywords = call_arguments(low, node.args)
    if (
        len(node.args) == 1
        and isinstance(node.args[0].value, cst.GeneratorExp)
        and not node.args[0].value.lpar
    ):
        # The parentheses of the call are those of the generator too.
        low.at(positional[0], (low.outer(node.whitespace_after_func)[1], span[1]))
    return low.at(ast.Call(func, positional, keywords), span)


def subscript(low: Lowering, node: cst.Subscript) -> ast.expr:
    elements = [_subscript_element(low, element) for element in node.slice]
    last = node.slice[-1]
    index = elements[0]
    if len(elements) > 1 or isinstance(last.comma, cst.Comma) or isinstance(index, ast.Starred):
        end = low.token(last.comma)[1] if isinstance(last.comma, cst.Comma) else _subscript_span(low, last)[1]
        index = low.at(ast.Tuple(elements, LOAD), (_subscript_span(low, node.slice[0])[0], end))
    return low.at(ast.Subscript(low.expr(node.value), index, LOAD), low.span(node))


def _subscript_element(low: Lowering, element: cst.SubscriptElement) -> ast.expr:
    if isinstance(element.slice, cst.Slice):
        bounds = [
            low.maybe(bound) for bound in (element.slice.lower, element.slice.upper, element.slice.step)
        ]
        return low.at(ast.Slice(*bounds), _subscript_span(low, element))
    assert isinstance(element.slice, cst.Index)
    value = low.expr(element.slice.value)
    if element.slice.star is None:
        return value
    return low.at(ast.Starred(value, LOAD), low.span(element))


def _subscript_span(low: Lowering, element: cst.SubscriptElement) -> Span:
    """A slice's colon takes the blanks behind it into its own node."""
    node = element.slice
    start, end = low.span(element)
    if not isinstance(node, cst.Slice):
        return start, end
    if node.step:
        end = low.outer(node.step)[1]
    elif isinstance(node.second_colon, cst.Colon):
        end = low.token(node.second_colon)[1]
    elif node.upper:
        end = low.outer(node.upper)[1]
    else:
        end = low.token(node.first_colon)[1]
    return low.outer(node.lower)[0] if node.lower else low.token(node.first_colon)[0], end


def element(low: Lowering, node: cst.Element) -> ast.expr:
    return low.expr(node.value)


def starred(low: Lowering, node: cst.StarredElement) -> ast.expr:
    return low.at(ast.Starred(low.expr(node.value), LOAD), low.span(node))


def tuple_(low: Lowering, node: cst.Tuple) -> ast.expr:
    if node.lpar:
        span = low.bracketed(node)
    else:
        last = node.elements[-1]
        end = low.token(last.comma)[1] if isinstance(last.comma, cst.Comma) else low.span(last)[1]
        span = low.span(node)[0], end
    return low.at(ast.Tuple(low.exprs(node.elements), LOAD), span)


def list_(low: Lowering, node: cst.List) -> ast.expr:
    return low.at(ast.List(low.exprs(node.elements), LOAD), low.span(node))


def set_(low: Lowering, node: cst.Set) -> ast.expr:
    return low.at(ast.Set(low.exprs(node.elements)), low.span(node))


def dict_(low: Lowering, node: cst.Dict) -> ast.expr:
    keys = [low.expr(item.key) if isinstance(item, cst.DictElement) else None for item in node.elements]
    return low.at(ast.Dict(keys, [low.expr(item.value) for item in node.elements]), low.span(node))


def generator(low: Lowering, node: cst.GeneratorExp) -> ast.expr:
    span = low.bracketed(node) if node.lpar else low.span(node)
    return low.at(ast.GeneratorExp(low.expr(node.elt), comprehensions(low, node.for_in)), span)


def list_comprehension(low: Lowering, node: cst.ListComp) -> ast.expr:
    return low.at(ast.ListComp(low.expr(node.elt), comprehensions(low, node.for_in)), low.span(node))


def set_comprehension(low: Lowering, node: cst.SetComp) -> ast.expr:
    return low.at(ast.SetComp(low.expr(node.elt), comprehensions(low, node.for_in)), low.span(node))


def dict_comprehension(low: Lowering, node: cst.DictComp) -> ast.expr:
    key, value = low.expr(node.key), low.expr(node.value)
    return low.at(ast.DictComp(key, value, comprehensions(low, node.for_in)), low.span(node))


def comprehensions(low: Lowering, node: cst.CompFor) -> list[ast.comprehension]:
    clauses = []
    clause: cst.CompFor | None = node
    while clause is not None:
        conditions = [low.expr(condition.test) for condition in clause.ifs]
        target, source = low.target(clause.target), low.expr(clause.iter)
        clauses.append(ast.comprehension(target, source, conditions, int(clause.asynchronous is not None)))
        clause = clause.inner_for_in
    return clauses


HANDLERS: Handlers = {
    cst.Name: name,
    cst.Integer: number,
    cst.Float: number,
    cst.Imaginary: number,
    cst.Ellipsis: ellipsis,
    cst.Attribute: attribute,
    cst.BinaryOperation: binary,
    cst.UnaryOperation: unary,
    cst.BooleanOperation: boolean,
    cst.Comparison: comparison,
    cst.IfExp: conditional,
    cst.NamedExpr: named,
    cst.Lambda: lambda_,
    cst.Await: await_,
    cst.Yield: yield_,
    cst.Call: call,
    cst.Subscript: subscript,
    cst.Element: element,
    cst.StarredElement: starred,
    cst.Tuple: tuple_,
    cst.List: list_,
    cst.Set: set_,
    cst.Dict: dict_,
    cst.GeneratorExp: generator,
    cst.ListComp: list_comprehension,
    cst.SetComp: set_comprehension,
    cst.DictComp: dict_comprehension,
}
