"""Names that a fix needs: where they are imported already, what they are called; else the line that imports them."""

from __future__ import annotations

import ast
import re

from checks.fixes.edit import insert_line
from checks.model import Edit
from checks.semantics.source import File

_COMMENT = re.compile(r"\s*#(?!!|.*coding[:=])")  # not the lines that must stay first: PEP 263 and `#!`


def imported(module: str, name: str, file: File) -> tuple[str, tuple[Edit, ...]]:
    """How a file may write `module.name`, and the edit that makes it so, where one is needed.

    For `os` and `environ`: `os.environ` where `os` is imported, `environ` where that is, else `os.environ` with an
    `import os` put where the file's imports are. Where the file calls something else `os`, it is `environ`, imported
    by `from os import environ`, and where that is taken as well, under another name.
    """
    known = file.names.bindings(file.tree)
    for local, binding in known.items():
        if binding.kind == "import" and binding.target in (module, f"{module}.{name}"):
            return (f"{local}.{name}" if binding.target == module else local), ()
    if module.partition(".")[0] not in known:
        written, statement = f"{module}.{name}", f"import {module}\n"
    elif name not in known:
        written, statement = name, f"from {module} import {name}\n"
    else:
        written = f"{module.replace('.', '_')}_{name}"
        statement = f"from {module} import {name} as {written}\n"
    line, apart = _line_for(module, file)
    return written, (insert_line(file, line, statement + ("\n" if apart else "")),)


def _line_for(module: str, file: File) -> tuple[int, bool]:
    """The line before which an import goes: among the leading `import` lines in order, else before the first import.

    Behind the docstring and `__future__` imports, which must come first. And whether other code than imports follows.
    https://docs.python.org/3/reference/simple_stmts.html#future-statements
    """
    first = None
    for statement in file.tree.body:
        if _is_docstring(statement) or _is_future(statement):
            continue
        if isinstance(statement, ast.Import) and statement.names[0].name < module:
            first = (statement.end_lineno or statement.lineno) + 1
            continue
        if first is not None:
            return first, False
        return _start(statement, file), not isinstance(statement, (ast.Import, ast.ImportFrom))
    return first or len(file.lines), False


def _start(statement: ast.stmt, file: File) -> int:
    """The first line of a statement, with the decorators and comments that stand right above it."""
    decorators = getattr(statement, "decorator_list", [])
    line: int = min([statement.lineno, *(decorator.lineno for decorator in decorators)])
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        while line > 1 and _COMMENT.match(file.lines[line - 2]):
            line -= 1
    return line


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
