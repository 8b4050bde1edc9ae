"""What models of SQLAlchemy declare, and where their relations lead, from both sides."""

from __future__ import annotations

import ast

import pytest

from checks.frameworks.sqlalchemy.links import Link, link_of
from checks.frameworks.sqlalchemy.models import SqlModel, sql_model_named, sql_model_of
from tests.files import file_of

HEAD = """
from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, String, Table
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.orm import DeclarativeBase, DynamicMapped, Mapped, WriteOnlyMapped, backref, declared_attr
from sqlalchemy.orm import deferred, dynamic_loader, mapped_column, registry, relationship


class Base(DeclarativeBase): ...


"""
LINES = """
class Line(Base):
    id = Column(Integer, primary_key=True)
    order_id = Column(ForeignKey("orders.id"))


"""


def model(text: str) -> SqlModel:
    """The last model of a file."""
    file = file_of(HEAD + text, "shop/models.py")
    found = sql_model_of([node for node in file.tree.body if isinstance(node, ast.ClassDef)][-1], file)
    assert found is not None
    return found


def link(text: str, name: str, of: str) -> Link | None:
    """Where an attribute of a model leads."""
    file = file_of(HEAD + text, "shop/models.py")
    found = sql_model_named(of, file)
    assert found is not None
    return link_of(found, name, file.project)


def order(relation: str) -> str:
    """Lines, and orders with a relation."""
    columns = "__tablename__ = 'orders'\n    id = Column(Integer, primary_key=True)"
    return f"{LINES}class Order(Base):\n    {columns}\n    {relation}\n"


@pytest.mark.parametrize(
    ("lazy", "expected"),
    [
        ("lazy='select'", "select"),
        ("lazy=True", "select"),
        ("lazy='joined'", "joined"),
        ("lazy=False", "joined"),
        ("lazy='selectin'", "selectin"),
        ("lazy='subquery'", "subquery"),
        ("lazy='immediate'", "immediate"),
        ("lazy='dynamic'", "dynamic"),
        ("lazy='write_only'", "write_only"),
        ("lazy='raise'", "raise"),
        ("lazy='raise_on_sql'", "raise"),
        ("lazy='noload'", "noload"),
        ("lazy=None", "noload"),
        ("viewonly=True", "select"),
    ],
)
def test_how_relations_are_loaded(lazy: str, expected: str) -> None:
    assert model(order(f"lines = relationship('Line', {lazy})")).relations["lines"].lazy == expected


@pytest.mark.parametrize(
    ("hint", "many", "lazy"),
    [
        ("Mapped[list['Line']]", True, "select"),
        ("Mapped['list[Line]']", True, "select"),
        ("Mapped[set['Line']]", True, "select"),
        ("Mapped['Line']", False, "select"),
        ("Mapped['Line | None']", False, "select"),
        ("DynamicMapped['Line']", True, "dynamic"),
        ("WriteOnlyMapped['Line']", True, "write_only"),
    ],
)
def test_what_annotations_say(hint: str, many: bool, lazy: str) -> None:
    found = model(order(f"lines: {hint} = relationship()")).relations["lines"]
    assert (found.target.rpartition(".")[2], found.many, found.lazy) == ("Line", many, lazy)


@pytest.mark.parametrize(
    ("relation", "name", "of", "kind", "columns"),
    [
        ("lines = relationship('Line')", "lines", "Order", "list", ()),
        ("line = relationship('Line', uselist=False)", "line", "Order", "one", ()),
        ("lines = relationship('Line', backref='order')", "order", "Line", "one", ("order_id",)),
        ("lines = relationship('Line', backref=backref('order'))", "order", "Line", "one", ("order_id",)),
        ("lines = dynamic_loader('Line')", "lines", "Order", "list", ()),
        (
            "line_id = Column(ForeignKey('line.id'))\n    line = relationship('Line', foreign_keys=[line_id])",
            "line",
            "Order",
            "one",
            ("line_id",),
        ),
        (
            "line_id = Column(ForeignKey('line.id'))\n"
            "    line = relationship('Line', foreign_keys=[line_id], backref='orders')",
            "orders",
            "Line",
            "list",
            (),
        ),
        ("parts = relationship('Order', remote_side='Order.id')", "parts", "Order", "", ()),
    ],
)
def test_which_side_has_the_key(
    relation: str, name: str, of: str, kind: str, columns: tuple[str, ...]
) -> None:
    found = link(order(relation), name, of)
    assert found is not None
    assert (found.kind, found.columns) == (kind, columns)


