"""Flask-RESTful's `marshal` at work: what each of its fields reads of a row.

From its documentation: "Output Fields".
"""

from __future__ import annotations

from checks.frameworks.lookups import Place, called, each, followed, place_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import leave
from checks.semantics.interpret.targets import Class, Function
from checks.semantics.invocation import Invocation
from checks.semantics.rows import Rows
from checks.semantics.values import UNKNOWN, Value

MAX_DEPTH = 6
_LISTS = frozenset({"builtins.list", "builtins.tuple", "builtins.set", "builtins.generator"})


def field(call: Invocation) -> Value | None:
    """A field that knows what it was made with."""
    items: dict[object, Value] = dict(enumerate(call.positional))
    items.update(call.keywords)
    return Value(type=call.name, items=items)


def marshal(frame: Frame, call: Invocation) -> Value | None:
    """`marshal(orders, order_fields)`."""
    data, fields = call.argument((0, "data")), call.argument((1, "fields"))
    if data is not None and fields is not None:
        marshalled(frame, data, fields, place_of(call.node))
    return None


def marshalled(frame: Frame, data: Value, fields: Value, place: Place) -> None:
    """A row, or each of many, as a dictionary of fields says it."""
    if data is UNKNOWN or fields.type_name != "builtins.dict" or len(frame.loops) > MAX_DEPTH:
        return
    frame.step()
    if isinstance(data.record, Rows) or data.type_name in _LISTS:
        one = each(frame, data, place, (place.lineno, place.col_offset, frame.file.path))
        _row(frame, one, fields, place)
        leave(frame)
    else:
        _row(frame, data, fields, place)


def _row(frame: Frame, row: Value, fields: Value, place: Place) -> None:
    if row.record is None and not isinstance(row.type, Class):
        return
    for name, given in (fields.items or {}).items():
        if not isinstance(name, str):
            continue
        own = (given.items or {}).get("attribute")
        if own is not None and any(isinstance(target, Function) for target in own.targets):
            called(frame, own, place, row)
            continue
        path = own.const if own is not None and isinstance(own.const, str) else name
        value = followed(frame, row, str(path).split("."), place, calls=False)
        kind = given
        while kind.type_name.endswith(".List") and kind.items and 0 in kind.items:
            kind = kind.items[0]
        if kind.type_name.endswith(".Nested") and kind.items:
            marshalled(frame, value, kind.items.get(0) or kind.items.get("nested") or UNKNOWN, place)
