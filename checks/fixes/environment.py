"""Texts replaced by reads of the environment."""

from __future__ import annotations

import ast

from checks.fixes.calls import without_keyword
from checks.fixes.edit import replace
from checks.fixes.imports import imported
from checks.frameworks.credentials import Label
from checks.frameworks.environment import READERS
from checks.model import Edit, Fix
from checks.semantics.source import File


def environment_fix(node: ast.Constant, label: Label, file: File) -> Fix | None:
    """A text read from the environment instead, or the default taken from a read; `None` where neither is plain.

    Unsafe: the program then needs the variable where it runs.
    """
    if isinstance(node.value, bytes) or label.kind not in ("assigned", "keyword", "key"):
        return None
    if label.read is not None:
        edits = _without_default(node, label, file)
    elif label.fallback:
        edits = ()
    else:
        reader, needed = _reader(file)
        edits = (replace(file, file.span(node), reader.format(f'"{label.variable}"')), *needed)
    title = f"Read `{label.variable}` from the environment, and replace the published secret"
    return Fix(title, False, edits) if edits else None


def _reader(file: File) -> tuple[str, tuple[Edit, ...]]:
    """How the file reads a variable that must be there, and the import that it needs for it."""
    for local, binding in file.names.bindings(file.tree).items():
        made = (
            file.resolve(binding.node)
            if binding.kind == "value" and binding.node is not None
            else binding.target
        )
        if made in READERS:
            return f"{local}({{}})", ()
    environ, needed = imported("os", "environ", file)
    return f"{environ}[{{}}]", needed


def _without_default(node: ast.Constant, label: Label, file: File) -> tuple[Edit, ...]:
    """The read that fails without its variable: `os.environ["NAME"]`, or the package's call without its default."""
    read = label.read
    if read is None or not isinstance(read.node, ast.Call) or read.default is not node or read.name is None:
        return ()
    name = file.segment(read.node.args[0])
    if (file.resolve(read.node.func) or "").startswith("os."):
        environ, needed = imported("os", "environ", file)
        return (replace(file, file.span(read.node), f"{environ}[{name}]"), *needed)
    if read.default in read.node.args:
        if len(read.node.args) != 2 or read.node.keywords:
            return ()
        return (replace(file, file.span(read.node), f"{file.segment(read.node.func)}({name})"),)
    edit = without_keyword(file, read.node, "default")
    return (edit,) if edit else ()
