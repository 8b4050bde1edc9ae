"""Attributes looked up on values: on instances through their classes, on modules, on types of libraries by tables."""

from __future__ import annotations

import ast
from typing import Any

from checks.semantics.contents import join
from checks.semantics.interpret.fields import field_names
from checks.semantics.interpret.frame import Frame, Machine
from checks.semantics.interpret.later import LATER, task
from checks.semantics.interpret.queries import followed, prefetched_list
from checks.semantics.interpret.targets import Bound, Class, Function, Module, Pending, Super
from checks.semantics.library import Entry
from checks.semantics.rows import Row
from checks.semantics.taints import Taint, Taints, Trail, join_taints
from checks.semantics.values import NOTHING, SIZED, UNKNOWN, Value, instance, with_taints

_INSTANCE_OF_ITSELF = frozenset({"builtins.object"})


def attribute(frame: Frame, value: Value, name: str, node: ast.AST) -> Value:
    """The value of `value.name`. A property comes as its getter, bound: the caller calls it."""
    items = value.items
    if items is not None and name in items and value.type_name not in _CONTAINERS:
        return items[name]
    if value.targets:
        found = _of_targets(frame, value, name, node)
        if found is not None:
            return found
    if value.type is not None:
        found = _of_instance(frame, value, name, node)
        if found is not None:
            return found
    elif value.name is not None:
        given = frame.machine.attribute(value.name, name, value) if name in _MANAGERS else None
        return given or named(frame, f"{value.name}.{name}", value, node)
    found = frame.machine.attribute("", name, value)
    if found is not None:
        return found
    return _part(value, name)


_MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
"""Attributes of classes of models, also of those that libraries bring."""
_CONTAINERS = frozenset({"builtins.dict", "builtins.list", "builtins.tuple", "builtins.set"})


def _part(value: Value, name: str) -> Value:
    """An attribute of which nothing is known but where its object came from."""
    part_of = value.part_of
    if not value.taints and value.rest is None and part_of is None:
        return UNKNOWN
    taints = tuple(taint.child(name) for taint in value.taints)
    if value.rest is not None:
        return with_taints(value.rest, taints)
    return Value(taints=taints, part_of=part_of)


def named(frame: Frame, name: str, owner: Value | None, node: ast.AST) -> Value:
    """What a dotted name of a library stands for: by its own entry, else as a member of what is before the last dot."""
    knowledge = frame.machine.knowledge
    name = knowledge.canonical(name)
    entry = knowledge.entry(name)
    if entry is not None:
        return _described(frame, Value(name=name), name, entry, node)
    head, _, last = name.rpartition(".")
    above = knowledge.entry(head)
    if above is not None and above.returns is not None:
        found = knowledge.member(above.returns, last)
        if found is not None:
            return _described(frame, Value(name=found[0], receiver=owner), found[0], found[1], node)
    return Value(name=name, taints=_child_taints(owner, last))


def _child_taints(owner: Value | None, name: str) -> tuple[Taint, ...]:
    return tuple(taint.child(name) for taint in owner.taints) if owner is not None and owner.taints else ()


def _described(frame: Frame, value: Value, name: str, entry: Entry, node: ast.AST) -> Value:
    """A value as a table's entry describes it when it is read, not called."""
    taints = value.taints
    if entry.source is not None:
        taints = join_taints(taints, (source_taint(frame, entry.source, node, name, entry.cleans),))
    owner = value.receiver
    if owner is not None and owner.taints and entry.passes:
        parts = tuple(taint.child(name.rpartition(".")[2]) for taint in owner.taints)
        if entry.cleans:
            parts = tuple(taint.changed(clean=taint.clean | entry.cleans) for taint in parts)
        taints = join_taints(taints, parts)
    type_ = entry.returns
    if type_ == "self" and owner is not None:
        type_ = owner.type
    part_of = owner if entry.part_of == -1 else owner.part_of if owner is not None else None
    return value.but(type=type_, taints=taints, part_of=part_of)


