"""What `filter` and `annotate` tell of a query's rows beyond which they are: at most one, without a relation, renamed.

From Django's documentation: "QuerySet API reference" (`filter`, `annotate`), "Making queries" (the `pk` lookup).
"""

from __future__ import annotations

from checks.frameworks.django.schema import schema_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Class
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Rows
from checks.semantics.values import Value


def filtered(rows: Rows, _frame: Frame, call: Invocation) -> Rows:
    """`filter(pk=key)` gives one row at most; `filter(parent=None)` rows of which none has a parent."""
    given = {name: value for name, value in call.keywords.items() if name is not None}
    absent = {name.removesuffix("__isnull") for name, value in given.items() if _is_null(name, value)}
    if absent:
        rows = rows.but(absent=rows.absent | absent)
    if any(_tells_one(rows, name) and value.const is not None for name, value in given.items()):
        rows = rows.but(limit=1)
    return rows


def annotated(rows: Rows, _frame: Frame, call: Invocation) -> Rows:
    """`annotate(lines=Count("lines"))`: what the rows hold under a name hides a property or method of the model."""
    names = frozenset(name for name in call.keywords if name is not None)
    return rows.but(annotated=rows.annotated | names) if names else rows


def _is_null(name: str, value: Value) -> bool:
    return value.const is True if name.endswith("__isnull") else value.const is None and "__" not in name


def _tells_one(rows: Rows, name: str) -> bool:
    """Whether a look-up is by what no two rows share."""
    name = name.removesuffix("__exact")
    if name in ("pk", "id"):
        return True
    schema = schema_of(rows.type.node, rows.type.file) if isinstance(rows.type, Class) else None
    column = schema.columns.get(name.removesuffix("_id")) or schema.columns.get(name) if schema else None
    return column is not None and (column.unique or column.primary_key or column.one_to_one)
