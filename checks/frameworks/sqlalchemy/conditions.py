"""What the conditions of a query say of its rows: that all of them lead to one other, which is asked for once.

A session asks for a row by its key only where it does not hold it already. So where `filter_by(customer=customer)`
leaves the orders of one customer, `order.customer` of each asks for nothing, or once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from checks.frameworks.sqlalchemy.entities import mapped_attribute
from checks.frameworks.sqlalchemy.held import led_on
from checks.frameworks.sqlalchemy.links import ones_of
from checks.frameworks.sqlalchemy.models import SqlModel
from checks.frameworks.sqlalchemy.options import ATTRIBUTE, EVERYTHING
from checks.frameworks.sqlalchemy.relations import model_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.rows import UNSURE, Path, Rows
from checks.semantics.source import File
from checks.semantics.values import Value

_CLAUSES = (ATTRIBUTE, "sqlalchemy.sql.")
_DEPTH = 3
_TESTS = frozenset({"in_", "is_not", "isnot"})


def by_keywords(rows: Rows, _frame: Frame, call: Invocation) -> Rows:
    """`filter_by(customer=customer, shop_id=3)`."""
    model = model_of(rows.type)
    for name, value in call.keywords.items() if model is not None else ():
        if model is not None and not _is_clause(value):
            rows = _sharing(rows, _leading(rows, model, name))
    return rows


def by_conditions(rows: Rows, frame: Frame, call: Invocation) -> Rows:
    """`filter(Order.customer == customer, Order.shop_id.in_(ids))`."""
    for node in _conditions(call.node.args, frame.file, _DEPTH):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            left, right = node.left, node.comparators[0]
            for one, other in ((left, right), (right, left)):
                found = mapped_attribute(frame, one)
                if found is not None and _is_value(frame, other):
                    rows = _sharing(rows, _paths(rows, *found))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found = mapped_attribute(frame, node.func.value) if node.func.attr in _TESTS else None
            if found is not None and node.func.attr == "in_":
                again = _is_key(found) and any(map(_is_of_rows, node.args))
                rows = rows.but(maybe=rows.maybe.union([UNSURE] if again else _paths(rows, *found)))
            elif found is not None:
                rows = rows.but(applied=rows.applied.union(led_on(path) for path in _paths(rows, *found)))
    return rows


def of_parent(rows: Rows, _frame: Frame, call: Invocation) -> Rows:
    """`with_parent(customer)`: the rows of one other; which of their relations leads to it, its class or name says."""
    model, given = model_of(rows.type), call.argument(0)
    if model is None or given is None:
        return rows
    parent = model_of(given.type)
    node = call.expression(0)
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    links = list(ones_of(model, rows.type.file.project))
    named = [
        link.name for link in links if link.name == name or (parent is not None and link.model == parent.name)
    ]
    if named:
        return _sharing(rows, [(one,) for one in named])
    return rows.but(maybe=rows.maybe.union((link.name,) for link in links))


def _conditions(nodes: Iterable[ast.AST], file: File, depth: int) -> Iterator[ast.AST]:
    """Conditions one by one: those of `and_`, `&` and of lists, under their names as well."""
    for node in nodes:
        found = node.value if isinstance(node, ast.Starred) else node
        found = file.names.value(found) if isinstance(found, ast.Name) else found
        inner: list[ast.AST] = []
        if isinstance(found, ast.List | ast.Tuple):
            inner += found.elts
        elif isinstance(found, ast.BinOp) and isinstance(found.op, ast.BitAnd):
            inner += [found.left, found.right]
        elif (
            isinstance(found, ast.Call)
            and getattr(found.func, "attr", getattr(found.func, "id", "")) == "and_"
        ):
            inner += found.args
        if inner and depth:
            yield from _conditions(inner, file, depth - 1)
        else:
            yield found


def _is_key(attribute: tuple[Class, str]) -> bool:
    model = model_of(attribute[0])
    column = model.columns.get(attribute[1]) if model is not None else None
    return column is not None and column.primary_key


def _is_of_rows(node: ast.expr) -> bool:
    """Whether keys are those of rows at hand, whatever these have loaded: `[order.id for order in orders]`."""
    return isinstance(node, ast.GeneratorExp | ast.ListComp | ast.SetComp) and isinstance(
        node.elt, ast.Attribute
    )


def _is_value(frame: Frame, node: ast.expr) -> bool:
    """Whether an expression is one value: no column, no function, no other query."""
    if isinstance(node, ast.Constant):
        return True
    return isinstance(node, ast.Attribute | ast.Name | ast.Subscript) and not _is_clause(frame.evaluate(node))


def _is_clause(value: Value) -> bool:
    return (value.record is not None and isinstance(value.record, Rows)) or value.type_name.startswith(
        _CLAUSES
    )


def _paths(rows: Rows, owner: Class, name: str) -> list[Path]:
    """The relations that a condition on a model's attribute is about: of the rows, or of what they lead to."""
    model, other = model_of(rows.type), model_of(owner)
    if model is None or other is None:
        return []
    if rows.type == owner or other.name in model.above:
        return _leading(rows, model, name)
    ways = [link.name for link in ones_of(model, rows.type.file.project) if link.model == other.name]
    return [(way, *path) for way in ways for path in _leading(rows, other, name)]


def _leading(rows: Rows, model: SqlModel, name: str) -> list[Path]:
    """The relations of a model that an attribute is, or is the key of."""
    return [
        (link.name,)
        for link in ones_of(model, rows.type.file.project)
        if link.name == name or link.columns == (name,)
    ]


def _sharing(rows: Rows, paths: list[Path]) -> Rows:
    if not paths:
        return rows
    return rows.but(loaded=rows.loaded.union(paths, ((*path, EVERYTHING) for path in paths)))
