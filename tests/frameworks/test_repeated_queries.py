"""Questions that loops repeat: which of them could be put once, before the loop."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.repeated_queries import (
    calls_itself,
    ends_loop,
    goes_in_steps,
    hangs_on_turn,
    is_command,
    is_deferred,
    is_remembered,
    is_tried,
    is_untouched,
    steps_to,
    text_of,
    writes_in_loop,
)
from checks.model import Span
from checks.semantics.interpret.asked import Hop, Query
from checks.semantics.rows import Loop, Row, Rows
from checks.semantics.source import File
from tests.files import file_of


def asked_in(code: str, *hops: Hop, size: str = "rows", how: str = "get", others: str = "") -> Query:
    """The question that a call of `ask(...)` puts in the loop of a text; `others` are the project's other functions."""
    file = file_of(f"{code}\n", "shop/views.py", {"shop/helpers.py": others, "shop/__init__.py": ""})
    node = _call(file, "ask")
    loop = next(node for node in file.nodes if isinstance(node, ast.For | ast.comprehension))
    there, asking = file, node
    if others:
        helpers = file.project.file("shop/helpers.py")
        assert helpers is not None
        there, asking = helpers, _call(helpers, "get")
    repeated = Loop(loop, file, getattr(loop, "lineno", 1), size)
    return Query(
        "rows", how, there, asking, rows=Rows("shop.Order"), loop=repeated, at=(file, node), hops=hops
    )


def _call(file: File, name: str) -> ast.Call:
    return next(
        node
        for node in file.nodes
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == name
    )


@pytest.mark.parametrize(
    ("code", "hangs"),
    [
        ("for o in orders:\n    ask(o)", True),
        ("for o in orders:\n    key = o.pk\n    name = f(key)\n    ask(name)", True),
        ("for o in orders:\n    for line in o.lines:\n        ask(line)", True),
        ("for o in orders:\n    if (key := o.pk):\n        ask(key)", True),
        ("for o in orders:\n    with f(o) as key:\n        ask(key)", True),
        ("[ask(o) for o in orders]", True),
        ("for o in orders:\n    ask(key)", False),
        ("for o in orders:\n    key = 1\n    ask(key)", False),
    ],
)
def test_what_hangs_on_the_turn(code: str, hangs: bool) -> None:
    assert hangs_on_turn(asked_in(code)) is hangs


@pytest.mark.parametrize(
    ("code", "steps"),
    [
        ("for chunk in chunked(orders, 100):\n    ask(chunk)", True),
        ("for i in range(0, 100, 10):\n    ask(i)", True),
        ("for page in paginator:\n    ask(page)", True),
        ("for state in STATES:\n    ask(state)", True),
        ("for state in Order.STATES.keys():\n    ask(state)", True),
        ("for key, name in Order.State.choices:\n    ask(key)", True),
        ("for form in formset.forms:\n    ask(form)", True),
        ("for row in csv.reader(stream):\n    ask(row)", True),
        ("for o in orders:\n    ask(o)", False),
        ("for key in request.POST.getlist('key'):\n    ask(key)", False),
        ("[ask(o) for o in orders]", False),
    ],
)
def test_loops_over_parts_and_over_few(code: str, steps: bool) -> None:
    assert goes_in_steps(asked_in(code, size="some")) is steps


@pytest.mark.parametrize(
    ("code", "ends"),
    [
        ("for o in orders:\n    if ask(o):\n        return_()", False),
        ("def f():\n    for o in orders:\n        if ask(o):\n            return o", True),
        ("for o in orders:\n    if not ask(o):\n        break", True),
        ("for o in orders:\n    if ask(o):\n        continue", False),
        ("for o in orders:\n    ask(o)", False),
    ],
)
def test_answers_that_end_the_loop(code: str, ends: bool) -> None:
    assert ends_loop(asked_in(code)) is ends


