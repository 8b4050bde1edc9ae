"""Sources go into texts and containers and come out again; nothing but what is named makes them harmless."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from checks.semantics.contents import element, join, mapping, sequence
from checks.semantics.library import INJECTIONS
from checks.semantics.operations import (
    attribute_set,
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
    unpacked,
)
from checks.semantics.taints import Taint
from checks.semantics.values import NONE, UNKNOWN, Value, all_taints, constant, instance
from tests.described import call, exact

TAINT = Taint("request", "source")
MARKED = Value(taints=(TAINT,))
TEXT = Value(type="builtins.str", taints=(TAINT,))
NUMBER = Value(type="builtins.int", taints=(TAINT,))
LIST, TUPLE = "builtins.list", "builtins.tuple"


def gives(receiver: Value, name: str, *arguments: Value, **keywords: Value) -> Value:
    result = method(receiver, name, call(*arguments, **keywords))
    assert result is not None, name
    return result[0]


def after(receiver: Value, name: str, *arguments: Value, **keywords: Value) -> Value:
    result = method(receiver, name, call(*arguments, **keywords))
    assert result is not None, name
    return result[1] if result[1] is not None else receiver


def called(name: str, *arguments: Value, **keywords: Value) -> Value:
    result = builtin(f"builtins.{name}", call(*arguments, **keywords))
    assert result is not None, name
    return result


def harmful(value: Value) -> bool:
    """Whether a source reaches it that can do any harm."""
    found = all_taints(value)
    return any(taint.label == "request" and not taint.clean for taint in found)


def harmless(value: Value) -> bool:
    """Whether a source reaches it that can do none in a text."""
    found = all_taints(value)
    return bool(found) and all(taint.clean >= INJECTIONS for taint in found)


def tupled(*values: Value) -> Value:
    return sequence(TUPLE, values)


def dicted(**values: Value) -> Value:
    return mapping(values)


QUERY = constant("select %s")
BUILT: dict[str, Callable[[Value], Value]] = {
    "'a' + x": lambda x: binary(ast.Add(), QUERY, x),
    "x + 'a'": lambda x: binary(ast.Add(), x, QUERY),
    "x + ?": lambda x: binary(ast.Add(), x, UNKNOWN),
    "? + x": lambda x: binary(ast.Add(), UNKNOWN, x),
    "'%s' % x": lambda x: binary(ast.Mod(), QUERY, x),
    "'%s' % (x,)": lambda x: binary(ast.Mod(), QUERY, tupled(x)),
    "'%s %s' % (1, x)": lambda x: binary(ast.Mod(), constant("%s %s"), tupled(constant(1), x)),
    "'%(a)s' % {'a': x}": lambda x: binary(ast.Mod(), constant("%(a)s"), dicted(a=x)),
    "'%(a)s' % dict": lambda x: binary(
        ast.Mod(), constant("%(a)s"), stored(Value(type="builtins.dict", items={}), UNKNOWN, x)
    ),
    "? % (x,)": lambda x: binary(ast.Mod(), UNKNOWN, tupled(x)),
    "'%s' % ((x, 1),)": lambda x: binary(ast.Mod(), QUERY, tupled(tupled(x, constant(1)))),
    "f'a{x}'": lambda x: formatted([(QUERY, "", None), (x, "", None)]),
    "f'{x}'": lambda x: formatted([(x, "", None)]),
    "f'{x!s}'": lambda x: formatted([(x, "s", None)]),
    "f'{x:>10}'": lambda x: formatted([(x, "", constant(">10"))]),
    "f'{x:%d}'": lambda x: formatted([(x, "", constant("%d"))]),
    "f'{1:{x}}'": lambda x: formatted([(constant(1), "", x)]),
    "f'{[x]}'": lambda x: formatted([(sequence(LIST, [x]), "", None)]),
    "'{}'.format(x)": lambda x: gives(constant("a{}"), "format", x),
    "'{a}'.format(a=x)": lambda x: gives(constant("a{a}"), "format", a=x),
    "'{0.a}'.format(x)": lambda x: gives(constant("{0.a}"), "format", x),
    "'{0[a]}'.format({'a': x})": lambda x: gives(constant("{0[a]}"), "format", dicted(a=x)),
    "'{:{}}'.format(1, x)": lambda x: gives(constant("{:{}}"), "format", constant(1), x),
    "?.format(x)": lambda x: gives(UNKNOWN, "format", x),
    "x.format(1)": lambda x: gives(x, "format", constant(1)),
    "'{a}'.format_map({'a': x})": lambda x: gives(constant("{a}"), "format_map", dicted(a=x)),
    "','.join([x])": lambda x: gives(constant(","), "join", sequence(LIST, [constant("a"), x])),
    "','.join(x)": lambda x: gives(constant(","), "join", x),
    "x.join(['a', 'b'])": lambda x: gives(x, "join", exact(["a", "b"])),
    "?.join([x])": lambda x: gives(UNKNOWN, "join", sequence(LIST, [x])),
    "x.strip()": lambda x: gives(x, "strip"),
    "x.lower()": lambda x: gives(x, "lower"),
    "x.replace('a', 'b')": lambda x: gives(
        x.but(type="builtins.str"), "replace", constant("'"), constant("''")
    ),
    "'a'.replace('a', x)": lambda x: gives(constant("a"), "replace", constant("a"), x),
    "x.translate(t)": lambda x: gives(x.but(type="builtins.str"), "translate", UNKNOWN),
    "x.split()[0]": lambda x: subscript(gives(x, "split", constant(",")), constant(0)),
    "x.partition()[2]": lambda x: subscript(gives(x, "partition", constant(",")), constant(2)),
    "x.encode()": lambda x: gives(x, "encode"),
    "x.encode().decode()": lambda x: gives(gives(x, "encode"), "decode"),
    "x * 2": lambda x: binary(ast.Mult(), x, constant(2)),
    "x[1:]": lambda x: sliced(x, constant(1), None, None),
    "x[0]": lambda x: subscript(x, constant(0)),
    "str(x)": lambda x: called("str", x),
    "format(x, '>5')": lambda x: called("format", x, constant(">5")),
    "repr(x)": lambda x: called("str", x),
    "Path / x": lambda x: binary(ast.Div(), instance("pathlib.Path"), x),
    "''.join(sorted(x))": lambda x: gives(constant(""), "join", called("sorted", x)),
    "''.join(reversed(x))": lambda x: gives(constant(""), "join", called("reversed", x)),
    "str([x])": lambda x: called("str", sequence(LIST, [x])),
    "max([x, 'a'])": lambda x: called("max", sequence(LIST, [x, constant("a")])),
    "bytes(x, 'ascii')": lambda x: called("bytes", x, constant("ascii")),
    "chr(int(x))": lambda x: called("chr", called("int", x)),
    "next(iter([x]))": lambda x: called("next", called("iter", sequence(LIST, [x]))),
}


@pytest.mark.parametrize("form", BUILT)
@pytest.mark.parametrize("value", [MARKED, TEXT], ids=["unknown class", "text"])
def test_a_text_made_of_a_source_has_it(form: str, value: Value) -> None:
    made = BUILT[form](value)
    assert harmful(made)
    assert not made.is_constant
    assert not made.literal


NUMBERS: dict[str, Callable[[Value], Value]] = {
    "'a%s' % number": lambda x: binary(ast.Mod(), QUERY, NUMBER),
    "'%s' % (number,)": lambda x: binary(ast.Mod(), QUERY, tupled(NUMBER)),
    "'%d' % (x,)": lambda x: binary(ast.Mod(), constant("%d"), tupled(x)),
    "'%(a)d' % {'a': x}": lambda x: binary(ast.Mod(), constant("%(a)d"), dicted(a=x)),
    "'%05.2f' % (x,)": lambda x: binary(ast.Mod(), constant("%05.2f"), tupled(x)),
    "f'{number}'": lambda x: formatted([(QUERY, "", None), (NUMBER, "", None)]),
    "f'{x:d}'": lambda x: formatted([(QUERY, "", None), (x, "", constant("d"))]),
    "f'{x:.2f}'": lambda x: formatted([(x, "", constant(".2f"))]),
    "f'{x:>08,d}'": lambda x: formatted([(x, "", constant(">08,d"))]),
    "'{:d}'.format(x)": lambda x: gives(constant("{:d}"), "format", x),
    "format(x, 'd')": lambda x: called("format", x, constant("d")),
    "int(x)": lambda x: called("int", x),
    "str(int(x))": lambda x: called("str", called("int", x)),
    "float(x)": lambda x: called("float", x),
    "hex(x)": lambda x: called("hex", x),
    "'a' + str(int(x))": lambda x: binary(ast.Add(), QUERY, called("str", called("int", x))),
    "int(x) + 1": lambda x: binary(ast.Add(), called("int", x), constant(1)),
    "-int(x)": lambda x: called("abs", called("int", x)),
}


@pytest.mark.parametrize("form", NUMBERS)
def test_numbers_do_no_harm_in_a_text(form: str) -> None:
    assert harmless(NUMBERS[form](MARKED))


def test_a_yes_or_no_says_nothing_of_what_was_asked_about() -> None:
    assert called("bool", MARKED).taints == ()


def test_one_number_cleans_no_other_part() -> None:
    made = binary(ast.Mod(), constant("%d %s"), tupled(MARKED, TEXT))
    assert harmful(made)
    other = Value(taints=(Taint("secret", "other"),))
    both = formatted([(NUMBER, "", None), (other, "", None)])
    assert {taint.label: taint.clean for taint in both.taints} == {
        "request": INJECTIONS,
        "secret": frozenset(),
    }


def test_a_character_is_no_number() -> None:
    assert harmful(formatted([(MARKED, "", constant("c"))]))
    assert harmful(binary(ast.Mod(), constant("%c"), tupled(MARKED)))


def test_repr_leaves_no_line_ends() -> None:
    for made in (
        formatted([(MARKED, "r", None)]),
        called("repr", MARKED),
        binary(ast.Mod(), constant("%r"), tupled(MARKED)),
        gives(constant("{!r}"), "format", MARKED),
    ):
        assert [taint.clean for taint in made.taints] == [frozenset({"header", "log"})]


HELD: dict[str, Callable[[], Value]] = {
    "[*?, x]": lambda: element(display(LIST, [(UNKNOWN, True), (MARKED, False)])),
    "[1, *x]": lambda: element(display(LIST, [(constant(1), False), (MARKED, True)])),
    "{x: 1}": lambda: iteration_element(dict_display([(MARKED, constant(1))])),
    "{**x}['a']": lambda: subscript(dict_display([(None, MARKED)]), constant("a")),
    "{**{'a': x}, 'b': 1}['a']": lambda: subscript(
        dict_display([(None, dicted(a=MARKED)), (constant("b"), constant(1))]), constant("a")
    ),
    "[x][0]": lambda: subscript(sequence(LIST, [MARKED]), constant(0)),
    "[x][?]": lambda: subscript(sequence(LIST, [MARKED, constant(1)]), UNKNOWN),
    "[1, x][-1]": lambda: subscript(sequence(LIST, [constant(1), MARKED]), constant(-1)),
    "d['a'] = x; d['a']": lambda: subscript(stored(exact({}), constant("a"), MARKED), constant("a")),
    "d[?] = x; d['a']": lambda: subscript(stored(exact({}), UNKNOWN, MARKED), constant("a")),
    "d['a'] = x; d[?]": lambda: subscript(stored(exact({}), constant("a"), MARKED), UNKNOWN),
    "d[x] = 1; for k in d": lambda: iteration_element(stored(exact({"a": 1}), MARKED, constant(1))),
    "d[x] = 1; str(d)": lambda: called("str", stored(exact({"a": 1}), MARKED, constant(1))),
    "d[x] = 1; list(d.items())": lambda: called(
        "list", gives(stored(exact({}), MARKED, constant(1)), "items")
    ),
    "d[x] = x; d['a']": lambda: subscript(stored(exact({"a": 1}), MARKED, MARKED), constant("a")),
    "d.get('a')": lambda: gives(dicted(a=MARKED), "get", constant("a")),
    "d.get(?)": lambda: gives(dicted(a=MARKED), "get", UNKNOWN),
    "d.get('b', x)": lambda: gives(dicted(a=constant(1)), "get", constant("b"), MARKED),
    "?d.get('b', x)": lambda: gives(instance("builtins.dict"), "get", constant("b"), MARKED),
    "d.pop('a')": lambda: gives(dicted(a=MARKED), "pop", constant("a")),
    "d.setdefault('a', x)": lambda: gives(exact({}), "setdefault", constant("a"), MARKED),
    "after d.setdefault('a', x)": lambda: after(exact({}), "setdefault", constant("a"), MARKED),
    "d.values()": lambda: iteration_element(gives(dicted(a=MARKED), "values")),
    "d.items()": lambda: iteration_element(gives(dicted(a=MARKED), "items")),
    "d.copy()": lambda: gives(dicted(a=MARKED), "copy"),
    "d.update({'a': x})": lambda: after(exact({}), "update", dicted(a=MARKED)),
    "d.update(a=x)": lambda: after(exact({}), "update", a=MARKED),
    "d.update(x)": lambda: subscript(after(exact({}), "update", MARKED), constant("a")),
    "d | e": lambda: binary(ast.BitOr(), exact({}), dicted(a=MARKED)),
    "dict(a=x)": lambda: called("dict", a=MARKED),
    "dict([('a', x)])": lambda: subscript(
        called("dict", sequence(LIST, [tupled(constant("a"), MARKED)])), constant("a")
    ),
    "dict(zip(?, x))": lambda: subscript(
        called("dict", called("zip", UNKNOWN, sequence(LIST, [MARKED]))), constant("a")
    ),
    "dict.fromkeys(x)": lambda: iteration_element(called("dict.fromkeys", sequence(LIST, [MARKED]))),
    "l.append(x)": lambda: element(after(exact([]), "append", MARKED)),
    "?l.append(x)": lambda: element(after(instance(LIST), "append", MARKED)),
    "?.append(x)": lambda: element(after(UNKNOWN, "append", MARKED)),
    "l.extend([x])": lambda: element(after(exact([1]), "extend", sequence(LIST, [MARKED]))),
    "l.extend(x)": lambda: element(after(exact([1]), "extend", MARKED)),
    "l.insert(0, x)": lambda: subscript(after(exact([1]), "insert", constant(0), MARKED), constant(0)),
    "l.insert(?, x)": lambda: subscript(after(exact([1]), "insert", UNKNOWN, MARKED), constant(0)),
    "l[0] = x": lambda: subscript(stored(exact([1]), constant(0), MARKED), constant(0)),
    "l[?] = x": lambda: subscript(stored(exact([1]), UNKNOWN, MARKED), constant(0)),
    "l[1:] = [x]": lambda: element(
        stored(exact([1]), called("slice", constant(1), NONE), sequence(LIST, [MARKED]))
    ),
    "l.pop()": lambda: gives(sequence(LIST, [MARKED]), "pop"),
    "l.pop(?)": lambda: gives(sequence(LIST, [MARKED, constant(1)]), "pop", UNKNOWN),
    "l.sort()": lambda: element(after(sequence(LIST, [MARKED, constant("a")]), "sort")),
    "l.reverse()": lambda: subscript(after(sequence(LIST, [constant(1), MARKED]), "reverse"), constant(0)),
    "l + m": lambda: element(binary(ast.Add(), exact([1]), sequence(LIST, [MARKED]))),
    "l + ?": lambda: element(binary(ast.Add(), sequence(LIST, [MARKED]), UNKNOWN)),
    "l * 3": lambda: element(binary(ast.Mult(), sequence(LIST, [MARKED]), UNKNOWN)),
    "l[1:]": lambda: element(sliced(sequence(LIST, [constant(1), MARKED]), constant(1), None, None)),
    "l[?:]": lambda: element(sliced(sequence(LIST, [constant(1), MARKED]), UNKNOWN, None, None)),
    "s.add(x)": lambda: element(after(called("set"), "add", MARKED)),
    "s | t": lambda: element(binary(ast.BitOr(), exact({1}), called("set", sequence(LIST, [MARKED])))),
    "s.union([x])": lambda: element(gives(exact({1}), "union", sequence(LIST, [MARKED]))),
    "list(x)": lambda: element(called("list", MARKED)),
    "tuple({x})": lambda: element(called("tuple", called("set", sequence(LIST, [MARKED])))),
    "sorted([x])": lambda: element(called("sorted", sequence(LIST, [MARKED, constant("a")]))),
    "enumerate([x])": lambda: subscript(
        iteration_element(called("enumerate", sequence(LIST, [MARKED]))), constant(1)
    ),
    "enumerate(x)": lambda: subscript(iteration_element(called("enumerate", MARKED)), constant(1)),
    "zip(?, x)": lambda: subscript(iteration_element(called("zip", UNKNOWN, MARKED)), constant(1)),
    "a, b = [1, x]": lambda: unpacked(sequence(LIST, [constant(1), MARKED]), 2, False, 0)[1],
    "a, b = x": lambda: unpacked(MARKED, 2, False, 0)[1],
    "a, *b = x": lambda: unpacked(MARKED, 1, True, 0)[1],
    "*a, b = x": lambda: unpacked(MARKED, 0, True, 1)[1],
    "a, b = d.popitem()": lambda: unpacked(gives(dicted(a=MARKED), "popitem"), 2, False, 0)[1],
    "o.a = x": lambda: attribute_set(instance("shop.Order"), "a", MARKED),
    "x.a = 1": lambda: attribute_set(MARKED, "a", constant(1)),
    "del d['b']": lambda: subscript(removed(dicted(a=MARKED, b=constant(1)), constant("b")), constant("a")),
    "del d[?]": lambda: subscript(removed(dicted(a=MARKED, b=constant(1)), UNKNOWN), constant("a")),
    "many items": lambda: subscript(
        sequence(LIST, [constant(index) for index in range(100)] + [MARKED]), constant(100)
    ),
    "ten thousand stores": lambda: subscript(_stored_many(), constant("k9999")),
}


def _stored_many() -> Value:
    value = exact({})
    for index in range(10_000):
        value = stored(value, constant(f"k{index}"), MARKED if index == 9_999 else constant(index))
    return value


@pytest.mark.parametrize("way", HELD)
def test_what_a_container_holds_comes_out_of_it(way: str) -> None:
    assert harmful(HELD[way]())


CLEAN: dict[str, Callable[[], Value]] = {
    "[x, 1][1]": lambda: subscript(sequence(LIST, [MARKED, constant(1)]), constant(1)),
    "{'a': x, 'b': 1}['b']": lambda: subscript(dicted(a=MARKED, b=constant(1)), constant("b")),
    "d['a'] = x; d['a'] = 1": lambda: stored(dicted(a=MARKED), constant("a"), constant(1)),
    "d[?] = x; d['b']": lambda: subscript(
        stored(dicted(b=instance("builtins.str")), UNKNOWN, MARKED), constant("b")
    ),
    "del d['a']": lambda: removed(dicted(a=MARKED, b=constant(1)), constant("a")),
    "d.pop('a'); d": lambda: after(dicted(a=MARKED, b=constant(1)), "pop", constant("a")),
    "l.pop(); l": lambda: after(sequence(LIST, [constant(1), MARKED]), "pop"),
    "l.pop(0); l[0]": lambda: subscript(
        after(sequence(LIST, [MARKED, constant(1)]), "pop", constant(0)), constant(0)
    ),
    "l.clear()": lambda: after(sequence(LIST, [MARKED]), "clear"),
    "a, b = x, 1": lambda: unpacked(tupled(MARKED, constant(1)), 2, False, 0)[1],
    "[x, 1][1:]": lambda: sliced(sequence(LIST, [MARKED, constant(1)]), constant(1), None, None),
    "'%(b)s' % {'a': x, 'b': 1}": lambda: binary(
        ast.Mod(), constant("%(b)s"), dicted(a=MARKED, b=constant(1))
    ),
    "'{b}'.format(a=x, b=1)": lambda: gives(constant("{b}"), "format", a=MARKED, b=constant(1)),
    "x & {'a', 'b'}": lambda: binary(
        ast.BitAnd(), called("set", sequence(LIST, [MARKED])), exact({"a", "b"})
    ),
    "x == 'a'": lambda: compare(ast.Eq(), MARKED, constant("a")),
    "x in ['a']": lambda: compare(ast.In(), MARKED, exact(["a"])),
    "x.startswith('a')": lambda: gives(TEXT, "startswith", constant("a")),
    "{'a': 'b'}.get(x)": lambda: gives(exact({"a": "b"}), "get", MARKED),
    "{'a': 'b'}[x]": lambda: subscript(exact({"a": "b"}), MARKED),
    "','.join({'a': x})": lambda: gives(constant(","), "join", dicted(a=MARKED)),
}


@pytest.mark.parametrize("way", CLEAN)
def test_what_has_no_part_in_a_result_leaves_it_alone(way: str) -> None:
    assert not all_taints(CLEAN[way]())


def test_parts_of_a_source_are_told_apart() -> None:
    assert [taint.path for taint in subscript(MARKED, constant("name")).taints] == [("[name]",)]
    assert [taint.path for taint in subscript(MARKED, constant(0)).taints] == [("[0]",)]
    assert [taint.path for taint in subscript(MARKED, UNKNOWN).taints] == [("[]",)]
    assert [taint.path for taint in iteration_element(MARKED).taints] == [("[]",)]
    assert [one.taints[0].path for one in unpacked(MARKED, 2, False, 0)] == [("[0]",), ("[1]",)]
    held = Value(type="builtins.dict", items={"a": constant(1)}, taints=(TAINT,))
    assert [taint.path for taint in subscript(held, constant("a")).taints] == [("[a]",)]
    assert [taint.path for one in iterated(held) or () for taint in one.taints] == [("[]",)]
    assert [taint.path for taint in gives(held, "get", constant("b")).taints] == [("[b]",)]


WORDS = ("isalnum", "isalpha", "isidentifier")
"""What a single word can still do: name a module or a program."""


@pytest.mark.parametrize("name", ["isdigit", "isdecimal", "isnumeric", "isalnum", "isalpha", "isidentifier"])
@pytest.mark.parametrize("value", [MARKED, TEXT])
def test_tests_that_leave_no_harm_say_so_where_they_are_true(name: str, value: Value) -> None:
    result = gives(value, name)
    word = {"code", "command", "deserialize", "nosql"} if name in WORDS else set()
    assert [(implied.subject, implied.clean) for implied in result.true] == [(value, INJECTIONS - word)]
    assert result.false == ()
    kept = called("bool", result)
    assert kept.true is result.true


@pytest.mark.parametrize("name", ["startswith", "endswith", "isspace", "islower", "isascii", "isprintable"])
def test_other_tests_say_nothing(name: str) -> None:
    result = gives(TEXT, name, *([constant("a")] if name.endswith("with") else []))
    assert result.true == () == result.false


def test_isinstance_says_of_which_class_a_value_is() -> None:
    number = called("isinstance", MARKED, Value(name="builtins.int"))
    assert number.true[0].clean == INJECTIONS
    assert number.true[0].subject is MARKED
    text = called("isinstance", MARKED, Value(name="builtins.str"))
    assert text.true[0].clean == frozenset()
    assert text.true[0].value is not None
    assert text.true[0].value.taints == MARKED.taints
    either = called("isinstance", MARKED, tupled(Value(name="builtins.int"), Value(name="builtins.float")))
    assert either.true[0].clean == INJECTIONS
    mixed = called("isinstance", MARKED, tupled(Value(name="builtins.int"), Value(name="builtins.str")))
    assert mixed.true == ()


def test_methods_that_other_classes_have_are_not_taken_for_those_of_texts() -> None:
    for name in ("get", "find", "replace", "count", "index", "title", "add", "pop", "save"):
        assert method(MARKED, name, call()) is None
    assert method(instance("shop.Order"), "lower", call()) is None
    assert method(Value(name="string"), "lower", call()) is None
    assert method(UNKNOWN, "split", call()) is None


def test_a_deep_nest_keeps_its_sources() -> None:
    value = MARKED
    for _ in range(30):
        value = stored(exact({}), constant("a"), value)
    assert harmful(formatted([(value, "", None)]))
    for _ in range(30):
        value = subscript(value, constant("a"))
    assert harmful(value)


def test_what_either_branch_stored_is_read() -> None:
    held = join(stored(exact({}), constant("a"), MARKED), exact({}))
    assert harmful(subscript(held, constant("a")))
    assert harmful(gives(held, "get", constant("a")))
    assert harmful(element(join(after(exact([]), "append", MARKED), exact([]))))
