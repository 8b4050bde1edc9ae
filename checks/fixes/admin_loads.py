"""Relations loaded along with the rows of Django's admin: `list_select_related`, or a `get_queryset` of its own."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from checks.fixes.edit import insert_line, replace
from checks.model import Edit
from checks.semantics.rows import Origin
from checks.semantics.source import File

Names = Sequence[str]


def with_admin_loads(origin: Origin, joined: Names, select: Names, prefetch: Names) -> tuple[Edit, ...]:
    """The edits that make an admin's class load relations for the rows that it lists.

    `joined` are those that the changelist joins by itself, unless it is told which.
    """
    file, node = origin.file, origin.node
    if not isinstance(file, File):
        return ()
    if origin.way == "admin-site" and isinstance(node, ast.Call):
        return _registered(file, node, select, prefetch)
    if not isinstance(node, ast.ClassDef) or _has(node, "get_queryset"):
        return ()
    if origin.way == "admin-queryset":
        return (_method(file, node, _longest([*joined, *select]), prefetch),)
    edits = []
    if select:
        edits.append(_option(file, node, _longest([*joined, *select])))
    if prefetch:
        edits.append(_method(file, node, (), prefetch))
    return tuple(edit for edit in edits if edit is not None)


def _longest(names: Names) -> list[str]:
    unique = list(dict.fromkeys(names))
    return [name for name in unique if not any(other.startswith(f"{name}__") for other in unique)]


def _has(node: ast.ClassDef, name: str) -> bool:
    return any(getattr(item, "name", "") == name for item in node.body)


def _option(file: File, node: ast.ClassDef, names: Names) -> Edit | None:
    """`list_select_related` with these names: widened where there is one, else put behind `list_display`."""
    written = "[" + ", ".join(f'"{name}"' for name in names) + "]"
    behind = node.body[0] if _is_docstring(node.body[0]) else None
    for item in node.body:
        target = item.targets[0] if isinstance(item, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id == "list_select_related":
            assert isinstance(item, ast.Assign)
            return replace(file, file.span(item.value), written)
        if isinstance(target, ast.Name) and target.id == "list_display":
            behind = item
    first = node.body[0]
    line = (behind.end_lineno or behind.lineno) + 1 if behind is not None else first.lineno
    return insert_line(file, line, f"{' ' * first.col_offset}list_select_related = {written}")


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _method(file: File, node: ast.ClassDef, select: Names, prefetch: Names) -> Edit:
    """A `get_queryset` at the end of the class."""
    indent = " " * node.body[0].col_offset
    end = (node.body[-1].end_lineno or node.body[-1].lineno) + 1
    step = "    "
    text = f"\n{indent}def get_queryset(self, request):\n"
    text += f"{indent}{step}return super().get_queryset(request){_calls(select, prefetch)}\n"
    return insert_line(file, end, text)


def _calls(select: Names, prefetch: Names) -> str:
    found = ""
    for method, names in (("select_related", select), ("prefetch_related", prefetch)):
        if names:
            found += f".{method}({', '.join(chr(34) + name + chr(34) for name in names)})"
    return found


def _registered(file: File, node: ast.Call, select: Names, prefetch: Names) -> tuple[Edit, ...]:
    """`admin.site.register(Order)` with a class of its own before it."""
    if len(node.args) != 1 or not isinstance(node.args[0], ast.Name) or node.col_offset or node.keywords:
        return ()
    site = file.segment(node.func).removesuffix(".site.register")
    if site == file.segment(node.func):
        return ()
    name = f"{node.args[0].id}Admin"
    lines = [f"class {name}({site}.ModelAdmin):"]
    if select:
        lines.append(f"    list_select_related = [{', '.join(chr(34) + one + chr(34) for one in select)}]")
    if prefetch:
        lines += [
            *([""] if select else []),
            "    def get_queryset(self, request):",
            f"        return super().get_queryset(request){_calls((), prefetch)}",
        ]
    call = f"{file.segment(node.func)}({node.args[0].id}, {name})"
    return (replace(file, file.span(node), "\n".join([*lines, "", "", call])),)