def source_taint(
    frame: Frame, label: str, node: ast.AST, what: str, clean: frozenset[str] = frozenset()
) -> Taint:
    """The taint of a source at a node: one for each place in the code."""
    origin = (frame.file.path, getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
    return Taint(
        label, origin, clean=clean, trail=Trail(frame.file.path, node, f"comes from `{_short(what)}`")
    )


def _short(name: str) -> str:
    """The last two parts of a dotted name."""
    return ".".join(name.split(".")[-2:])


def _of_targets(frame: Frame, value: Value, name: str, node: ast.AST) -> Value | None:
    found: Value | None = None
    for target in value.targets:
        one: Value | None = None
        if isinstance(target, Module):
            one = member_of_module(frame, target, name)
        elif isinstance(target, Class):
            one = _of_class(frame, target, name, value)
        elif isinstance(target, Super):
            one = _of_super(frame, target, name)
        elif isinstance(target, Function) and name in LATER:
            one = Value(targets=(task(target),))
        if one is not None:
            found = one if found is None else join(found, one)
    if found is None and value.type is None and value.name is not None:
        return named(frame, f"{value.name}.{name}", value, node)
    return found


def member_of_module(frame: Frame, module: Module, name: str) -> Value | None:
    """A name of a module of the project, or one of its submodules."""
    frame.uses.add(module.file.path)
    found = module.scope.env.get(name)
    if found is None:
        for starred in module.file.names.star_modules():
            found = frame.machine.starred(starred, module.file, frame).get(name)
            if found is not None:
                break
    if found is None:
        found = frame.machine.imported(f"{module.file.module}.{name}", module.file, frame)
        return found if found.targets else None
    return forced(frame, found)


def forced(frame: Frame, value: Value) -> Value:
    """The value behind an import that nobody had asked for; of several, what of them the project has."""
    targets = value.targets
    if not targets or targets[0].__class__ is not Pending:
        return value
    pending = targets[0]
    found = frame.machine.imported(pending.dotted, pending.file, frame)
    if len(targets) > 1:
        for other in targets[1:]:
            more = (
                frame.machine.imported(other.dotted, other.file, frame)
                if other.__class__ is Pending
                else Value(targets=(other,))
            )
            if more.targets:
                found = join(found, more) if found.targets else more
    return found


def _of_class(frame: Frame, owner: Class, name: str, receiver: Value) -> Value | None:
    """An attribute of a class itself: class methods are bound to it."""
    known = frame.machine.attribute(owner, name, receiver)
    if known is not None:
        return known
    classes, bases = owner.order()
    for one in classes:
        found = one.env.get(name)
        if found is not None:
            frame.uses.add(one.file.path)
            return _bound(forced(frame, found), receiver, of_class=True)
    return _of_bases(frame, bases, name, receiver)


def _of_bases(frame: Frame, bases: tuple[str, ...], name: str, receiver: Value) -> Value | None:
    """An attribute that a class of the project has from a library's class."""
    for base in bases:
        found = frame.machine.knowledge.member(base, name)
        if found is not None:
            return _described(frame, Value(name=found[0], receiver=receiver), found[0], found[1], _Nowhere)
    return None


class _Place(ast.AST):
    lineno = 0
    col_offset = 0


_Nowhere = _Place()


def by_framework(owner: Class, given: Value) -> tuple[str, object]:
    """What decides what a framework puts on a class: the libraries' classes above it; of rows, the class itself."""
    return ("framework", owner if given.record is not None else owner.order()[1])


def _of_row(frame: Frame, value: Value, name: str, node: ast.AST) -> Value | None:
    """An attribute that an object has as a row of a database: a column, another row, a query of others."""
    row = value.record
    if row.__class__ is Row and not row.path and row.rows is not None and name in row.rows.annotated:
        return UNKNOWN
    relation = frame.machine.relation(value.type, name)
    if relation is not None:
        frame.looked_up(value.type, name, ("relation", relation))
        frame.uses |= frame.machine.behind_relation(value.type, name)
        return followed(frame, value, relation, name, node)
    return prefetched_list(value, name) if value.record is not None else None


def _of_instance(frame: Frame, value: Value, name: str, node: ast.AST) -> Value | None:
    type_ = value.type
    found_row = _of_row(frame, value, name, node)
    if found_row is not None:
        return found_row
    if type_.__class__ is str:
        known = frame.machine.attribute(type_, name, value)
        if known is not None:
            return _placed(frame, known, node)
        found = frame.machine.knowledge.member(type_, name)
        if found is None:
            return None
        return _described(frame, Value(name=found[0], receiver=value), found[0], found[1], node)
    assert isinstance(type_, Class)
    known = frame.machine.attribute(type_, name, value)
    if known is not None:
        known = _placed(frame, known, node)
    found_at = provider(frame.machine, type_, name)
    frame.looked_up(type_, name, seen_as(found_at, name) if known is None else by_framework(type_, known))
    kind, where = found_at
    if kind == "class":
        frame.uses.add(where.file.path)
        found_value: Value = where.env[name]
        if found_value.const.__class__ is str and type_ in frame.tracked:
            return found_value.but(const=NOTHING)
        bound = _bound(forced(frame, found_value), value, of_class=False)
        if bound is not found_value or known is not None:
            return known or bound
        if value.taints and name in _fields(type_):
            bound = with_taints(bound, tuple(taint.child(name) for taint in value.taints))
        assigned = frame.machine.field(type_, name, frame)
        return bound if assigned is None else join(assigned, bound)
    if known is not None:
        return known
    if kind == "table":
        full, entry = where
        return _described(frame, Value(name=full, receiver=value), full, entry, node)
    assigned = frame.machine.field(type_, name, frame)
    return None if assigned is None else _of_whole(assigned, value.taints, name)


def _of_whole(assigned: Value, taints: Taints, name: str) -> Value:
    """What methods assign to an attribute; of an object from elsewhere a container may hold more by now."""
    if not taints:
        return assigned
    parts = tuple(taint.child(name) for taint in taints)
    found = with_taints(assigned, parts)
    if found.items is None or found.type_name not in SIZED:
        return found
    more = Value(taints=tuple(part.child("[]") for part in parts))
    return found.but(rest=more if found.rest is None else join(found.rest, more))


def _placed(frame: Frame, value: Value, node: ast.AST) -> Value:
    """What a framework gives, with this place as the beginning of its sources' ways."""
    items, rest = value.items, value.rest
    if items:
        items = {key: _placed(frame, item, node) for key, item in items.items()}
    if rest is not None:
        rest = _placed(frame, rest, node)
    if items is value.items and rest is value.rest and all(taint.trail is not None for taint in value.taints):
        return value
    taints = tuple(
        taint
        if taint.trail is not None
        else taint.changed(
            trail=Trail(frame.file.path, node, f"comes from the {' as '.join(_quoted(taint.path))}")
        )
        for taint in value.taints
    )
    return value.but(items=items, rest=rest, taints=taints)


def _quoted(path: tuple[str, ...]) -> list[str]:
    return [path[0], *(f"`{part}`" for part in path[1:])] if path else ["framework"]


def descriptor(frame: Frame, owner: Class, name: str, value: Value) -> Value | None:
    """The `__get__` of what a class puts in the place of an attribute, where it has one."""
    if not any(name in one.env for one in owner.order()[0]):
        return None
    found = attribute(frame, value, "__get__", owner.node)
    return found if any(isinstance(target, Bound) for target in found.targets) else None


_FIELDS = object()


def _fields(owner: Class) -> frozenset[str]:
    """The fields of a dataclass or the like: what stands in the class is only their default."""
    known = owner.providers.get(_FIELDS)
    if known is None:
        known = owner.providers[_FIELDS] = frozenset(field_names(owner))
    return known  # type: ignore[return-value]


def provider(machine: Machine, owner: Class, name: str, behind: Class | None = None) -> tuple[str, Any]:
    """Where an attribute of a class comes from: a class above it, a library's table, or its methods' assignments.

    `behind` begins the search after a class, as `super()` does. Two classes that get an attribute from the same place
    do the same with it.
    """
    key = (name, behind)
    known = owner.providers.get(key)
    if known is None:
        known = owner.providers[key] = _provider(machine, owner, name, behind)
    return known  # type: ignore[return-value]


def seen_as(found_at: tuple[str, Any], name: str) -> object:
    """What counts of where an attribute comes from: of a literal its value, of a text not even that.

    Texts of class bodies name templates, fields and titles; that each class has its own makes no difference here.
    """
    kind, where = found_at
    if kind == "class":
        const = where.env[name].const
        if const.__class__ is str:
            return ("text",)
        if const is not NOTHING:
            return ("constant", const.__class__, const)
    return found_at


def _provider(machine: Machine, owner: Class, name: str, behind: Class | None) -> tuple[str, Any]:
    classes, bases = owner.order()
    if behind is not None and behind in classes:
        classes = classes[classes.index(behind) + 1 :]
    for one in classes:
        if name in one.env:
            return ("class", one)
    for base in bases:
        found = machine.knowledge.member(base, name)
        if found is not None:
            return ("table", found)
    return ("methods", machine.assigners(owner, name))


def _of_super(frame: Frame, target: Super, name: str) -> Value | None:
    """An attribute looked up behind a class in the order of the instance's own class."""
    receiver = target.receiver
    own = receiver.type if isinstance(receiver.type, Class) else None
    if own is None and receiver.targets and isinstance(receiver.targets[0], Class):
        own = receiver.targets[0]
    own = own or target.owner
    found_at = provider(frame.machine, own, name, target.owner)
    frame.looked_up(own, (name, target.owner), found_at)
    kind, where = found_at
    if kind == "class":
        frame.uses.add(where.file.path)
        return _bound(forced(frame, where.env[name]), receiver, of_class=False)
    if kind == "table":
        return _described(frame, Value(name=where[0], receiver=receiver), where[0], where[1], _Nowhere)
    return None


def _bound(value: Value, receiver: Value, *, of_class: bool) -> Value:
    """A function found on a class, with its first argument where it takes the instance or the class."""
    if not value.targets:
        return value
    bound: list[object] = []
    for target in value.targets:
        kind = target.kind if isinstance(target, Function) else ""
        if kind == "class" or (kind in ("method", "property") and not of_class):
            bound.append(Bound(target, receiver))
        else:
            bound.append(target)
    if all(one is other for one, other in zip(bound, value.targets, strict=True)):
        return value
    return value.but(targets=tuple(bound))


def instance_of(target: Class) -> Value:
    """An instance of a class of the project of which nothing else is known."""
    return instance(target) if target.name in _INSTANCE_OF_ITSELF else Value(type=target, items={})
