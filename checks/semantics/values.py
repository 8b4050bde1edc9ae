"""What the interpreter knows of an expression's value: what it is, of which type, what it holds and where it came from.

Values never change: a list that is appended to gives another value, and the interpreter puts it wherever the old one
stood. So two names of one object share one `Value`, and `is` tells aliases.
"""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, Final

MAX_ITEMS = 64
"""Elements that a container is followed by; one with more is known by their join alone."""

MAX_TAINTS = 8
MAX_PATH = 5
MAX_TARGETS = 6
MAX_TEXT = 10_000
_DEPTH = 8
_WEIGHT = 2_000


class _Nothing:
    """The constant of a value that is not constant."""

    def __repr__(self) -> str:
        return "NOTHING"

    def __bool__(self) -> bool:
        return False


NOTHING: Final = _Nothing()


class Trail:
    """A step that tainted data took, linked to the one before; `place` is line, column, end line and end column.

    Columns are `ast`'s: UTF-8 bytes from zero.
    """

    __slots__ = ("before", "length", "path", "place", "text")

    def __init__(self, path: str, node: ast.AST, text: str, before: Trail | None = None) -> None:
        self.path = path
        line: int = getattr(node, "lineno", 1)
        end: int | None = getattr(node, "end_lineno", None)
        self.place = (
            line,
            getattr(node, "col_offset", 0),
            end or line,
            getattr(node, "end_col_offset", None) or 0,
        )
        self.text = text
        self.before = before
        self.length: int = 1 if before is None else before.length + 1

    def steps(self) -> list[Trail]:
        """The steps from the source on."""
        found: list[Trail] = []
        step: Trail | None = self
        while step is not None:
            found.append(step)
            step = step.before
        found.reverse()
        return found


class Taint:
    """One source that a value may come from.

    `label` is what the source gives (`request`, `secret`, `exception`), empty for a parameter that no caller has
    bound yet. `origin` tells sources apart: a place in the code, or the parameter's index. `path` is what was taken
    of it: attributes, `[key]`, `[]` for an unknown key, `()` for a call. `clean` are the kinds of sinks that it can't
    harm any more; `sure` is false once it went through a call that nothing is known of.
    """

    __slots__ = ("_children", "clean", "key", "label", "origin", "path", "sure", "trail")

    def __init__(
        self,
        label: str,
        origin: Hashable,
        path: tuple[str, ...] = (),
        clean: frozenset[str] = frozenset(),
        sure: bool = True,
        trail: Trail | None = None,
    ) -> None:
        self.label = label
        self.origin = origin
        self.path = path
        self.clean = clean
        self.sure = sure
        self.trail = trail
        self.key: tuple[Hashable, ...] = (label, origin, path)
        self._children: dict[str, Taint] | None = None

    def child(self, step: str) -> Taint:
        """The taint of a part: an attribute's name, `[key]`, `[]` or `()`; below five steps parts are one."""
        if len(self.path) >= MAX_PATH:
            return self
        if self._children is None:
            self._children = {}
        known = self._children.get(step)
        if known is None:
            known = Taint(self.label, self.origin, (*self.path, step), self.clean, self.sure, self.trail)
            self._children[step] = known
        return known

    def changed(
        self, clean: frozenset[str] | None = None, sure: bool | None = None, trail: Trail | None = None
    ) -> Taint:
        """The same source in another state."""
        return Taint(
            self.label,
            self.origin,
            self.path,
            self.clean if clean is None else clean,
            self.sure if sure is None else sure,
            self.trail if trail is None else trail,
        )

    def is_like(self, other: Taint) -> bool:
        """Whether two are the same but for the way that they came."""
        return self.key == other.key and self.clean == other.clean and self.sure == other.sure

    @property
    def is_parameter(self) -> bool:
        """Whether it stands for what a caller will give."""
        return self.label == ""

    def __repr__(self) -> str:
        return f"Taint({self.label or self.origin}{''.join(self.path)}, clean={sorted(self.clean)})"


