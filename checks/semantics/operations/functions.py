"""Builtin functions and classes, called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from checks.semantics.contents import MAX_ITEMS, join, mapping
from checks.semantics.invocation import Invocation
from checks.semantics.operations.containers import copied, iteration_element
from checks.semantics.operations.dicts import copied_dict, dict_from_keys
from checks.semantics.operations.formatting import converted, formatted
from checks.semantics.operations.lists import arranged
from checks.semantics.operations.methods import method
from checks.semantics.operations.numbers import (
    Function,
    absolute,
    character,
    code_of,
    digits,
    divided,
    extreme,
    float_of,
    given,
    int_of,
    is_literal,
    power,
    rounded,
    sum_of,
)
from checks.semantics.operations.parts import (
    ANY_BOOL,
    ANY_INT,
    BOOL,
    BYTES,
    CONTAINERS,
    DICTS,
    INT,
    LIST,
    NUMBERS,
    RANGE,
    SETS,
    SLICE,
    STR,
    TUPLE,
    derived,
    elements_of,
    is_whole,
    joined,
    listed,
    plain,
    some,
    text_taints,
    whole,
    wrap,
)
from checks.semantics.operations.testing import is_instance, is_subclass
from checks.semantics.values import FALSE, NONE, NOTHING, TRUE, Value, constant


def builtin(name: str, call: Invocation) -> Value | None:
    """What a builtin gives by its dotted name (`builtins.len`), None where nothing is known of it."""
    last = name[9:] if name.startswith("builtins.") else ""
    found = _FUNCTIONS.get(last)
    if found is not None:
        return found(call)
    owner, _, attribute = last.partition(".")
    if owner == "dict" and attribute == "fromkeys" and call.positional:
        return dict_from_keys(call.positional[0], call.positional[1] if len(call.positional) > 1 else NONE)
    if owner == "str" and attribute and attribute != "maketrans" and call.positional:
        rest = Invocation(name, call.node, None, call.positional[1:], call.keywords, call.more)
        result = method(call.positional[0], attribute, rest)
        return None if result is None else result[0]
    return None


def _len(call: Invocation) -> Value:
    value = given(call)
    if value is None:
        return ANY_INT
    const = value.const
    if const.__class__ in (str, bytes):
        return constant(len(const))
    if is_whole(value) and not value.taints:
        kind = value.type_name
        if kind in SETS:
            made = plain(value)
            return ANY_INT if made is NOTHING else constant(len(made))
        if kind in _COUNTED:
            return constant(len(value.items or ()))
    return ANY_INT


_COUNTED: Final = (
    DICTS
    | {LIST, TUPLE, RANGE, "collections.deque", "builtins.dict_keys", "builtins.dict_values"}
    | {"builtins.dict_items"}
)


def _bool(call: Invocation) -> Value:
    value = given(call)
    if value is None:
        return FALSE
    truth = value.truth() if call.more is None else None
    if truth is not None:
        return TRUE if truth else FALSE
    made = derived(BOOL, (), is_literal(call))  # a yes or no tells nothing of a secret, and harms nothing
    if value.true or value.false:
        return made.but(true=value.true, false=value.false)
    return made


def _str(call: Invocation) -> Value | None:
    value = given(call)
    if value is None:
        return constant("")
    if len(call.positional) > 1 or call.keywords:
        return derived(STR, whole(value), is_literal(call), value.built)
    if value.type is not None and value.type.__class__ is not str:
        return None  # a class of the project may say how its instances are shown
    return formatted([(value, "", None)])


def _repr(call: Invocation) -> Value | None:
    return _shown(call, "r")


def _ascii(call: Invocation) -> Value | None:
    return _shown(call, "a")


def _shown(call: Invocation, conversion: str) -> Value | None:
    value = given(call)
    if value is None or (value.type is not None and value.type.__class__ is not str):
        return None
    return formatted([(value, conversion, None)])


def _format(call: Invocation) -> Value | None:
    value = given(call)
    if value is None:
        return None
    spec = call.positional[1] if len(call.positional) > 1 else None
    if value.literal and (spec is None or spec.literal):
        return formatted([(value, "", spec)])
    return derived(STR, converted(value, "", spec), built=value.built)


def _bytes(call: Invocation) -> Value | None:
    value = given(call)
    if value is None:
        return constant(b"")
    if value.type_name == STR or len(call.positional) > 1:
        encoded = method(value, "encode", _without_first(call))
        return Value(type=BYTES, taints=value.taints) if encoded is None else encoded[0]
    if value.const.__class__ is bytes:
        return value
    taints = text_taints(value, harmless=value.type_name in NUMBERS)
    return derived(BYTES, taints, value.literal)


def _without_first(call: Invocation) -> Invocation:
    return Invocation(call.name, call.node, None, call.positional[1:], call.keywords, call.more)


def _collection(kind: str) -> Function:
    def apply(call: Invocation) -> Value:
        value = given(call)
        return listed(kind, ()) if value is None else copied(value, kind)

    return apply


def _dict(call: Invocation) -> Value:
    made = copied_dict(call.positional[0]) if call.positional else mapping({})
    if call.keywords or call.more is not None:
        update = method(
            made, "update", Invocation("dict.update", call.node, made, (), call.keywords, call.more)
        )
        return made if update is None else update[1] or made
    return made.but()


def _sorted(call: Invocation) -> Value:
    value = given(call)
    return Value(type=LIST) if value is None else arranged(value, call.keywords, LIST)


def _reversed(call: Invocation) -> Value:
    value = given(call)
    known = None if value is None else elements_of(value)
    if known is not None:
        return listed("builtins.reversed", known[::-1])
    return some("builtins.reversed", None if value is None else iteration_element(value))


def _enumerate(call: Invocation) -> Value:
    value = given(call)
    start = call.argument((1, "start")) or constant(0)
    if value is None:
        return Value(type="builtins.enumerate")
    known = elements_of(value) if call.more is None else None
    if known is not None and start.const.__class__ is int:
        pairs = [listed(TUPLE, (wrap(start.const + index), item)) for index, item in enumerate(known)]
        return listed("builtins.enumerate", pairs)
    return some("builtins.enumerate", listed(TUPLE, (ANY_INT, iteration_element(value))))


def _zip(call: Invocation) -> Value:
    known = [elements_of(value) for value in call.positional]
    if call.more is not None:
        return some(
            "builtins.zip",
            some(TUPLE, joined(iteration_element(value) for value in (*call.positional, call.more))),
        )
    if all(items is not None for items in known):
        rows = zip(*(items for items in known if items is not None), strict=False)
        return listed("builtins.zip", [listed(TUPLE, row) for row in rows])
    return some("builtins.zip", listed(TUPLE, [iteration_element(value) for value in call.positional]))


def _range(call: Invocation) -> Value:
    if call.more is None and 1 <= len(call.positional) <= 3:
        bounds = [value.const for value in call.positional]
        if all(bound.__class__ in (int, bool) for bound in bounds) and (len(bounds) < 3 or bounds[2] != 0):
            made = range(*bounds)
            if not made[MAX_ITEMS:]:  # the length of a huge one is no machine's integer
                return listed(RANGE, [constant(index) for index in made])
            return Value(type=RANGE, items={}, rest=Value(type=INT, literal=True), literal=True)
    return Value(type=RANGE, items={}, rest=ANY_INT)


def _any(call: Invocation) -> Value:
    return _quantified(call, True)


def _all(call: Invocation) -> Value:
    return _quantified(call, False)


def _quantified(call: Invocation, decisive: bool) -> Value:
    value = given(call)
    if value is None or call.more is not None or value.taints or value.type_name in DICTS:
        return ANY_BOOL
    items = value.items
    if items is None or value.optional or value.type_name not in CONTAINERS:
        return ANY_BOOL
    truths = {item.truth() for item in items.values()}
    if decisive in truths:
        return TRUE if decisive else FALSE
    if None not in truths and value.rest is None:
        return FALSE if decisive else TRUE
    return ANY_BOOL


def _fixed(result: Value) -> Function:
    return lambda call: result


def _iter(call: Invocation) -> Value | None:
    if len(call.positional) != 1:
        return None
    return some("builtins.iterator", iteration_element(call.positional[0]))


def _next(call: Invocation) -> Value | None:
    if not call.positional:
        return None
    found = iteration_element(call.positional[0])
    return join(found, call.positional[1]) if len(call.positional) > 1 else found


def _slice(call: Invocation) -> Value | None:
    given = list(call.positional)
    if call.more is not None or not 1 <= len(given) <= 3:
        return None
    if len(given) == 1:
        given = [NONE, given[0]]
    given += [NONE] * (3 - len(given))
    literal = all(value.literal for value in given)
    return Value(type=SLICE, items=dict(zip(("start", "stop", "step"), given, strict=True)), literal=literal)


def _type(call: Invocation) -> Value | None:
    if len(call.positional) != 1 or call.more is not None:
        return None
    value = call.positional[0]
    if not value.type_name or value.optional:
        return None
    if value.type.__class__ is str:
        return Value(name=value.type)
    return Value(name=value.type_name, targets=(value.type,))


_FUNCTIONS: Final[Mapping[str, Function]] = {
    "len": _len,
    "int": int_of,
    "float": float_of,
    "bool": _bool,
    "str": _str,
    "bytes": _bytes,
    "list": _collection(LIST),
    "tuple": _collection(TUPLE),
    "set": _collection("builtins.set"),
    "frozenset": _collection("builtins.frozenset"),
    "dict": _dict,
    "sorted": _sorted,
    "reversed": _reversed,
    "enumerate": _enumerate,
    "zip": _zip,
    "range": _range,
    "min": extreme(min),
    "max": extreme(max),
    "sum": sum_of,
    "abs": absolute,
    "round": rounded,
    "any": _any,
    "all": _all,
    "isinstance": is_instance,
    "issubclass": is_subclass,
    "ord": code_of,
    "chr": character,
    "repr": _repr,
    "ascii": _ascii,
    "format": _format,
    "hash": _fixed(ANY_INT),
    "id": _fixed(ANY_INT),
    "iter": _iter,
    "next": _next,
    "hex": digits(hex),
    "oct": digits(oct),
    "bin": digits(bin),
    "divmod": divided,
    "pow": power,
    "print": _fixed(NONE),
    "slice": _slice,
    "type": _type,
}
