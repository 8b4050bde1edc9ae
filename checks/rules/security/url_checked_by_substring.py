r"""Addresses that are trusted because they contain the right host.

## What it does
Reports checks of an address by `"shop.com" in url`, `url.startswith("https://shop.com")`, `host.endswith("shop.com")`
or a pattern with bare dots, where the address comes from the request, is an origin or referrer, or is then followed.

## Why it matters
`https://evil.net/?shop.com` contains the host, `https://shop.com.evil.net` begins with it, and `evilshop.com` ends with
it. All of them pass, and the redirect or the request goes to the attacker.

## Example
```python title="shop/views.py"
from django.shortcuts import redirect


def leave(request):
    url = request.GET["next"]
    if "shop.com" in url:
        return redirect(url)
    return redirect("/")
```

## Use instead
```python title="shop/views.py"
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def leave(request):
    url = request.GET["next"]
    if url_has_allowed_host_and_scheme(url, allowed_hosts={"shop.com"}, require_https=True):
        return redirect(url)
    return redirect("/")
```

## Limits
A check that only tells kinds of addresses apart (an embedded video) is left alone. Hosts that are no constants and
checks in functions of their own are not followed.

## References
- [Django: url_has_allowed_host_and_scheme](https://docs.djangoproject.com/en/stable/ref/utils/#module-django.utils.http)
- [CWE-20: Improper Input Validation](https://cwe.mitre.org/data/definitions/20.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.frameworks.request_data import reads_request
from checks.rule import LIKELY, MEDIUM, Call, File, Finding, Rule
from checks.semantics.enclosing import called, calls_in
from checks.semantics.names import ancestors, parent
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=20,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{check}` trusts other hosts too: `{example}` passes",
    advice="Parse the address and compare its host: `urlsplit(url).hostname == ...`",
)

_HOST = re.compile(
    r"(https?:)?(//)?(\.)?(?P<host>[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,12})(?P<rest>[:/].*)?", re.IGNORECASE
)
_FILES = re.compile(r"\.(css|csv|gif|html?|jpe?g|js|json|md|pdf|png|py|svg|txt|xml|zip)$", re.IGNORECASE)
_PATTERN = re.compile(
    r"\^?(https\??:)?(//)?(\(.{0,20}\)\??)?(?:[a-z0-9-]+\\?\.)*[a-z0-9-]+\.(com|net|org|io|de|co|dev|app)\b",
    re.IGNORECASE,
)
_NAMES = re.compile(r"(^|_)(origin|referer|referrer)$", re.IGNORECASE)
_FOLLOWS = frozenset(
    {"HttpResponseRedirect", "delete", "get", "head", "post", "put", "redirect", "request", "urlopen"}
)


@rule.on_node(ast.Compare)
def check_contained(node: ast.Compare, file: File) -> Iterator[Finding]:
    """A constant host that must only be somewhere within the address."""
    if len(node.ops) != 1 or not isinstance(node.ops[0], (ast.In, ast.NotIn)):
        return
    host, address = _host(node.left, file), node.comparators[0]
    if host and isinstance(address, (ast.Name, ast.Attribute, ast.Subscript, ast.Call)):
        if _is_address(address, node, file):
            yield _finding(node, f"https://evil.net/?{host}", file)


@rule.on_call("*.startswith", "*.endswith")
def check_ends(call: Call, file: File) -> Iterator[Finding]:
    """A beginning that does not end the host, an end that does not begin it."""
    method = call.node.func
    known = call.constant(0)
    if not isinstance(method, ast.Attribute) or known is None or not isinstance(known.value, str):
        return
    match = _HOST.fullmatch(known.value)
    if match is None or match["rest"] or _FILES.search(match["host"]):
        return
    begins = method.attr == "startswith"
    if begins != ("//" in known.value) or (not begins and match[3]):
        return
    example = f"https://{match['host']}.evil.net" if begins else f"https://evil{match['host']}"
    if _is_address(method.value, call.node, file):
        yield _finding(call.node, example, file)


@rule.on_call("re.match", "re.search")
def check_pattern(call: Call, file: File) -> Iterator[Finding]:
    """A pattern whose dots match any character."""
    pattern, address = call.constant(0, "pattern"), call.argument(1, "string")
    if pattern is None or address is None or not isinstance(pattern.value, str):
        return
    match = _PATTERN.match(pattern.value[:200])
    if match is not None and _is_address(address, call.node, file):
        yield _finding(call.node, "https://shopXcom.evil.net", file)


def _finding(node: ast.expr, example: str, file: File) -> Finding:
    return rule.finding(node, file, check=file.segment(node), example=example)


def _host(node: ast.expr, file: File) -> str:
    """The host in a constant, empty where it is none, or the name of a file."""
    known = file.constant(node)
    match = _HOST.fullmatch(known.value[:300]) if known is not None and isinstance(known.value, str) else None
    return "" if match is None or _FILES.search(match["host"]) or match["rest"] else match["host"]


def _is_address(address: ast.expr, check: ast.expr, file: File) -> bool:
    """Whether the check guards something: the address is the client's word, and an answer hangs on the check.

    Of other addresses, the one that the branch then follows.
    """
    statement = next((above for above in ancestors(check) if isinstance(above, ast.stmt)), None)
    if not isinstance(statement, (ast.If, ast.Return)):
        return False
    name = (
        address.id
        if isinstance(address, ast.Name)
        else address.attr
        if isinstance(address, ast.Attribute)
        else ""
    )
    if isinstance(statement, ast.Return):
        return bool(_NAMES.search(name)) or (reads_request(address, file) and not _is_called(check))
    if reads_request(address, file) or _NAMES.search(name):
        return _is_guard(statement)
    return any(
        called(call) in _FOLLOWS and any(_mentions(argument, name) for argument in call.args)
        for line in statement.body
        for call in calls_in(line)
    )


def _is_called(check: ast.expr) -> bool:
    return isinstance(parent(check), (ast.Call, ast.keyword))


def _is_guard(statement: ast.If) -> bool:
    """Whether the branch answers: returns, raises, or sets a header."""
    return any(
        isinstance(node, (ast.Return, ast.Raise)) for line in statement.body for node in descendants(line)
    )


def _mentions(argument: ast.expr, name: str) -> bool:
    return bool(name) and any(
        name in (getattr(node, "id", None), getattr(node, "attr", None)) for node in descendants(argument)
    )
