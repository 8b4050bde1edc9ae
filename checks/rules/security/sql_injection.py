"""Queries put together from what a visitor sends.

## What it does
Reports request data in the text of a query: `cursor.execute`, `Model.objects.raw`, `extra`, `RawSQL`, SQLAlchemy's
`text()`, and the drivers of SQLite, PostgreSQL, MySQL and Oracle, asynchronous ones too. The data is followed through
functions and files.

## Why it matters
A quote in the data ends the text in the query, and what follows is SQL: `' OR 1=1 --` gives every row,
`'; DROP TABLE orders --` takes them away. Parameters travel beside the query, where nothing in them is read as SQL.

## Example
```python title="shop/views.py"
from django.db import connection
from django.http import JsonResponse


def orders(request):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM orders WHERE email = '{request.GET['email']}'")
        return JsonResponse({"orders": cursor.fetchall()})
```

## Use instead
```python title="shop/views.py"
from django.db import connection
from django.http import JsonResponse


def orders(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM orders WHERE email = %s", [request.GET["email"]])
        return JsonResponse({"orders": cursor.fetchall()})
```

## Limits
Names of tables and columns can't be parameters: they are only safe out of a list of those that are allowed. A receiver
whose type can't be seen counts as a cursor where its method is `execute` and the text is put together. The fix is
offered where each value stands in a value's place and the query is written into the call.

## References
- [Django: SQL injection protection](https://docs.djangoproject.com/en/stable/topics/security/#sql-injection-protection)
- [SQLAlchemy: text](https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.text)
- [PEP 249: paramstyle](https://peps.python.org/pep-0249/#paramstyle)
- [CWE-89: SQL Injection](https://cwe.mitre.org/data/definitions/89.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.sql import with_placeholders
from checks.model import Fix
from checks.rule import CRITICAL, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.parameterized-queries",
    cwe=89,
    severity=CRITICAL,
    message="`{text}` holds request data and is a query: a visitor rewrites it",
    advice="Write placeholders into the query and hand the values over beside it",
)


@rule.on_flow("sql")
def check(flow: Flow, file: File) -> Iterator[Finding]:
    """Request data in the text of a query."""
    if flow.label != "request":
        return
    edit = None
    if isinstance(flow.call, ast.Call):
        edit = with_placeholders(flow.call, flow.node, flow.sink, file)
    fix = Fix("Hand the values over beside the query", True, (edit,)) if edit else None
    yield rule.flow(flow, fix=fix)
