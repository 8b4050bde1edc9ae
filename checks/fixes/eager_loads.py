"""Relations and columns loaded along with a query: `select_related`, `prefetch_related`, `only` with what lacks."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from checks.fixes.edit import insert_line, replace
from checks.model import Edit
from checks.semantics.nodes import parent
from checks.semantics.rows import Origin
from checks.semantics.source import File

Names = Sequence[str]
Change = tuple[tuple[int, int], tuple[int, int], str]
"""A text in place of what stands between two places: lines from one, columns in bytes of UTF-8."""
_CHUNK = 2000  # what Django takes where nothing is said


def with_loads(origin: Origin, select: Names, prefetch: Names, columns: Names = ()) -> Edit | None:
    """The edit that makes a Django query load relations: joined ones by `select`, others by `prefetch`.

    `columns` are those that its `only` is to name and its `defer` is not.
    """
    file = origin.file
    if not isinstance(file, File):
        return None
    loads = [(name, names) for name, names in _methods(select, prefetch) if names]
    if origin.way == "expression" and isinstance(origin.node, ast.expr):
        return _behind(file, origin.node, loads, columns)
    if not loads:
        return None
    if origin.way == "argument" and isinstance(parent(origin.node), ast.keyword):
        keyword = parent(origin.node)
        assert keyword is not None
        model = file.segment(origin.node)
        text = f"queryset={model}.objects" + "".join(map(_call, loads))
        return replace(file, file.span(keyword), text)
    if origin.way == "class" and isinstance(origin.node, ast.expr):
        node = origin.node
        return replace(file, file.span(node), file.segment(node) + ".objects" + "".join(map(_call, loads)))
    if origin.way == "view" and isinstance(origin.node, ast.Assign):
        model = file.segment(origin.node.value)
        indent = " " * origin.node.col_offset
        line = f"{indent}queryset = {model}.objects" + "".join(map(_call, loads))
        return insert_line(file, (origin.node.end_lineno or origin.node.lineno) + 1, line)
    return None


def _methods(select: Names, prefetch: Names) -> list[tuple[str, Names]]:
    return [("select_related", select), ("prefetch_related", prefetch)]


def _call(load: tuple[str, Names]) -> str:
    method, names = load
    return f".{method}({_listed(names)})"


def _listed(names: Names) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _behind(file: File, node: ast.expr, loads: list[tuple[str, Names]], columns: Names) -> Edit | None:
    """The chain with its calls of these methods widened, and those that it lacks behind it."""
    whole: ast.expr = node
    changes: list[Change] = _loaded_columns(file, node, columns)
    lacking = []
    for method, names in loads:
        call = called(node, method)
        if call is None:
            lacking.append((method, names))
        else:
            changes.append(_put(_end(call.args[-1]), further(file, call, [f'"{name}"' for name in names])))
    if lacking:
        between = gap(file, node)
        start = _end(node.func.value) if _is_all(node) else _end(node)  # type: ignore[attr-defined]
        changes.append((start, _end(node), "".join(between + _call(load) for load in lacking)))
    iterated = _iterated(node)
    if iterated is not None and any(method == "prefetch_related" for method, _ in loads):
        whole = iterated
        line, column = _end(iterated)
        changes.append(_put((line, column - 1), f"chunk_size={_CHUNK}"))
    return replace(file, file.span(whole), with_changes(file, whole, changes)) if changes else None


def is_iterated(node: ast.AST) -> bool:
    """Whether `.iterator()` stands right behind a query."""
    return isinstance(node, ast.expr) and _iterated(node) is not None


def _iterated(node: ast.expr) -> ast.Call | None:
    """`query.iterator()` around a query: without the size of a chunk it loads nothing along."""
    method = parent(node)
    call = parent(method) if isinstance(method, ast.Attribute) and method.attr == "iterator" else None
    if isinstance(call, ast.Call) and call.func is method and not call.args and not call.keywords:
        return call
    return None


def _end(node: ast.expr) -> tuple[int, int]:
    return (node.end_lineno or node.lineno, node.end_col_offset or 0)


def _put(place: tuple[int, int], text: str) -> Change:
    return (place, place, text)


def _loaded_columns(file: File, node: ast.expr, names: Names) -> list[Change]:
    """`only` with these columns too, `defer` without them."""
    if not names:
        return []
    only = called(node, "only")
    if only is not None:
        return [_put(_end(only.args[-1]), further(file, only, [f'"{name}"' for name in names]))]
    deferring = called(node, "defer")
    if deferring is None:
        return []
    kept = [
        file.segment(one)
        for one in deferring.args
        if not isinstance(one, ast.Constant) or one.value not in names
    ]
    if len(kept) == len(deferring.args):
        return []
    if kept:
        first = deferring.args[0]
        start = (first.lineno, first.col_offset)
        return [(start, _end(deferring.args[-1]), ", ".join(kept))]
    assert isinstance(deferring.func, ast.Attribute)
    return [(_end(deferring.func.value), _end(deferring), "")]


def _is_all(node: ast.expr) -> bool:
    """Whether a chain ends in `.all()`, which any other method makes needless."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "all"


