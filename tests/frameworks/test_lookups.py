"""Which field a lookup of Django asks about, and whether an index answers it."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.django.lookups import Owner, asked_by, is_key, owner_of
from tests.files import file_of

MODELS = """from django.db import models
class Customer(models.Model):
    email = models.EmailField()
    code = models.CharField(max_length=8, unique=True)
class Order(models.Model):
    customer = models.ForeignKey(Customer, related_name="orders", on_delete=models.CASCADE)
    number = models.CharField(max_length=8, db_index=True)
    placed = models.DateTimeField()
    class Meta:
        indexes = [models.Index(fields=["placed", "number"])]
"""


def owner(name: str) -> Owner:
    file = file_of(MODELS, "shop/models.py", {"shop/__init__.py": ""})
    node = next(node for node in file.tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    found = owner_of(node, file)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "column", "lookup", "indexed", "path"),
    [
        ("number", "number", "exact", True, ()),
        ("number__icontains", "number", "icontains", True, ()),
        ("placed__year", "placed", "year", True, ()),
        ("customer__email", "email", "exact", False, ("customer",)),
        ("customer__email__startswith", "email", "startswith", False, ("customer",)),
        ("customer__code", "code", "exact", True, ("customer",)),
    ],
)
def test_what_a_lookup_asks(
    text: str, column: str, lookup: str, indexed: bool, path: tuple[str, ...]
) -> None:
    asked = asked_by(text, owner("Order"))
    assert asked is not None
    assert (asked.column.name, asked.lookup, asked.indexed, asked.path) == (column, lookup, indexed, path)


def test_a_relation_is_followed_backwards() -> None:
    asked = asked_by("orders__number", owner("Customer"))
    assert asked is not None
    assert asked.owner.node.name == "Order"


@pytest.mark.parametrize(
    "text", ["customer", "customer__pk", "nothing", "placed__date__gte", "number__unheard_of"]
)
def test_what_is_no_field_of_a_known_kind(text: str) -> None:
    assert asked_by(text, owner("Order")) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [("pk", True), ("id__in", True), ("customer_id", True), ("customer", True), ("number", False)],
)
def test_keys(text: str, key: bool) -> None:
    assert is_key(text, owner("Order")) is key
