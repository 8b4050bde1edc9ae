"""Tests that check nothing.

## What it does
Reports tests whose bodies hold neither an assertion nor a call that could be one.

## Why it matters
Such a test passes whatever the code does, as long as it doesn't raise.

## Example
```python title="tests/test_total.py"
def test_total():
    2 + 2
```

## Use instead
```python title="tests/test_total.py"
def test_total():
    assert 2 + 2 == 4
```

## Limits
Calls that can't be followed may assert, and keep the rule quiet.

## References
- [pytest: assertions](https://docs.pytest.org/en/stable/how-to/assert.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.rule import LOW, File, Finding, Function, Role, Rule

rule = Rule(
    __name__,
    checklist="testing.critical-paths",
    severity=LOW,
    message="`{test}` asserts nothing: it passes whatever the code does, unless that raises",
    advice="Assert what the code is there for",
    roles=(Role.TEST,),
)


@rule.on_test()
def check(test: Function, file: File) -> Iterator[Finding]:
    """Nothing in the test's body can fail but by an error."""
    if not any(isinstance(node, ast.Assert | ast.Call | ast.Raise | ast.With) for node in ast.walk(test)):
        yield rule.finding(test, file, test=test.name)
