"""Reviews and stock, whoever asks."""

from django.test import TestCase

from bookshop_common.testing import make_isbn
from catalogue.models import Review
from catalogue.services import AlreadyReviewedError, publish_review, update_stock
from catalogue.tests.factories import make_book, make_user


class PublishReviewTests(TestCase):
    """Publishing reviews."""

    def test_a_review_is_stored(self) -> None:
        book, user = make_book(), make_user()
        review = publish_review(book, user, rating=5, text="Again!")
        self.assertEqual(Review.objects.get(), review)
        self.assertEqual((review.book, review.reviewer, review.rating), (book, user, 5))

    def test_a_second_one_is_refused(self) -> None:
        book, user = make_book(), make_user()
        publish_review(book, user, rating=5, text="")
        with self.assertRaises(AlreadyReviewedError):
            publish_review(book, user, rating=1, text="")
        self.assertEqual(Review.objects.get().rating, 5)


class UpdateStockTests(TestCase):
    """Taking over the stock."""

    def test_known_books_are_updated(self) -> None:
        books = [make_book(number) for number in (1, 2)]
        self.assertEqual(update_stock([(make_isbn(1), 4), (make_isbn(9), 8)]), 1)
        for book in books:
            book.refresh_from_db()
        self.assertEqual([book.stock for book in books], [4, 0])

    def test_the_number_of_queries_does_not_follow_the_number_of_books(self) -> None:
        levels = [(make_book(number).isbn, number) for number in range(1, 6)]
        with self.assertNumQueries(2):  # the books, their update
            update_stock(levels)
