"""Functions with too many ways through them.

## What it does

Reports functions whose cyclomatic complexity, the number of independent ways through them, is above 15.

## Why it matters

Each condition in a function doubles what may be true further down, and a reader has to keep all of it in mind. Each way
through it is a test to write, and beyond a dozen of them nobody writes all. Changes to such a function go wrong more
often than elsewhere, and reviewing them takes longest.

## Example

```python
def price(order, customer, today):
    total = 0
    for item in order.items:
        if item.gift or item.cancelled or not item.price:
            continue
        if item.kind == "book":
            total += item.price * (0.9 if customer.student else 1)
        elif item.kind == "map" and not item.used:
            total += item.price
        elif item.kind == "used":
            total += item.price / 2 if item.price > 10 else item.price - 1
        else:
            raise ValueError(item.kind)
    if customer.country != "DE" and total < 100:
        total += 15
    if order.coupon and order.coupon.until >= today:
        total -= order.coupon.amount
    if total < 0:
        total = 0
    return total
```

## Use instead

```python
def price(order, customer, today):
    total = sum(item_price(item, customer) for item in order.items if is_charged(item))
    total += shipping(total, customer.country)
    return max(total - discount(order.coupon, today), 0)
```

## Limits

Counted are `if`, `elif`, loops, `except`, the cases of a `match` but the last that takes all, conditions of
comprehensions, conditional expressions, and each `and` and `or`. A long but flat list of cases counts as much as a
nested one. Functions within a function are counted on their own.

## References

- [T. J. McCabe: A Complexity Measure](https://doi.org/10.1109/TSE.1976.233837)
- [CWE-1121: excessive McCabe cyclomatic complexity](https://cwe.mitre.org/data/definitions/1121.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.rule import LOW, File, Finding, Function, Rule
from checks.semantics.nodes import children, descendants

LIMIT = 15

rule = Rule(
    __name__,
    checklist="maintainability.complexity",
    cwe=1121,
    severity=LOW,
    message=f"`{{function}}` has {{count}} ways through it, more than {LIMIT}: too many to test and to keep in mind",
    advice="Move the parts that answer a question of their own into functions",
)

_BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler)
_COUNTED = frozenset({*_BRANCHES, ast.comprehension, ast.BoolOp, ast.match_case})


@rule.on_function()
def check(function: Function, file: File) -> Iterator[Finding]:
    """A function above the limit."""
    if 1 + sum(_ways(node) for node in descendants(function) if node.__class__ in _COUNTED) <= LIMIT:
        return  # not even with the functions in it
    count = complexity(function)
    if count > LIMIT:
        yield rule.finding(function, file, function=function.name, count=str(count))


def complexity(function: Function) -> int:
    """The cyclomatic complexity of a function, without that of the functions and classes in it."""
    count = 1
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        count += _ways(node)
        stack += children(node)
    return count


def _ways(node: ast.AST) -> int:
    """How many ways a node adds."""
    if isinstance(node, ast.comprehension):
        return len(node.ifs)
    if isinstance(node, _BRANCHES):
        return 1
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.match_case):
        takes_all = (
            isinstance(node.pattern, ast.MatchAs) and node.pattern.pattern is None and node.guard is None
        )
        return 0 if takes_all else 1
    return 0
