"""Values in attributes without quotes.

## What it does
Reports a value that a template prints into an HTML attribute which has no quotes around it.

## Why it matters
Without quotes, a blank ends the attribute. Escaping touches `<`, `>`, `&` and quotes, but no blanks: a value such as
`x onmouseover=alert(1)` adds an attribute of its own, and the script in it runs.

## Example
```html
<input name=query value={{ query }}>
```

## Use instead
```html
<input name=query value="{{ query }}">
```

## Limits
Ids, numbers, dates, literals and addresses of the project's own routes are left alone, an id by its name. Tags that
print (`{% url %}`) are not looked at. Whether a value can hold a blank is not known.

## References
- [Django: Cross site scripting (XSS) protection](https://docs.djangoproject.com/en/stable/topics/security/#cross-site-scripting-xss-protection)
- [Flask: Security considerations](https://flask.palletsprojects.com/en/stable/web-security/#cross-site-scripting-xss)
- [CWE-79: Improper Neutralization of Input During Web Page Generation](https://cwe.mitre.org/data/definitions/79.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.fixes.edit import replace
from checks.frameworks.templates import Kind
from checks.frameworks.templates.escaping import is_harmless
from checks.model import Fix, Span
from checks.rule import LIKELY, MEDIUM, POSSIBLE, Finding, Hole, Rule, TemplateFile

rule = Rule(
    __name__,
    checklist="security.xss",
    cwe=79,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{value}` stands in `{attribute}` without quotes: a blank in it begins another attribute",
    advice="Put quotes around the attribute's value",
)

_VALUE = re.compile(r"(?:[^\s>\"'{}]|\{\{[^{}\n]*\}\})*+(?=[\s>])")
_PRINTING = (Kind.ATTRIBUTE, Kind.URL, Kind.HANDLER, Kind.STYLE)


@rule.on_markup()
def check(hole: Hole, document: TemplateFile) -> Iterator[Finding]:
    """The value's attribute has no quotes, and the value may hold a blank."""
    context = hole.context
    if not context.unquoted or context.kind not in _PRINTING or not document.is_markup:
        return
    if is_harmless(hole.expression) or "\0" in context.before:
        return
    yield rule.finding(
        hole.span,
        document,
        confidence=POSSIBLE if hole.expression.called or not hole.expression.path else None,
        fix=_fix(hole, document),
        value=hole.expression.text,
        attribute=context.attribute,
    )


def _fix(hole: Hole, document: TemplateFile) -> Fix | None:
    """Quotes around the value, where it stands on one line and holds none itself."""
    line = document.lines[hole.span.line - 1]
    start = hole.span.column - 1 - len(hole.context.before)
    if not line.startswith(hole.context.before, start) or line[start - 1 : start] != "=":
        return None
    match = _VALUE.match(line, start)
    if match is None or match.end() < hole.span.end_column - 1:
        return None
    edit = replace(
        document,
        Span(hole.span.line, start + 1, hole.span.line, match.end() + 1),
        f'"{match[0]}"',
    )
    return Fix("Put quotes around the attribute's value", safe=True, edits=(edit,))
