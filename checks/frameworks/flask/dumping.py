"""Schemas of marshmallow at work: what each field of an answer reads of a row.

From marshmallow's documentation: "Nesting Schemas", "Custom Fields", "API Reference" (`Schema.dump`, `fields.Pluck`);
marshmallow-sqlalchemy's ("Recipes": `include_relationships`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from checks.frameworks.class_options import Declared
from checks.frameworks.lookups import Place, called, each, followed, method_called, place_of
from checks.frameworks.serializers import Serializer, serializer_of
from checks.frameworks.sqlalchemy.models import sql_model_named
from checks.semantics.interpret.frame import Frame
from checks.semantics.interpret.loops import leave
from checks.semantics.interpret.targets import Bound, Class, Function, Module, Scope
from checks.semantics.invocation import Invocation
from checks.semantics.names import link_parents
from checks.semantics.rows import Rows
from checks.semantics.source import File
from checks.semantics.values import NONE, UNKNOWN, Value

MAX_DEPTH = 6
"""Schemas within schemas."""

_LISTS = frozenset({"builtins.list", "builtins.tuple", "builtins.set", "builtins.generator"})
_MADE = """
def __init__(self, *given, only=None, exclude=(), many=None, **options):
    self.only = only
    self.exclude = exclude
    self.many = many
"""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The fields that an answer has: `only` some, or all but `exclude`, those of nested schemas behind a dot."""

    only: frozenset[str] | None = None
    exclude: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        """Whether a field is in the answer."""
        if name in self.exclude:
            return False
        return self.only is None or any(one.partition(".")[0] == name for one in self.only)

    def within(self, name: str) -> _Chosen:
        """What is said of the fields of a nested schema."""
        only = [one[len(name) + 1 :] for one in self.only or () if one.startswith(f"{name}.")]
        exclude = [one[len(name) + 1 :] for one in self.exclude if one.startswith(f"{name}.")]
        return _Chosen(frozenset(only) if only else None, frozenset(exclude))

    def and_also(self, other: _Chosen) -> _Chosen:
        """What both say."""
        only = other.only if self.only is None else self.only
        return _Chosen(only, self.exclude | other.exclude)


def is_schema(owner: Class) -> bool:
    """Whether a class of the project is a schema of marshmallow."""
    facts = serializer_of(owner.node, owner.file)
    return facts is not None and facts.framework == "marshmallow"


def maker(owner: Class, receiver: Value) -> Value | None:
    """The `__init__` of a schema: it keeps which fields are chosen, whatever one of the project's does beside."""
    known = owner.providers.get("schema")
    if known is None:
        tree = ast.parse(_MADE)
        link_parents(tree)
        function = tree.body[0]
        assert isinstance(function, ast.FunctionDef)
        nothing = Value(type="builtins.tuple", items={})
        defaults = {"only": NONE, "exclude": nothing, "many": NONE}
        known = Function(function, owner.file, f"{owner.name}.__init__", Scope({}), defaults, owner, "method")
        owner.providers["schema"] = known
    return Value(targets=(Bound(known, receiver),)) if isinstance(known, Function) else None


def dump(frame: Frame, call: Invocation) -> Value | None:
    """`OrderSchema(many=True).dump(orders)`."""
    given = call.argument((0, "obj"))
    if given is not None and call.receiver is not None:
        dumped(frame, call.receiver, given, place_of(call.node))
    return None


def dumped(frame: Frame, schema: Value, value: Value, place: Place) -> None:
    """A row, or each of many, as a schema says it: an instance, or the class."""
    for target in (schema.type, *schema.targets):
        chosen = _chosen(schema)
        if isinstance(target, Class) and is_schema(target) and chosen is not None:
            _dumped(frame, target, value, chosen, place)


def _chosen(schema: Value) -> _Chosen | None:
    """The fields that an instance is made with, None where that is not known."""
    items = schema.items or {}
    if isinstance(schema.type, Class) and _chooses(schema.type):
        return None
    only, exclude = _names(items.get("only", NONE)), _names(items.get("exclude"))
    if only is None or exclude is None:
        return None
    has_only = "only" in items and items["only"].const is not None
    return _Chosen(frozenset(only) if has_only else None, frozenset(exclude))


def _chooses(schema: Class) -> bool:
    """Whether the project's own `__init__` of a schema says by itself which fields are chosen."""
    for one in schema.order()[0]:
        for item in one.node.body:
            if isinstance(item, ast.FunctionDef) and item.name == "__init__":
                text = one.file.segment(item)
                return "only" in text or "exclude" in text
    return False


def _names(value: Value | None) -> list[str] | None:
    if value is None or value.const is None:
        return []
    texts = [one.const for one in (value.items or {}).values()]
    if value.items is None or value.rest is not None or not all(isinstance(one, str) for one in texts):
        return None
    return [str(one) for one in texts]


def _dumped(frame: Frame, schema: Class, value: Value, chosen: _Chosen, place: Place) -> None:
    if value is UNKNOWN or len(frame.loops) > MAX_DEPTH:
        return
    frame.step()
    if not _is_many(value):
        _row(frame, schema, value, chosen)
        return
    one = each(frame, value, place, (schema.node, place.lineno, place.col_offset))
    _row(frame, schema, one, chosen)
    leave(frame)


def _is_many(value: Value) -> bool:
    return (
        isinstance(value.record, Rows)
        or value.type_name in _LISTS
        or (value.rest is not None and not value.items)
    )


def _row(frame: Frame, schema: Class, row: Value, chosen: _Chosen) -> None:
    """One row as a dictionary, field by field."""
    facts = serializer_of(schema.node, schema.file)
    if facts is None or (row.record is None and not isinstance(row.type, Class)):
        return
    frame.uses.add(schema.file.path)
    receiver = Value(type=schema, items={})
    for name in _before(schema):
        method_called(frame, receiver, name, place_of(schema.node), row)
    for name in _shown(facts):
        if not chosen.has(name):
            continue
        frame.step()
        field = facts.declared.get(name)
        if field is not None:
            _declared(frame, schema, field, row, chosen.within(name))
        elif _is_of_model(facts, name):
            _relation(frame, facts, name, row)


def _before(schema: Class) -> Iterable[str]:
    """The methods that are given a row before it is dumped."""
    for name, value in schema.env.items():
        for target in value.targets:
            decorators = getattr(target.node, "decorator_list", ()) if isinstance(target, Function) else ()
            if any("pre_dump" in ast.unparse(one) for one in decorators):
                yield name


def _shown(facts: Serializer) -> list[str]:
    """The fields of an answer: those declared, those that `Meta` lists, the model's relations where it says so."""
    names = list(facts.shown)
    if _is_set(facts, "include_relationships"):
        model = sql_model_named(facts.model, facts.file) if facts.model else None
        names += [name for name in (model.relations if model is not None else ()) if name not in names]
    return [name for name in names if name not in (facts.exclude or ())]


def _is_set(facts: Serializer, option: str) -> bool:
    value, file = facts.meta.get(option, (None, facts.file))
    folded = file.constant(value)
    return folded is not None and folded.value is True


def _is_of_model(facts: Serializer, name: str) -> bool:
    """Whether a field is taken from the model: a relation of an automatic schema only where that says so."""
    model = sql_model_named(facts.model, facts.file) if facts.model else None
    if model is None or name not in model.relations:
        return True
    return _is_set(facts, "include_relationships")


def _relation(frame: Frame, facts: Serializer, name: str, row: Value) -> None:
    """A relation by the keys of its rows."""
    followed(frame, row, (name,), place_of(facts.node), calls=False)


def _declared(frame: Frame, schema: Class, field: Declared, row: Value, chosen: _Chosen) -> None:
    """A declared field, where it stands: a nested schema, a method, a function, or a path."""
    outer = frame.file
    frame.file = field.file
    try:
        _field(frame, schema, field, row, chosen)
    finally:
        frame.file = outer


def _field(frame: Frame, schema: Class, field: Declared, row: Value, chosen: _Chosen) -> None:
    place, call = place_of(field.call), field.call
    kind = field.dotted.rpartition(".")[2]
    if kind == "Method":
        method = _text(field, _argument(call, 0, "serialize"))
        if method:
            method_called(frame, Value(type=schema, items={}), method, place, row)
        return
    if kind == "Function":
        function = _value(frame, field, _argument(call, 0, "serialize"))
        if any(isinstance(target, Function) for target in function.targets):
            called(frame, function, place, row)
        return
    path = (_text(field, field.argument("attribute")) or field.name).split(".")
    value = followed(frame, row, path, place)
    while kind == "List" and call.args and isinstance(call.args[0], ast.Call):
        call = call.args[0]
        kind = (field.file.resolve(call.func) or "").rpartition(".")[2]
    if kind not in ("Nested", "Pluck", "SmartNested"):
        return
    inner = _value(frame, field, _argument(call, 0, "nested"))
    if any(isinstance(target, Function) for target in inner.targets):
        inner = called(frame, inner, place)
    if isinstance(inner.const, str):
        inner = _named(frame, schema, inner.const, field.file)
    said = _of_nested(field, call, kind)
    for target in (inner.type, *inner.targets):
        made = _chosen(inner)
        if isinstance(target, Class) and is_schema(target) and said is not None and made is not None:
            _dumped(frame, target, value, chosen.and_also(said).and_also(made), place)


def _of_nested(field: Declared, call: ast.Call, kind: str) -> _Chosen | None:
    """The fields that a nested schema is limited to; of `Pluck` the one."""
    if kind == "Pluck":
        name = _text(field, _argument(call, 1, "field_name"))
        return _Chosen(frozenset({name})) if name else None
    found: dict[str, frozenset[str] | None] = {}
    for word in ("only", "exclude"):
        given = _argument(call, -1, word)
        folded = field.file.constant(given)
        if given is not None and (folded is None or not isinstance(folded.value, list | tuple | str)):
            return None
        if folded is not None:
            texts = [folded.value] if isinstance(folded.value, str) else folded.value
            found[word] = frozenset(map(str, texts))  # type: ignore[call-overload]
    return _Chosen(found.get("only"), found.get("exclude") or frozenset())


def _argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    for given in call.keywords:
        if given.arg == keyword:
            return given.value
    return call.args[position] if 0 <= position < len(call.args) else None


def _text(field: Declared, node: ast.expr | None) -> str:
    folded = field.file.constant(node)
    return folded.value if folded is not None and isinstance(folded.value, str) else ""


def _value(frame: Frame, field: Declared, node: ast.expr | None) -> Value:
    """An expression of a class's body, as its module sees it."""
    if node is None:
        return UNKNOWN
    found = frame.machine.imported(field.file.module, field.file, None)
    for target in found.targets:
        if isinstance(target, Module):
            inner = Frame(frame.machine, field.file, Scope({}, target.scope), None, None)
            value = inner.evaluate(node)
            return frame.machine.forced(value)
    return UNKNOWN


def _named(frame: Frame, schema: Class, name: str, file: File) -> Value:
    """A schema by the text of its name: of the same module, or of one that has it."""
    if name == "self":
        return Value(targets=(schema,))
    short = name.rpartition(".")[2]
    for path in (file.path, *file.project.mentioning((f"class {short}(",), ".py")):
        home = file.project.file(path)
        found = frame.machine.imported(f"{home.module}.{short}", home, None) if home is not None else UNKNOWN
        if any(isinstance(target, Class) for target in found.targets):
            return found
    return UNKNOWN
