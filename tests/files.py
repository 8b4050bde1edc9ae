"""Files as rules see them, in a small project."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from checks.engine.project import Project
from checks.engine.tree import DictTree
from checks.semantics.source import File


def file_of(text: str, path: str = "shop/views.py", others: Mapping[str, str] | None = None) -> File:
    """The file at a path, in a project with other files."""
    file = Project(DictTree({**(others or {}), path: text})).file(path)
    assert file is not None, "it can be parsed"
    return file


def marked(file: File, name: str = "mark") -> list[ast.expr]:
    """What stands in calls of `mark(...)`, in the order of the source."""
    calls = [node for node in file.nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    return [call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == name]
