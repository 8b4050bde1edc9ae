"""No operands make an operation take long, or much memory."""

from __future__ import annotations

import ast
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from checks.semantics.contents import MAX_ITEMS, join, mapping, sequence
from checks.semantics.operations import binary, builtin, compare, formatted, method, stored, subscript
from checks.semantics.taints import Taint
from checks.semantics.values import MAX_TEXT, UNKNOWN, Value, all_taints, cleaned, constant
from tests.described import call, exact

HUGE = constant(10**29)
LONG = constant("a" * MAX_TEXT)
LIST = "builtins.list"


def gives(receiver: Value, name: str, *arguments: Value) -> Value:
    result = method(receiver, name, call(*arguments))
    assert result is not None
    return result[0]


def called(name: str, *arguments: Value) -> Value:
    return builtin(f"builtins.{name}", call(*arguments)) or UNKNOWN


def appended(count: int) -> Value:
    value = sequence(LIST, [])
    for index in range(count):
        result = method(value, "append", call(constant(index)))
        assert result is not None
        value = result[1] or value
    return value


@contextmanager
def counted_calls() -> Iterator[Iterator[int]]:
    """How many functions are called meanwhile: what work costs, however busy the machine is."""
    calls = count()
    sys.setprofile(lambda frame, event, given: next(calls) if event == "call" else None)
    try:
        yield calls
    finally:
        sys.setprofile(None)


HOSTILE: dict[str, Callable[[], Value]] = {
    "10**29 ** 10**29": lambda: binary(ast.Pow(), HUGE, HUGE),
    "10**29 ** -10**29": lambda: binary(ast.Pow(), HUGE, constant(-(10**29))),
    "1 << 10**29": lambda: binary(ast.LShift(), constant(1), HUGE),
    "'a' * 10**29": lambda: binary(ast.Mult(), constant("a"), HUGE),
    "10**29 * b'a'": lambda: binary(ast.Mult(), HUGE, constant(b"a")),
    "[1] * 10**29": lambda: binary(ast.Mult(), exact([1]), HUGE),
    "[] * 10**29": lambda: binary(ast.Mult(), exact([]), HUGE),
    "'%999999999d' % 1": lambda: binary(ast.Mod(), constant("%999999999d"), constant(1)),
    "'%.999999999f' % 1": lambda: binary(ast.Mod(), constant("%.999999999f"), constant(1.0)),
    "'%*d' % (10**9, 1)": lambda: binary(ast.Mod(), constant("%*d"), exact((10**9, 1))),
    "'%9000d' * 9": lambda: binary(ast.Mod(), constant("%9000d" * 1000), exact(tuple(range(60)))),
    "f'{1:999999999}'": lambda: formatted([(constant(1), "", constant("999999999"))]),
    "f'{1:9999}' * 1000": lambda: formatted([(constant(1), "", constant("9999"))] * 1000),
    "'{:999999999}'.format(1)": lambda: gives(constant("{:999999999}"), "format", constant(1)),
    "'{:{}}'.format(1, 10**9)": lambda: gives(constant("{:{}}"), "format", constant(1), constant(10**9)),
    "'{:9999}' * 1000": lambda: gives(constant("{0:9999}" * 1000), "format", constant(1)),
    "'{0}' * 3000": lambda: gives(constant("{0}" * 3000), "format", LONG),
    "'a'.ljust(10**9)": lambda: gives(constant("a"), "ljust", constant(10**9)),
    "'a'.zfill(10**9)": lambda: gives(constant("a"), "zfill", constant(10**9)),
    "'\\t'.expandtabs(10**9)": lambda: gives(constant("\t" * 9000), "expandtabs", constant(10**9)),
    "long.replace('a', long)": lambda: gives(LONG, "replace", constant("a"), LONG),
    "long.join(list(long))": lambda: gives(LONG, "join", sequence(LIST, [LONG] * MAX_ITEMS)),
    "long.rfind(long)": lambda: gives(LONG, "rfind", constant("b" + "a" * 5000)),
    "long.split('a')": lambda: gives(LONG, "split", constant("a")),
    "round(10**29, -10**29)": lambda: called("round", HUGE, constant(-(10**29))),
    "pow(10**29, 10**29)": lambda: called("pow", HUGE, HUGE),
    "range(10**29)": lambda: called("range", HUGE),
    "list(range(10**29))": lambda: called("list", called("range", HUGE)),
    "sum(range(10**29))": lambda: called("sum", called("range", HUGE)),
    "bytes(10**29)": lambda: called("bytes", HUGE),
    "int('9' * 9999)": lambda: called("int", constant("9" * 9999)),
    "list(long)": lambda: called("list", LONG),
    "sorted(long)": lambda: called("sorted", LONG),
    "append, 10,000 times": lambda: appended(10_000),
    "'%s' * 5000": lambda: binary(ast.Mod(), constant("%s" * 5000), exact((1,))),
    "'%(' * 5000": lambda: binary(ast.Mod(), constant("%(" * 5000), mapping({"a": UNKNOWN})),
    "'%(a' * 3000": lambda: binary(ast.Mod(), constant("%(a" * 3000), mapping({"a": UNKNOWN})),
    "'{' * 9999": lambda: gives(constant("{" * 9999), "format", UNKNOWN),
    "'{a[' * 2000": lambda: gives(constant("{a[" * 2000), "format", UNKNOWN),
}


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_operands_cost_little(form: str) -> None:
    begun = time.process_time()
    value = HOSTILE[form]()
    assert time.process_time() - begun < 0.5
    assert len(value.items or ()) <= MAX_ITEMS
    if isinstance(value.const, str | bytes):
        assert len(value.const) <= MAX_TEXT


def test_texts_that_grow_are_known_as_literal_alone() -> None:
    value = constant("ab")
    for _ in range(40):
        value = binary(ast.Add(), value, value)
    assert value.literal
    assert not value.is_constant


def test_numbers_that_grow_are_known_as_numbers_alone() -> None:
    value = constant(3)
    for _ in range(40):
        value = binary(ast.Mult(), value, value)
    assert value.type == "builtins.int"
    assert not value.is_constant


def nest(width: int, depth: int) -> Value:
    """A nest of containers that are all different, each with a source."""
    value = Value(taints=(Taint("request", depth),))
    for level in range(depth):
        value = mapping({f"{level}-{index}": value.but() for index in range(width)})
    return value


def test_nests_of_containers_cost_little() -> None:
    one, other = nest(60, 12), nest(60, 12)
    with counted_calls() as calls:
        joined = join(one, other)
        all_taints(joined)
        cleaned(joined, frozenset({"sql"}))
        stored(joined, constant("a"), joined)
        compare(ast.Eq(), one, other)
        formatted([(joined, "", None)])
    assert 0 < next(calls) < 200_000


def test_a_list_in_itself_ends() -> None:
    value = exact([])
    for _ in range(500):
        result = method(value, "append", call(value))
        assert result is not None
        value = join(value, result[1] or value)
    for _ in range(500):
        value = subscript(value, constant(0))
    assert value.truth() is None
