"""Loops that ask a database in each turn: which of these questions could be put once, before the loop."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from checks.frameworks.lookups import Place
from checks.model import Span, Step
from checks.semantics.enclosing import function_around, kept, words_called
from checks.semantics.flows import Asking
from checks.semantics.interpret.asked import Query
from checks.semantics.nodes import ancestors, descendants, parent
from checks.semantics.repeated import name_of, of_loop
from checks.semantics.rows import wanted
from checks.semantics.source import File, Function, Text

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

_UNTOUCHED = frozenset({"all", "begun"})
_ANSWERED = frozenset({"bool", "contains", "count", "exists", "first in order", "index", "iterate", "len"})
_DEFERRED = re.compile(r"\.(a?delay\w*|apply_async\w*|enqueue\w*|send_task|on_commit|defer|spawn|submit)\(")
_REMEMBERS = re.compile(r"cache|memo|hasattr\(|getattr\(self, |__dict__|global ")
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
_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef)
_FOR = re.compile(r"\{%-?\s*for\s+([\w\s,]+?)\s+in\b")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Module)


def is_untouched(asked: Query) -> bool:
    """Whether a relation is read as it is: rows that are loaded along answer it.

    What was prefetched in an order of its own answers `first()` as well.
    """
    rows = asked.rows
    if rows is None or rows.parent is None or not rows.accessor or not rows.applied <= _UNTOUCHED:
        return False
    if asked.how != "first":
        return asked.how in _ANSWERED
    seen = wanted(rows.parent, rows.accessor)
    inner = dict(seen.rows.inner).get(seen.path) if seen.rows is not None else None
    return inner is not None and inner.ordered


def is_loaded_along(asked: Query) -> bool:
    """Whether a question narrows a relation that the query of the loop's rows prefetches."""
    rows = asked.rows
    if rows is None or rows.parent is None or asked.loop not in rows.parent.loops or is_untouched(asked):
        return False
    seen = wanted(rows.parent, rows.accessor)
    return seen.rows is not None and seen.path in seen.rows.loaded


def is_in_reach(asked: Query, far: int = 2) -> bool:
    """Whether a question stands in the loop, or in something that the loop asks row by row, at most so far."""
    if not asked.hops:
        return True
    if len(asked.hops) > far or is_command(asked) or calls_itself(asked):
        return False
    return not is_deferred(asked) and not is_remembered(asked)


def of_function(asking: Asking) -> Iterator[Query]:
    """What the loops of a function ask in each turn, the nearest questions first."""
    for asked in sorted(asking.queries, key=_nearest):
        if asked.kind == "rows" and asked.loop is not None and asked.at is not None:
            if function_around(asked.at[1]) is asking.node:
                yield asked


def of_framework(asked: Query) -> tuple[Span | ast.AST, Text] | None:
    """Where to show a question of a loop that a template or a framework makes; None for loops that code writes."""
    if asked.at is None:
        return None
    file, node = asked.at
    if not isinstance(node, Place):
        return None
    if isinstance(file, File) and isinstance(asked.file, File):
        return asked.node, asked.file  # the loop is nowhere written
    return node.span, file


def text_of(node: Span | ast.AST, file: Text) -> str:
    """A place as it is written."""
    if isinstance(node, Span):
        end = node.end_column - 1 if node.end_line == node.line else None
        return file.lines[node.line - 1][node.column - 1 : end]
    return file.segment(node) if isinstance(file, File) else ""


def steps_to(asked: Query) -> tuple[Step, ...]:
    """The way from the loop to the question."""
    if asked.loop is None or asked.rows is None:
        return ()
    loop = Step(asked.loop.path, asked.loop.line, f"a loop goes through {of_loop(asked.loop)}")
    ways = (Step(hop.path, hop.line, hop.text) for hop in asked.hops)
    asks = f"`{name_of(asked.rows.type)}` is asked for: a query for each turn"
    return (loop, *ways, Step(asked.file.path, asked.line, asks))


