"""Types of graphene and graphene-django: where their lists begin, and what their resolvers read of each row."""

from __future__ import annotations

import pytest

from checks.rule import LIKELY, POSSIBLE
from tests.frameworks.graphql.shop import asked, findings, reads, sure

HEAD = """
import graphene
import graphene_django_optimizer as gql_optimizer
import query_optimizer
from graphene import relay
from graphene_django import DjangoConnectionField, DjangoListField, DjangoObjectType
from graphene_django.filter import DjangoFilterConnectionField

from shop.models import Country, Customer, Line, Order, Product
"""
ORDER = """
class OrderType(DjangoObjectType):
    customer_name = graphene.String()

    class Meta:
        model = Order
        fields = ["id", "number"]
        interfaces = (relay.Node,)

    def resolve_customer_name(self, info):
        return self.customer.name


class OrderConnection(relay.Connection):
    class Meta:
        node = OrderType
"""
ALL = """
    def resolve_orders(self, info, **kwargs):
        return Order.objects.all()
"""


def _query(field: str, resolver: str = ALL, types: str = ORDER) -> str:
    return f"{HEAD}{types}\n\nclass Query(graphene.ObjectType):\n    {field}\n{resolver}"


@pytest.mark.parametrize(
    "field",
    [
        "orders = graphene.List(OrderType)",
        "orders = graphene.List(graphene.NonNull(OrderType))",
        "orders = graphene.NonNull(graphene.List(OrderType))",
        "orders = graphene.Field(graphene.List(lambda: OrderType))",
        'orders = graphene.List("shop.schema.OrderType", required=True)',
        "orders = graphene.List(of_type=OrderType)",
        "orders = gql_optimizer.field(graphene.List(OrderType))",
        "orders = DjangoListField(OrderType)",
        "orders = DjangoConnectionField(OrderType)",
        "orders = DjangoFilterConnectionField(OrderType)",
        "orders = relay.ConnectionField(OrderConnection)",
        "orders = graphene.Field(OrderConnection)",
    ],
)
def test_ways_of_saying_a_list(field: str) -> None:
    found = findings(_query(field))
    assert reads(found) == {"Order.customer"}
    assert sure(found) == {LIKELY}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("orders = DjangoListField(OrderType)", {"Order.customer"}),
        ("orders = DjangoConnectionField(OrderType)", {"Order.customer"}),
        ("orders = DjangoFilterConnectionField(OrderType)", {"Order.customer"}),
        ("orders = graphene.List(OrderType)", set()),
        ("order = relay.Node.Field(OrderType)", set()),
        ("orders = query_optimizer.DjangoListField(OrderType)", set()),
    ],
)
def test_fields_that_begin_with_all_rows(field: str, expected: set[str]) -> None:
    assert reads(findings(_query(field, ""))) == expected


@pytest.mark.parametrize(
    ("resolver", "expected"),
    [
        ("return Order.objects.filter(number=3)", {"Order.customer"}),
        ("return list(Order.objects.all())", {"Order.customer"}),
        ("return [order for order in Order.objects.all() if order.number]", {"Order.customer"}),
        ("return Order.objects.select_related('customer')", set()),
        ("return Order.objects.prefetch_related('customer')", set()),
        ("return Order.objects.all()[:5]", set()),
        ("return Order.objects.filter(customer=info.context.user.customer)", {"Order.customer"}),
        ("return gql_optimizer.query(Order.objects.all(), info)", set()),
        ("return query_optimizer.optimize(Order.objects.all(), info)", set()),
        ("return [Order.objects.get(pk=3)]", set()),
        ("return somewhere.orders(info)", set()),
        ("return None", set()),
    ],
)
def test_rows_that_a_resolver_gives(resolver: str, expected: set[str]) -> None:
    written = f"    def resolve_orders(root, info, **kwargs):\n        {resolver}\n"
    assert reads(findings(_query("orders = graphene.List(OrderType)", written))) == expected


def test_a_list_field_whose_resolver_gives_nothing_begins_with_all_rows() -> None:
    resolver = "    def resolve_orders(self, info):\n        check(info)\n"
    assert reads(findings(_query("orders = DjangoListField(OrderType)", resolver))) == {"Order.customer"}


