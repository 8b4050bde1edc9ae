"""Builtin functions and classes, called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from checks.semantics.contents import MAX_ITEMS, join, mapping
from checks.semantics.invocation import Invocation
from checks.semantics.library import INJECTIONS
from checks.semantics.operations.containers import copied, iteration_element
from checks.semantics.operations.formatting import converted, formatted
from checks.semantics.operations.methods import arranged, copied_dict, dict_from_keys, method
from checks.semantics.operations.parts import (
    ANY_BOOL,
    ANY_INT,
    BOOL,
    BYTES,
    CONTAINERS,
    DICTS,
    FLOAT,
    INT,
    LIST,
    NUMBERS,
    RANGE,
    SETS,
    SLICE,
    STR,
    TUPLE,
    clean,
    derived,
    either,
    elements_of,
    is_whole,
    joined,
    joined_taints,
    listed,
    plain,
    some,
    text_taints,
    whole,
    wrap,
)
from checks.semantics.operations.testing import is_instance, is_subclass
from checks.semantics.taints import join_taints
from checks.semantics.values import FALSE, NONE, NOTHING, TRUE, UNKNOWN, Value, constant

_Function = Callable[[Invocation], Value | None]


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


def _first(call: Invocation) -> Value | None:
    return call.positional[0] if call.positional else call.more


def _folded(function: Callable[..., Any], call: Invocation, limit: int = 10**30) -> Value | None:
    """What Python's function gives for constants, None where an argument is not one."""
    if call.more is not None:
        return None
    arguments = []
    for value in call.positional:
        made = plain(value)
        if made is NOTHING or (made.__class__ is int and abs(made) > limit):
            return None
        arguments.append(made)
    keywords = {key: plain(value) for key, value in call.keywords.items()}
    if any(made is NOTHING for made in keywords.values()):
        return None
    try:
        return wrap(function(*arguments, **keywords))
    except (TypeError, ValueError, ArithmeticError, LookupError, RecursionError):
        return None


def _len(call: Invocation) -> Value:
    value = _first(call)
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


def _int(call: Invocation) -> Value:
    if all(len(value.const) < 100 for value in call.positional if value.const.__class__ in (str, bytes)):
        made = _folded(int, call)
        if made is not None:
            return made
    return _number(INT, call)


def _float(call: Invocation) -> Value:
    made = _folded(float, call)
    return _number(FLOAT, call) if made is None else made


def _number(kind: str, call: Invocation) -> Value:
    """A number made of anything: whoever chose that can do no harm in text by it."""
    taints = _argument_taints(call)
    if taints:
        taints = clean(taints, INJECTIONS)
    return derived(kind, taints, _is_literal(call))


def _argument_taints(call: Invocation) -> Any:
    taints = joined_taints(call.positional)
    if call.keywords:
        taints = join_taints(taints, joined_taints(call.keywords.values()))
    return taints if call.more is None else join_taints(taints, whole(call.more))


def _is_literal(call: Invocation) -> bool:
    return call.more is None and all(value.literal for value in (*call.positional, *call.keywords.values()))


def _bool(call: Invocation) -> Value:
    value = _first(call)
    if value is None:
        return FALSE
    truth = value.truth() if call.more is None else None
    if truth is not None:
        return TRUE if truth else FALSE
    made = _number(BOOL, call)
    if value.true or value.false:
        return made.but(true=value.true, false=value.false)
    return made


def _str(call: Invocation) -> Value | None:
    value = _first(call)
    if value is None:
        return constant("")
    if len(call.positional) > 1 or call.keywords:
        return derived(STR, whole(value), _is_literal(call), value.built)
    if value.type is not None and value.type.__class__ is not str:
        return None  # a class of the project may say how its instances are shown
    return formatted([(value, "", None)])


def _repr(call: Invocation) -> Value | None:
    return _shown(call, "r")


def _ascii(call: Invocation) -> Value | None:
    return _shown(call, "a")


def _shown(call: Invocation, conversion: str) -> Value | None:
    value = _first(call)
    if value is None or (value.type is not None and value.type.__class__ is not str):
        return None
    return formatted([(value, conversion, None)])


def _format(call: Invocation) -> Value | None:
    value = _first(call)
    if value is None:
        return None
    spec = call.positional[1] if len(call.positional) > 1 else None
    if value.literal and (spec is None or spec.literal):
        return formatted([(value, "", spec)])
    return derived(STR, converted(value, "", spec), built=value.built)


def _bytes(call: Invocation) -> Value | None:
    value = _first(call)
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


def _collection(kind: str) -> _Function:
    def apply(call: Invocation) -> Value:
        value = _first(call)
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
    value = _first(call)
    return Value(type=LIST) if value is None else arranged(value, call.keywords, LIST)


