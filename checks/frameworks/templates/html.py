"""Where in the HTML a place of a template is: a state machine over its text, told of the holes and tags between.

It follows the tokenization of the HTML standard as far as that matters for what stands in a hole, and sees each
character once. https://html.spec.whatwg.org/multipage/parsing.html#tokenization
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from checks.frameworks.templates.model import Context, Kind
from checks.frameworks.templates.script import INITIAL, Script, advance

_MAX_BEFORE = 500
_ADDRESSES = frozenset(
    {
        "action",
        "background",
        "cite",
        "data",
        "formaction",
        "href",
        "manifest",
        "ping",
        "poster",
        "src",
        "xlink:href",
    }
)
_SCRIPTS = re.compile(
    r"\s*(|module|(text|application)/(x-)?(javascript|ecmascript|jscript|babel|typescript)|text/jsx)\s*$",
    re.IGNORECASE,
)
_RAW = {"script": Kind.SCRIPT, "style": Kind.STYLE, "textarea": Kind.RCDATA, "title": Kind.RCDATA}
_JAVASCRIPT = re.compile(r"[\x00-\x20]*j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*:", re.IGNORECASE)

_OPENING = re.compile(r"<(?:(?P<comment>!--)|(?P<bogus>[!?])|(?P<slash>/?)(?P<name>[A-Za-z][^\s/>]*+)?)")
# The rest of a tag in one step, where its end is in sight: exactly what the states below would read.
_REST_OF_TAG = re.compile(
    r"""(?: \s++ | / | [^\s/>=]++ (?: \s*+ = \s*+ (?: "[^"]*+" | '[^']*+' | [^\s>"'][^\s>]*+ | (?=>) ) )?+ )*+ >""",
    re.VERBOSE,
)
_ELEMENT = re.compile(r"[^\s/>]*+")
_ATTRIBUTE_NAME = re.compile(r"[\s/]*+(?P<end>>)?(?P<name>=?[^\s/>=]*+)")
_EQUALS = re.compile(r"\s*+(=)?\s*+")
_UNQUOTED_END = re.compile(r"[\s>]")
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>]|$)", re.IGNORECASE) for name in _RAW}


@dataclass(frozen=True, slots=True)
class State:
    """Between two stretches of text: which part of the grammar is open, and what it has read of it.

    `part` is text, name, tag, attribute (behind its name), before (behind its `=`), value, raw, comment or bogus.
    """

    part: str = "text"
    element: str = ""
    closing: bool = False
    attribute: str = ""
    quote: str = ""
    value: str = ""
    type: str = ""
    script: Script = INITIAL


TEXT = State()
_IN_TEXT = Context(Kind.TEXT)


def after_text(state: State, text: str) -> State:
    """The state behind a stretch of the template's own text."""
    position = 0
    rest = _REST_OF_TAG.match(text) if state.part == "tag" and state.element not in _RAW else None
    if rest is not None:
        state, position = TEXT, rest.end()
    while position < len(text):
        state, position = _PARTS[state.part](state, text, position)
    return state


def after_hole(state: State) -> State:
    """The state behind a value that is printed, which is taken to hold no mark that ends anything."""
    if state.part == "name":
        return replace(state, element=(state.element + "\0")[:_MAX_BEFORE])
    if state.part in ("tag", "attribute"):
        return replace(state, part="attribute", attribute=(state.attribute + "\0")[:_MAX_BEFORE])
    if state.part == "before":
        return replace(state, part="value", quote="", value="\0")
    if state.part == "value":
        return replace(state, value=(state.value + "\0")[:_MAX_BEFORE])
    if state.part == "raw" and state.element == "script":
        return replace(state, script=state.script.behind_value())
    return state


def context_of(state: State) -> Context:
    """The context of what stands at a state."""
    part = state.part
    if part in ("text", "bogus"):
        return _IN_TEXT
    if part == "name":
        return Context(Kind.TAG_NAME)
    if part in ("tag", "attribute"):
        return Context(Kind.TAG, state.element)
    if part == "comment":
        return Context(Kind.COMMENT)
    if part == "raw":
        return _raw_context(state)
    before = "" if part == "before" else state.value
    kind, string = _attribute_kind(state.attribute, before)
    return Context(kind, state.element, state.attribute, state.quote, before, string)


def _raw_context(state: State) -> Context:
    if state.element != "script":
        return Context(_RAW[state.element], state.element)
    if _SCRIPTS.match(state.type) or "\0" in state.type:
        return Context(Kind.SCRIPT, "script", string=state.script.open)
    return Context(Kind.DATA, "script")


