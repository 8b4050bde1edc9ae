"""Files that a visitor names.

## What it does
Reports request data in the names of files that are opened, sent, written, moved or removed: `open`, `pathlib`, `os`,
`shutil`, `send_file`, `FileResponse` and storages outside their folder.

## Why it matters
`../../etc/passwd` climbs out of any folder, and `os.path.join` forgets the folder altogether where the second part
begins with a slash. Reading gives the settings with their secrets, writing replaces the code.

## Example
```python title="shop/views.py"
from pathlib import Path

from django.http import HttpResponse

FOLDER = Path("/srv/invoices")


def invoice(request):
    return HttpResponse((FOLDER / request.GET["name"]).read_bytes(), content_type="application/pdf")
```

## Use instead
```python title="shop/views.py"
from pathlib import Path

from django.http import HttpResponse
from django.utils._os import safe_join

FOLDER = Path("/srv/invoices")


def invoice(request):
    path = Path(safe_join(FOLDER, request.GET["name"]))
    return HttpResponse(path.read_bytes(), content_type="application/pdf")
```

## Limits
Names of uploaded files count as safe where a storage of the framework saves them, which cleans them. A check counts
when it looks at the whole path after `realpath` or `resolve`.

## References
- [Django: safe_join](https://docs.djangoproject.com/en/stable/topics/security/)
- [Werkzeug: safe_join](https://werkzeug.palletsprojects.com/en/stable/utils/#werkzeug.security.safe_join)
- [CWE-22: Path Traversal](https://cwe.mitre.org/data/definitions/22.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import HIGH, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=22,
    severity=HIGH,
    message="`{text}` comes from the request and names a file: `../` leads anywhere",
    advice="Join it with `safe_join`, or look the file up by an id",
)


@rule.on_flow("path")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)
