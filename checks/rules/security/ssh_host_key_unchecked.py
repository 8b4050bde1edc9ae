"""SSH servers that may be anyone.

## What it does
Reports paramiko's `AutoAddPolicy` and `WarningPolicy`, asyncssh with `known_hosts=None`, and `ssh` commands with
`StrictHostKeyChecking=no`.

## Why it matters
A server's key is how SSH knows whom it talks to. When unknown keys are accepted, an attacker on the way answers in the
server's place, is given the password, and sees and changes all commands and files.

## Example
```python title="shop/upload.py"
import paramiko


def connect(host):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect(host, timeout=10)
    return client
```

## Use instead
```python title="shop/upload.py"
import paramiko


def connect(host):
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.connect(host, timeout=10)
    return client
```

## Limits
`accept-new` (trust on first use) and policies of one's own are not judged.

## References
- [paramiko: host key policies](https://docs.paramiko.org/en/stable/api/client.html)
- [OpenSSH: StrictHostKeyChecking](https://man.openbsd.org/ssh_config#StrictHostKeyChecking)
- [CWE-295: Improper Certificate Validation](https://cwe.mitre.org/data/definitions/295.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.rule import HIGH, LIKELY, Call, File, Finding, Rule
from checks.semantics.names import parent

rule = Rule(
    __name__,
    checklist="security.password-hashing",
    cwe=295,
    severity=HIGH,
    message="`{policy}` accepts any server's key: whoever is on the way can answer in its place",
    advice="Load the known keys and refuse others: `load_system_host_keys()`, `RejectPolicy`",
)

_POLICIES = frozenset(
    f"paramiko.{module}{name}" for module in ("", "client.") for name in ("AutoAddPolicy", "WarningPolicy")
)
_OPTION = re.compile(r"StrictHostKeyChecking[= ](no|off)\b", re.IGNORECASE)


@rule.on_call("*.set_missing_host_key_policy")
def check_policy(call: Call, file: File) -> Iterator[Finding]:
    """A client is told to take whatever key it is shown."""
    policy = call.argument(0, "policy")
    if policy is not None and file.resolve(policy) in _POLICIES:
        yield rule.finding(policy, file, policy=file.segment(policy))


@rule.on_call("asyncssh.connect", "asyncssh.create_connection", "asyncssh.connect_reverse")
def check_known_hosts(call: Call, file: File) -> Iterator[Finding]:
    """asyncssh without known hosts."""
    known = call.constant(None, "known_hosts")
    if known is not None and known.value is None:
        yield rule.finding(call.node, file, policy="known_hosts=None")


@rule.on_node(ast.Module)
def check_option(_module: ast.Module, file: File) -> Iterator[Finding]:
    """The option of OpenSSH's commands, wherever it is written; not in a docstring."""
    if "StrictHostKeyChecking" not in file.text:
        return
    for node in file.nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and not isinstance(parent(node), ast.Expr)
        ):
            match = _OPTION.search(node.value[:5_000])
            if match is not None:
                yield rule.finding(node, file, confidence=LIKELY, policy=match[0])
