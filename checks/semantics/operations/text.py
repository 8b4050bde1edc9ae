"""Methods of texts and bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from checks.semantics.invocation import Invocation
from checks.semantics.library import INJECTIONS
from checks.semantics.operations.formatting import format_method, joined_text
from checks.semantics.operations.parts import (
    ANY_BOOL,
    ANY_INT,
    BOOL,
    BYTES,
    INT,
    LIST,
    STR,
    TUPLE,
    clean,
    derived,
    joined_taints,
    plain,
    text_taints,
    wrap,
)
from checks.semantics.operations.receivers import Result
from checks.semantics.taints import join_taints
from checks.semantics.values import MAX_TEXT, NOTHING, Implication, Value

_SAME: Final = frozenset(
    {
        "capitalize", "casefold", "center", "expandtabs", "ljust", "lower", "lstrip", "removeprefix",
        "removesuffix", "replace", "rjust", "rstrip", "strip", "swapcase", "title", "translate", "upper", "zfill",
    }
)  # fmt: skip
_SPLITS: Final = frozenset({"rsplit", "split", "splitlines"})
_PARTITIONS: Final = frozenset({"partition", "rpartition"})
_WORD: Final = frozenset({"code", "command", "deserialize", "nosql"})
_SAFE_TESTS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(("isalnum", "isalpha", "isidentifier"), _WORD),
    **dict.fromkeys(("isdecimal", "isdigit", "isnumeric"), frozenset()),
}
"""Tests that no text with quotes, slashes, brackets or spaces passes, and what a single word can still harm."""

_TESTS: Final = _SAFE_TESTS.keys() | {
    "endswith", "isascii", "islower", "isprintable", "isspace", "istitle", "isupper", "startswith",
}  # fmt: skip
_NUMBERS: Final = frozenset({"count", "find", "index", "rfind", "rindex"})
_SHARED: Final = frozenset(
    {"count", "find", "index", "rfind", "rindex", "center", "replace", "title", "translate"}
)
"""Methods that other classes have too: sequences, elements of documents, dates."""

_BREAKS: Final = frozenset({"\n", "\r\n", b"\n", b"\r\n"})
_LINES: Final = frozenset({"header", "log"})
_BYTES_ONLY: Final = frozenset({"decode", "hex"})
_WIDTHS: Final = frozenset({"center", "expandtabs", "ljust", "rjust", "zfill"})
_SEARCHES_BACK: Final = frozenset({"rfind", "rindex", "rpartition", "rsplit"})
_PURE: Final = (_SAME | _SPLITS | _PARTITIONS | _TESTS | _NUMBERS | {"decode", "encode", "hex"}) - {
    "translate"
}
_CODECS: Final = frozenset(
    {"ascii", "latin-1", "latin1", "iso-8859-1", "utf-8", "utf8", "utf-16", "utf-32", "cp1252"}
)


def text_method(receiver: Value, name: str, call: Invocation) -> Result:
    """A method of a text or bytes; of a value of no known class, only where no other class has it."""
    result = _METHODS.get(name)
    if result is None:
        return None
    const = receiver.const
    if const is not NOTHING and name in _PURE and call.more is None:
        made = _folded(const, name, call)
        if made is not None:
            return made, None
    known = receiver.type_name
    if not known:
        if name in _SHARED or receiver.name is not None or receiver.targets:
            return None
        if name == "join" and not _is_joinable(call):
            return None
        if not (receiver.taints or _arguments_tainted(call)):
            return None
    return result(receiver, name, call), None


def _folded(const: Any, name: str, call: Invocation) -> Value | None:
    """What the method of a constant gives with constants, None where an argument is not one or much may come of it."""
    arguments = [plain(value) for value in call.positional]
    if name in ("encode", "decode") and call.keywords:
        return None
    keywords = {key: plain(value) for key, value in call.keywords.items()}
    if any(made is NOTHING for made in (*arguments, *keywords.values())) or not hasattr(const, name):
        return None
    try:
        if not _is_small(const, name, arguments):
            return None
        return wrap(getattr(const, name)(*arguments, **keywords))
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError):
        return None


def _is_small(const: Any, name: str, arguments: list[Any]) -> bool:
    """Whether neither the result nor the way to it is long."""
    if name in _WIDTHS:
        width = arguments[0] if arguments else 8
        return bool(width * (len(const) if name == "expandtabs" else 1) <= MAX_TEXT)
    if name == "replace" and len(arguments) > 1:
        return len(arguments[1]) * (len(const) + 1) <= 100 * MAX_TEXT
    if name in ("encode", "decode"):
        return all(isinstance(argument, str) and argument in _CODECS for argument in arguments)
    if name in _SEARCHES_BACK and arguments and isinstance(arguments[0], str | bytes):
        return len(arguments[0]) <= 100  # takes as many steps as both lengths multiplied
    return True


def _is_joinable(call: Invocation) -> bool:
    return len(call.positional) == 1 and not call.keywords and call.more is None


def _arguments_tainted(call: Invocation) -> bool:
    return bool(joined_taints(call.positional) or joined_taints(call.keywords.values())) or (
        call.more is not None and bool(joined_taints((call.more,)))
    )


def _literal(receiver: Value, call: Invocation) -> bool:
    return (
        receiver.literal
        and all(value.literal for value in (*call.positional, *call.keywords.values()))
        and (call.more is None or call.more.literal)
    )


def _same(receiver: Value, name: str, call: Invocation) -> Value:
    taints = receiver.taints
    if call.positional or call.keywords or call.more is not None:
        for value in (
            *call.positional,
            *call.keywords.values(),
            *(() if call.more is None else (call.more,)),
        ):
            taints = join_taints(taints, text_taints(value))
    if name == "replace" and _takes_out_breaks(call):
        taints = clean(taints, _LINES)
    literal = _literal(receiver, call)
    return derived(receiver.type, taints, literal, built=receiver.built and not literal)


def _takes_out_breaks(call: Invocation) -> bool:
    """Whether line breaks are replaced by something without any: no line of a log or header begins there any more."""
    new = call.constant((1, "new"))
    if call.constant((0, "old")) not in _BREAKS or not isinstance(new, str | bytes):
        return False
    return not ("\n" in new or "\r" in new if isinstance(new, str) else b"\n" in new or b"\r" in new)


def _split(receiver: Value, name: str, call: Invocation) -> Value:
    part = derived(receiver.type, receiver.taints, _literal(receiver, call))
    return Value(type=LIST, items={}, rest=part, literal=part.literal)


def _partition(receiver: Value, name: str, call: Invocation) -> Value:
    part = derived(receiver.type, receiver.taints, _literal(receiver, call))
    between = call.positional[0] if len(call.positional) == 1 else part
    between = derived(receiver.type, between.taints, between.literal)
    return Value(type=TUPLE, items={0: part, 1: between, 2: part}, literal=part.literal and between.literal)


def _test(receiver: Value, name: str, call: Invocation) -> Value:
    return ANY_BOOL


def _safe_test(receiver: Value, name: str, call: Invocation) -> Value:
    if receiver.const is not NOTHING or call.positional:
        return ANY_BOOL
    return Value(type=BOOL, true=(Implication(receiver, clean=INJECTIONS - _SAFE_TESTS[name]),))


def _number(receiver: Value, name: str, call: Invocation) -> Value:
    return ANY_INT if not _literal(receiver, call) else Value(type=INT, literal=True)


def _encode(receiver: Value, name: str, call: Invocation) -> Value:
    return derived(BYTES, receiver.taints, _literal(receiver, call), receiver.built)


def _decode(receiver: Value, name: str, call: Invocation) -> Value:
    return derived(STR, receiver.taints, _literal(receiver, call), receiver.built)


def _format(receiver: Value, name: str, call: Invocation) -> Value:
    return format_method(receiver, call.positional, call.keywords, call.more)


def _format_map(receiver: Value, name: str, call: Invocation) -> Value:
    given = call.positional[0] if len(call.positional) == 1 else call.more
    if given is not None and given.items is not None and given.rest is None and not given.taints:
        if given.type_name == "builtins.dict" and not given.optional:
            keywords = {key: value for key, value in given.items.items() if isinstance(key, str)}
            return format_method(receiver, (), keywords, None)
    return format_method(receiver, (), {}, given)


def _join(receiver: Value, name: str, call: Invocation) -> Value:
    parts = call.positional[0] if call.positional else call.more
    if parts is None:
        return derived(STR)
    return joined_text(receiver, parts, receiver.type_name or STR)


def _hex(receiver: Value, name: str, call: Invocation) -> Value:
    return derived(STR, clean(receiver.taints, INJECTIONS), _literal(receiver, call))


_METHODS: Final[dict[str, Callable[[Value, str, Invocation], Value]]] = {
    **dict.fromkeys(_SAME, _same),
    **dict.fromkeys(_SPLITS, _split),
    **dict.fromkeys(_PARTITIONS, _partition),
    **dict.fromkeys(_TESTS, _test),
    **dict.fromkeys(_SAFE_TESTS, _safe_test),
    **dict.fromkeys(_NUMBERS, _number),
    "encode": _encode,
    "decode": _decode,
    "format": _format,
    "format_map": _format_map,
    "join": _join,
    "hex": _hex,
}
TEXT_METHODS: Final = frozenset(_METHODS)
