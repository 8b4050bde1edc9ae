"""Models whose rows may be written many at once: nothing of the project runs when a single one is saved or deleted.

From Django's documentation: "bulk_create", "bulk_update", "update" and "delete" of querysets, "Model signals".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.models import fields_of
from checks.frameworks.django.schema import schema_of
from checks.semantics.definitions import bases
from checks.semantics.interpret.targets import Class
from checks.semantics.source import File, Project

_PLAIN = frozenset({"builtins.object", "django.db.models.Model", "django.db.models.base.Model"})
_SIGNALS = {
    "create": ("pre_save", "post_save"),
    "save": ("pre_save", "post_save"),
    "delete": ("pre_delete", "post_delete"),  # a queryset's `delete` sends them too, all in one transaction
}
_WORDS = ("post_delete", "post_save", "pre_delete", "pre_save")
_ANY = "*"
_MAX_FILES = 100


def is_plain(model: Class, how: str) -> bool:
    """Whether saving or deleting rows one by one does nothing that a method for many would not."""
    node, file = model.node, model.file
    schema = schema_of(node, file)
    if schema is None or (how != "delete" and schema.parents):
        return False
    method = "delete" if how == "delete" else "save"
    if method in model.env or any(
        name not in _PLAIN for name, found, _ in bases(node, file) if found is None
    ):
        return False
    if any(_defines(found, method) for _, found, _ in bases(node, file) if found is not None):
        return False
    known = file.project.once("save-receivers", lambda: frozenset(_receivers(file.project)))
    return not any((signal, sender) in known for signal in _SIGNALS[how] for sender in (node.name, _ANY))


def sets_times(model: Class) -> bool:
    """Whether a save sets a time by itself (`auto_now`), which a method for many leaves as it was."""
    classes = [(model.node, model.file)]
    classes += [(found, home) for _, found, home in bases(model.node, model.file) if found is not None]
    return any(
        declared.argument("auto_now") is not None
        for node, home in classes
        for declared in fields_of(node, home)
    )


def _defines(node: ast.ClassDef, method: str) -> bool:
    return any(isinstance(item, ast.FunctionDef) and item.name == method for item in node.body)


def _receivers(project: Project) -> Iterator[tuple[str, str]]:
    """The signals of models that the project listens to, each with its sender's name, a star where it takes any."""
    for path in project.mentioning(_WORDS, ".py")[:_MAX_FILES]:
        file = project.file(path)
        if file is not None and file.role.value not in ("migration", "test", "vendored"):
            for node in file.nodes:
                if isinstance(node, ast.Call):
                    yield from _connected(node, file)


def _connected(call: ast.Call, file: File) -> Iterator[tuple[str, str]]:
    """`@receiver(post_save, sender=Order)`, `post_save.connect(told, sender=Order)`."""
    if isinstance(call.func, ast.Attribute) and call.func.attr == "connect":
        signals: list[ast.expr] = [call.func.value]
    elif (file.resolve(call.func) or "").rpartition(".")[2] == "receiver" and call.args:
        first = call.args[0]
        signals = list(first.elts) if isinstance(first, ast.List | ast.Tuple) else [first]
    else:
        return
    given = next((word.value for word in call.keywords if word.arg == "sender"), None)
    sender = _ANY if given is None else (file.resolve(given) or _ANY).rpartition(".")[2] or _ANY
    for signal in signals:
        yield (file.resolve(signal) or "").rpartition(".")[2], sender
