"""Objects for tests; what a test does not name is of no matter to it."""

from decimal import Decimal

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser

from bookshop_common.testing import make_isbn
from catalogue.models import Author, Book, Review


def make_user(name: str = "carol") -> AbstractBaseUser:
    """Return a stored customer."""
    return get_user_model().objects.create_user(name)


def make_book(number: int = 1, title: str = "Middlemarch", author: str = "George Eliot") -> Book:
    """Return a stored book; `number` decides its ISBN."""
    return Book.objects.create(
        isbn=make_isbn(number),
        title=title,
        author=Author.objects.get_or_create(name=author)[0],
        price=Decimal("12.50"),
    )


def make_review(book: Book, reviewer: AbstractBaseUser, rating: int = 4, text: str = "Long.") -> Review:
    """Return a stored review."""
    return Review.objects.create(book=book, reviewer=reviewer, rating=rating, text=text)
