"""Relations that code asks to be loaded along, by their names: Django's methods, SQLAlchemy's options."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from checks.semantics.names import parent
from checks.semantics.source import File

_METHODS = frozenset({"select_related", "prefetch_related"})
_OPTIONS = frozenset({"joinedload", "selectinload", "subqueryload", "immediateload"})
_ONE = frozenset(
    {"get", "aget", "first", "afirst", "last", "latest", "earliest", "one", "one_or_none", "scalar_one"}
)
_TAKING = frozenset({"get_object_or_404", "aget_object_or_404", "get_object_or_none"})


@dataclass(frozen=True, slots=True)
class Load:
    """A relation that is loaded along: `path` as written (`items__product`), `single` where one row is taken.

    `others` are the paths that the same chain of calls loads besides.
    """

    path: str
    scope: str
    node: ast.expr
    single: bool
    others: tuple[str, ...]

    @property
    def last(self) -> str:
        """The relation that is read last."""
        return self.path.rpartition("__")[2]


def loads_in(file: File) -> Iterator[Load]:
    """The loads that a file asks for, in the order of its source."""
    for node in file.nodes:
        if isinstance(node, ast.Call) and _last(node.func) in _METHODS | _OPTIONS:
            names = [(path, argument) for argument in node.args for path in _paths(argument, file)]
            chain = tuple(_all_in_chain(node, file))
            for path, argument in names:
                yield Load(path, file.scope(node), argument, _is_single(node), chain)


def _paths(argument: ast.expr, file: File) -> Iterator[str]:
    """`"items__product"`, `Prefetch("items", ...)`, `Order.items`."""
    if isinstance(argument, ast.Call) and _last(argument.func) == "Prefetch" and argument.args:
        argument = argument.args[0]
    if isinstance(argument, ast.Attribute):
        yield argument.attr
        return
    folded = file.constant(argument)
    if folded is not None and isinstance(folded.value, str):
        yield folded.value


def _all_in_chain(call: ast.Call, file: File) -> Iterator[str]:
    """The paths that the calls before and behind one in the same chain load."""
    outermost: ast.AST = call
    above = parent(outermost)
    while isinstance(above, ast.Attribute | ast.Call) and outermost is _inner(above):
        outermost, above = above, parent(above)
    current: ast.AST | None = outermost
    while current is not None:
        if isinstance(current, ast.Call):
            if _last(current.func) in _METHODS:
                for argument in current.args:
                    yield from _paths(argument, file)
            current = current.func
        else:
            current = getattr(current, "value", None) if isinstance(current, ast.Attribute) else None


def _inner(node: ast.Attribute | ast.Call) -> ast.AST:
    return node.func if isinstance(node, ast.Call) else node.value


def _is_single(call: ast.Call) -> bool:
    """Whether the chain ends in taking one row, or is given to what takes one."""
    node: ast.AST = call
    above = parent(node)
    while above is not None:
        if isinstance(above, ast.Attribute) and above.value is node:
            if above.attr in _ONE:
                return True
        elif isinstance(above, ast.Call) and above.func is not node:
            return _last(above.func) in _TAKING and bool(above.args) and above.args[0] is node
        elif not isinstance(above, ast.Call):
            return False
        node, above = above, parent(above)
    return False


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
