"""Text that is trusted to be markup, with parts that nobody escaped.

## What it does
Reports `mark_safe`, `SafeString` and `Markup` of text that is put together from values which are neither constants nor
escaped, `format_html` of such a text, `__html__` methods and filters with `is_safe=True` that return one, and in
templates the filters `safe` and `safeseq` on parts of the request and on what is named like plain text.

## Why it matters
These tell the template not to escape. If any part of the text was written by a visitor (a name, a title, a file name),
a `<script>` in it runs in the browser of everyone who sees the page, with their session and their rights.

## Example
```python
from django.utils.safestring import mark_safe


def badge(user):
    return mark_safe(f"<b class='badge'>{user.name}</b>")
```

## Use instead
```python
from django.utils.html import format_html


def badge(user):
    return format_html("<b class='badge'>{}</b>", user.name)
```

## Limits
Where a value comes from is not known here; whether it is harmless is told from what makes it (numbers, addresses,
what templates render, functions that escape or clean by their name), and whether people write it from its name:
`user.name`, `page.title`, `comment.body`. What may be markup by design (`page.content`, `product.description`, a lone
`body`) is left alone where it is handed over as it is. Single values and those of templates are reported with low
confidence, but for those of the request. Templates that make no HTML are left alone.

## References
- [Django: mark_safe](https://docs.djangoproject.com/en/stable/ref/utils/#django.utils.safestring.mark_safe)
- [Django: format_html](https://docs.djangoproject.com/en/stable/ref/utils/#django.utils.html.format_html)
- [MarkupSafe: Working with safe strings](https://markupsafe.palletsprojects.com/en/stable/escaping/)
- [CWE-79: Improper Neutralization of Input During Web Page Generation](https://cwe.mitre.org/data/definitions/79.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.markup import with_format_html, with_markup_format
from checks.frameworks.markup import (
    MARKING,
    Parts,
    is_filter,
    is_handed_plain_text,
    is_marked,
    is_plain_text,
    is_written,
)
from checks.frameworks.templates import Expression, Kind
from checks.frameworks.templates.escaping import is_request_data, is_shortened, is_translation, trusted_by
from checks.model import Fix, Span
from checks.rule import (
    CERTAIN,
    HIGH,
    LIKELY,
    POSSIBLE,
    Call,
    File,
    Finding,
    Function,
    Hole,
    Rule,
    Tag,
    TemplateFile,
)
from checks.semantics.bindings import returned

rule = Rule(
    __name__,
    checklist="security.xss",
    cwe=79,
    severity=HIGH,
    confidence=LIKELY,
    message="`{by}` trusts `{value}`: markup that a visitor puts in there becomes part of the page",
    advice="Escape what is put into markup: `format_html`, or a template that renders it",
)


@rule.on_call(*MARKING)
def check_call(call: Call, file: File) -> Iterator[Finding]:
    """The text is put together, or comes from elsewhere, and not all of it is known to be harmless."""
    text = call.argument(0, "s")
    if text is None:
        return
    parts = Parts(file)
    loose = parts.loose(text)
    if not loose or (parts.translated and parts.built):
        return  # what a translation holds is another rule's
    if not (is_written(loose) if parts.built else is_handed_plain_text(loose)):
        return
    edits = (with_markup_format if "Markup" in call.name else with_format_html)(file, call.node, text)
    yield rule.finding(
        call.node,
        file,
        confidence=LIKELY if parts.built else POSSIBLE,
        fix=Fix("Escape what is put into the markup", safe=False, edits=edits) if edits else None,
        by=call.name.rpartition(".")[2],
        value=file.segment(loose[0]),
    )


@rule.on_call("django.utils.html.format_html")
def check_format(call: Call, file: File) -> Iterator[Finding]:
    """The format is filled before `format_html` sees it, which then has nothing to escape."""
    text = call.argument(0, "format_string")
    parts = Parts(file)
    loose = parts.loose(text) if text is not None else []
    if text is None or not loose or not parts.built or parts.translated:
        return
    edits = with_format_html(file, call.node, text) if len(call.node.args) == 1 and not call.unpacks else None
    fix = Fix("Let `format_html` fill in the values", safe=False, edits=edits) if edits else None
    at_once = isinstance(text, ast.JoinedStr) and is_written(loose)
    confidence = CERTAIN if at_once else LIKELY if is_written(loose) else POSSIBLE
    yield rule.finding(
        call.node, file, confidence=confidence, fix=fix, by="format_html", value=file.segment(loose[0])
    )


@rule.on_function()
def check_function(node: Function, file: File) -> Iterator[Finding]:
    """What a function returns is trusted by its name or a decorator: `__html__`, `@mark_safe`, `is_safe=True`."""
    marked = is_marked(node, file)
    if not marked and not is_filter(node, file):
        return
    for value in returned(node):
        parts = Parts(file)
        loose = parts.loose(value) if isinstance(value, ast.expr) else []
        if not marked:
            loose = [one for one in loose if not _is_argument(one, node)]
        if parts.built and is_written(loose) and isinstance(value, ast.expr):
            by = marked or "is_safe=True"
            confidence = LIKELY if marked else POSSIBLE
            yield rule.finding(value, file, confidence=confidence, by=by, value=file.segment(loose[0]))


def _is_argument(node: ast.expr, function: Function) -> bool:
    """Whether it is the value that a filter is applied to: `is_safe` promises to leave that as safe as it was."""
    first = function.args.args[0].arg if function.args.args else ""
    return any(isinstance(inner, ast.Name) and inner.id == first for inner in ast.walk(node))


@rule.on_markup()
def check_markup(hole: Hole, document: TemplateFile) -> Iterator[Finding]:
    """A template prints a value as it is, outside of scripts, which are another rule's."""
    if document.is_markup and hole.context.kind not in (Kind.SCRIPT, Kind.HANDLER, Kind.DATA):
        yield from _trusted(hole.expression, hole.autoescaped, hole.span, document)


@rule.on_template_tag("with", "include", "set")
def check_tag(tag: Tag, document: TemplateFile) -> Iterator[Finding]:
    """A template gives a name to a value that it trusts, or hands it to another."""
    given = [one.value for one in document.template.assignments if one.tag is tag]
    given += [value for one in document.template.includes if one.tag is tag for _, value in one.bindings]
    for expression in given if document.is_markup else ():
        yield from _trusted(expression, tag.autoescaped, tag.span, document)


def _trusted(expression: Expression, escaped: bool, span: Span, document: TemplateFile) -> Iterator[Finding]:
    by = trusted_by(expression, escaped=escaped)
    if by is None or is_translation(expression):
        return
    if not (is_request_data(expression) or is_shortened(expression) or _is_plain(expression)):
        return
    text = expression.text.partition("|")[0].strip()
    confidence = LIKELY if is_request_data(expression) else POSSIBLE
    yield rule.finding(span, document, confidence=confidence, by=by.name, value=text)


def _is_plain(expression: Expression) -> bool:
    """Whether it is named like plain text that people write, or is made of such."""
    if expression.parts:
        return any(_is_plain(part) for part in expression.parts)
    return not expression.called and is_plain_text(expression.path)
