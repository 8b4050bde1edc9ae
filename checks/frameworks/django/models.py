"""Django's models: which classes are models, and their fields."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from checks.semantics.definitions import bases, definition
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
_FIELD_MODULES = (
    "django.db.models.",
    "django.contrib.contenttypes.fields.",
    "django.contrib.postgres.fields.",
    "django.contrib.gis.db.models.",
)


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
    if not any(name in _ROOTS or (found is None and _is_root(name)) for name, found, _ in bases(node, file)):
        return None
    return Model(node.name, node, tuple(fields_of(node, file)))


def _is_root(name: str) -> bool:
    """Whether a class of a library is one of Django's models: by name, or by the module and the name that such have."""
    module, _, last = name.rpartition(".")
    return name in _ROOTS or (last.endswith("Model") and "models" in module.split(".")[1:])


def lineage(name: str, file: File) -> Iterator[tuple[str, ast.ClassDef | None]]:
    """A class and those above it, nearest first: dotted name, and the class where the project defines it."""
    found = definition(name, file)
    node = found[0] if found is not None and isinstance(found[0], ast.ClassDef) else None
    yield name, node
    if found is not None and node is not None:
        yield from ((above, base) for above, base, _ in bases(node, found[1]))


def fields_of(node: ast.ClassDef, file: File) -> Iterator[Field]:
    """The fields that a class declares itself, of a model or of a base that adds some to models."""
    for statement in node.body:
        if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or not isinstance(
            statement.value, ast.Call
        ):
            continue
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        dotted = file.resolve(statement.value.func)
        if isinstance(target, ast.Name) and dotted is not None:
            kind = dotted.rpartition(".")[2]
            if dotted.startswith(_FIELD_MODULES) or kind.endswith(("Field", "Key")):
                yield Field(target.id, kind, dotted, statement.value, statement)


def _constant(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None
