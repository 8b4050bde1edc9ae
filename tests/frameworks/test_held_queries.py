"""Queries with all places of a function that use them."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.held_queries import Held, held, how_used, is_fresh
from checks.semantics.names import link_parents


def used(code: str) -> str:
    """What is done with the name `orders` in a line of code."""
    tree = ast.parse(code)
    names = [node for node in link_parents(tree) if isinstance(node, ast.Name) and node.id == "orders"]
    return how_used(names[0])


def held_in(body: str, parameters: str = "") -> Held | None:
    """What is known of the name `orders` where a function reads it last."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    tree = ast.parse(f"def f({parameters}):\n{lines}")
    names = [node for node in link_parents(tree) if isinstance(node, ast.Name) and node.id == "orders"]
    return held([name for name in names if isinstance(name.ctx, ast.Load)][-1])


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("len(orders)", "len"),
        ("len(list(orders))", "len"),
        ("list(orders)", "rows"),
        ("for order in orders: pass", "rows"),
        ("[order for order in orders]", "rows"),
        ("print(*orders)", "rows"),
        ("order in orders", "rows"),
        ("orders.count()", "count"),
        ("orders.exists()", "exists"),
        ("orders.filter(paid=True)", "narrowed"),
        ("Line.objects.filter(order__in=orders)", "narrowed"),
        ("orders[0]", "index"),
        ("orders[:5]", "slice"),
        ("if orders: pass", "truth"),
        ("if new and not orders: pass", "truth"),
        ("while orders: pass", "truth"),
        ("bool(orders)", "truth"),
        ("[x for x in y if orders]", "truth"),
        ("1 if orders else 2", "truth"),
        ("x if y else orders", "given"),
        ("y = orders or []", "given"),
        ("orders is None", "identity"),
        ("isinstance(orders, QuerySet)", "identity"),
        ("render(orders)", "given"),
        ("return_(orders=orders)", "given"),
        ("a = orders", "given"),
        ("orders.paid", "given"),
        ("orders == other", "given"),
    ],
)
def test_what_is_done_with_a_query(code: str, how: str) -> None:
    assert used(code) == how


@pytest.mark.parametrize(
    ("code", "fresh"),
    [
        ("Order.objects.all()", True),
        ("Order.objects.paid()", True),
        ("customer.orders.filter(paid=True)", True),
        ("customer.orders.filter(paid=True).recent()", True),
        ("Order.objects.first()", False),
        ("Order.objects.filter(paid=True).first()", False),
        ("Order.objects.first().lines()", False),
        ("self.orders", False),
        ("self.get_orders()", False),
        ("orders()", False),
    ],
)
def test_which_expressions_are_queries_of_their_own(code: str, fresh: bool) -> None:
    assert is_fresh(ast.parse(code, mode="eval").body) is fresh


def test_a_name_with_all_its_places() -> None:
    found = held_in(
        "orders = Order.objects.all()\nif paid:\n    orders = orders.filter(paid=True)\nlen(orders)"
    )
    assert found is not None
    assert found.hows == {"narrowed", "len"}
    assert len(found.queries) == 2
    assert found.times("len") == 1


@pytest.mark.parametrize(
    "body",
    [
        "orders = []\nlen(orders)",
        "orders = Order.objects.first()\nlen(orders)",
        "orders = Order.objects.all()\norders = orders.first()\nlen(orders)",
        "orders = Order.objects.all()\norders += 1\nlen(orders)",
        "for orders in years:\n    len(orders)",
        "with lock as orders:\n    len(orders)",
        "global orders\norders = Order.objects.all()\nlen(orders)",
        "orders = Order.objects.all()\nlambda orders: len(orders)",
        "len(orders)",
    ],
)
def test_names_that_may_hold_something_else(body: str) -> None:
    assert held_in(body) is None


def test_a_parameter_is_the_callers() -> None:
    assert held_in("orders = Order.objects.all()\nlen(orders)", parameters="orders") is None


def test_a_query_where_it_is_written() -> None:
    tree = ast.parse("len(Order.objects.all())")
    link_parents(tree)
    call = tree.body[0].value.args[0]  # type: ignore[attr-defined]
    found = held(call)
    assert found is not None
    assert not found.name
    assert found.hows == {"len"}