def _nearest(asked: Query) -> tuple[object, ...]:
    return (len(asked.hops), asked.file.path, asked.line, getattr(asked.node, "col_offset", 0))


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
    found = {name for target in _targets(loop) for name in names_in(target)}
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
            if not found.isdisjoint(names_in(value)):
                grown.update(name for target in targets for name in names_in(target))
        if grown == found:
            break
        found = grown
    return found


def _targets(loop: ast.AST) -> list[ast.expr]:
    if isinstance(loop, ast.For | ast.AsyncFor):
        return [loop.target]
    return [generator.target for generator in getattr(loop, "generators", ())]


def names_in(node: ast.AST) -> Iterator[str]:
    """The names that an expression reads or binds."""
    return (inner.id for inner in descendants(node) if isinstance(inner, ast.Name))


def hangs_on_turn(asked: Query) -> bool:
    """Whether what a loop asks for, or hands to what asks, depends on what the turn is about."""
    if asked.at is None or asked.loop is None:
        return False
    if isinstance(asked.at[1], Place):
        return _hangs_in_template(asked)
    loop = loop_of(asked)
    names = derived(loop) if loop is not None else frozenset()
    return any(name in names for name in names_in(asked.at[1]))


def _hangs_in_template(asked: Query) -> bool:
    """The same of a template, whose included ones may call it otherwise; the loops of frameworks have no names."""
    assert asked.at is not None and asked.loop is not None
    file, node = asked.at
    if isinstance(file, File) or asked.loop.file is not file or not isinstance(node, Place):
        return True
    head = _FOR.search(file.lines[asked.loop.line - 1])
    names = re.findall(r"\w+", head[1]) if head is not None else []
    text = text_of(node.span, file)
    return not names or any(re.search(rf"\b{name}\b", text) for name in names)


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
    """Whether a function on the way seems to keep what it once found, be it for a row."""
    for position, (node, file) in enumerate(functions_along(asked)):
        marks = {_last(mark) for mark in node.decorator_list}
        if position == 0:
            marks -= _KEPT_ON_ROW  # kept for one row, asked for each
        if any("cache" in mark for mark in marks) or _REMEMBERS.search(file.segment(node)):
            return True
    return _is_attribute(asked.node)


def _is_attribute(node: ast.AST) -> bool:
    """Whether what is gone through, or tested, is an attribute: what an object keeps, may have been put there."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
        node = node.args[0]
    return isinstance(node, ast.Attribute)


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
    functions = file.once("functions", lambda: [node for node in file.nodes if isinstance(node, _DEFINED)])
    around = [node for node in functions if node.lineno <= line <= (node.end_lineno or 0)]
    return max(around, key=lambda node: node.lineno, default=None)


def _last(mark: ast.expr) -> str:
    called = mark.func if isinstance(mark, ast.Call) else mark
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def calls_itself(asked: Query) -> bool:
    """Whether the way leads through a function that calls itself: it walks a tree."""
    around = function_around(asked.at[1]) if asked.at is not None else None
    texts = [hop.text for hop in asked.hops]
    if len(set(texts)) < len(texts) or (around is not None and f"goes into `{around.name}`" in texts):
        return True
    return any(node.name in words_called(node) for node, _ in functions_along(asked))


def is_command(asked: Query) -> bool:
    """Whether the loop calls what asks for what it does, not for what it gives."""
    return bool(asked.hops) and asked.at is not None and isinstance(parent(asked.at[1]), ast.Expr)


def is_tried(asked: Query) -> bool:
    """Whether a missing row is caught within the loop."""
    loop, below = loop_of(asked), asked.at[1] if asked.at is not None else None
    for above in ancestors(below) if below is not None else ():
        if above is loop or isinstance(above, _SCOPES):
            return False
        if isinstance(above, ast.Try) and below in above.body and above.handlers:
            return True
        below = above
    return False


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
    """Whether turns of the loop write as well, be it in loops within or in functions that they call."""
    loop = loop_of(asked)
    for other in others:
        if other.kind != "rows" or other.how not in WRITES or other.loop is None:
            continue
        inner = loop_of(other)
        if other.loop == asked.loop or (
            inner is not None and any(above is loop for above in ancestors(inner))
        ):
            return True
    return False
