"""Loops that ask a database in each turn: which of these questions could be put once, before the loop."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from checks.semantics.enclosing import function_around, kept
from checks.semantics.interpret.queries import Query
from checks.semantics.nodes import ancestors, descendants, parent
from checks.semantics.rows import wanted
from checks.semantics.source import File, Function

READS = frozenset(
    {
        "aggregate", "bool", "contains", "count", "earliest", "exists", "first", "first in order", "get", "index",
        "iterate", "last", "latest", "len",
    }
)  # fmt: skip
"""The ways of asking for rows, or for something about them."""

WRITES = frozenset(
    {
        "add", "bulk_create", "bulk_update", "clear", "create", "delete", "get_or_create", "remove", "save", "set",
        "update", "update_or_create",
    }
)  # fmt: skip

_DEFERRED = re.compile(r"\.(a?delay\w*|apply_async\w*|enqueue\w*|send_task|on_commit|defer|spawn|submit)\(")
_REMEMBERS = re.compile(r"cache|memo|hasattr\(|global ")
_KEPT_ON_ROW = frozenset({"cached_property"})
_IN_STEPS = re.compile(
    r"batch|chunk|paginat|\bpages?\b|grouper|islice|\brange\(|sliced|steps?\b|retr(y|ies)|attempt",
    re.IGNORECASE,
)
_FEW = re.compile(
    r"^[\w.]*\b[A-Z][A-Z0-9_]+\b(\.\w+\(\))?$|\.choices\b|\bsettings\.|language|locale|formsets?\b|\bforms\b|_meta\.",
)
_READ_IN = re.compile(
    r"\b(csv|reader|worksheet|sheet|workbook|iter_rows|listdir|glob|walk|readlines|splitlines)\b"
)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Module)


def is_loaded_along(asked: Query) -> bool:
    """Whether a question narrows a relation that the query of its rows prefetches."""
    rows = asked.rows
    if rows is None or rows.parent is None or not rows.accessor:
        return False
    return wanted(rows.parent, rows.accessor).loaded is True


def loop_of(asked: Query) -> ast.AST | None:
    """The loop's own node in the code: a `for`, a comprehension."""
    node = asked.loop.node if asked.loop is not None else None
    if isinstance(node, ast.comprehension):
        return parent(node)
    return node if isinstance(node, ast.For | ast.AsyncFor) else None


def derived(loop: ast.AST) -> frozenset[str]:
    """The names that hold what a loop meets, or what its body makes of it."""
    return kept(loop, "derived", lambda: frozenset(_derived(loop)))


def _derived(loop: ast.AST) -> set[str]:
    found = {name for target in _targets(loop) for name in _names(target)}
    for _ in range(4):
        grown = set(found)
        for node in descendants(loop):
            match node:
                case ast.Assign(targets=targets, value=value):
                    pass
                case (
                    ast.AnnAssign(target=target, value=ast.expr() as value)
                    | ast.AugAssign(target=target, value=value)
                ):
                    targets = [target]
                case ast.NamedExpr(target=target, value=value) | ast.For(target=target, iter=value):
                    targets = [target]
                case ast.comprehension(target=target, iter=value):
                    targets = [target]
                case ast.With(items=items):
                    targets = [item.optional_vars for item in items if item.optional_vars is not None]
                    value = items[0].context_expr
                case _:
                    continue
            if not found.isdisjoint(_names(value)):
                grown.update(name for target in targets for name in _names(target))
        if grown == found:
            break
        found = grown
    return found


def _targets(loop: ast.AST) -> list[ast.expr]:
    if isinstance(loop, ast.For | ast.AsyncFor):
        return [loop.target]
    return [generator.target for generator in getattr(loop, "generators", ())]


def _names(node: ast.AST) -> Iterator[str]:
    return (inner.id for inner in descendants(node) if isinstance(inner, ast.Name))


