"""Limits that `nan` slips through.

## What it does
Reports request data that `float` turns into a number which is then compared with a limit, in a way that lets `nan`
through, in Django and Flask. The data is followed through functions and files.

## Why it matters
`float("nan")` succeeds, and every comparison with it is false: neither `amount < 0` nor `amount > limit` holds, so that
both refusals are passed. Sums that it goes into are `nan` from then on, in the database too.

## Example
```python title="shop/views.py"
from django.http import HttpResponse, HttpResponseBadRequest


def transfer(request):
    amount = float(request.POST["amount"])
    if amount < 0 or amount > 100:
        return HttpResponseBadRequest("Between 0 and 100, please")
    return HttpResponse(f"{amount} sent")
```

## Use instead
```python title="shop/views.py"
from django.http import HttpResponse, HttpResponseBadRequest


def transfer(request):
    amount = float(request.POST["amount"])
    if not 0 <= amount <= 100:
        return HttpResponseBadRequest("Between 0 and 100, please")
    return HttpResponse(f"{amount} sent")
```

## Limits
A number that is compared in another function than it is made in is not seen. `Decimal` raises an error where `NaN` is
compared, so it is not reported. Django's form and serializer fields refuse `nan` themselves.

## References
- [Python: float](https://docs.python.org/3/library/functions.html#float)
- [Python: math.isfinite](https://docs.python.org/3/library/math.html#math.isfinite)
- [CWE-1287: Improper Validation of Specified Type of Input](https://cwe.mitre.org/data/definitions/1287.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.rule import LIKELY, LOW, File, Finding, Flow, Rule
from checks.semantics.enclosing import scope_around, words_called
from checks.semantics.names import ancestors
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=1287,
    severity=LOW,
    confidence=LIKELY,
    message="`{text}` may be `nan`, which passes the comparison with `{limit}`",
    advice="Ask `math.isfinite` first, or refuse what is not within the limits: `if not low <= value <= high`",
)

_ORDER = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)
_FINITE = frozenset({"isfinite", "isnan", "is_nan", "is_finite"})


@rule.on_flow("nan")
def check(flow: Flow, file: File) -> Iterator[Finding]:
    """A number of the request whose limits are asked for so that `nan` is none of those refused."""
    if flow.label != "request" or not flow.sure or flow.sink != "builtins.float":
        return
    scope = scope_around(flow.call)
    if not words_called(scope).isdisjoint(_FINITE):
        return
    compared = list(_compared(flow.call, scope))
    if compared and not any(_refuses_nan(node) for node, _ in compared):
        yield rule.flow(flow, limit=file.segment(compared[0][1]))


def _compared(call: ast.AST, scope: ast.AST) -> Iterator[tuple[ast.Compare, ast.expr]]:
    """The comparisons of a number, of the call itself or the name that it is given to, each with what is beside it."""
    names = _given_to(call)
    for node in descendants(scope):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], _ORDER):
            sides = (node.left, *node.comparators)
            others = [side for side in sides if side is not call and getattr(side, "id", "") not in names]
            if others and len(others) < len(sides):
                yield node, others[0]


def _given_to(call: ast.AST) -> set[str]:
    """The names that a call's result is given to."""
    for above in ancestors(call):
        if isinstance(above, ast.Assign) and above.value is call:
            return {target.id for target in above.targets if isinstance(target, ast.Name)}
    return set()


def _refuses_nan(node: ast.Compare) -> bool:
    """Whether a comparison is written so that what is false is refused: under `not`, or as what must hold."""
    for above in ancestors(node):
        if isinstance(above, ast.UnaryOp) and isinstance(above.op, ast.Not):
            return True
        if isinstance(above, ast.Assert):
            return True
        if isinstance(above, ast.If):
            return not _leaves(above)
        if isinstance(above, ast.stmt):
            return True
    return True


def _leaves(node: ast.If) -> bool:
    """Whether what is compared is refused where the comparison holds."""
    last = node.body[-1]
    called = last.value.func if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) else None
    return isinstance(last, (ast.Raise, ast.Return, ast.Continue)) or getattr(called, "id", "") == "abort"
