"""Tests that check nothing.

## What it does

Reports tests that hold no assertion and call nothing that could hold one: they fail only when something raises.

## Why it matters

Such a test is green whatever the code returns, stores or sends. It counts as coverage, so that nobody writes the test
that is missing, and it stays green on the day when the code breaks. A request that is refused passes like one that is
answered: test clients don't raise for a status.

## Example

```python title="tests/test_orders.py"
from django.test import TestCase


class OrderTests(TestCase):
    def test_an_order_is_placed(self):
        self.client.post("/orders/", {"book": 1})
```

## Use instead

```python title="tests/test_orders.py"
from django.test import TestCase


class OrderTests(TestCase):
    def test_an_order_is_placed(self):
        response = self.client.post("/orders/", {"book": 1})
        self.assertEqual(response.status_code, 201)
```

## Limits

What asserts is told from its words (`assert`, `check`, `verify`, `expect`, `should` ...), and followed through helpers,
base classes and fixtures of the project; what can't be followed may assert, and keeps the rule quiet. Tests whose name
says that nothing must be raised are left alone. A test that asserts something beside the point is not told apart.

## References

- [pytest: assertions](https://docs.pytest.org/en/stable/how-to/assert.html)
- [Django: assertions](https://docs.djangoproject.com/en/stable/topics/testing/tools/#assertions)
- [unittest: assert methods](https://docs.python.org/3/library/unittest.html#assert-methods)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.fixes.edit import replace
from checks.frameworks.assertions import Answer, asserts, asserts_plainly, names_called
from checks.frameworks.collected import is_collected
from checks.model import Fix, Span
from checks.rule import CERTAIN, LIKELY, LOW, POSSIBLE, File, Finding, Function, Role, Rule
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="testing.critical-paths",
    severity=LOW,
    message="`{test}` asserts nothing: it passes whatever the code does, as long as nothing raises",
    advice="Assert what the code should have returned, stored or sent",
    roles=(Role.TEST,),
)

_NO_ERROR = re.compile(
    r"(not|nt|no|without|never|doesnt|dont)_?(raise|crash|fail|error|exception|explode|break|warn|barf|blow)"
    r"|smoke|crash"
)
_CLIENT = re.compile(r"client|browser|app")
_VERBS = frozenset({"delete", "get", "head", "options", "patch", "post", "put"})


@rule.on_test()
def check(test: Function, file: File) -> Iterator[Finding]:
    """Nothing in the test can fail but by an error."""
    if _NO_ERROR.search(test.name.lower()) or asserts_plainly(test) or not is_collected(test, file):
        return
    if asserts(test, file) is not Answer.NO:
        return
    compared = [node for node in descendants(test) if isinstance(node, ast.Expr) and _compares(node.value)]
    yield rule.finding(
        test,
        file,
        confidence=CERTAIN if compared else LIKELY if _is_empty(test) or _asks_client(test) else POSSIBLE,
        test=test.name,
        fix=_fix(compared, file) if compared else None,
        cause_hint=r"\bassert|\.assert|\braises\b|\bfail\(",
    )


def _compares(value: ast.expr) -> bool:
    """Whether an expression compares, which as a statement does nothing."""
    return isinstance(value, ast.Compare) and not isinstance(value.ops[0], (ast.Lt, ast.Gt))


def _fix(compared: list[ast.Expr], file: File) -> Fix:
    """`assert` put before comparisons that stand alone: somebody forgot it. The test may fail then, and rightly."""
    starts = [file.span(node) for node in compared]
    edits = (replace(file, Span(at.line, at.column, at.line, at.column), "assert ") for at in starts)
    return Fix("Put `assert` before the comparison", False, tuple(edits))


def _is_empty(test: Function) -> bool:
    return not any(isinstance(node, ast.Call) for statement in test.body for node in descendants(statement))


def _asks_client(test: Function) -> bool:
    """Whether a test sends a request and looks away."""
    calls = [names_called(node.func) for node in descendants(test) if isinstance(node, ast.Call)]
    return any(
        names and names[0] in _VERBS and any(_CLIENT.search(name) for name in names[1:3]) for names in calls
    )
