"""LDAP filters put together from what a visitor sends.

## What it does
Reports request data in the filters and distinguished names of python-ldap and ldap3 searches.

## Why it matters
In a filter, `*` matches anything and parentheses end a condition: the name `*)(uid=*` signs in as anyone or lists
everyone.

## Example
```python title="shop/views.py"
import ldap
from django.http import HttpResponse


def find(request):
    connection = ldap.initialize("ldaps://directory.example.org")
    connection.search_s("dc=example", ldap.SCOPE_SUBTREE, f"(uid={request.GET['name']})")
    return HttpResponse("done")
```

## Use instead
```python title="shop/views.py"
import ldap
from django.http import HttpResponse
from ldap.filter import escape_filter_chars


def find(request):
    name = escape_filter_chars(request.GET["name"])
    connection = ldap.initialize("ldaps://directory.example.org")
    connection.search_s("dc=example", ldap.SCOPE_SUBTREE, f"(uid={name})")
    return HttpResponse("done")
```

## Limits
Connections whose type can't be seen are not known.

## References
- [python-ldap: ldap.filter](https://www.python-ldap.org/en/latest/reference/ldap-filter.html)
- [ldap3: escaping](https://ldap3.readthedocs.io/en/latest/searches.html)
- [CWE-90: LDAP Injection](https://cwe.mitre.org/data/definitions/90.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import HIGH, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=90,
    severity=HIGH,
    message="`{text}` holds request data and is an LDAP filter or name: a visitor rewrites it",
    advice="Escape each value with `escape_filter_chars` (in names with `escape_dn_chars`)",
)


@rule.on_flow("ldap", "ldap-dn")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(
            flow, doubts=1 if "bind" in flow.sink else 0
        )  # a name is only as good as its password
