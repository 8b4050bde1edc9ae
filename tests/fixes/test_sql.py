"""Queries rewritten with placeholders: which ones, for which drivers, and which are left as they are."""

from __future__ import annotations

import ast

import pytest

from checks.fixes.sql import placeholder_of, with_placeholders
from checks.frameworks.query_text import values_in
from tests.files import file_of

DJANGO = "django.db.backends.utils.CursorWrapper.execute"
SQLITE = "sqlite3.Cursor.execute"


def rewritten(call: str, sink: str = DJANGO) -> str | None:
    file = file_of(f"{call}\n")
    node = next(node for node in file.nodes if isinstance(node, ast.Call))
    edit = with_placeholders(node, node.args[0], sink, file)
    return None if edit is None else edit.replacement.rstrip("\n")


@pytest.mark.parametrize(
    ("call", "sink", "expected"),
    [
        (
            "c.execute(f\"SELECT 1 FROM a WHERE b = '{x}'\")",
            DJANGO,
            'c.execute("SELECT 1 FROM a WHERE b = %s", [x])',
        ),
        ('c.execute(f"SELECT 1 FROM a WHERE b = {x}")', SQLITE, 'c.execute("SELECT 1 FROM a WHERE b = ?", [x])'),
        ('c.execute(f"... WHERE b = {x} AND c > {y}")', SQLITE, 'c.execute("... WHERE b = ? AND c > ?", [x, y])'),
        ("c.execute(\"... WHERE b = '\" + x + \"'\")", DJANGO, 'c.execute("... WHERE b = %s", [x])'),
        ('c.execute("... VALUES (%s, %s)" % (x, y))', SQLITE, 'c.execute("... VALUES (?, ?)", [x, y])'),
        ("c.execute(f\"... '50%' WHERE b = {x}\")", DJANGO, "c.execute(\"... '50%%' WHERE b = %s\", [x])"),
        ('c.execute(f"SELECT 1 FROM a WHERE b = {x}", )', DJANGO, 'c.execute("SELECT 1 FROM a WHERE b = %s", [x], )'),
    ],
)  # fmt: skip
def test_values_become_parameters(call: str, sink: str, expected: str) -> None:
    assert rewritten(call, sink) == expected


@pytest.mark.parametrize(
    "call",
    [
        'c.execute(f"SELECT 1 FROM {x}")',  # a table
        'c.execute(f"SELECT 1 FROM a ORDER BY {x}")',  # a column
        'c.execute(f"SELECT 1 FROM a WHERE {x} = 1")',
        "c.execute(f\"SELECT 1 FROM a WHERE b LIKE '%{x}%'\")",  # a part of a text
        'c.execute(f"SELECT 1 FROM a WHERE b = {x!r}")',
        'c.execute(f"SELECT 1 FROM a WHERE b = {x:d}")',
        'c.execute(f"SELECT 1 FROM a WHERE b = {x}", [y])',  # it takes parameters already
        'c.execute(f"SELECT 1 FROM a WHERE b = {x}", timeout=3)',
        'c.execute("SELECT 1 FROM a WHERE b = %d" % x)',
        "c.execute(query)",
        'c.execute(f"""SELECT 1\nFROM a WHERE b = {x}""")',
        "c.execute(f'SELECT \"b\" FROM a WHERE b = {x}')",
    ],
)
def test_what_may_not_be_a_value_is_left_alone(call: str) -> None:
    assert rewritten(call) is None


@pytest.mark.parametrize("sink", ["asyncpg.Connection.execute", "oracledb.Cursor.execute", "*.execute"])
def test_a_driver_whose_marks_are_not_known_is_left_alone(sink: str) -> None:
    assert placeholder_of(sink) is None
    assert rewritten("c.execute(f\"SELECT 1 FROM a WHERE b = '{x}'\")", sink) is None


@pytest.mark.parametrize(
    ("query", "values"),
    [
        ("f\"SELECT 1 FROM {t} WHERE b = '{x}' ORDER BY {o}\"", ["x"]),
        ('"SELECT 1 FROM a WHERE b = " + x + " LIMIT " + y', ["x", "y"]),
        ('f"SELECT {c} FROM {t}"', []),
        ('f"{where} AND b IN ({x})"', ["x"]),
        ("query", []),
    ],
)
def test_values_are_told_from_names(query: str, values: list[str]) -> None:
    assert [ast.unparse(value) for value in values_in(ast.parse(query, mode="eval").body)] == values
