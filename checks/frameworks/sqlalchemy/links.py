"""The relations between models, from both sides: what an attribute leads to, and how it is loaded."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.frameworks.sqlalchemy.models import SqlModel, SqlRelation, sql_model_named, sql_model_of, table_of
from checks.semantics.source import File, Project

ONE, LIST = "one", "list"


@dataclass(frozen=True, slots=True)
class Link:
    """What a relation's attribute leads to.

    `kind` is `one` row or a `list`, empty where only running tells. `model` is the other's dotted name, empty where
    the project has none; `path` its file. `lazy` says how it is loaded, `back` is the attribute that leads back.
    `columns` are the model's own foreign keys to it.
    """

    name: str
    kind: str
    model: str
    path: str
    lazy: str
    back: str
    columns: tuple[str, ...] = ()


def model_at(name: str, path: str, project: Project) -> SqlModel | None:
    """The model of a dotted name in the file at a path."""
    file = project.file(path)
    bound = file.names.bindings(file.tree).get(name.rpartition(".")[2]) if file is not None else None
    if file is None or bound is None or not isinstance(bound.node, ast.ClassDef):
        return None
    return sql_model_of(bound.node, file)


def link_of(model: SqlModel, name: str, project: Project) -> Link | None:
    """What a relation's attribute leads to, declared here or made by another model's `backref`."""
    relation = model.relations.get(name)
    if relation is not None:
        return _declared(model, relation, project)
    if name in model.columns:
        return None
    backs = backrefs(project)
    for owner in (model.name, *model.above):
        found = backs.get(owner, {}).get(name)
        if found is not None:
            return found
    return None


def ones_of(model: SqlModel, project: Project) -> Iterator[Link]:
    """The relations of a model that lead to one other row."""
    made = backrefs(project)
    names = [
        *model.relations,
        *(name for owner in (model.name, *model.above) for name in made.get(owner, ())),
    ]
    for name in dict.fromkeys(names):
        link = link_of(model, name, project)
        if link is not None and link.kind == ONE:
            yield link


def _declared(model: SqlModel, relation: SqlRelation, project: Project) -> Link:
    other = target_of(model, relation, project)
    kind = _kind(model, relation, other)
    columns = tuple(_own_columns(model, relation, other)) if kind == ONE else ()
    return Link(
        relation.name,
        kind,
        other.name if other is not None else "",
        other.path if other is not None else "",
        relation.lazy,
        _back(model, relation, other, kind),
        columns,
    )


def _back(model: SqlModel, relation: SqlRelation, other: SqlModel | None, kind: str) -> str:
    """The attribute by which the others know this row, where the key is theirs."""
    if relation.secondary or other is None or not kind:
        return ""
    if kind == ONE and (model.pointed & other.tables or not other.pointed & model.tables):
        return ""
    return relation.other or _way_back(model, other)


def target_of(model: SqlModel, relation: SqlRelation, project: Project) -> SqlModel | None:
    """The model that a relation leads to."""
    file = project.file(model.path)
    if file is None or not relation.target:
        return None
    if relation.target in (model.short, "self"):
        return model_at(model.name, model.path, project)
    return sql_model_named(relation.target, file)


def _kind(model: SqlModel, relation: SqlRelation, other: SqlModel | None) -> str:
    """Whether a row leads to one other or to many: as it is said, else as the foreign keys have it."""
    if relation.many is not None:
        return LIST if relation.many else ONE
    if relation.secondary or relation.lazy in ("dynamic", "write_only"):
        return LIST
    for name in relation.foreign:
        owner, _, column = name.rpartition(".")
        if other is not None and other.name != model.name:
            if owner and owner in other.tables:
                return LIST
            if (owner and owner in model.tables) or (not owner and column in model.columns):
                return ONE
    mine = other is not None and bool(model.pointed & other.tables)
    theirs = other is not None and bool(other.pointed & model.tables)
    if mine and theirs:
        if other is not None and (other.name == model.name or other.tables & model.tables):
            return _of_itself(model, relation)
        return ""
    if mine or theirs:
        return ONE if mine else LIST
    return ONE if f"{relation.name}_id" in model.columns else ""


def _of_itself(model: SqlModel, relation: SqlRelation) -> str:
    """`remote_side=[id]` makes a tree's node lead to its parent; else it leads to its children."""
    names = [name.rpartition(".")[2] for name in relation.remote]
    keys = [model.columns[name].foreign_key for name in names if name in model.columns]
    if keys:
        return LIST if all(keys) else ONE
    return ONE if relation.remote else LIST


def _own_columns(model: SqlModel, relation: SqlRelation, other: SqlModel | None) -> Iterator[str]:
    """The columns of a row by which it knows the other: one, or those that `foreign_keys` names."""
    named = {name.rpartition(".")[2] for name in relation.foreign}
    pointing = _pointing(model, other)
    chosen = [name for name in pointing if name in named] if named else pointing
    if len(chosen) == 1:
        yield chosen[0]
    elif not pointing and f"{relation.name}_id" in model.columns:
        yield f"{relation.name}_id"


def _pointing(model: SqlModel, other: SqlModel | None) -> list[str]:
    """The columns of a model that are keys of another's rows."""
    if other is None:
        return []
    return [
        column.name
        for column in model.columns.values()
        if column.foreign_key and table_of(column.foreign_key) in other.tables
    ]


def _way_back(model: SqlModel, other: SqlModel | None) -> str:
    """The one attribute of the others by which they know this row, where nothing says that it is the other side."""
    if other is None:
        return ""
    names = [
        relation.name
        for relation in other.relations.values()
        if relation.target.rpartition(".")[2]
        in (model.short, *(one.rpartition(".")[2] for one in model.above))
        and not relation.secondary
        and relation.many is not True
    ]
    return names[0] if len(names) == 1 else ""


def backrefs(project: Project) -> Mapping[str, Mapping[str, Link]]:
    """The attributes that `backref` puts on models of others, by the model's dotted name."""
    return project.once("sqlalchemy-backrefs", lambda: _backrefs(project))


def _backrefs(project: Project) -> dict[str, dict[str, Link]]:
    found: dict[str, dict[str, Link]] = {}
    for path in project.mentioning(("backref",), ".py"):
        file = project.file(path)
        for model in _models(file) if file is not None else ():
            for relation in model.relations.values():
                other = target_of(model, relation, project) if relation.made and relation.other else None
                if other is not None:
                    made = found.setdefault(other.name, {})
                    made.setdefault(relation.other, _made(model, relation, other))
    return found


def _models(file: File) -> Iterator[SqlModel]:
    for node in file.tree.body:
        model = sql_model_of(node, file) if isinstance(node, ast.ClassDef) else None
        if model is not None:
            yield model


def _made(model: SqlModel, relation: SqlRelation, other: SqlModel) -> Link:
    """The other side of a relation, which its `backref` makes."""
    kind = _kind(model, relation, other)
    reverse = {ONE: LIST, LIST: LIST if relation.secondary else ONE}.get(kind, "")
    if relation.made_many is not None:
        reverse = LIST if relation.made_many else ONE
    back = relation.name if kind == ONE else ""
    keys = _pointing(other, model) if kind == LIST and reverse == ONE else []
    columns = tuple(keys) if len(keys) == 1 else ()
    return Link(relation.other, reverse, model.name, model.path, relation.made_lazy, back, columns)
