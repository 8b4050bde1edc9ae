"""Relationships of models: which side holds the key, what the other model's backref gives, how each is loaded."""

from __future__ import annotations

import pytest

from tests.frameworks.sqlalchemy.shop import reads

HEAD = """
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, ForeignKey, Integer, String, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, WriteOnlyMapped, DynamicMapped, backref, declared_attr
from sqlalchemy.orm import declarative_mixin, mapped_column, relationship

db = SQLAlchemy()
"""
VIEW = """
from flask import jsonify

from shop.models import {names}


def listed():
    return jsonify([{read} for one in {model}.query.all()])
"""


def asked(models: str, read: str, model: str = "Book") -> set[str]:
    """What is reported of a view that reads of each row of a model."""
    view = VIEW.format(names=model, read=read, model=model)
    return reads({"shop/models.py": HEAD + models, "shop/views.py": view})


def two(author: str = "", book: str = "author_id = Column(ForeignKey('author.id'))", more: str = "") -> str:
    """Authors and their books, each with another line."""
    key = "id = Column(Integer, primary_key=True)"
    return (
        f"class Author(db.Model):\n    {key}\n    name = Column(String)\n    {author or 'pass'}\n\n\n"
        f"class Book(db.Model):\n    {key}\n    title = Column(String)\n    {book}\n    {more or 'pass'}\n"
    )


@pytest.mark.parametrize(
    ("models", "model", "read", "expected"),
    [
        (two(more="author = relationship('Author')"), "Book", "one.author.name", {"Book.author"}),
        (two(more="author = relationship(Author)"), "Book", "one.author.name", {"Book.author"}),
        (two(more="author = relationship(lambda: Author)"), "Book", "one.author.name", {"Book.author"}),
        (two(more="author = relationship('shop.models.Author')"), "Book", "one.author.name", {"Book.author"}),
        (two(more="author: Mapped['Author'] = relationship()"), "Book", "one.author.name", {"Book.author"}),
        (
            two(more="author: Mapped[Author | None] = relationship()"),
            "Book",
            "one.author.name",
            {"Book.author"},
        ),
        (two("books = relationship('Book')"), "Author", "len(one.books)", {"Author.books"}),
        (two("books: Mapped[list['Book']] = relationship()"), "Author", "len(one.books)", {"Author.books"}),
        (two("books = relationship('Book', backref='author')"), "Book", "one.author.name", {"Book.author"}),
        (
            two("books = relationship('Book', backref=backref('author'))"),
            "Book",
            "one.author.name",
            {"Book.author"},
        ),
        (
            two(more="author = relationship('Author', backref='books')"),
            "Author",
            "len(one.books)",
            {"Author.books"},
        ),
        (
            two(more="author = relationship('Author', backref=backref('books', order_by='Book.title'))"),
            "Author",
            "[book.title for book in one.books]",
            {"Author.books"},
        ),
        (two("book = relationship('Book', uselist=False)"), "Author", "one.book.title", {"Author.book"}),
        (two("book: Mapped['Book'] = relationship()"), "Author", "one.book.title", {"Author.book"}),
        (
            two(
                more="author = relationship('Author', foreign_keys=[author_id])\n"
                "    editor_id = Column(ForeignKey('author.id'))"
            ),
            "Book",
            "one.author.name",
            {"Book.author"},
        ),
        (
            two(more="author = relationship('Author', primaryjoin='Book.author_id == Author.id')"),
            "Book",
            "one.author.name",
            {"Book.author"},
        ),
    ],
)
def test_relations_that_each_row_loads(models: str, model: str, read: str, expected: set[str]) -> None:
    assert asked(models, read, model) == expected


@pytest.mark.parametrize(
    "lazy", ["'joined'", "'selectin'", "'subquery'", "'immediate'", "False", "'raise'", "'noload'"]
)
@pytest.mark.parametrize(
    "where",
    [
        "author = relationship('Author', lazy={lazy})",
        "author: Mapped['Author'] = relationship(lazy={lazy})",
    ],
)
def test_relations_that_come_along(lazy: str, where: str) -> None:
    assert asked(two(more=where.format(lazy=lazy)), "one.author.name") == set()


