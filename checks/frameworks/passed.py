"""The functions that a flow leads through."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.semantics.flows import Flow
from checks.semantics.source import File, Function


def passed(flow: Flow) -> Iterator[tuple[ast.AST, File]]:
    """The functions on the way, each once with its file, that of the sink first; outside of any the class."""
    seen: set[ast.AST] = set()
    steps = [(flow.file.path, flow.node.lineno), *((step.path, step.line) for step in flow.trace)]
    for path, line in steps:
        home = flow.file if path == flow.file.path else flow.file.project.file(path)
        node = _around(line, home) if home is not None else None
        if node is not None and home is not None and node not in seen:
            seen.add(node)
            yield node, home


def _around(line: int, file: File) -> ast.AST | None:
    """The innermost function or class that a line stands in."""
    found: ast.AST | None = None
    for node in file.once("definitions", lambda: _definitions(file)):
        if node.lineno <= line <= (node.end_lineno or node.lineno):
            found = node
    return found


def _definitions(file: File) -> list[Function | ast.ClassDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node for node in file.nodes if isinstance(node, kinds)]
