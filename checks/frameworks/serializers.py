"""What turns objects into answers: serializers of Django REST framework, schemas of marshmallow."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checks.frameworks.class_options import Declared, declared_in, lineage_of, meta_options, names_given
from checks.semantics.source import File

_REST = (
    "rest_framework.serializers.",
    "rest_flex_fields.",
    "drf_writable_nested.",
    "rest_framework_gis.serializers.",
)
_MARSHMALLOW = (
    "marshmallow.",
    "flask_marshmallow.",
    "marshmallow_sqlalchemy.",
    "flask_smorest.",
    "apiflask.",
)
_FIELD_ENDS = ("Field", "Serializer", "Relation", "Serializer.many")


@dataclass(frozen=True, slots=True, eq=False)
class Serializer:
    """A serializer or schema: `framework` drf or marshmallow; `declared` its own and inherited fields.

    `model` is the dotted name of the model behind it; `fields` and `exclude` what its `Meta` names (`("__all__",)` for
    all), `None` where absent or not certain. `hidden` are the fields that are only written (`write_only`, `load_only`,
    `extra_kwargs`), `read_only` those that never are.
    """

    name: str
    node: ast.ClassDef
    file: File
    framework: str
    declared: Mapping[str, Declared]
    model: str
    fields: tuple[str, ...] | None
    exclude: tuple[str, ...] | None
    hidden: frozenset[str]
    read_only: frozenset[str]
    meta: Mapping[str, tuple[ast.expr, File]]

    @property
    def shown(self) -> Iterator[str]:
        """The names of the fields that an answer holds, as far as they can be seen."""
        listed = self.fields if self.fields is not None and self.fields != ("__all__",) else ()
        declared = () if listed and self.framework == "drf" else self.declared
        for name in dict.fromkeys((*listed, *declared)):
            if name not in self.hidden and name not in (self.exclude or ()):
                yield name


def serializer_of(node: ast.ClassDef, file: File) -> Serializer | None:
    """The serializer or schema that a class is, `None` for others; base classes are followed into other files."""
    return file.once(("serializer", node), lambda: _serializer(node, file))


def _serializer(node: ast.ClassDef, file: File) -> Serializer | None:
    lineage = lineage_of(node, file)
    above = [name for name, found, _ in lineage if found is None]
    rest = any(name.startswith(_REST) and name.endswith("Serializer") for name in above)
    schema = any(name.startswith(_MARSHMALLOW) and name.endswith("Schema") for name in above)
    if not rest and not schema:
        return None
    ours = ("marshmallow.", "flask_marshmallow.", "marshmallow_sqlalchemy.") if schema else ()
    declared = {
        name: one
        for name, one in declared_in(lineage).items()
        if one.dotted.endswith(_FIELD_ENDS) or one.dotted.startswith(ours)
    }
    options = meta_options(lineage)
    model = options.get("model")
    extra = list(_extra(options.get("extra_kwargs")))
    write = "write_only" if rest else "load_only"
    read = "read_only" if rest else "dump_only"
    listed = options.get("read_only_fields" if rest else "dump_only")
    return Serializer(
        name=node.name,
        node=node,
        file=file,
        framework="drf" if rest else "marshmallow",
        declared=declared,
        model=(model[1].resolve(model[0]) or "") if model is not None else "",
        fields=names_given(options.get("fields")),
        exclude=names_given(options.get("exclude")),
        hidden=_flagged(declared, write)
        | {name for name, words in extra if write in words}
        | frozenset(names_given(options.get("load_only")) or ())
        | frozenset(names_given(options.get("write_only_fields")) or ())
        | frozenset(name for name, one in declared.items() if one.dotted.endswith("HiddenField")),
        read_only=_flagged(declared, read)
        | {name for name, words in extra if read in words}
        | frozenset(names_given(listed) or ()),
        meta=options,
    )


def _flagged(declared: Mapping[str, Declared], keyword: str) -> frozenset[str]:
    return frozenset(name for name, one in declared.items() if one.flag(keyword))


def _extra(option: tuple[ast.expr, File] | None) -> Iterator[tuple[str, set[str]]]:
    """The fields of `extra_kwargs`, each with the arguments that are `True`."""
    value, file = option if option is not None else (None, None)
    if isinstance(value, ast.Dict) and file is not None:
        for key, given in zip(value.keys, value.values, strict=True):
            name, words = file.constant(key), file.constant(given)
            if name is not None and words is not None and isinstance(words.value, dict):
                yield str(name.value), {str(word) for word, is_on in words.value.items() if is_on is True}
            elif name is not None and isinstance(given, ast.Dict):
                yield str(name.value), set(_true_keys(given, file))


def _true_keys(given: ast.Dict, file: File) -> Iterator[str]:
    for key, value in zip(given.keys, given.values, strict=True):
        folded_key, folded = file.constant(key), file.constant(value)
        if folded_key is not None and folded is not None and folded.value is True:
            yield str(folded_key.value)
