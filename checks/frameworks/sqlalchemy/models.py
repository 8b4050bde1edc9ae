"""Models of SQLAlchemy and Flask-SQLAlchemy: `Column` and `relationship`, `Mapped` and `mapped_column`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.semantics.definitions import bases, definition, origin
from checks.semantics.source import File

_BASES = (".DeclarativeBase", ".declarative_base", ".Model", ".SQLModel", ".DeclarativeBaseNoMeta")
_PACKAGES = ("sqlalchemy.", "flask_sqlalchemy.", "flask_appbuilder.", "sqlmodel.")
_COLUMNS = frozenset({"Column", "mapped_column", "Field"})
_RELATIONS = frozenset({"relationship", "dynamic_loader", "relation"})
_LAZY = ("select", "joined", "subquery", "selectin", "dynamic", "raise", "noload", "write_only", "immediate")
_MANY = frozenset({"list", "List", "set", "Set", "Sequence", "WriteOnlyMapped", "DynamicMapped"})


@dataclass(frozen=True, slots=True)
class SqlColumn:
    """A column: `kind` its type's last name (`String`); `foreign_key` as in `orders.id`, empty where it is none."""

    name: str
    kind: str
    line: int
    nullable: bool
    unique: bool
    index: bool
    primary_key: bool
    length: int | None
    foreign_key: str

    @property
    def indexed(self) -> bool:
        """Whether rows are found by this column without reading them all; a foreign key alone makes no index."""
        return self.unique or self.index or self.primary_key


@dataclass(frozen=True, slots=True)
class SqlRelation:
    """A relation to another model: `target` is the class's name as given, `lazy` how it is loaded.

    `other` is the attribute by which the other side leads back, given by `backref` or `back_populates`.
    """

    name: str
    target: str
    line: int
    lazy: str
    other: str
    many: bool | None


@dataclass(frozen=True, slots=True)
class SqlModel:
    """A mapped class: `name` its dotted name; columns and relations with those of the classes above."""

    name: str
    table: str
    path: str
    columns: Mapping[str, SqlColumn]
    relations: Mapping[str, SqlRelation]


def sql_model_of(node: ast.ClassDef, file: File) -> SqlModel | None:
    """The model that a class maps, `None` where it maps none; base classes are followed into other files."""
    return file.once(("sql-model", node), lambda: _model(node, file))


def _model(node: ast.ClassDef, file: File) -> SqlModel | None:
    above = list(bases(node, file))
    if not any(_is_base(name, found, home) for name, found, home in above):
        return None
    columns: dict[str, SqlColumn] = {}
    relations: dict[str, SqlRelation] = {}
    table = ""
    for owner, home in (
        *reversed([(found, home) for _, found, home in above if found is not None]),
        (node, file),
    ):
        for name, call, hint, item in _attributes(owner):
            word = _word(call, hint, home)
            if word in _COLUMNS:
                columns[name] = _column(name, call, hint, item, home)
            elif word in _RELATIONS and call is not None:
                relations[name] = _relation(name, call, hint, item, home)
    for item in node.body:
        if isinstance(item, ast.Assign) and getattr(item.targets[0], "id", "") == "__tablename__":
            folded = file.constant(item.value)
            table = str(folded.value) if folded is not None else ""
    return SqlModel(f"{file.module}.{node.name}", table or node.name.lower(), file.path, columns, relations)


def _is_base(name: str, found: ast.ClassDef | None, file: File) -> bool:
    """Whether a class is what SQLAlchemy derives models from: `db.Model`, `declarative_base()`, `DeclarativeBase`."""
    behind = origin(name, file)
    if found is None and behind.startswith(_PACKAGES) and f".{behind}".endswith(_BASES):
        return True
    return found is None and behind.endswith(("db.Model", "SQLAlchemy.Model"))


def _word(call: ast.Call | None, hint: ast.expr | None, file: File) -> str:
    """What an attribute is made by; `name: Mapped[str]` alone is a column, and `Mapped["Order"]` is none."""
    if call is not None:
        return (file.resolve(call.func) or _last(call.func)).rpartition(".")[2]
    inner = _inner(hint) if hint is not None else None
    return "mapped_column" if inner is not None and not isinstance(inner, ast.Constant) else ""


