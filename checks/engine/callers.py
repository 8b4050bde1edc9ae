"""Which files a change reaches through the functions, classes and templates whose effects it alters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Protocol

from checks.engine.effects import Effects
from checks.engine.project import Project
from checks.engine.rendered import changed_templates, mentioning_templates, renderers
from checks.semantics.nodes import descendants
from checks.semantics.roles import RUNNING, role_of

ROUNDS = 4
MAX_NAMES = 40
MAX_CALLERS = 60
_FEW = 8  # files: of more, those are taken that seem to know the class


class Side(Protocol):
    """The base or the head."""

    @property
    def project(self) -> Project:
        """Its files."""

    def effects(self, path: str) -> Effects:
        """What the functions of a file do to their callers."""


def callers_reached(base: Side, head: Side, changed: Iterable[str]) -> set[str]:
    """The files that call functions which now do something else with what they are given.

    A function's text may change as it likes: only where its effects differ are its callers looked for, by name, and
    then theirs, four files far, as long as these are not too many to judge. What a template reads counts as an effect
    of its own, of which the callers are those that render it.
    """
    found: set[str] = set()
    changed = set(changed)
    templates = changed_templates(base.project, head.project, changed)
    paths = {path for path in changed if _is_followed(path)}
    reached = _followed(renderers(head.project, templates)) - paths if templates else set()
    names = set[str]()
    for _ in range(ROUNDS):
        before, names = names, set()
        for path in sorted(paths):
            names |= _differing(base.effects(path), head.effects(path))
            names.update(_classes_naming(head.project, path, {name.rpartition(".")[2] for name in before}))
        if len(names) > MAX_NAMES:
            break
        if names:
            reached |= _mentioning(head.project, names)
        paths = reached - found - paths - changed
        if not paths or len(found) + len(paths) > MAX_CALLERS:
            break
        found |= paths
        reached = set()
    return found


def _classes_naming(project: Project, path: str, names: set[str]) -> Iterable[str]:
    """The classes of a file that name one of some names in their bodies: a serializer within which another stands."""
    file = project.file(path) if names else None
    for node in file.tree.body if file is not None else ():
        if isinstance(node, ast.ClassDef):
            named = {word for item in node.body if not _is_function(item) for word in _words(item)}
            if named & names:
                yield node.name


def _is_function(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _words(node: ast.stmt) -> Iterable[str]:
    for part in descendants(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr


def _mentioning(project: Project, names: set[str]) -> set[str]:
    """The files that hold one of these names as a word, and those that render a template which holds one.

    Of a method whose name several files hold, those that hold its class's name as well, or one for an instance.
    """
    words: dict[bytes, set[bytes]] = {}
    for name in names:
        near, _, last = name.rpartition(".")
        words.setdefault(last.encode(), set()).add(near.encode())
    pattern = re.compile(rb"\b(?:" + b"|".join(map(re.escape, sorted(words))) + rb")\b")
    found: dict[bytes, list[str]] = {}
    for path in project.tree.paths():
        if _is_followed(path):
            for word in set(pattern.findall(project.search.text(path))):
                found.setdefault(word, []).append(path)
    reached = {path for word, paths in found.items() for path in _told(project, paths, words[word])}
    templates = mentioning_templates(project, pattern)
    rendering = sorted(_followed(renderers(project, templates)) - reached) if templates else []
    return {*reached, *rendering}


def _told(project: Project, paths: list[str], near: set[bytes]) -> list[str]:
    """Those of the files with a word that may mean one of its owners: they name its class, or the last word of that."""
    if len(paths) <= _FEW or b"" in near:
        return paths
    last = {re.findall(rb"[A-Z]?[^A-Z]+|[A-Z]+", name)[-1] for name in near}
    owners = re.compile(b"|".join(map(re.escape, sorted(last))), re.IGNORECASE)
    return [path for path in paths if owners.search(project.search.text(path))]


def _differing(one: Effects, other: Effects) -> set[str]:
    """The names of functions that both sides have and that do different things."""
    return {name for name in one.keys() & other.keys() if one[name] != other[name]}


def _followed(paths: Iterable[str]) -> set[str]:
    return set(filter(_is_followed, paths))


def _is_followed(path: str) -> bool:
    return path.endswith(".py") and role_of(path) in RUNNING