def hangs_on_turn(asked: Query) -> bool:
    """Whether what a loop asks for, or hands to what asks, depends on what the turn is about."""
    loop = loop_of(asked)
    if loop is None or asked.at is None:
        return False
    names = derived(loop)
    return any(name in names for name in _names(asked.at[1]))


def is_deferred(asked: Query) -> bool:
    """Whether the way leads through a call that only hands work to somebody else."""
    if not asked.hops:
        return False
    places = [(asked.at[0], getattr(asked.at[1], "lineno", 1))] if asked.at is not None else []
    project = getattr(asked.file, "project", None)
    for hop in asked.hops:
        file = project.file(hop.path) if project is not None else None
        if file is not None:
            places.append((file, hop.line))
    return any(_DEFERRED.search("".join(file.lines[line - 1 : line + 2])) for file, line in places)


def is_remembered(asked: Query) -> bool:
    """Whether a function on the way seems to keep what it once found."""
    for position, function in enumerate(functions_along(asked)):
        node, file = function
        marks = {_last(mark) for mark in node.decorator_list}
        if position == 0 and marks & _KEPT_ON_ROW:
            continue  # kept for one row, asked for each
        if _REMEMBERS.search(file.segment(node)) or any("cache" in mark for mark in marks):
            return True
    return False


def functions_along(asked: Query) -> list[tuple[Function, File]]:
    """The functions that are called on the way from the loop to the question, the outermost first."""
    found: list[tuple[Function, File]] = []
    project = getattr(asked.file, "project", None)
    for hop in asked.hops[1:]:
        file = project.file(hop.path) if project is not None else None
        function = _at_line(file, hop.line) if file is not None else None
        if function is not None and file is not None:
            found.append((function, file))
    if asked.hops and isinstance(asked.file, File):
        last = function_around(asked.node)
        if last is not None:
            found.append((last, asked.file))
    return found


def _at_line(file: File, line: int) -> Function | None:
    """The innermost function that a line stands in."""
    best: Function | None = None
    for node in file.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.lineno <= line <= (node.end_lineno or 0) and (best is None or node.lineno > best.lineno):
                best = node
    return best


def _last(mark: ast.expr) -> str:
    called = mark.func if isinstance(mark, ast.Call) else mark
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def calls_itself(asked: Query) -> bool:
    """Whether the way leads through the function that the loop stands in: it walks a tree."""
    around = function_around(asked.at[1]) if asked.at is not None else None
    if around is None:
        return False
    texts = [hop.text for hop in asked.hops]
    return any(f"`{around.name}`" in text for text in texts) or len(set(texts)) < len(texts)


def goes_in_steps(asked: Query) -> bool:
    """Whether a loop goes through parts, numbers or attempts, through a few things, or through what is read in."""
    loop = asked.loop
    if loop is None or not isinstance(loop.file, File):
        return False
    head = loop.node
    if not isinstance(head, ast.For | ast.AsyncFor | ast.comprehension):
        return False
    text = loop.file.segment(head.iter)
    if _IN_STEPS.search(f"{loop.file.segment(head.target)} {text}"):
        return True
    return loop.size != "rows" and (_FEW.search(text) or _READ_IN.search(text)) is not None


def ends_loop(asked: Query) -> bool:
    """Whether the answer decides whether the loop goes on: a search, or another attempt."""
    if asked.at is None:
        return False
    below = asked.at[1]
    for above in ancestors(below):
        if isinstance(above, _SCOPES) or above is loop_of(asked):
            return False
        if isinstance(above, ast.If | ast.While) and below is above.test:
            return any(isinstance(node, ast.Return | ast.Break | ast.Raise) for node in above.body)
        below = above
    return False


def writes_in_loop(asked: Query, others: Iterable[Query]) -> bool:
    """Whether turns of the loop write as well, be it in functions that they call."""
    return any(
        other.loop is not None and other.loop == asked.loop and other.kind == "rows" and other.how in WRITES
        for other in others
    )