def further(file: File, call: ast.Call, texts: Sequence[str]) -> str:
    """More arguments behind the last one: each on a line of its own where the others are."""
    if (
        len({argument.lineno for argument in call.args}) == len(call.args)
        and call.args[0].lineno > call.lineno
    ):
        last = call.args[-1]
        line = file.lines[last.lineno - 1]
        indent = line[: len(line) - len(line.lstrip())]
        return "".join(f",\n{indent}{text}" for text in texts)
    return "".join(f", {text}" for text in texts)


def called(node: ast.expr, method: str) -> ast.Call | None:
    """The call of a method in a chain that has names for arguments."""
    current: ast.expr = node
    while True:
        if isinstance(current, ast.Call):
            if isinstance(current.func, ast.Attribute):
                given = current.args
                plain = bool(given) and not any(isinstance(one, ast.Starred) for one in given)
                if current.func.attr == method and plain and not _is_none(given[0]):
                    return current
            current = current.func
        elif isinstance(current, ast.Attribute):
            current = current.value
        else:
            return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def gap(file: File, node: ast.expr) -> str:
    """A new line, and its indent, where the chain has each of its calls on one."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return ""
    receiver = node.func.value
    line = file.lines[(receiver.end_lineno or 1) - 1 + 1 : node.end_lineno]
    if (receiver.end_lineno or 0) < (node.func.end_lineno or 0) and line:
        own = file.lines[(node.func.end_lineno or 1) - 1]
        if own.lstrip().startswith("."):
            return f"{_continued(file, receiver)}\n{own[: len(own) - len(own.lstrip())]}"
    return ""


def _continued(file: File, node: ast.expr) -> str:
    """The backslash by which a line goes on behind an expression, with the blanks before it."""
    line = file.lines[(node.end_lineno or 1) - 1].encode()[node.end_col_offset or 0 :].decode()
    return line.rstrip() if line.strip() == "\\" else ""


def with_insertions(file: File, node: ast.AST, insertions: list[tuple[int, int, str]]) -> str:
    """The text of a node with texts put in at places: lines from one, columns in bytes of UTF-8."""
    return with_changes(file, node, [_put((line, column), text) for line, column, text in insertions])


def with_changes(file: File, node: ast.AST, changes: Sequence[Change]) -> str:
    """The text of a node with parts of it replaced."""
    text = file.segment(node)
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    span = file.span(node)

    def offset(place: tuple[int, int]) -> int:
        line, column = place
        before = len(file.lines[line - 1].encode()[:column].decode())
        return starts[line - span.line] + before - (span.column - 1 if line == span.line else 0)

    for start, end, added in sorted(changes, reverse=True):
        text = text[: offset(start)] + added + text[offset(end) :]
    return text
