"""Relations loaded along with a query: `select_related`, `prefetch_related` put where they are missing."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from checks.fixes.edit import insert_line, replace
from checks.model import Edit
from checks.semantics.rows import Origin
from checks.semantics.source import File

Names = Sequence[str]


def with_loads(origin: Origin, select: Names, prefetch: Names) -> Edit | None:
    """The edit that makes a Django query load relations: joined ones by `select`, others by `prefetch`."""
    file = origin.file
    if not isinstance(file, File):
        return None
    loads = [(name, names) for name, names in _methods(select, prefetch) if names]
    if origin.way == "expression" and isinstance(origin.node, ast.expr):
        return _behind(file, origin.node, loads)
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


def _behind(file: File, node: ast.expr, loads: list[tuple[str, Names]]) -> Edit:
    """The chain with its calls of these methods widened, and those that it lacks behind it."""
    whole = node
    insertions: list[tuple[int, int, str]] = []
    lacking = []
    for method, names in loads:
        call = _called(node, method)
        if call is None:
            lacking.append((method, names))
        else:
            last = call.args[-1]
            insertions.append((last.end_lineno or 0, last.end_col_offset or 0, _further(file, call, names)))
    if lacking and _is_all(node):
        node = node.func.value  # type: ignore[attr-defined]
        text = "".join(map(_call, lacking))
        insertions.append((node.end_lineno or 0, node.end_col_offset or 0, text))
        return replace(file, file.span(whole), _with_insertions(file, node, insertions))
    if lacking:
        gap = _gap(file, node)
        text = "".join(gap + _call(load) for load in lacking)
        insertions.append((node.end_lineno or 0, node.end_col_offset or 0, text))
    return replace(file, file.span(whole), _with_insertions(file, node, insertions))


def _is_all(node: ast.expr) -> bool:
    """Whether a chain ends in `.all()`, which any other method makes needless."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "all"


def _further(file: File, call: ast.Call, names: Names) -> str:
    """More arguments behind the last one: each on a line of its own where the others are."""
    if (
        len({argument.lineno for argument in call.args}) == len(call.args)
        and call.args[0].lineno > call.lineno
    ):
        last = call.args[-1]
        line = file.lines[last.lineno - 1]
        indent = line[: len(line) - len(line.lstrip())]
        return "".join(f',\n{indent}"{name}"' for name in names)
    return "".join(f', "{name}"' for name in names)


def _called(node: ast.expr, method: str) -> ast.Call | None:
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


def _gap(file: File, node: ast.expr) -> str:
    """A new line, and its indent, where the chain has each of its calls on one."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return ""
    receiver = node.func.value
    line = file.lines[(receiver.end_lineno or 1) - 1 + 1 : node.end_lineno]
    if (receiver.end_lineno or 0) < (node.func.end_lineno or 0) and line:
        own = file.lines[(node.func.end_lineno or 1) - 1]
        return "\n" + own[: len(own) - len(own.lstrip())] if own.lstrip().startswith(".") else ""
    return ""


def _with_insertions(file: File, node: ast.expr, insertions: list[tuple[int, int, str]]) -> str:
    """The text of a node with texts put in at places: lines from one, columns in bytes of UTF-8."""
    text = file.segment(node)
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    first = file.lines[node.lineno - 1].encode()[: node.col_offset].decode()
    for at, column, added in sorted(insertions, reverse=True):
        before = len(file.lines[at - 1].encode()[:column].decode())
        offset = starts[at - node.lineno] + before - (len(first) if at == node.lineno else 0)
        text = text[:offset] + added + text[offset:]
    return text
