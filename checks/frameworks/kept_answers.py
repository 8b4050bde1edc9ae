"""Answers that somebody keeps: what is asked or done behind a cache happens once, not with every request."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.semantics.enclosing import function_around
from checks.semantics.interpret.asked import Query
from checks.semantics.nodes import descendants
from checks.semantics.source import File, Function

_CACHE = re.compile(r"cache|memo|lru", re.IGNORECASE)


def is_kept(asked: Query, node: Function, file: File) -> bool:
    """Whether a function on the way from `node` to a question says anything of a cache, its decorators included."""
    return any(_mentions_cache(function, home) for function, home in _on_way(asked, node, file))


def _on_way(asked: Query, node: Function, file: File) -> Iterator[tuple[Function, File]]:
    yield node, file
    last = function_around(asked.node)
    if isinstance(asked.file, File) and isinstance(last, (ast.FunctionDef, ast.AsyncFunctionDef)):
        yield last, asked.file
    for hop in asked.hops:
        home = file.project.file(hop.path)
        for inner in home.nodes if home is not None else ():
            if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) and home is not None:
                if inner.lineno <= hop.line <= (inner.end_lineno or 0):
                    yield inner, home


def _mentions_cache(function: Function, file: File) -> bool:
    names = [getattr(inner, "id", getattr(inner, "attr", "")) for inner in descendants(function)]
    for mark in function.decorator_list:
        names.append(file.resolve(mark.func if isinstance(mark, ast.Call) else mark) or "")
    return any(isinstance(name, str) and _CACHE.search(name) for name in names)
