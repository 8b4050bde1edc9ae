"""Defaults of parameters: `None` in the signature, the value made anew in the body."""

from __future__ import annotations

import ast

from checks.fixes.edit import insert_line, replace
from checks.model import Edit, Span
from checks.semantics.nodes import descendants
from checks.semantics.source import File, Function


def none_instead(function: Function, parameter: ast.arg, default: ast.expr, file: File) -> tuple[Edit, ...]:
    """The edits that default a parameter to `None` and make its old default in the body.

    None where the body stands on the line of the `def`, or where the default is no plain, empty or constant value of
    one line: names in it might mean something else within the function.
    """
    line = _line_for_body(function, file)
    if line is None or not _is_plain(default) or "\n" in (value := file.segment(default)):
        return ()
    signature = _signature_edit(parameter, default, file)
    indent = file.lines[function.body[0].lineno - 1][: function.body[0].col_offset]
    step = "\t" if "\t" in indent else "    "
    name = parameter.arg
    return signature, insert_line(file, line, f"{indent}if {name} is None:\n{indent}{step}{name} = {value}\n")


def _signature_edit(parameter: ast.arg, default: ast.expr, file: File) -> Edit:
    """The stretch from the parameter's annotation to its default, with `None` in the hint and as the default."""
    place = file.span(default)
    if parameter.annotation is None:
        return replace(file, place, "None")
    hint = file.span(parameter.annotation)
    between = _between(Span(hint.end_line, hint.end_column, place.line, place.column), file)
    whole = Span(hint.line, hint.column, place.end_line, place.end_column)
    return replace(file, whole, f"{_optional(parameter.annotation, file)}{between}None")


def _optional(annotation: ast.expr, file: File) -> str:
    """The annotation that also allows `None`, in the words that the file uses."""
    text = file.segment(annotation)
    allows = any(
        (isinstance(node, ast.Constant) and node.value is None)
        or (
            isinstance(node, (ast.Name, ast.Attribute))
            and (file.resolve(node) or "") in ("typing.Optional", "typing.Any")
        )
        for node in [annotation, *_options(annotation)]
    )
    if allows:
        return text
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return text if "None" in text or "Optional" in text else f"{text[:-1]} | None{text[-1]}"
    for local, binding in file.names.bindings(file.tree).items():
        if binding.kind == "import" and binding.target == "typing.Optional":
            return f"{local}[{text}]"
    return f"{text} | None"


def _options(annotation: ast.expr) -> list[ast.expr]:
    """The outermost parts of a hint: what `Optional` and `Union` are written with, the sides of `|`."""
    if isinstance(annotation, ast.Subscript):
        inner = annotation.slice
        return [annotation.value, *(inner.elts if isinstance(inner, ast.Tuple) else [])]
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        return [*_options(annotation.left), annotation.left, *_options(annotation.right), annotation.right]
    return []


def _between(span: Span, file: File) -> str:
    if span.line == span.end_line:
        return file.lines[span.line - 1][span.column - 1 : span.end_column - 1]
    middle = file.lines[span.line : span.end_line - 1]
    return "\n".join(
        [
            file.lines[span.line - 1][span.column - 1 :],
            *middle,
            file.lines[span.end_line - 1][: span.end_column - 1],
        ]
    )


def _is_plain(default: ast.expr) -> bool:
    """Whether a value means the same in the body as in the signature: it holds no names but the one that is called."""
    if isinstance(default, ast.Call):
        return not default.args and not default.keywords
    return isinstance(default, (ast.List, ast.Dict, ast.Set)) and not any(
        isinstance(node, ast.expr)
        and not isinstance(node, (ast.Constant, ast.List, ast.Dict, ast.Set, ast.Tuple))
        for node in descendants(default)
    )


def _line_for_body(function: Function, file: File) -> int | None:
    """The line before which a first statement goes: behind the docstring, before the comments of what follows."""
    body = function.body
    if (
        body[0].lineno == function.lineno
        or not file.lines[body[0].lineno - 1][: body[0].col_offset].isspace()
    ):
        return None
    if _is_docstring(body[0]):
        end = body[0].end_lineno or body[0].lineno
        return None if len(body) > 1 and body[1].lineno == end else end + 1
    line = _first_line(body[0])
    while file.lines[line - 2].lstrip().startswith("#"):
        line -= 1
    return line


def _first_line(statement: ast.stmt) -> int:
    marks = getattr(statement, "decorator_list", [])
    first: int = min([statement.lineno, *(mark.lineno for mark in marks)])
    return first


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )
