"""Queries as values: of one model, of several things at once, and the rows that they give."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from checks.frameworks.sqlalchemy.held import among_themselves, beside, with_held
from checks.frameworks.sqlalchemy.options import attribute_of
from checks.frameworks.sqlalchemy.relations import model_of
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.queries import is_code, rows_value
from checks.semantics.interpret.targets import Class, shape_of
from checks.semantics.invocation import Invocation
from checks.semantics.nodes import descendants
from checks.semantics.rows import FEW, Origin, Path, Row, Rows
from checks.semantics.taints import Taint
from checks.semantics.values import UNKNOWN, Value

LIBRARY = "sqlalchemy"
PAGINATION = "flask_sqlalchemy.pagination.Pagination"
GENERIC = "generic"
"""Among the methods that made a query: that a caller chooses its model."""
_ENDED = frozenset({"union", "slice"})


@dataclass(frozen=True, slots=True)
class Entity:
    """What a query gives in one place of its rows: `model` a mapped class, None for a value; `name` to ask for it.

    `loaded` are the relations that options load with it, `generic` says that a caller chooses it.
    """

    name: str
    model: Class | None
    loaded: frozenset[Path] = frozenset()
    generic: bool = False


def rows_of(model: Class) -> Rows:
    """The query of all rows of a model."""
    known = model_of(model)
    columns = known.columns.values() if known is not None else ()
    return Rows(
        model,
        deferred=frozenset(column.name for column in columns if column.deferred),
        library=LIBRARY,
    )


def of_entities(frame: Frame, call: Invocation, type_: object, given: Sequence[Value]) -> Value | None:
    """A query that begins with what it is to give."""
    entities = tuple(entity_of(value) for value in given)
    if any(is_chosen(frame, node) for node in call.node.args):
        entities = tuple(replace(entity, generic=True) for entity in entities)
    models = [entity.model for entity in entities if entity.model is not None]
    named = models or [found[0] for found in map(attribute_of, given) if found is not None]
    if not entities or call.more is not None:
        return None
    named = named or list(_about(frame, call.node))
    if not named:
        return None
    generic = {GENERIC} if any(entity.generic for entity in entities) else set()
    rows = rows_of(named[0]).but(
        loops=frame.loops, values=len(entities) > 1 or not models, applied=frozenset({"begun", *generic})
    )
    rows = with_held(frame, rows.but(root=root_of(frame, rows, call.node)))
    return as_query(among_themselves(rows, rows), type_, entities)


def _about(frame: Frame, call: ast.Call) -> Iterator[Class]:
    """The models whose columns expressions are made of: `select(func.count(Order.id))`."""
    for given in call.args:
        for node in descendants(given):
            found = mapped_attribute(frame, node) if isinstance(node, ast.Attribute) else None
            if found is not None:
                yield found[0]


def mapped_attribute(frame: Frame, node: ast.expr) -> tuple[Class, str] | None:
    """The model and name of a mapped attribute that an expression is: `Order.customer`."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name | ast.Attribute):
        return None
    if not any(isinstance(target, Class) for target in frame.evaluate(node.value).targets):
        return None
    return attribute_of(frame.evaluate(node))


def entity_of(value: Value) -> Entity:
    for target in value.targets:
        if isinstance(target, Class) and model_of(target) is not None:
            return Entity(target.node.name, target, generic=is_given(value))
    found = attribute_of(value)
    return Entity(found[1] if found is not None else "", None)


