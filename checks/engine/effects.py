"""What the functions of a file do to their callers, so that a review finds the callers that a change reaches."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Mapping

from checks.semantics.interpret.frame import Summary
from checks.semantics.interpret.targets import Class, Function, Parameter
from checks.semantics.interpret.world import World
from checks.semantics.rows import Row, Rows
from checks.semantics.source import File
from checks.semantics.taints import Taint
from checks.semantics.values import all_taints

_HANDLERS = frozenset(
    {
        "delete", "dispatch", "form_invalid", "form_valid", "get", "get_context_data", "get_form", "get_form_kwargs",
        "get_object", "get_queryset", "get_serializer_class", "get_serializer_context", "head", "list", "options",
        "partial_update", "patch", "perform_create", "perform_destroy", "perform_update", "post", "put", "retrieve",
        "setup", "to_internal_value", "to_representation", "update", "validate",
    }
)  # fmt: skip
"""Methods that frameworks call, whatever class brings them."""
_OWN_CALLS = ("builtins.", "django.db.models.Model", "django.db.models.base.", "enum.", "typing.", "abc.")
"""The beginnings of names of classes whose methods are called by those who write their names."""

Effects = Mapping[str, str]
"""By the qualified name of a function or class, a digest of what it does to its callers."""


def effects_of(file: File, world: World) -> dict[str, str]:
    """What each function of a file does with its parameters, by its name within the module.

    What frameworks call, and a class's own body where a library gives it a meaning, is an effect of the class.
    """
    found: dict[str, set[str]] = {}
    module = world.module(file)
    for function in module.defined:
        said = list(map(_text, _said(world.generic(function))))
        for name in _names(function, world):
            found.setdefault(name, set()).update(said)
    for owner in module.classes:
        if owner.order()[1]:
            found.setdefault(owner.node.name, set()).update(_body(owner))
    return {name: _digest(said) for name, said in found.items()}


def _names(function: Function, world: World) -> Iterable[str]:
    """The names under which callers reach a function: of a method that a library calls, its class."""
    name, owner = function.name.rpartition(".")[2], function.owner
    libraries = _calling(owner) if owner is not None else ()
    if owner is not None and (name[:2] == "__" or libraries):
        yield owner.node.name
    if len(name) <= 2 or name[:2] == "__" or name == "<lambda>":
        return
    if owner is None:
        yield name
    elif name not in _HANDLERS and not any(world.knowledge.member(one, name) for one in libraries):
        yield f"{owner.node.name}.{name}"


def _calling(owner: Class) -> list[str]:
    """The classes of libraries above a class that call methods of it, as those of serializers and managers do."""
    return [name for name in owner.order()[1] if not name.startswith(_OWN_CALLS)]


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
