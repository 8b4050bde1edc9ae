"""What an operation says of values holds of what Python does with every object that they stand for."""

from __future__ import annotations

import ast
import builtins
import contextlib
import copy
import operator
import warnings
from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checks.semantics.operations import (
    binary,
    builtin,
    compare,
    dict_display,
    display,
    formatted,
    iterated,
    iteration_element,
    method,
    removed,
    sliced,
    stored,
    subscript,
    unary,
    unpacked,
)
from checks.semantics.operations.parts import key_of
from checks.semantics.values import NONE, NOTHING, Value, constant
from tests.described import (
    BYTES,
    HASHABLE,
    LEAVES,
    Make,
    among,
    any_of,
    call,
    describes,
    exact,
    integers,
    lists,
    mapped,
    objects,
    pair,
    texts,
    tuples,
    value_of,
)

CASES = 30
"""Objects tried for one example."""


def fuzzed(examples: int = 60) -> Callable[[Callable[[Random], None]], Callable[[], None]]:
    """A test of so many examples, the same every time; each tries thirty cases, and those that Python refuses pass."""

    def decorate(case: Callable[[Random], None]) -> Callable[[], None]:
        @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
        @given(st.integers(0, 2**40))
        def test(seed: int) -> None:
            random = Random(seed)
            for _ in range(CASES):
                with contextlib.suppress(Raised):
                    case(random)

        test.__doc__ = case.__doc__
        return test

    return decorate


class Raised(Exception):
    """Python raises for these operands: whatever the operation says is right."""


BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
}
UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {
    ast.Not: operator.not_,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Invert: operator.invert,
}
COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}


