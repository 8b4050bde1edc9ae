"""What the functions of a file do to their callers, so that a review finds the callers that a change reaches."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from checks.engine.project import Project
from checks.engine.rendered import changed_templates, mentioning_templates, renderers
from checks.engine.tree import Unreadable
from checks.semantics.interpret.frame import Summary
from checks.semantics.interpret.targets import Class, Function, Parameter
from checks.semantics.interpret.world import World
from checks.semantics.nodes import descendants
from checks.semantics.roles import RUNNING, role_of
from checks.semantics.rows import Row, Rows
from checks.semantics.source import File
from checks.semantics.taints import Taint
from checks.semantics.values import all_taints

ROUNDS = 4
MAX_NAMES = 40
MAX_CALLERS = 60
_OWN_CALLS = ("builtins.", "django.db.models.Model", "django.db.models.base.", "enum.", "typing.", "abc.")
"""The beginnings of names of classes whose methods are called by those who write their names."""

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
    then theirs, four files far. What a template reads counts as an effect of its own, of which the callers are those
    that render it.
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
            names.update(_classes_naming(head.project, path, before))
        if len(names) > MAX_NAMES:
            break
        if names:
            reached |= _mentioning(head.project, names)
        paths = reached - found - paths - changed
        found |= paths
        if not paths:
            break
        reached = set()
    return found


def effects_of(file: File, world: World) -> dict[str, str]:
    """What each function of a file does with its parameters, by the name that callers write.

    What frameworks call by itself, and a class's own body where a library gives it a meaning, is an effect of the class.
    """
    found: dict[str, set[str]] = {}
    module = world.module(file)
    for function in module.defined:
        said = list(map(_text, _said(world.generic(function))))
        for name in _names(function):
            found.setdefault(name, set()).update(said)
    for owner in module.classes:
        if owner.order()[1]:
            found.setdefault(owner.node.name, set()).update(_body(owner))
    return {name: _digest(said) for name, said in found.items()}


def _names(function: Function) -> Iterable[str]:
    """The names under which callers reach a function: of a method that nobody writes, its class."""
    name, owner = function.name.rpartition(".")[2], function.owner
    if owner is not None and (name[:2] == "__" or _is_called_by_library(owner)):
        yield owner.node.name
    if len(name) > 2 and name[:2] != "__" and name != "<lambda>":
        yield name


def _is_called_by_library(owner: Class) -> bool:
    """Whether a library calls methods of a class by themselves, as it does those of serializers and managers."""
    return any(not name.startswith(_OWN_CALLS) for name in owner.order()[1])


def _body(owner: Class) -> Iterable[str]:
    """What the body of a class says beside its methods."""
    for item in owner.node.body:
        if isinstance(item, ast.Assign | ast.AnnAssign | ast.ClassDef):
            yield "".join(owner.file.segment(item).split())


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
    return said | set(_asked(summary))


def _asked(summary: Summary) -> Iterable[tuple[object, ...]]:
    """What it asks of databases, about rows that it is given or anew for each caller, and which rows it gives back."""
    for query in summary.queries:
        row = query.row
        if row is not None and row.symbol is not None:
            repeated = query.loop is not None
            yield (query.kind, query.how, *_source(row.symbol), row.path, query.name, repeated)
        elif query.loop is None:
            yield (query.kind, query.how, query.name, _class_name(query.rows))
    for value in (summary.returns, summary.returns.rest) if summary.returns is not None else ():
        record = value.record if value is not None else None
        rows = record.rows if isinstance(record, Row) else record
        if isinstance(rows, Rows):
            yield ("gives", _class_name(rows), tuple(sorted(rows.loaded)), rows.limit, rows.values)


def _class_name(rows: Rows | None) -> str:
    return str(rows.type.name if isinstance(rows.type, Class) else rows.type) if rows is not None else ""


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
    """The files that hold one of these names as a word; of many the first, in the order of their paths.

    Those too that render a template which holds one.
    """
    words = b"|".join(re.escape(name.encode()) for name in sorted(names))
    pattern = re.compile(rb"\b(?:" + words + rb")\b")
    found: list[str] = []
    for path in project.tree.paths():
        if _is_followed(path) and len(found) < MAX_CALLERS and _holds(project, path, pattern.search):
            found.append(path)
    templates = mentioning_templates(project, pattern)
    rendering = sorted(_followed(renderers(project, templates)) - set(found)) if templates else []
    return {*found, *rendering[:MAX_CALLERS]}


def _holds(project: Project, path: str, search: Callable[[bytes], object]) -> bool:
    try:
        return search(project.tree.read(path)) is not None
    except Unreadable:
        return False


def _followed(paths: Iterable[str]) -> set[str]:
    return set(filter(_is_followed, paths))


def _is_followed(path: str) -> bool:
    return path.endswith(".py") and role_of(path) in RUNNING
