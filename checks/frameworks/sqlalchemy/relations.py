"""What the attributes of SQLAlchemy's rows are: columns, rows of other tables, collections, as the models say."""

from __future__ import annotations

from collections.abc import Mapping

from checks.frameworks.sqlalchemy.links import LIST, Link, backrefs, link_of
from checks.frameworks.sqlalchemy.models import SqlColumn, SqlModel, sql_model_of
from checks.semantics.interpret.frame import Machine
from checks.semantics.interpret.targets import Class
from checks.semantics.rows import Relation

QUERY = "sqlalchemy.orm.Query"
COLLECTION = "sqlalchemy.orm.WriteOnlyCollection"
_EAGER = frozenset({"immediate", "joined", "noload", "raise", "selectin", "subquery"})
_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("BigInteger", "Integer", "SmallInteger", "BIGINT", "INTEGER", "int"), "builtins.int"),
    **dict.fromkeys(("Boolean", "BOOLEAN", "bool"), "builtins.bool"),
    **dict.fromkeys(("Double", "Float", "FLOAT", "REAL", "float"), "builtins.float"),
    **dict.fromkeys(("Decimal", "Numeric", "NUMERIC"), "decimal.Decimal"),
    **dict.fromkeys(("Date", "DATE", "date"), "datetime.date"),
    **dict.fromkeys(("DateTime", "DATETIME", "TIMESTAMP", "datetime"), "datetime.datetime"),
    **dict.fromkeys(("Interval", "timedelta"), "datetime.timedelta"),
    **dict.fromkeys(("Time", "TIME", "time"), "datetime.time"),
    **dict.fromkeys(("UUID", "Uuid"), "uuid.UUID"),
}


def model_of(owner: object) -> SqlModel | None:
    """The model that a class of the project is."""
    return sql_model_of(owner.node, owner.file) if isinstance(owner, Class) else None


def relation(machine: Machine, owner: Class | str, name: str) -> Relation | None:
    """What an attribute of a model's instances is, None where it is no column and no relation."""
    model = model_of(owner)
    if model is None or not isinstance(owner, Class):
        return None
    column = model.columns.get(name)
    if column is not None:
        return Relation("column", _TYPES.get(column.kind))
    link = link_of(model, name, owner.file.project)
    return _relation(machine, owner, model, link) if link is not None else None


def _relation(machine: Machine, owner: Class, model: SqlModel, link: Link) -> Relation:
    target = class_of(machine, link, owner)
    if link.lazy in ("dynamic", "write_only"):
        manager = QUERY if link.lazy == "dynamic" else COLLECTION
        return Relation("many", target, manager=manager, back=link.back)
    eager = link.lazy in _EAGER
    if link.kind == LIST:
        return Relation("list", target, back=link.back, eager=eager)
    if not link.kind:
        return Relation("one", None, null=True, eager=eager)
    columns = [model.columns[column] for column in link.columns if column in model.columns]
    back = "" if link.columns else link.back
    return Relation("one", target, null=_may_be_null(columns), back=back, eager=eager)


def _may_be_null(columns: list[SqlColumn]) -> bool:
    return not columns or any(column.nullable for column in columns)


def class_of(machine: Machine, link: Link, owner: Class) -> Class | None:
    """The class of the rows that an attribute leads to."""
    if not link.model:
        return None
    if (link.model, link.path) == (f"{owner.file.module}.{owner.node.name}", owner.file.path):
        return owner
    near = owner.file.project.file(link.path) or owner.file
    found = machine.imported(link.model, near, None)
    return next((target for target in found.targets if isinstance(target, Class)), None)


def is_attribute(owner: Class, name: str) -> bool:
    """Whether a model's class has a column or relation of a name."""
    model = model_of(owner)
    if model is None:
        return False
    if name in model.columns or name in model.relations:
        return True
    made = backrefs(owner.file.project)
    return any(name in made.get(one, ()) for one in (model.name, *model.above))
