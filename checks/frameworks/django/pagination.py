"""Pages of a query: `Paginator(orders, 20).get_page(number)` gives rows of the query.

From Django's documentation: "Paginator".
"""

from __future__ import annotations

from checks.semantics.contents import HELD
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.queries import limited
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Rows
from checks.semantics.values import UNKNOWN, Value

PAGINATOR = "django.core.paginator.Paginator"
PAGE = "django.core.paginator.Page"


_FACTS = {HELD: "object_list"}


def paginator(_frame: Frame, call: Invocation) -> Value | None:
    """`Paginator(object_list, per_page)`."""
    held = call.argument((0, "object_list"))
    if held is None:
        return None
    size = call.argument((1, "per_page"))
    return Value(type=PAGINATOR, items={"object_list": held, "per_page": size or UNKNOWN})


def page(_frame: Frame, call: Invocation) -> Value | None:
    """`paginator.page(number)`, `paginator.get_page(number)`: gone through as its part of the list is."""
    receiver = call.receiver
    items = (receiver.items or {}) if receiver is not None else {}
    held = items.get("object_list")
    if receiver is None or held is None:
        return None
    return page_of(held, receiver, items.get("per_page"))


def page_of(held: Value, paginator: Value, size: Value | None) -> Value:
    """A page of so many rows."""
    if isinstance(held.record, Rows):
        held = limited(held, size)
    return Value(type=PAGE, items={"object_list": held, "paginator": paginator}, facts=_FACTS)