Taints = tuple[Taint, ...]


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
    - `facts`: what frameworks note (a queryset's model and joins), by name
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

    def but(self, **changes: Any) -> Value:
        """The same value but for some fields."""
        made = Value.__new__(Value)
        for field in Value.__slots__:
            setattr(made, field, changes[field] if field in changes else getattr(self, field))
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
        if self.items is not None and self.type_name in _SIZED:
            if not self.items and self.rest is None:
                return False
            sure = self.rest is None or (self.type_name in _ORDERED and self.items)
            return True if sure and not self.optional else None
        if self.targets and not self.taints and self.type is None and not self.optional:
            return True
        return None

    def __repr__(self) -> str:
        shown = (f"{field}={getattr(self, field)!r}" for field in Value.__slots__ if getattr(self, field))
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
_SIZED = frozenset({"builtins.list", "builtins.tuple", "builtins.dict", "builtins.set", "builtins.frozenset"})
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


def sequence(kind: str, elements: Iterable[Value], rest: Value | None = None) -> Value:
    """A list, tuple or set of these elements in order, and of others like `rest`."""
    listed = [bounded(element) for element in elements]
    literal = (rest is None or rest.literal) and all(element.literal for element in listed)
    if len(listed) > MAX_ITEMS:
        return Value(type=kind, items={}, rest=_join_all(listed, rest), literal=literal)
    return Value(type=kind, items=dict(enumerate(listed)), rest=rest, literal=literal)


def mapping(items: Mapping[Any, Value], rest: Value | None = None, kind: str = "builtins.dict") -> Value:
    """A dict of these items, and of others like `rest` under keys that are not known."""
    literal = (rest is None or rest.literal) and all(value.literal for value in items.values())
    if len(items) > MAX_ITEMS:
        return Value(type=kind, items={}, rest=_join_all(items.values(), rest), literal=literal)
    return Value(
        type=kind, items={key: bounded(value) for key, value in items.items()}, rest=rest, literal=literal
    )


def bounded(value: Value) -> Value:
    """The value as part of another: without its contents, but for their sources, where these are deep or many.

    So that no walk through what a value holds takes long, however often code nests one container in the next.
    """
    if (not value.items and value.rest is None) or _weight(value, _DEPTH - 1, _WEIGHT) >= 0:
        return value
    return value.but(items=None, rest=None, taints=all_taints(value))


def _weight(value: Value, depth: int, left: int) -> int:
    """What is left of an allowance after counting all that a value holds, negative when it doesn't suffice."""
    left -= 1
    if value.items or value.rest is not None:
        if depth <= 0:
            return -1
        for item in (value.items or {}).values():
            left = _weight(item, depth - 1, left)
            if left < 0:
                return left
        if value.rest is not None:
            left = _weight(value.rest, depth - 1, left)
    return left


def _join_all(values: Iterable[Value], rest: Value | None) -> Value | None:
    for value in values:
        rest = value if rest is None else join(rest, value)
    return rest


def element(value: Value) -> Value:
    """What a loop over a container gives, or an index that is not known: all of its elements joined."""
    found = value.rest
    for item in (value.items or {}).values():
        found = item if found is None else join(found, item)
    if value.taints:
        parts = tuple(taint.child("[]") for taint in value.taints)
        found = Value(taints=parts) if found is None else with_taints(found, parts)
    return UNKNOWN if found is None else found


def join(one: Value, other: Value) -> Value:
    """What holds of both: the first itself where the second adds nothing to it."""
    if one is other:
        return one
    if one is UNKNOWN and not other.taints and not other.targets and other.items is None:
        return one
    const = one.const if _same(one.const, other.const) else NOTHING
    taints = join_taints(one.taints, other.taints)
    targets = _join_targets(one.targets, other.targets)
    type_ = _join_types(one, other)
    name = one.name if one.name == other.name else None
    items, rest = _join_items(one, other)
    literal = one.literal and other.literal
    built = one.built or other.built
    facts = one.facts if one.facts == other.facts else None
    receiver = one.receiver if one.receiver is other.receiver else None
    true = one.true if one.true is other.true else ()
    false = one.false if one.false is other.false else ()
    part_of = one.part_of if one.part_of is other.part_of else None
    optional = one.optional or other.optional or (one.const is None) is not (other.const is None)
    if (
        const is one.const
        and taints is one.taints
        and targets is one.targets
        and type_ is one.type
        and name is one.name
        and items is one.items
        and rest is one.rest
        and literal is one.literal
        and built is one.built
        and facts is one.facts
        and receiver is one.receiver
        and true is one.true
        and false is one.false
        and part_of is one.part_of
        and optional is one.optional
    ):
        return one
    return Value(
        name=name,
        type=type_,
        const=const,
        items=items,
        rest=rest,
        taints=taints,
        targets=targets,
        literal=literal,
        built=built,
        optional=optional,
        true=true,
        false=false,
        part_of=part_of,
        receiver=receiver,
        facts=facts,
    )


def _same(one: Any, other: Any) -> bool:
    return one is other or (one.__class__ is other.__class__ and one == other)


def _join_types(one: Value, other: Value) -> Any:
    """The class of both; one that may also be None keeps its class."""
    if one.type is other.type or one.type == other.type:
        return one.type
    if other.const is None:
        return one.type
    if one.const is None:
        return other.type
    return None


def _join_targets(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    if one is other or not other:
        return one
    if not one:
        return other
    more = tuple(target for target in other if target not in one)
    return (*one, *more)[:MAX_TARGETS] if more and len(one) < MAX_TARGETS else one


def _join_items(one: Value, other: Value) -> tuple[Mapping[Any, Value] | None, Value | None]:
    """The elements of both by key; those that only one has join the rest, as do all when they grow many.

    A dict, or an instance, keeps the keys that only one has; a dict joins them to its rest too.
    """
    if one.items is other.items and one.rest is other.rest:
        return one.items, one.rest
    sized = one.type_name in _SIZED and one.type == other.type
    rest, others = one.rest, other.rest
    if other.items is None and others is None:
        if not sized:
            return one.items, rest
        others = UNKNOWN
    if one.items is None and rest is None:
        if not sized:
            return other.items, others
        rest = UNKNOWN
    mine, theirs = one.items or {}, other.items or {}
    if not sized:
        return _join_attributes(one, mine, theirs, rest if others is None else _either(rest, others))
    if one.type_name != "builtins.dict":
        return _join_positions(one, mine, theirs, rest if others is None else _either(rest, others))
    return _join_keys(one, (mine, rest), (theirs, others))


def _join_keys(
    one: Value,
    mine: tuple[Mapping[Any, Value], Value | None],
    theirs: tuple[Mapping[Any, Value], Value | None],
) -> tuple[Mapping[Any, Value] | None, Value | None]:
    """The items of two dicts by key: where only one has a key, the other's rest may still have it."""
    joined: dict[Any, Value] = {}
    changed = one.items is None
    rest, others = mine[1], theirs[1]
    absent = rest if others is None else _either(rest, others)
    for key, value in mine[0].items():
        met = theirs[0].get(key, others)
        joined[key] = value if met is None else join(value, met)
        changed = changed or joined[key] is not value
        if key not in theirs[0]:
            absent = _either(absent, value)
    for key, value in theirs[0].items():
        if key not in mine[0]:
            absent = _either(absent, value)
            if len(joined) < MAX_ITEMS:
                changed = True
                joined[key] = value if rest is None else join(value, rest)
    return (joined if changed else one.items), absent


def _join_attributes(
    one: Value, mine: Mapping[Any, Value], theirs: Mapping[Any, Value], rest: Value | None
) -> tuple[Mapping[Any, Value] | None, Value | None]:
    """The attributes of two instances by name, or the elements of what is no builtin container by key."""
    joined: dict[Any, Value] = {}
    changed = one.items is None
    for key, value in mine.items():
        joined[key] = join(value, theirs[key]) if key in theirs else value
        changed = changed or joined[key] is not value
    for key, value in theirs.items():
        if key not in mine:
            if len(joined) < MAX_ITEMS:
                changed = True
                joined[key] = value
            else:
                rest = _either(rest, value)
    return (joined if changed else one.items), rest


def _join_positions(
    one: Value, mine: Mapping[Any, Value], theirs: Mapping[Any, Value], rest: Value | None
) -> tuple[Mapping[Any, Value], Value | None]:
    """The elements of two lists, tuples or sets by position, as far as both go, and the rest of both."""
    joined: dict[Any, Value] = {}
    changed = one.items is None or len(theirs) < len(mine)
    for key, value in mine.items():
        if key in theirs:
            joined[key] = join(value, theirs[key])
            changed = changed or joined[key] is not value
        else:
            rest = _either(rest, value)
    for key, value in theirs.items():
        if key not in mine:
            rest = _either(rest, value)
    return (joined if changed or one.items is None else one.items), rest


def _either(one: Value | None, other: Value) -> Value:
    return other if one is None else join(one, other)


def join_taints(one: Taints, other: Taints) -> Taints:
    """The sources of both; of one that reached both, only what is clean either way is clean."""
    if one is other or not other:
        return one
    if not one:
        return other
    found = {taint.key: taint for taint in one}
    changed = False
    for taint in other:
        known = found.get(taint.key)
        if known is None:
            if len(found) < MAX_TAINTS:
                found[taint.key] = taint
                changed = True
        elif known is not taint:
            clean = known.clean & taint.clean
            sure = known.sure or taint.sure
            if clean != known.clean or sure != known.sure:
                dirtier = known if len(known.clean) <= len(taint.clean) else taint
                found[taint.key] = dirtier.changed(clean=clean, sure=sure)
                changed = True
    return tuple(found.values()) if changed else one


def with_taints(value: Value, taints: Taints) -> Value:
    """The value, also coming from other sources."""
    joined = join_taints(value.taints, taints)
    if joined is value.taints:
        return value
    return value.but(taints=joined, literal=False, const=NOTHING)


def all_taints(value: Value, depth: int = _DEPTH) -> Taints:
    """The sources of a value and of all that it holds."""
    found = value.taints
    if depth:
        for item in (value.items or {}).values():
            found = join_taints(found, all_taints(item, depth - 1))
        if value.rest is not None:
            found = join_taints(found, all_taints(value.rest, depth - 1))
    return found


def cleaned(value: Value, kinds: frozenset[str], depth: int = _DEPTH) -> Value:
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


def harms(taint: Taint, kind: str) -> bool:
    """Whether a source can still do harm in a kind of sink."""
    return kind not in taint.clean and "*" not in taint.clean


def walked(taints: Taints, path: str, node: ast.AST, text: str) -> Taints:
    """The sources with a further step in their trails; steps on one line and long ways are not told one by one."""
    found = []
    for taint in taints:
        before = taint.trail
        if before is not None and (
            before.length >= _LONGEST
            or (before.path == path and before.place[0] == getattr(node, "lineno", 0))
        ):
            found.append(taint)
        else:
            found.append(taint.changed(trail=Trail(path, node, text, before)))
    return tuple(found)


_LONGEST = 20


def harmful(taints: Taints, label: str, kind: str) -> Iterator[Taint]:
    """The sources of one label that can do harm in a kind of sink."""
    for taint in taints:
        if taint.label == label and harms(taint, kind):
            yield taint
