"""Types that graphene and graphene-django declare.

From graphene's documentation: "ObjectType", "Lists and Non-Null", "Relay: Connection"; from graphene-django's:
"Django Models", "Fields", "Queries & ObjectTypes", "Filtering"; from their sources: `graphene.types.schema` for which
resolver a field has, `graphene_django.fields` for where lists begin.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from checks.frameworks.class_options import Declared, declared_in, lineage_of, meta_options, names_given
from checks.frameworks.django.relations import model_type
from checks.frameworks.graphql.fields import Field, Type, class_named, class_of, function_of
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Class, Function
from checks.semantics.source import File
from checks.semantics.values import UNKNOWN, Value, instance

_PACKAGES = ("graphene.", "graphene_django.", "graphene_django_optimizer.", "graphene_sqlalchemy.")
_OPTIMIZERS = ("graphene_django_optimizer.", "query_optimizer.")
_OBJECTS = frozenset({"DjangoObjectType", "ObjectType", "OptimizedDjangoObjectType", "SQLAlchemyObjectType"})
_MANAGED = frozenset({"DjangoConnectionField", "DjangoFilterConnectionField", "DjangoListField"})
_LISTS = _MANAGED | {"ConnectionField", "IterableConnectionField", "List"}
_WRAPPERS = frozenset({"Field", "NonNull", "field"})
_INFO = instance("graphene.ResolveInfo")
_FILTERED = ("filter_queryset", "get_queryset", "qs")
_DEEP = 4

Lineage = list[tuple[str, ast.ClassDef | None, File]]


def described(frame: Frame, owner: Class) -> Type | None:
    """The type that a class declares; a class without a library's above it may be a part of one."""
    bases = owner.order()[1]
    if bases and not any(_is_object(base) for base in bases):
        return None
    lineage = lineage_of(owner.node, owner.file)
    declared = {name: one for name, one in declared_in(lineage).items() if _kind(frame, one)}
    if not bases and not declared:
        return None
    options = meta_options(lineage)
    fields = tuple(_fields(frame, owner, declared, options))
    return Type(owner, _model(frame, options), fields, _given)


def _is_object(base: str) -> bool:
    return base.startswith((*_PACKAGES, *_OPTIMIZERS)) and base.rpartition(".")[2] in _OBJECTS


def _given(_function: Function, root: Value) -> Arguments:
    return Arguments((root, _INFO), {}, UNKNOWN)


def _model(frame: Frame, options: Mapping[str, tuple[ast.expr, File]]) -> Class | str | None:
    value, file = options.get("model", (None, None))
    if value is None or file is None:
        return None
    dotted = file.resolve(value)
    return model_type(frame.machine, dotted, file) if dotted else class_of(class_named(frame, value, file))


def _kind(frame: Frame, field: Declared) -> str:
    """The name of the library's class that a field is an instance of, empty where it is none."""
    last = field.dotted.rpartition(".")[2]
    if field.dotted.startswith((*_PACKAGES, *_OPTIMIZERS)) or last == "Field":
        return last
    own = _own_class(frame, field)
    names = own.order()[1] if own is not None else ()
    return next(
        (name.rpartition(".")[2] for name in names if name.startswith((*_PACKAGES, *_OPTIMIZERS))), ""
    )


def _own_class(frame: Frame, field: Declared) -> Class | None:
    return class_of(frame.machine.imported(field.dotted, field.file, frame))


def _fields(
    frame: Frame, owner: Class, declared: Mapping[str, Declared], options: Mapping[str, tuple[ast.expr, File]]
) -> Iterator[Field]:
    for name, field in declared.items():
        yield _declared(frame, owner, name, field)
    for name, resolver in _resolvers(owner).items():
        function = resolver.targets[0]
        if name not in declared and "model" in options and _is_shown(name, options):
            yield Field(name, function.node, function.file, resolver=resolver)


