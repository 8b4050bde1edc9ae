"""What the functions of a file do to their callers, so that a review finds the callers that a change reaches."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from checks.engine.project import Project
from checks.engine.tree import Unreadable
from checks.semantics.interpret.frame import Summary
from checks.semantics.interpret.targets import Parameter
from checks.semantics.interpret.world import World
from checks.semantics.roles import RUNNING, role_of
from checks.semantics.source import File
from checks.semantics.taints import Taint
from checks.semantics.values import all_taints

ROUNDS = 4
MAX_NAMES = 40
MAX_CALLERS = 60

Effects = Mapping[str, str]
"""By the name that callers write, a digest of what a function does to them."""


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
    then theirs, four files far.
    """
    found: set[str] = set()
    paths = {path for path in changed if _is_followed(path)}
    for _ in range(ROUNDS):
        names = set[str]()
        for path in sorted(paths):
            names |= _differing(base.effects(path), head.effects(path))
        if not names or len(names) > MAX_NAMES:
            break
        paths = set(_mentioning(head.project, names)) - found - paths
        found |= paths
        if not paths:
            break
    return found


def effects_of(file: File, world: World) -> dict[str, str]:
    """What each function of a file does with its parameters, by the name that callers write."""
    found: dict[str, set[str]] = {}
    for function in world.module(file).defined:
        name = function.name.rpartition(".")[2]
        if name == "__init__" and function.owner is not None:
            name = function.owner.node.name
        if len(name) > 2 and name != "<lambda>":
            found.setdefault(name, set()).update(map(_text, _said(world.generic(function))))
    return {name: _digest(said) for name, said in found.items()}


def _said(summary: Summary) -> set[object]:
    """A summary without the places that every edit moves."""
    said: set[object] = {
        (reach.kind, reach.file.path, *_source(reach.taint))
        for reach in summary.reaches
        if reach.taint.is_parameter
    }
    if summary.returns is not None:
        said |= {("returns", *_source(taint)) for taint in all_taints(summary.returns)}
        for when, implications in (("true", summary.returns.true), ("false", summary.returns.false)):
            said |= {(when, implied.clean) for implied in implications}
    else:
        said.add("never returns")
    said |= {("checks", *item) for item in (summary.checked or {}).items()}
    for index, value in (summary.changed or {}).items():
        said |= {("changes", index, *_source(taint)) for taint in all_taints(value)}
    return said


def _source(taint: Taint) -> tuple[object, ...]:
    origin = taint.origin.index if isinstance(taint.origin, Parameter) else taint.label
    return (origin, taint.path, taint.clean)


def _text(said: object) -> str:
    """The same text for the same, in every process."""
    if isinstance(said, tuple):
        return f"({','.join(map(_text, said))})"
    return repr(sorted(said)) if isinstance(said, frozenset) else repr(said)


def _digest(said: set[str]) -> str:
    text = "\n".join(sorted(said)).encode("utf-8", "surrogateescape")
    return hashlib.blake2b(text, digest_size=8).hexdigest()


def _differing(one: Effects, other: Effects) -> set[str]:
    """The names of functions that both sides have and that do different things."""
    return {name for name in one.keys() & other.keys() if one[name] != other[name]}


def _mentioning(project: Project, names: set[str]) -> list[str]:
    """The files that hold one of these names as a word; of many the first, in the order of their paths."""
    pattern = re.compile(rb"\b(?:" + b"|".join(re.escape(name.encode()) for name in sorted(names)) + rb")\b")
    found: list[str] = []
    for path in project.tree.paths():
        if _is_followed(path) and len(found) < MAX_CALLERS and _holds(project, path, pattern.search):
            found.append(path)
    return found


def _holds(project: Project, path: str, search: Callable[[bytes], object]) -> bool:
    try:
        return search(project.tree.read(path)) is not None
    except Unreadable:
        return False


def _is_followed(path: str) -> bool:
    return path.endswith(".py") and role_of(path) in RUNNING
