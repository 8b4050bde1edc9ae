"""Relations that are read for the key that the row holds itself."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.django.key_reads import key_reads
from checks.frameworks.django.schema import schema_named
from tests.files import file_of

MODELS = """
from django.db import models

class City(models.Model):
    name = models.CharField(max_length=80)

class Customer(models.Model):
    city = models.ForeignKey(City, null=True, on_delete=models.CASCADE)

class Currency(models.Model):
    code = models.CharField(max_length=3, primary_key=True)

class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)
    currency = models.ForeignKey(Currency, on_delete=models.CASCADE)
    city = models.ForeignKey(City, to_field="name", on_delete=models.CASCADE)
    cities = models.ManyToManyField(City, related_name="+")
"""


def found_in(code: str) -> list[tuple[str, str, bool]]:
    """The reads of keys of `order` in a line: each with the column that has the key, and whether it may be none."""
    file = file_of(f"{code}\n", "shop/views.py", {"shop/models.py": MODELS, "shop/__init__.py": ""})
    schema = schema_named("shop.models.Order", file)
    assert schema is not None
    reads = key_reads("order", file.tree, schema, file)
    return [
        (ast.unparse(read.node), ", ".join(f"{ast.unparse(row)}.{read.key}" for row in read.rows), read.null)
        for read in reads
    ]


@pytest.mark.parametrize(
    ("code", "key", "null"),
    [
        ("order.customer.id", "order.customer_id", False),
        ("order.customer.pk", "order.customer_id", False),
        ("order.customer.city.id", "order.customer.city_id", True),
        ("order.currency.pk", "order.currency_id", False),
        ("order.customer == other.customer", "order.customer_id, other.customer_id", False),
        ("other.customer != order.customer", "other.customer_id, order.customer_id", False),
    ],
)
def test_reads_of_a_key(code: str, key: str, null: bool) -> None:
    if code.startswith("other"):
        assert found_in(code) == []  # told from the side of the other row
    else:
        assert found_in(code) == [(code, key, null)]


@pytest.mark.parametrize(
    "code",
    [
        "order.id",
        "order.customer_id",
        "order.customer.name",
        "order.customer.id, order.customer.name",
        "order.customer = c; order.customer.id",
        "order.currency.id",
        "order.city.pk",
        "order.cities.id",
        "other.customer.id",
        "order.customer == customer",
        "order.unknown.id",
        "f(order.customer.id, order.customer)",
    ],
)
def test_reads_of_something_else(code: str) -> None:
    assert found_in(code) == []
