"""What Django makes of a project's models: all fields with those inherited, relations to other models, both ways.

Everything here is plain data without nodes, so that it is computed once a tree.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from checks.frameworks.django.meta import Meta, meta_of
from checks.frameworks.django.models import Field, fields_of, model_of
from checks.frameworks.drf.settings import SETTINGS_FILES
from checks.frameworks.homes import at_home, home_of
from checks.semantics.definitions import bases, definition, origin
from checks.semantics.source import File, Project

MODEL_FILES = ("models.py", "_models.py", "/models/*.py")

_TO_ONE = frozenset({"ForeignKey", "OneToOneField", "ParentalKey", "TreeForeignKey"})
_TO_MANY = frozenset(
    {"GenericRelation", "ManyToManyField", "ParentalManyToManyField", "SortedManyToManyField"}
)
_ONE_SIDED = frozenset({"GenericForeignKey", "GenericRelation"})
_PRIMARY = frozenset({"AutoField", "BigAutoField", "SmallAutoField"})
_USER = frozenset({"django.contrib.auth.get_user_model", "django.contrib.auth.models.User"})
_USER_SETTING = "django.conf.settings.AUTH_USER_MODEL"
_DEFAULT_USER = "auth.User"
_LABEL = re.compile(r"""^\s+label\s*=\s*["'](\w+)["']""", re.MULTILINE)
_USER_MODEL = re.compile(r"""^AUTH_USER_MODEL\s*=\s*["']([\w.]+)["']""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Column:
    """A field of a model: `kind` its class's last name, `dotted` the whole one.

    `to` is the related model, as dotted name of the project's class, else as `app.Model`; `many` tells relations to
    many rows. `source` is the dotted name of the model that declares it.
    """

    name: str
    kind: str
    dotted: str
    source: str
    path: str
    line: int
    null: bool = False
    unique: bool = False
    db_index: bool = False
    primary_key: bool = False
    max_length: int | None = None
    choices: bool = False
    to: str = ""
    many: bool = False
    one_to_one: bool = False
    related_name: str = ""
    through: str = ""

    @property
    def indexed(self) -> bool:
        """Whether the database finds rows by this field alone without reading them all."""
        return self.unique or self.db_index or self.primary_key or (bool(self.to) and not self.many)


@dataclass(frozen=True, slots=True)
class Relation:
    """The other end of a relation: by `accessor`, `model` is reached through its `field`, a key unless many to many.

    `path` is the file of that model.
    """

    accessor: str
    model: str
    path: str
    field: str
    many: bool
    by_key: bool = True


@dataclass(frozen=True, slots=True)
class Schema:
    """A model as Django sees it: `name` its dotted name, `label` as in `shop.Order`; `columns` with those inherited.

    `managers` maps names to dotted classes, of a manager made from a queryset to the queryset's. `parents` are models
    with tables of their own (multi-table inheritance).
    """

    name: str
    label: str
    path: str
    columns: Mapping[str, Column]
    meta: Meta
    managers: Mapping[str, str] = field(default_factory=dict)
    parents: tuple[str, ...] = ()

    @property
    def primary_key(self) -> str:
        """The name of the primary key."""
        return next((column.name for column in self.columns.values() if column.primary_key), "id")

    def is_indexed(self, name: str) -> bool:
        """Whether rows are found by a field: its own index, or one of the model's that begins with it."""
        column = self.columns.get(name)
        if name in ("pk", self.primary_key) or (column is not None and column.indexed):
            return True
        bare = name.removesuffix("_id")
        if bare in self.columns and self.columns[bare].indexed:
            return True
        return any(names and names[0] == name for names in (*self.meta.indexes, *self.meta.unique))


def schema_of(node: ast.ClassDef, file: File) -> Schema | None:
    """The schema of a class, `None` when it is no model."""
    return file.once(("schema", node), lambda: _schema(node, file))


def schema_named(name: str, file: File) -> Schema | None:
    """The schema of a model by its dotted name or its label (`shop.Order`), as a file may call it."""
    found = definition(name, file)
    if found is None or not isinstance(found[0], ast.ClassDef):
        found = _labelled(name, file)
    return schema_of(found[0], found[1]) if found is not None and isinstance(found[0], ast.ClassDef) else None


def relations_to(schema: Schema, project: Project) -> Mapping[str, Relation]:
    """The accessors by which other models are reached from a model: `order_set`, or what `related_name` says."""
    return project.once(f"relations:{schema.path}:{schema.name}", lambda: dict(_relations(schema, project)))


def relations_to_library(name: str, label: str, project: Project) -> Mapping[str, Relation]:
    """The same for a model of a library, by its dotted name and its label: `auth.User`."""
    return project.once(
        f"relations:{name}", lambda: dict(_relations_to((name, label), _mentioning(name, label, project)))
    )


def children_of(schema: Schema, project: Project) -> Mapping[str, str]:
    """The models that add a table to a model's, by the accessor that leads to them."""
    return project.once(f"children:{schema.path}:{schema.name}", lambda: dict(_children(schema, project)))


def user_model(project: Project, near: str) -> str:
    """The label of the model of users where the file `near` belongs: `auth.User` unless the settings name another."""
    home = home_of(near, project)
    return project.once(f"user-model:{home}", lambda: _user_model(project, home))


def app_label(file: File) -> str:
    """The label of the application that a file of models belongs to."""
    parts = file.path.removesuffix(".py").split("/")
    folders = parts[:-1]
    if "models" in folders:
        folders = folders[: folders.index("models")]
    apps = file.project.file("/".join([*folders, "apps.py"]))
    named = _LABEL.search(apps.text) if apps is not None else None
    return named[1] if named is not None else (folders[-1] if folders else "")


def _schema(node: ast.ClassDef, file: File) -> Schema | None:
    model = model_of(node, file)
    if model is None:
        return None
    name = f"{file.module}.{node.name}"
    columns: dict[str, Column] = {}
    managers: dict[str, str] = {}
    parents: list[str] = []
    above = [(base, home) for _, base, home in bases(node, file) if base is not None]
    for base, home in reversed(above):
        columns.update(_columns(base, home, node, file))
        managers.update(_managers(base, home))
        inherited = model_of(base, home)
        if inherited is not None and not inherited.abstract and base in _direct(node, file):
            parents.append(f"{home.module}.{base.name}")
    columns.update(_columns(node, file, node, file))
    managers.update(_managers(node, file))
    meta = meta_of([(node, file), *above])
    label = f"{meta.app_label or app_label(file)}.{node.name}"
    return Schema(name, label, file.path, columns, meta, managers, tuple(parents) if not meta.proxy else ())


def _direct(node: ast.ClassDef, file: File) -> list[ast.AST]:
    found = (definition(file.resolve(base) or "", file) for base in node.bases)
    return [one[0] for one in found if one is not None]


def _columns(node: ast.ClassDef, home: File, owner: ast.ClassDef, file: File) -> Iterator[tuple[str, Column]]:
    """The columns that a class declares; `self` in them is the model that inherits them."""
    for declared in fields_of(node, home):
        yield (
            declared.name,
            _column(declared, f"{home.module}.{node.name}", home, f"{file.module}.{owner.name}"),
        )


def _column(declared: Field, source: str, file: File, owner: str) -> Column:
    many, one = declared.kind in _TO_MANY, declared.kind.endswith("OneToOneField")
    related = many or declared.kind in _TO_ONE or declared.kind.endswith(("ForeignKey", "OneToOneField"))
    loose = declared.kind == "GenericForeignKey"
    target = declared.argument("to") or (declared.call.args[0] if declared.call.args else None)
    length = file.constant(declared.argument("max_length"))
    name = file.constant(declared.argument("related_name"))
    through = declared.argument("through")
    primary = _is_true(declared, "primary_key", file) or declared.kind in _PRIMARY
    return Column(
        name=declared.name,
        kind=declared.kind,
        dotted=declared.dotted,
        source=source,
        path=file.path,
        line=declared.node.lineno,
        null=_is_true(declared, "null", file),
        unique=_is_true(declared, "unique", file) or primary or one,
        db_index=_is_true(declared, "db_index", file) or declared.kind == "SlugField",
        primary_key=primary,
        max_length=length.value if length is not None and isinstance(length.value, int) else None,
        choices=declared.argument("choices") is not None,
        to=_target(target, file, owner) if related and target is not None and not loose else "",
        many=many,
        one_to_one=one,
        related_name=name.value if name is not None and isinstance(name.value, str) else "",
        through=_target(through, file, owner) if through is not None else "",
    )


def _is_true(declared: Field, name: str, file: File) -> bool:
    folded = file.constant(declared.argument(name))
    return folded is not None and folded.value is True


def _target(node: ast.expr, file: File, owner: str) -> str:
    """The model that a relation names: a class, `"self"`, `"Order"`, `"shop.Order"`, the setting for users."""
    if isinstance(node, ast.Call):
        node = node.func
    name = file.resolve(node)
    if name in (_USER_SETTING, *_USER) or (name or "").endswith(".AUTH_USER_MODEL"):
        return _by_label(user_model(file.project, file.path), file)
    if name is not None:
        found = definition(name, file)
        return f"{found[1].module}.{name.rpartition('.')[2]}" if found is not None else origin(name, file)
    folded = file.constant(node)
    if folded is None or not isinstance(folded.value, str):
        return ""
    text = folded.value
    if text == "self":
        return owner
    return _by_label(text if "." in text else f"{app_label(file)}.{text}", file)


def _by_label(label: str, file: File) -> str:
    found = _labelled(label, file)
    if found is None or not isinstance(found[0], ast.ClassDef):
        return label
    return f"{found[1].module}.{found[0].name}"


def _labelled(label: str, file: File) -> tuple[ast.AST, File] | None:
    """The class of a model by its label: one of that name in the models of the application."""
    app, _, name = label.rpartition(".")
    if not app:
        return None
    own = file.names.bindings(file.tree).get(name)
    if own is not None and own.kind == "definition" and own.node is not None and app == app_label(file):
        return own.node, file
    for path in file.project.mentioning((f"class {name}(",), *MODEL_FILES):
        home = file.project.file(path)
        bound = home.names.bindings(home.tree).get(name) if home is not None else None
        if home is None or bound is None or bound.kind != "definition" or bound.node is None:
            continue
        if app == app_label(home) or app == _own_label(bound.node, home):
            return bound.node, home
    return None


def _own_label(node: ast.AST, file: File) -> str:
    return meta_of([(node, file)]).app_label if isinstance(node, ast.ClassDef) else ""


def _managers(node: ast.ClassDef, file: File) -> Iterator[tuple[str, str]]:
    """`objects = OrderManager()`, `Orders.as_manager()`, `Manager.from_queryset(Orders)()`."""
    for item in node.body:
        if not isinstance(item, (ast.Assign, ast.AnnAssign)) or not isinstance(item.value, ast.Call):
            continue
        target = item.targets[0] if isinstance(item, ast.Assign) else item.target
        kind = _manager(item.value, file)
        if isinstance(target, ast.Name) and kind:
            yield target.id, kind


def _manager(call: ast.Call, file: File) -> str:
    called = call.func
    if isinstance(called, ast.Attribute) and called.attr == "as_manager":
        return file.resolve(called.value) or ""
    made = file.names.value(called)
    if (
        isinstance(made, ast.Call)
        and isinstance(made.func, ast.Attribute)
        and made.func.attr == "from_queryset"
    ):
        return file.resolve(made.args[0]) or "" if made.args else ""
    name = file.resolve(called) or ""
    found = definition(name, file) if name else None
    if found is not None and isinstance(found[0], ast.ClassDef):
        above = [base for base, _, _ in bases(found[0], found[1])]
        return name if any(base.endswith("Manager") for base in above) or name.endswith("Manager") else ""
    return name if name.endswith("Manager") else ""


def _others(schema: Schema, project: Project) -> Iterator[Schema]:
    return _mentioning(schema.name, schema.label, project, schema.path)


def _mentioning(name: str, label: str, project: Project, *more: str) -> Iterator[Schema]:
    """The models whose files mention a model, and those of more files."""
    short = name.rpartition(".")[2]
    is_user = label == user_model(project, more[0] if more else "")
    words = (short, "AUTH_USER_MODEL", "get_user_model") if is_user else (short,)
    for path in dict.fromkeys((*project.mentioning(words, *MODEL_FILES), *more)):
        file = project.file(path)
        for node in file.tree.body if file is not None else ():
            other = schema_of(node, file) if isinstance(node, ast.ClassDef) and file is not None else None
            if other is not None and not other.meta.abstract:
                yield other


def _relations(schema: Schema, project: Project) -> Iterator[tuple[str, Relation]]:
    return _relations_to((schema.name, schema.label, *schema.parents), _others(schema, project))


def _relations_to(names: tuple[str, ...], others: Iterable[Schema]) -> Iterator[tuple[str, Relation]]:
    for other in others:
        for column in other.columns.values():
            if column.to and column.to in names:
                relation = _reverse(column, other)
                if relation is not None:
                    yield relation.accessor, relation


def _children(schema: Schema, project: Project) -> Iterator[tuple[str, str]]:
    for other in _others(schema, project):
        if schema.name in other.parents:
            yield other.name.rpartition(".")[2].lower(), other.name


def _reverse(column: Column, other: Schema) -> Relation | None:
    """The other end of a field; none where its `related_name` ends in `+`."""
    if column.related_name.endswith("+") or column.kind in _ONE_SIDED:
        return None
    short = other.name.rpartition(".")[2].lower()
    given = column.related_name or other.meta.default_related_name
    accessor = given or (short if column.one_to_one else f"{short}_set")
    app = other.label.partition(".")[0]
    accessor = accessor.replace("%(class)s", short).replace("%(app_label)s", app)
    return Relation(
        accessor, other.name, other.path, column.name, not column.one_to_one, by_key=not column.many
    )


def _user_model(project: Project, home: str) -> str:
    for path in at_home(project.mentioning(("AUTH_USER_MODEL",), *SETTINGS_FILES), home, project):
        file = project.file(path)
        named = _USER_MODEL.search(file.text) if file is not None else None
        if named is not None:
            return named[1]
    return _DEFAULT_USER
