"""Translations with values in them that are trusted to be markup.

## What it does
Reports text that a translation and other values make together and that nobody escapes: `mark_safe(_("...") % name)` and
its like in code, `{% blocktrans %}` with a value that `safe` lets through or where escaping is off, and in Jinja2 a
translation that is filled by `format` or `%` and then marked as safe.

## Why it matters
A translated sentence often holds a link or emphasis, so it is marked as safe, and everything that was filled into it is
trusted along with it: a visitor's name with a `<script>` in it runs for everyone who reads the sentence.

## Example
```python
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _


def greeting(user):
    return mark_safe(_("Hello <b>%s</b>") % user.name)
```

## Use instead
```python
from django.utils.html import format_html
from django.utils.translation import gettext as _


def greeting(user):
    return format_html(_("Hello <b>{}</b>"), user.name)
```

## Limits
The translators' own markup is trusted. Where a value comes from is not known here. Jinja2's `{% trans %}` escapes its
values, and so do translations with values of their own (`_("...", name=name)`) of Flask-Babel.

## References
- [Django: Translation](https://docs.djangoproject.com/en/stable/topics/i18n/translation/)
- [Django: format_html](https://docs.djangoproject.com/en/stable/ref/utils/#django.utils.html.format_html)
- [Jinja: i18n extension](https://jinja.palletsprojects.com/en/stable/extensions/#i18n-extension)
- [CWE-79: Improper Neutralization of Input During Web Page Generation](https://cwe.mitre.org/data/definitions/79.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.fixes.markup import translated_with_format_html
from checks.frameworks.markup import MARKING, Parts, is_plain_text, is_written
from checks.frameworks.templates import DJANGO, Expression, Kind
from checks.frameworks.templates.escaping import TRUSTING, is_harmless, is_translation, trusted_by
from checks.model import Fix
from checks.rule import HIGH, LIKELY, POSSIBLE, Call, File, Finding, Hole, Rule, Tag, TemplateFile

rule = Rule(
    __name__,
    checklist="security.xss",
    cwe=79,
    severity=HIGH,
    confidence=LIKELY,
    message="`{value}` is put into a translation that is trusted: markup in it becomes part of the page",
    advice="Escape what is put into a translation: `format_html`, or `blocktrans` without `safe`",
)

_FILLING = frozenset({"format", "replace"})


@rule.on_call(*MARKING, "django.utils.html.format_html")
def check_call(call: Call, file: File) -> Iterator[Finding]:
    """A translation is filled with values, and then trusted."""
    text = call.argument(0)
    parts = Parts(file)
    loose = parts.loose(text) if text is not None else []
    if text is None or not loose or not parts.translated or not parts.built:
        return
    edits = translated_with_format_html(file, call.node, text) if "django" in call.name else None
    fix = Fix("Let `format_html` fill in the values", safe=False, edits=edits) if edits else None
    written = is_written(loose)
    if not written and not call.name.endswith(".format_html"):
        return
    confidence = LIKELY if written else POSSIBLE
    yield rule.finding(call.node, file, confidence=confidence, fix=fix, value=file.segment(loose[0]))


@rule.on_template_tag("blocktrans", "blocktranslate")
def check_tag(tag: Tag, document: TemplateFile) -> Iterator[Finding]:
    """A value of a translated block is let through as it is."""
    if document.language != DJANGO or not document.is_markup:
        return
    for one in document.template.assignments:
        if one.tag is tag and trusted_by(one.value, escaped=tag.autoescaped) is not None:
            if is_plain_text(one.value.path):
                yield rule.finding(tag.span, document, value=_name(one.value))
                return


@rule.on_markup()
def check_markup(hole: Hole, document: TemplateFile) -> Iterator[Finding]:
    """In Jinja2, a translation is filled in and then marked as safe."""
    if document.language == DJANGO or not document.is_markup or hole.context.kind is Kind.DATA:
        return
    value = _filled(hole.expression)
    if value is not None:
        yield rule.finding(hole.span, document, value=_name(value))


def _filled(expression: Expression) -> Expression | None:
    """The value of unknown origin that is filled into a translation before the whole is trusted."""
    if not expression.has(*TRUSTING) or trusted_by(expression) is None:
        return None
    given: list[Expression] = []
    for one in expression.filters:
        if one.name in TRUSTING:
            break
        given += one.arguments if one.name in _FILLING else ()
    if expression.parts and any(is_translation(part) for part in expression.parts):
        given += [part for part in expression.parts if not is_translation(part)]
    elif not is_translation(expression):
        return None
    return next((one for one in given if not is_harmless(one)), None)


def _name(expression: Expression) -> str:
    return expression.text.partition("|")[0].strip()
