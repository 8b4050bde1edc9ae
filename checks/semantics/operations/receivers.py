"""What methods share: their arguments, and their receiver's elements."""

from __future__ import annotations

from collections.abc import Callable

from checks.semantics.contents import join
from checks.semantics.invocation import Invocation
from checks.semantics.operations.parts import ANY_BOOL, any_element, is_whole, listed, some
from checks.semantics.values import NONE, UNKNOWN, Value

Result = tuple[Value, Value | None] | None
Method = Callable[[Value, Invocation], Result]


def first(call: Invocation) -> Value:
    """The first argument, or what `*` may bring."""
    if call.positional:
        return call.positional[0]
    return UNKNOWN if call.more is None else call.more


def without(value: Value) -> Value:
    """A container as its elements alone, without the sources of the whole."""
    return value.but(taints=()) if value.taints else value


def with_elements(receiver: Value, elements: list[Value], rest: Value | None = None) -> Value:
    """A list or the like that the receiver is afterwards."""
    made = listed(receiver.type_name, elements, rest, receiver.taints)
    return made if receiver.facts is None else made.but(facts=receiver.facts)


def known_elements(receiver: Value) -> list[Value] | None:
    """A list's elements where all are known."""
    if not is_whole(receiver):
        return None
    return list((receiver.items or {}).values())


def vague(receiver: Value, more: Value | None = None) -> Value:
    """A list of the same elements, and one more, at places that are not known."""
    one = any_element(receiver)
    if more is not None:
        one = (
            more
            if receiver.items is not None and not receiver.items and receiver.rest is None
            else join(one, more)
        )
    return some(receiver.type_name, one, receiver.taints)


def cleared(receiver: Value, call: Invocation) -> Result:
    """`clear()`."""
    return NONE, receiver.but(items={}, rest=None, taints=())


def copy_of(receiver: Value, call: Invocation) -> Result:
    """`copy()`: another object, so another value."""
    return receiver.but(), None


def undecided(receiver: Value, call: Invocation) -> Result:
    """A test that tells nothing."""
    return ANY_BOOL, None
