"""Rows that schemas, lists of fields and decorators make answers of."""

from __future__ import annotations

import pytest

from tests.frameworks.sqlalchemy.shop import HEAD, findings, project, reads

FIELDS = """
from marshmallow import Schema, fields, pre_dump
from marshmallow_sqlalchemy import SQLAlchemyAutoSchema
from marshmallow_sqlalchemy.fields import Nested

from shop.models import Order


class CountrySchema(Schema):
    name = fields.String()


class CustomerSchema(Schema):
    name = fields.String()
    country = fields.Nested(CountrySchema)


class PlainSchema(Schema):
    number = fields.Integer()
    customer_id = fields.Integer()


"""
SCHEMA = HEAD.replace("bp = ", "from shop.schemas import OrderSchema\n\nbp = ")
DUMP = "return jsonify(OrderSchema(many=True).dump({query}))"
NUMBERS = """class OrderSchema(Schema):
    number = fields.Integer()
"""
NESTED = """class OrderSchema(Schema):
    number = fields.Integer()
    customer = fields.Nested(CustomerSchema)
"""
CUSTOMER = {"Order.customer", "Order.customer.country"}


def dumped(schema: str, body: str = DUMP.format(query="Order.query.all()")) -> set[str]:
    """What is reported of a view that answers with this schema."""
    return reads(project(body, {"shop/schemas.py": FIELDS + schema}, SCHEMA))


def of_fields(*fields: str, base: str = "Schema", meta: str = "") -> str:
    """A schema of these fields."""
    inner = f"    class Meta:\n        {meta}\n" if meta else ""
    return f"class OrderSchema({base}):\n" + inner + "".join(f"    {field}\n" for field in fields)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (NESTED, CUSTOMER),
        (of_fields("customer = fields.Nested('CustomerSchema')"), CUSTOMER),
        (of_fields("customer = fields.Nested(lambda: CustomerSchema())"), CUSTOMER),
        (of_fields("customer = fields.Nested(CustomerSchema(only=('name',)))"), {"Order.customer"}),
        (of_fields("customer = fields.Nested(CustomerSchema, only=['country'])"), CUSTOMER),
        (of_fields("customer = fields.Nested(CustomerSchema, exclude=['country'])"), {"Order.customer"}),
        (of_fields("who = fields.Nested(CustomerSchema, attribute='customer')"), CUSTOMER),
        (of_fields("customer = fields.Pluck(CustomerSchema, 'name')"), {"Order.customer"}),
        (of_fields("name = fields.String(attribute='customer.name')"), {"Order.customer"}),
        (of_fields("name = fields.Function(lambda order: order.customer.name)"), {"Order.customer"}),
        (
            of_fields(
                "name = fields.Method('name_of')",
                "def name_of(self, order):",
                "    return order.customer.name",
            ),
            {"Order.customer"},
        ),
        (
            of_fields(
                "number = fields.Integer()",
                "@pre_dump",
                "def begin(self, order, **options):",
                "    return {'number': order.number, 'name': order.customer.name}",
            ),
            {"Order.customer"},
        ),
        (of_fields("title = fields.String()"), {"Order.customer"}),
        (of_fields("buyer = fields.String()"), {"Order.customer"}),
        (of_fields("items = fields.List(fields.Nested(lambda: PlainSchema()))"), {"Order.items"}),
        (of_fields("items = fields.Nested(PlainSchema, many=True)"), {"Order.items"}),
        (
            of_fields("customer = Nested(CustomerSchema)", base="SQLAlchemyAutoSchema", meta="model = Order"),
            CUSTOMER,
        ),
        (
            "class Base(Schema):\n    customer = fields.Nested(CustomerSchema)\n\n\n"
            + of_fields(base="Base")
            + "    pass\n",
            CUSTOMER,
        ),
    ],
)
def test_what_fields_read(schema: str, expected: set[str]) -> None:
    assert dumped(schema) == expected


def test_an_automatic_schema_reads_relations_where_it_says_so() -> None:
    schema = of_fields(
        base="SQLAlchemyAutoSchema", meta="model = Order\n        include_relationships = True"
    )
    assert dumped(schema) >= {"Order.customer", "Order.items"}


