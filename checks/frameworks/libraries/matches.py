"""What a match of a regular expression says of the text: which characters it can't hold."""

from __future__ import annotations

import ast
import re

from checks.semantics.characters import (
    EVERY_CHARACTER,
    characters_of,
    harmless_for,
    is_begun,
    is_limited,
    removed_by,
)
from checks.semantics.interpret.doubt import DOUBT
from checks.semantics.invocation import Invocation
from checks.semantics.library import Place
from checks.semantics.values import Implication, Value, all_taints, cleaned

_FLAGS = {
    "A": re.A, "ASCII": re.A, "DOTALL": re.S, "I": re.I, "IGNORECASE": re.I, "M": re.M, "MULTILINE": re.M,
    "S": re.S, "U": 0, "UNICODE": 0, "VERBOSE": re.X, "X": re.X,
}  # fmt: skip


def compiled(call: Invocation) -> Value | None:
    """A pattern that knows its text."""
    pattern = call.constant((0, "pattern"))
    if not isinstance(pattern, str):
        return None
    return Value(type="re.Pattern", facts={"pattern": pattern, "flags": _flags(call.argument((1, "flags")))})


def matched(call: Invocation) -> Value | None:
    """`re.fullmatch`, `re.match` and `re.search`."""
    pattern = call.argument((0, "pattern"))
    if pattern is None:
        return None
    if pattern.facts is not None:
        return _match(call, pattern, (1, "string"))
    if not isinstance(pattern.const, str):
        return None
    facts = {"pattern": pattern.const, "flags": _flags(call.argument((2, "flags")))}
    return _match(call, Value(facts=facts), (1, "string"))


def matched_by(call: Invocation) -> Value | None:
    """`fullmatch`, `match` and `search` of a pattern."""
    return None if call.receiver is None else _match(call, call.receiver, (0, "string"))


def _match(call: Invocation, pattern: Value, place: Place) -> Value | None:
    text, facts = call.argument(place), pattern.facts or {}
    if text is None or not all_taints(text):
        return None
    if "pattern" not in facts:  # whatever it asks, it asks something
        asked = (Implication(text, _written(call, place), DOUBT),)
        return Value(type="re.Match", optional=True, taints=all_taints(cleaned(text, DOUBT)), true=asked)
    source, flags = facts["pattern"], facts["flags"]
    method = call.name.rpartition(".")[2]
    whole = method == "fullmatch"
    if method == "match" and not is_begun(source, flags):
        source = f"^(?:{source})"
    clean = harmless_for(characters_of(source, flags, whole))
    if is_limited(source, flags, whole):
        clean |= DOUBT
    implied = (Implication(text, _written(call, place), clean),) if clean else ()
    held = cleaned(text, clean)
    return Value(type="re.Match", optional=True, taints=all_taints(held), true=implied)


def replaced(call: Invocation) -> Value | None:
    """`re.sub`: what a pattern of single characters takes out of a text is not in it any more."""
    pattern = call.constant((0, "pattern"))
    if not isinstance(pattern, str) or not call.name.endswith(".sub"):
        return None
    return _without(call, pattern, _flags(call.argument((4, "flags"))), (1, "repl"), (2, "string"))


def replaced_by(call: Invocation) -> Value | None:
    """`sub` of a pattern."""
    facts = (call.receiver.facts if call.receiver is not None else None) or {}
    if "pattern" not in facts or not call.name.endswith(".sub"):
        return None
    return _without(call, facts["pattern"], facts["flags"], (0, "repl"), (1, "string"))


def _without(call: Invocation, pattern: str, flags: int, put: Place, place: Place) -> Value | None:
    text, instead = call.argument(place), call.constant(put)
    taken = removed_by(pattern, flags)
    if text is None or taken is None or not isinstance(instead, str) or not all_taints(text):
        return None
    clean = harmless_for((EVERY_CHARACTER - taken) | frozenset(instead))
    return cleaned(Value(type="builtins.str", taints=all_taints(text)), clean) if clean else None


def _written(call: Invocation, place: Place) -> str:
    expression = call.expression(place)
    return "" if isinstance(expression, ast.Name) else ast.unparse(expression)


def _flags(value: Value | None) -> int:
    """Flags by their names; of a combination that can't be read none are taken, which lets more characters through."""
    if value is None or value.name is None:
        return value.const if value is not None and isinstance(value.const, int) else 0
    return int(_FLAGS.get(value.name.rpartition(".")[2], 0))


__all__ = ["compiled", "matched", "matched_by", "replaced", "replaced_by"]
