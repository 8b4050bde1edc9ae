"""What a view reads and sends: values followed, within its function, into a response of JSON."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.semantics.definitions import bases, definition
from checks.semantics.enclosing import called, calls_in
from checks.semantics.names import ancestors
from checks.semantics.nodes import descendants
from checks.semantics.source import File, Function

ANSWERS = frozenset(
    {
        "django.http.JsonResponse",
        "flask.json.jsonify",
        "flask.jsonify",
        "json.dumps",
        "rest_framework.response.Response",
    }
)
"""What makes JSON of what it is given."""


def is_answered(at: ast.AST, function: Function, file: File) -> bool:
    """Whether what is read goes into an answer: as an argument, or by a name that it is put under."""
    names: set[str] = set()
    for above in ancestors(at):
        if above is function:
            break
        if isinstance(above, ast.Call) and _is_answer(above, file):
            return True
        if isinstance(above, ast.Assign):
            names |= {target.id for target in above.targets if isinstance(target, ast.Name)}
        elif isinstance(above, ast.For) and at in descendants(above.iter):
            names |= {name for inner in above.body for name in _filled(inner)}
    if not names:
        return False
    for statement in descendants(function):
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict | ast.List):
            if _mentions(statement.value, names):
                names |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
    calls = (call for call in calls_in(function) if _is_answer(call, file))
    return any(_mentions(call, names) for call in calls)


def _is_answer(call: ast.Call, file: File) -> bool:
    """Whether a call makes a response of JSON, by a class of the project as well."""
    name = file.resolve(call.func)
    if name in ANSWERS or name is None or "json" not in name.rpartition(".")[2].lower():
        return name in ANSWERS
    found = definition(name, file)
    if found is None or not isinstance(found[0], ast.ClassDef):
        return False
    return any(above.startswith("django.http.") for above, _, _ in bases(found[0], found[1]))


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id in names for inner in descendants(node))


def _filled(statement: ast.AST) -> Iterator[str]:
    """The lists that a loop's body appends to."""
    for inner in descendants(statement):
        if (
            isinstance(inner, ast.Call)
            and called(inner) == "append"
            and isinstance(inner.func, ast.Attribute)
        ):
            if isinstance(inner.func.value, ast.Name):
                yield inner.func.value.id