@pytest.mark.parametrize(
    "field",
    [
        "orders = graphene.List(OrderType, resolver=lambda root, info: Order.objects.all())",
        "orders = graphene.List(OrderType, resolver=every_order)",
    ],
)
def test_resolvers_that_a_field_names(field: str) -> None:
    types = f"{ORDER}\n\ndef every_order(root, info):\n    return Order.objects.all()\n"
    assert reads(findings(_query(field, "", types))) == {"Order.customer"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("title = graphene.String()", {"Order.customer"}),
        ('named = graphene.String(source="title")', {"Order.customer"}),
        ("shown = graphene.String()", set()),
        ("number = graphene.Int()", set()),
        (
            "place = graphene.String()\n    def resolve_place(self, info):\n        return self.customer.address",
            {"Order.customer", "Order.customer.country"},
        ),
        (
            "place = graphene.String()\n    @staticmethod\n    def resolve_place(order, info):\n"
            "        return order.customer.country.name",
            {"Order.customer", "Order.customer.country"},
        ),
        ("def resolve_number(self, info):\n        return self.customer.name", {"Order.customer"}),
        ("def resolve_customer(self, info):\n        return self.customer.name", set()),
        ("customer_id = graphene.ID()", set()),
        (
            "place = graphene.String()\n    def resolve_place(self, info):\n"
            "        return info.context.loaders.customers.load(self.customer_id)",
            set(),
        ),
        (
            "place = graphene.String()\n    def resolve_place(self, info):\n        if hasattr(self, 'place'):\n"
            "            return self.place\n        return self.customer.name",
            set(),
        ),
        (
            "place = graphene.String()\n    def resolve_place(self, info):\n        if self == info.context.order:\n"
            "            return self.customer.name",
            set(),
        ),
        (
            "place = graphene.String()\n    def resolve_place(self, info):\n"
            "        if 'places' in info.context.loaders:\n"
            "            return info.context.loaders['places'].load(self.pk)\n        return self.customer.name",
            set(),
        ),
    ],
)
def test_what_a_field_reads_of_each_row(body: str, expected: set[str]) -> None:
    types = f"""
class OrderType(DjangoObjectType):
    {body}

    class Meta:
        model = Order
        fields = ["id", "number"]
"""
    assert reads(findings(_query("orders = graphene.List(OrderType)", ALL, types))) == expected


LINES = """
class LineType(DjangoObjectType):
    product_name = graphene.String()

    class Meta:
        model = Line
        fields = ["id"]

    def resolve_product_name(self, info):
        return self.product.name


class OrderType(DjangoObjectType):
    {lines}

    class Meta:
        model = Order
        fields = ["id", "number"]
"""


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "lines = graphene.List(LineType)\n    def resolve_lines(self, info):\n        return self.lines.all()",
            {"Order.lines", "Order.lines.product"},
        ),
        ("lines = graphene.List(LineType)", {"Order.lines.product"}),
        ("lines = DjangoListField(LineType)", {"Order.lines.product"}),
        ("lines = DjangoConnectionField(LineType)", {"Order.lines.product"}),
        (
            "lines = graphene.List(LineType)\n    def resolve_lines(self, info):\n"
            "        return gql_optimizer.query(self.lines.all(), info)",
            set(),
        ),
    ],
)
def test_objects_within_objects_are_less_sure(lines: str, expected: set[str]) -> None:
    found = findings(_query("orders = graphene.List(OrderType)", ALL, LINES.format(lines=lines)))
    assert reads(found) == expected
    assert sure(found) <= {POSSIBLE}


def test_rows_that_are_prefetched_with_those_within() -> None:
    lines = (
        "lines = graphene.List(LineType)\n    def resolve_lines(self, info):\n        return self.lines.all()"
    )
    every = "    def resolve_orders(self, info):\n        return Order.objects.prefetch_related('lines__product')\n"
    assert not findings(_query("orders = graphene.List(OrderType)", every, LINES.format(lines=lines)))
    one = "    def resolve_order(self, info):\n        return Order.objects.prefetch_related('lines__product').get()\n"
    assert not findings(_query("order = graphene.Field(OrderType)", one, LINES.format(lines=lines)))


