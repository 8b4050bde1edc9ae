"""Which characters a text can hold that matches a regular expression, and what such a text can't harm."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]  # typeshed does not know them
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_LONGEST = 1_000
_ASCII = frozenset(map(chr, range(128)))
_OTHER = "\N{SNOWMAN}"  # stands for every character beyond ASCII
_ALL = _ASCII | {_OTHER}
EVERY_CHARACTER = _ALL
_CATEGORIES = {
    codes.CATEGORY_DIGIT: frozenset("0123456789") | {_OTHER},
    codes.CATEGORY_SPACE: frozenset(" \t\n\r\f\v\x1c\x1d\x1e\x1f") | {_OTHER},
    codes.CATEGORY_WORD: frozenset(c for c in _ASCII if c.isalnum() or c == "_") | {_OTHER},
}
_OPPOSITES = {
    codes.CATEGORY_NOT_DIGIT: codes.CATEGORY_DIGIT,
    codes.CATEGORY_NOT_SPACE: codes.CATEGORY_SPACE,
    codes.CATEGORY_NOT_WORD: codes.CATEGORY_WORD,
}
_HARMFUL = {
    "code": _ASCII - frozenset("0123456789"),
    "command": _ASCII,
    "cookie": frozenset("\r\n;,"),
    "csv": frozenset("=+-@\t\r"),
    "header": frozenset("\r\n"),
    "html": frozenset("<>&\"'` =/"),
    "html-email": frozenset("<>&\"'` =/"),
    "ldap": frozenset("*()\\\0"),
    "ldap-dn": frozenset(',+"\\<>;=\0#'),
    "log": frozenset("\r\n"),
    "nosql": frozenset("$"),
    "path": frozenset("./\\\0~"),
    "redirect": frozenset("/\\:"),
    "regex": frozenset("()*+?{}[]|"),
    "script": frozenset("<>&\"'`\\/;(){}"),
    "shell": _ASCII - frozenset(c for c in _ASCII if c.isalnum()) - frozenset("_-./:@%,+="),
    "sql": _ASCII - frozenset(c for c in _ASCII if c.isalnum()) - frozenset("_.@-"),
    "template": frozenset("{}%<>"),
    "url": frozenset("/\\:@?#."),
    "xml": frozenset("<>&\"'"),
    "xpath": _ASCII - frozenset(c for c in _ASCII if c.isalnum()) - frozenset("_-."),
}


def harmless_for(characters: frozenset[str]) -> frozenset[str]:
    """The kinds of sinks that a text of these characters can't harm."""
    return frozenset(kind for kind, harmful in _HARMFUL.items() if not harmful & characters)


def is_limited(pattern: str, flags: int = 0, whole: bool = True) -> bool:
    """Whether a match says anything of a whole text: not where some of it may be as long as it likes, of anything."""
    try:
        parsed = _parser.parse(pattern, flags)
    except (re.error, RecursionError, OverflowError, ValueError):
        return False
    items = list(parsed)
    if not whole and not (_begins(items) and _ends(items)):
        return False
    stack = [items]
    while stack:
        for operation, argument in stack.pop():
            if operation in _REPEATS:
                if argument[1] > _SHORT_RUN and len(_of(argument[2], False, False, 1)) + 1 >= len(_ALL):
                    return False
                stack.append(list(argument[2]))
            elif operation is codes.SUBPATTERN:
                stack.append(list(argument[3]))
            elif operation is codes.BRANCH:
                stack += [list(one) for one in argument[1]]
    return True


_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_SHORT_RUN = 10


@lru_cache(maxsize=2_000)
def characters_of(pattern: str, flags: int = 0, whole: bool = True) -> frozenset[str]:
    """The characters of a text that a pattern matches; beyond ASCII they count as one.

    `whole` says that all of the text has to match; else only what stands between `^` or `\\A` and `$` or `\\Z` counts,
    and without both anything can stand around a match.
    """
    if len(pattern) > _LONGEST:
        return _ALL
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = _parser.parse(pattern, flags)
    except (re.error, RecursionError, OverflowError, ValueError):
        return _ALL
    items = list(parsed)
    found = frozenset[str]()
    if not whole:
        if not _begins(items) or not _ends(items) or parsed.state.flags & re.MULTILINE:
            return _ALL
        if items[-1] == (codes.AT, codes.AT_END):
            found = frozenset("\n")  # `$` matches before a last line break
    dot_all = bool(parsed.state.flags & re.DOTALL)
    ascii_only = bool(parsed.state.flags & re.ASCII)
    found |= _of(parsed, dot_all, ascii_only, 0)
    return _of_either_case(found, ascii_only) if parsed.state.flags & re.IGNORECASE else found


