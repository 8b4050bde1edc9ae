"""Rows: how they are related, what the session holds already, and the ways by which code reads them."""

from __future__ import annotations

import pytest

from tests.frameworks.sqlalchemy.shop import project, reads


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[order.to_dict() for order in Order.query]", {"Order.customer"}),
        ("[order.title for order in Order.query]", {"Order.customer"}),
        ("[order.buyer for order in Order.query]", {"Order.customer"}),
        ("[str(order) for order in Order.query]", {"Order.customer"}),
        ("[len(order.items) for order in Order.query]", {"Order.items"}),
        (
            "[item.product.name for order in Order.query for item in order.items]",
            {"Order.items", "Order.items.product"},
        ),
        ("[item.order.number for item in Item.query]", {"Item.order"}),
        ("{order.customer_id: order.number for order in Order.query}", set()),
        ("[order.customer is None for order in Order.query.options(joinedload(Order.customer))]", set()),
        (
            "[item.order.number for order in Order.query.options(selectinload(Order.items)) for item in order.items]",
            set(),
        ),
    ],
)
def test_what_rows_lead_to(body: str, expected: set[str]) -> None:
    assert reads(project(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[order.customer.name for order in Order.query.filter_by(customer_id=3)]", set()),
        ("[order.customer.name for order in Order.query.filter_by(customer=request.customer)]", set()),
        ("[order.customer.name for order in Order.query.filter(Order.customer_id == 3)]", set()),
        (
            "[o.customer.name for o in Order.query.filter(Order.number > 3, Order.customer == request.customer)]",
            set(),
        ),
        ("only = [Order.customer_id == 3]\n[o.customer.name for o in Order.query.filter(*only)]", set()),
        ("[o.customer.name for o in db.session.scalars(select(Order).where(Order.customer_id == 3))]", set()),
        ("[o.customer.name for o in Order.query.with_parent(request.customer)]", set()),
        ("[o.customer.name for o in Order.query.filter(Order.customer_id.in_([1, 2]))]", set()),
        (
            "[o.customer.name for o in Order.query.filter(Order.customer_id == Customer.id)]",
            {"Order.customer"},
        ),
        ("[o.customer.name for o in Order.query.filter(Order.number == 3)]", {"Order.customer"}),
        ("[o.customer.name for o in Order.query.filter_by(number=3)]", {"Order.customer"}),
    ],
)
def test_rows_of_one_other_ask_for_it_once(body: str, expected: set[str]) -> None:
    assert reads(project(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("everyone = Customer.query.all()\n[order.customer.name for order in Order.query.all()]", set()),
        (
            "everyone = db.session.scalars(select(Customer)).all()\n[o.customer for o in Order.query.all()]",
            set(),
        ),
        ("Customer.query.all()\n[order.customer.name for order in Order.query.all()]", {"Order.customer"}),
        (
            "some = Customer.query.filter_by(name='A').all()\n[o.customer.name for o in Order.query.all()]",
            {"Order.customer"},
        ),
        (
            "if request.args:\n    everyone = Customer.query.all()\n[o.customer for o in Order.query.all()]",
            {"Order.customer"},
        ),
        ("[node.parent.name for node in Node.query.all()]", set()),
        ("[node.parent.name for node in Node.query.filter(Node.name != '')]", set()),
        ("[node.parent.name for node in Node.query.filter(Node.parent_id.is_not(None))]", {"Node.parent"}),
        ("[node.children for node in Node.query.all()]", {"Node.children"}),
    ],
)
def test_what_the_session_holds_is_not_asked_for(body: str, expected: set[str]) -> None:
    assert reads(project(body)) == expected


@pytest.mark.parametrize("lazy", ["joined", "selectin", "subquery", "immediate", "raise", "noload"])
def test_relations_that_models_load_along(lazy: str) -> None:
    models = project("")["shop/models.py"].replace(
        'back_populates="orders")', f'back_populates="orders", lazy="{lazy}")'
    )
    files = project("[order.customer.name for order in Order.query]", {"shop/models.py": models})
    assert reads(files) == set()


@pytest.mark.parametrize("lazy", ["'select'", "True"])
def test_relations_that_models_load_when_they_are_read(lazy: str) -> None:
    models = project("")["shop/models.py"].replace(
        'back_populates="orders")', f'back_populates="orders", lazy={lazy})'
    )
    files = project("[order.customer.name for order in Order.query]", {"shop/models.py": models})
    assert reads(files) == {"Order.customer"}


def test_a_mixin_declares_a_relation_for_all() -> None:
    mixin = "from sqlalchemy.orm import declared_attr, relationship\nfrom shop.models import db\n\n\nclass Owned:\n"
    mixin += "    @declared_attr\n    def owner_id(cls):\n        return db.Column(db.ForeignKey('customer.id'))\n\n"
    mixin += "    @declared_attr\n    def owner(cls):\n        return relationship('Customer')\n\n\n"
    mixin += "class Bill(Owned, db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
    head = "from shop.bills import Bill\n\n\ndef bills():\n"
    files = project("[bill.owner.name for bill in Bill.query]", {"shop/bills.py": mixin}, head)
    assert reads(files) == {"Bill.owner"}