@pytest.mark.parametrize(
    ("models", "model", "read"),
    [
        (
            two("books = relationship('Book', backref=backref('author', lazy='joined'))"),
            "Book",
            "one.author.name",
        ),
        (
            two(more="author = relationship('Author', backref=backref('books', lazy='selectin'))"),
            "Author",
            "len(one.books)",
        ),
        (two("books = relationship('Book', lazy='dynamic')"), "Author", "one.books"),
        (two("books: DynamicMapped['Book'] = relationship()"), "Author", "one.books"),
        (two("books: WriteOnlyMapped['Book'] = relationship()"), "Author", "one.books"),
        (two(more="author = relationship('Author')"), "Book", "one.author_id"),
        (two(more="author = Column(String)"), "Book", "one.author"),
        (two(), "Book", "one.author"),
        (two("books = relationship('Gone')"), "Author", "one.id"),
    ],
)
def test_relations_that_no_row_loads_when_it_is_read(models: str, model: str, read: str) -> None:
    assert asked(models, read, model) == set()


TAGS = """
tagging = Table(
    "tagging", db.metadata, Column("book_id", ForeignKey("book.id")), Column("tag_id", ForeignKey("tag.id"))
)


class Tag(db.Model):
    id = Column(Integer, primary_key=True)
    name = Column(String)


class Book(db.Model):
    id = Column(Integer, primary_key=True)
    tags = relationship("Tag", secondary={secondary}, backref=backref("books"{lazy}))
"""


@pytest.mark.parametrize("secondary", ["tagging", "'tagging'", "lambda: tagging"])
def test_many_to_many(secondary: str) -> None:
    models = TAGS.format(secondary=secondary, lazy="")
    assert asked(models, "[tag.name for tag in one.tags]") == {"Book.tags"}
    assert asked(models, "[book.id for book in one.books]", "Tag") == {"Tag.books"}


def test_many_to_many_that_comes_along() -> None:
    models = TAGS.format(secondary="tagging", lazy=", lazy='subquery'")
    assert asked(models, "[book.id for book in one.books]", "Tag") == set()


NODES = """
class Node(db.Model):
    id = Column(Integer, primary_key=True)
    name = Column(String)
    parent_id = Column(ForeignKey("node.id"))
    other_id = Column(ForeignKey("node.id"))
    {line}
"""


@pytest.mark.parametrize(
    ("line", "read", "expected"),
    [
        ("children = relationship('Node', foreign_keys=[parent_id])", "len(one.children)", {"Node.children"}),
        (
            "parent = relationship('Node', remote_side=[id], foreign_keys=[parent_id])",
            "one.parent.name",
            set(),
        ),
        (
            "parent = relationship('Node', remote_side='Node.id', foreign_keys=[parent_id])",
            "one.parent.name",
            set(),
        ),
    ],
)
def test_rows_of_one_table(line: str, read: str, expected: set[str]) -> None:
    assert asked(NODES.format(line=line), read, "Node") == expected


MIXINS = """
class Author(db.Model):
    id = Column(Integer, primary_key=True)
    name = Column(String)


class Owned:
    @declared_attr
    def author_id(cls):
        return Column(ForeignKey("author.id"))

    @declared_attr
    def author(cls):
        return relationship("Author"{lazy})


class Book(Owned, db.Model):
    id = Column(Integer, primary_key=True)
"""


@pytest.mark.parametrize(("lazy", "expected"), [("", {"Book.author"}), (", lazy='joined'", set())])
def test_mixins(lazy: str, expected: set[str]) -> None:
    assert asked(MIXINS.format(lazy=lazy), "one.author.name") == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", {"Copy.author"}),
        (", innerjoin=True", {"Copy.author"}),
        (", lazy='joined'", set()),
        (", viewonly=True", {"Copy.author"}),
    ],
)
def test_what_a_base_class_declares(arguments: str, expected: set[str]) -> None:
    models = two(more=f"author = relationship('Author'{arguments})") + (
        "\n\nclass Copy(Book):\n    id = Column(ForeignKey('book.id'), primary_key=True)\n"
    )
    assert asked(models, "one.author.name", "Copy") == expected


def test_models_in_files_of_their_own() -> None:
    base = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n"
    author = (
        "from shop.base import db\n\n\nclass Author(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
        "    books = db.relationship('Book', backref='author')\n"
    )
    book = (
        "from shop.base import db\n\n\nclass Book(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
        "    author_id = db.Column(db.ForeignKey('author.id'))\n"
    )
    view = "from shop.book import Book\n\n\ndef listed():\n    return [book.author.id for book in Book.query.all()]\n"
    files = {"shop/base.py": base, "shop/author.py": author, "shop/book.py": book, "shop/views.py": view}
    assert reads(files) == {"Book.author"}
    assert reads({**files, "shop/author.py": author.replace("backref='author'", "")}) == set()
