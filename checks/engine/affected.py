"""Which files a change can affect: those it touches, and those that hang on what it redefines or routes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from checks.dependencies.kinds import MANIFESTS, dependency_kind
from checks.diff import Diff
from checks.engine.project import Project
from checks.engine.rerouted import rerouted
from checks.semantics.source import File

_ROUNDS = 6
_NAMES = 200
_FILES = 200
_TOGETHER = MANIFESTS | {"lock"}
# A stretch of bounded length behind the bracket: bases that are never closed would be read to the end of the file for
# every class in it.
_CLASS = re.compile(
    rb"^[ \t\f]*class[ \t]+([\w\x80-\xff]+)[ \t]*(?:\[[^\]\n]{0,200}\])?\(([^:]{0,500})", re.M
)
_WORD = re.compile(rb"[\w\x80-\xff]+")


def affected(base: Project, head: Project, diff: Diff) -> tuple[set[str], set[str]]:
    """The paths to judge in the base and in the head.

    Whether a class is a model is told from its bases, across files. So when the change gives a class other bases,
    or takes one away, the files with classes that derive from it are judged too; and so are those of views that it
    routes in another way. Manifests and lock files are judged together, since what one says may be wrong because of
    another. Else only the changed ones.
    """
    old = {file.old_path for file in diff.files if file.old_path is not None}
    new = {file.new_path for file in diff.files if file.new_path is not None}
    if any(dependency_kind(path) in _TOGETHER for path in old | new):
        old |= _dependency_files(base)
        new |= _dependency_files(head)
    names = _redefined(base, old, head, new)
    dependents = rerouted(base, old, head, new) | (_mentioning(head, names) if names else set())
    return old | dependents, new | dependents


def _dependency_files(project: Project) -> set[str]:
    """The manifests and lock files of a project, those of the upper folders first where there are many."""
    found = [path for path in project.tree.paths() if dependency_kind(path) in _TOGETHER]
    return set(sorted(found, key=lambda path: (path.count("/"), path))[:_FILES])


def _redefined(base: Project, old: Iterable[str], head: Project, new: Iterable[str]) -> set[str]:
    """The names of classes whose bases differ between the two sides; a class that only moved is redefined as well."""
    before = {path: _classes(base, path) for path in old}
    after = {path: _classes(head, path) for path in new}
    names = set()
    for path in before.keys() | after.keys():
        one, other = before.get(path, {}), after.get(path, {})
        names |= {name for name in one.keys() & other.keys() if one[name] != other[name]}
        names |= {name for name in one.keys() ^ other.keys() if name in one}
    return names


def _classes(project: Project, path: str) -> dict[str, tuple[str, ...]]:
    file = project.file(path) if path.endswith(".py") else None
    if file is None:
        return {}
    return {node.name: _bases(node, file) for node in file.nodes if isinstance(node, ast.ClassDef)}


def _bases(node: ast.ClassDef, file: File) -> tuple[str, ...]:
    return tuple(file.resolve(base) or file.segment(base) for base in node.bases)


def _mentioning(project: Project, names: set[str]) -> set[str]:
    """The files with a class that derives from one of the names, or from one that does."""
    classes = _derivations(project)
    found: set[str] = set()
    wanted = set(names)
    for _ in range(_ROUNDS):
        if not wanted or len(wanted) > _NAMES:
            break
        derived = [(path, name) for path, name, above in classes if path not in found and above & wanted]
        found |= {path for path, _ in derived}
        wanted = {name for _, name in derived}
    return found


def _derivations(project: Project) -> list[tuple[str, str, frozenset[str]]]:
    """Path, name and the words among the bases of each class of the project, told from the text alone."""
    found = []
    for path in project.tree.paths():
        if path.endswith(".py"):
            for name, above in _CLASS.findall(project.search.text(path)):
                found.append((path, _text(name), frozenset(map(_text, _WORD.findall(above)))))
    return found


def _text(word: bytes) -> str:
    return word.decode("utf-8", "replace")
