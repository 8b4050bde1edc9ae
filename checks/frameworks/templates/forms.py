"""The forms of a template: how and where they send, and what stands in them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from checks.frameworks.templates.files import TemplateFile
from checks.frameworks.templates.lexer import COMMENT, tokens
from checks.frameworks.templates.model import Hole, Include, Tag
from checks.model import Span

MAX_FORMS = 200
_LONGEST = 4_000  # characters of an opening tag

_OPENING = re.compile(r"<form(?=[\s>])", re.IGNORECASE)
_ATTRIBUTES = re.compile(
    r"""(?: \{\{[^{}]*+\}\} | \{%[^%]*+%\} | "[^"]*+" | '[^']*+' | [^<>"'] )*+ >""", re.VERBOSE
)
_CLOSING = re.compile(r"</form(?=[\s>])", re.IGNORECASE)
_METHOD = re.compile(r"""[\s}]method\s*=\s*["']?\s*(\w+)""", re.IGNORECASE)
_COMPUTED = re.compile(r"[\s}]method\s*=", re.IGNORECASE)
_ACTION = re.compile(r"""[\s}]action\s*=\s*(?:"([^"]*)|'([^']*)|([^\s>]+))""", re.IGNORECASE)
_UNSEEN = (
    (re.compile("<!--"), re.compile("-->")),
    (re.compile(r"<script\b", re.IGNORECASE), re.compile("</script", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a template.

    `method` is in lower case, `get` where none is given and empty where it is computed; `action` as it is written, up
    to a quote within it. `attributes` and `body` are text, the body up to the closing tag; `closed` says there is one.
    """

    span: Span
    method: str
    action: str
    attributes: str
    body: str
    inside: Span
    closed: bool

    def holds(self, part: Hole | Include | Tag) -> bool:
        """Whether something stands within the form."""
        span = part.tag.span if isinstance(part, Include) else part.span
        start, end = (self.inside.line, self.inside.column), (self.inside.end_line, self.inside.end_column)
        return start <= (span.line, span.column) < end


def forms_of(document: TemplateFile) -> Iterator[Form]:
    """The forms that a template shows, in order; what stands in comments and scripts is none."""
    text = _visible(document)
    lines = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def span(start: int, end: int) -> Span:
        line, end_line = bisect_right(lines, start), bisect_right(lines, end)
        return Span(line, start - lines[line - 1] + 1, end_line, end - lines[end_line - 1] + 1)

    for opening in islice(_OPENING.finditer(text), MAX_FORMS):
        tag = _ATTRIBUTES.match(text, opening.end(), opening.end() + _LONGEST)
        if tag is None:
            continue
        closing = _CLOSING.search(text, tag.end())
        end = closing.start() if closing is not None else len(text)
        method, action = _METHOD.search(tag[0]), _ACTION.search(tag[0])
        yield Form(
            span=span(opening.start(), tag.end()),
            method=method[1].lower() if method else "" if _COMPUTED.search(tag[0]) else "get",
            action=next((one for one in action.groups() if one is not None), "").strip() if action else "",
            attributes=tag[0],
            body=text[tag.end() : end],
            inside=span(tag.end(), end),
            closed=closing is not None,
        )


def _visible(document: TemplateFile) -> str:
    """The text with comments and scripts blanked out, its places kept."""
    text = document.text
    if "<form" not in text.lower():
        return ""
    comments = [(one.start, one.end) for one in tokens(text, document.language) if one.kind == COMMENT]
    text = _blanked(text, comments)
    for opening, closing in _UNSEEN:
        text = _blanked(text, list(_stretches(text, opening, closing)))
    return text


def _stretches(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    position = 0
    while (start := opening.search(text, position)) is not None:
        end = closing.search(text, start.end())
        if end is None:
            return
        yield start.start(), end.start()
        position = end.end()


def _blanked(text: str, stretches: list[tuple[int, int]]) -> str:
    """The text with blanks for stretches of it, their line ends kept."""
    parts, behind = [], 0
    for start, end in stretches:
        parts += [text[behind:start], re.sub(r"[^\r\n]", " ", text[start:end])]
        behind = end
    return "".join([*parts, text[behind:]])
