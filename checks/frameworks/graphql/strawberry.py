"""Types that Strawberry and its integration with Django declare.

From Strawberry's documentation: "Object types", "Resolvers", "Accessing parent data", "Relay"; from that of
strawberry-graphql-django: "Defining types", "Defining fields", "Resolvers", "Query optimizer"; from their sources:
`strawberry_django.fields.field` for where lists begin, `strawberry_django.optimizer` for what is loaded along.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from checks.frameworks.django.relations import model_type
from checks.frameworks.graphql.fields import Field, Type, class_named, class_of, function_of
from checks.semantics.interpret.arguments import Arguments
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.targets import Class, Function, shape_of
from checks.semantics.rows import Path
from checks.semantics.source import File, Project
from checks.semantics.values import UNKNOWN, Value

_PLAIN = ("strawberry.",)
_DJANGO = ("strawberry_django.", "strawberry.django.", "strawberry_django_plus.gql.django.")
_TYPES = frozenset({"interface", "type"})
_FIELDS = frozenset({"connection", "field", "mutation", "node", "offset_paginated"})
_LISTS = frozenset({"AsyncIterable", "AsyncGenerator", "Iterable", "List", "Sequence", "list", "tuple"})
_CONNECTIONS = frozenset(
    {"Connection", "DjangoCursorConnection", "DjangoListConnection", "ListConnection", "OffsetPaginated"}
)
_HOLDERS = frozenset({"Annotated", "Optional"})
_ROOTS = frozenset({"parent", "root", "self"})
_HINTS = frozenset({"prefetch_related", "select_related"})
_OPTIMIZER = ("DjangoOptimizerExtension",)
_SCHEMA = ("strawberry.Schema(", "strawberry.federation.Schema(", "strawberry import Schema", "import Schema")
_DEEP = 6


def described(frame: Frame, owner: Class) -> Type | None:
    """The type that a class declares by its decorator."""
    mark = next((one for one in owner.node.decorator_list if _mark(one, owner.file, _TYPES)), None)
    if mark is None:
        return None
    model = None
    if _is_of_django(mark, owner.file) and isinstance(mark, ast.Call):
        given = mark.args[0] if mark.args else _argument(mark, "model")
        dotted = owner.file.resolve(given) if given is not None else None
        model = model_type(frame.machine, dotted, owner.file) if dotted else None
    loads, unsure = _hints(mark)
    fields = tuple(_fields(frame, owner, loads, unsure=unsure, of_model=model is not None))
    project = owner.file.project
    optimized = _has_optimizer(project)
    return Type(owner, model, fields, _given, True, optimized, not optimized and _has_schema(project))


def _has_optimizer(project: Project) -> bool:
    return bool(project.mentioning(_OPTIMIZER, ".py"))


def _has_schema(project: Project) -> bool:
    return bool(project.mentioning(_SCHEMA, ".py"))


def _mark(node: ast.expr, file: File, names: frozenset[str]) -> str:
    """The last part of a decorator's or field's name where it is one of the library's."""
    dotted = file.resolve(node.func if isinstance(node, ast.Call) else node) or ""
    last = dotted.rpartition(".")[2]
    return last if last in names and dotted.startswith((*_PLAIN, *_DJANGO)) else ""


def _is_of_django(node: ast.expr, file: File) -> bool:
    return (file.resolve(node.func if isinstance(node, ast.Call) else node) or "").startswith(_DJANGO)


def _argument(call: ast.expr | None, name: str) -> ast.expr | None:
    given = call.keywords if isinstance(call, ast.Call) else ()
    return next((keyword.value for keyword in given if keyword.arg == name), None)


def _given(function: Function, root: Value) -> Arguments:
    """A resolver is given its object as `self`, `root`, or as what its annotation marks as the parent."""
    names = shape_of(function.node).parameters
    marked = [one.arg for one in _arguments(function) if _is_parent(one.annotation, function.file)]
    return Arguments((), {name: root for name in names if name in _ROOTS or name in marked}, UNKNOWN)


def _arguments(function: Function) -> list[ast.arg]:
    given = function.node.args
    return [*given.posonlyargs, *given.args, *given.kwonlyargs]


def _is_parent(annotation: ast.expr | None, file: File) -> bool:
    if not isinstance(annotation, ast.Subscript):
        return False
    return (file.resolve(annotation.value) or "").startswith(("strawberry.Parent", "strawberry.parent."))


def _fields(
    frame: Frame, owner: Class, loads: tuple[Path, ...], *, unsure: bool, of_model: bool
) -> Iterator[Field]:
    seen: set[str] = set()
    for one in owner.order()[0]:
        for item in one.node.body:
            match item:
                case ast.AnnAssign(target=ast.Name(id=name)):
                    made = _annotated(frame, one, name, item, of_model=of_model)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    made = _resolved(frame, one, item)
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call()):
                    made = _assigned(frame, one, item)
                case _:
                    continue
            if made is not None and name not in seen:
                seen.add(name)
                more, doubt = _hints(made[1])
                yield replace(made[0], loads=(*loads, *more), unsure=unsure or doubt)


_Made = tuple[Field, ast.expr | None]
"""A field, and the call of the library that makes it."""


