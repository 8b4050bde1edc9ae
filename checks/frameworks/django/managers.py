"""Managers of Django's models: which a model has, and the queries that they begin with."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.frameworks.django.schema import Schema, schema_of
from checks.semantics.interpret.frame import Machine
from checks.semantics.interpret.targets import Bound, Class, Function
from checks.semantics.rows import Rows
from checks.semantics.values import Value, instance

MANAGER = "django.db.models.Manager"
QUERYSET = "django.db.models.QuerySet"
MANAGER_NAMES = frozenset({"objects", "_default_manager", "_base_manager"})
"""Under which every model has a manager."""
_MANAGERS = ("Manager", "QuerySet")


def manager_named(machine: Machine, owner: Class, name: str) -> Value | None:
    """The manager that a model's class has under a name, with the query that it stands for."""
    if schema_of(owner.node, owner.file) is None:
        return None
    found = next(_declared(machine, owner, name), None)
    if found is None:
        if name not in MANAGER_NAMES:
            return None
        found = default_manager(machine, owner) if name == "_default_manager" else instance(MANAGER)
    return of_model(found, owner)


def of_model(manager: Value, model: Class | str) -> Value:
    """A manager of a model: its rows are the model's. Of a library's that nobody knows, Django's is assumed."""
    type_ = manager.type if isinstance(manager.type, Class) else MANAGER
    return Value(type=type_, record=Rows(model, ordered=_is_ordered(model)))


def default_manager(machine: Machine, owner: Class) -> Value:
    """The manager that a model's class has first, which related managers derive from."""
    for one in owner.order()[0]:
        for name, value in one.env.items():
            if value.type is not None and is_manager(machine, value.type) and name[:1] != "_":
                return value
    return instance(MANAGER)


def default_of(machine: Machine, owner: Class) -> tuple[object, Rows]:
    """The type of a model's default manager, and the query that it begins with."""
    manager = default_manager(machine, owner)
    return manager.type, begun(machine, of_model(manager, owner))


def begun(machine: Machine, manager: Value) -> Rows:
    """The query that a manager begins with: what its `get_queryset` loads along is loaded for all."""
    rows = manager.record
    assert isinstance(rows, Rows)
    method = own_get_queryset(machine, manager)
    if method is None:
        return rows
    found = machine.summary(method, [manager]).returns
    record = found.record if found is not None else None
    if not isinstance(record, Rows):
        return rows
    return rows.but(loaded=record.loaded, maybe=record.maybe, ordered=rows.ordered or record.ordered)


def own_get_queryset(machine: Machine, manager: Value) -> Function | None:
    """The project's `get_queryset` of a manager."""
    if not isinstance(manager.type, Class):
        return None
    for one in manager.type.order()[0]:
        for target in one.env["get_queryset"].targets if "get_queryset" in one.env else ():
            if isinstance(target, Function):
                return target
            if isinstance(target, Bound):
                return target.function
    return None


def is_manager(machine: Machine, type_: object) -> bool:
    """Whether a type is that of managers or querysets, of Django or derived from them."""
    names = type_.order()[1] if isinstance(type_, Class) else (type_,)
    return any(
        isinstance(name, str) and (machine.knowledge.is_a(name, QUERYSET) or _is_called_so(name))
        for name in names
    )


def _is_called_so(name: str) -> bool:
    """Whether a library's class is called as managers and querysets are, as those of add-ons are."""
    return name.endswith(_MANAGERS) and not name.startswith(("builtins.", "multiprocessing.", "contextlib."))


def _declared(machine: Machine, owner: Class, name: str) -> Iterator[Value]:
    for one in owner.order()[0]:
        value = one.env.get(name)
        if value is not None and value.type is not None and is_manager(machine, value.type):
            yield value


def _is_ordered(model: Class | str) -> bool:
    if not isinstance(model, Class):
        return False
    schema: Schema | None = schema_of(model.node, model.file)
    return schema is not None and bool(schema.meta.ordering)


def made_of(machine: Machine, manager: Value, queryset: Value) -> Value | None:
    """What `Manager.from_queryset(Orders)` gives: a class with the methods of both."""
    classes = [
        target for value in (manager, queryset) for target in value.targets if isinstance(target, Class)
    ]
    if not classes:
        return None
    if len(classes) == 1 or not any(isinstance(target, Class) for target in manager.targets):
        return Value(targets=(classes[-1],))
    first, second = classes[0], classes[-1]
    key = (first, second)
    known = first.providers.get(("from_queryset", key))
    if known is None:
        node = ast.ClassDef(
            name=f"{first.node.name}From{second.node.name}", bases=[], keywords=[], body=[], decorator_list=[]
        )
        ast.copy_location(node, first.node)
        bases = (Value(targets=(first,)), Value(targets=(second,)))
        known = first.providers["from_queryset", key] = Class(node, first.file, node.name, bases, {})
    return Value(targets=(known,))
