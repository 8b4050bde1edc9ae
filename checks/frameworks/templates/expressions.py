"""What stands in holes and tags, read: names with their parts, filters with their arguments. Never raises."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from checks.frameworks.templates.model import DJANGO, Expression, Filter
from checks.model import Span

MAX_LENGTH = 20_000
"""Characters of an expression; a longer one is a text that nothing is known of."""
MAX_DEPTH = 40

Place = Callable[[int, int], Span]

_DJANGO = re.compile(
    r"""
    (?P<string> (?P<translated>_\()? (?: "(?:[^"\\]|\\.)*+" | '(?:[^'\\]|\\.)*+' ) \)? )
  | (?P<number> [-+]?\d[\d.e]*+ (?![\w.]) )
  | (?P<name> [\w.]++ )
  | (?P<bar> \s*\|\s* )
  | (?P<colon> : )
    """,
    re.VERBOSE,
)
_JINJA = re.compile(
    r"""
    \s*+ (?:
      (?P<string> "(?:[^"\\]|\\.)*+" | '(?:[^'\\]|\\.)*+' )
    | (?P<number> \d[\w]*+ (?:\.\d\w*+)? )
    | (?P<name> [^\W\d]\w*+ )
    | (?P<operator> // | \*\* | [=!<>]= | [-+*/%~<>=|.,:()\[\]{}] )
    | (?P<other> \S ) )
    """,
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS = frozenset({"True", "False", "None", "true", "false", "none"})
_COMPARISONS = frozenset({"==", "!=", "<", ">", "<=", ">=", "in", "is", "not"})
_BINARY = frozenset({"+", "-", "*", "/", "//", "%", "**", "~", "and", "or"}) | _COMPARISONS


def parse_expression(text: str, language: str, place: Place, start: int = 0) -> Expression:
    """The expression that a text is; `place` gives the span from offset to offset, `start` is the text's own."""
    stripped = text.strip()
    if len(stripped) > MAX_LENGTH:
        return Expression(stripped)
    start += len(text) - len(text.lstrip())
    if language == DJANGO:
        return _django(stripped, place, start)
    return replace(Parser(stripped, place, start).whole(), text=stripped)


def _django(text: str, place: Place, start: int) -> Expression:
    """A value with filters, each with at most one argument."""
    first = _DJANGO.match(text)
    if first is None:
        return Expression(text)
    value = _operand(first)
    filters: list[Filter] = []
    position = first.end()
    while (bar := _DJANGO.match(text, position)) is not None and bar.lastgroup == "bar":
        name = _DJANGO.match(text, bar.end())
        if name is None or name.lastgroup != "name":
            break
        position = name.end()
        arguments: tuple[Expression, ...] = ()
        colon = _DJANGO.match(text, position)
        given = _DJANGO.match(text, colon.end()) if colon is not None and colon.lastgroup == "colon" else None
        if given is not None and given["bar"] is None:
            arguments, position = (_operand(given),), given.end()
        filters.append(Filter(name[0], arguments, place(start + name.start(), start + position)))
    if not filters and value.text == text:
        return value
    return replace(value, text=text, filters=tuple(filters))


def _operand(match: re.Match[str]) -> Expression:
    text = match[0]
    if match["string"] is not None:
        quoted = text.removeprefix("_(").removesuffix(")") if match["translated"] else text
        return Expression(text, literal=True, value=quoted[1:-1])
    if match["number"] is not None or text in _CONSTANTS:
        return Expression(text, literal=True)
    return Expression(text, path=tuple(part for part in text.split(".") if part))


def _jinja_tokens(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Kind, text, start and end of each token, up to a string that is never closed."""
    for match in _JINJA.finditer(text):
        kind = match.lastgroup or ""
        if kind == "other" and match[kind] in "\"'":
            return
        yield kind, match[kind], match.start(kind), match.end()


class Parser:
    """Jinja2's expressions, leniently: what can't be read ends the expression, and nothing more is known of it."""

    def __init__(self, text: str, place: Place, start: int) -> None:
        self._text = text
        self._place = place
        self._start = start
        self._tokens = [
            (
                match.lastgroup or "",
                match[match.lastgroup or 0],
                match.start(match.lastgroup or 0),
                match.end(),
            )
            for match in _JINJA.finditer(text)
        ]
        self._next = 0
        self._depth = 0

    def whole(self) -> Expression:
        """The expression, or several with commas between as one of their parts; words behind it are left alone."""
        start = self._peek()[2]
        parts = [self._conditional()]
        while self._accept(","):
            parts.append(self._conditional())
        return parts[0] if len(parts) == 1 else _compound(self._since(start), parts)

    def keywords(self) -> tuple[tuple[str, Expression], ...]:
        """`a=1, b=c` or `a, b`, as `with`, `set` and `trans` are given them: a name alone stands for itself."""
        found: list[tuple[str, Expression]] = []
        while self._peek()[0] == "name":
            name = self._take()[1]
            if self._accept("="):
                found.append((name, self._conditional()))
            else:
                found.append((name, Expression(name, path=(name,))))
            if not self._accept(","):
                break
        return tuple(found)

    def _peek(self, ahead: int = 0) -> tuple[str, str, int, int]:
        index = self._next + ahead
        return (
            self._tokens[index] if index < len(self._tokens) else ("", "", len(self._text), len(self._text))
        )

    def _take(self) -> tuple[str, str, int, int]:
        token = self._peek()
        self._next = min(self._next + 1, len(self._tokens))
        return token

    def _accept(self, *words: str) -> bool:
        kind, text, _, _ = self._peek()
        if kind in ("operator", "name") and text in words:
            self._next += 1
            return True
        return False

    def _since(self, start: int) -> str:
        end = self._tokens[self._next - 1][3] if self._next else start
        return self._text[start : max(start, end)]

    def _list(self, closing: str) -> Expression:
        """What stands up to a closing bracket: one value as itself."""
        start = self._peek()[2]
        parts = self._items(closing)
        return parts[0] if len(parts) == 1 else _compound(self._since(start), parts)

    def _items(self, closing: str) -> tuple[Expression, ...]:
        """What stands between commas up to a closing bracket; of keywords and keys the values too."""
        parts: list[Expression] = []
        while self._peek()[0] and not (closing and self._accept(closing)):
            before = self._next
            if self._peek()[0] == "name" and self._peek(1)[1] == "=":
                self._next += 2
            parts.append(self._conditional())
            self._accept(",", ":")
            if self._next == before:
                self._next += 1
        return tuple(parts)

    def _conditional(self) -> Expression:
        """`a if b else c` is a or c."""
        start = self._peek()[2]
        parts = [self._binary()]
        asked: list[Expression] = []
        while self._accept("if"):
            asked.append(self._binary())
            if self._accept("else"):
                parts.append(self._binary())
        if len(parts) == 1 and not asked:
            return parts[0]
        return _compound(self._since(start), parts, asked)

    def _binary(self) -> Expression:
        """Operands with operators between; a comparison holds nothing of what it compares."""
        start = self._peek()[2]
        compared = {0} if self._accept("not") else set()
        groups: list[list[Expression]] = [[self._unary()]]
        plain = True
        while self._peek()[0] in ("operator", "name") and self._peek()[1] in _BINARY:
            operator = self._take()[1]
            plain = False
            if operator in ("and", "or"):
                groups.append([])
            elif operator in _COMPARISONS:
                compared.add(len(groups) - 1)
            while self._accept("not", "in", "is"):
                compared.add(len(groups) - 1)
            groups[-1].append(self._unary())
        if plain and not compared:
            return groups[0][0]
        kept = [part for number, group in enumerate(groups) if number not in compared for part in group]
        asked = [part for number, group in enumerate(groups) if number in compared for part in group]
        return _compound(self._since(start), kept, asked)

    def _unary(self) -> Expression:
        while self._accept("-", "+"):
            pass
        self._depth += 1
        try:
            return self._postfix() if self._depth < MAX_DEPTH else self._rest()
        finally:
            self._depth -= 1

    def _rest(self) -> Expression:
        start = self._peek()[2]
        self._next = len(self._tokens)
        return Expression(self._text[start:])

    def _postfix(self) -> Expression:
        """A value with what is asked of it: attributes, subscripts, calls, filters."""
        start = self._peek()[2]
        value = self._primary()
        while True:
            if self._accept("."):
                name = self._take()[1]
                value = _attribute(value, name)
            elif self._accept("["):
                value = _subscript(value, self._list("]"))
            elif self._accept("("):
                value = self._call(value)
            elif self._accept("|"):
                value = self._filtered(value)
            else:
                return replace(value, text=self._since(start))

    def _primary(self) -> Expression:
        kind, text, start, end = self._take()
        if kind == "string":
            return Expression(text, literal=True, value=text[1:-1])
        if kind == "number" or text in _CONSTANTS:
            return Expression(text, literal=True)
        if kind == "name":
            return Expression(text, path=(text,))
        closing = {"(": ")", "[": "]", "{": "}"}.get(text)
        if closing is not None:
            return self._list(closing)
        if text in (")", "]", "}", ",", ":"):
            self._next -= 1
        return Expression(self._text[start:end])

    def _call(self, value: Expression) -> Expression:
        arguments = self._items(")")
        if value.called or value.filters or not value.path:
            return Expression(value.text, parts=(value, *arguments), called=True)
        return replace(value, called=True, arguments=arguments)

    def _filtered(self, value: Expression) -> Expression:
        _, name, start, end = self._take()
        while self._peek()[1] == "." and self._peek(1)[0] == "name":
            self._next += 1
            _, more, _, end = self._take()
            name = f"{name}.{more}"
        arguments: tuple[Expression, ...] = ()
        if self._accept("("):
            arguments = self._items(")")
            end = self._tokens[self._next - 1][3]
        applied = Filter(name, arguments, self._place(self._start + start, self._start + end))
        return replace(value, filters=(*value.filters, applied))


def _compound(text: str, parts: Sequence[Expression], asked: Sequence[Expression] = ()) -> Expression:
    literal = all(part.literal for part in parts)
    return Expression(text, literal=literal, parts=tuple(parts), asked=tuple(asked))


def _attribute(value: Expression, name: str) -> Expression:
    if not value.path or value.called or value.filters:
        return Expression(value.text, parts=(value,))
    return replace(value, path=(*value.path, name))


def _subscript(value: Expression, index: Expression) -> Expression:
    key = index.value if index.value is not None else index.text
    if not index.literal or index.parts or not value.path or value.called or value.filters:
        return Expression(value.text, parts=(value,))
    return replace(value, path=(*value.path, key))
