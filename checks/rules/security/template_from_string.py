"""Templates made of text that is not constant.

## What it does
Reports `render_template_string`, `Template(...)` and `from_string(...)` of Django and Jinja2 with a text that is put
together, or whose origin can't be seen.

## Why it matters
A template is a program. Where a visitor's text becomes part of it, `{{ config }}` shows the secret key, and with Jinja2
a longer expression runs any command. Text belongs into the context, where it is data.

## Example
```python title="app.py"
from flask import render_template_string


def greeting(name):
    return render_template_string(f"<h1>Hello {name}</h1>")
```

## Use instead
```python title="app.py"
from flask import render_template_string


def greeting(name):
    return render_template_string("<h1>Hello {{ name }}</h1>", name=name)
```

## Limits
Where the text comes from is not followed here: applications whose users write templates on purpose are reported with
low confidence. An engine of one's own and Jinja2's sandbox are left alone, as is text that is read from a file in the
same expression.

## References
- [Flask: render_template_string](https://flask.palletsprojects.com/en/stable/api/#flask.render_template_string)
- [Jinja2: sandbox](https://jinja.palletsprojects.com/en/stable/sandbox/)
- [CWE-1336: Improper Neutralization of Special Elements Used in a Template Engine](https://cwe.mitre.org/data/definitions/1336.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.rule import LIKELY, MEDIUM, POSSIBLE, Call, File, Finding, Role, Rule
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.xss",
    cwe=1336,
    severity=MEDIUM,
    confidence=POSSIBLE,
    message="`{call}` makes a template of text that is not constant: whoever writes it writes code",
    advice="Keep the template constant and pass the text in its context, or use the sandbox",
    roles=(Role.PRODUCTION,),
)

_MAKERS = {
    "django.template.Template": "template_string",
    "django.template.base.Template": "template_string",
    "flask.render_template_string": "source",
    "flask.stream_template_string": "source",
    "jinja2.Environment.from_string": "source",
    "jinja2.Template": "source",
    "jinja2.environment.Template": "source",
    "mako.template.Template": "text",
    "django.template.engine.Engine.from_string": "template_code",
    "django.template.Engine.from_string": "template_code",
    "django.template.Engine.get_default.from_string": "template_code",
}
_READS = frozenset({"read", "read_text", "getvalue", "render_to_string", "get_source"})


@rule.on_call(*_MAKERS)
def check(call: Call, file: File) -> Iterator[Finding]:
    """The text is put together on the spot, or comes from out of sight."""
    text = call.argument(0, _MAKERS[call.name])
    if call.name.startswith("jinja2.") and _has_sandbox(file):
        return
    if text is None or file.constant(text) is not None or call.argument(None, "engine") is not None:
        return
    value = file.names.value(text)
    if _is_joined(value, file):
        yield rule.finding(text, file, confidence=LIKELY, call=file.segment(call.node.func))
    elif not _is_own(value):
        yield rule.finding(text, file, call=file.segment(call.node.func))


def _has_sandbox(file: File) -> bool:
    """Whether a module takes Jinja2's sandbox: an environment whose hint names the class above is one then."""
    known = file.names.bindings(file.tree).values()
    return any(binding.target.startswith("jinja2.sandbox") for binding in known)


def _is_joined(value: ast.AST, file: File) -> bool:
    """Whether a text is built of a constant and something that is none: by `+`, `%`, `format` or an f-string."""
    if isinstance(value, ast.JoinedStr):
        parts = [part.value for part in value.values if isinstance(part, ast.FormattedValue)]
    elif isinstance(value, ast.BinOp) and isinstance(value.op, (ast.Add, ast.Mod)):
        parts = [value.left, value.right]
        if not any(isinstance(node, (ast.Constant, ast.JoinedStr)) for node in descendants(value)):
            return False
    elif (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "format"
    ):
        parts = [*value.args, *(keyword.value for keyword in value.keywords)]
        if file.constant(value.func.value) is None:
            return False
    else:
        return False
    return any(file.constant(part) is None and not _is_own(file.names.value(part)) for part in parts)


def _is_own(value: ast.AST) -> bool:
    """Whether a text is the program's own: a file's content, a name in capitals, made of such."""
    for node in descendants(value):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _READS:
            return True
    if isinstance(value, ast.BinOp):
        return all(
            isinstance(node, (ast.BinOp, ast.Constant)) or _is_capital(node) for node in descendants(value)
        )
    return isinstance(value, ast.Constant) or _is_capital(value)


def _is_capital(value: ast.AST) -> bool:
    name = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
    return name.isupper()
