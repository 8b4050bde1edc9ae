"""XPath expressions put together from what a visitor sends.

## What it does
Reports request data in XPath expressions of lxml and ElementTree.

## Why it matters
A quote ends the text in an expression, and `or 1=1` is true for every node: one search gives all of a document.

## Example
```python title="shop/views.py"
from django.http import HttpResponse
from lxml import etree

TREE = etree.parse("users.xml")


def find(request):
    TREE.xpath("//user[@name='" + request.GET["name"] + "']")
    return HttpResponse("done")
```

## Use instead
```python title="shop/views.py"
from django.http import HttpResponse
from lxml import etree

TREE = etree.parse("users.xml")


def find(request):
    TREE.xpath("//user[@name=$name]", name=request.GET["name"])
    return HttpResponse("done")
```

## Limits
Trees whose type can't be seen are not known.

## References
- [lxml: XPath](https://lxml.de/xpathxslt.html#the-xpath-method)
- [OWASP: XPath injection](https://owasp.org/www-community/attacks/XPATH_Injection)
- [CWE-643: XPath Injection](https://cwe.mitre.org/data/definitions/643.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import HIGH, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=643,
    severity=HIGH,
    message="`{text}` holds request data and is an XPath expression: a visitor rewrites it",
    advice='Hand the value to the expression as a variable: `tree.xpath("//user[@name=$name]", name=name)`',
)


@rule.on_flow("xpath")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)
