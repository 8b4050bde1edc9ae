"""Flask templates whose name switches escaping off.

## What it does
Reports views of Flask that answer with `render_template` of a file which does not end in `.html`, `.htm`, `.xml`,
`.xhtml` or `.svg`.

## Why it matters
Flask decides by the ending whether values are escaped. In `page.jinja` or `page.html.j2` they are not, while the answer
still goes out as HTML: every value that a visitor writes is markup, scripts included.

## Example
```python title="app.py"
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/<name>")
def greeting(name):
    return render_template("greeting.jinja", name=name)
```

## Use instead
```python title="app.py"
from flask import Flask, render_template

app = Flask(__name__)


@app.get("/<name>")
def greeting(name):
    return render_template("greeting.html", name=name)
```

## Limits
Only answers that are returned right away are judged: text for mails and files is meant to be unescaped. An application
that switches escaping on for its endings in another file is not seen to do so.

## References
- [Flask: Jinja setup](https://flask.palletsprojects.com/en/stable/templating/#jinja-setup)
- [CWE-79: Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')](https://cwe.mitre.org/data/definitions/79.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.rule import HIGH, LIKELY, Call, File, Finding, Function, Rule
from checks.semantics.enclosing import class_around, function_around
from checks.semantics.names import parent

rule = Rule(
    __name__,
    checklist="security.xss",
    cwe=79,
    severity=HIGH,
    confidence=LIKELY,
    message="`{template}` is not escaped by Flask, which goes by the ending: values become markup",
    advice="Name the template `.html`, or switch `app.jinja_env.autoescape` on",
)

_ESCAPED = (".html", ".htm", ".xml", ".xhtml", ".svg")
_ROUTES = frozenset({"delete", "errorhandler", "get", "patch", "post", "put", "route", "app_errorhandler"})
_PLAIN = frozenset({".css", ".csv", ".ics", ".js", ".json", ".md", ".txt", ".yaml", ".yml"})
_METHODS = frozenset({"dispatch_request", "get", "post"})


@rule.on_call("flask.render_template", "flask.stream_template")
def check(call: Call, file: File) -> Iterator[Finding]:
    """A view returns such a template as its whole answer."""
    given = call.argument(0, "template_name_or_list")
    known = file.constant(given)
    if given is None or known is None or not isinstance(known.value, str) or "autoescape" in file.text:
        return
    name = known.value.lower()
    if name.endswith(_ESCAPED) or "." not in name.rpartition("/")[2] or not _has_values(call):
        return
    if any(f"{ending}." in f"{name}." for ending in _PLAIN):
        return
    function = function_around(call.node)
    if function is not None and _is_answer(call.node) and _is_view(function):
        yield rule.finding(given, file, template=known.value, cause_hint=r"autoescape")


def _has_values(call: Call) -> bool:
    """Whether the template is given anything to escape."""
    return bool(call.node.keywords)


def _is_answer(node: ast.Call) -> bool:
    """Whether what is rendered is returned as it is, with a status at most: headers may make it plain text."""
    above = parent(node)
    if isinstance(above, ast.Tuple) and len(above.elts) == 2 and above.elts[0] is node:
        if not isinstance(above.elts[1], ast.Constant):
            return False
        above = parent(above)
    return isinstance(above, ast.Return)


def _is_view(function: Function) -> bool:
    """Whether Flask calls a function: by a route's decorator, or as the method of a view's class."""
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(target, ast.Attribute) and target.attr in _ROUTES:
            return True
    owner = class_around(function)
    return (
        owner is not None and function.name in _METHODS and "View" in " ".join(map(ast.unparse, owner.bases))
    )
