"""A file of secrets in the repository.

## What it does
Reports files of environment variables (`.env`, `.env.production`, `deploy/prod.env`) that are in the tree and hold
secrets.

## Why it matters
These files exist so that secrets stay out of the source. Once committed, every clone and every backup has them, and
they stay in the history after the file is removed: all secrets in it have to be replaced.

## Example
```env title=".env"
DEBUG=0
SECRET_KEY=9f2m^k0xq7w3z&b1r5t8y4u6i0p_a-s+d
```

## Use instead
```env title=".env.example"
DEBUG=0
SECRET_KEY=
```

## Limits
Files to copy and fill in (`.env.example`, `.env.sample`) are not read. Stand-ins, plain words and references to a
vault are no secrets. Where a folder is no git checkout, a file that would be ignored is reported as well.

## References
- [The Twelve-Factor App: config](https://12factor.net/config)
- [GitHub: removing sensitive data from a repository](https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository)
- [CWE-538: Insertion of Sensitive Information into Externally-Accessible File or Directory](https://cwe.mitre.org/data/definitions/538.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.rule import CERTAIN, HIGH, LIKELY, Document, Finding, Role, Rule
from checks.semantics.secrets import (
    SLOTS,
    is_secret_name,
    is_secret_text,
    password_in,
    password_of_dsn,
    token_shape,
)
from checks.semantics.source import Instruction

rule = Rule(
    __name__,
    checklist="security.settings-from-environment",
    cwe=538,
    severity=HIGH,
    confidence=LIKELY,
    roles=(Role.PRODUCTION, Role.DEVELOPMENT, Role.SCRIPT),
    message="`{name}` holds a secret in a file that is committed{more}: every clone has it",
    advice="Take the file out of the repository, ignore it, and replace its secrets",
)

# Values that point elsewhere, or that are encrypted.
_REFERENCE = re.compile(
    r"^\$|^\{\{|^(op|vault|ref|aws|gcp|ssm|awssm|arn):|^ENC\[|^encrypted:|^!", re.IGNORECASE
)


@rule.on_document("env")
def check(document: Document) -> Iterator[Finding]:
    """The first secret of the file stands for all of them."""
    held = [(item, sure) for item in document.instructions if (sure := _is_secret(item)) is not None]
    if not held:
        return
    first, _ = held[0]
    yield rule.finding(
        first.span,
        document,
        confidence=CERTAIN if any(sure for _, sure in held) else None,
        name=first.keyword,
        more=f", with {len(held) - 1} more" if len(held) > 1 else "",
    )


def _is_secret(item: Instruction) -> bool | None:
    """Whether a variable's value is a secret by its own shape; `None` for those that are none."""
    if not item.value or _REFERENCE.search(item.value):
        return None
    if token_shape(item.value) is not None:
        return True
    if password_in(item.value) or password_of_dsn(item.value):
        return False
    if item.keyword in SLOTS or is_secret_name(item.keyword):
        shortest = 6 if "PASS" in item.keyword.upper() else 8
        return False if is_secret_text(item.value, shortest=shortest) else None
    return None
