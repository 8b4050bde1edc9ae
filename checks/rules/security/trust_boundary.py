"""Request data kept in the session under a name that it chose.

## What it does
Reports request data that chooses the key under which something is kept in the session, or fills it with all that was
sent (`session.update(request.form)`).

## Why it matters
The rest of the code trusts its session. A key that a visitor chooses overwrites the user's id, a role or a price there.

## Example
```python title="shop/views.py"
from flask import Flask, request, session

app = Flask(__name__)


@app.post("/settings")
def settings():
    session.update(request.form)
    return "kept"
```

## Use instead
```python title="shop/views.py"
from flask import Flask, request, session

app = Flask(__name__)


@app.post("/settings")
def settings():
    if request.form["theme"] in ("light", "dark"):
        session["theme"] = request.form["theme"]
    return "kept"
```

## Limits
A value kept under a fixed key is not reported: that is what sessions are for.

## References
- [CWE-501: Trust Boundary Violation](https://cwe.mitre.org/data/definitions/501.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import MEDIUM, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=501,
    severity=MEDIUM,
    message="`{text}` comes from the request and names what the session keeps",
    advice="Write the session's keys in the code, and check what is kept under them",
)


@rule.on_flow("session")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)
