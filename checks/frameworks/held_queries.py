"""A query and every place of a function that uses it: whether its rows are wanted, or only how many there are.

From Django's documentation: "When QuerySets are evaluated", "Caching and QuerySets".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from checks.frameworks.django.querysets import METHODS
from checks.semantics.enclosing import function_around, kept
from checks.semantics.nodes import ancestors, descendants, parent
from checks.semantics.source import Function

ROWS, LEN, COUNT, EXISTS, TRUTH, INDEX, SLICE = "rows", "len", "count", "exists", "truth", "index", "slice"
"""Uses that run a query: for its rows, for their number, for whether there are any, for some of them."""

NARROWED, IDENTITY, GIVEN = "narrowed", "identity", "given"
"""Uses that don't: another query is made of it, it is compared by identity, other code gets hold of it."""

_READERS = frozenset(
    {
        "all", "any", "dict", "enumerate", "filter", "frozenset", "iter", "list", "map", "max", "min", "next",
        "reversed", "set", "sorted", "sum", "tuple", "zip",
    }
)  # fmt: skip
_MAKERS = frozenset(
    {
        "alias", "all", "annotate", "complex_filter", "dates", "datetimes", "db_manager", "defer", "difference",
        "distinct", "exclude", "extra", "filter", "get_queryset", "intersection", "none", "only", "order_by",
        "prefetch_related", "reverse", "select_for_update", "select_related", "union", "using", "values",
        "values_list",
    }
)  # fmt: skip
"""The methods that make another query; the others that are known run one."""
_NUMBERS = {"count": COUNT, "acount": COUNT, "exists": EXISTS, "aexists": EXISTS}
_COMPREHENSIONS = (ast.DictComp, ast.GeneratorExp, ast.ListComp, ast.SetComp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_BINDS = (ast.For, ast.AsyncFor, ast.comprehension)


@dataclass(frozen=True, slots=True)
class Read:
    """A place that uses a query: the expression, and what is done with it."""

    node: ast.expr
    how: str


@dataclass(frozen=True, slots=True)
class Held:
    """A query with all places that use it: `queries` are the expressions that make it, `name` what holds it, if any."""

    queries: tuple[ast.Call, ...]
    name: str
    reads: tuple[Read, ...]

    @property
    def hows(self) -> frozenset[str]:
        """What is done with it, anywhere."""
        return frozenset(read.how for read in self.reads)

    def times(self, how: str) -> int:
        """How often something is done with it."""
        return sum(read.how == how for read in self.reads)


def held(node: ast.expr) -> Held | None:
    """The query that an expression is, where all that uses it is in sight; None where it isn't.

    That is a query written out where it is used, or a local name that is only given such.
    """
    if isinstance(node, ast.Call):
        return Held((node,), "", (Read(node, how_used(node)),)) if is_fresh(node) else None
    function = function_around(node)
    if not isinstance(node, ast.Name) or function is None:
        return None
    name = node.id
    found = kept(function, f"held {name}", lambda: _named(name, function))
    return found if found is not None and any(read.node is node for read in found.reads) else None


def is_fresh(node: ast.AST) -> bool:
    """Whether an expression makes a query of its own: a manager's or queryset's methods, one behind the other."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    receiver, name = node.func.value, node.func.attr
    if name in METHODS:
        return name in _MAKERS
    return (isinstance(receiver, ast.Attribute) and receiver.attr == "objects") or is_fresh(receiver)


def how_used(node: ast.expr) -> str:
    """What is done with a query where it stands."""
    above = parent(node)
    match above:
        case ast.Attribute():
            call = parent(above)
            called = isinstance(call, ast.Call) and call.func is above
            return _NUMBERS.get(above.attr, NARROWED) if called or above.attr == "model" else GIVEN
        case ast.Subscript() if above.value is node:
            return SLICE if isinstance(above.slice, ast.Slice) else INDEX
        case ast.Call() if isinstance(above.func, ast.Name) and node in above.args:
            return _of_builtin(above.func.id, above)
        case ast.keyword() if (above.arg or "").endswith("__in"):
            return NARROWED  # a subquery
        case ast.Compare():
            return _compared(above, node)
        case ast.Starred() | ast.YieldFrom():
            return ROWS
    if isinstance(above, _BINDS) and above.iter is node:
        return ROWS
    return TRUTH if is_tested(node) else GIVEN


def is_tested(node: ast.expr) -> bool:
    """Whether only the truth of an expression counts where it stands."""
    below: ast.AST = node
    for above in ancestors(node):
        match above:
            case ast.UnaryOp(op=ast.Not()):
                return True
            case ast.BoolOp():
                below = above
                continue
            case ast.If() | ast.While() | ast.Assert() | ast.IfExp():
                return above.test is below
            case ast.comprehension():
                return below in above.ifs
            case ast.Call(func=ast.Name(id="bool")):
                return below in above.args
        return False
    return False


def awaited(node: ast.AST) -> ast.AST:
    """An expression, or the `await` of it."""
    above = parent(node)
    return above if isinstance(above, ast.Await) else node


def _of_builtin(name: str, call: ast.Call) -> str:
    if name == "len":
        return LEN
    if name == "bool":
        return TRUTH
    if name in ("list", "tuple"):
        above = parent(call)
        if isinstance(above, ast.Call) and isinstance(above.func, ast.Name) and above.func.id == "len":
            return LEN
    if name in ("isinstance", "type", "id"):
        return IDENTITY
    return ROWS if name in _READERS else GIVEN


def _compared(compare: ast.Compare, node: ast.expr) -> str:
    if all(isinstance(operator, ast.Is | ast.IsNot) for operator in compare.ops):
        return IDENTITY
    contains = isinstance(compare.ops[0], ast.In | ast.NotIn) and compare.left is not node
    return ROWS if contains else GIVEN


def _named(name: str, function: Function) -> Held | None:
    """What a local name holds, where nothing but queries are ever assigned to it."""
    if name in _parameters(function):
        return None
    queries: list[ast.Call] = []
    reads: list[Read] = []
    for node in descendants(function):
        if isinstance(node, ast.Global | ast.Nonlocal) and name in node.names:
            return None
        if isinstance(node, ast.arg) and node.arg == name:
            return None  # a nested function's own
        if not isinstance(node, ast.Name) or node.id != name:
            continue
        if isinstance(node.ctx, ast.Load):
            reads.append(Read(node, how_used(node)))
            continue
        query = _assigned(node)
        if query is None:
            return None
        queries.append(query)
    return Held(tuple(queries), name, tuple(reads)) if queries else None


def _parameters(function: Function) -> Iterator[str]:
    given = function.args
    named = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
    return (one.arg for one in named if one is not None)


def _assigned(target: ast.Name) -> ast.Call | None:
    """The query that a plain assignment gives to a name."""
    statement = parent(target)
    if isinstance(statement, ast.Assign):
        fits = len(statement.targets) == 1 and statement.targets[0] is target
    else:
        fits = isinstance(statement, ast.AnnAssign) and statement.value is not None
    value = getattr(statement, "value", None)
    if not fits or not isinstance(value, ast.Call):
        return None
    return value if is_fresh(value) or _is_made_of(value, target.id) else None


def _is_made_of(query: ast.Call, name: str) -> bool:
    """Whether a name's query is narrowed by a method that the project adds: `orders = orders.paid()`."""
    called = query.func
    return (
        isinstance(called, ast.Attribute)
        and called.attr not in METHODS
        and isinstance(called.value, ast.Name)
        and called.value.id == name
    )
