"""Automatic escaping switched off.

## What it does
Reports templates and template engines whose values are printed without escaping: `{% autoescape off %}` around a value,
`Engine` and `Context` of Django with `autoescape=False`, the option of the `TEMPLATES` setting, Flask's
`jinja_env.autoescape = False`, and `jinja2.Environment`, which escapes nothing unless it is told to.

## Why it matters
Escaping by default is what keeps a visitor's text from becoming part of the page. Where it is off, each value that
anyone can write (a name, a comment, a search term) may hold a script, which acts in the name of whoever reads the page.

## Example
```html
{% autoescape off %}
  <h1>{{ article.title }}</h1>
{% endautoescape %}
```

## Use instead
```html
<h1>{{ article.title }}</h1>
```

## Limits
What a `jinja2.Environment` is for is not known: one in a module that asks for no HTML file is reported with low
confidence, and one with marks of its own (as for LaTeX) not at all. Blocks whose values are all numbers, dates or
escaped one by one are left alone, and so are templates that make no HTML.

## References
- [Django: Automatic HTML escaping](https://docs.djangoproject.com/en/stable/ref/templates/language/#automatic-html-escaping)
- [Jinja: Autoescaping](https://jinja.palletsprojects.com/en/stable/api/#autoescaping)
- [CWE-79: Improper Neutralization of Input During Web Page Generation](https://cwe.mitre.org/data/definitions/79.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.calls import with_keyword
from checks.frameworks.templates.escaping import is_harmless, is_markup, trusted_by
from checks.model import Fix
from checks.rule import (
    HIGH,
    LIKELY,
    POSSIBLE,
    Call,
    File,
    Finding,
    Hole,
    Rule,
    Setting,
    Tag,
    TemplateFile,
)

rule = Rule(
    __name__,
    checklist="security.xss",
    cwe=79,
    severity=HIGH,
    message="`{what}` {how}: the markup in a visitor's text becomes part of the page",
    advice="Leave escaping on, and mark as safe only what is known to be",
)

_OFF = "switches escaping off"
_ASKING = frozenset({"get_template", "select_template", "render", "get_or_select_template"})
_OWN_MARKS = frozenset({"block_start_string", "variable_start_string", "comment_start_string"})


@rule.on_template_tag("autoescape")
def check_tag(tag: Tag, document: TemplateFile) -> Iterator[Finding]:
    """The block switches escaping off, and prints a value that may hold markup."""
    if not document.is_markup or tag.arguments.strip().lower() not in ("off", "false"):
        return
    values = [hole for hole in document.template.holes if _is_bare(hole, tag)]
    if values:
        yield rule.finding(
            tag.span, document, confidence=LIKELY, what=f"autoescape {tag.arguments}", how=_OFF
        )


def _is_bare(hole: Hole, tag: Tag) -> bool:
    around = hole.parent
    while around is not None and around.name != "autoescape":
        around = around.parent
    return around is tag and not is_harmless(hole.expression) and not _is_own(hole)


def _is_own(hole: Hole) -> bool:
    return is_markup(hole.expression) or (hole.expression.has("safe") and trusted_by(hole.expression) is None)


@rule.on_call("django.template.Engine", "django.template.engine.Engine", "django.template.Context")
def check_engine(call: Call, file: File) -> Iterator[Finding]:
    """Django's engine or context is told not to escape."""
    given = call.argument(None, "autoescape")
    if given is None or (value := file.constant(given)) is None or value.value is not False:
        return
    what = f"{call.name.rpartition('.')[2]}(autoescape=False)"
    is_engine = call.name.endswith("Engine")
    confidence = LIKELY if is_engine or _names_html(file) else POSSIBLE
    yield rule.finding(given, file, confidence=confidence, what=what, how=_OFF, fix=_fix(call, "True", file))


@rule.on_call("jinja2.Environment", "jinja2.environment.Environment")
def check_environment(call: Call, file: File) -> Iterator[Finding]:
    """Jinja2's environment is not told to escape, or told not to."""
    keywords = {keyword.arg for keyword in call.node.keywords}
    given = call.argument(None, "autoescape")
    if call.unpacks or keywords & _OWN_MARKS:
        return
    if given is not None and ((value := file.constant(given)) is None or value.value):
        return
    yield rule.finding(
        given or call.node.func,
        file,
        confidence=LIKELY if _names_html(file) else POSSIBLE,
        what="jinja2.Environment",
        how="is not told to escape" if given is None else "is told not to escape",
        fix=_fix(call, "True", file),
        cause_hint=r"\bautoescape\b",
    )


@rule.on_node(ast.Assign)
def check_assignment(node: ast.Assign, file: File) -> Iterator[Finding]:
    """`app.jinja_env.autoescape = False`."""
    for target in node.targets:
        is_switch = isinstance(target, ast.Attribute) and target.attr == "autoescape"
        if is_switch and isinstance(node.value, ast.Constant) and node.value.value is False:
            owner = file.segment(target)
            if "jinja" in owner.lower():
                yield rule.finding(node, file, what=owner, how=_OFF)


@rule.on_setting("TEMPLATES")
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The option of an engine in Django's settings."""
    for node in ast.walk(setting.value):
        if not isinstance(node, ast.Dict):
            continue
        for key, value in zip(node.keys, node.values, strict=True):
            is_option = isinstance(key, ast.Constant) and key.value == "autoescape"
            if is_option and isinstance(value, ast.Constant) and value.value is False:
                yield rule.finding(value, file, what="autoescape", how="is off in the settings")


def _names_html(file: File) -> bool:
    """Whether a module has an engine make a page: it asks for a template by the name of an HTML file."""
    calls = (
        node for node in file.nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    asked = (node.args[0] for node in calls if node.func.attr in _ASKING and node.args)  # type: ignore[attr-defined]
    texts = (node.value for node in asked if isinstance(node, ast.Constant))
    return any(isinstance(text, str) and text.endswith((".html", ".htm")) for text in texts)


def _fix(call: Call, value: str, file: File) -> Fix | None:
    edit = with_keyword(file, call.node, "autoescape", value)
    return None if edit is None else Fix("Escape by default", safe=False, edits=(edit,))
