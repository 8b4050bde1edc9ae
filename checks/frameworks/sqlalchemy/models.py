"""Models of SQLAlchemy and Flask-SQLAlchemy: the classes that it maps, with what they inherit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.frameworks.sqlalchemy.declarations import SqlColumn, SqlProxy, SqlRelation, declared, last
from checks.semantics.definitions import bases, definition, origin
from checks.semantics.nodes import descendants
from checks.semantics.source import File

__all__ = ["SqlColumn", "SqlModel", "SqlProxy", "SqlRelation", "sql_model_named", "sql_model_of"]

_BASES = (".DeclarativeBase", ".declarative_base", ".Model", ".SQLModel", ".DeclarativeBaseNoMeta")
_PACKAGES = ("sqlalchemy.", "flask_sqlalchemy.", "flask_appbuilder.", "sqlmodel.")
_MAPPING = frozenset({"as_declarative", "mapped", "mapped_as_dataclass"})
_CAPITAL = re.compile(r"((?<=[a-z0-9])[A-Z]|(?!^)[A-Z](?=[a-z]))")


@dataclass(frozen=True, slots=True)
class SqlModel:
    """A mapped class: `name` its dotted name; columns, relations and proxies with those of the classes above.

    `tables` are its own table and those of the models that it derives from, `above` these models. `pointed` are the
    tables that its foreign keys name.
    """

    name: str
    table: str
    path: str
    columns: Mapping[str, SqlColumn]
    relations: Mapping[str, SqlRelation]
    proxies: Mapping[str, SqlProxy]
    tables: frozenset[str] = frozenset()
    above: tuple[str, ...] = ()
    pointed: frozenset[str] = frozenset()

    @property
    def short(self) -> str:
        """The class's own name."""
        return self.name.rpartition(".")[2]


def sql_model_of(node: ast.ClassDef, file: File) -> SqlModel | None:
    """The model that a class maps, `None` where it maps none; base classes are followed into other files."""
    return file.once(("sql-model", node), lambda: _model(node, file))


def sql_model_named(name: str, file: File) -> SqlModel | None:
    """The model that a file means by a name: its own or imported, else one of that name elsewhere in the project."""
    return file.once(("sql-model-named", name), lambda: next(_named(name, file), None))


def _named(name: str, file: File) -> Iterator[SqlModel]:
    for full in (name,) if "." in name else (f"{file.module}.{name}",):
        found = definition(full, file)
        if found is not None and isinstance(found[0], ast.ClassDef):
            model = sql_model_of(found[0], found[1])
            if model is not None:
                yield model
    short = name.rpartition(".")[2]
    if not short.isidentifier():
        return
    paths = file.project.mentioning((f"class {short}(",), ".py")
    for path in sorted(paths, key=lambda path: (-_nearness(path, file.path), path)):
        home = file.project.file(path)
        bound = home.names.bindings(home.tree).get(short) if home is not None else None
        if home is not None and bound is not None and isinstance(bound.node, ast.ClassDef):
            model = sql_model_of(bound.node, home)
            if model is not None:
                yield model


def _nearness(path: str, other: str) -> int:
    """How many folders two files share."""
    count = 0
    for one, same in zip(path.split("/")[:-1], other.split("/")[:-1], strict=False):
        if one != same:
            break
        count += 1
    return count


def _model(node: ast.ClassDef, file: File) -> SqlModel | None:
    if not _is_derived(node, file):
        return None
    above = list(bases(node, file))
    columns: dict[str, SqlColumn] = {}
    relations: dict[str, SqlRelation] = {}
    proxies: dict[str, SqlProxy] = {}
    pointed: set[str] = set()
    owners = [(owner, home) for _, owner, home in reversed(above) if owner is not None]
    for owner, home in (*owners, (node, file)):
        for found in declared(owner, home):
            for known in (columns, relations, proxies):
                known.pop(found.name, None)
            if isinstance(found, SqlColumn):
                columns[found.name] = found
            elif isinstance(found, SqlRelation):
                relations[found.name] = found
            else:
                proxies[found.name] = found
        pointed.update(_constraints(owner, home))
    pointed.update(table_of(column.foreign_key) for column in columns.values() if column.foreign_key)
    mapped = [(owner, home) for owner, home in owners if _is_derived(owner, home)]
    tables = {name for owner, home in (*mapped, (node, file)) for name in (owner.name, _table(owner, home))}
    table = _table(node, file)
    return SqlModel(
        f"{file.module}.{node.name}",
        table,
        file.path,
        columns,
        relations,
        proxies,
        frozenset(tables),
        tuple(f"{home.module}.{owner.name}" for owner, home in mapped),
        frozenset(pointed),
    )


def _is_derived(node: ast.ClassDef, file: File) -> bool:
    """Whether a class is mapped: by what it derives from, or by a decorator of its or of one above."""
    above = list(bases(node, file))
    if any(_is_base(name, found, home) for name, found, home in above):
        return True
    owners = [(node, file), *((found, home) for _, found, home in above if found is not None)]
    return any(_maps(decorator, home) for owner, home in owners for decorator in owner.decorator_list)


def _maps(decorator: ast.expr, file: File) -> bool:
    """`@as_declarative()`, `@registry.mapped`."""
    if last(decorator) not in _MAPPING:
        return False
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return origin(file.resolve(called) or "", file).startswith("sqlalchemy.")


def _is_base(name: str, found: ast.ClassDef | None, file: File) -> bool:
    """Whether a class is what SQLAlchemy derives models from: `db.Model`, `declarative_base()`, `DeclarativeBase`."""
    behind = origin(name, file)
    if found is None and behind.startswith(_PACKAGES) and f".{behind}".endswith(_BASES):
        return True
    return found is None and behind.endswith(("db.Model", "SQLAlchemy.Model"))


def _table(node: ast.ClassDef, file: File) -> str:
    """The table's name: `__tablename__`, the first argument of its `Table`, else as Flask-SQLAlchemy makes it."""
    for item in node.body:
        target = item.targets[0] if isinstance(item, ast.Assign) else getattr(item, "target", None)
        name = getattr(target, "id", "")
        value = getattr(item, "value", None)
        if name == "__table__" and isinstance(value, ast.Call) and value.args:
            value = value.args[0]
        if name in ("__table__", "__tablename__"):
            folded = file.constant(value)
            if folded is not None:
                return str(folded.value)
    return _CAPITAL.sub(r"_\1", node.name).lower().lstrip("_")


def _constraints(node: ast.ClassDef, file: File) -> Iterator[str]:
    """The tables that `ForeignKeyConstraint(["a", "b"], ["orders.a", "orders.b"])` among the arguments names."""
    for item in node.body:
        if isinstance(item, ast.Assign) and getattr(item.targets[0], "id", "") == "__table_args__":
            for inner in descendants(item.value):
                if (
                    isinstance(inner, ast.Call)
                    and last(inner) == "ForeignKeyConstraint"
                    and len(inner.args) > 1
                ):
                    folded = file.constant(inner.args[1])
                    for one in folded.value if folded is not None and isinstance(folded.value, list) else ():
                        yield table_of(str(one))


def table_of(foreign_key: str) -> str:
    """The table, or class, of a column that a foreign key names: `orders` of `public.orders.id`."""
    return foreign_key.rpartition(".")[0].rpartition(".")[2]
