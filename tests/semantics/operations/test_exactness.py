"""Where all is known of the operands, all is known of the result."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from checks.semantics.contents import join, mapping, sequence
from checks.semantics.operations import (
    attribute_set,
    binary,
    builtin,
    compare,
    dict_display,
    display,
    formatted,
    iterated,
    method,
    removed,
    sliced,
    stored,
    subscript,
    unary,
    unpacked,
)
from checks.semantics.operations.parts import plain
from checks.semantics.values import FALSE, NONE, TRUE, UNKNOWN, Value, constant, instance
from tests.described import call, exact

OPERATORS: dict[str, type[ast.operator]] = {
    "+": ast.Add,
    "-": ast.Sub,
    "*": ast.Mult,
    "/": ast.Div,
    "//": ast.FloorDiv,
    "%": ast.Mod,
    "**": ast.Pow,
    "<<": ast.LShift,
    "|": ast.BitOr,
    "&": ast.BitAnd,
}


def same(value: Value, made: Any) -> None:
    """The value is this object and no other."""
    found = plain(value)
    assert found.__class__ is made.__class__
    assert found == made


@pytest.mark.parametrize(
    ("left", "op", "right", "made"),
    [
        (7, "+", 1, 8),
        (7, "/", 2, 3.5),
        (7, "//", 2, 3),
        (2, "**", 10, 1024),
        (True, "+", True, 2),
        (1, "<<", 4, 16),
        ("a", "+", "b", "ab"),
        ("ab", "*", 2, "abab"),
        (b"a", "+", b"b", b"ab"),
        ("%s-%d", "%", ("a", 1), "a-1"),
        ("%(x)s", "%", {"x": 1}, "1"),
        ("%s", "%", "a", "a"),
        ("100%%", "%", (), "100%"),
        ([1], "+", [2], [1, 2]),
        ((1,), "+", (2,), (1, 2)),
        ([1, 2], "*", 2, [1, 2, 1, 2]),
        ({"a": 1}, "|", {"b": 2}, {"a": 1, "b": 2}),
        ({"a": 1}, "|", {"a": 2}, {"a": 2}),
        ({1, 2}, "|", {3}, {1, 2, 3}),
        ({1, 2}, "&", {2}, {2}),
        ({1, 2}, "-", {2}, {1}),
        (6, "|", 1, 7),
    ],
)
def test_operators(left: Any, op: str, right: Any, made: Any) -> None:
    same(binary(OPERATORS[op](), exact(left), exact(right)), made)


@pytest.mark.parametrize(
    ("left", "op", "right", "made"),
    [
        (1, ast.Lt, 2, True),
        ("a", ast.Eq, "a", True),
        ("a", ast.Eq, b"a", False),
        ([1], ast.Eq, [1], True),
        ([1], ast.NotEq, [1, 2], True),
        ("a", ast.In, ("a", "b"), True),
        ("c", ast.In, {"a": 1}, False),
        ("b", ast.In, "abc", True),
        (1, ast.NotIn, {1, 2}, False),
        (None, ast.Is, None, True),
        (None, ast.IsNot, None, False),
        (0, ast.Is, None, False),
        ([1], ast.Is, None, False),
        (True, ast.Is, True, True),
    ],
)
def test_comparisons(left: Any, op: type[ast.cmpop], right: Any, made: bool) -> None:
    assert compare(op(), exact(left), exact(right)) is (TRUE if made else FALSE)


def test_what_an_unknown_value_is_compared_with_is_not_certain() -> None:
    for other in (UNKNOWN, constant("a"), NONE, exact(["a"]), instance("builtins.str")):
        for op in (ast.Eq(), ast.Is(), ast.In(), ast.Lt()):
            assert compare(op, UNKNOWN, other).truth() is None
    assert compare(ast.Is(), instance("shop.models.Order"), NONE).truth() is None


def test_nothing_is_in_what_is_empty() -> None:
    assert compare(ast.In(), UNKNOWN, exact([])) is FALSE
    assert compare(ast.NotIn(), UNKNOWN, exact({})) is TRUE


def test_a_list_of_unknown_elements_has_a_known_length_and_is_no_none() -> None:
    unknown = sequence("builtins.list", [UNKNOWN, constant(1)])
    assert compare(ast.Is(), unknown, NONE) is FALSE
    assert compare(ast.Eq(), unknown, exact([])) is FALSE
    same(called("len", unknown), 2)
    assert compare(ast.In(), constant(1), unknown) is TRUE
    assert compare(ast.In(), constant(2), unknown).truth() is None
    assert compare(ast.Is(), join(unknown, NONE), NONE).truth() is None


def called(name: str, *arguments: Value, **keywords: Value) -> Value:
    result = builtin(f"builtins.{name}", call(*arguments, **keywords))
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("name", "arguments", "made"),
    [
        ("len", ("abc",), 3),
        ("len", ({1, 2},), 2),
        ("int", ("12",), 12),
        ("int", ("ff", 16), 255),
        ("float", ("0.5",), 0.5),
        ("str", (1,), "1"),
        ("str", (), ""),
        ("bool", ([],), False),
        ("list", ("ab",), ["a", "b"]),
        ("tuple", ([1, 2],), (1, 2)),
        ("set", ([1, 1],), {1}),
        ("dict", ([("a", 1)],), {"a": 1}),
        ("sorted", ([2, 1],), [1, 2]),
        ("min", (2, 1), 1),
        ("max", ([2, 1],), 2),
        ("sum", ([2, 1],), 3),
        ("abs", (-2,), 2),
        ("round", (2.567, 2), 2.57),
        ("any", ([0, 1],), True),
        ("all", ([0, 1],), False),
        ("ord", ("a",), 97),
        ("chr", (97,), "a"),
        ("repr", ("a",), "'a'"),
        ("hex", (255,), "0xff"),
        ("divmod", (7, 2), (3, 1)),
        ("pow", (2, 3), 8),
        ("pow", (2, 3, 5), 3),
        ("format", (1.5, ".2f"), "1.50"),
        ("bytes", ("a", "utf-8"), b"a"),
        ("str.upper", ("a",), "A"),
        ("dict.fromkeys", (["a", "b"], 1), {"a": 1, "b": 1}),
    ],
)
def test_builtins(name: str, arguments: tuple[Any, ...], made: Any) -> None:
    same(called(name, *map(exact, arguments)), made)


def test_iterators_give_their_elements() -> None:
    pairs = iterated(called("enumerate", exact(["a", "b"]), constant(1)))
    assert [plain(one) for one in pairs or ()] == [(1, "a"), (2, "b")]
    rows = iterated(called("zip", exact([1, 2]), exact("ab")))
    assert rows is None or [plain(row) for row in rows] == [(1, "a"), (2, "b")]
    assert [plain(one) for one in iterated(called("range", constant(3))) or ()] == [0, 1, 2]
    assert [plain(one) for one in iterated(called("reversed", exact([1, 2]))) or ()] == [2, 1]
    assert [plain(one) for one in iterated(exact({"a": 1, 2: 3})) or ()] == ["a", 2]
    assert iterated(exact(list(range(17)))) is None


@pytest.mark.parametrize(
    ("receiver", "name", "arguments", "gives", "becomes"),
    [
        ("a b", "split", (), ["a", "b"], None),
        ("a-b", "partition", ("-",), ("a", "-", "b"), None),
        (" a ", "strip", (), "a", None),
        ("a", "encode", (), b"a", None),
        (b"a", "decode", ("utf-8",), "a", None),
        ("{}-{a}", "format", (1,), None, None),
        ("{}-{}", "format", (1, "x"), "1-x", None),
        (",", "join", (["a", "b"],), "a,b", None),
        ("a1", "isdigit", (), False, None),
        ("abc", "startswith", (("x", "a"),), True, None),
        ("abc", "replace", ("a", "x"), "xbc", None),
        ([1], "append", (2,), None, [1, 2]),
        ([1], "extend", ((2, 3),), None, [1, 2, 3]),
        ([1], "insert", (0, 2), None, [2, 1]),
        ([1, 2], "pop", (), 2, [1]),
        ([1, 2], "pop", (0,), 1, [2]),
        ([1, 2, 1], "remove", (1,), None, [2, 1]),
        ([1, 2], "clear", (), None, []),
        ([2, 1], "sort", (), None, [1, 2]),
        ([2, 1], "reverse", (), None, [1, 2]),
        ([2, 1], "index", (1,), 1, None),
        ((2, 1, 2), "count", (2,), 2, None),
        ({"a": 1}, "get", ("a",), 1, None),
        ({"a": 1}, "get", ("b",), None, None),
        ({"a": 1}, "get", ("b", 2), 2, None),
        ({"a": 1}, "pop", ("a",), 1, {}),
        ({"a": 1}, "pop", ("b", 2), 2, None),
        ({"a": 1}, "setdefault", ("a", 2), 1, None),
        ({"a": 1}, "setdefault", ("b", 2), 2, {"a": 1, "b": 2}),
        ({"a": 1}, "update", ({"b": 2},), None, {"a": 1, "b": 2}),
        ({"a": 1}, "popitem", (), ("a", 1), {}),
        ({1}, "add", (2,), None, {1, 2}),
        ({1}, "add", (1,), None, {1}),
        ({1, 2}, "discard", (2,), None, {1}),
        ({1, 2}, "union", ([3],), {1, 2, 3}, None),
        ({1, 2}, "update", ([3],), None, {1, 2, 3}),
        ({1, 2}, "isdisjoint", ([3],), True, None),
    ],
)
def test_methods(receiver: Any, name: str, arguments: tuple[Any, ...], gives: Any, becomes: Any) -> None:
    value = exact(receiver)
    result = method(value, name, call(*map(exact, arguments)))
    assert result is not None
    if name == "format" and gives is None:
        assert not result[0].is_constant
        return
    same(result[0], gives)
    if becomes is None:
        assert result[1] is None
    else:
        assert result[1] is not None
        assert result[1] is not value
        same(result[1], becomes)
    same(value, receiver)


def test_views_of_a_dict_have_its_keys_and_values() -> None:
    receiver = exact({"a": 1, "b": 2})
    views = {name: method(receiver, name, call()) for name in ("items", "keys", "values")}
    found = {name: [plain(one) for one in iterated(view[0]) or ()] for name, view in views.items() if view}
    assert found == {"items": [("a", 1), ("b", 2)], "keys": ["a", "b"], "values": [1, 2]}


def test_reading_writing_and_removing() -> None:
    same(subscript(exact([1, 2]), constant(-1)), 2)
    same(subscript(exact({"a": {"b": 3}}), constant("a")), {"b": 3})
    same(subscript(exact("abc"), constant(1)), "b")
    same(subscript(exact(b"abc"), constant(0)), 97)
    same(subscript(exact({("a", 1): 2}), exact(("a", 1))), 2)
    same(sliced(exact([1, 2, 3]), constant(1), None, None), [2, 3])
    same(sliced(exact("abc"), None, None, constant(-1)), "cba")
    same(stored(exact({}), constant("a"), constant(1)), {"a": 1})
    same(stored(exact([1, 2]), constant(-1), constant(3)), [1, 3])
    same(removed(exact({"a": 1, "b": 2}), constant("a")), {"b": 2})
    same(removed(exact([1, 2, 3]), constant(0)), [2, 3])


def test_displays_spread_what_is_starred() -> None:
    same(display("builtins.list", [(constant(1), False), (exact([2, 3]), True)]), [1, 2, 3])
    same(display("builtins.set", [(constant(1), False), (exact([1, 2]), True)]), {1, 2})
    open_list = display("builtins.list", [(constant(1), False), (UNKNOWN, True), (constant(2), False)])
    assert open_list.items == {0: constant(1)}
    assert open_list.rest is not None
    same(dict_display([(constant("a"), constant(1)), (None, exact({"b": 2}))]), {"a": 1, "b": 2})
    same(dict_display([(constant("a"), constant(1)), (constant("a"), constant(2))]), {"a": 2})
    maybe = dict_display([(constant("a"), constant(1)), (None, UNKNOWN)])
    assert not subscript(maybe, constant("a")).is_constant


def test_keys_that_are_equal_are_one() -> None:
    same(subscript(exact({1: "a"}), constant(True)), "a")
    same(subscript(exact([1, 2]), constant(True)), 2)
    same(stored(exact({1: "a"}), constant(1.0), constant("b")), {1: "b"})
    same(called("set", exact([1, True, 1.0])), {1})
    assert compare(ast.In(), constant(True), exact({1, 2})) is TRUE


def test_unpacking_spreads_the_elements() -> None:
    first, middle, last = unpacked(exact([1, 2, 3, 4]), 1, True, 1)
    same(first, 1)
    same(middle, [2, 3])
    same(last, 4)
    assert [plain(one) for one in unpacked(exact("ab"), 2, False, 0)] == ["a", "b"]


def test_f_strings() -> None:
    parts: list[tuple[Value, str, Value | None]] = [
        (constant("x="), "", None),
        (constant("a"), "r", None),
        (constant(1.5), "", constant(".2f")),
        (exact([1]), "", None),
    ]
    same(formatted(parts), "x='a'1.50[1]")
    same(formatted([]), "")


def test_attributes_of_an_object() -> None:
    order = attribute_set(attribute_set(instance("shop.Order"), "a", constant(1)), "b", constant(2))
    assert order.type == "shop.Order"
    assert order.items == {"a": constant(1), "b": constant(2)}
    assert attribute_set(UNKNOWN, "a", constant(1)).items == {"a": constant(1)}
    assert attribute_set(exact([1]), "a", constant(2)).items == {0: constant(1)}


def test_negation_turns_what_a_test_implies_around() -> None:
    subject = Value(type="builtins.str")
    tested = method(subject, "isdigit", call())
    assert tested is not None
    assert tested[0].true
    assert unary(ast.Not(), tested[0]).false is tested[0].true
    assert unary(ast.Not(), constant("")) is TRUE
    same(unary(ast.USub(), constant(2)), -2)
    same(unary(ast.Invert(), constant(True)), -2)


def test_kinds_follow_from_those_of_the_operands() -> None:
    number, text = instance("builtins.int"), instance("builtins.str")
    assert binary(ast.Add(), number, number).type == "builtins.int"
    assert binary(ast.Div(), number, number).type == "builtins.float"
    assert binary(ast.Add(), text, UNKNOWN).type == "builtins.str"
    assert binary(ast.Div(), instance("pathlib.Path"), text).type == "pathlib.Path"
    assert binary(ast.Div(), text, instance("pathlib.Path")).type == "pathlib.Path"
    queryset = instance("django.db.models.QuerySet")
    assert binary(ast.BitOr(), queryset, queryset).type == "django.db.models.QuerySet"
    assert binary(ast.Add(), constant("a"), instance("sqlalchemy.Column")).type is None
    assert binary(ast.Mult(), exact([1]), number).type == "builtins.list"
    assert called("int", UNKNOWN).type == "builtins.int"
    assert called("type", exact([])).name == "builtins.list"
    assert builtin("builtins.vars", call()) is None
    assert builtin("os.getcwd", call()) is None


def test_isinstance_is_certain_for_what_is_known() -> None:
    text = Value(name="builtins.str")
    assert called("isinstance", constant("a"), text) is TRUE
    assert called("isinstance", exact([]), text) is FALSE
    assert called("isinstance", constant(True), Value(name="builtins.int")) is TRUE
    assert called("isinstance", exact({}), Value(name="collections.abc.Mapping")) is TRUE
    assert called("isinstance", exact({}), Value(name="shop.Order")).truth() is None
    assert called("isinstance", instance("builtins.str"), text).truth() is None
    assert called("issubclass", Value(name="builtins.bool"), Value(name="builtins.int")) is TRUE
    implied = called("isinstance", UNKNOWN, text).true[0]
    assert implied.value is not None
    assert implied.value.type == "builtins.str"


def test_a_changed_container_is_another_value() -> None:
    empty = exact([])
    for name, argument in (("append", 1), ("extend", [1]), ("clear", None)):
        result = method(empty, name, call(*([] if argument is None else [exact(argument)])))
        assert result is not None
        assert result[1] is not empty
    copied = method(empty, "copy", call())
    assert copied is not None
    assert copied[0] is not empty
    assert called("list", empty) is not called("list", empty)


def test_a_loop_that_appends_comes_to_an_end() -> None:
    value = sequence("builtins.list", [])
    for _ in range(5):
        appended = method(value, "append", call(constant("a")))
        assert appended is not None
        value = join(value, appended[1] or value)
    again = method(value, "append", call(constant("a")))
    assert again is not None
    assert again[1] is None
    assert join(value, value) is value
    held = mapping({})
    for _ in range(5):
        held = join(held, stored(held, UNKNOWN, constant(1)))
    assert join(held, stored(held, UNKNOWN, constant(1))) is held


def test_what_is_made_of_literals_alone_is_literal() -> None:
    kept = Value(type="builtins.str", literal=True)
    literal = [
        binary(ast.Add(), kept, constant("a")),
        binary(ast.Mod(), kept, exact(("a",))),
        formatted([(kept, "", None)]),
        exact([1]),
        stored(exact({}), constant("a"), kept),
        called("sorted", exact(["a", "b"])),
    ]
    assert all(value.literal for value in literal)
    unknown = [
        binary(ast.Add(), kept, UNKNOWN),
        binary(ast.Mod(), kept, sequence("builtins.tuple", [UNKNOWN])),
        formatted([(kept, "", None), (UNKNOWN, "", None)]),
        stored(exact({}), constant("a"), UNKNOWN),
    ]
    assert not any(value.literal for value in unknown)
    assert all(value.built for value in unknown[:3])
    assert not formatted([(UNKNOWN, "", None)]).built
