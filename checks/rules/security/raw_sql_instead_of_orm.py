"""Raw SQL for what the ORM says as well.

## What it does
Reports simple queries that are written as SQL in a Django project: `Model.objects.raw` and cursors that read, count,
change or delete rows of one table by plain conditions, and `extra()`.

## Why it matters
Raw SQL knows nothing of the models: a renamed field, a default, a signal or a manager that hides deleted rows passes it
by, and each such query is a place where the next change may put a value into the text.

## Example
```python title="shop/reports.py"
from django.db import connection


def paid():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM shop_order WHERE state = %s", ["paid"])
        return cursor.fetchall()
```

## Use instead
```python title="shop/reports.py"
from shop.models import Order


def paid():
    return Order.objects.filter(state="paid").values_list("id", "name")
```

## Limits
Joins, functions, subqueries, `GROUP BY` and everything else that needs thought stay quiet. Whether the table belongs to
a model of the project is not looked up, so the confidence is low. Migrations and scripts are left alone.

## References
- [Django: performing raw SQL queries](https://docs.djangoproject.com/en/stable/topics/db/sql/)
- [Django: extra](https://docs.djangoproject.com/en/stable/ref/models/querysets/#extra)
- [CWE-1057: Data Access Operations Outside of Expected Data Manager Component](https://cwe.mitre.org/data/definitions/1057.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.rule import LOW, POSSIBLE, File, Finding, Role, Rule, SinkUse

rule = Rule(
    __name__,
    checklist="security.parameterized-queries",
    cwe=1057,
    severity=LOW,
    confidence=POSSIBLE,
    message="`{query}` is raw SQL for what the ORM says as well",
    advice="Write it with the model's manager: `filter`, `values_list`, `update`, `delete`",
    roles=[Role.PRODUCTION],
)

_NAME = r'["`]?\w{1,64}["`]?'
_VALUE = r"(?:%s|%\(\w{1,64}\)s|\d{1,18}|'[^']{0,100}'|true|false|null)"
_CONDITION = rf"{_NAME}\s*(?:=|<|>|<=|>=|<>|!=)\s*{_VALUE}"
_WHERE = rf"(?:\s+where\s+{_CONDITION}(?:\s+and\s+{_CONDITION}){{0,8}})?"
_SIMPLE = re.compile(
    rf"\s*(?:select\s+(?:\*|count\(\*\)|{_NAME}(?:\s*,\s*{_NAME}){{0,30}})\s+from\s+{_NAME}{_WHERE}"
    rf"(?:\s+order\s+by\s+{_NAME}(?:\s+(?:asc|desc))?)?(?:\s+limit\s+{_VALUE})?"
    rf"|delete\s+from\s+{_NAME}{_WHERE}"
    rf"|update\s+{_NAME}\s+set\s+{_NAME}\s*=\s*{_VALUE}{_WHERE})\s*;?\s*",
    re.IGNORECASE,
)
_TABLES = re.compile(r"information_schema|pg_|sqlite_|django_migrations", re.IGNORECASE)


@rule.on_sink("sql")
def check(use: SinkUse, file: File) -> Iterator[Finding]:
    """A plain query of one table, or `extra`."""
    name = use.invocation.name
    if not name.startswith("django.db."):
        return
    method = name.rpartition(".")[2]
    text = use.value.const
    simple = (
        isinstance(text, str) and len(text) < 2_000 and _SIMPLE.fullmatch(text) and not _TABLES.search(text)
    )
    if simple and isinstance(text, str):
        yield rule.finding(use.node, file, query=" ".join(text.split()))
    elif method == "extra" and use.is_literal:
        yield rule.finding(use.invocation.node, file, query="extra")
