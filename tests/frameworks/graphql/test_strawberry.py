"""Types of Strawberry and its integration with Django: where lists begin, and what resolvers read of each row."""

from __future__ import annotations

import pytest

from checks.rule import LIKELY, POSSIBLE
from tests.frameworks.graphql.shop import asked, findings, reads, sure

HEAD = """
from typing import Annotated, Iterable, List, Optional

import strawberry
import strawberry_django
from strawberry import relay
from strawberry_django.optimizer import DjangoOptimizerExtension, optimize
from strawberry_django.pagination import OffsetPaginated
from strawberry_django.relay import DjangoListConnection

from shop.models import Country, Customer, Line, Order, Product
""".replace("DjangoOptimizerExtension, ", "")
ORDER = """
@strawberry_django.type(Order)
class OrderType:
    number: strawberry.auto

    @strawberry_django.field
    def customer_name(self) -> str:
        return self.customer.name
"""
SCHEMA = "\n\nschema = strawberry.Schema(query=Query)\n"
OPTIMIZED = """

from strawberry_django.optimizer import DjangoOptimizerExtension

schema = strawberry.Schema(query=Query, extensions=[DjangoOptimizerExtension])
"""


def _query(field: str, types: str = ORDER, schema: str = SCHEMA) -> str:
    return f"{HEAD}{types}\n\n@strawberry.type\nclass Query:\n    {field}\n{schema}"


def _method(mark: str, returns: str, body: str = "return Order.objects.all()") -> str:
    return f"@{mark}\n    def orders(self, info) -> {returns}:\n        {body}"


@pytest.mark.parametrize(
    "field",
    [
        _method("strawberry.field", "list[OrderType]"),
        _method("strawberry.field", "List[OrderType]"),
        _method("strawberry.field", "Optional[list[OrderType]]"),
        _method("strawberry.field", "list[OrderType] | None"),
        _method("strawberry.field", "'list[OrderType]'"),
        _method("strawberry.field(description='All of them')", "list['OrderType']"),
        _method("strawberry.field", 'list[Annotated["OrderType", strawberry.lazy("shop.schema")]]'),
        _method("strawberry.field", 'list[Annotated["OrderType", strawberry.lazy(".schema")]]'),
        _method("strawberry.mutation", "list[OrderType]"),
        _method("strawberry_django.field", "list[OrderType]"),
        _method("strawberry_django.field(graphql_type=list[OrderType])", "Iterable[Order]"),
        _method("strawberry_django.connection(DjangoListConnection[OrderType])", "Iterable[Order]"),
        _method("relay.connection(relay.ListConnection[OrderType])", "Iterable[Order]"),
        _method("strawberry_django.offset_paginated(OffsetPaginated[OrderType])", "Iterable[Order]"),
        "orders: list[OrderType] = strawberry_django.field()",
        "orders: OffsetPaginated[OrderType] = strawberry_django.offset_paginated()",
        "orders: DjangoListConnection[OrderType] = strawberry_django.connection()",
        "orders: list[OrderType] = strawberry.field(resolver=lambda: Order.objects.all())",
    ],
)
def test_ways_of_saying_a_list(field: str) -> None:
    found = findings(_query(field))
    assert reads(found) == {"Order.customer"}
    assert sure(found) == {LIKELY}


@pytest.mark.parametrize(
    "field",
    [
        "orders: list[OrderType] = strawberry.field()",
        "order: OrderType = strawberry_django.node()",
        "order: OrderType = strawberry_django.field()",
        _method("strawberry.field", "OrderType", "return Order.objects.get(pk=3)"),
        _method("strawberry.field", "list[str]"),
        _method("strawberry.field", "list[OrderType]", "return optimize(Order.objects.all(), info)"),
        _method("strawberry.field", "list[OrderType]", "return Order.objects.select_related('customer')"),
        _method("strawberry.field", "list[OrderType]", "return somewhere.orders()"),
        "orders: strawberry.Private[list[OrderType]]",
    ],
)
def test_fields_that_give_nothing_to_load(field: str) -> None:
    assert not findings(_query(field))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("title: str", {"Order.customer"}),
        ("shown: str", {"Order.customer"}),
        ("named: str = strawberry_django.field(field_name='title')", {"Order.customer"}),
        ("number: strawberry.auto", set()),
        ("customer_id: int", set()),
        (
            "@strawberry.field\n    def place(self, root: strawberry.Parent[Order]) -> str:\n"
            "        return root.customer.address",
            {"Order.customer", "Order.customer.country"},
        ),
        (
            "@strawberry.field\n    @staticmethod\n    def place(order: strawberry.Parent[Order]) -> str:\n"
            "        return order.customer.name",
            {"Order.customer"},
        ),
        (
            "@strawberry_django.field(description='Where')\n    def place(self, root: Order) -> str:\n"
            "        return root.customer.name",
            {"Order.customer"},
        ),
        ("place = strawberry.field(resolver=place)", {"Order.customer"}),
        ("place: str = strawberry.field(resolver=place)", {"Order.customer"}),
        (
            "@strawberry.field\n    async def place(self, info: strawberry.Info) -> str:\n"
            "        return await info.context.loaders.customers.load(self.customer_id)",
            set(),
        ),
        (
            "@strawberry.field\n    def place(self) -> str:\n        if hasattr(self, 'place'):\n"
            "            return self.place\n        return self.customer.name",
            set(),
        ),
        ("def place(self) -> str:\n        return self.customer.name", set()),
    ],
)
def test_what_a_field_reads_of_each_row(body: str, expected: set[str]) -> None:
    types = f"""
def place(root: Order) -> str:
    return root.customer.name


@strawberry_django.type(Order)
class OrderType:
    {body}
"""
    assert reads(findings(_query("orders: list[OrderType] = strawberry_django.field()", types))) == expected


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("strawberry_django.field", {"Order.customer"}),
        ("strawberry_django.field(only=['number'])", {"Order.customer"}),
        ("strawberry_django.field(select_related=['lines'])", {"Order.customer"}),
        ("strawberry_django.field(select_related=['customer'])", set()),
        ("strawberry_django.field(select_related='customer')", set()),
        ("strawberry_django.field(select_related=['customer__country'])", set()),
        ("strawberry_django.field(prefetch_related=['customer'])", set()),
        ("strawberry_django.field(prefetch_related=[lambda info: loads(info)])", set()),
    ],
)
def test_what_fields_tell_an_optimizer(mark: str, expected: set[str]) -> None:
    types = ORDER.replace("strawberry_django.field", mark)
    found = findings(_query("orders: list[OrderType] = strawberry_django.field()", types, OPTIMIZED))
    assert reads(found) == expected
    assert sure(found) <= {POSSIBLE}


