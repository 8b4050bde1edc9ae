"""The text of a query as the code puts it together: its fixed parts, and the expressions between them."""

from __future__ import annotations

import ast
import re

MAX_PARTS = 40
# What may stand before a value: an operator, a list's bracket or comma, a keyword that takes one.
BEFORE_VALUE = re.compile(
    r"(=|<|>|<=|>=|<>|!=|\(|,|\b(LIKE|ILIKE|AND|BETWEEN|VALUES|LIMIT|OFFSET|SET|IN)\b)\s*$", re.I
)


def values_in(query: ast.expr) -> list[ast.expr]:
    """The expressions that stand in the place of a value in a query's text: behind `=`, within quotes, in a list.

    What stands where a name does (a table, a column, a direction) is left out, and so is what no text tells.
    """
    parts = parts_of(query)
    if parts is None or len(parts) > MAX_PARTS:
        return []
    found = []
    for index, part in enumerate(parts):
        if isinstance(part, str):
            continue
        before = "".join(one if isinstance(one, str) else "x" for one in parts[:index])[-200:]
        quoted = before.endswith(("'", '"')) and _next(parts, index)[:1] in ("'", '"')
        if quoted or BEFORE_VALUE.search(before):
            found.append(part)
    return found


def _next(parts: list[str | ast.expr], index: int) -> str:
    following = parts[index + 1] if index + 1 < len(parts) else ""
    return following if isinstance(following, str) else ""


def parts_of(query: ast.expr) -> list[str | ast.expr] | None:
    """The texts and values of an f-string, a sum, a `%` or a `.format`, in order."""
    if isinstance(query, ast.JoinedStr):
        return _of_f_string(query)
    if isinstance(query, ast.BinOp) and isinstance(query.op, ast.Add):
        left, right = parts_of(query.left), parts_of(query.right)
        return left + right if left is not None and right is not None else None
    if isinstance(query, ast.BinOp) and isinstance(query.op, ast.Mod):
        return _of_percents(query)
    if isinstance(query, ast.Constant):
        return [query.value] if isinstance(query.value, str) else None
    return [query]


def _of_f_string(query: ast.JoinedStr) -> list[str | ast.expr] | None:
    found: list[str | ast.expr] = []
    for part in query.values:
        if isinstance(part, ast.FormattedValue):
            if part.conversion != -1 or part.format_spec is not None:
                return None
            found.append(part.value)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            found.append(part.value)
    return found


def _of_percents(query: ast.BinOp) -> list[str | ast.expr] | None:
    if not isinstance(query.left, ast.Constant) or not isinstance(query.left.value, str):
        return None
    texts = query.left.value.split("%s")
    values = list(query.right.elts) if isinstance(query.right, ast.Tuple) else [query.right]
    if len(texts) != len(values) + 1 or any("%" in text for text in texts):
        return None
    found: list[str | ast.expr] = [texts[0]]
    for value, text in zip(values, texts[1:], strict=True):
        found += [value, text]
    return found
