"""`except:` without a class.

## What it does

Reports `except:` without an exception class, unless it lets the exception go on with `raise`.

## Why it matters

A bare `except:` also catches what is no error of the code inside: Ctrl-C, `sys.exit()`, and what a server raises to end
a worker. gunicorn ends a request that takes too long by raising `SystemExit` in it, and a handler that catches that
keeps the worker going, until it is killed in the midst of its work. And a mistyped name is handled like the failure
that was expected, so that nobody ever hears of it.

## Example

```python
def price_of(row):
    try:
        return float(row["price"])
    except:
        return 0.0
```

## Use instead

```python
def price_of(row):
    try:
        return float(row["price"])
    except (KeyError, ValueError):
        return 0.0
```

## Limits

The fix writes `except Exception:`, which lets Ctrl-C and exits pass; which exceptions are expected only the author
knows. A handler whose last statement is a bare `raise` is left alone, and so is one that follows an
`except Exception:`, since it is there for the rest.

## References

- [Python: exception hierarchy](https://docs.python.org/3/library/exceptions.html#exception-hierarchy)
- [PEP 8: programming recommendations](https://peps.python.org/pep-0008/#programming-recommendations)
- [CWE-396: declaration of catch for generic exception](https://cwe.mitre.org/data/definitions/396.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.fixes.edit import replace
from checks.model import Fix, Span
from checks.rule import MEDIUM, File, Finding, Rule
from checks.semantics.names import parent

rule = Rule(
    __name__,
    checklist="maintainability.error-handling",
    cwe=396,
    severity=MEDIUM,
    message="`except:` catches everything: Ctrl-C, `sys.exit()` and mistakes in the code as well",
    advice="Name the exceptions that are expected",
)

_EXCEPT = re.compile(r"except\s*(?=:)")
_ALL_ERRORS = ("builtins.Exception", "builtins.BaseException")


@rule.on_node(ast.ExceptHandler)
def check(handler: ast.ExceptHandler, file: File) -> Iterator[Finding]:
    """A handler without a class that keeps the exception to itself."""
    if handler.type is None and not _goes_on(handler) and not _is_for_the_rest(handler, file):
        yield rule.finding(handler, file, fix=_fix(handler, file))


def _goes_on(handler: ast.ExceptHandler) -> bool:
    """Whether the exception leaves the handler as it came."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _is_for_the_rest(handler: ast.ExceptHandler, file: File) -> bool:
    """Whether a handler before it has taken the errors, so that this one is meant for Ctrl-C and exits."""
    statement = parent(handler)
    handlers = statement.handlers if isinstance(statement, ast.Try) else []
    return any(other.type is not None and file.resolve(other.type) in _ALL_ERRORS for other in handlers)


def _fix(handler: ast.ExceptHandler, file: File) -> Fix | None:
    place = file.span(handler)
    written = _EXCEPT.match(file.lines[place.line - 1], place.column - 1)
    if written is None:
        return None
    word = Span(place.line, written.start() + 1, place.line, written.end() + 1)
    return Fix("Catch errors only", safe=True, edits=(replace(file, word, "except Exception"),))
