"""Default values that all calls of a function share.

## What it does

Reports parameters whose default is a list, dictionary, set or another object that can be changed.

## Why it matters

Python makes a default once, when it reads the `def`, and hands the same object to every call. What one call adds, the
next one finds: a list of errors that grows from request to request, a filter of one user that holds for all. It never
shows in a test that calls the function once, and in production it lasts until the worker restarts.

## Example

```python
def import_rows(rows, skipped=[]):
    for row in rows:
        if not row.get("isbn"):
            skipped.append(row)
    return skipped
```

## Use instead

```python
def import_rows(rows, skipped=None):
    if skipped is None:
        skipped = []
    for row in rows:
        if not row.get("isbn"):
            skipped.append(row)
    return skipped
```

## Limits

Whether the object is changed is judged by what the function itself does with it. Where it keeps the object or hands it
on, the confidence is lower; where it only reads it, or never uses it, lower still: it is a trap for the next change.
So is a default that is used as a cache, which is asked for a key and then given it. Lambdas and functions without a
body of their own are left alone. A list behind a name (`def f(x=DEFAULTS)`) is not seen, nor are instances of classes
of the project.

## References

- [Python: default argument values](https://docs.python.org/3/tutorial/controlflow.html#default-argument-values)
- [Python FAQ: why are default values shared between objects?](https://docs.python.org/3/faq/programming.html#why-are-default-values-shared-between-objects)
- [CWE-1108: excessive reliance on global variables](https://cwe.mitre.org/data/definitions/1108.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.defaults import none_instead
from checks.model import Confidence, Fix
from checks.rule import CERTAIN, LIKELY, LOW, MEDIUM, POSSIBLE, File, Finding, Function, Rule
from checks.semantics.usage import Use, is_stub, uses_of

rule = Rule(
    __name__,
    checklist="maintainability.correctness",
    cwe=1108,
    severity=MEDIUM,
    message="`{parameter}` has one default for all calls: what one call adds to it, the next one finds",
    advice="Default to `None`, and make a new object within the function",
)

_MOST = 20  # parameters of one function that are looked at
_LITERALS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
_MAKERS = frozenset(
    {
        "builtins.bytearray",
        "builtins.dict",
        "builtins.list",
        "builtins.set",
        "collections.Counter",
        "collections.OrderedDict",
        "collections.defaultdict",
        "collections.deque",
    }
)
# Annotations that promise not to change what is given.
_READ_ONLY = frozenset({"Collection", "Container", "Iterable", "Mapping", "Sequence", "AbstractSet"})


@rule.on_function()
def check(function: Function, file: File) -> Iterator[Finding]:
    """Each default that is a new mutable object, judged by what the body does with it."""
    defaults = [pair for pair in _defaults(function) if _is_mutable(pair[1], file)]
    if not defaults or is_stub(function):
        return
    for parameter, default in defaults[:_MOST]:
        uses = uses_of(parameter.arg, function)
        confidence = _confidence(uses)
        if confidence is POSSIBLE and _promises(parameter, file):
            continue
        edits = none_instead(function, parameter, default, file)
        yield rule.finding(
            default,
            file,
            severity=None if confidence is not POSSIBLE else LOW,
            confidence=confidence,
            fix=Fix("Default to `None`, make a new one in each call", safe=not uses & Use.CACHE, edits=edits)
            if edits
            else None,
            parameter=parameter.arg,
        )


def _defaults(function: Function) -> Iterator[tuple[ast.arg, ast.expr]]:
    """The parameters that have a default, with it."""
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    first = len(positional) - len(given.defaults)
    yield from zip(positional[first:], given.defaults, strict=True)
    for parameter, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        if default is not None:
            yield parameter, default


def _is_mutable(default: ast.expr, file: File) -> bool:
    if isinstance(default, ast.Call):
        return file.resolve(default.func) in _MAKERS
    return isinstance(default, _LITERALS)


def _confidence(uses: Use) -> Confidence:
    if uses & Use.CHANGED:
        return CERTAIN
    return LIKELY if uses & (Use.ESCAPES | Use.PASSED_ON) else POSSIBLE


def _promises(parameter: ast.arg, file: File) -> bool:
    """Whether the annotation is of a type that can only be read."""
    outer = (
        parameter.annotation.value
        if isinstance(parameter.annotation, ast.Subscript)
        else parameter.annotation
    )
    return outer is not None and (file.resolve(outer) or "").rpartition(".")[2] in _READ_ONLY