def test_a_missing_row_that_is_caught() -> None:
    tried = "for o in orders:\n    try:\n        ask(o)\n    except Order.DoesNotExist:\n        pass"
    assert is_tried(asked_in(tried))
    assert not is_tried(asked_in("for o in orders:\n    ask(o)"))
    around = "try:\n    for o in orders:\n        ask(o)\nexcept Order.DoesNotExist:\n    pass"
    assert not is_tried(asked_in(around))


def test_what_is_called_for_what_it_does() -> None:
    hop = Hop("shop/views.py", 2, "goes into `ask`")
    assert is_command(asked_in("for o in orders:\n    ask(o)", hop))
    assert not is_command(asked_in("for o in orders:\n    x = ask(o)", hop))
    assert not is_command(asked_in("for o in orders:\n    ask(o)"))


def test_work_that_somebody_else_does() -> None:
    hop = Hop("shop/views.py", 2, "goes into `ask`")
    assert is_deferred(asked_in("for o in orders:\n    x = ask.delay(o), ask(o)", hop))
    assert not is_deferred(asked_in("for o in orders:\n    x = ask(o)", hop))


@pytest.mark.parametrize(
    ("helper", "remembered"),
    [
        ("def ask(o):\n    return Order.objects.get(pk=o)", False),
        ("@lru_cache\ndef ask(o):\n    return Order.objects.get(pk=o)", True),
        ("@cached_property\ndef ask(o):\n    return Order.objects.get(pk=o)", False),
        ("def ask(o):\n    return cache.get_or_set(o, Order.objects.get(pk=o))", True),
        ("def ask(o):\n    if not hasattr(o, 'x'):\n        o.x = Order.objects.get(pk=o)", True),
    ],
)
def test_answers_that_are_kept(helper: str, remembered: bool) -> None:
    hop = Hop("shop/views.py", 2, "goes into `ask`")
    assert is_remembered(asked_in("for o in orders:\n    x = ask(o)", hop, others=helper)) is remembered


def test_functions_that_call_themselves() -> None:
    hop = Hop("shop/views.py", 3, "goes into `ask`")
    walks = "def ask(o):\n    return [ask(c) for c in Order.objects.get(pk=o)]"
    assert calls_itself(asked_in("for o in orders:\n    x = ask(o)", hop, others=walks))
    assert calls_itself(asked_in("for o in orders:\n    x = ask(o)", hop, hop))
    plain = "def ask(o):\n    return Order.objects.get(pk=o)"
    assert not calls_itself(asked_in("for o in orders:\n    x = ask(o)", hop, others=plain))


def test_writes_of_the_same_turn() -> None:
    asked = asked_in("for o in orders:\n    ask(o)")
    write = Query("rows", "save", asked.file, asked.node, rows=asked.rows, loop=asked.loop, at=asked.at)
    assert writes_in_loop(asked, [asked, write])
    assert not writes_in_loop(asked, [asked])


@pytest.mark.parametrize(
    ("how", "applied", "untouched"),
    [
        ("iterate", {"all", "begun"}, True),
        ("count", set(), True),
        ("first", {"all", "begun"}, False),
        ("iterate", {"filter", "begun"}, False),
    ],
)
def test_a_relation_as_it_is(how: str, applied: set[str], untouched: bool) -> None:
    asked = asked_in("for o in orders:\n    ask(o)", how=how)
    rows = Rows("shop.Line", parent=Row(), accessor="lines", applied=frozenset(applied))
    again = Query("rows", how, asked.file, asked.node, rows=rows, loop=asked.loop, at=asked.at)
    assert is_untouched(again) is untouched
    assert not is_untouched(asked)


def test_the_way_and_the_text() -> None:
    hop = Hop("shop/views.py", 2, "goes into `ask`")
    asked = asked_in("for o in orders:\n    ask(o)", hop)
    assert [step.message for step in steps_to(asked)] == [
        "a loop goes through rows",
        "goes into `ask`",
        "`Order` is asked for: a query for each turn",
    ]
    assert text_of(asked.node, asked.file) == "ask(o)"
    assert text_of(Span(1, 5, 1, 6), asked.file) == "o"
