"""What the shop does with its catalogue, whoever asks: a page, the API or a command."""

import logging
from collections.abc import Iterable
from itertools import islice

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from catalogue.models import Book, Review

logger = logging.getLogger(__name__)

BATCH_SIZE = 500


class AlreadyReviewedError(Exception):
    """The reader has reviewed this book before."""


def publish_review(book: Book, reviewer: AbstractBaseUser, rating: int, text: str) -> Review:
    """Store what `reviewer` says of `book`; `rating` is from 1 to 5.

    Raises:
        AlreadyReviewedError: if there is a review of this book by this reader.

    """
    try:
        # The database decides: of two requests at the same time, one loses
        with transaction.atomic():
            return Review.objects.create(book=book, reviewer=reviewer, rating=rating, text=text)
    except IntegrityError as error:
        raise AlreadyReviewedError from error


def update_stock(levels: Iterable[tuple[str, int]]) -> int:
    """Take over the `levels`, pairs of ISBN and copies; return how many books they belong to."""
    updated = 0
    remaining = iter(levels)
    while copies := dict(islice(remaining, BATCH_SIZE)):
        books = list(Book.objects.filter(isbn__in=copies).only("isbn", "stock"))
        for book in books:
            book.stock = copies[book.isbn]
        updated += Book.objects.bulk_update(books, ["stock"])
    logger.info("Updated the stock of %d books", updated)
    return updated
