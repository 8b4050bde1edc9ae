"""What the interpreter knows of an expression's value: what it is, of which type, what it holds and where it came from.

Values never change: a list that is appended to gives another value, and the interpreter puts it wherever the old one
stood. So two names of one object share one `Value`, and `is` tells aliases.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from checks.semantics.rows import Record
from checks.semantics.taints import Taints, join_taints

MAX_TEXT = 10_000
MAX_DEPTH = 8


class _Nothing:
    """The constant of a value that is not constant."""

    def __repr__(self) -> str:
        return "NOTHING"

    def __bool__(self) -> bool:
        return False


NOTHING: Final = _Nothing()


class Value:
    """What is known of a value; every field may be empty, and an empty one says nothing.

    - `name`: the dotted name of the function, class or module that it is (`requests.get`)
    - `type`: of an instance, its class: a dotted name (`django.http.HttpRequest`) or a class of the project
    - `const`: a number, text, bytes, bool or None, else `NOTHING`
    - `items`, `rest`: a container's elements by index or key, an instance's attributes by name; `rest` joins those
      whose key is not known, and None says that there are no others; where a dict has a `rest`, its known keys may
      be missing, while the known elements of a list with a `rest` are its first
    - `optional`: it may also be None, though its class is known
    - `taints`: the sources of the value as a whole; those of elements are with them
    - `targets`: functions and classes of the project that it may be, when called
    - `literal`: made of nothing but what stands in the code
    - `built`: a text put together from what the code says and what it doesn't
    - `true`, `false`: what holds of other values where this one is true, or false
    - `part_of`: the value that this one is a part of, for checks that speak of the whole (`urlparse(url).netloc`)
    - `receiver`: of a method, what it is called on
    - `facts`: what frameworks note, by name; `fixed` is an attribute with a constant that decides what methods do
    - `record`: of rows of a database: the query, or the row as one of a query's
    """

    __slots__ = (
        "built",
        "const",
        "facts",
        "false",
        "items",
        "literal",
        "name",
        "optional",
        "part_of",
        "receiver",
        "record",
        "rest",
        "taints",
        "targets",
        "true",
        "type",
    )

    def __init__(  # noqa: PLR0913 - a value has as many sides
        self,
        *,
        name: str | None = None,
        type: Any = None,  # noqa: A002 - the field's own term
        const: Any = NOTHING,
        items: Mapping[Any, Value] | None = None,
        rest: Value | None = None,
        taints: Taints = (),
        targets: tuple[Any, ...] = (),
        literal: bool = False,
        built: bool = False,
        optional: bool = False,
        true: tuple[Implication, ...] = (),
        false: tuple[Implication, ...] = (),
        part_of: Value | None = None,
        receiver: Value | None = None,
        facts: Mapping[str, Any] | None = None,
        record: Record | None = None,
    ) -> None:
        self.name = name
        self.type = type
        self.const = const
        self.items = items
        self.rest = rest
        self.taints = taints
        self.targets = targets
        self.literal = literal
        self.built = built
        self.optional = optional
        self.true = true
        self.false = false
        self.part_of = part_of
        self.receiver = receiver
        self.facts = facts
        self.record = record

    def but(self, **changes: Any) -> Value:
        """The same value but for some fields."""
        made = Value.__new__(Value)
        made.name, made.type, made.const = self.name, self.type, self.const
        made.items, made.rest, made.taints, made.targets = self.items, self.rest, self.taints, self.targets
        made.literal, made.built, made.optional = self.literal, self.built, self.optional
        made.true, made.false, made.part_of = self.true, self.false, self.part_of
        made.receiver, made.facts, made.record = self.receiver, self.facts, self.record
        for field, changed in changes.items():
            setattr(made, field, changed)
        return made

    @property
    def is_constant(self) -> bool:
        """Whether it is one known number, text, bytes, bool or None."""
        return self.const is not NOTHING

    @property
    def type_name(self) -> str:
        """The dotted name of its class, empty when that is not known."""
        return self.type if self.type.__class__ is str else getattr(self.type, "name", "")

    def truth(self) -> bool | None:
        """Whether it counts as true, None when that is not known."""
        if self.const is not NOTHING:
            return bool(self.const)
        if self.items is not None and self.type_name in SIZED:
            if not self.items and self.rest is None:
                return False
            sure = self.rest is None or (self.type_name in _ORDERED and self.items)
            return True if sure and not self.optional else None
        if self.targets and not self.taints and self.type is None and not self.optional:
            return True
        return None

    def __repr__(self) -> str:
        fields = ((field, getattr(self, field)) for field in Value.__slots__)
        shown = (
            f"{field}={value!r}"
            for field, value in fields
            if value or (value is not NOTHING if field == "const" else field == "items" and value is not None)
        )
        return f"Value({', '.join(shown)})"


class Implication:
    """That a value can't harm some kinds of sinks, or is of a type, where a test came out one way.

    `subject` is the value that was tested and `text` the expression that gave it: what is written again is the same.
    """

    __slots__ = ("clean", "subject", "text", "value")

    def __init__(
        self,
        subject: Value | None,
        text: str = "",
        clean: frozenset[str] = frozenset(),
        value: Value | None = None,
    ) -> None:
        self.subject = subject
        self.text = text
        self.clean = clean
        self.value = value


UNKNOWN: Final = Value()
SIZED = frozenset({"builtins.list", "builtins.tuple", "builtins.dict", "builtins.set", "builtins.frozenset"})
_ORDERED = frozenset({"builtins.list", "builtins.tuple"})
_TYPES: Final[dict[type, str]] = {
    str: "builtins.str",
    bytes: "builtins.bytes",
    int: "builtins.int",
    float: "builtins.float",
    complex: "builtins.complex",
    bool: "builtins.bool",
    type(None): "builtins.NoneType",
    type(...): "builtins.ellipsis",
}
_INTERNED: dict[tuple[type, Any], Value] = {}


def constant(value: Any) -> Value:
    """The value of a constant of the code; text beyond ten thousand characters is only known as literal."""
    kind = value.__class__
    if kind is str or kind is bytes:
        if len(value) > 40:
            return Value(type=_TYPES[kind], const=value if len(value) <= MAX_TEXT else NOTHING, literal=True)
    elif kind is int and not -_LARGEST < value < _LARGEST:
        return Value(type=_TYPES[int], literal=True)
    elif kind is float and value == 0.0:
        return Value(type=_TYPES[float], const=value, literal=True)  # -0.0 equals 0.0 and is another
    key = (kind, value)
    known = _INTERNED.get(key)
    if known is None:
        known = Value(type=_TYPES.get(kind), const=value, literal=True)
        if len(_INTERNED) < 50_000:
            _INTERNED[key] = known
    return known


_LARGEST = 10**30
NONE: Final = constant(None)
TRUE: Final = constant(True)
FALSE: Final = constant(False)
_INSTANCES: dict[Any, Value] = {}


def instance(type: Any) -> Value:  # noqa: A002
    """A value of which only the class is known."""
    known = _INSTANCES.get(type)
    if known is None:
        known = Value(type=type)
        if len(_INSTANCES) < 50_000 and type.__class__ is str:
            _INSTANCES[type] = known
    return known


def with_taints(value: Value, taints: Taints) -> Value:
    """The value, also coming from other sources."""
    joined = join_taints(value.taints, taints)
    if joined is value.taints:
        return value
    return value.but(taints=joined, literal=False, const=NOTHING)


def all_taints(value: Value, depth: int = MAX_DEPTH) -> Taints:
    """The sources of a value and of all that it holds."""
    found = value.taints
    if depth:
        for item in (value.items or {}).values():
            found = join_taints(found, all_taints(item, depth - 1))
        if value.rest is not None:
            found = join_taints(found, all_taints(value.rest, depth - 1))
    return found


def cleaned(value: Value, kinds: frozenset[str], depth: int = MAX_DEPTH) -> Value:
    """The value after a check or an escape that makes it harmless for some kinds of sinks; `*` stands for all."""
    if not value.taints and not value.items and value.rest is None:
        return value
    taints = tuple(
        taint if kinds <= taint.clean else taint.changed(clean=taint.clean | kinds) for taint in value.taints
    )
    items, rest = value.items, value.rest
    if depth and items:
        items = {key: cleaned(item, kinds, depth - 1) for key, item in items.items()}
    if depth and rest is not None:
        rest = cleaned(rest, kinds, depth - 1)
    return value.but(taints=taints, items=items, rest=rest)
