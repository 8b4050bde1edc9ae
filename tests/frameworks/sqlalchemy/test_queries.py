"""Queries of SQLAlchemy as values: what runs them, what they give, and what their rows then ask for one by one."""

from __future__ import annotations

import pytest

from tests.frameworks.sqlalchemy.shop import findings, project, reads

READ = "return jsonify([order.customer.name for order in found])"


@pytest.mark.parametrize(
    "query",
    [
        "Order.query",
        "Order.query.all()",
        "Order.query.filter(Order.number > 3).order_by(Order.number).all()",
        "Order.query.filter_by(number=3)",
        "db.session.query(Order).join(Order.customer).all()",
        "db.session.query(Order).limit(50)",
        "db.session.scalars(select(Order))",
        "db.session.scalars(db.select(Order).where(Order.number > 3)).all()",
        "db.session.execute(select(Order)).scalars()",
        "db.session.execute(select(Order)).scalars().unique().all()",
        "db.session.execute(select(Order)).unique().scalars().all()",
        "Order.query.paginate(per_page=50).items",
        "Order.query.paginate(page=request.args.get('page', type=int))",
        "db.paginate(select(Order), per_page=50)",
        "list(Order.query)",
        "sorted(Order.query.all(), key=lambda order: order.number)",
        "Order.query.yield_per(100)",
        "[order for order in Order.query.all() if order.number]",
        "Order.query.with_entities(Order).all()",
        "db.session.query(aliased(Order)).all()",
        "Order.query[5:100]",
    ],
)
def test_rows_ask_for_what_no_query_loads(query: str) -> None:
    assert reads(project(f"found = {query}\n{READ}")) == {"Order.customer"}


@pytest.mark.parametrize(
    "query",
    [
        "Order.query.limit(5).all()",
        "Order.query[:5]",
        "Order.query.paginate(per_page=5).items",
        "db.session.scalars(select(Order).limit(3))",
        "db.session.execute(select(Order).limit(3)).scalars().all()",
        "[Order.query.first()]",
        "[db.session.get(Order, 3)]",
    ],
)
def test_few_rows_are_left_alone(query: str) -> None:
    assert reads(project(f"found = {query}\n{READ}")) == set()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("for order, in db.session.execute(select(Order)):\n    order.customer.name", {"Order.customer"}),
        ("for row in db.session.execute(select(Order)):\n    row.Order.customer.name", {"Order.customer"}),
        ("for row in db.session.execute(select(Order)).all():\n    row[0].customer.name", {"Order.customer"}),
        (
            "for row in db.session.execute(select(Order)).mappings():\n    row['Order'].customer.name",
            {"Order.customer"},
        ),
        (
            "for order, count in db.session.query(Order, func.count(Item.id)).group_by(Order.id):\n"
            "    order.customer.name, count",
            {"Order.customer"},
        ),
        (
            "for item, order in db.session.query(Item, Order).join(Order):\n    item.product.name",
            {"Item.product"},
        ),
        ("for item, order in db.session.query(Item, Order).join(Order):\n    item.order.number", set()),
        ("for number, in db.session.query(Order.number):\n    str(number)", set()),
        ("for row in db.session.execute(select(Order.number, Customer.name)):\n    row.name", set()),
        ("for order in Order.query.with_entities(Order.number):\n    order.number", set()),
        (
            "for order in db.session.query(Order.id).add_columns(Order.number):\n    order.number",
            set(),
        ),
    ],
)
def test_rows_of_several_things(body: str, expected: set[str]) -> None:
    assert reads(project(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "order = Order.query.get_or_404(3)\nfor item in order.items:\n    item.product.name",
            {"Order.items.product"},
        ),
        ("order = db.session.get(Order, 3)\n[item.product for item in order.items]", {"Order.items.product"}),
        ("order = db.get_or_404(Order, 3)\n[item.product for item in order.items]", {"Order.items.product"}),
        (
            "order = db.session.scalar(select(Order))\n[item.product for item in order.items]",
            {"Order.items.product"},
        ),
        (
            "order = db.first_or_404(select(Order))\n[item.product for item in order.items]",
            {"Order.items.product"},
        ),
        (
            "order = db.session.execute(select(Order)).scalar_one()\n[item.product for item in order.items]",
            {"Order.items.product"},
        ),
        ("order = Order.query.first()\norder.customer.name", set()),
        ("order = Order.query.one()\n[item.product_id for item in order.items]", set()),
        ("order = Order.query.get(3)\n[item.order.number for item in order.items]", set()),
    ],
)
def test_single_rows(body: str, expected: set[str]) -> None:
    assert reads(project(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[note.text for order in Order.query for note in order.notes]", {"Order.notes"}),
        ("[order.notes.all() for order in Order.query]", {"Order.notes"}),
        ("order = Order.query.first()\n[note.text for note in order.notes]", set()),
    ],
)
def test_collections_that_are_queries(body: str, expected: set[str]) -> None:
    assert reads(project(body)) == expected
    assert all(found.fix is None for found in findings(project(body)))


def test_sessions_of_a_module_of_their_own() -> None:
    database = (
        "from sqlalchemy import create_engine\nfrom sqlalchemy.orm import scoped_session, sessionmaker\n"
    )
    database += "session = scoped_session(sessionmaker(create_engine('sqlite://')))\n"
    body = "found = session.query(Order).all()\n" + READ
    head = "from shop.database import session\nfrom shop.models import Order\n\n\ndef orders():\n"
    assert reads(project(body, {"shop/database.py": database}, head)) == {"Order.customer"}


def test_a_session_that_nobody_knows_is_one_where_it_is_asked_for_a_model() -> None:
    head = "from flask import jsonify\nfrom shop.models import Order\n\n\ndef orders(session):\n"
    assert reads(project(f"found = session.query(Order)\n{READ}", head=head)) == {"Order.customer"}
    assert reads(project(f"found = session.query('orders')\n{READ}", head=head)) == set()


@pytest.mark.parametrize("loaded", [False, True])
def test_a_helper_makes_the_query_and_another_reads_the_rows(loaded: bool) -> None:
    option = ".options(joinedload(Order.customer))" if loaded else ""
    helpers = "from sqlalchemy.orm import joinedload\nfrom shop.models import Order\n\n\n"
    helpers += f"def newest():\n    return Order.query.order_by(Order.number){option}\n\n\n"
    helpers += "def line_of(order):\n    return order.customer.name\n"
    head = "from shop.helpers import line_of, newest\n\n\ndef orders():\n"
    body = "return [line_of(order) for order in newest()]"
    expected = set() if loaded else {"Order.customer"}
    assert reads(project(body, {"shop/helpers.py": helpers}, head)) == expected


def test_a_method_for_all_models_is_no_place_for_what_one_needs() -> None:
    base = "from shop.models import db\n\n\nclass Listed:\n    @classmethod\n    def listed(cls):\n"
    base += "        return db.session.query(cls).all()\n"
    models = "from shop.base import Listed\nfrom shop.models import Customer, db\n\n\nclass Bill(Listed, db.Model):\n"
    models += "    id = db.Column(db.Integer, primary_key=True)\n"
    models += "    customer_id = db.Column(db.ForeignKey('customer.id'))\n    customer = db.relationship(Customer)\n"
    head = "from shop.bills import Bill\n\n\ndef bills():\n"
    files = project("for bill in Bill.listed():\n    bill.customer.name", {}, head)
    files |= {"shop/base.py": base, "shop/bills.py": models}
    (found,) = findings(files)
    assert (found.path, found.fix) == ("shop/views.py", None)
