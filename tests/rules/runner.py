"""Small projects given to the engine, as specs and meta-tests need it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence

from checks.engine.dispatch import Dispatcher
from checks.frameworks.documents import document_of
from checks.model import Edit, Finding
from checks.registry import rule_by_id
from checks.rule import Rule
from checks.semantics.source import File


class _Project:
    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files

    def file(self, path: str) -> File | None:
        if path not in self.files:
            return None
        name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return File(path, self.files[path], ast.parse(self.files[path]), name, self)

    def module(self, name: str, near: str) -> File | None:
        ending = name.replace(".", "/")
        paths = [p for p in self.files if f"/{p}".endswith((f"/{ending}.py", f"/{ending}/__init__.py"))]
        return self.file(paths[0]) if paths else None


def scan_files(files: Mapping[str, str], rules: Sequence[Rule]) -> tuple[Finding, ...]:
    """What the rules report in a project of these files; a crash passes."""
    project, dispatcher = _Project(files), Dispatcher(rules, strict=True)
    found: list[Finding] = []
    for path, text in files.items():
        subject = project.file(path) if path.endswith(".py") else document_of(path, text)
        if subject is not None:
            found.extend(dispatcher.run(subject).findings)
    return tuple(found)


def review_files(
    base: Mapping[str, str], head: Mapping[str, str], rules: Sequence[Rule]
) -> tuple[Finding, ...]:
    """What the rules report of the change from one project to the other."""
    raise NotImplementedError


def rules_of(ids: Iterable[str]) -> list[Rule]:
    """The rules of these ids. Raises LookupError for an id that no rule has."""
    found = []
    for rule_id in sorted(ids):
        rule = rule_by_id(rule_id)
        if rule is None:
            raise LookupError(f"no rule {rule_id}")
        found.append(rule)
    return found


def apply_edits(files: Mapping[str, str], edits: Iterable[Edit]) -> dict[str, str]:
    """The files with edits applied, equal ones once. Raises ValueError where two edits overlap."""
    changed, chosen = dict(files), set(edits)
    for path in {edit.path for edit in chosen}:
        lines = changed[path].split("\n")
        below = len(lines) + 1
        for edit in sorted((edit for edit in chosen if edit.path == path), key=_place, reverse=True):
            if edit.end_line >= below:
                raise ValueError(f"{path}: two edits of line {edit.end_line}")
            replacement = edit.replacement.split("\n")[:-1]
            lines[edit.start_line - 1 : edit.end_line] = replacement
            below = edit.start_line
        changed[path] = "\n".join(lines)
    return changed


def _place(edit: Edit) -> tuple[int, int, str]:
    return edit.start_line, edit.end_line, edit.replacement
