"""Requests of the server to where a visitor says.

## What it does
Reports addresses that the server itself asks (`requests`, `httpx`, `aiohttp`, `urllib`, `urllib3`) when request data
chooses their host.

## Why it matters
From inside, the server reaches what nobody outside can: the cloud's metadata with its credentials at 169.254.169.254,
administration pages, databases that speak HTTP. `file://` and redirects lead further.

## Example
```python title="shop/views.py"
import requests
from django.http import HttpResponse


def preview(request):
    page = requests.get(request.GET["url"], timeout=5)
    return HttpResponse(page.status_code)
```

## Use instead
```python title="shop/views.py"
import requests
from django.http import HttpResponse

FEEDS = {"news": "https://news.example/feed", "blog": "https://blog.example/feed"}


def preview(request):
    page = requests.get(FEEDS[request.GET["feed"]], timeout=5)
    return HttpResponse(page.status_code)
```

## Limits
A fixed scheme and host in front make an address safe. A check that resolves the host and compares addresses is only
seen where it is one of the checks that are known. A webhook that users enter on purpose needs a proxy that can't reach
the inside.

## References
- [OWASP: server-side request forgery](https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html)
- [CWE-918: Server-Side Request Forgery](https://cwe.mitre.org/data/definitions/918.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import HIGH, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=918,
    severity=HIGH,
    message="`{text}` comes from the request and is fetched: a visitor chooses the host",
    advice="Take the host from a list, and let the request give only a name or a number",
)


@rule.on_flow("url")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)
