"""Receivers of Django's model signals: which functions run when a row is saved or deleted.

From Django's documentation: "Signals" (`receiver`, `Signal.connect`), "Model signals".
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.lookups import called, place_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Class, Function
from checks.semantics.source import File, Project
from checks.semantics.values import Value

_SIGNALS = {
    "save": frozenset({"pre_save", "post_save"}),
    "delete": frozenset({"pre_delete", "post_delete"}),
}
_MAX_RECEIVERS = 20
_MAX_FILES = 60
Receiver = tuple[str, str, str, str]
"""A signal's name, the sender's dotted name, and the path and name of the function."""


def run_receivers(frame: Frame, how: str, instance: Value, node: ast.AST) -> None:
    """Call the receivers of a row that is saved or deleted."""
    model = instance.type
    signals = _SIGNALS.get(how)
    if signals is None or not isinstance(model, Class):
        return
    project = model.file.project
    found = project.once("signal-receivers", lambda: tuple(_receivers(project)))
    for signal, sender, path, name in found:
        if signal not in signals or sender.rpartition(".")[2] != model.node.name:
            continue
        home = project.file(path)
        function = frame.machine.imported(f"{home.module}.{name}", home, frame) if home is not None else None
        if home is None or function is None or not any(isinstance(one, Function) for one in function.targets):
            continue
        senders = frame.machine.imported(sender, home, frame).targets
        if model in senders:
            frame.uses.add(path)
            called(frame, function, place_of(node), Value(targets=(model,)), instance=instance)


def _receivers(project: Project) -> Iterator[Receiver]:
    """The functions that are connected to signals of a model, wherever they are."""
    words = ("post_save", "pre_save", "post_delete", "pre_delete")
    count = 0
    for path in project.mentioning(words, ".py")[:_MAX_FILES]:
        file = project.file(path)
        if file is None or file.role.value in ("test", "migration", "vendored"):
            continue
        for receiver in _in_file(file):
            count += 1
            if count > _MAX_RECEIVERS * _MAX_FILES:
                return
            yield receiver


def _in_file(file: File) -> Iterator[Receiver]:
    for node in file.nodes:
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                yield from _decorated(file, node, decorator)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "connect"
        ):
            signal = (file.resolve(node.func.value) or "").rpartition(".")[2]
            sender = next((word.value for word in node.keywords if word.arg == "sender"), None)
            name = sender is not None and file.resolve(sender)
            if node.args and isinstance(node.args[0], ast.Name) and name:
                yield signal, name, file.path, node.args[0].id


def _decorated(file: File, node: ast.FunctionDef, decorator: ast.expr) -> Iterator[Receiver]:
    if not isinstance(decorator, ast.Call) or not decorator.args:
        return
    if (file.resolve(decorator.func) or "").rpartition(".")[2] != "receiver":
        return
    sender = next((word.value for word in decorator.keywords if word.arg == "sender"), None)
    name = file.resolve(sender) if sender is not None else None
    first = decorator.args[0]
    for signal in first.elts if isinstance(first, ast.List | ast.Tuple) else (first,):
        if name:
            yield (file.resolve(signal) or "").rpartition(".")[2], name, file.path, node.name
