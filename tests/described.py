"""Values of the interpreter beside the Python objects that they stand for: made for tests, and compared.

Objects are made with `random`, many for one example of a property: drawing each part of each object from hypothesis
takes a hundred times as long.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from checks.semantics.contents import join, mapping, sequence
from checks.semantics.invocation import Invocation
from checks.semantics.operations import set_of
from checks.semantics.operations.parts import KEYS
from checks.semantics.values import UNKNOWN, Value, constant, instance

Make = Callable[[Random], Any]
Pair = tuple[Any, Value]


def among(*made: Any) -> Make:
    """One of these."""
    return lambda random: random.choice(made)


def any_of(*makes: Make) -> Make:
    """What one of these makes."""
    return lambda random: random.choice(makes)(random)


def texts(longest: int) -> Make:
    """Short texts of characters that operations care for."""
    return lambda random: "".join(random.choice("ab%{}0 /.") for _ in range(random.randint(0, longest)))


def integers(least: int, most: int) -> Make:
    """Integers within bounds."""
    return lambda random: random.randint(least, most)


def lists(inner: Make, longest: int) -> Make:
    """Lists of what another makes."""
    return lambda random: [inner(random) for _ in range(random.randint(0, longest))]


def mapped(function: Callable[[Any], Any], inner: Make) -> Make:
    """What a function makes of what another makes."""
    return lambda random: function(inner(random))


def tuples(*inner: Make) -> Make:
    """Tuples of what others make."""
    return lambda random: tuple(one(random) for one in inner)


BYTES: Make = among(b"", b"a", b"ab", b"0", b"a b", b"%d")
LEAVES: Make = any_of(
    among(None, True, False),
    integers(-4, 9),
    among(0.0, -0.0, 0.5, -1.0, 2.0, 1e300),
    texts(5),
    texts(2),
    BYTES,
)
_KEYS: Make = any_of(among(None, 0.5, 1e300, "a", "b"), integers(-4, 9), texts(5), texts(2), BYTES)
HASHABLE: Make = any_of(_KEYS, _KEYS, tuples(_KEYS, _KEYS))
"""Keys that are equal only to those of their class: of 1 and True, a join of two dicts keeps any one."""


def objects(random: Random, depth: int = 2) -> Any:
    """Any object: constants, and containers two deep."""
    choice = random.randint(0, 9) if depth else 9
    if choice > 4:
        return LEAVES(random)

    def inner(random: Random) -> Any:
        return objects(random, depth - 1)

    if choice == 0:
        return lists(inner, 4)(random)
    if choice == 1:
        return tuple(lists(inner, 3)(random))
    if choice == 2:
        return set(lists(HASHABLE, 3)(random))
    return dict(lists(tuples(HASHABLE, inner), 3)(random))


_NAMES = {kind: f"builtins.{kind.__name__}" for kind in (list, tuple, set, frozenset, dict)}


def exact(made: Any) -> Value:
    """The value of which everything is known."""
    kind = made.__class__
    if kind in (list, tuple):
        return sequence(_NAMES[kind], [exact(item) for item in made])
    if kind in (set, frozenset):
        return set_of([exact(item) for item in made], _NAMES[kind])
    if kind is dict:
        return mapping({key: exact(item) for key, item in made.items()})
    return constant(made)


def value_of(random: Random, made: Any) -> Value:
    """A value that stands for an object, and often for others too."""
    kind = made.__class__
    choice = random.randint(0, 9)
    if choice == 0:
        return random.choice([UNKNOWN, instance(f"builtins.{kind.__name__}")])
    if choice in (1, 2):
        sides = [exact(made), exact(random.choice([None, objects(random), made]))]
        random.shuffle(sides)
        return join(*sides)
    if choice in (3, 4) and kind in (list, tuple):
        cut = random.randint(0, len(made))
        items = [value_of(random, item) for item in made[:cut]]
        rest = value_of(random, made[cut]) if cut < len(made) else None
        for item in made[cut + 1 :]:
            assert rest is not None
            rest = join(rest, value_of(random, item))
        return sequence(_NAMES[kind], items, rest)
    if choice in (3, 4) and kind is dict:
        found = mapping({key: value_of(random, item) for key, item in made.items()})
        return join(found, exact(dict(list(made.items())[1:]))) if choice == 3 else found
    return exact(made)


def pair(random: Random, make: Make = objects) -> Pair:
    """An object, and a value that stands for it."""
    made = make(random)
    return made, value_of(random, made)


def describes(value: Value, made: Any) -> bool:
    """Whether an object is one of those that a value stands for."""
    if value.is_constant:
        return value.const.__class__ is made.__class__ and repr(value.const) == repr(made)
    truth = value.truth()
    if truth is not None and truth is not bool(made):
        return False
    if value.optional and made is None:
        return True
    name = value.type_name
    if not name:
        return True
    kind = made.__class__
    if name != f"builtins.{kind.__name__}" and not (
        name == "builtins.iterator" and hasattr(made, "__next__")
    ):
        return False
    if value.items is None and value.rest is None:
        return True
    return _describes_elements(value, made)


def _describes_elements(value: Value, made: Any) -> bool:
    items, rest = dict(value.items or {}), value.rest
    if isinstance(made, dict):
        items.pop(KEYS, None)
        if rest is None and set(items) != set(made):
            return False
        return all(
            describes(items[key], item) if key in items else rest is not None and describes(rest, item)
            for key, item in made.items()
        )
    if isinstance(made, slice):
        return all(describes(items[name], getattr(made, name)) for name in ("start", "stop", "step"))
    elements = list(made)
    if isinstance(made, set | frozenset):
        known = [*items.values(), *(() if rest is None else (rest,))]
        counted = rest is not None or bool(elements) == bool(items)
        return counted and all(any(_equals(one, item) for one in known) for item in elements)
    if (len(elements) < len(items)) or (rest is None and len(elements) != len(items)):
        return False
    return all(
        describes(items[index], item) if index in items else rest is not None and describes(rest, item)
        for index, item in enumerate(elements)
    )


def _equals(value: Value, made: Any) -> bool:
    """Of objects that are equal and of several classes, such as 1 and True, a set keeps any one."""
    return describes(value, made) or (value.is_constant and value.const == made)


_CALL = ast.parse("f()", mode="eval").body
assert isinstance(_CALL, ast.Call)
_NODE: ast.Call = _CALL


def call(*positional: Value, more: Value | None = None, **keywords: Value) -> Invocation:
    """A call with these arguments."""
    return Invocation("f", _NODE, None, positional, keywords, more)


def shown(values: Sequence[Value]) -> str:
    """Values for the message of a failing test."""
    return "\n".join(map(repr, values))
