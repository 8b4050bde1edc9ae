"""Any host name accepted in production.

## What it does
Reports `ALLOWED_HOSTS` of Django that hold `"*"`, or a domain under which anyone can have a host (`.com`,
`.herokuapp.com`): as a literal, as the default of a variable of the environment, or added to the list later.

## Why it matters
The `Host` header is what the visitor says it is, and Django builds absolute links from it. Somebody who asks for a
new password in your name, with a host of their own in the header, makes your site send you a mail whose link leads
to them, token included. Caches can be filled with such pages as well. `ALLOWED_HOSTS` is the one place where this
is stopped.

## Example
```python title="shop/settings.py"
import os

ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "*").split(",")
ROOT_URLCONF = "shop.urls"
```

## Use instead
```python title="shop/settings.py"
import os

ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
ROOT_URLCONF = "shop.urls"
```

## Limits
Whether settings are for production is told from their module's or class's name, and from the modules beside them. A
list that is set within an `if` is not reported. A proxy in front that refuses unknown hosts is not seen, nor is a
middleware of one's own that does.

## References
- [Django: ALLOWED_HOSTS](https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts)
- [Django: host header validation](https://docs.djangoproject.com/en/stable/topics/security/#host-headers-virtual-hosting)
- [CWE-644: Improper Neutralization of HTTP Headers](https://cwe.mitre.org/data/definitions/644.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.settings import is_settings_module
from checks.frameworks.environment import reads_environment
from checks.frameworks.hosts import hosts_in, is_too_broad
from checks.frameworks.settings import depends_on_debug, is_for_development, replacements
from checks.model import Confidence
from checks.rule import CERTAIN, LIKELY, MEDIUM, POSSIBLE, Call, File, Finding, Rule, Setting
from checks.semantics.names import ancestors

rule = Rule(
    __name__,
    checklist="security.headers",
    cwe=644,
    severity=MEDIUM,
    message="`ALLOWED_HOSTS` lets `{host}` in{when}: visitors decide where links in mails lead",
    advice="List the host names that the site is served at",
)


@rule.on_setting("ALLOWED_HOSTS")
def check_setting(setting: Setting, file: File) -> Iterator[Finding]:
    """The list holds too much where no variable says otherwise, and nothing for production replaces it."""
    host = _too_much(setting.value, file)
    if host is None or setting.conditional or is_for_development(setting.node):
        return
    confidence = CERTAIN
    for other, home in replacements(setting, file):
        if not other.conditional and _too_much(other.value, home) is None:
            return
        confidence = POSSIBLE
    yield _finding(setting.node, setting.value, host, file, confidence)


@rule.on_node(ast.AugAssign)
def check_added(node: ast.AugAssign, file: File) -> Iterator[Finding]:
    """`ALLOWED_HOSTS += [...]` at the top of settings."""
    if _is_hosts(node.target, file) and isinstance(node.op, ast.Add):
        host = _too_much(node.value, file)
        if host is not None:
            yield _finding(node, node.value, host, file, CERTAIN)


@rule.on_call("*.append", "*.extend", "*.insert")
def check_appended(call: Call, file: File) -> Iterator[Finding]:
    """`ALLOWED_HOSTS.append(...)` at the top of settings."""
    method = call.node.func
    if isinstance(method, ast.Attribute) and call.node.args and _is_hosts(method.value, file):
        given = call.node.args[-1]
        host = _too_much(given, file)
        if host is not None:
            yield _finding(call.node, given, host, file, CERTAIN)


def _finding(node: ast.AST, value: ast.expr, host: str, file: File, confidence: Confidence) -> Finding:
    read = reads_environment(value, file)
    return rule.finding(
        node,
        file,
        confidence=min(confidence, LIKELY) if read else confidence,
        host=host,
        when=" unless told otherwise" if read else "",
        cause_hint=r"\bALLOWED_HOSTS\b",
    )


def _is_hosts(node: ast.AST, file: File) -> bool:
    """Whether a name is the setting, at the top of a settings module and under no condition."""
    return (
        isinstance(node, ast.Name)
        and node.id == "ALLOWED_HOSTS"
        and not any(
            isinstance(above, (ast.If, ast.FunctionDef, ast.ClassDef, ast.Try)) for above in ancestors(node)
        )
        and is_settings_module(file)
    )


def _too_much(value: ast.expr, file: File) -> str | None:
    """The first host in a value that lets everybody in, `None` when there is none in sight."""
    if depends_on_debug(value):
        return None
    return next((host for host in hosts_in(value, file) if is_too_broad(host)), None)
