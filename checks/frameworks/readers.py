"""Where a project reads an attribute of this name: in its code, its templates, the fields of its serializers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.model import Step
from checks.semantics.names import parent
from checks.semantics.roles import RUNNING, role_of
from checks.semantics.source import File, Project

_TEMPLATES = (".html", ".htm", ".txt", ".jinja", ".jinja2", ".j2", ".xml")
_LOADING = frozenset({"select_related", "prefetch_related", "joinedload", "selectinload", "subqueryload"})
_MAX_FILES = 40
_LOOPS = (ast.For, ast.AsyncFor, ast.comprehension, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp)


def first_reader(name: str, near: File) -> Step | None:
    """A place that reads an attribute, the nearest file's first, one in a loop before others."""
    found = sorted(_readers(name, near), key=lambda one: one[0])
    return found[0][1] if found else None


def _readers(name: str, near: File) -> Iterator[tuple[tuple[int, int, str, int], Step]]:
    project = near.project
    words = (f".{name}", f'"{name}"', f"'{name}'", f"{name} =")
    paths = [path for path in project.mentioning(words, ".py") if role_of(path) in RUNNING]
    for path in sorted(paths, key=lambda path: (-_shared(path, near.path), path))[:_MAX_FILES]:
        file = project.file(path)
        for place, line in _in_code(name, file) if file is not None else ():
            nearness = -_shared(path, near.path) - (path == near.path)
            yield (place, nearness, path, line), Step(path, line, f"`{name}` is read here")
    for path in project.mentioning((f".{name}",), *_TEMPLATES)[:_MAX_FILES]:
        line = _in_template(name, path, project)
        if line:
            yield (1, -_shared(path, near.path), path, line), Step(path, line, f"`{name}` is read here")


def _in_code(name: str, file: File) -> Iterator[tuple[int, int]]:
    """How telling each reader is, the best first: in a loop, as a serializer's field, anywhere."""
    for node in file.nodes:
        if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Load):
            if not _is_option(node):
                yield (0 if _is_looped(node) else 2), node.lineno
        elif isinstance(node, ast.ClassDef) and node.name.endswith(("Serializer", "Schema", "Table")):
            line = _field_of(name, node)
            if line:
                yield 1, line


def _is_option(node: ast.Attribute) -> bool:
    """Whether an attribute is named for a loader's option, not read."""
    above = parent(node)
    called = above.func if isinstance(above, ast.Call) and node in above.args else None
    return called is not None and (
        getattr(called, "id", "") in _LOADING or getattr(called, "attr", "") in _LOADING
    )


def _is_looped(node: ast.AST) -> bool:
    above = parent(node)
    while above is not None and not isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        if isinstance(above, _LOOPS):
            return True
        above = parent(above)
    return False


def _field_of(name: str, node: ast.ClassDef) -> int:
    """The line of a field of a serializer, declared or listed."""
    for item in node.body:
        if isinstance(item, ast.Assign) and getattr(item.targets[0], "id", "") == name:
            return item.lineno
        if isinstance(item, ast.ClassDef) and item.name == "Meta":
            for inner in ast.walk(item):
                if isinstance(inner, ast.Constant) and inner.value == name:
                    return inner.lineno
    return 0


def _in_template(name: str, path: str, project: Project) -> int:
    document = project.document(path)
    if document is None:
        return 0
    pattern = re.compile(rf"\{{[{{%][^{{}}\n]*\.{re.escape(name)}\b")
    for number, line in enumerate(document.lines, 1):
        if pattern.search(line):
            return number
    return 0


def _shared(path: str, other: str) -> int:
    count = 0
    for one, two in zip(path.split("/")[:-1], other.split("/")[:-1], strict=False):
        if one != two:
            break
        count += 1
    return count
