"""Queries that hold values, rewritten with placeholders and the values beside them."""

from __future__ import annotations

import ast
import re

from checks.fixes.edit import replace
from checks.frameworks.query_text import BEFORE_VALUE, MAX_PARTS, parts_of
from checks.model import Edit
from checks.semantics.source import File

_QUESTION_MARKS = ("sqlite3.", "aiosqlite.", "pyodbc.")
_PERCENTS = (
    "django.db.",
    "psycopg.",
    "psycopg2.",
    "MySQLdb.",
    "pymysql.",
    "mysql.connector.",
    "pymssql.",
)
_LONGEST = 400
_AFTER = re.compile(
    r"\s*($|[),;]|\b(AND|OR|ORDER|GROUP|LIMIT|OFFSET|WHERE|HAVING|FOR|RETURNING|ON|UNION)\b)", re.I
)
_HOLE = "\0"


def with_placeholders(call: ast.Call, query: ast.expr, sink: str, file: File) -> Edit | None:
    """The call with its query's values as parameters; None where a value may be a name, or the driver is not known.

    The query must be one text on one line, written into the call, which takes no parameters yet.
    """
    mark = placeholder_of(sink)
    if mark is None or len(call.args) != 1 or call.args[0] is not query or call.keywords:
        return None
    parts = parts_of(query)
    span = file.span(query)
    if parts is None or span.line != span.end_line or len(parts) > MAX_PARTS:
        return None
    text = "".join(part if isinstance(part, str) else _HOLE for part in parts)
    values = [part for part in parts if not isinstance(part, str)]
    if len(text) > _LONGEST or not values or '"' in text or "\\" in text or "\n" in text:
        return None
    rewritten = _rewritten(text, mark)
    if rewritten is None:
        return None
    listed = ", ".join(ast.unparse(value) for value in values)
    return replace(file, span, f'"{rewritten}", [{listed}]')


def placeholder_of(sink: str) -> str | None:
    """How a driver writes a placeholder, by the dotted name of the method that takes the query."""
    if sink.startswith(_QUESTION_MARKS):
        return "?"
    return "%s" if sink.startswith(_PERCENTS) else None


def _rewritten(text: str, mark: str) -> str | None:
    """The query with marks in place of its values; quotes around a value go."""
    if mark == "%s":
        text = text.replace("%", "%%")
    pieces = text.split(_HOLE)
    for index in range(len(pieces) - 1):
        before, after = pieces[index], pieces[index + 1]
        if before.endswith("'") and after.startswith("'"):
            before, after = before[:-1], after[1:]
        if before.count("'") % 2 or not BEFORE_VALUE.search(before) or not _AFTER.match(after):
            return None
        pieces[index], pieces[index + 1] = before, after
    return mark.join(pieces)
