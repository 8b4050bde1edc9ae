"""Versions of TLS that were given up.

## What it does
Reports SSL 2.0, SSL 3.0, TLS 1.0 and TLS 1.1 where a context or connection is told to speak or accept them.

## Why it matters
These versions are broken: POODLE and BEAST read cookies out of them, and their signatures rest on MD5 and SHA-1. Where
a server still accepts one, an attacker on the way can talk both sides down to it.

## Example
```python title="shop/gateway.py"
import ssl


def context():
    return ssl.SSLContext(ssl.PROTOCOL_TLSv1)
```

## Use instead
```python title="shop/gateway.py"
import ssl


def context():
    return ssl.create_default_context()
```

## Limits
Tables that translate names of versions are left alone, as are cipher strings and what a configuration file says.

## References
- [Python: ssl.TLSVersion](https://docs.python.org/3/library/ssl.html#ssl.TLSVersion)
- [RFC 8996: Deprecating TLS 1.0 and TLS 1.1](https://www.rfc-editor.org/rfc/rfc8996)
- [CWE-327: Use of a Broken or Risky Cryptographic Algorithm](https://cwe.mitre.org/data/definitions/327.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.tls import OUTDATED, OUTDATED_WORDS
from checks.rule import HIGH, File, Finding, Rule
from checks.semantics.names import parent

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=327,
    severity=HIGH,
    message="`{name}` allows {version}, which attackers on the way can break",
    advice="Ask for TLS 1.2 or newer: `ssl.create_default_context()`",
)

_TARGETS = frozenset({"minimum_version", "ssl_version", "tls_version"})


@rule.on_node(ast.Module)
def check(_module: ast.Module, file: File) -> Iterator[Finding]:
    """The constants that are given to a call, or assigned to what decides on the version; few files name any."""
    if not any(word in file.text for word in OUTDATED_WORDS):
        return
    for node in file.nodes:
        word = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if word in OUTDATED_WORDS and isinstance(node, ast.expr) and _decides(node):
            name = file.resolve(node)
            if name in OUTDATED:
                yield rule.finding(node, file, name=file.segment(node), version=OUTDATED[name])


def _decides(node: ast.expr) -> bool:
    """Whether the version is chosen here: as an argument, a default, or the value of an attribute that says so."""
    above = parent(node)
    if isinstance(above, ast.keyword):
        return above.arg != "maximum_version"
    if isinstance(above, ast.Call):
        return above.func is not node
    if isinstance(above, ast.Assign):
        names = {target.attr for target in above.targets if isinstance(target, ast.Attribute)}
        names |= {target.id.lower() for target in above.targets if isinstance(target, ast.Name)}
        return above.value is node and not names.isdisjoint(_TARGETS)
    return isinstance(above, ast.arguments)