@pytest.mark.parametrize(
    ("base", "method", "expected"),
    [
        ("DjangoObjectType", "return queryset", {"Order.customer"}),
        ("DjangoObjectType", "return super().get_queryset(queryset, info)", {"Order.customer"}),
        ("DjangoObjectType", "return queryset.filter(number=3)", {"Order.customer"}),
        ("DjangoObjectType", "return queryset.select_related('customer')", set()),
        ("gql_optimizer.OptimizedDjangoObjectType", "return queryset", set()),
        ("query_optimizer.DjangoObjectType", "return queryset", set()),
    ],
)
def test_queries_of_types(base: str, method: str, expected: set[str]) -> None:
    types = ORDER.replace("OrderType(DjangoObjectType)", f"OrderType({base})").replace(
        "    def resolve_customer_name",
        f"    @classmethod\n    def get_queryset(cls, queryset, info):\n        {method}\n\n"
        "    def resolve_customer_name",
    )
    assert reads(findings(_query("orders = DjangoListField(OrderType)", "", types))) == expected


@pytest.mark.parametrize(
    "types",
    [
        "class Narrowed(DjangoListField):\n    def wrap_resolve(self, parent):\n        return narrowed(parent)\n",
        "class Narrowed(DjangoConnectionField):\n    @classmethod\n"
        "    def resolve_queryset(cls, connection, queryset, info, args):\n        return narrowed(queryset)\n",
    ],
)
def test_fields_of_the_project_may_load_what_they_like(types: str) -> None:
    assert not findings(_query("orders = Narrowed(OrderType)", ALL, ORDER + "\n\n" + types))


def test_a_filter_with_a_query_of_its_own_may_load_what_it_likes() -> None:
    types = f"""
import django_filters


class Filter(django_filters.FilterSet):
    @property
    def qs(self):
        return narrowed(super().qs)

{ORDER}"""
    field = "orders = DjangoFilterConnectionField(OrderType, filterset_class=Filter)"
    assert not findings(_query(field, "", types))


def test_parts_of_queries_in_several_files() -> None:
    part = f"{HEAD}{ORDER}\n\nclass OrderQuery:\n    orders = graphene.List(OrderType)\n{ALL}"
    whole = """
import graphene
from shop.orders import OrderQuery


class Query(OrderQuery, graphene.ObjectType):
    pass
"""
    found = findings(whole, {"shop/orders.py": part})
    assert [one.path for one in found] == ["shop/orders.py"]
    assert reads(found) == {"Order.customer"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "count = graphene.Int()\n    def resolve_count(self, info):\n"
            "        return self.lines.filter(pk=3).count()",
            {"self.lines.filter(pk=3).count()"},
        ),
        (
            "others = graphene.List(lambda: OrderType)\n    def resolve_others(self, info):\n"
            "        return Order.objects.filter(number=self.number)",
            {"Order.objects.filter(number=self.number)"},
        ),
        (
            "count = graphene.Int()\n    def resolve_count(self, info):\n"
            "        return info.context.loaders.counts.load(self.pk)",
            set(),
        ),
    ],
)
def test_what_is_asked_for_each_row(body: str, expected: set[str]) -> None:
    types = f"""
class OrderType(DjangoObjectType):
    {body}

    class Meta:
        model = Order
        fields = ["id", "number"]
"""
    assert asked(findings(_query("orders = graphene.List(OrderType)", ALL, types))) == expected


def test_types_that_hold_each_other_end() -> None:
    types = """
class CustomerType(DjangoObjectType):
    orders = graphene.List(lambda: OrderType)
    place = graphene.String()

    class Meta:
        model = Customer
        fields = ["id"]

    def resolve_place(self, info):
        return self.country.name


class OrderType(DjangoObjectType):
    customer = graphene.Field(CustomerType)

    class Meta:
        model = Order
        fields = ["id"]
"""
    found = findings(_query("orders = graphene.List(OrderType)", ALL, types))
    assert reads(found) == {"Order.customer.country"}
    assert sure(found) == {POSSIBLE}