@pytest.mark.parametrize(
    "schema",
    [
        NUMBERS,
        of_fields("customer_id = fields.Integer()"),
        of_fields("title = fields.String(load_only=True)", "number = fields.Integer()"),
        of_fields("customer = fields.Nested(CustomerSchema, load_only=True)"),
        of_fields(base="SQLAlchemyAutoSchema", meta="model = Order"),
        of_fields(base="SQLAlchemyAutoSchema", meta="model = Order\n        include_fk = True"),
        of_fields("number = fields.Function(lambda order: order.number + 1)"),
        of_fields("customer = fields.Nested(CustomerSchema)", meta="exclude = ('customer',)"),
    ],
)
def test_fields_that_ask_for_nothing(schema: str) -> None:
    assert dumped(schema) == set()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return OrderSchema().dump(Order.query.all(), many=True)", CUSTOMER),
        ("return OrderSchema(many=True).dumps(Order.query.all())", CUSTOMER),
        ("return jsonify([OrderSchema().dump(order) for order in Order.query])", CUSTOMER),
        (
            "schema = OrderSchema(many=True, only=('number', 'customer.name'))\nreturn schema.dump(Order.query)",
            {"Order.customer"},
        ),
        ("return OrderSchema(many=True, exclude=['customer.country']).dump(Order.query)", {"Order.customer"}),
        ("return OrderSchema(many=True).dump(Order.query.paginate(per_page=20).items)", CUSTOMER),
        (
            "return OrderSchema(many=True).dump(Order.query.options(joinedload(Order.customer)).all())",
            {"Order.customer.country"},
        ),
    ],
)
def test_what_is_dumped(body: str, expected: set[str]) -> None:
    assert dumped(NESTED, body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "return OrderSchema(many=True, exclude=('customer',)).dump(Order.query.all())",
        "return OrderSchema(many=True, only=('number',)).dump(Order.query.all())",
        "return OrderSchema(many=True, only=request.args.getlist('only')).dump(Order.query.all())",
        "return OrderSchema().dump(Order.query.first_or_404())",
        "return OrderSchema(many=True).load(request.json)",
        "return OrderSchema(many=True).dump("
        "Order.query.options(joinedload(Order.customer).joinedload(Customer.country)).all())",
        "return OrderSchema(many=True).dump(Order.query.limit(3).all())",
    ],
)
def test_dumps_that_ask_for_nothing_more(body: str) -> None:
    assert dumped(NESTED, body) == set()


MARSHALLING = HEAD.replace(
    "bp = ",
    "from flask_restful import fields, marshal, marshal_with\n\n"
    "customer_fields = {'name': fields.String}\n"
    "order_fields = {'number': fields.Integer, 'customer': fields.Nested(customer_fields)}\n"
    "path_fields = {'name': fields.String(attribute='customer.name')}\n"
    "item_fields = {'items': fields.List(fields.Nested({'id': fields.Integer}))}\n"
    "plain_fields = {'number': fields.Integer, 'customer_id': fields.Integer}\n\n"
    "bp = ",
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("order_fields", {"Order.customer"}),
        ("path_fields", {"Order.customer"}),
        ("item_fields", {"Order.items"}),
        ("{'name': fields.String(attribute=lambda order: order.customer.name)}", {"Order.customer"}),
        ("plain_fields", set()),
        ("{**plain_fields, 'id': fields.Integer}", set()),
    ],
)
def test_marshalled_rows(fields: str, expected: set[str]) -> None:
    body = f"return jsonify(marshal(Order.query.all(), {fields}))"
    assert reads(project(body, head=MARSHALLING)) == expected


@pytest.mark.parametrize(
    ("decorator", "body", "expected"),
    [
        ("@bp.response(200, OrderSchema(many=True))", "return Order.query.all()", CUSTOMER),
        ("@bp.response(200, OrderSchema(many=True))", "return Order.query.all(), 200", CUSTOMER),
        ("@bp.output(OrderSchema(many=True))", "return db.session.scalars(select(Order)).all()", CUSTOMER),
        ("@bp.response(200, OrderSchema)", "return Order.query.first_or_404()", set()),
        (
            "@bp.response(200, OrderSchema(many=True, exclude=['customer']))",
            "return Order.query.all()",
            set(),
        ),
        ("@bp.arguments(OrderSchema(many=True))", "return Order.query.all()", set()),
    ],
)
def test_decorators_that_dump_what_a_view_returns(decorator: str, body: str, expected: set[str]) -> None:
    head = SCHEMA.replace(
        "@bp.get", f"@bp.get('/orders')\n{decorator}\ndef orders_as_such():\n    {body}\n\n\n@bp.get"
    )
    assert reads(project("return ''", {"shop/schemas.py": FIELDS + NESTED}, head)) == expected


def test_the_field_is_on_the_way() -> None:
    files = project(DUMP.format(query="Order.query.all()"), {"shop/schemas.py": FIELDS + NESTED}, SCHEMA)
    (found,) = findings(files)
    assert found.path == "shop/views.py"
    assert "shop/schemas.py" in {step.path for step in found.trace}
