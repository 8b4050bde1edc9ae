"""A model's `Meta`: ordering, indexes, constraints, and what kind of a model it makes."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checks.semantics.source import File

_KINDS = frozenset({"Index", "GinIndex", "GistIndex", "BTreeIndex", "BrinIndex", "HashIndex"})


@dataclass(frozen=True, slots=True)
class Meta:
    """The options of a model. Of `indexes` and `unique` each element names the fields of one, in order."""

    abstract: bool = False
    proxy: bool = False
    managed: bool = True
    app_label: str = ""
    default_related_name: str = ""
    ordering: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()


def meta_of(classes: Iterable[tuple[ast.ClassDef, File]]) -> Meta:
    """The options of a class; what its own `Meta` leaves out is taken from the abstract classes after it in the list.

    Whether it is abstract or a proxy is never inherited.
    """
    given: dict[str, tuple[ast.expr, File]] = {}
    for position, (node, file) in enumerate(classes):
        for name, value in _options(node):
            if name not in given and (position == 0 or name not in ("abstract", "proxy", "managed")):
                given[name] = (value, file)
    return Meta(
        abstract=_flag(given, "abstract", default=False),
        proxy=_flag(given, "proxy", default=False),
        managed=_flag(given, "managed", default=True),
        app_label=next(iter(_texts(given, "app_label")), ""),
        default_related_name=next(iter(_texts(given, "default_related_name")), ""),
        ordering=tuple(_texts(given, "ordering")),
        indexes=(*_together(given, "index_together"), *_listed(given, "indexes", _KINDS)),
        unique=(
            *_together(given, "unique_together"),
            *_listed(given, "constraints", frozenset({"UniqueConstraint"})),
        ),
    )


def _options(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for inner in node.body:
        if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
            for item in inner.body:
                if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
                    yield item.targets[0].id, item.value


def _flag(given: dict[str, tuple[ast.expr, File]], name: str, *, default: bool) -> bool:
    if name not in given:
        return default
    value, file = given[name]
    folded = file.constant(value)
    return folded.value is True if folded is not None else default


def _texts(given: dict[str, tuple[ast.expr, File]], name: str) -> Iterator[str]:
    """The texts of an option; of `F("x").desc()` and `-x` in an ordering, the field with its sign."""
    if name not in given:
        return
    value, file = given[name]
    for item in value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]:
        folded = file.constant(item)
        if folded is not None and isinstance(folded.value, str):
            yield folded.value
        else:
            inner = next((n.value for n in ast.walk(item) if isinstance(n, ast.Constant)), None)
            descending = any(isinstance(n, ast.Attribute) and n.attr == "desc" for n in ast.walk(item))
            if isinstance(inner, str):
                yield f"-{inner}" if descending else inner


def _together(given: dict[str, tuple[ast.expr, File]], name: str) -> Iterator[tuple[str, ...]]:
    """`unique_together`: one list of fields, or a list of such."""
    if name not in given:
        return
    value, file = given[name]
    folded = file.constant(value)
    fields = folded.value if folded is not None else None
    if isinstance(fields, (list, tuple)) and fields and all(isinstance(one, str) for one in fields):
        yield tuple(str(one) for one in fields)
    elif isinstance(fields, (list, tuple)):
        for one in fields:
            if isinstance(one, (list, tuple)):
                yield tuple(str(name) for name in one)


def _listed(
    given: dict[str, tuple[ast.expr, File]], name: str, kinds: frozenset[str]
) -> Iterator[tuple[str, ...]]:
    """The fields of `Index(fields=[...])` and `UniqueConstraint(fields=[...])`; those with a condition don't count."""
    value, file = given.get(name, (None, None))
    for item in value.elts if isinstance(value, (ast.List, ast.Tuple)) else []:
        if not isinstance(item, ast.Call) or file is None:
            continue
        words = {keyword.arg: keyword.value for keyword in item.keywords}
        if (file.resolve(item.func) or "").rpartition(".")[2] not in kinds or "condition" in words:
            continue
        folded = file.constant(words.get("fields"))
        if folded is not None and isinstance(folded.value, (list, tuple)):
            yield tuple(str(one).removeprefix("-") for one in folded.value)
