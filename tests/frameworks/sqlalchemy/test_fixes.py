"""Loader options written where they are missing, with the imports that they need."""

from __future__ import annotations

import pytest

from tests.frameworks.sqlalchemy.shop import HEAD, findings, mended, project, reads
from tests.rules.runner import apply_all

PLAIN = """
from flask import Blueprint, jsonify

from shop.models import Order

bp = Blueprint("shop", __name__)


@bp.get("/orders")
def orders():
"""
ORM = "from sqlalchemy.orm import joinedload"
NAMES = "return jsonify([order.customer.name for order in {query}])"
IDS = "return jsonify([[item.id for item in order.items] for order in {query}])"
PRODUCTS = "return jsonify([[item.product.name for item in order.items] for order in {query}])"
COUNTRIES = "return jsonify([order.customer.country.name for order in {query}])"


def only(body: str, head: str = HEAD) -> str:
    """The one line that the fix changes, without what stands around it."""
    (line,) = mended(project(body, head=head))
    return line


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Order.query.yield_per(100)", "Order.query.yield_per(100).options(joinedload(Order.customer))"),
        ("Order.query.all()", "Order.query.options(joinedload(Order.customer)).all()"),
        (
            "Order.query.filter(Order.number > 3).all()",
            "Order.query.filter(Order.number > 3).options(joinedload(Order.customer)).all()",
        ),
        (
            "db.session.query(Order).all()",
            "db.session.query(Order).options(joinedload(Order.customer)).all()",
        ),
        (
            "db.session.scalars(select(Order))",
            "db.session.scalars(select(Order).options(joinedload(Order.customer)))",
        ),
        (
            "db.session.execute(select(Order)).scalars().all()",
            "db.session.execute(select(Order).options(joinedload(Order.customer))).scalars().all()",
        ),
        (
            "Order.query.paginate(per_page=20).items",
            "Order.query.options(joinedload(Order.customer)).paginate(per_page=20).items",
        ),
        ("db.paginate(select(Order))", "db.paginate(select(Order).options(joinedload(Order.customer)))"),
        (
            "Order.query.options(selectinload(Order.items))",
            "Order.query.options(selectinload(Order.items), joinedload(Order.customer))",
        ),
        (
            "Order.query.options(defer(Order.number)).all()",
            "Order.query.options(defer(Order.number), joinedload(Order.customer)).all()",
        ),
        (
            "Order.query.with_for_update().all()",
            "Order.query.with_for_update().options(selectinload(Order.customer)).all()",
        ),
        (
            "Order.query.distinct().all()",
            "Order.query.distinct().options(selectinload(Order.customer)).all()",
        ),
    ],
)
def test_where_the_option_goes(query: str, expected: str) -> None:
    assert only(NAMES.format(query=query)) == NAMES.format(query=expected)


@pytest.mark.parametrize(
    ("body", "query", "expected"),
    [
        (IDS, "Order.query.all()", "Order.query.options(selectinload(Order.items)).all()"),
        (
            PRODUCTS,
            "Order.query.all()",
            "Order.query.options(selectinload(Order.items).joinedload(Item.product)).all()",
        ),
        (
            COUNTRIES,
            "Order.query.all()",
            "Order.query.options(joinedload(Order.customer).joinedload(Customer.country)).all()",
        ),
        (
            COUNTRIES,
            "Order.query.options(joinedload(Order.customer)).all()",
            "Order.query.options(joinedload(Order.customer).joinedload(Customer.country)).all()",
        ),
        (
            PRODUCTS,
            "Order.query.options(subqueryload(Order.items)).all()",
            "Order.query.options(subqueryload(Order.items).joinedload(Item.product)).all()",
        ),
        (
            PRODUCTS,
            "Order.query.options(joinedload(Order.customer), selectinload(Order.items)).all()",
            "Order.query.options(joinedload(Order.customer), selectinload(Order.items).joinedload(Item.product)).all()",
        ),
    ],
)
def test_paths(body: str, query: str, expected: str) -> None:
    assert only(body.format(query=query)) == body.format(query=expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "found = Order.query.filter(Order.number > 3)\n" + NAMES.format(query="found"),
            "found = Order.query.filter(Order.number > 3).options(joinedload(Order.customer))",
        ),
        (
            "found = select(Order)\n"
            "if request.args:\n    found = found.where(Order.number > 3)\n"
            + NAMES.format(query="db.session.scalars(found)"),
            "found = select(Order).options(joinedload(Order.customer))",
        ),
        (
            "found = (\n    Order.query\n    .filter(Order.number > 3)\n)\n" + NAMES.format(query="found"),
            ".options(joinedload(Order.customer))",
        ),
        (
            "found = db.session.scalars(\n    select(Order)\n    .where(Order.number > 3)\n)\n"
            + NAMES.format(query="found"),
            ".options(joinedload(Order.customer))",
        ),
        (
            "order = db.session.get(Order, 3)\nreturn jsonify([item.product.name for item in order.items])",
            "order = db.session.get(Order, 3, options=[selectinload(Order.items).joinedload(Item.product)])",
        ),
        (
            "order = db.get_or_404(Order, 3)\nreturn jsonify([item.product.name for item in order.items])",
            "order = db.get_or_404(Order, 3, options=[selectinload(Order.items).joinedload(Item.product)])",
        ),
        (
            "order = Order.query.get_or_404(3)\nreturn jsonify([item.product.name for item in order.items])",
            "order = Order.query.options(selectinload(Order.items).joinedload(Item.product)).get_or_404(3)",
        ),
        (
            "return jsonify([c.note for c in Customer.query.all()])",
            "return jsonify([c.note for c in Customer.query.options(undefer(Customer.note)).all()])",
        ),
        (
            "return jsonify([o.number for o in Order.query.options(load_only(Order.id)).all()])",
            "return jsonify([o.number for o in Order.query.options(load_only(Order.id, Order.number)).all()])",
        ),
        (
            "return jsonify([[o.customer.name, len(o.items)] for o in Order.query.all()])",
            "return jsonify([[o.customer.name, len(o.items)] for o in "
            "Order.query.options(joinedload(Order.customer), selectinload(Order.items)).all()])",
        ),
    ],
)
def test_queries_in_several_steps(body: str, expected: str) -> None:
    assert only(body) == expected


