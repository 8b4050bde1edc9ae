"""Django's models: which classes are models, and their fields."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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
    abstract: bool


def model_of(node: ast.ClassDef, file: File) -> Model | None:
    """The model that a class defines, `None` when it is none; base classes are followed into other files."""
    if not node.bases or not _is_model(node, file, _DEPTH):
        return None
    return Model(node.name, node, tuple(_fields(node, file)), _is_abstract(node))


def _is_model(node: ast.ClassDef, file: File, depth: int) -> bool:
    return any(_is_model_base(base, file, depth) for base in node.bases)


def _is_model_base(base: ast.expr, file: File, depth: int) -> bool:
    name = file.resolve(base)
    if name is None or depth <= 0:
        return False
    if name in _ROOTS:
        return True
    found = find_class(name, file)
    return found is not None and _is_model(*found, depth - 1)


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


def _is_abstract(node: ast.ClassDef) -> bool:
    for inner in node.body:
        if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
            for statement in inner.body:
                if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
                    names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
                    if "abstract" in names:
                        return statement.value.value is True
    return False
