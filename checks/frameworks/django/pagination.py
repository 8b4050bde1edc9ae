"""Pages of a query: `Paginator(orders, 20).get_page(number)` gives rows of the query.

From Django's documentation: "Paginator".
"""

from __future__ import annotations

from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.queries import rows_value
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Rows
from checks.semantics.values import Value

PAGINATOR = "django.core.paginator.Paginator"
PAGE = "django.core.paginator.Page"


def paginator(_frame: Frame, call: Invocation) -> Value | None:
    """`Paginator(object_list, per_page)`."""
    held = call.argument((0, "object_list"))
    return Value(type=PAGINATOR, items={"object_list": held}) if held is not None else None


def page(_frame: Frame, call: Invocation) -> Value | None:
    """`paginator.page(number)`, `paginator.get_page(number)`."""
    receiver = call.receiver
    held = (receiver.items or {}).get("object_list") if receiver is not None else None
    if receiver is None or held is None:
        return None
    if isinstance(held.record, Rows):
        made = rows_value(held.record.but(applied=held.record.applied | {"slice"}), PAGE)
        return made.but(items={"object_list": rows_value(held.record, held.type), "paginator": receiver})
    return Value(type=PAGE, items={"object_list": held, "paginator": receiver}, rest=held.rest)
