"""Containers that run as root.

## What it does
Reports images whose last stage sets no user.

## Why it matters
Whoever takes over a process that runs as root has everything in the container.

## Example
```dockerfile title="Dockerfile"
FROM python:3.13-slim
CMD ["gunicorn", "shop:app"]
```

## Use instead
```dockerfile title="Dockerfile"
FROM python:3.13-slim
RUN useradd --system shop
USER shop
CMD ["gunicorn", "shop:app"]
```

## Limits
The user of an image that it builds on is not known.

## References
- [Docker: USER](https://docs.docker.com/reference/dockerfile/#user)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import MEDIUM, Document, Finding, Rule

rule = Rule(
    __name__,
    checklist="deployment.container",
    cwe=250,
    severity=MEDIUM,
    message="`{what}` runs as root: who takes over the process owns the whole container",
    advice="Make a user, and switch to it by `USER` before the command",
)


@rule.on_document("dockerfile")
def check(document: Document) -> Iterator[Finding]:
    """The last stage has a command and no user."""
    command = user = None
    for instruction in document.instructions:
        if instruction.keyword == "FROM":
            command = user = None
        elif instruction.keyword in ("CMD", "ENTRYPOINT"):
            command = instruction
        elif instruction.keyword == "USER":
            user = instruction.value
    if command is not None and user in (None, "root", "0"):
        yield rule.finding(
            command, document, what=f"{command.keyword} {command.value}", cause_hint=r"^\s*USER\b"
        )
