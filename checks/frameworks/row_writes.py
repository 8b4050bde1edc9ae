"""Writes of single rows in the turns of a loop: what is written, and whether a turn does no more than that."""

from __future__ import annotations

import ast

from checks.frameworks.held_queries import is_fresh
from checks.frameworks.repeated_queries import derived, names_in
from checks.semantics.enclosing import called, calls_in, function_around
from checks.semantics.nodes import ancestors, descendants, parent

SAVED = frozenset({"force_insert", "update_fields", "using"})
"""The arguments of `save()` that methods for many rows have as well, or can do without."""
_OF_QUERIES = frozenset({"delete", "update"})
_TOLD = frozenset({"append", "critical", "debug", "error", "exception", "info", "print", "warning", "write"})


def is_of_query(call: ast.Call) -> bool:
    """Whether a query is written: `Order.objects.filter(pk=key).delete()`."""
    return (
        isinstance(call.func, ast.Attribute) and call.func.attr in _OF_QUERIES and is_fresh(call.func.value)
    )


def is_narrowed(call: ast.Call, loop: ast.AST) -> bool:
    """Whether a turn only says which rows of a query are written, not what."""
    assert isinstance(call.func, ast.Attribute)
    met = derived(loop)
    values = {name for word in call.keywords for name in names_in(word.value)}
    counts = any(called(inner) == "F" for word in call.keywords for inner in calls_in(word.value))
    return not counts and met.isdisjoint(values) and not met.isdisjoint(names_in(call.func.value))


def is_used_no_more(call: ast.Call) -> bool:
    """Whether what was created is put away as it is: a row of many has no key on some databases."""
    above = parent(call)
    if isinstance(above, ast.Expr):
        return True
    return isinstance(above, ast.ListComp) and above.elt is call


def is_bare(call: ast.Call, loop: ast.AST) -> bool:
    """Whether a turn does nothing that must be done for each row: no catching, no transaction, no call but this."""
    for above in ancestors(call):
        if above is loop:
            break
        if isinstance(above, ast.Try | ast.With | ast.AsyncWith | ast.For | ast.While):
            return False
    if not isinstance(loop, ast.For):
        return True
    for statement in loop.body:
        for node in descendants(statement):
            inner = node.value if isinstance(node, ast.Expr) else None
            if isinstance(inner, ast.Call) and inner is not call and called(inner) not in _TOLD:
                return False
            if isinstance(node, ast.Break | ast.Return | ast.Yield | ast.Await | ast.Delete):
                return False
    return True


def makes(call: ast.Call, loop: ast.AST) -> bool:
    """Whether the row that is saved was made in the same turn."""
    row = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(row, ast.Name):
        return False
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and any(isinstance(target, ast.Name) and target.id == row.id for target in node.targets)
        for node in descendants(loop)
    )


def is_of_parameter(call: ast.Call) -> bool:
    """Whether what is saved was given to the function around."""
    row, owner = call.func.value if isinstance(call.func, ast.Attribute) else None, function_around(call)
    return (
        isinstance(row, ast.Name)
        and isinstance(owner, ast.FunctionDef)
        and any(row.id == one.arg for one in owner.args.args)
        and {word.arg for word in call.keywords} <= SAVED
    )


def may_wait(call: ast.Call) -> bool:
    """Whether nothing around wants it done at once: no catching, no transaction."""
    return not any(isinstance(above, ast.Try | ast.With | ast.AsyncWith) for above in ancestors(call))


def copies_rows(loop: ast.AST) -> bool:
    """Whether a turn takes the key off a row, so that saving it makes another: `line.pk = None`."""
    return any(
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant)
        and node.value.value is None
        and any(isinstance(one, ast.Attribute) and one.attr in ("id", "pk") for one in node.targets)
        for node in descendants(loop)
    )
