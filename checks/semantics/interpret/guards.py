"""Code that asks a database only when something is not at hand yet: mostly not for each row."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.semantics.nodes import descendants, parent

_CACHE = "_prefetched_objects_cache"
_REMEMBERING = frozenset({"cache", "cached", "lru_cache", "memoize", "memoized"})
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Module)
_ENDS = (ast.Break, ast.Raise, ast.Return)
_FOR_EACH = frozenset(
    {"all", "any", "filter", "groupby", "map", "max", "min", "reduce", "sort", "sorted", "sum"}
)
_EXITS = (ast.Break, ast.Continue, ast.Raise, ast.Return)


def is_guarded(node: ast.AST) -> bool:
    """Whether code around a question keeps it from being asked each time: it is remembered, or ends the loop."""
    known: bool | None = getattr(node, "_guarded", None)
    if known is None:  # a call is asked for each question of what it calls
        known = node._guarded = _is_guarded(node)  # type: ignore[attr-defined]
    return known


def _is_guarded(node: ast.AST) -> bool:
    below: ast.AST = node
    above = parent(node)
    ends = False
    while above is not None and not isinstance(above, _SCOPES):
        if isinstance(above, ast.If | ast.IfExp) and below is not above.test and _remembers(above.test):
            return True
        if isinstance(above, ast.ExceptHandler):
            return True
        if _is_behind_memory(above, below):
            return True
        ends = ends or (isinstance(below, ast.stmt) and _ends_behind(above, below))
        if isinstance(above, ast.For | ast.AsyncFor | ast.While):
            return ends
        below, above = above, parent(above)
    return isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef) and _is_behind_memory(above, below)


def looks_into_cache(function: ast.AST) -> bool:
    """Whether a function asks what a prefetch put on its object: which rows it gives, only running tells."""
    return any(map(_is_cache, descendants(function)))


def _is_cache(node: ast.AST) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == _CACHE) or (
        isinstance(node, ast.Constant) and node.value == _CACHE
    )


def _is_behind_memory(above: ast.AST, below: ast.AST) -> bool:
    """Whether it is only come by where nothing is at hand: `if key in known: return known[key]` stands before it."""
    if isinstance(above, ast.If) and below in above.orelse and _is_at_hand(above.test):
        return True
    return any(_is_at_hand(test) for test in _exits_before(above, below))


def _exits_before(above: ast.AST, below: ast.AST) -> Iterator[ast.expr]:
    """The conditions under which statements before one in its block leave: `if not order.paid: continue`."""
    block = _block_of(above, below)
    for one in block[: block.index(below)] if block else ():
        if isinstance(one, ast.If) and isinstance(one.body[-1], _EXITS):
            yield one.test


def _block_of(above: ast.AST, statement: ast.AST) -> list[ast.AST]:
    """The statements among which one stands; nothing where it is no statement of the node above."""
    blocks = (getattr(above, field, None) for field in ("body", "orelse", "finalbody"))
    return next((block for block in blocks if isinstance(block, list) and statement in block), [])


def _is_at_hand(test: ast.expr) -> bool:
    """`key in known`, `hasattr(order, "shown")`, a look into the cache of prefetched rows."""
    for node in descendants(test):
        if _is_cache(node) or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hasattr"):
            return True
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
            held = node.comparators[0]
            if isinstance(held, ast.Name | ast.Attribute) and _is_memory(held):
                return True
    return False


def _is_memory(held: ast.Name | ast.Attribute) -> bool:
    name = held.attr if isinstance(held, ast.Attribute) else held.id
    return name == "__dict__" or any(word in name.lower() for word in ("cache", "known", "seen", "memo"))


def seldom(node: ast.AST, name: str = "") -> int:
    """Whether a condition lets some turns go without a question: 1 for one within a loop of the same function, else 2.

    A condition that names the attribute `name` or its key asks whether there is anything to read, and does not count.
    """
    known: dict[str, int] = node.__dict__.setdefault("_seldom", {})
    if name not in known:
        known[name] = _seldom(node, name)
    return known[name]


def _seldom(node: ast.AST, name: str) -> int:
    below: ast.AST = node
    above = parent(node)
    found = 0
    while above is not None and not isinstance(above, _SCOPES):
        if not found and _is_behind_condition(above, below, name):
            found = 2
        if isinstance(above, ast.For | ast.AsyncFor | ast.While | ast.comprehension):
            return min(found, 1)
        below, above = above, parent(above)
    if isinstance(above, ast.Lambda) and not _is_for_each(above):
        return 2  # whom it is given to may never call it
    if not found and isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef):
        found = 2 if _is_behind_exit(above, below, name) else 0
    return found


def _is_for_each(function: ast.Lambda) -> bool:
    """Whether a lambda is given to what calls it with each element: `sorted(orders, key=lambda order: ...)`."""
    above = parent(function)
    call = parent(above) if isinstance(above, ast.keyword) else above
    called = getattr(call, "func", None)
    return getattr(called, "attr", getattr(called, "id", "")) in _FOR_EACH


def _is_behind_condition(above: ast.AST, below: ast.AST, name: str) -> bool:
    """Whether a part of a statement or expression is only come by where a condition holds."""
    if isinstance(above, ast.If | ast.IfExp):
        return (below is not above.test and not _names(above.test, name)) or _is_behind_exit(
            above, below, name
        )
    if isinstance(above, ast.BoolOp):
        before = above.values[: above.values.index(below)] if below in above.values else []
        return bool(before) and not any(_names(value, name) for value in before)
    if isinstance(above, ast.ExceptHandler):
        return True
    if isinstance(above, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        tests = [test for generator in above.generators for test in generator.ifs]
        return below not in above.generators and bool(tests) and not any(_names(test, name) for test in tests)
    return _is_behind_exit(above, below, name)


def _is_behind_exit(above: ast.AST, below: ast.AST, name: str) -> bool:
    return any(not _names(test, name) for test in _exits_before(above, below))


def _names(test: ast.expr, name: str) -> bool:
    """Whether a condition names an attribute, or the column of its key."""
    names = (name, f"{name}_id")
    return any(isinstance(node, ast.Attribute) and node.attr in names for node in descendants(test))


def is_remembered(function: ast.AST) -> bool:
    """Whether a decorator keeps what a function gave for the same arguments."""
    for decorator in getattr(function, "decorator_list", ()):
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if getattr(called, "attr", getattr(called, "id", "")) in _REMEMBERING:
            return True
    return False


def _remembers(test: ast.expr) -> bool:
    """`key not in known`, `found is None`, `not hasattr(...)`, a look into the cache of prefetched rows."""
    for node in descendants(test):
        if _is_cache(node) or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "hasattr"):
            return True
        if isinstance(node, ast.Compare) and (
            isinstance(node.ops[0], ast.NotIn)
            or (isinstance(node.ops[0], ast.Is) and _is_none(node.comparators[0]))
        ):
            return True
    return False


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _ends_behind(above: ast.AST, statement: ast.stmt) -> bool:
    """Whether the block that a statement stands in leaves the loop, or the function, right behind it."""
    block = _block_of(above, statement)
    behind = block[block.index(statement) + 1 :] if block else []
    return isinstance(statement, _ENDS) or any(isinstance(other, _ENDS) for other in behind)
