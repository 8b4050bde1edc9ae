"""Pages that hold what a visitor sends.

## What it does
Reports request data that is sent as HTML without being escaped: in `HttpResponse` and what a Flask view returns, and
data that is marked safe, in Python or in the template that a view hands it to. The data is followed through functions
and files.

## Why it matters
A link with a script in its parameter runs that script on the own site, in the name of whoever follows it: it reads the
page, acts in it, and sends what it finds elsewhere.

## Example
```python title="shop/views.py"
from django.http import HttpResponse


def search(request):
    return HttpResponse(f"<h1>Results for {request.GET['q']}</h1>")
```

## Use instead
```python title="shop/views.py"
from django.http import HttpResponse
from django.utils.html import format_html


def search(request):
    return HttpResponse(format_html("<h1>Results for {}</h1>", request.GET["q"]))
```

## Limits
Responses whose content type is no markup stay quiet, and so does JSON. What a row of the database holds is not followed
back to whoever entered it.

## References
- [Django: cross site scripting protection](https://docs.djangoproject.com/en/stable/topics/security/#cross-site-scripting-xss-protection)
- [Flask: cross-site scripting](https://flask.palletsprojects.com/en/stable/web-security/#cross-site-scripting-xss)
- [CWE-79: Cross-site Scripting](https://cwe.mitre.org/data/definitions/79.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.frameworks.templates.context import rendered_with, templates_named, value_of
from checks.frameworks.templates.escaping import trusted_by
from checks.model import Step
from checks.rule import HIGH, File, Finding, Flow, Rule, SinkUse
from checks.semantics.flows import steps_of
from checks.semantics.taints import Taint, harms
from checks.semantics.values import Value, all_taints

rule = Rule(
    __name__,
    checklist="security.xss",
    cwe=79,
    severity=HIGH,
    message="`{text}` holds request data and is sent as markup: a script in it runs",
    advice="Render a template, or escape it with `escape` or `format_html`",
)


@rule.on_flow("html")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)


@rule.on_sink("context")
def check_template(use: SinkUse, file: File) -> Iterator[Finding]:
    """Request data that a view hands to a template, which prints it as it is."""
    rendered = rendered_with(use.invocation)
    if rendered is None:
        return
    name, context = rendered
    tainted = {key: value for key, value in context.items() if any(_harmful(value))}
    for document in templates_named(name, file.project) if tainted else ():
        for hole in document.template.holes if document.is_markup else ():
            by = trusted_by(hole.expression, escaped=hole.autoescaped)
            taint = next(_harmful(value_of(hole.expression, tainted)), None) if by is not None else None
            if taint is not None:
                trace = (*steps_of(taint), Step(file.path, use.node.lineno, f"goes into `{name}`"))
                text = hole.expression.text
                yield rule.finding(hole.span, document, trace=trace, text=text)


def _harmful(value: Value) -> Iterator[Taint]:
    return (taint for taint in all_taints(value) if taint.label == "request" and harms(taint, "html"))
