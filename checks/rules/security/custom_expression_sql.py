"""Expressions of Django's ORM that write their arguments into SQL.

## What it does
Reports classes derived from `Func`, `Expression`, `Lookup`, `Transform` or `Aggregate` whose `as_sql` writes what their
constructor was given into the text of the query.

## Why it matters
Expressions are used like plain Python: nobody who writes `.annotate(d=Format("created", pattern))` thinks of SQL. What
`pattern` holds is read as SQL all the same.

## Example
```python title="shop/expressions.py"
from django.db.models import Func


class Position(Func):
    def __init__(self, expression, word):
        self.word = word
        super().__init__(expression)

    def as_sql(self, compiler, connection):
        sql, params = compiler.compile(self.source_expressions[0])
        return f"position('{self.word}' in {sql})", params
```

## Use instead
```python title="shop/expressions.py"
from django.db.models import Func, Value


class Position(Func):
    function = "strpos"

    def __init__(self, expression, word):
        super().__init__(expression, Value(word))
```

## Limits
Only what stands in a value's place counts: behind an operator or within quotes. A constructor's argument that was
checked against a list there is still reported where the check can't be seen.

## References
- [Django: avoiding SQL injection in query expressions](https://docs.djangoproject.com/en/stable/ref/models/expressions/#avoiding-sql-injection)
- [CWE-89: SQL Injection](https://cwe.mitre.org/data/definitions/89.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.query_text import values_in
from checks.rule import LIKELY, MEDIUM, File, Finding, Function, Rule
from checks.semantics.definitions import bases
from checks.semantics.nodes import descendants, parent

rule = Rule(
    __name__,
    checklist="security.parameterized-queries",
    cwe=89,
    severity=MEDIUM,
    confidence=LIKELY,
    message="`{value}` is written into the SQL of an expression: what callers give is read as SQL",
    advice="Hand it over as `Value(...)`, or return it among the parameters",
)

_CLASSES = frozenset({"Aggregate", "Expression", "Func", "Lookup", "Transform", "Value"})
_TEXTS = (ast.JoinedStr, ast.BinOp)


@rule.on_function("as_sql", "as_mysql", "as_oracle", "as_postgresql", "as_sqlite")
def check(node: Function, file: File) -> Iterator[Finding]:
    """An `as_sql` that puts an attribute given by callers into its text."""
    owner = parent(node)
    if not isinstance(owner, ast.ClassDef) or not _is_expression(owner, file):
        return
    given = _given(owner)
    for text in (inner for inner in descendants(node) if isinstance(inner, _TEXTS)):
        if isinstance(parent(text), _TEXTS):
            continue
        for value in values_in(text):
            if isinstance(value, ast.Attribute) and value.attr in given:
                yield rule.finding(text, file, value=ast.unparse(value))
                return


def _is_expression(owner: ast.ClassDef, file: File) -> bool:
    for name, _, _ in bases(owner, file):
        if name.startswith("django.db.models") and name.rpartition(".")[2] in _CLASSES:
            return True
    return False


def _given(owner: ast.ClassDef) -> set[str]:
    """The attributes that the constructor fills with its arguments as they are."""
    found: set[str] = set()
    for method in owner.body:
        if not isinstance(method, ast.FunctionDef) or method.name != "__init__":
            continue
        parameters = {one.arg for one in (*method.args.args, *method.args.kwonlyargs)}
        for inner in descendants(method):
            if (
                isinstance(inner, ast.Assign)
                and isinstance(inner.value, ast.Name)
                and inner.value.id in parameters
            ):
                found.update(target.attr for target in inner.targets if isinstance(target, ast.Attribute))
    return found