def _declared(frame: Frame, owner: Class, name: str, field: Declared) -> Field:
    kind = _kind(frame, field)
    many, of = _given_type(frame, field, kind)
    managed = kind in _MANAGED
    resolver = _written(frame, owner, field) or _resolvers(owner).get(name)
    source = field.file.constant(field.argument("source"))
    return Field(
        source.value if source is not None and isinstance(source.value, str) else name,
        field.call,
        field.file,
        of,
        many,
        resolver,
        managed=managed,
        falls_back=managed,
        by_key=kind == "Field" and not field.dotted.startswith(_FIELD_ITSELF),
        out_of_sight=managed and _is_out_of_sight(frame, field, of),
    )


_FIELD_ITSELF = ("graphene.Field", "graphene.types.")


def _given_type(frame: Frame, field: Declared, kind: str) -> tuple[bool, Class | None]:
    """What a field gives: whether many, and of which type."""
    given = [*field.call.args, field.argument("type_"), field.argument("type"), field.argument("of_type")]
    node = next((one for one in given if one is not None), None)
    if node is None:
        return False, None
    many, of = _named(frame, node, field.file)
    return many or kind in _LISTS, of


def _named(frame: Frame, node: ast.expr, file: File, depth: int = _DEEP) -> tuple[bool, Class | None]:
    """What an expression for a type says: `List(NonNull(Order))`, `lambda: Order`, `"shop.schema.Order"`."""
    if not depth:
        return False, None
    if isinstance(node, ast.Lambda):
        return _named(frame, node.body, file, depth - 1)
    if isinstance(node, ast.Call):
        last = (file.resolve(node.func) or "").rpartition(".")[2]
        if not node.args or last not in _LISTS | _WRAPPERS:
            return False, None
        many, of = _named(frame, node.args[0], file, depth - 1)
        return many or last in _LISTS, of
    if isinstance(node, ast.Constant):
        text = node.value if isinstance(node.value, str) else ""
        value = frame.machine.imported(text, file, frame) if "." in text else UNKNOWN
    else:
        value = class_named(frame, node, file)
    found = class_of(value)
    if found is not None and any(name.rpartition(".")[2] == "Connection" for name in found.order()[1]):
        inner = meta_options(lineage_of(found.node, found.file)).get("node")
        return True, _named(frame, *inner, depth - 1)[1] if inner is not None else None
    return False, found


def _written(frame: Frame, owner: Class, field: Declared) -> Value | None:
    """The function that a field names itself: `resolver=...`."""
    node = field.argument("resolver")
    if node is None:
        return None
    own = function_of(owner.env.get(node.id)) if isinstance(node, ast.Name) else None
    return own or function_of(frame.machine.forced(frame.machine.module(field.file).evaluate(node)))


def _resolvers(owner: Class) -> dict[str, Value]:
    """The methods that resolve fields, by the fields' names."""
    found: dict[str, Value] = {}
    for one in owner.order()[0]:
        for name, value in one.env.items():
            if name.startswith("resolve_") and function_of(value) is not None:
                found.setdefault(name.removeprefix("resolve_"), value)
    return found


def _is_shown(name: str, options: Mapping[str, tuple[ast.expr, File]]) -> bool:
    """Whether a model's field is one of the type's."""
    listed = names_given(options.get("fields") or options.get("only_fields"))
    left_out = names_given(options.get("exclude") or options.get("exclude_fields")) or ()
    return name not in left_out and (listed is None or listed == ("__all__",) or name in listed)


def _is_out_of_sight(frame: Frame, field: Declared, of: Class | None) -> bool:
    """Whether something out of sight may load more: an optimizer, a field or a filter with methods of its own."""
    if field.dotted.startswith(_OPTIMIZERS) or (of is not None and _has_optimizer(of)):
        return True
    own = _own_class(frame, field)
    if own is not None and any(function_of(value) for one in own.order()[0] for value in one.env.values()):
        return True
    node, file = field.argument("filterset_class"), field.file
    if node is None and of is not None:
        option = meta_options(lineage_of(of.node, of.file)).get("filterset_class")
        node, file = option if option is not None else (None, file)
    filters = class_of(class_named(frame, node, file)) if node is not None else None
    return filters is not None and any(name in one.env for one in filters.order()[0] for name in _FILTERED)


def _has_optimizer(of: Class) -> bool:
    return any(base.startswith(_OPTIMIZERS) for base in of.order()[1])
