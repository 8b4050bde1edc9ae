"""A function that was run to its end, as its callers will see it."""

from __future__ import annotations

from collections.abc import Sequence

from checks.semantics.contents import join
from checks.semantics.interpret.frame import Frame, Summary
from checks.semantics.interpret.queries import with_given
from checks.semantics.interpret.targets import Function, Shape, shape_of
from checks.semantics.taints import Taint
from checks.semantics.values import Implication, Value, all_taints


def all_of(symbols: Sequence[Value]) -> Value:
    """Anything made of the parameters."""
    taints: tuple[Taint, ...] = ()
    for symbol in symbols:
        taints += tuple(taint.changed(sure=False) for taint in symbol.taints)
    return Value(taints=taints[:8])


def summarised(frame: Frame, function: Function, symbols: tuple[Value, ...], generic: bool) -> Summary:
    """A finished frame as its callers will see it."""
    shape = shape_of(function.node)
    returned: Value | None = None
    for value, _ in frame.returns:
        returned = value if returned is None else join(returned, value)
    if shape.yields or frame.yields is not None:
        returned = Value(type="builtins.generator", items={}, rest=frame.yields)
    changed: dict[int, Value] = {}
    checked: dict[int, frozenset[str]] = {}
    for index, (identifier, symbol) in enumerate(zip(shape.parameters, symbols, strict=True)):
        if identifier in shape.assigned:
            continue
        ends = [env.get(identifier, symbol) for _, env in frame.returns]
        grown = [end for end in ends if _holds_more(end, symbol)]
        if grown:
            joined = grown[0]
            for end in grown[1:]:
                joined = join(joined, end)
            changed[index] = joined
        if ends and symbol.taints:
            clean = frozenset.intersection(*(_clean(end) for end in ends)) - _clean(symbol)
            if clean:
                checked[index] = clean
    if returned is not None and frame.given:
        returned = with_given(returned, frozenset(frame.given))
    if returned is not None and len(frame.returns) > 1 and not shape.yields:
        returned = _telling(frame, returned, shape, symbols)
    reaches = tuple(frame.reaches.values())
    return Summary(
        returned,
        symbols,
        reaches,
        changed or None,
        checked or None,
        frozenset(frame.uses),
        generic,
        frame.lookups,
        _outer(frame, shape) if shape.outer else None,
        tuple(frame.queries.values()),
    )


def _outer(frame: Frame, shape: Shape) -> dict[str, Value]:
    """The names around a nested function that it may have bound anew."""
    found: dict[str, Value] = {}
    for identifier in shape.outer:
        for _, env in frame.returns:
            if identifier in env:
                known = found.get(identifier)
                found[identifier] = env[identifier] if known is None else join(known, env[identifier])
    return found


def _telling(frame: Frame, returned: Value, shape: Shape, symbols: tuple[Value, ...]) -> Value:
    """The result of a helper that says by its truth what it found: each `return True` stands behind its checks."""
    sides: tuple[list[Implication], list[Implication]] = ([], [])
    if not all(value.truth() is not None or value.true or value.false for value, _ in frame.returns):
        return returned
    for identifier, symbol in zip(shape.parameters, symbols, strict=True):
        if identifier in shape.assigned or not symbol.taints:
            continue
        for side, truth in zip(sides, (True, False), strict=True):
            kinds = [
                _clean(env.get(identifier, symbol))
                | _implied(value, symbol, env.get(identifier), truth=truth)
                for value, env in frame.returns
                if value.truth() is not (not truth)
            ]
            clean = frozenset.intersection(*kinds) - _clean(symbol) if kinds else frozenset[str]()
            if clean:
                side.append(Implication(symbol, "", clean))
    if not sides[0] and not sides[1]:
        return returned
    return returned.but(true=tuple(sides[0]), false=tuple(sides[1]))


def _implied(value: Value, symbol: Value, end: Value | None, *, truth: bool) -> frozenset[str]:
    """What a returned test says of a parameter where it came out one way."""
    implications = value.true if truth else value.false
    kinds = [one.clean for one in implications if one.subject is symbol or one.subject is end]
    return frozenset().union(*kinds)


def _holds_more(end: Value, symbol: Value) -> bool:
    """Whether a parameter's object holds other things at the end than at the beginning."""
    return end is not symbol and (end.items is not symbol.items or end.rest is not symbol.rest)


def _clean(value: Value) -> frozenset[str]:
    """The kinds of sinks that no source of a value can harm."""
    kinds = [taint.clean for taint in value.taints]
    if not kinds:
        return frozenset({"*"}) if value.is_constant else frozenset()
    return frozenset.intersection(*kinds)


def says_no_more(found: Summary, before: Summary | None) -> bool:
    """Whether a repetition brought nothing that the one before did not say."""
    if before is None:
        return (
            not found.reaches
            and not found.queries
            and found.returns is not None
            and found.returns.record is None
            and not all_taints(found.returns)
        )
    if {reach.key for reach in found.reaches} != {reach.key for reach in before.reaches}:
        return False
    if {asked.key for asked in found.queries} != {asked.key for asked in before.queries}:
        return False
    if (found.returns is None) != (before.returns is None):
        return False
    if found.returns is not None and before.returns is not None:
        one = {(taint.key, taint.clean) for taint in all_taints(found.returns)}
        other = {(taint.key, taint.clean) for taint in all_taints(before.returns)}
        return one == other
    return True
