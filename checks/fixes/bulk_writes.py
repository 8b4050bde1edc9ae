"""Loops that write rows one by one, rewritten as one call that writes them all."""

from __future__ import annotations

import ast

from checks.fixes.chains import behind
from checks.fixes.edit import replace
from checks.model import Edit
from checks.semantics.nodes import descendants
from checks.semantics.source import File

_WIDTH = 88


def written_at_once(loop: ast.For, call: ast.Call, how: str, file: File) -> Edit | None:
    """The edit that writes all rows of a loop at once; None for a loop that does more than to write each."""
    if loop.orelse or not isinstance(loop.target, ast.Name) or not isinstance(call.func, ast.Attribute):
        return None
    *before, last = loop.body
    if not isinstance(last, ast.Expr) or last.value is not call:
        return None
    if how == "create":
        text = _created(loop, call, file) if not before else None
    elif not _is_row(call.func.value, loop) or not isinstance(loop.iter, ast.Call):
        return None
    elif how == "delete":
        # Managers have no `delete`, lest a whole table is deleted by mistake: `all()` stays.
        text = behind(file, loop.iter, "delete()") if not before and not call.args else None
    else:
        text = _updated(loop, before, file)
    if text is None:
        return None
    return replace(file, file.span(loop), text)


def _is_row(node: ast.expr, loop: ast.For) -> bool:
    return isinstance(node, ast.Name) and isinstance(loop.target, ast.Name) and node.id == loop.target.id


def _created(loop: ast.For, call: ast.Call, file: File) -> str | None:
    """`Line.objects.bulk_create([Line(...) for ... in ...])`, of a model's own manager."""
    assert isinstance(call.func, ast.Attribute)
    manager = call.func.value
    if (
        not isinstance(manager, ast.Attribute)
        or manager.attr != "objects"
        or not isinstance(manager.value, ast.Name)
    ):
        return None
    if call.args:
        return None
    given = ", ".join(_argument(argument, file) for argument in call.keywords)
    each = f"{manager.value.id}({given}) for {file.segment(loop.target)} in {file.segment(loop.iter)}"
    called = f"{file.segment(manager)}.bulk_create"
    indent = " " * loop.col_offset
    if len(f"{indent}{called}([{each}])") <= _WIDTH and "\n" not in each:
        return f"{called}([{each}])"
    return f"{called}(\n{indent}    [{each}]\n{indent})"


def _argument(argument: ast.keyword, file: File) -> str:
    value = file.segment(argument.value)
    return f"**{value}" if argument.arg is None else f"{argument.arg}={value}"


def _updated(loop: ast.For, before: list[ast.stmt], file: File) -> str | None:
    """`orders.update(paid=True)`, where each row is given the same."""
    values: list[str] = []
    for statement in before:
        match statement:
            case ast.Assign(targets=[ast.Attribute() as target], value=value) if _is_row(target.value, loop):
                if any(_is_row(node, loop) for node in descendants(value) if isinstance(node, ast.Name)):
                    return None
                values.append(f"{target.attr}={file.segment(value)}")
            case _:
                return None
    query = loop.iter
    if isinstance(query, ast.Call) and isinstance(query.func, ast.Attribute) and query.func.attr == "all":
        query = query.func.value
    return behind(file, query, f"update({', '.join(values)})") if values else None
