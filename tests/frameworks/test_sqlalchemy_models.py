"""Models of SQLAlchemy in both styles."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from checks.frameworks.sqlalchemy.models import SqlModel, sql_model_of
from tests.files import file_of

FLASK = "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"
PLAIN = "from sqlalchemy import Column, ForeignKey, Integer, String\n"
PLAIN += "from sqlalchemy.orm import declarative_base, relationship\nBase = declarative_base()\n"
NEW = "from typing import Optional\nfrom sqlalchemy import ForeignKey, String\n"
NEW += "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship\n"
NEW += "class Base(DeclarativeBase): ...\n"


def last(text: str, others: Mapping[str, str] | None = None) -> SqlModel | None:
    file = file_of(text, "shop/models.py", others)
    return sql_model_of([node for node in file.tree.body if isinstance(node, ast.ClassDef)][-1], file)


def model(text: str, others: Mapping[str, str] | None = None) -> SqlModel:
    found = last(text, others)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        f"{FLASK}class Order(db.Model): ...\n",
        f"{PLAIN}class Order(Base): ...\n",
        f"{NEW}class Order(Base): ...\n",
        "from shop import db\nclass Order(db.Model): ...\n",
        "from shop.base import Base\nclass Order(Base): ...\n",
        "from flask_appbuilder import Model\nclass Order(Model): ...\n",
    ],
)
def test_what_is_a_model(text: str) -> None:
    others = {"shop/__init__.py": FLASK, "shop/base.py": NEW}
    assert model(text, others).name == "shop.models.Order"


@pytest.mark.parametrize(
    "text",
    [
        "class Order: ...\n",
        "from django.db import models\nclass Order(models.Model): ...\n",
        "class A(Base): ...\n",
    ],
)
def test_what_is_none(text: str) -> None:
    assert last(text) is None


@pytest.mark.parametrize(
    ("column", "kind", "nullable", "indexed", "foreign"),
    [
        ("db.Column(db.Integer, primary_key=True)", "Integer", False, True, ""),
        ("db.Column(db.String(80), nullable=False, index=True)", "String", False, True, ""),
        ("db.Column('n', db.String(80), unique=True)", "String", True, True, ""),
        ("db.Column(db.ForeignKey('users.id'))", "", True, False, "users.id"),
        ("db.Column(db.Integer, db.ForeignKey('users.id'))", "Integer", True, False, "users.id"),
    ],
)
def test_columns_of_the_older_style(
    column: str, kind: str, nullable: bool, indexed: bool, foreign: str
) -> None:
    found = model(f"{FLASK}class Order(db.Model):\n    x = {column}\n").columns["x"]
    assert (found.kind, found.nullable, found.indexed, found.foreign_key) == (
        kind,
        nullable,
        indexed,
        foreign,
    )


@pytest.mark.parametrize(
    ("column", "kind", "nullable", "length"),
    [
        ("x: Mapped[str]", "str", False, None),
        ("x: Mapped[str | None]", "", True, None),
        ("x: Mapped[Optional[str]]", "str", True, None),
        ("x: Mapped[str] = mapped_column(String(30))", "String", False, 30),
        ("x: Mapped[int] = mapped_column(primary_key=True)", "int", False, None),
    ],
)
def test_columns_of_the_newer_style(column: str, kind: str, nullable: bool, length: int | None) -> None:
    found = model(f"{NEW}class Order(Base):\n    {column}\n").columns["x"]
    assert (found.kind, found.nullable, found.length) == (kind, nullable, length)


@pytest.mark.parametrize(
    ("head", "relation", "target", "lazy", "other", "many"),
    [
        (PLAIN, "x = relationship('Line')", "Line", "select", "", None),
        (
            PLAIN,
            "x = relationship(Line, lazy='joined', backref='order')",
            "shop.models.Line",
            "joined",
            "order",
            None,
        ),
        (PLAIN, "x = relationship('Line', uselist=False)", "Line", "select", "", False),
        (
            NEW,
            "x: Mapped[list['Line']] = relationship(back_populates='order')",
            "Line",
            "select",
            "order",
            True,
        ),
        (NEW, "x: Mapped['Line'] = relationship(lazy='selectin')", "Line", "selectin", "", False),
    ],
)
def test_relations(head: str, relation: str, target: str, lazy: str, other: str, many: bool | None) -> None:
    found = model(f"{head}class Line(Base): ...\nclass Order(Base):\n    {relation}\n").relations["x"]
    assert (found.target, found.lazy, found.other, found.many) == (target, lazy, other, many)


def test_columns_of_the_classes_above_and_the_table() -> None:
    text = f"{NEW}class Stamped:\n    at: Mapped[int]\nclass Order(Stamped, Base):\n"
    text += "    __tablename__ = 'orders'\n    id: Mapped[int]\n"
    found = model(text)
    assert (set(found.columns), found.table) == ({"at", "id"}, "orders")