def _attributes(node: ast.ClassDef) -> Iterator[tuple[str, ast.Call | None, ast.expr | None, ast.stmt]]:
    for item in node.body:
        if isinstance(item, ast.Assign) and isinstance(item.value, ast.Call):
            if isinstance(item.targets[0], ast.Name):
                yield item.targets[0].id, item.value, None, item
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            if item.value is None or isinstance(item.value, ast.Call):
                yield item.target.id, item.value, item.annotation, item


def _column(name: str, call: ast.Call | None, hint: ast.expr | None, item: ast.stmt, file: File) -> SqlColumn:
    words = {keyword.arg: keyword.value for keyword in call.keywords} if call is not None else {}
    kinds = [value for value in call.args if not isinstance(value, ast.Constant)] if call is not None else []
    foreign = next((value for value in kinds if _last(value) == "ForeignKey"), None)
    kind = next((value for value in kinds if _last(value) != "ForeignKey"), None)
    sized = kind.args[0] if isinstance(kind, ast.Call) and kind.args else words.get("max_length")
    length = file.constant(sized)
    inner = _inner(hint) if hint is not None else None
    nullable = file.constant(words.get("nullable"))
    primary = _is_true(words.get("primary_key"), file)
    optional = inner is None or _may_be_none(inner)
    return SqlColumn(
        name=name,
        kind=_last(kind) if kind is not None else _last(inner) if inner is not None else "",
        line=item.lineno,
        nullable=bool(nullable.value) if nullable is not None else optional and not primary,
        unique=_is_true(words.get("unique"), file),
        index=_is_true(words.get("index"), file),
        primary_key=primary,
        length=length.value if length is not None and isinstance(length.value, int) else None,
        foreign_key=_foreign_key(foreign, words.get("foreign_key"), file),
    )


def _foreign_key(call: ast.expr | None, given: ast.expr | None, file: File) -> str:
    target = call.args[0] if isinstance(call, ast.Call) and call.args else given
    folded = file.constant(target)
    if folded is not None:
        return str(folded.value)
    return (file.resolve(target) or "") if target is not None else ""


def _relation(name: str, call: ast.Call, hint: ast.expr | None, item: ast.stmt, file: File) -> SqlRelation:
    words = {keyword.arg: keyword.value for keyword in call.keywords}
    inner = _inner(hint) if hint is not None else None
    target = call.args[0] if call.args else words.get("argument")
    listed = isinstance(inner, ast.Subscript) and _last(inner.value) in _MANY
    folded_many = file.constant(words.get("uselist"))
    many = listed if inner is not None else bool(folded_many.value) if folded_many is not None else None
    if target is None and inner is not None:
        target = inner.slice if isinstance(inner, ast.Subscript) else inner
    lazy = file.constant(words.get("lazy"))
    back = words.get("back_populates") or words.get("backref")
    if isinstance(back, ast.Call) and back.args:
        back = back.args[0]
    other = file.constant(back)
    return SqlRelation(
        name=name,
        target=_target(target, file),
        line=item.lineno,
        lazy=lazy.value if lazy is not None and lazy.value in _LAZY else "select",
        other=str(other.value) if other is not None else "",
        many=many,
    )


def _target(node: ast.expr | None, file: File) -> str:
    """The class that a relation leads to: by its text, or by the dotted name of the project's class."""
    if node is None:
        return ""
    folded = file.constant(node)
    if folded is not None and isinstance(folded.value, str):
        return folded.value
    if isinstance(node, ast.Lambda):
        node = node.body
    if isinstance(node, ast.BinOp):
        node = node.left
    name = file.resolve(node) or _last(node)
    found = definition(name, file)
    return f"{found[1].module}.{name.rpartition('.')[2]}" if found is not None else name


def _inner(hint: ast.expr) -> ast.expr | None:
    """What stands in `Mapped[...]`, `None` for other hints."""
    if isinstance(hint, ast.Subscript) and _last(hint.value) in (
        "Mapped",
        "WriteOnlyMapped",
        "DynamicMapped",
    ):
        return hint.slice
    return None


def _may_be_none(hint: ast.expr) -> bool:
    if isinstance(hint, ast.BinOp):
        return any(isinstance(side, ast.Constant) and side.value is None for side in (hint.left, hint.right))
    return isinstance(hint, ast.Subscript) and _last(hint.value) == "Optional"


def _is_true(node: ast.expr | None, file: File) -> bool:
    folded = file.constant(node)
    return folded is not None and folded.value is True


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _last(node.func)
    if isinstance(node, ast.Subscript):
        return _last(node.slice if _last(node.value) == "Optional" else node.value)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
