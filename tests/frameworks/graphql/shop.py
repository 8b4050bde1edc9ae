"""A small Django project with a schema of GraphQL, and what is reported of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from checks.model import Confidence, Finding
from tests.rules.runner import rules_of, scan_files

MODELS = """
from django.db import models


class Country(models.Model):
    name = models.CharField(max_length=80)


class Customer(models.Model):
    name = models.CharField(max_length=80)
    country = models.ForeignKey(Country, on_delete=models.CASCADE)

    @property
    def address(self):
        return f"{self.name}, {self.country.name}"


class Product(models.Model):
    name = models.CharField(max_length=80)


class Order(models.Model):
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="orders")
    number = models.IntegerField()

    @property
    def title(self):
        return f"{self.number} for {self.customer.name}"

    def shown(self):
        return f"{self.number} for {self.customer.name}"


class Line(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.CASCADE)
"""
N_PLUS_ONE = "performance/n-plus-one"
IN_LOOP = "performance/query-in-loop"


def findings(schema: str, others: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """What is said of a project with this schema."""
    files = {"shop/models.py": MODELS, "shop/schema.py": schema, **(others or {})}
    return scan_files(files, rules_of([N_PLUS_ONE, IN_LOOP]))


def reads(found: Iterable[Finding]) -> set[str]:
    """The relations that are read row by row, each with the model that it is read of."""
    return {f"{_model(one)}.{name}" for one in found if one.rule == N_PLUS_ONE for name in _names(one)}


def asked(found: Iterable[Finding]) -> set[str]:
    """The expressions that ask the database for each row."""
    return {one.message.split("`")[1] for one in found if one.rule == IN_LOOP}


def sure(found: Iterable[Finding]) -> set[Confidence]:
    """How sure the findings are."""
    return {one.confidence for one in found}


def _model(found: Finding) -> str:
    match = re.search(r"^Each `(\w+)`", found.message)
    return match[1] if match is not None else ""


def _names(found: Finding) -> list[str]:
    said = [re.fullmatch(r"`([\w.]+)` is read: a query for each row", step.message) for step in found.trace]
    return [match[1] for match in said if match is not None]
