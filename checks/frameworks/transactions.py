"""Which code runs within a transaction that is committed later: blocks, decorated functions, whole requests.

From Django's documentation: "Database transactions" (`atomic`, tying transactions to requests), "Model instance
reference" and "Signals" (what saves rows may be within a transaction of its caller), "The Django admin site".
"""

from __future__ import annotations

import ast

from checks.frameworks.drf.settings import SETTINGS_FILES
from checks.frameworks.environment import unset_value
from checks.frameworks.homes import at_home, home_of
from checks.frameworks.request_paths import answers
from checks.semantics.definitions import bases
from checks.semantics.enclosing import class_around
from checks.semantics.names import ancestors
from checks.semantics.nodes import descendants
from checks.semantics.roles import RUNNING, role_of
from checks.semantics.source import File, Project

ATOMIC = frozenset({"django.db.transaction.atomic", "django.db.transaction.Atomic"})

_EXEMPT = "django.db.transaction.non_atomic_requests"
_DECORATOR = "django.utils.decorators.method_decorator"
_ADMIN = "django.contrib.admin."
_SAVING = frozenset({"delete_model", "delete_queryset", "save_formset", "save_model", "save_related"})
_SIGNALS = ("post_save", "pre_save", "m2m_changed", "post_delete")
_RECEIVER = "django.dispatch.receiver"


def transaction_around(node: ast.AST, file: File) -> tuple[str, ast.AST] | None:
    """The transaction that a node runs in and where it begins: `block`, `function`, `request`, `admin`; or `caller`.

    A caller's is one that there may be: around a model's `save`, and the receivers of the signals that it sends. What
    stands in a function or lambda of its own runs when that is called.
    """
    for above in ancestors(node):
        if isinstance(above, (ast.With, ast.AsyncWith)) and any(
            _is_atomic(item.context_expr, file) for item in above.items
        ):
            return "block", above
        if isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef)):
            kind = _of_function(above, file)
            return (kind, above) if kind else None
        if isinstance(above, ast.Lambda):
            return None
    return None


def _is_atomic(node: ast.expr, file: File) -> bool:
    return file.resolve(node.func if isinstance(node, ast.Call) else node) in ATOMIC


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef, file: File) -> str:
    owner = class_around(node)
    marks = [*node.decorator_list, *(owner.decorator_list if owner is not None else ())]
    if any(_is_atomic(mark, file) for mark in node.decorator_list) or any(
        _wraps(mark, file) for mark in marks
    ):
        return "function"
    if owner is not None and node.name in _SAVING:
        if any(name.startswith(_ADMIN) for name, _, _ in bases(owner, file)):
            return "admin"
    if answers(node, file):
        exempt = any(file.resolve(mark) == _EXEMPT for mark in marks)
        return "request" if has_atomic_requests(file) and not exempt else ""
    return "caller" if _is_saving(node, owner, file) else ""


def _wraps(mark: ast.expr, file: File) -> bool:
    """`@method_decorator(transaction.atomic)`."""
    if not isinstance(mark, ast.Call) or file.resolve(mark.func) != _DECORATOR or not mark.args:
        return False
    return any(_is_atomic(inner, file) for inner in descendants(mark.args[0]) if isinstance(inner, ast.expr))


def _is_saving(node: ast.AST, owner: ast.ClassDef | None, file: File) -> bool:
    """Whether a function is a model's `save`, or a receiver of the signals about saving."""
    for mark in getattr(node, "decorator_list", ()):
        if isinstance(mark, ast.Call) and file.resolve(mark.func) == _RECEIVER and mark.args:
            return any(
                getattr(inner, "id", getattr(inner, "attr", "")) in _SIGNALS
                for inner in descendants(mark.args[0])
            )
    if owner is None or getattr(node, "name", "") != "save":
        return False
    return any(name.endswith((".Model", "Model")) for name, _, _ in bases(owner, file))


def has_atomic_requests(file: File) -> bool:
    """Whether the settings for production of a file's project tie each request to a transaction."""
    project, home = file.project, home_of(file.path, file.project)
    return project.once(
        f"atomic-requests:{home}",
        lambda: any(_says(path, project) for path in at_home(_settings(project), home, project)),
    )


def _settings(project: Project) -> list[str]:
    return [
        path for path in project.mentioning(("ATOMIC_REQUESTS",), *SETTINGS_FILES) if role_of(path) in RUNNING
    ]


def _says(path: str, project: Project) -> bool:
    file = project.file(path)
    for node in file.nodes if file is not None else ():
        values: list[ast.expr] = []
        if isinstance(node, ast.Dict):
            values = [value for key, value in zip(node.keys, node.values, strict=True) if _names(key)]
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            values = [node.value] if _names(node.targets[0].slice) else []
        for value in values if file is not None else ():
            given = unset_value(value, file) if file is not None else None
            if given is not None and given.value is True:
                return True
    return False


def _names(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) and key.value == "ATOMIC_REQUESTS"
