"""A join holds of both sides, and what values hold stays small enough to walk through."""

from __future__ import annotations

import pytest

from checks.semantics.contents import bounded, element, join, mapping, sequence
from checks.semantics.taints import Taint
from checks.semantics.values import NONE, UNKNOWN, Value, all_taints, constant, instance

ONE, TWO = constant(1), constant(2)
LIST = "builtins.list"


def listed(*elements: Value) -> Value:
    return sequence(LIST, elements)


def test_a_list_that_may_be_longer_keeps_its_first_elements_only_as_known() -> None:
    joined = join(listed(ONE), listed(ONE, TWO))
    assert joined.items == {0: ONE}
    assert joined.rest is TWO
    assert joined.truth() is True


def test_a_list_that_may_be_empty_is_not_surely_true() -> None:
    assert join(listed(), listed(ONE)).truth() is None
    assert join(listed(ONE), listed()).truth() is None


def test_a_list_joined_with_one_that_nothing_is_known_of_is_not_exact() -> None:
    for joined in (join(listed(ONE), instance(LIST)), join(instance(LIST), listed(ONE))):
        assert joined.type == LIST
        assert not joined.items
        assert joined.rest is not None
        assert not joined.rest.is_constant
        assert joined.truth() is None


def test_a_key_that_only_one_dict_has_may_be_missing() -> None:
    for joined in (join(mapping({"a": ONE}), mapping({})), join(mapping({}), mapping({"a": ONE}))):
        assert joined.items == {"a": ONE}
        assert joined.rest is ONE
        assert joined.truth() is None


def test_a_key_that_the_other_dict_may_have_too_is_joined_with_what_it_may_be() -> None:
    joined = join(mapping({"a": ONE}), mapping({}, rest=TWO))
    assert joined.items is not None
    assert not joined.items["a"].is_constant


def test_none_joined_with_a_class_keeps_the_class_and_says_so() -> None:
    for joined in (join(NONE, listed(ONE)), join(listed(ONE), NONE)):
        assert joined.type == LIST
        assert joined.optional
        assert joined.truth() is None
    assert not join(ONE, TWO).optional
    assert join(join(ONE, NONE), TWO).optional


def test_a_join_that_adds_nothing_is_the_first_itself() -> None:
    values = [
        UNKNOWN,
        ONE,
        instance(LIST),
        listed(ONE, TWO),
        join(listed(ONE), NONE),
        join(mapping({"a": ONE}), mapping({"b": TWO})),
        sequence(LIST, [ONE], rest=TWO),
    ]
    for one in values:
        for other in values:
            joined = join(one, other)
            assert join(joined, other) is joined
            assert join(joined, joined) is joined
            assert join(joined, one) is joined


def test_what_joins_none_and_a_function_is_not_surely_true() -> None:
    function = Value(targets=("f",))
    assert function.truth() is True
    assert join(function, NONE).truth() is None


@pytest.mark.parametrize("kind", [LIST, "builtins.set"])
def test_a_container_is_literal_only_when_its_rest_is(kind: str) -> None:
    assert sequence(kind, [ONE], rest=TWO).literal
    assert not sequence(kind, [ONE], rest=UNKNOWN).literal
    assert sequence(kind, [ONE] * 100).literal
    assert not sequence(kind, [ONE] * 100, rest=UNKNOWN).literal


def test_deep_nests_keep_their_sources_and_lose_their_contents() -> None:
    taint = Taint("request", 1)
    value = Value(taints=(taint,))
    for _ in range(100):
        value = listed(value, value)
    assert all_taints(value)[0].label == "request"
    depth = 0
    while value.items:
        value = element(value)
        depth += 1
    assert depth < 20


def test_wide_nests_stay_small() -> None:
    value = ONE
    for _ in range(20):
        value = sequence(LIST, [value] * 60)
    assert bounded(value) is not value or value.items is not None
    assert _size(value) < 60 * 2_100


def _size(value: Value) -> int:
    return 1 + sum(_size(item) for item in (value.items or {}).values())