@lru_cache(maxsize=256)
def _attribute_kind(name: str, before: str) -> tuple[Kind, str]:
    if name.startswith("on") and len(name) > 4 and name.isalpha():
        return Kind.HANDLER, advance(INITIAL, before.replace("\0", "0")).open
    if name == "style":
        return Kind.STYLE, ""
    if name in _ADDRESSES:
        code = _JAVASCRIPT.match(before)
        if code is not None:
            return Kind.HANDLER, advance(INITIAL, before[code.end() :].replace("\0", "0")).open
        if not before.strip():
            return Kind.URL, ""
    return Kind.ATTRIBUTE, ""


def _text(state: State, text: str, position: int) -> tuple[State, int]:
    start = text.find("<", position)
    if start < 0:
        return state, len(text)
    match = _OPENING.match(text, start)
    assert match is not None, "the bracket itself is enough"
    if match["comment"]:
        return replace(TEXT, part="comment"), match.end()
    if match["bogus"]:
        return replace(TEXT, part="bogus"), match.end()
    if match["name"] is None:
        at_end = match.end() == len(text)
        return (State("name", closing=bool(match["slash"])) if at_end else TEXT), match.end()
    name, closing = match["name"].lower(), bool(match["slash"])
    if match.end() == len(text):
        return State("name", name, closing), match.end()
    if closing or name not in _RAW:
        rest = _REST_OF_TAG.match(text, match.end())
        if rest is not None:
            return TEXT, rest.end()
    return State("tag", name, closing), match.end()


def _name(state: State, text: str, position: int) -> tuple[State, int]:
    match = _ELEMENT.match(text, position)
    assert match is not None
    name = state.element + match[0].lower()
    if match.end() == len(text):
        return replace(state, element=name), match.end()
    return State("tag" if name else "text", name, state.closing), match.end()


def _tag(state: State, text: str, position: int) -> tuple[State, int]:
    match = _ATTRIBUTE_NAME.match(text, position)
    assert match is not None
    if match["end"]:
        return _behind_tag(state), match.end("end")
    name = match["name"].lower()
    return _within(state, "attribute" if name else "tag", name), match.end()


def _attribute(state: State, text: str, position: int) -> tuple[State, int]:
    match = _EQUALS.match(text, position)
    assert match is not None
    if match[1]:
        return _within(state, "before", state.attribute), match.end()
    if match.end() == len(text):
        return state, match.end()
    return _within(state, "tag"), match.end()


def _before(state: State, text: str, position: int) -> tuple[State, int]:
    while position < len(text) and text[position].isspace():
        position += 1
    if position == len(text):
        return state, position
    mark = text[position]
    if mark == ">":
        return _within(state, "tag"), position
    if mark in "\"'":
        return _within(state, "value", state.attribute, mark), position + 1
    return _within(state, "value", state.attribute), position


def _value(state: State, text: str, position: int) -> tuple[State, int]:
    if state.quote:
        end = text.find(state.quote, position)
        after = end + 1
    else:
        match = _UNQUOTED_END.search(text, position)
        end = after = match.start() if match is not None else -1
    if end < 0:
        return replace(
            state, value=(state.value + text[position : position + _MAX_BEFORE])[:_MAX_BEFORE]
        ), len(text)
    kind = state.type
    if state.attribute == "type":
        kind = (state.value + text[position : min(end, position + _MAX_BEFORE)])[:_MAX_BEFORE]
    return State("tag", state.element, state.closing, type=kind), after


def _raw(state: State, text: str, position: int) -> tuple[State, int]:
    end = _ENDS[state.element].search(text, position)
    if end is not None:
        return State("tag", state.element, closing=True), end.end()
    if state.element == "script":
        state = replace(state, script=advance(state.script, text[position:]))
    return state, len(text)


def _within(state: State, part: str, attribute: str = "", quote: str = "") -> State:
    """Another part of the tag that a state is in."""
    return State(part, state.element, state.closing, attribute, quote, type=state.type)


def _comment(state: State, text: str, position: int) -> tuple[State, int]:
    end = text.find("-->", position)
    return (state, len(text)) if end < 0 else (TEXT, end + 3)


def _bogus(state: State, text: str, position: int) -> tuple[State, int]:
    end = text.find(">", position)
    return (state, len(text)) if end < 0 else (TEXT, end + 1)


def _behind_tag(state: State) -> State:
    if state.element in _RAW and not state.closing:
        return State("raw", state.element, type=state.type)
    return TEXT


_PARTS = {
    "text": _text,
    "name": _name,
    "tag": _tag,
    "attribute": _attribute,
    "before": _before,
    "value": _value,
    "raw": _raw,
    "comment": _comment,
    "bogus": _bogus,
}