def test_a_line_that_goes_on_behind_a_backslash() -> None:
    body = (
        "found = Order.query \\\n    .filter(Order.number > 3) \\\n    .order_by(Order.number) \\\n    .all()\n"
        + NAMES.format(query="found")
    )
    assert mended(project(body)) == [".options(joinedload(Order.customer)) \\"]


def test_the_loader_is_imported() -> None:
    assert set(mended(project(NAMES.format(query="Order.query.all()"), head=PLAIN))) == {
        ORM,
        NAMES.format(query="Order.query.options(joinedload(Order.customer)).all()"),
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("from sqlalchemy.orm import Session", "from sqlalchemy.orm import Session, joinedload"),
        (
            "from sqlalchemy.orm import aliased, selectinload",
            "from sqlalchemy.orm import aliased, joinedload, selectinload",
        ),
        ("from sqlalchemy.orm import (\n    aliased,\n    selectinload,\n)", "joinedload,"),
    ],
)
def test_an_import_is_widened(line: str, expected: str) -> None:
    head = PLAIN.replace("jsonify\n", f"jsonify\n{line}\n")
    assert expected in mended(project(NAMES.format(query="Order.query.all()"), head=head))


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("from sqlalchemy import orm", "orm.joinedload(Order.customer)"),
        ("import sqlalchemy.orm as so", "so.joinedload(Order.customer)"),
        ("from sqlalchemy.orm import joinedload as along", "along(Order.customer)"),
    ],
)
def test_the_name_that_the_file_has_is_used(line: str, option: str) -> None:
    head = PLAIN.replace("jsonify\n", f"jsonify\n{line}\n")
    expected = NAMES.format(query=f"Order.query.options({option}).all()")
    assert mended(project(NAMES.format(query="Order.query.all()"), head=head)) == [expected]


def test_a_model_of_the_way_is_imported_beside_its_neighbour() -> None:
    lines = mended(project(COUNTRIES.format(query="Order.query.all()"), head=PLAIN))
    assert "from shop.models import Customer, Order" in lines


def test_models_of_a_module() -> None:
    head = PLAIN.replace("from shop.models import Order", "from shop import models")
    lines = mended(project(COUNTRIES.format(query="models.Order.query.all()"), head=head))
    chain = "joinedload(models.Order.customer).joinedload(models.Customer.country)"
    assert COUNTRIES.format(query=f"models.Order.query.options({chain}).all()") in lines


@pytest.mark.parametrize(
    "body",
    [
        "return jsonify([note.text for order in Order.query.all() for note in order.notes])",
        NAMES.format(query="Order.query.union(Order.query.filter_by(number=3)).all()"),
        NAMES.format(query="Order.query.options(lazyload(Order.customer)).all()"),
        "model = request.args['model'] and Order\nreturn ''",
        NAMES.format(query="listed(Order)"),
    ],
)
def test_queries_that_no_option_mends(body: str) -> None:
    head = HEAD.replace("@bp.get", "def listed(model):\n    return model.query.all()\n\n\n@bp.get")
    assert mended(project(body, head=head)) == []


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (NAMES.format(query="Order.query.all()"), PLAIN),
        (PRODUCTS.format(query="Order.query.all()"), PLAIN),
        (COUNTRIES.format(query="Order.query.options(joinedload(Order.customer)).all()"), HEAD),
        ("order = db.session.get(Order, 3)\nreturn jsonify([i.product.name for i in order.items])", HEAD),
        ("return jsonify([c.note for c in Customer.query.all()])", HEAD),
        (
            "return jsonify([[o.customer.name, [i.product.name for i in o.items]] for o in Order.query.all()])",
            PLAIN,
        ),
    ],
)
def test_nothing_is_left_to_mend(body: str, head: str) -> None:
    files = project(body, head=head)
    edits = [edit for found in findings(files) if found.fix is not None for edit in found.fix.edits]
    assert edits
    assert reads({**files, **apply_all(files, edits)}) == set()