def _annotated(frame: Frame, owner: Class, name: str, item: ast.AnnAssign, *, of_model: bool) -> _Made | None:
    """`orders: list[Order]`, `orders: list[Order] = strawberry_django.field(...)`."""
    file, call = owner.file, item.value
    kind = _mark(call, file, _FIELDS) if call is not None else ""
    if call is not None and not kind:
        return None
    many, of = _named(frame, item.annotation, file)
    django = of_model if call is None else _is_of_django(call, file)
    resolver = _argument(call, "resolver") or (
        call.args[0] if isinstance(call, ast.Call) and call.args else None
    )
    source = file.constant(_argument(call, "field_name"))
    made = Field(
        source.value if source is not None and isinstance(source.value, str) else name,
        item,
        file,
        of,
        many,
        _function(frame, owner, resolver),
        managed=django and (many or kind in ("connection", "offset_paginated")),
        by_key=kind == "node",
    )
    return made, call


def _function(frame: Frame, owner: Class, node: ast.expr | None) -> Value | None:
    if node is None:
        return None
    own = function_of(owner.env.get(node.id)) if isinstance(node, ast.Name) else None
    return own or function_of(frame.machine.forced(frame.machine.module(owner.file).evaluate(node)))


def _resolved(frame: Frame, owner: Class, item: ast.FunctionDef | ast.AsyncFunctionDef) -> _Made | None:
    """A method under `@strawberry.field` or the like."""
    mark = next((one for one in item.decorator_list if _mark(one, owner.file, _FIELDS)), None)
    resolver = function_of(owner.env.get(item.name)) if mark is not None else None
    if mark is None or resolver is None:
        return None
    annotation = item.returns
    if isinstance(mark, ast.Call):
        annotation = _argument(mark, "graphql_type") or (mark.args[0] if mark.args else annotation)
    many, of = _named(frame, annotation, owner.file) if annotation is not None else (False, None)
    django = _is_of_django(mark, owner.file)
    return Field(item.name, item, owner.file, of, many, resolver, managed=django and many), mark


def _assigned(frame: Frame, owner: Class, item: ast.Assign) -> _Made | None:
    """`orders = strawberry.field(resolver=get_orders)`: the function's annotation says the type."""
    call = item.value
    target = item.targets[0]
    if not _mark(call, owner.file, _FIELDS) or not isinstance(target, ast.Name):
        return None
    resolver = _function(frame, owner, _argument(call, "resolver"))
    if resolver is None:
        return None
    function = resolver.targets[0]
    annotation = getattr(function.node, "returns", None) if isinstance(function, Function) else None
    many, of = _named(frame, annotation, function.file) if annotation is not None else (False, None)
    managed = _is_of_django(call, owner.file) and many
    return Field(target.id, item, owner.file, of, many, resolver, managed), call


def _named(frame: Frame, node: ast.expr, file: File, depth: int = _DEEP) -> tuple[bool, Class | None]:
    """What an annotation says: whether many, and of which type."""
    if not depth:
        return False, None
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return _quoted(frame, node.value, file, depth - 1)
    if isinstance(node, ast.BinOp):
        found = _named(frame, node.left, file, depth - 1)
        return found if found[1] is not None else _named(frame, node.right, file, depth - 1)
    if isinstance(node, ast.Subscript):
        outer = (file.resolve(node.value) or "").rpartition(".")[2]
        inner = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
        if outer in _HOLDERS:
            lazy = _lazy(frame, node, file)
            return lazy if lazy is not None else _named(frame, inner, file, depth - 1)
        if outer not in _LISTS | _CONNECTIONS:
            return False, None
        return True, _named(frame, inner, file, depth - 1)[1]
    return False, class_of(class_named(frame, node, file))


def _quoted(frame: Frame, text: str, file: File, depth: int) -> tuple[bool, Class | None]:
    try:
        node = ast.parse(text, mode="eval").body if len(text) < _LONGEST else None
    except (SyntaxError, ValueError, RecursionError):
        return False, None
    return _named(frame, node, file, depth) if node is not None else (False, None)


_LONGEST = 200


def _lazy(frame: Frame, node: ast.Subscript, file: File) -> tuple[bool, Class | None] | None:
    """`Annotated["Order", strawberry.lazy(".orders")]`: a type of another module."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
    if len(parts) != 2 or not isinstance(parts[0], ast.Constant) or not isinstance(parts[1], ast.Call):
        return None
    where = file.constant(parts[1].args[0]) if parts[1].args else None
    if where is None or not isinstance(where.value, str) or not isinstance(parts[0].value, str):
        return None
    dots = len(where.value) - len(where.value.lstrip("."))
    package = file.module.split(".")
    if dots:
        package = package[: len(package) - dots + int(file.path.endswith("/__init__.py"))]
    module = ".".join([*(package if dots else []), where.value.lstrip(".")])
    found = frame.machine.imported(f"{module.rstrip('.')}.{parts[0].value}", file, frame)
    return False, class_of(found)


def _hints(call: ast.expr | None) -> tuple[tuple[Path, ...], bool]:
    """The relations that a field or type tells the optimizer to load, and whether there are others."""
    found: list[Path] = []
    unsure = False
    for keyword in call.keywords if isinstance(call, ast.Call) else ():
        if keyword.arg not in _HINTS:
            continue
        value = keyword.value
        for one in value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else (value,):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                found.append(tuple(one.value.split("__")))
            else:
                unsure = True
    return tuple(found), unsure
