"""Texts put together: f-strings, `%`, `str.format` and `join`."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from checks.semantics.operations.parts import (
    DICTS,
    KEYS,
    STR,
    TUPLE,
    clean,
    derived,
    elements_of,
    plain,
    text_taints,
    whole,
    wrap,
)
from checks.semantics.taints import Taints, join_taints
from checks.semantics.values import MAX_TEXT, NOTHING, Value, constant

_ESCAPED: Final = frozenset({"header", "log"})
"""What `repr` makes harmless: no line ends where its text stands."""

_NUMBER_SPEC: Final = re.compile(r"(?:.?[<>=^])?[-+ ]?z?#?0?\d*[,_]?(?:\.\d+)?[bdeEfFgGoxX%]", re.DOTALL)
_DIRECTIVE: Final = re.compile(
    r"%(?:\((?P<key>[^()]*)\))?[-#0 +]*(?P<width>\*|\d+)?(?:\.(?P<precision>\*|\d+)?)?[hlL]?(?P<kind>.)?",
    re.DOTALL,
)
_DIGITS: Final = re.compile(r"\d+")
_NUMERIC: Final = frozenset("diouxXeEfFgG")

Part = tuple[Value, str, Value | None]


def formatted(parts: Sequence[Part]) -> Value:
    """The text of an f-string: its parts, each with its conversion (`r`, `s`, `a` or none) and format."""
    literal, built = True, len(parts) > 1
    taints: Taints = ()
    for value, conversion, spec in parts:
        literal = literal and value.literal and (spec is None or spec.literal)
        built = built or value.built
        if value.taints or value.items or value.rest is not None:
            taints = join_taints(taints, converted(value, conversion, spec))
        if spec is not None and spec.taints:
            taints = join_taints(taints, spec.taints)
    if literal:
        text = _interpolated(parts)
        return derived(STR, taints, literal=not taints) if text is None else constant(text)
    return derived(STR, taints, built=built)


def converted(value: Value, conversion: str, spec: Value | None) -> Taints:
    """The sources that a value brings into a text in which it is formatted."""
    number = spec is not None and is_number_spec(spec.const)
    taints = text_taints(value, harmless=number)
    return clean(taints, _ESCAPED) if conversion in ("r", "a") else taints


def is_number_spec(spec: object) -> bool:
    """Whether a format is one that only numbers have, so that its text is a number's."""
    return spec.__class__ is str and _NUMBER_SPEC.fullmatch(spec) is not None


def _interpolated(parts: Sequence[Part]) -> str | None:
    texts = []
    length = 0
    for value, conversion, spec in parts:
        made = plain(value)
        form = "" if spec is None else spec.const
        if made is NOTHING or not isinstance(form, str) or not is_short(form):
            return None
        try:
            if conversion:
                made = ascii(made) if conversion == "a" else repr(made) if conversion == "r" else str(made)
            text = format(made, form)
        except (TypeError, ValueError, ArithmeticError):
            return None
        length += len(text)
        if length > MAX_TEXT or _is_unordered(value):
            return None
        texts.append(text)
    return "".join(texts)


def _is_unordered(value: Value) -> bool:
    """Whether the text of a value differs from run to run: sets of texts have no order."""
    if value.items is None:
        return False
    if value.type_name in ("builtins.set", "builtins.frozenset"):
        return True
    return any(_is_unordered(item) for item in value.items.values())


def is_short(form: str) -> bool:
    """Whether all widths in a format together stay small."""
    return sum(int(digits[:9]) for digits in _DIGITS.findall(form)) <= MAX_TEXT


def percent(left: Value, right: Value) -> Value:
    """`left % right` where `left` is a text: a tuple's or dict's elements, or one value, are filled in."""
    kind = left.type_name or None
    literal = left.literal and right.literal
    if left.const is not NOTHING:
        made = plain(right)
        if made is not NOTHING and "*" not in str(left.const) and is_short(str(left.const)):
            if not _is_unordered(right):
                try:
                    return wrap(left.const % made)
                except (TypeError, ValueError, KeyError, ArithmeticError):
                    return derived(kind, literal=True)
    taints = left.taints
    if right.taints or right.items or right.rest is not None:
        taints = join_taints(taints, _percent_taints(left.const, right))
    return derived(kind, taints, literal, built=not literal)


def _percent_taints(form: object, right: Value) -> Taints:
    """The sources that the filled in values bring, each by its directive where that is known."""
    directives = _directives(form) if isinstance(form, str) else None
    if directives is None:
        return text_taints(right)
    if right.type_name == TUPLE:
        items = elements_of(right)
        if items is None or len(items) != len(directives):
            return text_taints(right)
        return _by_directive(zip(items, (kind for _, kind in directives), strict=True))
    if right.type_name in DICTS:
        return join_taints(right.taints, _by_directive(_named(right, directives)))
    if len(directives) == 1 and right.type is not None:
        return _by_directive([(right, directives[0][1])])
    return text_taints(right)


