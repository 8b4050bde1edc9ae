"""Values in scripts and addresses, where escaping for HTML does not help.

## What it does
Reports values that a template prints where HTML's escaping is the wrong one: as code in a `<script>`, in template
strings of JavaScript, anywhere in a handler (`onclick`) or a `javascript:` address, and a part of the request as the
whole address of a link, form or frame.

## Why it matters
Escaping protects text and quoted attributes. In a script without quotes, `alert(1)` needs none of the characters that
it touches; within backquotes, `${alert(1)}` runs. In a handler the browser undoes the escaping before it reads the
code, so that a quote ends the string after all. An address may begin with `javascript:`, which holds nothing to escape.

## Example
```html
<button onclick="greet('{{ user.name }}')">Greet</button>
```

## Use instead
```html
<button onclick="greet('{{ user.name|escapejs }}')">Greet</button>
```

## Limits
Values in ordinary quotes within a `<script>` are left alone: what escaping leaves there (backslashes, line ends) breaks
the script but seldom more. Ids, numbers and addresses of the project's own routes are told from names and filters.
Which other addresses a visitor may choose is not known here, nor that a block stands in a script of the parent.

## References
- [Django: json_script](https://docs.djangoproject.com/en/stable/ref/templates/builtins/#json-script)
- [Django: escapejs](https://docs.djangoproject.com/en/stable/ref/templates/builtins/#escapejs)
- [Jinja: tojson](https://jinja.palletsprojects.com/en/stable/templates/#jinja-filters.tojson)
- [CWE-79: Improper Neutralization of Input During Web Page Generation](https://cwe.mitre.org/data/definitions/79.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.templates import Hole, Kind
from checks.frameworks.templates.escaping import (
    TRUSTING,
    escapes_for_script,
    is_harmless,
    is_request_data,
    is_switch,
)
from checks.rule import HIGH, LIKELY, POSSIBLE, Finding, Rule, TemplateFile

rule = Rule(
    __name__,
    checklist="security.xss",
    cwe=79,
    severity=HIGH,
    confidence=LIKELY,
    message="`{value}` is printed {place}",
    advice="Hand values to scripts by `json_script`, `tojson` or data attributes; check addresses before",
)

_CODE = "into a script as code: what a visitor writes there may run"
_TEMPLATE_STRING = "into a template string of a script: `${...}` in it runs"
_HANDLER = "into a handler: the browser undoes the escaping before it runs"
_ADDRESS = "as an address: one that begins with `javascript:` runs"
_NAVIGATING = frozenset(
    {"a", "area", "button", "embed", "form", "frame", "iframe", "input", "object", "script"}
)
_COMMENTS = frozenset({"//", "/*", "/"})


@rule.on_markup()
def check(hole: Hole, document: TemplateFile) -> Iterator[Finding]:
    """A value stands where it can be code, and nothing says that it is none."""
    if not document.is_markup or hole.context.string in _COMMENTS:
        return
    if hole.context.kind is Kind.SCRIPT:
        yield from _in_script(hole, document)
    elif hole.context.kind is Kind.HANDLER:
        if not _is_harmless(hole):
            yield _finding(hole, document, _HANDLER)
    elif hole.context.kind is Kind.URL and hole.context.element in _NAVIGATING and _is_whole(hole, document):
        if is_request_data(hole.expression) and not is_harmless(hole.expression):
            yield _finding(hole, document, _ADDRESS)


def _in_script(hole: Hole, document: TemplateFile) -> Iterator[Finding]:
    trusted = hole.expression.has(*TRUSTING) or not hole.autoescaped
    if _is_harmless(hole) or is_switch(hole.expression) or hole.expression.path[:1] == ("widget",):
        return  # what a widget is made of, its own form says
    if hole.context.string == "`":
        yield _finding(hole, document, _TEMPLATE_STRING)
    elif trusted or (not hole.context.string and _is_part(hole)):
        yield _finding(hole, document, _CODE, sure=trusted)


def _is_part(hole: Hole) -> bool:
    """Whether it is a part of an object or made of several: a name of its own is mostly made for the script."""
    return len(hole.expression.path) != 1 or hole.expression.called


def _is_harmless(hole: Hole) -> bool:
    """Whether a value is made fit for a script, or is none that could hold code."""
    expression = hole.expression
    if escapes_for_script(expression):
        return True
    return is_harmless(expression) and not expression.has("escape", "e", "force_escape", "forceescape")


def _is_whole(hole: Hole, document: TemplateFile) -> bool:
    """Whether the value is all of its attribute."""
    line = document.lines[hole.span.end_line - 1]
    behind = line[hole.span.end_column - 1 :].lstrip()
    return behind.startswith(hole.context.quote) if hole.context.quote else behind[:1] in ("", ">")


def _finding(hole: Hole, document: TemplateFile, place: str, *, sure: bool = True) -> Finding:
    """A value of the request is one for certain; others may be, most of all where they are no more than a name."""
    expression = hole.expression
    plain = bool(expression.path) and not expression.called and expression.path[0] != "widget"
    confidence = LIKELY if is_request_data(hole.expression) or (sure and plain) else POSSIBLE
    name = expression.text.partition("|")[0].strip()
    return rule.finding(hole.span, document, confidence=confidence, value=name, place=place)