def attempted(function: Callable[..., Any], *arguments: Any) -> Any:
    """What Python gives."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*copy.deepcopy(arguments))
    except Exception as error:
        raise Raised from error


def holds(value: Value, made: Any) -> None:
    assert describes(value, made), f"{value!r} does not stand for {made!r}"


@fuzzed(200)
def test_binary(random: Random) -> None:
    op = random.choice(list(BINARY))
    left, right = pair(random), pair(random)
    holds(binary(op(), left[1], right[1]), attempted(BINARY[op], left[0], right[0]))


@fuzzed(200)
def test_operators_of_one_class(random: Random) -> None:
    kind = of_kind(random.choice([list, tuple, dict, set, str, int]))
    op = random.choice(list(BINARY))
    left, right = pair(random, kind), pair(random, kind)
    holds(binary(op(), left[1], right[1]), attempted(BINARY[op], left[0], right[0]))


@fuzzed()
def test_repetition(random: Random) -> None:
    left, right = pair(random, of_kind(list, tuple, str)), pair(random, integers(-1, 4))
    if random.random() < 0.5:
        left, right = right, left
    holds(binary(ast.Mult(), left[1], right[1]), attempted(operator.mul, left[0], right[0]))


@fuzzed()
def test_percent(random: Random) -> None:
    form = any_of(texts(8), among("%s", "a%s", "%s %d", "%(a)s", "%%", "%5.1f|%r", "%-5s"))
    left, right = (
        pair(random, form),
        pair(random, any_of(objects, lists(LEAVES, 2), mapped(tuple, lists(LEAVES, 2)))),
    )
    holds(binary(ast.Mod(), left[1], right[1]), attempted(operator.mod, left[0], right[0]))


@fuzzed()
def test_unary(random: Random) -> None:
    op = random.choice(list(UNARY))
    operand = pair(random)
    holds(unary(op(), operand[1]), attempted(UNARY[op], operand[0]))


@fuzzed(200)
def test_compare(random: Random) -> None:
    op = random.choice(list(COMPARE))
    left = pair(random)
    same = left[0]
    right = pair(random, any_of(objects, among(same, [same], (1, same), [[1], same])))
    holds(compare(op(), left[1], right[1]), attempted(COMPARE[op], same, right[0]))


@fuzzed()
def test_membership(random: Random) -> None:
    whole = pair(random, of_kind(list, tuple, dict, set, str))
    key = pair(random, any_of(HASHABLE, among(*whole[0]) if whole[0] else HASHABLE))
    holds(compare(ast.In(), key[1], whole[1]), attempted(operator.contains, whole[0], key[0]))


@fuzzed()
def test_identity(random: Random) -> None:
    left, other = pair(random), random.choice([None, True, False])
    holds(compare(ast.Is(), left[1], constant(other)), left[0] is other)
    holds(compare(ast.IsNot(), constant(other), left[1]), left[0] is not other)


def of_kind(*kinds: type) -> Make:
    """Objects of some classes."""
    inner = any_of(LEAVES, LEAVES, lists(LEAVES, 2))
    keys = any_of(among("a", "b", 0, 1), HASHABLE)
    found: dict[type, Make] = {
        str: texts(8),
        bytes: BYTES,
        int: integers(-5, 40),
        float: among(0.5, -2.0),
        list: lists(inner, 5),
        tuple: mapped(tuple, lists(inner, 5)),
        dict: mapped(dict, lists(tuples(keys, inner), 4)),
        set: mapped(set, lists(HASHABLE, 4)),
        frozenset: mapped(frozenset, lists(HASHABLE, 4)),
    }
    return any_of(*(found[kind] for kind in kinds))


INDEXES = any_of(integers(-6, 6), among("a", "b", "0", 1), HASHABLE)
BOUNDS = any_of(among(None), integers(-6, 6), among(True, False))


def near(made: Any) -> Make:
    """Keys that a container may have."""
    if isinstance(made, dict):
        return any_of(INDEXES, among(*made)) if made else INDEXES
    return any_of(INDEXES, among(True, False))


@fuzzed(150)
def test_subscript(random: Random) -> None:
    whole = pair(random, of_kind(list, tuple, dict, str, bytes))
    key = pair(random, near(whole[0]))
    holds(subscript(whole[1], key[1]), attempted(operator.getitem, whole[0], key[0]))


@fuzzed()
def test_slices(random: Random) -> None:
    whole = pair(random, of_kind(list, tuple, str, bytes))
    bounds = [pair(random, BOUNDS) for _ in range(3)]
    made = attempted(operator.getitem, whole[0], slice(*(bound[0] for bound in bounds)))
    holds(sliced(whole[1], *(bound[1] for bound in bounds)), made)
    key = builtin("builtins.slice", call(*(bound[1] for bound in bounds)))
    assert key is not None
    holds(subscript(whole[1], key), made)


@fuzzed(150)
def test_stored_and_removed(random: Random) -> None:
    made, value = pair(random, of_kind(list, dict))
    for _ in range(random.randint(1, 5)):
        key, new = pair(random, near(made)), pair(random, LEAVES)
        delete = random.random() < 0.3
        if key_of(key[1]) is NOTHING and isinstance(made, dict) and key[0] in (value.items or ()):
            continue  # a key that is not known is taken to be another than the known ones
        try:
            if delete:
                del made[key[0]]
            else:
                made[key[0]] = new[0]
        except (TypeError, IndexError, KeyError):
            continue
        value = removed(value, key[1]) if delete else stored(value, key[1], new[1])
        holds(value, made)


@fuzzed(100)
def test_unpacked(random: Random) -> None:
    whole = pair(random, of_kind(list, tuple, dict, str, set))
    made = list(whole[0])
    star = random.random() < 0.5
    before = random.randint(0, len(made)) if star else len(made)
    after = random.randint(0, len(made) - before) if star else 0
    expected = (
        [*made[:before], made[before : len(made) - after], *made[len(made) - after :]] if star else made
    )
    found = unpacked(whole[1], before, star, after)
    assert len(found) == len(expected)
    for value, one in zip(found, expected, strict=True):
        holds(value, one)


@fuzzed(100)
def test_displays(random: Random) -> None:
    kind = random.choice([list, tuple, set])
    made: list[Any] = []
    parts: list[tuple[Value, bool]] = []
    for _ in range(random.randint(0, 4)):
        starred = random.random() < 0.4
        one = pair(random, of_kind(list, tuple, set, dict, str) if starred else HASHABLE)
        made += one[0] if starred else [one[0]]
        parts.append((one[1], starred))
    holds(display(f"builtins.{kind.__name__}", parts), attempted(kind, made))


@fuzzed(100)
def test_dict_displays(random: Random) -> None:
    made: dict[Any, Any] = {}
    parts: list[tuple[Value | None, Value]] = []
    for _ in range(random.randint(0, 4)):
        if random.random() < 0.3:
            whole = pair(random, of_kind(dict))
            made |= whole[0]
            parts.append((None, whole[1]))
            continue
        key, value = pair(random, HASHABLE), pair(random)
        if key_of(key[1]) is NOTHING:
            key = (object(), key[1])  # one that is not known is taken to be another than the known ones
        made[key[0]] = value[0]
        parts.append((key[1], value[1]))
    holds(dict_display(parts), made)


@fuzzed(100)
def test_iteration(random: Random) -> None:
    whole = pair(random, of_kind(list, tuple, dict, str, bytes, set))
    known = iterated(whole[1])
    made = list(whole[0])
    if known is not None:
        assert len(known) == len(made)
        for value, one in zip(known, made, strict=True):
            holds(value, one)
    one_element = iteration_element(whole[1])
    for one in made:
        holds(one_element, one)


CONVERSIONS: dict[str, Callable[[Any], Any]] = {"": lambda one: one, "r": repr, "s": str, "a": ascii}
SPECS = among("", "", "d", ".2f", ">5", "x", "%", "05d", "s", ",", "e")


@fuzzed()
def test_formatted(random: Random) -> None:
    drawn = [
        (pair(random), random.choice(list(CONVERSIONS)), SPECS(random)) for _ in range(random.randint(1, 3))
    ]
    made = [attempted(format, CONVERSIONS[how](one[0]), spec) for one, how, spec in drawn]
    parts = [(one[1], how, constant(spec) if spec else None) for one, how, spec in drawn]
    holds(formatted(parts), "".join(made))


METHODS: dict[type, dict[str, list[Make]]] = {
    str: {
        **{
            name: []
            for name in (
                "lower", "upper", "title", "capitalize", "casefold", "swapcase", "strip", "split", "splitlines",
                "isdigit", "isalpha", "isalnum", "isdecimal", "isnumeric", "isidentifier", "isspace", "islower",
                "encode", "expandtabs",
            )
        },
        **{
            name: [of_kind(str)]
            for name in (
                "split", "rsplit", "partition", "rpartition", "startswith", "endswith", "find", "rfind", "index",
                "count", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix",
            )
        },
        "replace": [of_kind(str), of_kind(str)],
        "format": [LEAVES],
        "join": [lists(of_kind(str), 3)],
        "zfill": [integers(-2, 9)],
        "center": [integers(-2, 9), among("a", " ")],
        "format_map": [mapped(dict, lists(tuples(among("a", "b"), LEAVES), 2))],
    },
    bytes: {"decode": [], "upper": [], "split": [of_kind(bytes)], "find": [of_kind(bytes)], "hex": []},
    list: {
        "append": [objects],
        "extend": [of_kind(list, tuple, str, dict, set)],
        "insert": [integers(-3, 5), LEAVES],
        "pop": [integers(-3, 3)],
        "remove": [LEAVES],
        "clear": [],
        "sort": [],
        "reverse": [],
        "copy": [],
        "index": [LEAVES],
        "count": [LEAVES],
    },
    dict: {
        "get": [INDEXES, LEAVES],
        "pop": [INDEXES, LEAVES],
        "setdefault": [INDEXES, LEAVES],
        "update": [any_of(of_kind(dict), lists(tuples(HASHABLE, LEAVES), 3))],
        "items": [],
        "keys": [],
        "values": [],
        "popitem": [],
        "copy": [],
        "clear": [],
    },
    set: {
        "add": [HASHABLE],
        "discard": [HASHABLE],
        "remove": [HASHABLE],
        "clear": [],
        "copy": [],
        **{
            name: [of_kind(set, list, tuple, dict)]
            for name in (
                "union", "intersection", "difference", "symmetric_difference", "update", "intersection_update",
                "difference_update", "symmetric_difference_update", "isdisjoint", "issubset", "issuperset",
            )
        },
    },
    tuple: {"index": [LEAVES], "count": [LEAVES]},
}  # fmt: skip


@fuzzed(500)
def test_methods(random: Random) -> None:
    kind = random.choice(list(METHODS))
    made, value = pair(random, of_kind(kind))
    for _ in range(random.randint(1, 4)):
        name = random.choice(list(METHODS[kind]))
        wanted = METHODS[kind][name]
        if wanted and wanted[0] is INDEXES:
            wanted = [near(made), *wanted[1:]]
        arguments = [pair(random, make) for make in wanted]
        if name in ("get", "pop", "setdefault") and kind is dict:
            arguments = arguments[: random.randint(1, 2)]
        if name == "setdefault" and key_of(arguments[0][1]) is NOTHING:
            continue  # a key that is not known is taken to be another than the known ones
        result = method(value, name, call(*(one[1] for one in arguments)))
        before = copy.deepcopy(made)
        try:
            gave = getattr(made, name)(*(one[0] for one in arguments))
        except Exception:
            made = before
            continue
        if result is None:
            assert not value.type_name
            return
        holds(result[0], gave)
        value = value if result[1] is None else result[1]
        holds(value, made)


BUILTINS: dict[str, list[Make]] = {
    **{name: [objects] for name in ("len", "bool", "str", "repr", "ascii", "list", "tuple", "set", "dict")},
    **{name: [objects] for name in ("frozenset", "sorted", "reversed", "enumerate", "min", "max", "sum")},
    **{name: [objects] for name in ("any", "all", "type", "slice", "hash")},
    **{name: [of_kind(int, float, str)] for name in ("int", "float", "abs", "round", "chr", "ord", "bytes")},
    **{name: [of_kind(int)] for name in ("hex", "oct", "bin", "range")},
    "divmod": [of_kind(int, float), of_kind(int, float)],
    "pow": [of_kind(int, float), of_kind(int)],
    "zip": [of_kind(list, str, dict), of_kind(tuple, list)],
    "format": [LEAVES, SPECS],
    "dict.fromkeys": [of_kind(list, str, dict, set), LEAVES],
    "str.upper": [of_kind(str)],
}


@fuzzed(600)
def test_builtins(random: Random) -> None:
    name = random.choice(list(BUILTINS))
    arguments = [pair(random, make) for make in BUILTINS[name]]
    made = attempted(operator.attrgetter(name)(builtins), *(one[0] for one in arguments))
    result = builtin(f"builtins.{name}", call(*(one[1] for one in arguments)))
    if result is None:
        assert name in ("type", "bytes", "str.upper")
    elif name == "type":
        assert result.name == f"builtins.{made.__name__}"
    elif name == "reversed":
        holds(result.but(type="builtins.list"), list(made))
    elif name in ("enumerate", "zip"):
        assert result.type == f"builtins.{name}"
        holds(result.but(type="builtins.list"), list(made))
    else:
        holds(result, made)


CLASSES = [str, bytes, int, float, bool, list, tuple, dict, set, object]


@fuzzed()
def test_isinstance(random: Random) -> None:
    subject = pair(random)
    classes = random.sample(CLASSES, random.randint(1, 3))
    names = [Value(name=f"builtins.{kind.__name__}") for kind in classes]
    tested = names[0] if len(names) == 1 else exact(()).but(items=dict(enumerate(names)))
    result = builtin("builtins.isinstance", call(subject[1], tested))
    made = isinstance(subject[0], tuple(classes))
    assert result is not None
    holds(result, made)
    for implied in result.true if made else ():
        if implied.value is not None and not isinstance(subject[0], bool):
            holds(implied.value, subject[0])


LEAF_TEXTS = [
    "(1)",
    "'a'",
    "'%s'",
    "[1, 2]",
    "('a', 2)",
    "{'a': 1}",
    "{1, 2}",
    "x",
    "y",
    "(-1)",
    "None",
    "(0)",
]
OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "<<", "|", "&", "==", "!=", "<", "in", "is", "and", "or"]
FORMS = [
    "(not {})",
    "len({})",
    "str({})",
    "sorted({})",
    "{}.get('a')",
    "{}.upper()",
    "[{}, 1]",
    "{{'a': {}}}",
]


def expression(random: Random, depth: int = 3) -> str:
    """The text of an expression of constants and two names."""
    choice = random.randint(0, 6) if depth else 0
    if choice < 2:
        return random.choice(LEAF_TEXTS)
    one, other = expression(random, depth - 1), expression(random, depth - 1)
    if choice < 4:
        return f"({one} {random.choice(OPERATORS)} {other})"
    if choice == 4:
        return f"{one}[{other}]"
    if choice == 5:
        return f"{one}[{other}:{expression(random, depth - 1)}]"
    return random.choice(FORMS).format(one)


@fuzzed(500)
def test_expressions(random: Random) -> None:
    text = expression(random)
    names = {name: objects(random) for name in "xy"}
    known = {name: value_of(random, made) for name, made in names.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text, mode="eval").body
    made = attempted(eval, text, {"__builtins__": builtins}, names)
    assert describes(evaluated(tree, known), made), (text, names, known, made)


def evaluated(node: ast.expr, names: dict[str, Value]) -> Value:
    """The value of an expression by the operations alone."""
    match node:
        case ast.Constant():
            return constant(node.value)
        case ast.Name():
            return names[node.id]
        case ast.List() | ast.Tuple() | ast.Set():
            parts = [evaluated(part, names) for part in node.elts]
            kind = f"builtins.{node.__class__.__name__.lower()}"
            return builtin(kind, call(exact(()).but(items=dict(enumerate(parts))))) or Value()
        case ast.Dict(keys=[ast.Constant(value=key)], values=[one]):
            return stored(exact({}), constant(key), evaluated(one, names))
        case ast.BoolOp(values=[one, other]):
            left = evaluated(one, names)
            truth = left.truth()
            if truth is None:
                return Value()
            return evaluated(other, names) if truth is isinstance(node.op, ast.And) else left
        case ast.Subscript(slice=ast.Slice(lower=lower, upper=upper)):
            bounds = [None if bound is None else evaluated(bound, names) for bound in (lower, upper, None)]
            return sliced(evaluated(node.value, names), *bounds)
        case ast.Call(func=ast.Attribute() as function):
            receiver = evaluated(function.value, names)
            answer = method(receiver, function.attr, call(*(evaluated(part, names) for part in node.args)))
            return Value() if answer is None else answer[0]
    return operated(node, names)


def operated(node: ast.expr, names: dict[str, Value]) -> Value:
    """The value of an operator's expression, or of a builtin function's call."""
    match node:
        case ast.BinOp():
            return binary(node.op, evaluated(node.left, names), evaluated(node.right, names))
        case ast.UnaryOp():
            return unary(node.op, evaluated(node.operand, names))
        case ast.Compare(ops=[op], comparators=[right]):
            return compare(op, evaluated(node.left, names), evaluated(right, names))
        case ast.Subscript():
            return subscript(evaluated(node.value, names), evaluated(node.slice, names))
        case ast.Call(func=ast.Name(id=name)):
            return (
                builtin(f"builtins.{name}", call(*(evaluated(part, names) for part in node.args))) or Value()
            )
    raise AssertionError(ast.dump(node))


def test_the_comparison_of_values_with_objects_sees_differences() -> None:
    wrong: list[tuple[Any, Any]] = [(1, 2), (1, True), ("a", b"a"), ([1], [1, 2]), ({"a": 1}, {}), ({1}, {2})]
    for one, other in wrong:
        assert describes(exact(one), one)
        assert not describes(exact(one), other)
    assert not describes(NONE, 0)
