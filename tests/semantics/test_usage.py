"""What a function does with its parameter `x`."""

from __future__ import annotations

import ast

import pytest

from checks.semantics.source import Function
from checks.semantics.usage import Use, is_stub, uses_of
from tests.files import file_of


def function(body: str) -> Function:
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    file = file_of(f"def f(self, x, y):\n{lines}\n")
    found = file.tree.body[0]
    assert isinstance(found, ast.FunctionDef)
    return found


def uses(body: str) -> Use:
    return uses_of("x", function(body))


@pytest.mark.parametrize(
    "body",
    [
        "x.append(1)",
        "x.setdefault('a', 1)",
        "x['a'] = 1",
        "x += [1]",
        "del x[0]",
        "for row in y:\n    x.add(row)",
        "def inner():\n    x.clear()\nreturn inner",
        "(x or y).append(1)",
    ],
)
def test_changes_are_seen(body: str) -> None:
    assert uses(body) == Use.CHANGED


@pytest.mark.parametrize(
    "body",
    [
        "return len(x)",
        "return y in x",
        "return [row for row in x]",
        "return x['a']",
        "return x.get('a')",
        "return {**x}",
        "return y(**x)",
        "return f'{x}'",
        "if x:\n    return 1",
        "return 1 if x else 2",
        "return x + [1]",
        "return ','.join(x)",
        "y.x.append(1)\nreturn len(x)",
    ],
)
def test_reading_is_no_change(body: str) -> None:
    assert uses(body) == Use.READ


@pytest.mark.parametrize("body", ["return x", "yield x", "self.x = x", "y['x'] = x", "self.x: list = x"])
def test_what_outlives_the_call_escapes(body: str) -> None:
    assert uses(body) == Use.ESCAPES


@pytest.mark.parametrize(
    "body", ["y(x)", "y(rows=x)", "z = x", "z = [x]", "return {'rows': x}", "y(x or [])", "z: list = x"]
)
def test_what_other_code_gets_hold_of_is_passed_on(body: str) -> None:
    assert uses(body) == Use.PASSED_ON


@pytest.mark.parametrize(
    "body",
    [
        "if y not in x:\n    x[y] = 1\nreturn x[y]",
        "if x.get(y) is None:\n    x[y] = 1\nreturn x[y]",
        "try:\n    return x[y]\nexcept KeyError:\n    x[y] = 1",
    ],
)
def test_a_key_that_is_looked_up_and_stored_is_a_cache(body: str) -> None:
    assert uses(body) == Use.READ | Use.CACHE


@pytest.mark.parametrize(
    "body",
    [
        "if 'a' not in x:\n    x['a'] = 1",
        "if y not in x:\n    x[self] = 1",
        "if y not in x:\n    x[y] = 1\nx.clear()",
    ],
)
def test_other_changes_beside_a_look_are_no_cache(body: str) -> None:
    assert Use.CHANGED in uses(body)


def test_a_cache_that_is_given_away_is_a_change() -> None:
    assert uses("if y not in x:\n    x[y] = 1\nreturn x") == Use.READ | Use.CHANGED | Use.ESCAPES


def test_a_parameter_may_be_unused() -> None:
    assert uses("return y") == Use.UNUSED


def test_another_object_under_the_name_is_not_meant() -> None:
    assert uses("x = list(x)\nx.append(1)\nreturn x") == Use.READ


@pytest.mark.parametrize(
    "body", ["pass", "...", '"""Send."""', "raise NotImplementedError", '"""Send."""\n...']
)
def test_a_body_without_work_is_a_stub(body: str) -> None:
    assert is_stub(function(body))


@pytest.mark.parametrize("body", ["return None", '"""Send."""\nx.send()', "y = 1"])
def test_a_body_with_work_is_none(body: str) -> None:
    assert not is_stub(function(body))
