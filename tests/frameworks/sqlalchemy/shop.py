"""A small Flask project whose rows lead to each other, and what is reported of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from checks.model import Finding
from tests.rules.runner import apply_all, rules_of, scan_files

MODELS = """
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import ForeignKey
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

db = SQLAlchemy()


class Country(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80))


class Customer(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    note: Mapped[str] = mapped_column(deferred=True)
    country_id: Mapped[int] = mapped_column(ForeignKey("country.id"))
    country: Mapped[Country] = relationship()
    orders: Mapped[list["Order"]] = relationship(back_populates="customer")


class Order(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    customer: Mapped[Customer] = relationship(back_populates="orders")
    items = db.relationship("Item", backref=db.backref("order"))
    notes = db.relationship("Note", lazy="dynamic")
    buyer = association_proxy("customer", "name")

    def to_dict(self):
        return {"number": self.number, "customer": self.customer.name}

    @hybrid_property
    def title(self):
        return f"{self.number} for {self.customer.name}"

    def __repr__(self):
        return f"<Order of {self.customer.name}>"


class Product(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80))


class Item(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    order_id = db.Column(db.Integer, db.ForeignKey("order.id"))
    product_id = db.Column(db.Integer, db.ForeignKey("product.id"))
    product = db.relationship(Product)


class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.String(80))
    order_id = db.Column(db.Integer, db.ForeignKey("order.id"))


class Node(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80))
    parent_id = db.Column(db.Integer, db.ForeignKey("node.id"))
    parent = db.relationship("Node", remote_side=[id], backref="children")
"""
HEAD = """
from flask import Blueprint, jsonify, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import (
    Load, aliased, contains_eager, defaultload, defer, joinedload, lazyload, load_only, noload, raiseload,
    selectinload, subqueryload, undefer,
)

from shop.models import Country, Customer, Item, Node, Note, Order, Product, db

bp = Blueprint("shop", __name__)


@bp.get("/orders")
def orders():
"""
RULE = "performance/n-plus-one"


def project(body: str, others: Mapping[str, str] | None = None, head: str = HEAD) -> dict[str, str]:
    """The project with a view of this body."""
    indented = "".join(f"    {line}\n" for line in body.strip("\n").split("\n"))
    return {"shop/models.py": MODELS, "shop/views.py": head + indented, **(others or {})}


def reads(files: Mapping[str, str]) -> set[str]:
    """What is reported: each relation that is read row by row, with the model that it is read of."""
    return {f"{_model(found)}.{name}" for found in findings(files) for name in _names(found)}


def findings(files: Mapping[str, str]) -> tuple[Finding, ...]:
    """What the rule says of a project."""
    return scan_files(files, rules_of([RULE]))


def mended(files: Mapping[str, str]) -> list[str]:
    """The lines that the fixes change or add, as they are then."""
    edits = [edit for found in findings(files) if found.fix is not None for edit in found.fix.edits]
    after = apply_all(files, edits)
    return [
        line.strip()
        for path, text in after.items()
        for line in text.split("\n")
        if line not in files[path].split("\n")
    ]


def _model(found: Finding) -> str:
    match = re.search(r"^Each `(\w+)`", found.message)
    return match[1] if match is not None else ""


def _names(found: Finding) -> list[str]:
    said = [re.fullmatch(r"`([\w.]+)` is read: a query for each row", step.message) for step in found.trace]
    return [match[1] for match in said if match is not None]