def is_chosen(frame: Frame, node: ast.AST) -> bool:
    """Whether an expression is an attribute of `self` or `cls` that classes below fill in: `self.model`."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name) or frame.function is None:
        return False
    if node.value.id not in shape_of(frame.function.node).parameters[:1]:
        return False
    return frame.owner is None or node.attr not in frame.owner.env


def is_given(model: Value) -> bool:
    """Whether a caller chooses a model: the query of a method for all of them is no place for what one needs."""
    return any(taint.is_parameter for taint in model.taints)


def as_query(rows: Rows, type_: object, entities: tuple[Entity, ...] = ()) -> Value:
    """A query as a value: one of several entities, or of columns, gives tuples."""
    if not rows.values:
        return rows_value(rows, type_)
    return Value(type=type_, rest=tuple_of(rows, entities), record=rows, facts={"entities": entities})


def tuple_of(rows: Rows, entities: tuple[Entity, ...]) -> Value:
    """A row of a result: what it has in its places, and under their names."""
    if not entities:
        return UNKNOWN
    items = {
        index: UNKNOWN
        if entity.model is None
        else Value(type=entity.model, record=Row(_part(rows, entity, entities)))
        for index, entity in enumerate(entities)
    }
    names = tuple(entity.name for entity in entities)
    few = rows.limit is not None and rows.limit <= FEW
    return Value(type="builtins.tuple", items=items, facts={"names": names}, literal=few)


def _part(rows: Rows, entity: Entity, entities: tuple[Entity, ...]) -> Rows:
    """The query as that of one of its entities, beside which the rows of the others stand."""
    loaded = rows.loaded if entity.model == rows.type else entity.loaded
    applied = rows.applied | {"entities"} if rows.values else rows.applied
    part = rows.but(type=entity.model, values=False, loaded=loaded, applied=applied)
    models = [model_of(other.model) for other in entities if other is not entity and other.model is not None]
    return beside(part, frozenset(model.name for model in models if model is not None))


def named_in(value: Value, name: str) -> Value | None:
    """What a row of a result has under a name."""
    names = (value.facts or {}).get("names", ())
    if name not in names or value.items is None:
        return None
    return value.items.get(names.index(name))


def written(frame: Frame, rows: Rows, node: ast.AST) -> Rows:
    """The query as an expression that more can be written behind: the whole chain, unless it has ended."""
    root = rows.root
    if root.__class__ is Taint or rows.applied & _ENDED or not is_place(frame, rows):
        return rows
    if isinstance(root, Origin):
        called = node.func if isinstance(node, ast.Call) else node
        below = called.value if isinstance(called, ast.Attribute) else None
        if below is not root.node:
            return rows
    return rows.written(Origin(frame.file, node))


def run(frame: Frame, rows: Rows, node: ast.AST) -> Rows:
    """The query as it is run, where what is missing can be put."""
    root = root_of(frame, rows, node)
    either = rows.either if root is rows.root else ()
    return rows.but(root=root, either=either, loops=frame.loops, pristine=False)


def first_of(row: Value) -> Value:
    """The first thing in a row of a result, or the row itself where it is one."""
    if row.type == "builtins.tuple" and row.items:
        return row.items[0]
    return row


def root_of(frame: Frame, rows: Rows, node: ast.AST) -> Origin | Taint | None:
    """Where a query is written that is run; nowhere where a method for all models makes it for one."""
    if rows.root is not None:
        return None if _is_passed_on(frame, rows, rows.root) else rows.root
    return Origin(frame.file, node) if is_place(frame, rows) else None


def _is_passed_on(frame: Frame, rows: Rows, root: Origin | Taint) -> bool:
    """Whether a query comes from a method of `self` that serves all models, or from one that is given a model."""
    if not isinstance(root, Origin) or not isinstance(root.node, ast.Call) or root.file is not frame.file:
        return False
    first = shape_of(frame.function.node).parameters[:1] if frame.function is not None else ()
    func = root.node.func
    if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in first:
        known = frame.file.names.bindings(frame.file.tree)
        return GENERIC in rows.applied or (isinstance(rows.type, Class) and rows.type.node.name not in known)
    given = [frame.env.get(one.id) for one in root.node.args if isinstance(one, ast.Name)]
    chosen = any(value is not None and is_given(value) and bool(value.targets) for value in given)
    return GENERIC in rows.applied and chosen


def is_place(frame: Frame, rows: Rows) -> bool:
    """Whether what the query lacks can be added where it is written: in code, for the model that it is about."""
    if not is_code(frame.file):
        return False
    return GENERIC not in rows.applied or (frame.function is not None and frame.function.owner == rows.type)


def entities_of(value: Value) -> tuple[Entity, ...]:
    """What a query that gives tuples gives in them."""
    found: tuple[Entity, ...] = (value.facts or {}).get("entities", ())
    return found


def page_of(one: Value) -> Value:
    """A page of rows like one."""
    return Value(type=PAGINATION, rest=one)


def of_page(value: Value, name: str) -> Value | None:
    """What an attribute of a page is."""
    if name == "items" and value.rest is not None:
        return Value(type="builtins.list", items={}, rest=value.rest)
    return None
