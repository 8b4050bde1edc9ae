"""What the models and the database refuse."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import TestCase

from bookshop_common.testing import make_isbn
from catalogue.tests.factories import make_book, make_review, make_user


class BookTests(TestCase):
    """Books."""

    def test_a_book_is_known_by_its_title(self) -> None:
        book = make_book(title="Emma", author="Jane Austen")
        self.assertEqual([str(book), str(book.author)], ["Emma", "Jane Austen"])

    def test_its_address_holds_the_isbn(self) -> None:
        self.assertEqual(make_book(number=7).get_absolute_url(), f"/books/{make_isbn(7)}/")

    def test_a_wrong_check_digit_is_refused(self) -> None:
        book = make_book()
        book.isbn = "9780306406158"
        with self.assertRaisesMessage(ValidationError, "9780306406158 is no ISBN"):
            book.full_clean()

    def test_a_negative_price_is_not_stored(self) -> None:
        book = make_book()
        book.price = Decimal(-1)
        with self.assertRaises(IntegrityError), transaction.atomic():
            book.save()


class ReviewTests(TestCase):
    """Reviews."""

    def test_a_review_shows_its_rating(self) -> None:
        self.assertEqual(str(make_review(make_book(), make_user(), rating=3)), "3 of 5")

    def test_a_rating_beyond_the_scale_is_not_stored(self) -> None:
        for rating in (0, 6):
            with self.subTest(rating), self.assertRaises(IntegrityError), transaction.atomic():
                make_review(make_book(rating), make_user(f"reader-{rating}"), rating=rating)
