"""Markup that is put together, made by what escapes its parts: `format_html`, or `format` of `Markup`."""

from __future__ import annotations

import ast

from checks.fixes.edit import insert_line, replace
from checks.model import Edit
from checks.semantics.source import File

_FORMAT_HTML = "django.utils.html.format_html"


def as_format(node: ast.expr, file: File) -> tuple[str, list[str]] | None:
    """The format with `{}` for its values, as source text, and the values; `None` where it is not that simple."""
    if isinstance(node, ast.JoinedStr):
        return _of_fstring(node, file)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _of_percent(node, file)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        text = node.func.value
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and node.args and not node.keywords:
            if text.value.count("{}") == len(node.args) == text.value.count("{"):
                return _quoted(text.value), [file.segment(one) for one in node.args]
    return None


def with_format_html(file: File, call: ast.Call, text: ast.expr) -> tuple[Edit, ...] | None:
    """The call replaced by `format_html`, and what imports that."""
    made = as_format(text, file)
    name, needed = _format_html(file)
    if made is None or name is None:
        return None
    return (replace(file, file.span(call), f"{name}({', '.join([made[0], *made[1]])})"), *needed)


def translated_with_format_html(file: File, call: ast.Call, text: ast.expr) -> tuple[Edit, ...] | None:
    """`mark_safe(_("<b>%s</b>") % a)` as `format_html(_("<b>{}</b>"), a)`, where the text has no braces of its own."""
    name, needed = _format_html(file)
    if not isinstance(text, ast.BinOp) or not isinstance(text.op, ast.Mod) or name is None:
        return None
    translation = text.left
    if not isinstance(translation, ast.Call) or len(translation.args) != 1 or translation.keywords:
        return None
    plain = ast.BinOp(left=translation.args[0], op=ast.Mod(), right=text.right)
    made = _of_percent(plain, file)
    if made is None or "{{" in made[0]:
        return None
    translated = f"{file.segment(translation.func)}({made[0]})"
    return (replace(file, file.span(call), f"{name}({', '.join([translated, *made[1]])})"), *needed)


def with_markup_format(file: File, call: ast.Call, text: ast.expr) -> tuple[Edit, ...] | None:
    """`Markup(f"<b>{a}</b>")` as `Markup("<b>{}</b>").format(a)`."""
    made = as_format(text, file)
    if made is None:
        return None
    edited = f"{file.segment(call.func)}({made[0]}).format({', '.join(made[1])})"
    return (replace(file, file.span(call), edited),)


def _format_html(file: File) -> tuple[str | None, tuple[Edit, ...]]:
    """What the file calls `format_html`; else an import of it, in front of the one that marks text as safe."""
    known = file.names.bindings(file.tree)
    for local, binding in known.items():
        if binding.kind == "import" and binding.target == _FORMAT_HTML:
            return local, ()
    if "format_html" in known:
        return None, ()
    for statement in file.tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.module == "django.utils.safestring":
            line = insert_line(file, statement.lineno, "from django.utils.html import format_html")
            return "format_html", (line,)
    return None, ()


def _of_fstring(node: ast.JoinedStr, file: File) -> tuple[str, list[str]] | None:
    text, values = "", []
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("{", "{{").replace("}", "}}")
        elif isinstance(part, ast.FormattedValue):
            if part.conversion != -1 or part.format_spec is not None:
                return None
            text += "{}"
            values.append(file.segment(part.value))
    return (_quoted(text), values) if _is_simple(text, values) else None


def _of_percent(node: ast.BinOp, file: File) -> tuple[str, list[str]] | None:
    left, right = node.left, node.right
    if not isinstance(left, ast.Constant) or not isinstance(left.value, str) or isinstance(right, ast.Dict):
        return None
    given = right.elts if isinstance(right, ast.Tuple) else [right]
    values = [file.segment(one) for one in given]
    count = left.value.count("%s")
    is_name = isinstance(right, ast.Tuple) or (count == 1 and isinstance(right, (ast.Attribute, ast.Name)))
    if count != len(values) or left.value.count("%") != count or not is_name:
        return None
    text = left.value.replace("{", "{{").replace("}", "}}").replace("%s", "{}")
    return (_quoted(text), values) if _is_simple(text, values) else None


def _is_simple(text: str, values: list[str]) -> bool:
    return bool(values) and "\n" not in text and not any("\n" in value for value in values)


def _quoted(text: str) -> str:
    """A string literal, with the quotes that need the fewest backslashes."""
    if '"' in text and "'" not in text:
        return "'" + text.replace("\\", "\\\\") + "'"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
