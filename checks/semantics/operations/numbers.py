"""Builtin functions of numbers, and of elements that are compared or added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checks.semantics.invocation import Invocation
from checks.semantics.library import INJECTIONS
from checks.semantics.operations.containers import iteration_element
from checks.semantics.operations.parts import (
    BOOL,
    FLOAT,
    INT,
    NUMBERS,
    STR,
    TUPLE,
    clean,
    derived,
    either,
    is_small_power,
    is_whole,
    joined,
    joined_taints,
    listed,
    plain,
    whole,
    wrap,
)
from checks.semantics.taints import join_taints
from checks.semantics.values import NOTHING, UNKNOWN, Value

Function = Callable[[Invocation], Value | None]


def given(call: Invocation) -> Value | None:
    """The first argument, what `*` may bring, or None."""
    return call.positional[0] if call.positional else call.more


def folded(function: Callable[..., Any], call: Invocation, limit: int = 10**30) -> Value | None:
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


def int_of(call: Invocation) -> Value:
    """`int(...)`."""
    if all(len(value.const) < 100 for value in call.positional if value.const.__class__ in (str, bytes)):
        made = folded(int, call)
        if made is not None:
            return made
    return number(INT, call)


def float_of(call: Invocation) -> Value:
    """`float(...)`."""
    made = folded(float, call)
    return number(FLOAT, call) if made is None else made


def number(kind: str, call: Invocation) -> Value:
    """A number made of anything: whoever chose that can do no harm in text by it."""
    taints = argument_taints(call)
    if taints:
        taints = clean(taints, _READ)
    return derived(kind, taints, is_literal(call))


_READ = INJECTIONS | {"nan"}  # what was a text that might say `nan` was read where the number was made


def argument_taints(call: Invocation) -> Any:
    """The sources of all arguments."""
    taints = joined_taints(call.positional)
    if call.keywords:
        taints = join_taints(taints, joined_taints(call.keywords.values()))
    return taints if call.more is None else join_taints(taints, whole(call.more))


def is_literal(call: Invocation) -> bool:
    """Whether all arguments are made of what stands in the code."""
    return call.more is None and all(value.literal for value in (*call.positional, *call.keywords.values()))


def extreme(function: Callable[..., Any]) -> Function:
    """`min(...)` or `max(...)`: one of the elements."""

    def apply(call: Invocation) -> Value:
        if "key" not in call.keywords:
            made = folded(function, call)
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


def sum_of(call: Invocation) -> Value:
    """`sum(...)`, of numbers and of lists."""
    made = folded(sum, call)
    if made is not None:
        return made
    taints = argument_taints(call)
    one = iteration_element(call.positional[0]) if call.positional else UNKNOWN
    start = call.argument((1, "start"))
    if one.type_name in NUMBERS and (start is None or start.type_name in NUMBERS):
        kinds = {one.type_name, INT if start is None else start.type_name}
        return derived(None if FLOAT in kinds else INT, taints, is_literal(call))
    return derived(None, taints)


def absolute(call: Invocation) -> Value:
    """`abs(...)`."""
    made = folded(abs, call)
    value = given(call) or UNKNOWN
    if made is not None:
        return made
    kind = INT if value.type_name == BOOL else value.type_name
    return derived(kind if kind in NUMBERS else None, value.taints, value.literal)


def rounded(call: Invocation) -> Value:
    """`round(...)`."""
    digits = call.argument((1, "ndigits"))
    if digits is None or (isinstance(digits.const, int) and abs(digits.const) < 50):
        made = folded(round, call)
        if made is not None:
            return made
    value = given(call) or UNKNOWN
    number = value.type_name in NUMBERS
    kind = INT if number and digits is None else None
    return derived(kind, clean(value.taints, INJECTIONS) if number else value.taints, value.literal)


def code_of(call: Invocation) -> Value:
    """`ord(...)`."""
    made = folded(ord, call)
    return number(INT, call) if made is None else made


def character(call: Invocation) -> Value:
    """`chr(...)`: a number does no harm in text, the character of a chosen number may."""
    made = folded(chr, call)
    if made is not None:
        return made
    value = given(call) or UNKNOWN
    taints = tuple(
        taint.changed(clean=taint.clean - _READ) if taint.clean & _READ else taint for taint in whole(value)
    )
    return derived(STR, taints, value.literal)


def digits(function: Callable[..., Any]) -> Function:
    """`hex(...)`, `oct(...)` or `bin(...)`."""

    def apply(call: Invocation) -> Value:
        made = folded(function, call)
        return number(STR, call) if made is None else made

    return apply


def divided(call: Invocation) -> Value:
    """`divmod(...)`."""
    made = folded(divmod, call)
    if made is not None:
        return made
    one = derived(None, argument_taints(call))
    return listed(TUPLE, (one, one))


def power(call: Invocation) -> Value:
    """`pow(...)`."""
    if len(call.positional) == 3 or (
        len(call.positional) == 2
        and all(isinstance(value.const, (int, float)) for value in call.positional)
        and is_small_power(call.positional[0].const, call.positional[1].const)
    ):
        made = folded(pow, call)
        if made is not None:
            return made
    return derived(None, argument_taints(call), is_literal(call))
