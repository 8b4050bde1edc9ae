"""Models whose rows become more by themselves, and those that are few by what they hold."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.whole_tables import is_growing, is_small
from tests.files import file_of

DJANGO = "from django.conf import settings\nfrom django.db import models\nclass Order(models.Model):\n    "
SQL = (
    "import sqlalchemy as sa\nfrom sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n"
)
SQL += (
    "class Order(Base):\n    __tablename__ = 'orders'\n    id = sa.Column(sa.Integer, primary_key=True)\n    "
)


@pytest.mark.parametrize(
    ("text", "grows"),
    [
        (f"{DJANGO}placed = models.DateTimeField()", True),
        (f"{DJANGO}day = models.DateField(null=True)", True),
        (f"{DJANGO}owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)", True),
        (f"{DJANGO}total = models.IntegerField()", False),
        (f"{SQL}placed = sa.Column(sa.DateTime)", True),
        (f"{SQL}owner_id = sa.Column(sa.ForeignKey('users.id'))", True),
        (f"{SQL}total = sa.Column(sa.Integer)", False),
        ("class Order: ...", False),
    ],
)
def test_tables_that_grow(text: str, grows: bool) -> None:
    file = file_of(text, "shop/models.py", {"shop/__init__.py": ""})
    node = next(node for node in reversed(file.tree.body) if isinstance(node, ast.ClassDef))
    assert is_growing(node, file) is grows


@pytest.mark.parametrize(
    ("name", "small"), [("Country", True), ("OrderStatus", True), ("Order", False), ("Statement", False)]
)
def test_tables_that_are_small_by_what_they_hold(name: str, small: bool) -> None:
    assert is_small(name) is small
