"""Loader options: what they load along, what they leave to be asked for."""

from __future__ import annotations

import pytest

from tests.frameworks.sqlalchemy.shop import project, reads

DEEP = "return [order.customer.country.name for order in found]"
BOTH = {"Order.customer", "Order.customer.country"}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", BOTH),
        ("joinedload(Order.customer)", {"Order.customer.country"}),
        ("selectinload(Order.customer)", {"Order.customer.country"}),
        ("subqueryload(Order.items)", BOTH),
        ("joinedload('customer')", {"Order.customer.country"}),
        ("defaultload(Order.customer).joinedload(Customer.country)", {"Order.customer"}),
        ("Load(Order).joinedload(Order.customer)", {"Order.customer.country"}),
        ("joinedload(Order.customer).joinedload(Customer.country)", set()),
        ("joinedload(Order.customer).options(joinedload(Customer.country))", set()),
        ("joinedload(Order.customer).load_only(Customer.country_id).joinedload(Customer.country)", set()),
        ("selectinload(Order.customer).subqueryload(Customer.country)", set()),
        ("Load(Order).joinedload(Order.customer).joinedload(Customer.country)", set()),
        ("joinedload(Order.customer), joinedload(Order.customer, Customer.country)", set()),
        ("noload(Order.customer), noload(Order.customer, Customer.country)", set()),
        ("*request.options", set()),
        ("request.option", set()),
    ],
)
def test_options_of_a_query(options: str, expected: set[str]) -> None:
    body = (
        f"found = Order.query.options({options}).all()\n{DEEP}"
        if options
        else f"found = Order.query.all()\n{DEEP}"
    )
    assert reads(project(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            f"found = db.session.scalars(select(Order).options(joinedload(Order.customer)))\n{DEEP}",
            {"Order.customer.country"},
        ),
        (
            "query = select(Order).join(Order.customer).options(contains_eager(Order.customer))\n"
            "return [order.customer.name for order in db.session.scalars(query)]",
            set(),
        ),
        (
            "query = select(Order).join(Order.customer)\nreturn [o.customer.name for o in db.session.scalars(query)]",
            {"Order.customer"},
        ),
        (
            "loads = [joinedload(Order.customer)]\nreturn [o.customer.name for o in Order.query.options(*loads)]",
            set(),
        ),
        (
            "load = joinedload(Order.customer)\nload.joinedload(Customer.country)\n"
            f"found = Order.query.options(load).all()\n{DEEP}",
            set(),
        ),
        (
            "query = Order.query\nif request.args:\n    query = query.options(joinedload(Order.customer))\n"
            "return [order.customer.name for order in query]",
            set(),
        ),
        (
            "order = db.session.get(Order, 3, options=[selectinload(Order.items).joinedload(Item.product)])\n"
            "return [item.product.name for item in order.items]",
            set(),
        ),
        (
            "rows = db.session.query(Order, Product).options(joinedload(Order.customer)).all()\n"
            "return [order.customer.name for order, product in rows]",
            set(),
        ),
    ],
)
def test_options_elsewhere(body: str, expected: set[str]) -> None:
    assert reads(project(body)) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", {"Customer.note"}),
        ("undefer(Customer.note)", set()),
        ("defer(Customer.name)", {"Customer.name", "Customer.note"}),
        ("load_only(Customer.name, Customer.note)", set()),
        ("load_only(Customer.name)", {"Customer.note"}),
    ],
)
def test_columns_that_are_left_out(options: str, expected: set[str]) -> None:
    query = f"Customer.query.options({options})" if options else "Customer.query.order_by(Customer.name)"
    body = f"return [(one.id, one.name, one.note) for one in {query}.all()]"
    assert reads(project(body)) == expected
