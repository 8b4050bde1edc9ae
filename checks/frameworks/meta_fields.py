"""Forms and serializers that take all fields of a model, or all but some, and what they let be written by that."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.frameworks.access import words
from checks.frameworks.class_options import names_given
from checks.frameworks.django.schema import Schema, schema_named
from checks.semantics.definitions import bases
from checks.semantics.enclosing import called
from checks.semantics.source import File

# Fields that say who may do what, whose something is, and what it costs.
_AUTHORITY = re.compile(
    r"^is_(admin|manager|moderator|owner|staff|superuser)$|^(groups|permissions|user_permissions)$"
    r"|^([a-z]+_)?(admin|approved|author|creator|owner|paid|submitter|user|verified)$|_by$"
    r"|(^|_)(amount|balance|credits?|discount|price|total)$|(^|_)(api_key|password)$"
)
# As a relation these are things among others, such as the role of a device.
_LEVEL = re.compile(r"(^|_)(roles?|token|secret)$")
_TAKING = frozenset({"create", "partial_update", "patch", "post", "put", "update"})
_WRITING = re.compile(r"(^|\.)((Create|Update)\w*Mixin|ModelViewSet|\w*(Create|Update)\w*APIView)$")
_VALUES = ("Char", "Encrypted", "Integer", "Positive", "Small", "Text")
_READING = frozenset(
    {
        "list",
        "read",
        "readonly",
        "detail",
        "display",
        "export",
        "filter",
        "output",
        "retrieve",
        "search",
        "view",
    }
)


@dataclass(frozen=True, slots=True)
class OpenFields:
    """The option by which a form or serializer takes fields that it doesn't name: `fields` or `exclude`.

    `authority` is the first field among them that not everyone should write, empty where there is none; `known` says
    that the model is in sight.
    """

    node: ast.Assign
    option: str
    authority: str
    known: bool

    @property
    def takes_all(self) -> bool:
        """Whether it takes every field, those that come later as well, not only those that are not left out."""
        return self.option == "fields"


def is_authority(field: str, *, related: bool = False) -> bool:
    """Whether a field's name says that it decides who may do what, whose something is, or what it costs.

    `related` says that it is a relation to other rows.
    """
    return _AUTHORITY.search(field) is not None or (not related and _LEVEL.search(field) is not None)


def open_fields(node: ast.ClassDef, model: str, file: File) -> OpenFields | None:
    """How a form or serializer of a model (dotted, or a label) takes all of its fields or all but some; else `None`."""
    meta = next((one for one in node.body if isinstance(one, ast.ClassDef) and one.name == "Meta"), None)
    options = dict(_assigned(meta)) if meta is not None else {}
    option = "fields" if "fields" in options else "exclude"
    if option not in options or (option == "fields" and "read_only_fields" in options):
        return None
    names = names_given((options[option].value, file))
    if not names or (option == "fields" and names != ("__all__",)):
        return None
    schema = schema_named(model, file)
    own = {name for name, _ in _assigned(node)}.union(names)
    return OpenFields(options[option], option, _authority(schema, own), schema is not None)


def is_only_read(node: ast.ClassDef, file: File) -> bool:
    """Whether views of the project answer with a serializer, and none of those takes what is sent."""
    found = list(_views_of(node, file))
    return bool(found) and not any(_writes(view, home) for view, home in found)


def _views_of(node: ast.ClassDef, file: File) -> Iterator[tuple[ast.ClassDef, File]]:
    """The classes that name a serializer as their `serializer_class`."""
    for path in file.project.mentioning((node.name,), ".py"):
        home = file.project.file(path)
        for inner in home.nodes if home is not None and "serializer_class" in home.text else ():
            if isinstance(inner, ast.ClassDef) and home is not None:
                given = dict(_assigned(inner)).get("serializer_class")
                if given is not None and home.resolve(given.value) == f"{file.module}.{node.name}":
                    yield inner, home


def _writes(view: ast.ClassDef, home: File) -> bool:
    """Whether a view class has a method that takes what is sent, of its own or from a base."""
    above = list(bases(view, home))
    methods = {
        item.name
        for one in (view, *(base for _, base, _ in above if base is not None))
        for item in one.body
        if isinstance(item, ast.FunctionDef)
    }
    return not methods.isdisjoint(_TAKING) or any(_WRITING.search(name) for name, _, _ in above)


def _authority(schema: Schema | None, own: set[str]) -> str:
    columns = schema.columns.values() if schema is not None else ()
    found = (one.name for one in columns if is_authority(one.name, related=not one.kind.startswith(_VALUES)))
    return next((name for name in found if name not in own), "")


def _assigned(node: ast.ClassDef) -> Iterator[tuple[str, ast.Assign]]:
    for item in node.body:
        if isinstance(item, ast.Assign) and isinstance(item.targets[0], ast.Name):
            yield item.targets[0].id, item


def is_open_on_purpose(node: ast.ClassDef, file: File) -> bool:
    """Whether a form is the admin's, whose users may write all, or a serializer that by its name only reads."""
    names = words(node.name) | {part for folder in file.module.split(".") for part in folder.split("_")}
    if "admin" in names or not words(node.name).isdisjoint(_READING):
        return True
    return file.once("registers-admin", lambda: _registers_admin(file))


def _registers_admin(file: File) -> bool:
    return any(
        isinstance(inner, ast.Call) and called(inner) == "register" and "admin" in file.segment(inner.func)
        for inner in file.nodes
    )
