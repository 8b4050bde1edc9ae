"""`match`: which cases can fit, and what their patterns bind."""

from __future__ import annotations

import ast

from checks.semantics.interpret.assignment import bind_name
from checks.semantics.interpret.frame import Env, Frame, executes, join_all
from checks.semantics.operations import iteration_element
from checks.semantics.values import UNKNOWN, Value, constant


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
    _bind_parts(frame, pattern, iteration_element(subject))
    return None


def _bind_parts(frame: Frame, pattern: ast.AST, part: Value) -> None:
    """The names within a pattern of several parts: each may be any part of the subject."""
    for inner in ast.walk(pattern):
        found = getattr(inner, "name", None) or getattr(inner, "rest", None)
        if isinstance(found, str) and isinstance(inner, ast.MatchAs | ast.MatchStar | ast.MatchMapping):
            bind_name(frame, found, part, pattern)
