"""Django's models: which classes are models, and their fields."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from checks.semantics.source import File

_ROOTS = frozenset(
    {
        "django.contrib.auth.base_user.AbstractBaseUser",
        "django.contrib.auth.models.AbstractBaseUser",
        "django.contrib.auth.models.AbstractUser",
        "django.contrib.gis.db.models.Model",
        "django.db.models.Model",
        "django.db.models.base.Model",
        "model_utils.models.StatusModel",
        "model_utils.models.TimeStampedModel",
        "mptt.models.MPTTModel",
        "polymorphic.models.PolymorphicModel",
        "treebeard.mp_tree.MP_Node",
        "wagtail.models.Page",
    }
)
_FIELD_MODULES = ("django.db.models.", "django.contrib.postgres.fields.", "django.contrib.gis.db.models.")
_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a model: `kind` is its class's last name (`CharField`), `dotted` the whole one."""

    name: str
    kind: str
    dotted: str
    call: ast.Call
    node: ast.stmt

    def argument(self, keyword: str) -> ast.expr | None:
        """The value of a keyword argument of the field."""
        return next((given.value for given in self.call.keywords if given.arg == keyword), None)


@dataclass(frozen=True, slots=True)
class Model:
    """A model: its class, and the fields that the class itself declares."""

    name: str
    node: ast.ClassDef
    fields: tuple[Field, ...]

    @property
    def abstract(self) -> bool:
        """Whether the class is a base for models, without a table of its own."""
        return _constant(self.option("abstract")) is True

    @property
    def managed(self) -> bool:
        """Whether Django makes and changes the table."""
        return _constant(self.option("managed")) is not False

    def option(self, name: str) -> ast.expr | None:
        """The value of an option in the model's own `Meta`, `None` when it is not given there."""
        for inner in self.node.body:
            if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
                for statement in inner.body:
                    if isinstance(statement, ast.Assign) and any(
                        isinstance(target, ast.Name) and target.id == name for target in statement.targets
                    ):
                        return statement.value
        return None


def model_of(node: ast.ClassDef, file: File) -> Model | None:
    """The model that a class defines, `None` when it is none; base classes are followed into other files."""
    if not node.bases or not _is_model(node, file, _DEPTH):
        return None
    return Model(node.name, node, tuple(_fields(node, file)))


def _is_model(node: ast.ClassDef, file: File, depth: int) -> bool:
    return any(_descends(base, _ROOTS, file, depth) for base in node.bases)


def inherits(name: str, ancestors: Collection[str], file: File, depth: int = _DEPTH) -> bool:
    """Whether the class of a dotted name is one of these or inherits from one, in whatever files of the project."""
    if name in ancestors:
        return True
    found = find_class(name, file) if depth > 0 else None
    return found is not None and any(
        _descends(base, ancestors, found[1], depth - 1) for base in found[0].bases
    )


def lineage(name: str, file: File, depth: int = _DEPTH) -> Iterator[tuple[ast.ClassDef, File]]:
    """The class of a dotted name and those that it inherits from, nearest first, as far as the project defines them."""
    found = find_class(name, file) if depth > 0 else None
    if found is None:
        return
    yield found
    for base in found[0].bases:
        above = found[1].resolve(base)
        if above is not None:
            yield from lineage(above, found[1], depth - 1)


def _descends(base: ast.expr, ancestors: Collection[str], file: File, depth: int) -> bool:
    outer = base.value if isinstance(base, ast.Subscript) else base
    name = file.resolve(outer)
    return name is not None and inherits(name, ancestors, file, depth)


def find_class(name: str, file: File, depth: int = _DEPTH) -> tuple[ast.ClassDef, File] | None:
    """The class of a dotted name and the file that defines it, re-exports followed."""
    module, _, last = name.rpartition(".")
    if not module or depth <= 0:
        return None
    home = file if module == file.module else file.project.module(module, file.path)
    if home is None:
        return None
    binding = home.names.bindings(home.tree).get(last)
    if binding is None:
        return None
    if binding.kind == "import" and binding.target != name:
        return find_class(binding.target, home, depth - 1)
    return (binding.node, home) if isinstance(binding.node, ast.ClassDef) else None


def _fields(node: ast.ClassDef, file: File) -> Iterator[Field]:
    for statement in node.body:
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or not isinstance(
            statement.value, ast.Call
        ):
            continue
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        dotted = file.resolve(statement.value.func)
        if isinstance(target, ast.Name) and dotted is not None:
            kind = dotted.rpartition(".")[2]
            if dotted.startswith(_FIELD_MODULES) or kind.endswith(("Field", "ForeignKey")):
                yield Field(target.id, kind, dotted, statement.value, statement)


def _constant(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None