def test_what_a_type_tells_an_optimizer() -> None:
    types = ORDER.replace("type(Order)", "type(Order, select_related=['customer'])")
    assert not findings(_query("orders: list[OrderType] = strawberry_django.field()", types, OPTIMIZED))


def test_a_schema_out_of_sight_may_have_an_optimizer() -> None:
    found = findings(_query("orders: list[OrderType] = strawberry_django.field()", schema=""))
    assert reads(found) == {"Order.customer"}
    assert sure(found) == {POSSIBLE}


LINES = """
@strawberry_django.type(Line)
class LineType:
    @strawberry.field
    def product_name(self) -> str:
        return self.product.name


@strawberry_django.type(Order)
class OrderType:
    {lines}
"""


@pytest.mark.parametrize(
    ("lines", "schema", "expected"),
    [
        ("lines: list[LineType]", SCHEMA, {"Order.lines.product"}),
        ("lines: list[LineType]", OPTIMIZED, {"Order.lines.product"}),
        (
            "@strawberry_django.field\n    def lines(self) -> list[LineType]:\n        return self.lines.all()",
            SCHEMA,
            {"Order.lines", "Order.lines.product"},
        ),
        (
            "@strawberry_django.field(prefetch_related=['lines__product'])\n"
            "    def lines(self) -> list[LineType]:\n        return self.lines.all()",
            OPTIMIZED,
            set(),
        ),
    ],
)
def test_objects_within_objects_are_less_sure(lines: str, schema: str, expected: set[str]) -> None:
    field = "orders: list[OrderType] = strawberry_django.field()"
    found = findings(_query(field, LINES.format(lines=lines), schema))
    assert reads(found) == expected
    assert sure(found) <= {POSSIBLE}


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("return queryset", {"Order.customer"}),
        ("return queryset.filter(number=3)", {"Order.customer"}),
        ("return queryset.select_related('customer')", set()),
    ],
)
def test_queries_of_types(method: str, expected: set[str]) -> None:
    types = (
        f"{ORDER}\n    @classmethod\n    def get_queryset(cls, queryset, info, **kwargs):\n        {method}\n"
    )
    assert reads(findings(_query("orders: list[OrderType] = strawberry_django.field()", types))) == expected


def test_fields_that_a_type_inherits() -> None:
    types = """
@strawberry.interface
class Named:
    @strawberry.field
    def customer_name(self) -> str:
        return self.customer.name


@strawberry_django.type(Order)
class OrderType(Named):
    number: strawberry.auto
"""
    found = findings(_query("orders: list[OrderType] = strawberry_django.field()", types))
    assert reads(found) == {"Order.customer"}


def test_plain_types_show_rows_too() -> None:
    types = ORDER.replace("strawberry_django.type(Order)", "strawberry.type").replace(
        "strawberry.auto", "int"
    )
    assert reads(findings(_query(_method("strawberry.field", "list[OrderType]"), types))) == {
        "Order.customer"
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return self.lines.filter(pk=3).count()", {"self.lines.filter(pk=3).count()"}),
        ("return Line.objects.filter(order=self).exists()", {"Line.objects.filter(order=self).exists()"}),
        ("return len(self.number)", set()),
    ],
)
def test_what_is_asked_for_each_row(body: str, expected: set[str]) -> None:
    types = f"{ORDER}\n    @strawberry.field\n    def line_count(self) -> int:\n        {body}\n"
    field = _method("strawberry.field", "list[OrderType]", "return Order.objects.select_related('customer')")
    assert asked(findings(_query(field, types))) == expected