@pytest.mark.parametrize(
    ("relation", "name", "of"),
    [
        ("lines = relationship('Line')", "order", "Line"),
        ("lines = relationship('Line', back_populates='order')", "order", "Line"),
        ("lines = relationship('Line')", "line", "Order"),
        ("lines = Column(String)", "lines", "Order"),
    ],
)
def test_what_leads_nowhere(relation: str, name: str, of: str) -> None:
    assert link(order(relation), name, of) is None


def test_a_relation_to_what_the_project_does_not_have() -> None:
    found = link(order("lines = relationship('Gone')"), "lines", "Order")
    assert found is None or not found.model


@pytest.mark.parametrize(
    ("lazy", "expected"),
    [("", "select"), (", lazy='joined'", "joined"), (", lazy='dynamic'", "dynamic")],
)
def test_how_backrefs_are_loaded(lazy: str, expected: str) -> None:
    found = link(order(f"lines = relationship('Line', backref=backref('order'{lazy}))"), "order", "Line")
    assert found is not None
    assert found.lazy == expected


def test_tables_between_two_models() -> None:
    text = (
        "between = Table('between', Base.metadata, Column('line_id', ForeignKey('line.id')), "
        "Column('order_id', ForeignKey('orders.id')))\n"
    ) + order("lines = relationship('Line', secondary=between, backref='orders')")
    both = link(text, "lines", "Order"), link(text, "orders", "Line")
    assert [one.kind for one in both if one is not None] == ["list", "list"]


def test_mixins_and_attributes_that_functions_declare() -> None:
    text = f"""{LINES}
class Owned:
    at: Mapped[int]

    @declared_attr
    def line_id(cls):
        return Column(ForeignKey("line.id"))

    @declared_attr
    def line(cls) -> Mapped[Line]:
        return relationship("Line", lazy="joined")


class Order(Owned, Base):
    id: Mapped[int] = mapped_column(primary_key=True)
"""
    found = model(text)
    assert set(found.columns) == {"at", "id", "line_id"}
    assert found.relations["line"].lazy == "joined"


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("x = deferred(Column(String))", True),
        ("x: Mapped[str] = mapped_column(deferred=True)", True),
        ("x = Column(String)", False),
        ("x: Mapped[str]", False),
    ],
)
def test_columns_that_are_left_out(column: str, expected: bool) -> None:
    assert model(f"class Order(Base):\n    {column}\n").columns["x"].deferred is expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("__tablename__ = 'orders'", "orders"),
        ("__table__ = Table('orders', Base.metadata)", "orders"),
        ("id = Column(Integer)", "http_order"),
    ],
)
def test_the_table(body: str, expected: str) -> None:
    assert model(f"class HTTPOrder(Base):\n    {body}\n").table == expected


def test_keys_of_several_columns() -> None:
    text = """class Order(Base):
    a = Column(Integer)
    __table_args__ = (ForeignKeyConstraint(["a"], ["line.id"]),)
"""
    assert model(text).pointed == {"line"}


def test_proxies() -> None:
    found = model(order("lines = relationship('Line')\n    numbers = association_proxy('lines', 'number')"))
    assert (found.proxies["numbers"].relation, found.proxies["numbers"].attribute) == ("lines", "number")


@pytest.mark.parametrize(
    "text",
    [
        "mapper = registry()\n\n\n@mapper.mapped\nclass Order:\n    id = Column(Integer)\n",
        "class Middle(Base):\n    __abstract__ = True\n\n\nclass Order(Middle):\n    id = Column(Integer)\n",
    ],
)
def test_classes_that_are_mapped_by_other_ways(text: str) -> None:
    assert model(text).name == "shop.models.Order"
