"""Connections whose certificate nobody checks.

## What it does
Reports what switches the check of certificates or host names off: `verify=False` of requests and httpx, `ssl=False` of
aiohttp, `CERT_NONE`, `check_hostname = False`, `ssl._create_unverified_context`, and the like of other clients.

## Why it matters
TLS without that check is encrypted to whoever answers. Anyone on the way, in the data centre or the café, answers with
a certificate of their own, reads passwords and tokens, and changes what comes back. Nothing is logged.

## Example
```python title="shop/stock.py"
import requests


def stock(token):
    return requests.get("https://stock.internal/items", headers={"Token": token}, verify=False, timeout=5)
```

## Use instead
```python title="shop/stock.py"
import requests


def stock(token):
    return requests.get(
        "https://stock.internal/items", headers={"Token": token}, verify="/etc/ssl/internal-ca.pem", timeout=5
    )
```

## Limits
A switch that a variable or setting works is trusted, and so is a function that looks at the certificate itself. The
mail clients of the standard library check nothing in `starttls()` without a `context`, which is not reported.

## References
- [requests: SSL certificate verification](https://requests.readthedocs.io/en/latest/user/advanced/#ssl-cert-verification)
- [Python: ssl, security considerations](https://docs.python.org/3/library/ssl.html#ssl-security)
- [CWE-295: Improper Certificate Validation](https://cwe.mitre.org/data/definitions/295.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.calls import without_keyword
from checks.fixes.edit import replace
from checks.fixes.imports import imported
from checks.frameworks.settings import is_for_development, is_under_debug
from checks.frameworks.tls import METHODS, NONE, SWITCHES, UNVERIFIED_CONTEXTS
from checks.model import Fix
from checks.rule import HIGH, LIKELY, Call, File, Finding, Rule
from checks.semantics.enclosing import kept, scope_around, words_called
from checks.semantics.names import parent

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=295,
    severity=HIGH,
    message="`{switch}` accepts any certificate: whoever is on the way can read and change all",
    advice='Leave the check on; name the authority of an internal server (`verify="ca.pem"`, `cafile`)',
)

_TITLE = "Check the certificate"


@rule.on_call(*SWITCHES)
def check_call(call: Call, file: File) -> Iterator[Finding]:
    """A keyword of a known client."""
    for given in call.node.keywords:
        off = SWITCHES[call.name].get(given.arg or "")
        if off is not None and _is_one_of(given.value, off, file):
            yield from _switch(given, call.node, file)


@rule.on_call(*(f"*.{method}" for method in METHODS))
def check_method(call: Call, file: File) -> Iterator[Finding]:
    """`verify=False` for a session that can't be told to be one: only requests and httpx have that keyword."""
    given = next((keyword for keyword in call.node.keywords if keyword.arg == "verify"), None)
    if given is None or call.name in SWITCHES or not (call.node.args or len(call.node.keywords) > 1):
        return
    if not file.imports.isdisjoint({"httpx", "requests", "requests_oauthlib"}) and _is_one_of(
        given.value, frozenset({False}), file
    ):
        yield from _switch(given, call.node, file, sure=False)


def _switch(given: ast.keyword, call: ast.Call, file: File, *, sure: bool = True) -> Iterator[Finding]:
    if is_under_debug(call) or is_for_development(call):
        return
    edit = without_keyword(file, call, given.arg or "")
    yield rule.finding(
        given.value,
        file,
        confidence=None if sure else LIKELY,
        switch=f"{given.arg}={file.segment(given.value)}",
        fix=Fix(_TITLE, False, (edit,)) if edit else None,
    )


@rule.on_call(*UNVERIFIED_CONTEXTS)
def check_context(call: Call, file: File) -> Iterator[Finding]:
    """A context that is made to check nothing."""
    if is_under_debug(call.node) or is_for_development(call.node):
        return
    function, needed = imported("ssl", "create_default_context", file)
    edits = (replace(file, file.span(call.node.func), function), *needed)
    yield rule.finding(call.node, file, switch=file.segment(call.node.func), fix=Fix(_TITLE, False, edits))


@rule.on_node(ast.Assign)
def check_assigned(node: ast.Assign, file: File) -> Iterator[Finding]:
    """An attribute of a context or session, or the function that makes the contexts of `urllib`."""
    target = node.targets[0]
    if not isinstance(target, ast.Attribute) or is_under_debug(node) or is_for_development(node):
        return
    if file.resolve(target) == "ssl._create_default_https_context":
        off = file.resolve(node.value) in UNVERIFIED_CONTEXTS
    elif target.attr == "verify_mode":
        off = _is_one_of(node.value, NONE, file)
    elif target.attr == "check_hostname":
        off = _is_one_of(node.value, frozenset({False}), file) and not _is_followed(node, file)
    elif target.attr == "verify":
        owner = file.resolve(target.value) or ""
        off = owner.startswith(("requests.", "httpx.")) and _is_one_of(node.value, frozenset({False}), file)
    else:
        return
    if off and "getpeercert" not in words_called(scope_around(node)):
        yield rule.finding(node, file, switch=file.segment(node))


def _is_followed(node: ast.Assign, file: File) -> bool:
    """Whether `verify_mode = CERT_NONE` stands beside, which demands this first and is reported itself."""
    above = parent(node)
    return above is not None and kept(above, "sets_cert_none", lambda: _sets_none(above, file))


def _sets_none(above: ast.AST, file: File) -> bool:
    block = getattr(above, "body", [])
    return any(
        isinstance(other, ast.Assign)
        and isinstance(other.targets[0], ast.Attribute)
        and other.targets[0].attr == "verify_mode"
        and _is_one_of(other.value, NONE, file)
        for other in (block if isinstance(block, list) else [])
    )


def _is_one_of(value: ast.expr, off: frozenset[object], file: File) -> bool:
    """Whether a value switches off: a constant, or one of `ssl`'s names. `False` is not taken for 0, nor 0 for it."""
    known = file.constant(value)
    if known is not None and isinstance(known.value, (bool, int, str, type(None))):
        return any(known.value == one and type(known.value) is type(one) for one in off)
    return (file.resolve(value) or "").removeprefix("ssl.VerifyMode.").removeprefix(
        "ssl."
    ) == "CERT_NONE" and "CERT_NONE" in off