def _reversed(call: Invocation) -> Value:
    value = _first(call)
    known = None if value is None else elements_of(value)
    if known is not None:
        return listed("builtins.reversed", known[::-1])
    return some("builtins.reversed", None if value is None else iteration_element(value))


def _enumerate(call: Invocation) -> Value:
    value = _first(call)
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


def _extreme(function: Callable[..., Any]) -> _Function:
    def apply(call: Invocation) -> Value:
        if "key" not in call.keywords:
            made = _folded(function, call)
            if made is not None:
                return made
        if len(call.positional) == 1 and call.more is None:
            value = call.positional[0]
            found: Value | None = iteration_element(value)
            if is_whole(value) and not value.items and not value.taints:
                found = None
        else:
            found = joined(call.positional)
            if call.more is not None:
                found = either(found, call.more)
        if "default" in call.keywords:
            found = either(found, call.keywords["default"])
        return UNKNOWN if found is None else found

    return apply


def _sum(call: Invocation) -> Value:
    made = _folded(sum, call)
    if made is not None:
        return made
    taints = _argument_taints(call)
    one = iteration_element(call.positional[0]) if call.positional else UNKNOWN
    start = call.argument((1, "start"))
    if one.type_name in NUMBERS and (start is None or start.type_name in NUMBERS):
        kinds = {one.type_name, INT if start is None else start.type_name}
        return derived(None if FLOAT in kinds else INT, taints, _is_literal(call))
    return derived(None, taints)


def _abs(call: Invocation) -> Value:
    made = _folded(abs, call)
    value = _first(call) or UNKNOWN
    if made is not None:
        return made
    kind = INT if value.type_name == BOOL else value.type_name
    return derived(kind if kind in NUMBERS else None, value.taints, value.literal)


def _round(call: Invocation) -> Value:
    digits = call.argument((1, "ndigits"))
    if digits is None or (isinstance(digits.const, int) and abs(digits.const) < 50):
        made = _folded(round, call)
        if made is not None:
            return made
    value = _first(call) or UNKNOWN
    number = value.type_name in NUMBERS
    kind = INT if number and digits is None else None
    return derived(kind, clean(value.taints, INJECTIONS) if number else value.taints, value.literal)


def _any(call: Invocation) -> Value:
    return _quantified(call, True)


def _all(call: Invocation) -> Value:
    return _quantified(call, False)


def _quantified(call: Invocation, decisive: bool) -> Value:
    value = _first(call)
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


def _ord(call: Invocation) -> Value:
    made = _folded(ord, call)
    return _number(INT, call) if made is None else made


def _chr(call: Invocation) -> Value:
    made = _folded(chr, call)
    if made is not None:
        return made
    value = _first(call) or UNKNOWN
    taints = tuple(
        taint.changed(clean=taint.clean - INJECTIONS) if taint.clean & INJECTIONS else taint
        for taint in whole(value)
    )  # a number does no harm in text, the character of a chosen number may
    return derived(STR, taints, value.literal)


def _digits(function: Callable[..., Any]) -> _Function:
    def apply(call: Invocation) -> Value:
        made = _folded(function, call)
        return _number(STR, call) if made is None else made

    return apply


def _divmod(call: Invocation) -> Value:
    made = _folded(divmod, call)
    if made is not None:
        return made
    one = derived(None, _argument_taints(call))
    return listed(TUPLE, (one, one))


def _pow(call: Invocation) -> Value:
    if len(call.positional) == 3 or (
        len(call.positional) == 2
        and all(isinstance(value.const, (int, float)) for value in call.positional)
        and _is_small(call.positional[0].const, call.positional[1].const)
    ):
        made = _folded(pow, call)
        if made is not None:
            return made
    return derived(None, _argument_taints(call), _is_literal(call))


def _is_small(base: float, exponent: float) -> bool:
    return (
        not (isinstance(base, int) and isinstance(exponent, int)) or abs(exponent) * base.bit_length() <= 200
    )


def _fixed(result: Value) -> _Function:
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


_FUNCTIONS: Final[Mapping[str, _Function]] = {
    "len": _len,
    "int": _int,
    "float": _float,
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
    "min": _extreme(min),
    "max": _extreme(max),
    "sum": _sum,
    "abs": _abs,
    "round": _round,
    "any": _any,
    "all": _all,
    "isinstance": is_instance,
    "issubclass": is_subclass,
    "ord": _ord,
    "chr": _chr,
    "repr": _repr,
    "ascii": _ascii,
    "format": _format,
    "hash": _fixed(ANY_INT),
    "id": _fixed(ANY_INT),
    "iter": _iter,
    "next": _next,
    "hex": _digits(hex),
    "oct": _digits(oct),
    "bin": _digits(bin),
    "divmod": _divmod,
    "pow": _pow,
    "print": _fixed(NONE),
    "slice": _slice,
    "type": _type,
}
