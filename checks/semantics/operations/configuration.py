"""What a `ConfigParser` holds: each option of each section by itself."""

from __future__ import annotations

from typing import Final

from checks.semantics.contents import MAX_ITEMS, element, join
from checks.semantics.invocation import Invocation
from checks.semantics.operations.receivers import Method, Result
from checks.semantics.values import NONE, NOTHING, UNKNOWN, Value, with_taints

CONFIGURATION: Final = "configparser.ConfigParser"


def _key(call: Invocation) -> str | None:
    """Section and option together, None where one of them is not known."""
    section, option = call.constant((0, "section")), call.constant((1, "option"))
    return f"{section}\0{option.lower()}" if isinstance(section, str) and isinstance(option, str) else None


def _set(receiver: Value, call: Invocation) -> Result:
    value, key, items = call.argument((2, "value")) or NONE, _key(call), receiver.items or {}
    if key is not None and len(items) < MAX_ITEMS:
        return NONE, receiver.but(items={**items, key: value})
    return NONE, receiver.but(rest=value if receiver.rest is None else join(receiver.rest, value))


def _get(receiver: Value, call: Invocation) -> Result:
    key, items = _key(call), receiver.items or {}
    found = items.get(key) if key is not None else element(receiver)
    if found is None:
        found = call.argument("fallback") or UNKNOWN
    if receiver.rest is not None:
        found = join(receiver.rest, found)
    found = with_taints(found, tuple(taint.child("()") for taint in receiver.taints))
    return (found if found.const is NOTHING else found.but(const=NOTHING)), None


CONFIGURATION_METHODS: Final[dict[str, Method]] = {"set": _set, "get": _get}
