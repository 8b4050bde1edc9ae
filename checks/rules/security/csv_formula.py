"""Formulas in exported tables.

## What it does
Reports request data that is written into cells of CSV files and spreadsheets.

## Why it matters
Spreadsheet programs run what begins with `=`: `=HYPERLINK(...)` sends the row to another server, and older ones start
programs. Whoever opens the export is usually staff.

## Example
```python title="shop/views.py"
import csv

from django.http import HttpResponse


def export(request):
    response = HttpResponse(content_type="text/csv")
    csv.writer(response).writerow(["Filter", request.GET["q"]])
    return response
```

## Use instead
```python title="shop/views.py"
import csv

from django.http import HttpResponse


def export(request):
    response = HttpResponse(content_type="text/csv")
    csv.writer(response).writerow(["Page", int(request.GET["page"])])
    return response
```

## Limits
What the database holds is not followed back to whoever entered it: what is seen often goes to the one who sent it,
so the confidence is not the highest. A check of the first character is only seen where it
returns or raises.

## References
- [OWASP: CSV injection](https://owasp.org/www-community/attacks/CSV_Injection)
- [CWE-1236: Improper Neutralization of Formula Elements in a CSV File](https://cwe.mitre.org/data/definitions/1236.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import LIKELY, LOW, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=1236,
    severity=LOW,
    confidence=LIKELY,
    message="`{text}` holds request data and is a cell: text that begins with `=` is a formula",
    advice="Put an apostrophe before text that begins with `=`, `+`, `-` or `@`",
)


@rule.on_flow("csv")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)