def is_begun(pattern: str, flags: int = 0) -> bool:
    """Whether `match` makes no difference to `search`."""
    try:
        return _begins(list(_parser.parse(pattern, flags)))
    except (re.error, RecursionError, OverflowError, ValueError):
        return False


def _of_either_case(found: frozenset[str], ascii_only: bool) -> frozenset[str]:
    """With the letters of the other case, some of which stand beyond ASCII (the sign for Kelvin is a `k`)."""
    letters = frozenset(character for character in found if character.isalpha())
    more = frozenset(character.swapcase() for character in letters if character != _OTHER)
    return found | more | ({_OTHER} if letters and not ascii_only else frozenset())


def removed_by(pattern: str, flags: int = 0) -> frozenset[str] | None:
    """The characters that replacing every match takes out of a text, None where matches are longer or depend."""
    if len(pattern) > _LONGEST:
        return None
    try:
        parsed = _parser.parse(pattern, flags)
    except (re.error, RecursionError, OverflowError, ValueError):
        return None
    items = list(parsed)
    if len(items) == 1 and items[0][0] in (codes.MAX_REPEAT, codes.POSSESSIVE_REPEAT):
        least, _, repeated = items[0][1]
        items = list(repeated) if least == 1 else []
    if len(items) != 1 or items[0][0] not in (codes.IN, codes.LITERAL, codes.NOT_LITERAL):
        return None
    found = _of(items, dot_all=False, ascii_only=bool(parsed.state.flags & re.ASCII), depth=0)
    negated = items[0][0] is codes.IN and items[0][1][0][0] is codes.NEGATE
    return found if negated else found - {_OTHER}


def _begins(items: list[Any]) -> bool:
    return bool(items) and items[0] in (
        (codes.AT, codes.AT_BEGINNING),
        (codes.AT, codes.AT_BEGINNING_STRING),
    )


def _ends(items: list[Any]) -> bool:
    return bool(items) and items[-1] in ((codes.AT, codes.AT_END), (codes.AT, codes.AT_END_STRING))


def _of(items: Any, dot_all: bool, ascii_only: bool, depth: int) -> frozenset[str]:
    if depth > 50:
        return _ALL
    found: set[str] = set()
    for operation, argument in items:
        found |= _one(operation, argument, dot_all, ascii_only, depth)
        if len(found) == len(_ALL):
            break
    return frozenset(found)


def _one(operation: Any, argument: Any, dot_all: bool, ascii_only: bool, depth: int) -> frozenset[str]:
    if operation is codes.LITERAL:
        return frozenset({_character(argument)})
    if operation is codes.NOT_LITERAL:
        return _ALL - {chr(argument)} if argument < 128 else _ALL
    if operation is codes.ANY:
        return _ALL if dot_all else _ALL - {"\n"}
    if operation is codes.IN:
        return _set(argument, ascii_only)
    if operation in _REPEATS:
        return _of(argument[2], dot_all, ascii_only, depth + 1)
    if operation is codes.SUBPATTERN:
        return _of(argument[3], dot_all, ascii_only, depth + 1)
    if operation is codes.ATOMIC_GROUP:
        return _of(argument, dot_all, ascii_only, depth + 1)
    if operation is codes.BRANCH:
        return frozenset().union(*(_of(one, dot_all, ascii_only, depth + 1) for one in argument[1]))
    if operation in (codes.AT, codes.ASSERT, codes.ASSERT_NOT, codes.GROUPREF):
        return frozenset()
    return _ALL


def _character(code: int) -> str:
    return chr(code) if code < 128 else _OTHER


def _set(items: Any, ascii_only: bool) -> frozenset[str]:
    found: set[str] = set()
    negated = False
    for operation, argument in items:
        if operation is codes.NEGATE:
            negated = True
        elif operation is codes.LITERAL:
            found.add(_character(argument))
        elif operation is codes.RANGE:
            low, high = argument
            found.update(chr(code) for code in range(low, min(high, 127) + 1))
            if high > 127:
                found.add(_OTHER)
        elif operation is codes.CATEGORY:
            found |= _category(argument, ascii_only)
    if negated:
        found.discard(_OTHER)  # what a set leaves out beyond ASCII is never all of it
    return frozenset(_ALL - found if negated else found)


def _category(category: Any, ascii_only: bool) -> frozenset[str]:
    if category in _OPPOSITES:
        return _ALL - _category(_OPPOSITES[category], True)
    known = _CATEGORIES[category]
    return known - {_OTHER} if ascii_only else known
