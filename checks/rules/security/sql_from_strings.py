"""Values written into the text of a query.

## What it does
Reports queries whose text is put together with values that the code doesn't show: behind `=` or `LIKE`, within quotes,
in a list. Where the value is known to come from a request, it is `sql-injection`.

## Why it matters
Whether such a query is safe depends on every caller, today's and next year's. With parameters it is safe whatever
comes, and names with an apostrophe work.

## Example
```python title="shop/reports.py"
from django.db import connection


def orders_of(email):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM orders WHERE email = '{email}'")
        return cursor.fetchall()
```

## Use instead
```python title="shop/reports.py"
from django.db import connection


def orders_of(email):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM orders WHERE email = %s", [email])
        return cursor.fetchall()
```

## Limits
Names of tables and columns can't be parameters and stay quiet, and so do numbers and what the code itself fixes. A
query that is put together in several steps is not looked at.

## References
- [Django: performing raw SQL queries](https://docs.djangoproject.com/en/stable/topics/db/sql/#passing-parameters-into-raw)
- [Python: sqlite3 placeholders](https://docs.python.org/3/library/sqlite3.html#sqlite3-placeholders)
- [CWE-89: SQL Injection](https://cwe.mitre.org/data/definitions/89.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.fixes.sql import with_placeholders
from checks.frameworks.query_text import values_in
from checks.model import Fix
from checks.rule import LIKELY, MEDIUM, File, Finding, Rule, SinkUse

rule = Rule(
    __name__,
    checklist="security.parameterized-queries",
    cwe=89,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{value}` is written into a query's text: what it holds is read as SQL",
    advice="Write a placeholder into the query and hand the value over beside it",
)

_NUMBERS = frozenset({"builtins.int", "builtins.float", "builtins.len", "builtins.bool", "uuid.UUID"})
# What is named after a part of a query is one, not a value.
_PARTS = re.compile(
    r"(^|_)(table|column|col|field|schema|alias|placeholder|order|where|clause|limit|offset|sql|query|index|constraint"
    r"|seq|sequence|db|database|condition|filter|join|select|operator|op|lhs|rhs|subquery|expression|vendor|quote\w*)"
    r"s?(_name|_id)?($|_)",
    re.IGNORECASE,
)


@rule.on_sink("sql")
def check(use: SinkUse, file: File) -> Iterator[Finding]:
    """A value of unknown origin stands in the text."""
    if use.is_literal or use.is_tainted or not use.value.built:
        return
    query = file.names.value(use.node)
    if not isinstance(query, ast.expr):
        return
    loose = [value for value in values_in(query) if not _is_harmless(value, file)]
    if not loose:
        return
    edit = with_placeholders(use.invocation.node, use.node, use.invocation.name, file)
    fix = Fix("Hand the values over beside the query", True, (edit,)) if edit else None
    yield rule.finding(use.node, file, fix=fix, value=ast.unparse(loose[0]))


def _is_harmless(value: ast.expr, file: File) -> bool:
    """Whether a value is fixed by the code, a number, or a part of the query itself."""
    if file.constant(value) is not None:
        return True
    if isinstance(value, ast.Call):
        called = file.resolve(value.func) or ast.unparse(value.func)
        return called in _NUMBERS or bool(_PARTS.search(called.rpartition(".")[2])) or called.endswith("join")
    if isinstance(value, ast.Attribute):
        text = ast.unparse(value)
        return (
            "_meta" in text
            or value.attr in ("pk", "id")
            or value.attr.isupper()
            or bool(_PARTS.search(value.attr))
        )
    if isinstance(value, ast.Name):
        return value.id.isupper() or bool(_PARTS.search(value.id))
    return isinstance(value, ast.Constant)
