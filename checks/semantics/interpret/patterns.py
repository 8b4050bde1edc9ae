"""`match`: which cases can fit, and what their patterns bind."""

from __future__ import annotations

import ast

from checks.semantics.interpret.assignment import bind_name
from checks.semantics.interpret.attributes import attribute
from checks.semantics.interpret.frame import Env, Frame, executes, join_all
from checks.semantics.operations import subscript, unpacked
from checks.semantics.values import UNKNOWN, Value, all_taints, constant


@executes(ast.Match)
def _match(frame: Frame, node: ast.Match) -> bool:
    subject = frame.evaluate(node.subject)
    ways: list[Env] = []
    rest = frame.env
    for case in node.cases:
        frame.set_env(rest.copy())
        fits = _fits(frame, case.pattern, subject)
        if fits is False:
            continue
        if case.guard is not None:
            test = frame.evaluate(case.guard)
            if test.truth() is False:
                continue
            frame.apply(test.true)
            fits = fits if test.truth() else None
        if frame.run(case.body):
            ways.append(frame.env)
        if fits:
            break
    else:
        ways.append(rest)
    if not ways:
        frame.set_env(rest)
        return False
    frame.set_env(ways[0])
    join_all(frame, ways[1:])
    return True


def _fits(frame: Frame, pattern: ast.pattern, subject: Value) -> bool | None:
    """Whether a pattern fits, None where that is not known; its names are bound."""
    if isinstance(pattern, ast.MatchValue | ast.MatchSingleton):
        value = (
            constant(pattern.value)
            if isinstance(pattern, ast.MatchSingleton)
            else frame.evaluate(pattern.value)
        )
        if subject.is_constant and value.is_constant:
            return bool(subject.const == value.const)
        if value.literal and subject is not UNKNOWN:
            frame.replace(subject, value)
        return None
    if isinstance(pattern, ast.MatchAs):
        fits = True if pattern.pattern is None else _fits(frame, pattern.pattern, subject)
        if pattern.name is not None:
            bind_name(frame, pattern.name, subject, pattern)
        return fits
    if isinstance(pattern, ast.MatchOr):
        found = [_fits(frame, one, subject) for one in pattern.patterns]
        return True if True in found else None if None in found else False
    fits = _parts_fit(frame, pattern, subject)
    return False if fits is False else None


def _parts_fit(frame: Frame, pattern: ast.pattern, subject: Value) -> bool | None:
    """Whether the parts of a pattern may fit: False where one of them surely does not."""
    if isinstance(pattern, ast.MatchSequence):
        stars = [index for index, one in enumerate(pattern.patterns) if isinstance(one, ast.MatchStar)]
        before = stars[0] if stars else len(pattern.patterns)
        after = len(pattern.patterns) - before - 1 if stars else 0
        values = unpacked(subject, before, bool(stars), after)
        pairs = list(zip(pattern.patterns, values, strict=True))
    elif isinstance(pattern, ast.MatchMapping):
        keys = [subscript(subject, frame.evaluate(key)) for key in pattern.keys]
        pairs = list(zip(pattern.patterns, keys, strict=True))
        if pattern.rest is not None:
            bind_name(frame, pattern.rest, subject, pattern)
    elif isinstance(pattern, ast.MatchClass):
        names = zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True)
        pairs = [(one, attribute(frame, subject, name, pattern.cls)) for name, one in names]
        whole = Value(taints=all_taints(subject))
        pairs += [(one, subject if len(pattern.patterns) == 1 else whole) for one in pattern.patterns]
    else:
        if isinstance(pattern, ast.MatchStar) and pattern.name is not None:
            bind_name(frame, pattern.name, subject, pattern)
        return None
    found = [_fits(frame, one, value) for one, value in pairs]
    return False if False in found else None