def _directives(form: str) -> list[tuple[str | None, str]] | None:
    """The key and kind of each directive of a `%` format, None where a width is an argument too."""
    found = []
    for match in _DIRECTIVE.finditer(form):
        kind = match["kind"]
        if match["width"] == "*" or match["precision"] == "*" or kind is None:
            return None
        if kind != "%":
            found.append((match["key"], kind))
    return found


def _named(right: Value, directives: Iterable[tuple[str | None, str]]) -> Iterable[tuple[Value, str]]:
    items = right.items or {}
    for key, kind in directives:
        if key is None:
            yield right, kind
        elif key in items:
            yield items[key], kind
        elif right.rest is not None:
            yield right.rest, kind


def _by_directive(filled: Iterable[tuple[Value, str]]) -> Taints:
    found: Taints = ()
    for value, kind in filled:
        taints = text_taints(value, harmless=kind in _NUMERIC)
        found = join_taints(found, clean(taints, _ESCAPED) if kind in "ra" else taints)
    return found


def format_method(
    receiver: Value, positional: Sequence[Value], keywords: Mapping[str, Value], more: Value | None
) -> Value:
    """`receiver.format(...)`: fields of a known format name the values that they show."""
    form = receiver.const
    literal = receiver.literal and all(value.literal for value in (*positional, *keywords.values()))
    literal = literal and (more is None or more.literal)
    fields = _fields(form) if isinstance(form, str) else None
    if fields is not None and more is None and literal:
        made = _formatted_constants(str(form), fields, positional, keywords)
        if made is not None:
            return made
    taints = receiver.taints
    if fields is None or more is not None:
        for value in (*positional, *keywords.values(), *(() if more is None else (more,))):
            taints = join_taints(taints, text_taints(value))
    else:
        taints = join_taints(taints, _field_taints(fields, positional, keywords))
    return derived(STR, taints, literal, built=not literal)


Field = tuple[str, str, str]


def _fields(form: str) -> list[Field] | None:
    """The name, conversion and format of each field, None where formats have fields of their own."""
    try:
        parsed = list(string.Formatter().parse(form))
    except ValueError:
        return None
    found = []
    automatic = 0
    for _, name, spec, conversion in parsed:
        if name is None:
            continue
        if spec and "{" in spec:
            return None
        shown = name
        if not name or name[0] in ".[":
            shown = f"{automatic}{name}"
            automatic += 1
        found.append((shown, conversion or "", spec or ""))
    return found


def _field_taints(
    fields: Sequence[Field], positional: Sequence[Value], keywords: Mapping[str, Value]
) -> Taints:
    found: Taints = ()
    for name, conversion, spec in fields:
        head = re.split(r"[.\[]", name, maxsplit=1)[0]
        value: Value | None
        if head.isdecimal():
            index = int(head[:6])
            value = positional[index] if index < len(positional) else None
        else:
            value = keywords.get(head)
        if value is None or not (value.taints or value.items or value.rest is not None):
            continue
        taints = converted(value, conversion, constant(spec)) if head == name else whole(value)
        found = join_taints(found, taints)
    return found


def _formatted_constants(
    form: str, fields: Sequence[Field], positional: Sequence[Value], keywords: Mapping[str, Value]
) -> Value | None:
    if any("." in name for name, _, _ in fields) or not all(is_short(spec) for _, _, spec in fields):
        return None
    if sum(int((_DIGITS.findall(spec) or ["0"])[0][:9]) for _, _, spec in fields) > MAX_TEXT:
        return None
    arguments: list[Any] = [plain(value) for value in positional]
    named = {key: plain(value) for key, value in keywords.items()}
    if any(made is NOTHING for made in (*arguments, *named.values())):
        return None
    if any(_is_unordered(value) for value in (*positional, *keywords.values())):
        return None
    if len(fields) * sum(len(str(value)) for value in (*arguments, *named.values())) > 100 * MAX_TEXT:
        return None
    try:
        return wrap(form.format(*arguments, **named))
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError):
        return derived(STR, literal=True)


def joined_text(separator: Value, parts: Value, kind: str = STR) -> Value:
    """`separator.join(parts)`."""
    known = elements_of(parts)
    if known is not None and separator.const is not NOTHING:
        texts = [value.const for value in known]
        if all(text.__class__ is separator.const.__class__ for text in texts):
            return wrap(separator.const.join(texts))
    if known is not None:
        literal = separator.literal and all(value.literal for value in known)
        single = len(known) == 1
    else:
        literal = separator.literal and parts.literal
        single = False
    taints = join_taints(separator.taints, whole(parts))
    if parts.type_name in DICTS:
        taints = join_taints(separator.taints, parts.taints)
        key = (parts.items or {}).get(KEYS)
        if key is not None:
            taints = join_taints(taints, whole(key))
    return derived(kind, taints, literal, built=not literal and not single)
