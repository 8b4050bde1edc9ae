"""Templates that a visitor writes.

## What it does
Reports request data that becomes the source of a template: `render_template_string`, `Template(...)`,
`Environment.from_string` of Jinja2, and Django's `Template` and `Engine.from_string`.

## Why it matters
Jinja2 reaches Python's own classes from any object: `{{ ''.__class__.__mro__ }}` leads to `os.popen`. Django's
templates are narrower, but they print settings and sessions, and switch escaping off.

## Example
```python title="shop/views.py"
from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.get("/hello")
def hello():
    return render_template_string("<h1>Hello " + request.args["name"] + "</h1>")
```

## Use instead
```python title="shop/views.py"
from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.get("/hello")
def hello():
    return render_template_string("<h1>Hello {{ name }}</h1>", name=request.args["name"])
```

## Limits
Templates that users may store on purpose (mail texts in a database) are not request data. A sandboxed environment is
reported as well: it keeps code out, not endless loops. Less sure are Django's templates, which run no code but read
what the context holds, and what a form or serializer let through, whose field may be there for templates.

## References
- [Jinja: sandbox and security](https://jinja.palletsprojects.com/en/stable/sandbox/)
- [Flask: render_template_string](https://flask.palletsprojects.com/en/stable/api/#flask.render_template_string)
- [CWE-1336: Improper Neutralization of Special Elements Used in a Template Engine](https://cwe.mitre.org/data/definitions/1336.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import CRITICAL, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=1336,
    severity=CRITICAL,
    message="`{text}` holds request data and is read as a template: a visitor runs code in it",
    advice="Keep the template in a file and hand the data to it as a variable",
)


@rule.on_flow("template")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow, doubts=flow.sink.startswith("django.template.") + _is_field(flow))


def _is_field(flow: Flow) -> bool:
    """Whether it is what a form or serializer let through: a field for templates is there to take some."""
    return any(word in flow.source for word in _FIELDS)


_FIELDS = ("the form", "the serializer", "cleaned_data", "validated_data")
