"""A route: the URLs by which a view is reached, in one shape for every framework."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.model import Span

INT, SLUG, STR, UUID, PATH, CUSTOM = "int", "slug", "str", "uuid", "path", "custom"
CONVERTERS = frozenset({INT, SLUG, STR, UUID, PATH})

_ANGLES = re.compile(r"<(?:([^<>:\s]{1,60}):)?([A-Za-z_]\w{0,60})>")
_RANK = {INT: 0, SLUG: 1, STR: 2, PATH: 3}
_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?P?[:=!<]?|[{][\d,]*[}]|.", re.DOTALL)
_MEMBER = re.compile(r"\\.|.-[^\]]|.", re.DOTALL)
_PATTERN_LIMIT = 1_000
_QUANTIFIERS = "+*?()|^$"
_ESCAPES = {"d": INT, "w": SLUG, "b": INT, "A": INT, "Z": INT, "-": SLUG, "s": STR, "/": PATH}


@dataclass(frozen=True, slots=True)
class Route:
    """One URL pattern and the view behind it.

    `view` is the dotted name as the routing file knows it; for `View.as_view()` the class's, for a method
    `module.Class.method`. `parameters` maps a name to its converter: int, str, slug, uuid, path or custom. `methods`
    are upper-case, `None` where the view decides; `actions` maps them in lower case to the methods of a viewset.
    `wrappers` are the decorators that stand around the view here, outermost first. `options` are the keyword arguments
    of `as_view` with the dotted names or constants that they hold. `router` tells that a router makes the routes of a
    viewset of it. `name` is the one for reversing, with its namespaces; `owner` the blueprint or application
    of Flask, by the dotted name of the variable that holds it.
    """

    view: str
    pattern: str
    path: str
    span: Span
    framework: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    methods: frozenset[str] | None = None
    actions: Mapping[str, str] = field(default_factory=dict)
    wrappers: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name: str = ""
    router: bool = False
    owner: str = ""


def converters(pattern: str, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """The parameters of a pattern like `orders/<int:pk>/`; `known` maps a framework's own names to common ones."""
    return {
        name: CUSTOM if kind not in CONVERTERS else kind
        for given, name in _ANGLES.findall(pattern)
        for kind in [(known or {}).get(given, given) if given else STR]
    }


def regex_groups(pattern: str) -> dict[str, str]:
    r"""The named groups of a regular expression, by what they can match.

    `(?P<pk>\d+)` is int, `[-\w]+` slug (letters, digits, hyphens, underscores), `[^/]+` str, and `.*` path.
    """
    return {name: kind_of_regex(body) for name, body in _groups(pattern[:_PATTERN_LIMIT])}


def kind_of_regex(body: str) -> str:
    """What a regular expression can match, as the narrowest of int, slug, str and path."""
    kinds = [_kind(token) for token in _TOKEN.findall(body[:_PATTERN_LIMIT])]
    return max((kind for kind in kinds if kind), key=_RANK.__getitem__, default=STR)


def _groups(pattern: str) -> list[tuple[str, str]]:
    """Name and body of each named group, nested ones too."""
    found: list[tuple[str, str]] = []
    opened: list[tuple[str, int]] = []
    for token in re.finditer(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?P<(\w+)>)?|\)", pattern, re.DOTALL):
        if token[0].startswith("("):
            opened.append((token[1] or "", token.end()))
        elif token[0] == ")" and opened:
            name, start = opened.pop()
            if name:
                found.append((name, pattern[start : token.start()]))
    return found


def _kind(token: str) -> str | None:
    if token.startswith("["):
        return _kind_of_class(token[1:-1])
    if token.startswith("\\"):
        return _ESCAPES.get(token[1], PATH if token[1] in "DWS" else _kind_of_character(token[1]))
    if token.startswith(("(", "{")) or token in _QUANTIFIERS:
        return None
    return PATH if token == "." else _kind_of_character(token)


def _kind_of_class(members: str) -> str:
    if members.startswith("^"):
        return STR if "/" in members else PATH
    kinds = [
        SLUG
        if len(member) == 3 and member[0].isalpha() and member[2].isalpha()
        else INT
        if len(member) == 3 and member[0].isdigit() and member[2].isdigit()
        else PATH
        if len(member) == 3
        else _kind(member)
        if member.startswith("\\")
        else _kind_of_character(member)
        for member in _MEMBER.findall(members)
    ]
    return max((kind for kind in kinds if kind), key=_RANK.__getitem__, default=STR)


def _kind_of_character(character: str) -> str:
    if character.isdigit():
        return INT
    if character.isalnum() or character in "-_":
        return SLUG
    return PATH if character == "/" else STR
